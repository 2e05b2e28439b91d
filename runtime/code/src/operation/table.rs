//! The table of internal operations: one row an operation.
//!
//! A row is `family Name "text" IN OUT [forms] [operands];`
//!
//! * `family` decides how the row expands to tokens and which body executes it
//!   (see [`Family`](super::Family)).
//! * `IN` and `OUT` are the widths, in bits, of what is read and of what is
//!   produced: `W32`, `W64`, or `W0` for nothing.
//! * `forms` say where the operands come from: `R` a cell, `A` the
//!   accumulator, `I` a 16-bit immediate (sign-extended). `Ra` is "first
//!   operand in a cell, second in the accumulator".
//! * `operands` are the units behind the token of a `produce` or `special` row.
//!
//! Comparisons are closed under swapping: there is no `gt` (it is `lt` with the
//! operands exchanged), and `ge` exists with an immediate only. Loads and
//! stores of floating-point numbers are those of integers of the same width,
//! and a narrowing store of an i64 is the store of its low cell.

/// Calls `$callback!` with every row of the table.
#[macro_export]
macro_rules! for_each_operation {
    ($callback:ident) => { $callback! {
        // 32-bit integers.
        binary I32Add "i32.add" W32 W32 [Rr Ar Ri Ai] [];
        binary I32Sub "i32.sub" W32 W32 [Rr Ar Ra] [];
        binary I32Mul "i32.mul" W32 W32 [Rr Ar Ri Ai] [];
        binary I32And "i32.and" W32 W32 [Rr Ar Ri Ai] [];
        binary I32Or "i32.or" W32 W32 [Rr Ar Ri Ai] [];
        binary I32Xor "i32.xor" W32 W32 [Rr Ar Ri Ai] [];
        binary I32Shl "i32.shl" W32 W32 [Rr Ar Ra Ri Ai] [];
        binary I32ShrS "i32.shr_s" W32 W32 [Rr Ar Ra Ri Ai] [];
        binary I32ShrU "i32.shr_u" W32 W32 [Rr Ar Ra Ri Ai] [];
        binary I32Rotl "i32.rotl" W32 W32 [Rr Ar Ri Ai] [];
        binary I32Rotr "i32.rotr" W32 W32 [Rr] [];
        binary I32DivS "i32.div_s" W32 W32 [Rr] [];
        binary I32DivU "i32.div_u" W32 W32 [Rr Ri] [];
        binary I32RemS "i32.rem_s" W32 W32 [Rr] [];
        binary I32RemU "i32.rem_u" W32 W32 [Rr Ri] [];
        binary I32Eq "i32.eq" W32 W32 [Rr Ar Ri Ai] [];
        binary I32Ne "i32.ne" W32 W32 [Rr Ar Ri Ai] [];
        binary I32LtS "i32.lt_s" W32 W32 [Rr Ar Ra Ri Ai] [];
        binary I32LtU "i32.lt_u" W32 W32 [Rr Ar Ra Ri Ai] [];
        binary I32LeS "i32.le_s" W32 W32 [Rr Ar Ra] [];
        binary I32LeU "i32.le_u" W32 W32 [Rr Ar Ra] [];
        binary I32GeS "i32.ge_s" W32 W32 [Ri Ai] [];
        binary I32GeU "i32.ge_u" W32 W32 [Ri Ai] [];
        unary I32Eqz "i32.eqz" W32 W32 [R A] [];
        unary I32Clz "i32.clz" W32 W32 [R A] [];
        unary I32Ctz "i32.ctz" W32 W32 [R A] [];
        unary I32Extend8S "i32.extend8_s" W32 W32 [R A] [];
        unary I32Extend16S "i32.extend16_s" W32 W32 [R A] [];
        unary I32Popcnt "i32.popcnt" W32 W32 [R A] [];

        // 64-bit integers.
        binary I64Add "i64.add" W64 W64 [Rr Ar Ri Ai] [];
        binary I64Sub "i64.sub" W64 W64 [Rr Ar Ra] [];
        binary I64Mul "i64.mul" W64 W64 [Rr Ar Ri Ai] [];
        binary I64And "i64.and" W64 W64 [Rr Ar Ri Ai] [];
        binary I64Or "i64.or" W64 W64 [Rr Ar Ri Ai] [];
        binary I64Xor "i64.xor" W64 W64 [Rr Ar Ri Ai] [];
        binary I64Shl "i64.shl" W64 W64 [Rr Ar Ri Ai] [];
        binary I64ShrS "i64.shr_s" W64 W64 [Rr Ar Ri Ai] [];
        binary I64ShrU "i64.shr_u" W64 W64 [Rr Ar Ri Ai] [];
        binary I64Rotl "i64.rotl" W64 W64 [Rr Ri Ai] [];
        binary I64Rotr "i64.rotr" W64 W64 [Rr] [];
        binary I64DivS "i64.div_s" W64 W64 [Rr] [];
        binary I64DivU "i64.div_u" W64 W64 [Rr] [];
        binary I64RemS "i64.rem_s" W64 W64 [Rr] [];
        binary I64RemU "i64.rem_u" W64 W64 [Rr] [];
        binary I64Eq "i64.eq" W64 W32 [Rr Ar Ri Ai] [];
        binary I64Ne "i64.ne" W64 W32 [Rr Ar Ri Ai] [];
        binary I64LtS "i64.lt_s" W64 W32 [Rr Ar Ra Ri Ai] [];
        binary I64LtU "i64.lt_u" W64 W32 [Rr Ar Ra Ri Ai] [];
        binary I64LeS "i64.le_s" W64 W32 [Rr Ar Ra] [];
        binary I64LeU "i64.le_u" W64 W32 [Rr Ar Ra] [];
        binary I64GeS "i64.ge_s" W64 W32 [Ri Ai] [];
        binary I64GeU "i64.ge_u" W64 W32 [Ri Ai] [];
        unary I64Eqz "i64.eqz" W64 W32 [R A] [];
        unary I64Clz "i64.clz" W64 W64 [A] [];
        unary I64Ctz "i64.ctz" W64 W64 [A] [];
        unary I64Popcnt "i64.popcnt" W64 W64 [A] [];
        unary I64Extend8S "i64.extend8_s" W64 W64 [A] [];
        unary I64Extend16S "i64.extend16_s" W64 W64 [A] [];
        unary I64Extend32S "i64.extend32_s" W64 W64 [A] [];
        unary I32WrapI64 "i32.wrap_i64" W64 W32 [R A] [];
        unary I64ExtendI32S "i64.extend_i32_s" W32 W64 [R A] [];
        unary I64ExtendI32U "i64.extend_i32_u" W32 W64 [R A] [];

        // Floating-point numbers.
        binary F32Add "f32.add" W32 W32 [Rr Ar] [];
        binary F32Sub "f32.sub" W32 W32 [Rr Ar Ra] [];
        binary F32Mul "f32.mul" W32 W32 [Rr Ar] [];
        binary F32Div "f32.div" W32 W32 [Rr Ar Ra] [];
        binary F32Min "f32.min" W32 W32 [Rr] [];
        binary F32Max "f32.max" W32 W32 [Rr] [];
        binary F32Copysign "f32.copysign" W32 W32 [Rr] [];
        binary F32Eq "f32.eq" W32 W32 [Rr Ar] [];
        binary F32Ne "f32.ne" W32 W32 [Rr Ar] [];
        binary F32Lt "f32.lt" W32 W32 [Rr Ar Ra] [];
        binary F32Le "f32.le" W32 W32 [Rr Ar Ra] [];
        unary F32Abs "f32.abs" W32 W32 [A] [];
        unary F32Neg "f32.neg" W32 W32 [A] [];
        unary F32Ceil "f32.ceil" W32 W32 [A] [];
        unary F32Floor "f32.floor" W32 W32 [A] [];
        unary F32Trunc "f32.trunc" W32 W32 [A] [];
        unary F32Nearest "f32.nearest" W32 W32 [A] [];
        unary F32Sqrt "f32.sqrt" W32 W32 [A] [];
        binary F64Add "f64.add" W64 W64 [Rr Ar] [];
        binary F64Sub "f64.sub" W64 W64 [Rr Ar Ra] [];
        binary F64Mul "f64.mul" W64 W64 [Rr Ar] [];
        binary F64Div "f64.div" W64 W64 [Rr Ar Ra] [];
        binary F64Min "f64.min" W64 W64 [Rr] [];
        binary F64Max "f64.max" W64 W64 [Rr] [];
        binary F64Copysign "f64.copysign" W64 W64 [Rr] [];
        binary F64Eq "f64.eq" W64 W32 [Rr Ar] [];
        binary F64Ne "f64.ne" W64 W32 [Rr Ar] [];
        binary F64Lt "f64.lt" W64 W32 [Rr Ar Ra] [];
        binary F64Le "f64.le" W64 W32 [Rr Ar Ra] [];
        unary F64Abs "f64.abs" W64 W64 [A] [];
        unary F64Neg "f64.neg" W64 W64 [A] [];
        unary F64Ceil "f64.ceil" W64 W64 [A] [];
        unary F64Floor "f64.floor" W64 W64 [A] [];
        unary F64Trunc "f64.trunc" W64 W64 [A] [];
        unary F64Nearest "f64.nearest" W64 W64 [A] [];
        unary F64Sqrt "f64.sqrt" W64 W64 [A] [];

        // Conversions.
        unary I32TruncF32S "i32.trunc_f32_s" W32 W32 [A] [];
        unary I32TruncF32U "i32.trunc_f32_u" W32 W32 [A] [];
        unary I32TruncF64S "i32.trunc_f64_s" W64 W32 [A] [];
        unary I32TruncF64U "i32.trunc_f64_u" W64 W32 [A] [];
        unary I64TruncF32S "i64.trunc_f32_s" W32 W64 [A] [];
        unary I64TruncF32U "i64.trunc_f32_u" W32 W64 [A] [];
        unary I64TruncF64S "i64.trunc_f64_s" W64 W64 [A] [];
        unary I64TruncF64U "i64.trunc_f64_u" W64 W64 [A] [];
        unary I32TruncSatF32S "i32.trunc_sat_f32_s" W32 W32 [A] [];
        unary I32TruncSatF32U "i32.trunc_sat_f32_u" W32 W32 [A] [];
        unary I32TruncSatF64S "i32.trunc_sat_f64_s" W64 W32 [A] [];
        unary I32TruncSatF64U "i32.trunc_sat_f64_u" W64 W32 [A] [];
        unary I64TruncSatF32S "i64.trunc_sat_f32_s" W32 W64 [A] [];
        unary I64TruncSatF32U "i64.trunc_sat_f32_u" W32 W64 [A] [];
        unary I64TruncSatF64S "i64.trunc_sat_f64_s" W64 W64 [A] [];
        unary I64TruncSatF64U "i64.trunc_sat_f64_u" W64 W64 [A] [];
        unary F32ConvertI32S "f32.convert_i32_s" W32 W32 [A] [];
        unary F32ConvertI32U "f32.convert_i32_u" W32 W32 [A] [];
        unary F32ConvertI64S "f32.convert_i64_s" W64 W32 [A] [];
        unary F32ConvertI64U "f32.convert_i64_u" W64 W32 [A] [];
        unary F64ConvertI32S "f64.convert_i32_s" W32 W64 [A] [];
        unary F64ConvertI32U "f64.convert_i32_u" W32 W64 [A] [];
        unary F64ConvertI64S "f64.convert_i64_s" W64 W64 [A] [];
        unary F64ConvertI64U "f64.convert_i64_u" W64 W64 [A] [];
        unary F32DemoteF64 "f32.demote_f64" W64 W32 [A] [];
        unary F64PromoteF32 "f64.promote_f32" W32 W64 [A] [];

        // Memory 0, offset below 65,536: [address] offset [destination].
        load I32Load "i32.load" W32 W32 [R A] [];
        load I32Load8S "i32.load8_s" W32 W32 [R A] [];
        load I32Load8U "i32.load8_u" W32 W32 [R A] [];
        load I32Load16S "i32.load16_s" W32 W32 [R A] [];
        load I32Load16U "i32.load16_u" W32 W32 [R A] [];
        load I64Load "i64.load" W32 W64 [R A] [];
        load I64Load8S "i64.load8_s" W32 W64 [R A] [];
        load I64Load8U "i64.load8_u" W32 W64 [R A] [];
        load I64Load16S "i64.load16_s" W32 W64 [R A] [];
        load I64Load16U "i64.load16_u" W32 W64 [R A] [];
        load I64Load32S "i64.load32_s" W32 W64 [R A] [];
        load I64Load32U "i64.load32_u" W32 W64 [R A] [];
        // [address] offset [value].
        store I32Store8 "i32.store8" W32 W0 [Rr Ar Ra Ri Ai] [];
        store I32Store16 "i32.store16" W32 W0 [Rr Ar Ra Ri Ai] [];
        store I32Store "i32.store" W32 W0 [Rr Ar Ra Ri Ai] [];
        store I64Store "i64.store" W64 W0 [Rr Ar Ra Ri Ai] [];

        // Constants, copies, globals, select.
        produce Constant32Short "const32" W0 W32 [One] [Immediate16];
        produce Constant32 "const32" W0 W32 [One] [Immediate32];
        produce Constant64Short "const64" W0 W64 [One] [Immediate16];
        produce Constant64 "const64" W0 W64 [One] [Immediate64];
        special Take32 "take32" W0 W32 [One] [Read32];
        special Take64 "take64" W0 W64 [One] [Read64];
        special Put32 "put32" W32 W0 [One] [Write32];
        special Put64 "put64" W64 W0 [One] [Write64];
        special Copy32 "copy32" W0 W0 [One] [Read32 Write32];
        special Copy64 "copy64" W0 W0 [One] [Read64 Write64];
        produce Select32 "select32" W32 W32 [One] [Read32 Read32];
        produce Select64 "select64" W32 W64 [One] [Read64 Read64];
        produce GlobalGet32 "global.get32" W0 W32 [One] [Global32];
        produce GlobalGet64 "global.get64" W0 W64 [One] [Global64];
        special GlobalSet32 "global.set32" W32 W0 [One] [Global32];
        special GlobalSet64 "global.set64" W64 W0 [One] [Global64];

        // Control. A branch is relative to the unit behind its distance.
        branch BranchEqz "br.eqz" W32 W0 [R A] [];
        branch BranchNez "br.nez" W32 W0 [R A] [];
        branch BranchEq "br.eq" W32 W0 [Rr Ar Ri Ai] [];
        branch BranchNe "br.ne" W32 W0 [Rr Ar Ri Ai] [];
        branch BranchLtS "br.lt_s" W32 W0 [Rr Ar Ra Ri Ai] [];
        branch BranchLtU "br.lt_u" W32 W0 [Rr Ar Ra Ri Ai] [];
        branch BranchLeS "br.le_s" W32 W0 [Rr Ar Ra] [];
        branch BranchLeU "br.le_u" W32 W0 [Rr Ar Ra] [];
        branch BranchGeS "br.ge_s" W32 W0 [Ri Ai] [];
        branch BranchGeU "br.ge_u" W32 W0 [Ri Ai] [];
        branch Branch "br" W0 W0 [One] [];
        // From here on, most are executed rarely, and those share one handler.
        special CopyRange "copy.range" W0 W0 [One] [RangeFrom RangeTo Count];
        special ImportGlobalGet32 "global.import.get32" W0 W32 [One] [ImportGlobal];
        special ImportGlobalGet64 "global.import.get64" W0 W64 [One] [ImportGlobal];
        special ImportGlobalSet32 "global.import.set32" W32 W0 [One] [ImportGlobal];
        special ImportGlobalSet64 "global.import.set64" W64 W0 [One] [ImportGlobal];
        // Any memory, any offset: memory, address, offset, access. The access
        // is one of `Access`; the value is in or comes to the accumulator.
        special LoadGeneral32 "load.general" W0 W32 [One] [Memory Read32 Immediate64 Access];
        special LoadGeneral64 "load.general64" W0 W64 [One] [Memory Read32 Immediate64 Access];
        special StoreGeneral32 "store.general" W32 W0 [One] [Memory Read32 Immediate64 Access];
        special StoreGeneral64 "store.general64" W64 W0 [One] [Memory Read32 Immediate64 Access];
        // More control.
        special BranchFar "br.far" W0 W0 [One] [Branch32];
        // The count, then count + 1 distances of 32 bits, each from the unit behind it.
        special BranchTable "br.table" W32 W0 [One] [TableCount];
        special Unreachable "unreachable" W0 W0 [One] [];
        // References that live in cells across the label here: count, then that many
        // units. For the verifier; nothing is done.
        special References "references" W0 W0 [One] [ReferenceCount];

        // Calls: the base is the first argument's cell and always the last unit.
        special Call "call" W0 W0 [One] [Function Base];
        special CallImport "call.import" W0 W0 [One] [ImportFunction Base];
        special CallIndirect "call.indirect" W32 W0 [One] [Type Table Base];
        // The first unit is the cell that holds the return address.
        special ReturnCall "return_call" W0 W0 [One] [Link Function Base];
        special ReturnCallImport "return_call.import" W0 W0 [One] [Link ImportFunction Base];
        special ReturnCallIndirect "return_call.indirect" W32 W0 [One] [Link Type Table Base];
        special Return "return" W0 W0 [One] [Link];
        special ReturnAccumulator32 "return.acc32" W32 W0 [One] [Link];
        special ReturnAccumulator64 "return.acc64" W64 W0 [One] [Link];
        special ReturnCell32 "return32" W0 W0 [One] [Link Read32];
        special ReturnCell64 "return64" W0 W0 [One] [Link Read64];
        special ReturnRange "return.range" W0 W0 [One] [Link RangeFrom Count];
        // Ends of a run: back to the embedder, back to another instance.
        special Exit "exit" W0 W0 [One] [];
        special CrossReturn "return.cross" W0 W0 [One] [];

        // References, tables, memories.
        special RefFunc "ref.func" W0 W32 [One] [AnyFunction];
        special TableGet "table.get" W32 W32 [One] [Table];
        special TableSet "table.set" W0 W0 [One] [Table Read32 Reference];
        special TableSize "table.size" W0 W32 [One] [Table];
        special TableGrow "table.grow" W0 W32 [One] [Table Reference Read32];
        special TableFill "table.fill" W0 W0 [One] [Table Read32 Reference Read32];
        special TableCopy "table.copy" W0 W0 [One] [Table Table Read32 Read32 Read32];
        special TableInit "table.init" W0 W0 [One] [Table Element Read32 Read32 Read32];
        special ElemDrop "elem.drop" W0 W0 [One] [Element];
        special MemorySize "memory.size" W0 W32 [One] [Memory];
        special MemoryGrow "memory.grow" W32 W32 [One] [Memory];
        special MemoryFill "memory.fill" W0 W0 [One] [Memory Read32 Read32 Read32];
        special MemoryCopy "memory.copy" W0 W0 [One] [Memory Memory Read32 Read32 Read32];
        special MemoryInit "memory.init" W0 W0 [One] [Memory Data Read32 Read32 Read32];
        special DataDrop "data.drop" W0 W0 [One] [Data];
    } };
}
