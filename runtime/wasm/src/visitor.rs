//! What the decoder reports of a module, item by item, in the order of its
//! bytes.

use crate::declarations::Declarations;
use crate::error::Failure;
use crate::instruction::{Immediate, Instruction};
use crate::opcode::Opcode;
use crate::types::{ElementItem, ExpressionKind, ExternalKind, ImportType, SegmentMode, ValueType};

/// Receives the items of a module as they are decoded.
///
/// Each item was validated before it is reported; whether the whole module is
/// valid is known when [`decode`](crate::decode) returns. Every method gets
/// what was declared so far (`m`) and does nothing by default; an error ends
/// the decoding.
#[allow(unused_variables, reason = "the defaults do nothing")]
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub trait Visitor {
    /// An import, which `m` already includes.
    fn import(
        &mut self,
        m: &Declarations,
        module: &str,
        name: &str,
        import: ImportType,
    ) -> Result<(), Failure> {
        Ok(())
    }

    /// An export. Names are unique, indexes exist.
    fn export(
        &mut self,
        m: &Declarations,
        name: &str,
        kind: ExternalKind,
        index: u32,
    ) -> Result<(), Failure> {
        Ok(())
    }

    /// The start function, which takes and returns nothing.
    fn start(&mut self, m: &Declarations, function: u32) -> Result<(), Failure> {
        Ok(())
    }

    /// A constant expression begins: [`operator`](Self::operator) follows for
    /// each of its operators, the final `end` included, then
    /// [`expression_end`](Self::expression_end).
    ///
    /// When it is the value of a global, `m` includes that global only after
    /// the expression.
    fn expression_start(
        &mut self,
        m: &Declarations,
        kind: ExpressionKind,
        result: ValueType,
    ) -> Result<(), Failure> {
        Ok(())
    }

    /// A constant expression ended.
    fn expression_end(&mut self, m: &Declarations, kind: ExpressionKind) -> Result<(), Failure> {
        Ok(())
    }

    /// An element segment begins. When active, the expression
    /// [`ElementOffset`](ExpressionKind::ElementOffset) follows.
    fn element_segment(
        &mut self,
        m: &Declarations,
        index: u32,
        mode: SegmentMode,
    ) -> Result<(), Failure> {
        Ok(())
    }

    /// The items of the element segment: `count` of them follow, each a
    /// reference of type `element`.
    fn element_items(
        &mut self,
        m: &Declarations,
        index: u32,
        element: ValueType,
        count: u32,
    ) -> Result<(), Failure> {
        Ok(())
    }

    /// One item of the element segment.
    fn element_item(&mut self, m: &Declarations, item: ElementItem) -> Result<(), Failure> {
        Ok(())
    }

    /// A data segment begins. When active, the expression
    /// [`DataOffset`](ExpressionKind::DataOffset) follows.
    fn data_segment(
        &mut self,
        m: &Declarations,
        index: u32,
        mode: SegmentMode,
    ) -> Result<(), Failure> {
        Ok(())
    }

    /// The data segment has `length` bytes. They follow in pieces; the module
    /// may yet end before the last.
    fn data_length(&mut self, m: &Declarations, index: u32, length: u32) -> Result<(), Failure> {
        Ok(())
    }

    /// The next bytes of the data segment: a piece of any size above 0.
    fn data_bytes(&mut self, m: &Declarations, bytes: &[u8]) -> Result<(), Failure> {
        Ok(())
    }

    /// The body of `function` begins, `offset` bytes from the start of the
    /// module, `size` bytes long: locals, then operators up to the final `end`.
    fn function_start(
        &mut self,
        m: &Declarations,
        function: u32,
        offset: u64,
        size: u32,
    ) -> Result<(), Failure> {
        Ok(())
    }

    /// `count` more locals of the same type, beside the parameters.
    fn locals(&mut self, m: &Declarations, count: u32, ty: ValueType) -> Result<(), Failure> {
        Ok(())
    }

    /// An instruction of a function or constant expression, whose opcode is
    /// `offset` bytes from the start of the module. Also comes for unreachable
    /// code.
    fn operator(
        &mut self,
        m: &Declarations,
        offset: u64,
        instruction: &Instruction,
    ) -> Result<(), Failure> {
        Ok(())
    }

    /// An instruction that gets or sets a local, the most frequent ones: as
    /// [`operator`](Self::operator), which it calls unless it is implemented.
    fn local_operator(
        &mut self,
        m: &Declarations,
        offset: u64,
        opcode: Opcode,
        index: u32,
    ) -> Result<(), Failure> {
        let immediate = Immediate::Index(index);
        self.operator(m, offset, &Instruction { opcode, immediate })
    }

    /// A label of the `br_table` just reported; the default comes last.
    fn branch_target(&mut self, m: &Declarations, label: u32) -> Result<(), Failure> {
        Ok(())
    }

    /// The body of `function` ended, after its final `end`.
    fn function_end(&mut self, m: &Declarations, function: u32) -> Result<(), Failure> {
        Ok(())
    }

    /// The name of a function, from the custom section "name". Of a malformed
    /// name section, the part before the fault is reported. An index may be
    /// any number.
    fn function_name(
        &mut self,
        m: &Declarations,
        function: u32,
        name: &str,
    ) -> Result<(), Failure> {
        Ok(())
    }

    /// The module ended, and is valid.
    fn module_end(&mut self, m: &Declarations) -> Result<(), Failure> {
        Ok(())
    }
}

/// Validates only.
impl Visitor for () {}
