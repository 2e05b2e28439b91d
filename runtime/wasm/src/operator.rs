//! The table of WebAssembly operators: each stands here once.
//!
//! A row is `[binary opcode] Name "text name" Immediate [parameters] -> [result];`
//! where the opcode is one byte, or a prefix byte and the number that follows
//! it as LEB128; the immediate is an [`ImmediateKind`](crate::ImmediateKind);
//! and `_ -> _` marks a signature that depends on the immediate or on the
//! stack. Rows are grouped by the proposal that brought them; `mvp` is
//! WebAssembly 1.0. Sections 5.4 (binary) and 3.3 (signatures) of the
//! specification.

/// Calls the macro `$callback` with the operator table, as
/// `$( $proposal { $( [$($byte)+] $name $text $immediate $params -> $result; )* } )*`.
#[macro_export]
macro_rules! for_each_operator {
    ($callback:ident) => {
        $callback! {
        mvp {
            [0x00] Unreachable "unreachable" None _ -> _;
            [0x01] Nop "nop" None [] -> [];
            [0x02] Block "block" Block _ -> _;
            [0x03] Loop "loop" Block _ -> _;
            [0x04] If "if" Block _ -> _;
            [0x05] Else "else" None _ -> _;
            [0x0b] End "end" None _ -> _;
            [0x0c] Br "br" Label _ -> _;
            [0x0d] BrIf "br_if" Label _ -> _;
            [0x0e] BrTable "br_table" LabelTable _ -> _;
            [0x0f] Return "return" None _ -> _;
            [0x10] Call "call" Function _ -> _;
            [0x11] CallIndirect "call_indirect" TypeTable _ -> _;
            [0x1a] Drop "drop" None _ -> _;
            [0x1b] Select "select" None _ -> _;

            [0x20] LocalGet "local.get" Local _ -> _;
            [0x21] LocalSet "local.set" Local _ -> _;
            [0x22] LocalTee "local.tee" Local _ -> _;
            [0x23] GlobalGet "global.get" Global _ -> _;
            [0x24] GlobalSet "global.set" Global _ -> _;

            [0x28] I32Load "i32.load" Access32 [i32] -> [i32];
            [0x29] I64Load "i64.load" Access64 [i32] -> [i64];
            [0x2a] F32Load "f32.load" Access32 [i32] -> [f32];
            [0x2b] F64Load "f64.load" Access64 [i32] -> [f64];
            [0x2c] I32Load8S "i32.load8_s" Access8 [i32] -> [i32];
            [0x2d] I32Load8U "i32.load8_u" Access8 [i32] -> [i32];
            [0x2e] I32Load16S "i32.load16_s" Access16 [i32] -> [i32];
            [0x2f] I32Load16U "i32.load16_u" Access16 [i32] -> [i32];
            [0x30] I64Load8S "i64.load8_s" Access8 [i32] -> [i64];
            [0x31] I64Load8U "i64.load8_u" Access8 [i32] -> [i64];
            [0x32] I64Load16S "i64.load16_s" Access16 [i32] -> [i64];
            [0x33] I64Load16U "i64.load16_u" Access16 [i32] -> [i64];
            [0x34] I64Load32S "i64.load32_s" Access32 [i32] -> [i64];
            [0x35] I64Load32U "i64.load32_u" Access32 [i32] -> [i64];
            [0x36] I32Store "i32.store" Access32 [i32 i32] -> [];
            [0x37] I64Store "i64.store" Access64 [i32 i64] -> [];
            [0x38] F32Store "f32.store" Access32 [i32 f32] -> [];
            [0x39] F64Store "f64.store" Access64 [i32 f64] -> [];
            [0x3a] I32Store8 "i32.store8" Access8 [i32 i32] -> [];
            [0x3b] I32Store16 "i32.store16" Access16 [i32 i32] -> [];
            [0x3c] I64Store8 "i64.store8" Access8 [i32 i64] -> [];
            [0x3d] I64Store16 "i64.store16" Access16 [i32 i64] -> [];
            [0x3e] I64Store32 "i64.store32" Access32 [i32 i64] -> [];
            [0x3f] MemorySize "memory.size" Memory [] -> [i32];
            [0x40] MemoryGrow "memory.grow" Memory [i32] -> [i32];

            [0x41] I32Const "i32.const" I32 [] -> [i32];
            [0x42] I64Const "i64.const" I64 [] -> [i64];
            [0x43] F32Const "f32.const" F32 [] -> [f32];
            [0x44] F64Const "f64.const" F64 [] -> [f64];

            [0x45] I32Eqz "i32.eqz" None [i32] -> [i32];
            [0x46] I32Eq "i32.eq" None [i32 i32] -> [i32];
            [0x47] I32Ne "i32.ne" None [i32 i32] -> [i32];
            [0x48] I32LtS "i32.lt_s" None [i32 i32] -> [i32];
            [0x49] I32LtU "i32.lt_u" None [i32 i32] -> [i32];
            [0x4a] I32GtS "i32.gt_s" None [i32 i32] -> [i32];
            [0x4b] I32GtU "i32.gt_u" None [i32 i32] -> [i32];
            [0x4c] I32LeS "i32.le_s" None [i32 i32] -> [i32];
            [0x4d] I32LeU "i32.le_u" None [i32 i32] -> [i32];
            [0x4e] I32GeS "i32.ge_s" None [i32 i32] -> [i32];
            [0x4f] I32GeU "i32.ge_u" None [i32 i32] -> [i32];
            [0x50] I64Eqz "i64.eqz" None [i64] -> [i32];
            [0x51] I64Eq "i64.eq" None [i64 i64] -> [i32];
            [0x52] I64Ne "i64.ne" None [i64 i64] -> [i32];
            [0x53] I64LtS "i64.lt_s" None [i64 i64] -> [i32];
            [0x54] I64LtU "i64.lt_u" None [i64 i64] -> [i32];
            [0x55] I64GtS "i64.gt_s" None [i64 i64] -> [i32];
            [0x56] I64GtU "i64.gt_u" None [i64 i64] -> [i32];
            [0x57] I64LeS "i64.le_s" None [i64 i64] -> [i32];
            [0x58] I64LeU "i64.le_u" None [i64 i64] -> [i32];
            [0x59] I64GeS "i64.ge_s" None [i64 i64] -> [i32];
            [0x5a] I64GeU "i64.ge_u" None [i64 i64] -> [i32];
            [0x5b] F32Eq "f32.eq" None [f32 f32] -> [i32];
            [0x5c] F32Ne "f32.ne" None [f32 f32] -> [i32];
            [0x5d] F32Lt "f32.lt" None [f32 f32] -> [i32];
            [0x5e] F32Gt "f32.gt" None [f32 f32] -> [i32];
            [0x5f] F32Le "f32.le" None [f32 f32] -> [i32];
            [0x60] F32Ge "f32.ge" None [f32 f32] -> [i32];
            [0x61] F64Eq "f64.eq" None [f64 f64] -> [i32];
            [0x62] F64Ne "f64.ne" None [f64 f64] -> [i32];
            [0x63] F64Lt "f64.lt" None [f64 f64] -> [i32];
            [0x64] F64Gt "f64.gt" None [f64 f64] -> [i32];
            [0x65] F64Le "f64.le" None [f64 f64] -> [i32];
            [0x66] F64Ge "f64.ge" None [f64 f64] -> [i32];

            [0x67] I32Clz "i32.clz" None [i32] -> [i32];
            [0x68] I32Ctz "i32.ctz" None [i32] -> [i32];
            [0x69] I32Popcnt "i32.popcnt" None [i32] -> [i32];
            [0x6a] I32Add "i32.add" None [i32 i32] -> [i32];
            [0x6b] I32Sub "i32.sub" None [i32 i32] -> [i32];
            [0x6c] I32Mul "i32.mul" None [i32 i32] -> [i32];
            [0x6d] I32DivS "i32.div_s" None [i32 i32] -> [i32];
            [0x6e] I32DivU "i32.div_u" None [i32 i32] -> [i32];
            [0x6f] I32RemS "i32.rem_s" None [i32 i32] -> [i32];
            [0x70] I32RemU "i32.rem_u" None [i32 i32] -> [i32];
            [0x71] I32And "i32.and" None [i32 i32] -> [i32];
            [0x72] I32Or "i32.or" None [i32 i32] -> [i32];
            [0x73] I32Xor "i32.xor" None [i32 i32] -> [i32];
            [0x74] I32Shl "i32.shl" None [i32 i32] -> [i32];
            [0x75] I32ShrS "i32.shr_s" None [i32 i32] -> [i32];
            [0x76] I32ShrU "i32.shr_u" None [i32 i32] -> [i32];
            [0x77] I32Rotl "i32.rotl" None [i32 i32] -> [i32];
            [0x78] I32Rotr "i32.rotr" None [i32 i32] -> [i32];
            [0x79] I64Clz "i64.clz" None [i64] -> [i64];
            [0x7a] I64Ctz "i64.ctz" None [i64] -> [i64];
            [0x7b] I64Popcnt "i64.popcnt" None [i64] -> [i64];
            [0x7c] I64Add "i64.add" None [i64 i64] -> [i64];
            [0x7d] I64Sub "i64.sub" None [i64 i64] -> [i64];
            [0x7e] I64Mul "i64.mul" None [i64 i64] -> [i64];
            [0x7f] I64DivS "i64.div_s" None [i64 i64] -> [i64];
            [0x80] I64DivU "i64.div_u" None [i64 i64] -> [i64];
            [0x81] I64RemS "i64.rem_s" None [i64 i64] -> [i64];
            [0x82] I64RemU "i64.rem_u" None [i64 i64] -> [i64];
            [0x83] I64And "i64.and" None [i64 i64] -> [i64];
            [0x84] I64Or "i64.or" None [i64 i64] -> [i64];
            [0x85] I64Xor "i64.xor" None [i64 i64] -> [i64];
            [0x86] I64Shl "i64.shl" None [i64 i64] -> [i64];
            [0x87] I64ShrS "i64.shr_s" None [i64 i64] -> [i64];
            [0x88] I64ShrU "i64.shr_u" None [i64 i64] -> [i64];
            [0x89] I64Rotl "i64.rotl" None [i64 i64] -> [i64];
            [0x8a] I64Rotr "i64.rotr" None [i64 i64] -> [i64];
            [0x8b] F32Abs "f32.abs" None [f32] -> [f32];
            [0x8c] F32Neg "f32.neg" None [f32] -> [f32];
            [0x8d] F32Ceil "f32.ceil" None [f32] -> [f32];
            [0x8e] F32Floor "f32.floor" None [f32] -> [f32];
            [0x8f] F32Trunc "f32.trunc" None [f32] -> [f32];
            [0x90] F32Nearest "f32.nearest" None [f32] -> [f32];
            [0x91] F32Sqrt "f32.sqrt" None [f32] -> [f32];
            [0x92] F32Add "f32.add" None [f32 f32] -> [f32];
            [0x93] F32Sub "f32.sub" None [f32 f32] -> [f32];
            [0x94] F32Mul "f32.mul" None [f32 f32] -> [f32];
            [0x95] F32Div "f32.div" None [f32 f32] -> [f32];
            [0x96] F32Min "f32.min" None [f32 f32] -> [f32];
            [0x97] F32Max "f32.max" None [f32 f32] -> [f32];
            [0x98] F32Copysign "f32.copysign" None [f32 f32] -> [f32];
            [0x99] F64Abs "f64.abs" None [f64] -> [f64];
            [0x9a] F64Neg "f64.neg" None [f64] -> [f64];
            [0x9b] F64Ceil "f64.ceil" None [f64] -> [f64];
            [0x9c] F64Floor "f64.floor" None [f64] -> [f64];
            [0x9d] F64Trunc "f64.trunc" None [f64] -> [f64];
            [0x9e] F64Nearest "f64.nearest" None [f64] -> [f64];
            [0x9f] F64Sqrt "f64.sqrt" None [f64] -> [f64];
            [0xa0] F64Add "f64.add" None [f64 f64] -> [f64];
            [0xa1] F64Sub "f64.sub" None [f64 f64] -> [f64];
            [0xa2] F64Mul "f64.mul" None [f64 f64] -> [f64];
            [0xa3] F64Div "f64.div" None [f64 f64] -> [f64];
            [0xa4] F64Min "f64.min" None [f64 f64] -> [f64];
            [0xa5] F64Max "f64.max" None [f64 f64] -> [f64];
            [0xa6] F64Copysign "f64.copysign" None [f64 f64] -> [f64];
            [0xa7] I32WrapI64 "i32.wrap_i64" None [i64] -> [i32];
            [0xa8] I32TruncF32S "i32.trunc_f32_s" None [f32] -> [i32];
            [0xa9] I32TruncF32U "i32.trunc_f32_u" None [f32] -> [i32];
            [0xaa] I32TruncF64S "i32.trunc_f64_s" None [f64] -> [i32];
            [0xab] I32TruncF64U "i32.trunc_f64_u" None [f64] -> [i32];
            [0xac] I64ExtendI32S "i64.extend_i32_s" None [i32] -> [i64];
            [0xad] I64ExtendI32U "i64.extend_i32_u" None [i32] -> [i64];
            [0xae] I64TruncF32S "i64.trunc_f32_s" None [f32] -> [i64];
            [0xaf] I64TruncF32U "i64.trunc_f32_u" None [f32] -> [i64];
            [0xb0] I64TruncF64S "i64.trunc_f64_s" None [f64] -> [i64];
            [0xb1] I64TruncF64U "i64.trunc_f64_u" None [f64] -> [i64];
            [0xb2] F32ConvertI32S "f32.convert_i32_s" None [i32] -> [f32];
            [0xb3] F32ConvertI32U "f32.convert_i32_u" None [i32] -> [f32];
            [0xb4] F32ConvertI64S "f32.convert_i64_s" None [i64] -> [f32];
            [0xb5] F32ConvertI64U "f32.convert_i64_u" None [i64] -> [f32];
            [0xb6] F32DemoteF64 "f32.demote_f64" None [f64] -> [f32];
            [0xb7] F64ConvertI32S "f64.convert_i32_s" None [i32] -> [f64];
            [0xb8] F64ConvertI32U "f64.convert_i32_u" None [i32] -> [f64];
            [0xb9] F64ConvertI64S "f64.convert_i64_s" None [i64] -> [f64];
            [0xba] F64ConvertI64U "f64.convert_i64_u" None [i64] -> [f64];
            [0xbb] F64PromoteF32 "f64.promote_f32" None [f32] -> [f64];
            [0xbc] I32ReinterpretF32 "i32.reinterpret_f32" None [f32] -> [i32];
            [0xbd] I64ReinterpretF64 "i64.reinterpret_f64" None [f64] -> [i64];
            [0xbe] F32ReinterpretI32 "f32.reinterpret_i32" None [i32] -> [f32];
            [0xbf] F64ReinterpretI64 "f64.reinterpret_i64" None [i64] -> [f64];
        }
        sign_extension {
            [0xc0] I32Extend8S "i32.extend8_s" None [i32] -> [i32];
            [0xc1] I32Extend16S "i32.extend16_s" None [i32] -> [i32];
            [0xc2] I64Extend8S "i64.extend8_s" None [i64] -> [i64];
            [0xc3] I64Extend16S "i64.extend16_s" None [i64] -> [i64];
            [0xc4] I64Extend32S "i64.extend32_s" None [i64] -> [i64];
        }
        saturating_float_to_int {
            [0xfc 0] I32TruncSatF32S "i32.trunc_sat_f32_s" None [f32] -> [i32];
            [0xfc 1] I32TruncSatF32U "i32.trunc_sat_f32_u" None [f32] -> [i32];
            [0xfc 2] I32TruncSatF64S "i32.trunc_sat_f64_s" None [f64] -> [i32];
            [0xfc 3] I32TruncSatF64U "i32.trunc_sat_f64_u" None [f64] -> [i32];
            [0xfc 4] I64TruncSatF32S "i64.trunc_sat_f32_s" None [f32] -> [i64];
            [0xfc 5] I64TruncSatF32U "i64.trunc_sat_f32_u" None [f32] -> [i64];
            [0xfc 6] I64TruncSatF64S "i64.trunc_sat_f64_s" None [f64] -> [i64];
            [0xfc 7] I64TruncSatF64U "i64.trunc_sat_f64_u" None [f64] -> [i64];
        }
        bulk_memory {
            [0xfc 8] MemoryInit "memory.init" DataMemory [i32 i32 i32] -> [];
            [0xfc 9] DataDrop "data.drop" Data [] -> [];
            [0xfc 10] MemoryCopy "memory.copy" MemoryMemory [i32 i32 i32] -> [];
            [0xfc 11] MemoryFill "memory.fill" Memory [i32 i32 i32] -> [];
            [0xfc 12] TableInit "table.init" ElementTable [i32 i32 i32] -> [];
            [0xfc 13] ElemDrop "elem.drop" Element [] -> [];
            [0xfc 14] TableCopy "table.copy" TableTable [i32 i32 i32] -> [];
        }
        reference_types {
            [0x1c] SelectTyped "select" Types _ -> _;
            [0x25] TableGet "table.get" Table _ -> _;
            [0x26] TableSet "table.set" Table _ -> _;
            [0xd0] RefNull "ref.null" ReferenceType _ -> _;
            [0xd1] RefIsNull "ref.is_null" None _ -> _;
            [0xd2] RefFunc "ref.func" Function _ -> _;
            [0xfc 15] TableGrow "table.grow" Table _ -> _;
            [0xfc 16] TableSize "table.size" Table [] -> [i32];
            [0xfc 17] TableFill "table.fill" Table _ -> _;
        }
        tail_call {
            [0x12] ReturnCall "return_call" Function _ -> _;
            [0x13] ReturnCallIndirect "return_call_indirect" TypeTable _ -> _;
        }
            }
    };
}
