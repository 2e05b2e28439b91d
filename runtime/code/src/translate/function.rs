//! The state of translating one function or constant expression.

use alloc::vec::Vec;

use thimble_wasm::fallible::{OutOfMemory, TryVec};
use thimble_wasm::{BlockType, ErrorKind, Failure, FunctionType, ValueType};

use super::branches::PendingTable;
use super::code::Code;
use super::control::{Control, Kind};
use super::emit::Producer;
use super::labels::Fixup;
use super::module::Config;
use super::stack::{Entry, Local, size};
use crate::image::{Features, PROLOGUE_UNITS, Writer};
use crate::operation::{MAX_CELLS, Width};

/// Units that are reserved for a function before they are there, at most.
const MOST_EXPECTED: usize = 4096;

/// Units of code and bytes of sites for which there is room in front of an operator. Most
/// need less; what needs more lets them grow where it is.
const ROOM: usize = 64;

/// Locals of one reference type that the prologue can express.
const MAX_REFERENCES: u16 = 255;

/// The failure of a frame or function that the encoding cannot express.
pub(super) fn too_large() -> Failure {
    Failure::new(&(ErrorKind::Limit, "a function needs more than 16,383 cells"))
}

/// The failure of an index that the encoding cannot express.
pub(super) fn too_many() -> Failure {
    Failure::new(&(ErrorKind::Limit, "an index exceeds 65,535"))
}

/// The failure of what validation has excluded.
pub(super) fn broken() -> Failure {
    Failure::new(&(
        ErrorKind::Invalid,
        "type mismatch: the module was not validated",
    ))
}

/// An index as a unit.
pub(super) fn unit(index: u32) -> Result<u16, Failure> {
    u16::try_from(index).map_err(|_| too_many())
}

/// The body that is being translated. Kept for the next one, so that its
/// vectors grow once a module.
#[derive(Default)]
pub(super) struct Function {
    pub code: Code,
    pub locals: Vec<Local>,
    pub stack: Vec<Entry>,
    pub controls: Vec<Control>,
    pub fixups: Vec<Fixup>,
    /// The first unused fixup.
    pub free_fixups: u32,
    /// Position of a short forward branch that may be unresolved, the first of them.
    pub oldest_short: Option<u32>,
    /// The cell of the return address.
    pub link: u16,
    /// How many locals are parameters.
    pub params: usize,
    /// Whether cells were given to the locals.
    pub laid_out: bool,
    /// The position from which on an operator is not just translated: see
    /// [`attend`](Self::attend).
    pub attention: u32,
    /// The first cell above the operand stack.
    pub next_slot: u16,
    /// Bytes of the frame.
    pub frame_size: u16,
    /// The entry that is in the accumulator only.
    pub accumulator: Option<usize>,
    /// A cell whose value the accumulator holds too.
    pub mirror: Option<(u16, Width)>,
    pub producer: Producer,
    /// Entries below are in their slots, or constants.
    pub flushed: usize,
    /// Indices of the entries that are references.
    pub references: Vec<u32>,
    /// Whether any value was a reference so far.
    pub has_references: bool,
    /// Code here cannot be reached.
    pub dead: bool,
    /// An entry was popped that was not there.
    pub broken: bool,
    /// Blocks entered since the code is dead.
    pub dead_depth: u32,
    /// The `br_table` whose targets are arriving.
    pub table: Option<PendingTable>,
    pub sites: Vec<u8>,
    pub sites_wanted: bool,
    pub last_site: (u32, u32),
    /// Offset of the current operator in the module.
    pub offset: u32,
    /// What the code needs of the runtime.
    pub features: Features,
    /// Cells of the globals that the module defines.
    pub global_cells: Vec<u16>,
    /// The first of the types equal to each type.
    pub canonical_types: Vec<u16>,
    /// The result of the expression that is being translated.
    pub expression: Option<ValueType>,
    /// The type of the function that is being translated.
    pub type_index: u32,
}

impl Function {
    /// Puts one into a vector. (A box whose allocation can fail would need unsafe code.)
    #[inline(never)]
    pub(super) fn one(config: Config, place: &mut Vec<Self>) -> Result<(), OutOfMemory> {
        place.try_push_only(Self {
            sites_wanted: config.sites,
            ..Self::default()
        })
    }

    /// Begins a body with these parameters.
    pub(super) fn begin(
        &mut self,
        signature: FunctionType<'_>,
        type_index: u32,
        expression: Option<ValueType>,
    ) -> Result<(), Failure> {
        self.code.truncate(0);
        self.locals.clear();
        self.stack.clear();
        self.controls.clear();
        self.fixups.clear();
        self.free_fixups = crate::image::NONE;
        self.oldest_short = None;
        self.accumulator = None;
        self.mirror = None;
        self.producer = Producer::NONE;
        self.flushed = 0;
        self.references.clear();
        self.has_references = false;
        self.dead = false;
        self.dead_depth = 0;
        self.table = None;
        self.sites.clear();
        self.last_site = (0, 0);
        self.laid_out = false;
        self.broken = false;
        self.attention = 0;
        self.next_slot = 0;
        self.params = signature.params.len();
        self.expression = expression;
        self.type_index = type_index;
        for &ty in signature.params {
            self.locals.try_push(Local::new(ty))?;
        }
        Ok(())
    }

    /// Makes room for the code of a body of so many bytes, so that it does not grow
    /// step by step; as long as that is little, since bytes may be announced that do
    /// not come.
    pub(super) fn expect(&mut self, body_bytes: u32) {
        // By measure, 0.7 units a byte.
        let units = body_bytes as usize * 3 / 4;
        self.code.expect(units.min(MOST_EXPECTED));
    }

    /// Gives cells to parameters and locals, and begins the code.
    ///
    /// Parameters lie as the caller put them; behind them is the return
    /// address, then the locals, references first: those to functions, then others.
    #[inline(never)]
    pub(super) fn lay_out(&mut self) -> Result<(), Failure> {
        self.laid_out = true;
        let mut next: u16 = 0;
        let mut place = |local: &mut Local| {
            local.cell = next;
            next = next.checked_add(size(local.ty)).ok_or_else(too_large)?;
            Ok::<u16, Failure>(next)
        };
        let (params, locals) = self
            .locals
            .split_at_mut_checked(self.params)
            .ok_or_else(broken)?;
        self.link = 0;
        for param in params {
            self.link = place(param)?;
        }
        // The return address takes the place of an i32.
        let locals_start = place(&mut Local::new(ValueType::I32))?;
        let mut numbers_start = locals_start;
        let mut references = 0;
        for (ty, one) in [(ValueType::FuncRef, 1), (ValueType::ExternRef, 1 << 8)] {
            let mut count = 0;
            for local in locals.iter_mut().filter(|local| local.ty == ty) {
                numbers_start = place(local)?;
                count += 1;
            }
            if count > MAX_REFERENCES {
                return Err(Failure::new(&(
                    ErrorKind::Limit,
                    "a function has more than 255 locals of a reference type",
                )));
            }
            references += count * one;
        }
        let mut locals_end = numbers_start;
        for local in locals.iter_mut().filter(|local| !local.ty.is_reference()) {
            locals_end = place(local)?;
        }
        self.next_slot = locals_end;
        self.frame_size = locals_end;
        let prologue = [0, self.link, locals_end - locals_start, references];
        debug_assert_eq!(prologue.len(), PROLOGUE_UNITS as usize);
        self.units(&prologue)?;
        self.watch();
        self.controls.try_push(Control {
            kind: Kind::Function,
            block_type: BlockType::Function(self.type_index),
            height: 0,
            slot: locals_end,
            start: 0,
            fixups: crate::image::NONE,
            otherwise: None,
        })?;
        Ok(())
    }

    /// Adds locals.
    pub(super) fn add_locals(&mut self, count: u32, ty: ValueType) -> Result<(), Failure> {
        // Each takes a cell at least.
        if count as usize + self.locals.len() > usize::from(MAX_CELLS) {
            return Err(too_large());
        }
        let length = self.locals.len() + count as usize;
        Ok(self.locals.try_resize(length, Local::new(ty))?)
    }

    /// Whether the next operator is not just to be translated.
    #[inline(always)]
    pub(super) fn needs_attention(&self) -> bool {
        self.position() >= self.attention
    }

    /// Says when an operator [needs attention](Self::needs_attention): one comparison of
    /// the position stands for all there is to look at.
    pub(super) fn watch(&mut self) {
        self.attention = if self.laid_out && !self.dead {
            // Not deep below this loop, if it can be: room for what the next operators emit.
            self.islands_at().min(self.position() + ROOM as u32 / 2)
        } else {
            0
        };
    }

    /// Does what is to be done in front of an operator.
    #[cold]
    #[inline(never)]
    pub(super) fn attend(&mut self) -> Result<(), Failure> {
        if !self.laid_out {
            self.lay_out()?;
        }
        if self.dead {
            return Ok(());
        }
        self.islands(0)?;
        self.code.reserve(ROOM)?;
        if self.sites_wanted {
            self.sites.try_reserve(ROOM).map_err(|_| OutOfMemory)?;
        }
        self.watch();
        Ok(())
    }

    /// Notes whether the code from here on can be reached.
    pub(super) fn set_dead(&mut self, dead: bool) {
        self.dead = dead;
        self.watch();
    }

    /// Ends the body: the prologue is known now. Writes site map and code, and
    /// returns the bytes of the site map.
    pub(super) fn end(&mut self, writer: &mut Writer<'_>) -> Result<u32, Failure> {
        if self.broken {
            return Err(broken());
        }
        if let Some(frame) = self.code.units_mut().first_mut() {
            *frame = self.frame_size;
        }
        while !self.sites.len().is_multiple_of(4) {
            self.sites.try_push(0)?;
        }
        writer.align()?;
        writer.append(&self.sites)?;
        writer.append_units(self.code.units())?;
        Ok(self.sites.len() as u32)
    }
}
