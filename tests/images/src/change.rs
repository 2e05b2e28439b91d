//! Changing an image so that the verifier has something to think about.

use thimble_code::image::{Code, HEADER_LENGTH, Image, Step};
use thimble_code::operation::{CELL, Operand, TOKENS, Variant, decode};
use thimble_tests_validation::Random;

/// Makes both checksums fit.
pub fn repair(bytes: &mut [u8]) {
    const CHECKSUM: crc::Crc<u32> = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);
    let length = u32::from_le_bytes(bytes[12..16].try_into().unwrap()) as usize;
    if let Some(content) = bytes.get(HEADER_LENGTH..length) {
        let checksum = CHECKSUM.checksum(content);
        bytes[16..20].copy_from_slice(&checksum.to_le_bytes());
    }
    let checksum = CHECKSUM.checksum(&bytes[..60]);
    bytes[60..HEADER_LENGTH].copy_from_slice(&checksum.to_le_bytes());
}

/// Changes the unit with this number, counted from behind the version.
pub fn change_at(bytes: &mut [u8], number: usize, unit: u16) {
    let at = 8 + number * 2 % (bytes.len() - 8);
    bytes[at..at + 2].copy_from_slice(&unit.to_le_bytes());
}

fn unit_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

/// Changes some units: anything, or an operation to another that may be valid.
pub fn change(bytes: &mut [u8], random: &mut Random) {
    for _ in 0..=random.below(3) {
        let image = Image::assume_open(bytes);
        let imported = image.imported_function_count();
        let pieces = image.record_count().saturating_sub(imported) as usize;
        let function = imported.saturating_add(random.below(pieces.max(1)) as u32);
        let change = match image.code(function) {
            Some(code) if random.below(8) != 0 => {
                let start = image.function(function).unwrap().code;
                change_operation(&image, code, random)
                    .map(|(at, unit)| ((start + at * 2) as usize, unit))
            }
            _ => {
                let from = unit_at(bytes, 8 + 2 * random.below(bytes.len() / 2 - 4));
                Some((8 + 2 * random.below(bytes.len() / 2 - 4), from))
            }
        };
        if let Some((at, unit)) = change {
            bytes[at..at + 2].copy_from_slice(&unit.to_le_bytes());
        }
        repair(bytes);
    }
}

/// A unit of one of the operations, and what it may become.
fn change_operation(image: &Image<'_>, code: Code<'_>, random: &mut Random) -> Option<(u32, u16)> {
    let steps: Vec<Step> = code.operations().collect();
    let step = steps.get(random.below(steps.len().max(1)))?;
    let length = step.end - step.at;
    let operands: Vec<Operand> = step.shape.operands().collect();
    if operands.is_empty() || random.below(3) == 0 {
        // Another operation of the same length.
        let token = random.below(TOKENS.into()) as u16 * CELL;
        let units = |operand: Operand| operand.units() as u32;
        let other: u32 = decode(token)?.shape().operands().map(units).sum();
        return (other + 1 == length).then_some((step.at, token));
    }
    let chosen = random.below(operands.len());
    let before: usize = operands[..chosen]
        .iter()
        .map(|operand| operand.units())
        .sum();
    let at = step.at + 1 + before as u32;
    let below = |count: u32, random: &mut Random| random.below(count as usize + 1) as u16;
    let unit = match operands[chosen] {
        Operand::Read32
        | Operand::Read64
        | Operand::Reference
        | Operand::Write32
        | Operand::Write64
        | Operand::RangeFrom
        | Operand::RangeTo
        | Operand::Base
        | Operand::Link => below((code.unit(0)? / CELL).into(), random) * CELL,
        Operand::Function | Operand::AnyFunction => below(image.function_count(), random),
        Operand::ImportFunction => below(image.imported_function_count(), random),
        Operand::Type => below(image.type_count(), random),
        Operand::Table => below(image.table_count(), random),
        Operand::Memory => below(image.memory_count(), random),
        Operand::Global32 | Operand::Global64 => {
            below(image.global_cells(), random).wrapping_mul(CELL)
        }
        Operand::ImportGlobal => below(image.global_count(), random),
        Operand::Element => below(image.element_count(), random),
        Operand::Data => below(image.data_count(), random),
        Operand::Access => random.below(8) as u16,
        Operand::Branch16 => {
            // To any operation, in the direction that it has.
            let backward = step.decoded.variant == Variant::Second;
            let targets: Vec<u32> = steps.iter().map(|step| step.at).collect();
            let (back, forward) = targets.split_at(targets.partition_point(|&at| at <= step.at));
            let targets = if backward { back } else { forward };
            let target = targets.get(random.below(targets.len().max(1)))?;
            (target.wrapping_sub(step.end) as u16).wrapping_mul(2)
        }
        _ => [0, 1, 4, 0x7fff, 0x8000, u16::MAX, random.number() as u16][random.below(7)],
    };
    Some((at, unit))
}
