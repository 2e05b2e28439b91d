//! The machine code of the operations that programs execute most: how many instructions each takes, and that it is
//! what it has to be. The shortest way through a handler has no stack frame, calls nothing, and ends in a jump to the
//! next handler.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use object::{Architecture, Object, ObjectSection, ObjectSymbol, RelocationTarget};
use thimble_code::operation::{CELL, Family, Form, Operation, Variant};

use crate::Result;
use crate::process::{self, command};

/// Those that the integer workloads execute most, by the mean of their shares there: together half of all operations;
/// then branches back, which loops end with.
const HOT: &[(Operation, Form, Variant)] = &[
    (Operation::I32Add, Form::Ri, Variant::Second),
    (Operation::I32Add, Form::Ar, Variant::Second),
    (Operation::Copy32, Form::One, Variant::First),
    (Operation::I32Add, Form::Ri, Variant::First),
    (Operation::I32Xor, Form::Ar, Variant::Second),
    (Operation::I32Add, Form::Ar, Variant::First),
    (Operation::I32Shl, Form::Ri, Variant::First),
    (Operation::I32Load, Form::A, Variant::First),
    (Operation::ReturnAccumulator32, Form::One, Variant::First),
    (Operation::I32And, Form::Ri, Variant::First),
    (Operation::I32Store8, Form::Ai, Variant::First),
    (Operation::BranchNez, Form::A, Variant::Second),
    (Operation::BranchNe, Form::Ar, Variant::Second),
    (Operation::BranchLtU, Form::Rr, Variant::Second),
    (Operation::Branch, Form::One, Variant::Second),
];

/// What programs are put together by: on devices only, since x86-64 has too few registers for it without a stack frame.
const CALLS: &[(Operation, Form, Variant)] = &[
    (Operation::Call, Form::One, Variant::First),
    (Operation::CallIndirect, Form::One, Variant::First),
];

/// The longest that a handler may be for it to be read, in bytes.
const LONGEST: u64 = 512;

/// The names of the table of handlers, or of what begins with it.
const TABLES: [&str; 2] = [
    "thimble_vm::execute::dispatch::tail::TABLE",
    "thimble_vm::execute::dispatch::tail::TABLES",
];

/// The instructions of each of these handlers, each with its name. Fails if one is not what it has to be.
pub fn measure(file: &Path) -> Result<Vec<(String, f64)>> {
    let mut figures = Vec::new();
    let mut wrong = String::new();
    for handler in read(file)? {
        match handler.length {
            Ok(length) => figures.push((format!("handler.{}", handler.name), length as f64)),
            Err(error) => {
                let code = handler.code.join("\n");
                wrong += &format!("{}: {} {error}:\n{code}\n", file.display(), handler.name);
            }
        }
    }
    if wrong.is_empty() {
        Ok(figures)
    } else {
        Err(wrong)
    }
}

/// Prints these handlers as they are in the files that are named.
pub fn print(files: &[String]) -> Result<()> {
    for file in files {
        for handler in read(Path::new(file))? {
            match handler.length {
                Ok(length) => println!("\n{}: {length} instructions", handler.name),
                Err(error) => println!("\n{}: {error}", handler.name),
            }
            for instruction in handler.code {
                println!("    {instruction}");
            }
        }
    }
    Ok(())
}

/// A handler in a file.
struct Handler {
    name: String,
    /// How many instructions the shortest way has, or what is wrong with it.
    length: Result<usize>,
    /// The instructions up to the last of that way, or what was read to find what is wrong.
    code: Vec<String>,
}

fn read(file: &Path) -> Result<Vec<Handler>> {
    let bytes = fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let object = object::File::parse(&*bytes).map_err(|error| error.to_string())?;
    let processor = Processor::of(object.architecture())?;
    let table = table(&object)?;
    let mut handlers = Vec::new();
    let calls = match processor {
        Processor::Arm | Processor::RiscV => CALLS,
        Processor::X86 => &[],
    };
    for (operation, form, variant) in HOT.iter().chain(calls) {
        let name = name(*operation, *form, *variant);
        let token = operation
            .token(*form, *variant)
            .ok_or_else(|| format!("no operation {name}"))?;
        let address = table
            .get(usize::from(token / CELL))
            .ok_or("the table of handlers is too short")?;
        let code = disassemble(processor, file, *address)?;
        let way = way(processor, &code);
        let shown = match &way {
            Ok(way) => way.iter().max().map_or(0, |last| last + 1),
            Err(_) => code.len(),
        };
        handlers.push(Handler {
            name,
            length: way.map(|way| way.len()),
            code: code
                .into_iter()
                .take(shown)
                .map(|instruction| instruction.text)
                .collect(),
        });
    }
    Ok(handlers)
}

/// A name of an operation in a form, such as `i32.add.Ri.cell`.
pub fn name(operation: Operation, form: Form, variant: Variant) -> String {
    let mut name = operation.text().to_owned();
    if form != Form::One {
        name += &format!(".{form:?}");
    }
    let second = match operation.row().family {
        Family::Branch => ".back",
        Family::Store | Family::Special => "",
        Family::Binary | Family::Unary | Family::Load | Family::Produce => ".cell",
    };
    if variant == Variant::Second {
        name += second;
    }
    name
}

/// The addresses of all handlers, by token.
fn table(object: &object::File<'_>) -> Result<Vec<u64>> {
    let symbol = object
        .symbols()
        .find(|symbol| {
            let name = symbol.name().unwrap_or_default();
            let name = format!("{:#}", rustc_demangle::demangle(name));
            TABLES.contains(&name.as_str())
        })
        .ok_or(
            "no table of handlers: the firmware has no symbols, or does not dispatch by jumps",
        )?;
    let section = symbol
        .section_index()
        .and_then(|index| object.section_by_index(index).ok())
        .ok_or("the table of handlers has no section")?;
    let width = if object.is_64() { 8 } else { 4 };
    let bytes = section
        .data_range(symbol.address(), symbol.size())
        .ok()
        .flatten()
        .ok_or("the table of handlers has no content")?;
    // In a program that can be anywhere in memory the addresses come when it is loaded.
    let relocated: HashMap<u64, u64> = object
        .dynamic_relocations()
        .into_iter()
        .flatten()
        .filter(|(_, relocation)| matches!(relocation.target(), RelocationTarget::Absolute))
        .map(|(address, relocation)| (address, relocation.addend() as u64))
        .collect();
    let entry = |(index, bytes): (usize, &[u8])| {
        let place = symbol.address() + (index * width) as u64;
        relocated.get(&place).copied().unwrap_or_else(|| {
            // Little-endian, as all of these processors are.
            bytes
                .iter()
                .rev()
                .fold(0, |value, byte| value << 8 | u64::from(*byte))
        })
    };
    Ok(bytes.chunks_exact(width).enumerate().map(entry).collect())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Processor {
    Arm,
    RiscV,
    X86,
}

impl Processor {
    fn of(architecture: Architecture) -> Result<Self> {
        match architecture {
            Architecture::Arm => Ok(Self::Arm),
            Architecture::Riscv32 => Ok(Self::RiscV),
            Architecture::X86_64 => Ok(Self::X86),
            other => Err(format!("the machine code of {other:?} is not known here")),
        }
    }

    /// What disassembles it, and the Debian package that has it.
    fn disassembler(self) -> (&'static str, &'static str) {
        match self {
            Self::Arm => ("arm-none-eabi-objdump", "binutils-arm-none-eabi"),
            Self::RiscV => (
                "riscv64-unknown-elf-objdump",
                "binutils-riscv64-unknown-elf",
            ),
            Self::X86 => ("objdump", "binutils"),
        }
    }
}

/// An instruction as it is disassembled.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Instruction {
    address: u64,
    text: String,
}

impl Instruction {
    /// The instruction on a line, if there is one: `  1c0:<tab>ldr<tab>r0, [r1]`.
    fn parse(line: &str) -> Option<Self> {
        let (address, text) = line.split_once(":\t")?;
        Some(Self {
            address: u64::from_str_radix(address.trim(), 16).ok()?,
            text: text.trim().to_owned(),
        })
    }

    fn kind(&self, processor: Processor) -> Kind {
        let (mnemonic, operands) = self
            .text
            .split_once(char::is_whitespace)
            .unwrap_or((&self.text, ""));
        match processor {
            Processor::Arm => kind_of_arm(mnemonic, operands.trim()),
            Processor::RiscV => kind_of_risc_v(mnemonic, operands.trim()),
            Processor::X86 => kind_of_x86(mnemonic, operands.trim()),
        }
    }

    /// Where a jump or branch goes, whose last operand that is.
    fn target(&self) -> Option<u64> {
        let (operands, _) = self.text.split_once('<').unwrap_or((&self.text, ""));
        let last = operands
            .trim()
            .rsplit(|character: char| character == ',' || character.is_whitespace())
            .next()?;
        u64::from_str_radix(last.trim_start_matches("0x"), 16).ok()
    }
}

/// The instructions from an address on.
fn disassemble(processor: Processor, file: &Path, address: u64) -> Result<Vec<Instruction>> {
    // The lowest bit of an Arm address says how long its instructions are.
    let address = match processor {
        Processor::Arm => address & !1,
        Processor::RiscV | Processor::X86 => address,
    };
    let (program, package) = processor.disassembler();
    let mut disassemble = command(program);
    disassemble
        .args(["--disassemble", "--no-show-raw-insn"])
        .arg(format!("--start-address={address:#x}"))
        .arg(format!("--stop-address={:#x}", address + LONGEST))
        .arg(file);
    let text = process::output(&mut disassemble)
        .map_err(|error| format!("{error} (Debian's package {package} has it)"))?;
    Ok(text.lines().filter_map(Instruction::parse).collect())
}

/// What an instruction is, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Makes room on the stack.
    Frame,
    Call,
    /// A jump to an address that was computed.
    Dispatch,
    /// A jump to a fixed address.
    Jump,
    /// A jump to a fixed address, if a condition holds.
    Branch,
    Return,
    Other,
}

/// The shortest way from the first instruction to the jump to the next handler: the places of its instructions.
fn way(processor: Processor, code: &[Instruction]) -> Result<Vec<usize>> {
    let place = |address| {
        code.iter()
            .position(|instruction| instruction.address == address)
    };
    // From where each place is reached first, as the ways become longer.
    let mut before: HashMap<usize, usize> = HashMap::new();
    let mut reached = vec![0];
    let mut obstacles = Vec::new();
    let mut next = 0;
    while let Some(&current) = reached.get(next) {
        next += 1;
        let Some(instruction) = code.get(current) else {
            obstacles.push("does not end");
            continue;
        };
        let following = match instruction.kind(processor) {
            Kind::Dispatch => {
                let mut way = vec![current];
                let mut last = current;
                while let Some(&earlier) = before.get(&last) {
                    way.push(earlier);
                    last = earlier;
                }
                way.reverse();
                return Ok(way);
            }
            Kind::Other => [Some(current + 1), None],
            Kind::Branch => [Some(current + 1), instruction.target().and_then(place)],
            Kind::Jump => {
                let target = instruction.target().and_then(place);
                if target.is_none() {
                    obstacles.push("jumps to a fixed address");
                }
                [target, None]
            }
            Kind::Frame => {
                obstacles.push("has a stack frame");
                continue;
            }
            Kind::Call => {
                obstacles.push("calls a function");
                continue;
            }
            Kind::Return => {
                obstacles.push("returns");
                continue;
            }
        };
        for following in following.into_iter().flatten() {
            if !reached.contains(&following) {
                reached.push(following);
                before.insert(following, current);
            }
        }
    }
    Err(obstacles.join(", "))
}

fn kind_of_arm(mnemonic: &str, operands: &str) -> Kind {
    // A width may follow: `.n` or `.w`.
    let mnemonic = mnemonic.split('.').next().unwrap_or_default();
    match mnemonic {
        "push" | "vpush" => Kind::Frame,
        "stmdb" | "sub" | "subw" if operands.starts_with("sp") => Kind::Frame,
        "str" | "strd" if operands.contains("[sp, #-") => Kind::Frame,
        "bl" | "blx" => Kind::Call,
        "bx" if operands == "lr" => Kind::Return,
        "pop" | "ldmia" if operands.contains("pc") => Kind::Return,
        "bx" => Kind::Dispatch,
        // Not of a constant.
        "ldr" if operands.starts_with("pc, [pc") => Kind::Jump,
        "ldr" | "mov" if operands.starts_with("pc,") => Kind::Dispatch,
        "b" => Kind::Jump,
        "cbz" | "cbnz" => Kind::Branch,
        _ if mnemonic.len() == 3 && mnemonic.starts_with('b') && mnemonic != "bic" => Kind::Branch,
        _ => Kind::Other,
    }
}

fn kind_of_risc_v(mnemonic: &str, operands: &str) -> Kind {
    match mnemonic {
        "addi" | "add" if operands.starts_with("sp,sp,-") => Kind::Frame,
        // The second half of a jump to far away: `jr 16(t1)`.
        "jr" if operands.contains('(') => Kind::Jump,
        "jr" => Kind::Dispatch,
        "jal" | "jalr" | "call" => Kind::Call,
        "j" => Kind::Jump,
        "ret" => Kind::Return,
        _ if mnemonic.starts_with('b') => Kind::Branch,
        _ => Kind::Other,
    }
}

fn kind_of_x86(mnemonic: &str, operands: &str) -> Kind {
    match mnemonic {
        "push" => Kind::Frame,
        "sub" | "lea" | "add" if operands.ends_with(",%rsp") => Kind::Frame,
        "call" => Kind::Call,
        "jmp" if operands.starts_with('*') => Kind::Dispatch,
        "jmp" => Kind::Jump,
        _ if mnemonic.starts_with('j') => Kind::Branch,
        "ret" => Kind::Return,
        _ => Kind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::{Instruction, Processor, way};

    /// Instructions that are at the addresses 10, 11, and so on.
    fn code(text: &str) -> Vec<Instruction> {
        text.split(';')
            .zip(0x10..)
            .map(|(text, address)| Instruction {
                address,
                text: text.trim().to_owned(),
            })
            .collect()
    }

    #[test]
    fn reads_a_disassembly() {
        let instruction = Instruction::parse("    14fe:\tldrh.w\tr5, [r0], #6").unwrap();
        assert_eq!(instruction.address, 0x14fe);
        assert_eq!(instruction.text, "ldrh.w\tr5, [r0], #6");
        assert_eq!(Instruction::parse("00001500 <handler>:"), None);
        assert_eq!(Instruction::parse("file:\tformat elf32-littlearm"), None);
    }

    #[test]
    fn finds_targets() {
        for text in [
            "jbe    89f38 <f+0x28>",
            "cbz\tr6, 89f38 <f+0x28>",
            "beq.n\t89f38 <f+0x28>",
            "bnez\ta5,89f38 <f+0x28>",
        ] {
            let instruction = &code(text)[0];
            assert_eq!(instruction.target(), Some(0x89f38), "{text}");
        }
    }

    #[test]
    fn counts_up_to_the_jump_to_the_next() {
        for (processor, text, places) in [
            (
                Processor::Arm,
                "ldr.w\tr6, [r1, r6, lsl #2]; cbz\tr6, 20; ldr.w\tpc, [r4, r12, lsl #2]; push\t{r7}",
                vec![0, 1, 2],
            ),
            (
                Processor::RiscV,
                "lhu\ta5,0(a0); bnez\ta5,20; jr\ta5; ret",
                vec![0, 1, 2],
            ),
            // The trap stands in between.
            (
                Processor::X86,
                "cmp (%rcx),%r9; jbe    13 <a>; ret; jmp    *(%rcx,%rax,8)",
                vec![0, 1, 3],
            ),
            // The shortest of two.
            (
                Processor::X86,
                "je     13 <a>; nop; jmp    13 <a>; jmp    *%rax",
                vec![0, 3],
            ),
        ] {
            assert_eq!(way(processor, &code(text)), Ok(places), "{text}");
        }
    }

    #[test]
    fn refuses_frames_calls_and_returns() {
        for (processor, text, what) in [
            (Processor::Arm, "push\t{r7, lr}; bx\tr3", "frame"),
            (Processor::Arm, "stmdb\tsp!, {r4, lr}; bx\tr3", "frame"),
            (Processor::Arm, "str.w\tlr, [sp, #-4]!; bx\tr3", "frame"),
            (Processor::Arm, "bl\t400; bx\tr3", "calls"),
            (Processor::Arm, "bx\tlr", "returns"),
            (Processor::Arm, "b.w\t400", "fixed"),
            (Processor::Arm, "ldr\tpc, [pc, #4]", "fixed"),
            (Processor::RiscV, "addi\tsp,sp,-16; jr\ta5", "frame"),
            (Processor::RiscV, "jalr\ta5; jr\ta5", "calls"),
            (Processor::RiscV, "ret", "returns"),
            (Processor::RiscV, "auipc\tt1,0x2; jr\t16(t1)", "fixed"),
            (Processor::X86, "push   %rax; jmp    *%rax", "frame"),
            (Processor::X86, "sub    $0x8,%rsp; jmp    *%rax", "frame"),
            (Processor::X86, "call   *%rax; ret", "calls"),
            (
                Processor::X86,
                "je     13 <a>; call   *%rax; ret; ret",
                "calls",
            ),
            (Processor::X86, "nop", "does not end"),
            // A loop without a way out.
            (Processor::X86, "jmp    10 <a>", ""),
        ] {
            let error = way(processor, &code(text)).unwrap_err();
            assert!(error.contains(what), "{text}: {error}");
        }
    }
}
