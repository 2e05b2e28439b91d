//! Cases about memory mapping.
#![allow(unsafe_code, reason = "whether memory is there shows only by use")]

use thimble_platform::{ErrorKind, Memory, Region};

use crate::outcome::{Result, Stop, check, fails, supported};
use crate::run::{Config, cases};

cases![
    granule_is_a_power_of_two,
    committed_memory_is_zero_and_keeps_what_is_written,
    parts_are_committed_one_by_one,
    ranges_outside_are_refused,
    unknown_regions_are_refused,
    released_memory_comes_back,
    sealed_code_runs,
];

/// At least 256 bytes, in whole granules.
fn part(memory: &dyn Memory) -> usize {
    memory.granule().max(256)
}

/// The byte at `offset`, which is committed.
fn load(region: &Region, offset: usize) -> u8 {
    // SAFETY: every caller passes an offset that it has committed, below the
    // length of the region, which lives until `release` takes it.
    unsafe { region.as_ptr().wrapping_add(offset).read_volatile() }
}

/// Writes the byte at `offset`, which is committed and not sealed.
fn store(region: &Region, offset: usize, byte: u8) {
    // SAFETY: as for `load`; and no reference into the region exists, since
    // the suite makes none.
    unsafe { region.as_ptr().wrapping_add(offset).write_volatile(byte) }
}

fn granule_is_a_power_of_two(config: &Config) -> Result {
    let granule = config.platform.memory().granule();
    check(granule.is_power_of_two(), "a power of two")?;
    check(granule <= 1024 * 1024, "at most a mebibyte")
}

fn committed_memory_is_zero_and_keeps_what_is_written(config: &Config) -> Result {
    let memory = config.platform.memory();
    let length = 2 * part(memory);
    let region = memory.reserve(length)?;
    check(region.length() == length, "the length asked for")?;
    check(region.address().is_multiple_of(16), "alignment to 16")?;
    check(
        region.address().is_multiple_of(memory.granule()),
        "alignment to the granule",
    )?;
    memory.commit(&region, 0, length)?;
    let zero = (0..length).all(|offset| load(&region, offset) == 0);
    check(zero, "zeroes")?;
    for offset in 0..length {
        store(&region, offset, offset as u8);
    }
    let kept = (0..length).all(|offset| load(&region, offset) == offset as u8);
    check(kept, "what was written")?;
    Ok(memory.release(region)?)
}

fn parts_are_committed_one_by_one(config: &Config) -> Result {
    let memory = config.platform.memory();
    let part = part(memory);
    let region = memory.reserve(3 * part)?;
    memory.commit(&region, 0, part)?;
    store(&region, part - 1, 7);
    memory.commit(&region, part, part)?;
    check(load(&region, part - 1) == 7, "what was written before")?;
    check(load(&region, part) == 0, "zeroes in the next part")?;
    memory.commit(&region, 0, 0)?;
    Ok(memory.release(region)?)
}

fn ranges_outside_are_refused(config: &Config) -> Result {
    let memory = config.platform.memory();
    let part = part(memory);
    let refused = ErrorKind::InvalidArgument;
    fails(memory.reserve(0), refused)?;
    let region = memory.reserve(part)?;
    fails(memory.commit(&region, 0, 2 * part), refused)?;
    fails(memory.commit(&region, part, part), refused)?;
    fails(memory.commit(&region, usize::MAX - part + 1, part), refused)?;
    fails(memory.sync_code(&region, part, part), refused)?;
    fails(memory.seal(&region, part, part), refused)?;
    if memory.granule() > 1 {
        fails(memory.commit(&region, 1, part - 1), refused)?;
        fails(memory.reserve(part + 1), refused)?;
    }
    Ok(memory.release(region)?)
}

fn unknown_regions_are_refused(config: &Config) -> Result {
    let memory = config.platform.memory();
    let part = part(memory);
    let never = || Region::from_reserved(16 * part, part);
    fails(memory.commit(&never(), 0, part), ErrorKind::BadDescriptor)?;
    fails(memory.release(never()), ErrorKind::BadDescriptor)?;
    let region = memory.reserve(part)?;
    let (address, length) = (region.address(), region.length());
    memory.release(region)?;
    let stale = Region::from_reserved(address, length);
    fails(memory.release(stale), ErrorKind::BadDescriptor)
}

fn released_memory_comes_back(config: &Config) -> Result {
    let memory = config.platform.memory();
    let length = 16 * part(memory);
    for _ in 0..200 {
        let region = memory.reserve(length)?;
        memory.commit(&region, 0, length)?;
        let zero = load(&region, 0) == 0 && load(&region, length - 1) == 0;
        check(zero, "zeroes, whatever the memory held before")?;
        store(&region, 0, 0xff);
        store(&region, length - 1, 0xff);
        memory.release(region)?;
    }
    Ok(())
}

/// A function of the C calling convention that returns 42.
const FORTY_TWO: &[u8] = if cfg!(any(target_arch = "x86_64", target_arch = "x86")) {
    // mov eax, 42; ret
    &[0xb8, 0x2a, 0x00, 0x00, 0x00, 0xc3]
} else if cfg!(all(target_arch = "arm", target_feature = "thumb-mode")) {
    // movs r0, #42; bx lr
    &[0x2a, 0x20, 0x70, 0x47]
} else if cfg!(any(target_arch = "riscv32", target_arch = "riscv64")) {
    // li a0, 42; ret
    &[0x13, 0x05, 0xa0, 0x02, 0x67, 0x80, 0x00, 0x00]
} else if cfg!(target_arch = "aarch64") {
    // mov w0, #42; ret
    &[0x40, 0x05, 0x80, 0x52, 0xc0, 0x03, 0x5f, 0xd6]
} else {
    &[]
};

fn sealed_code_runs(config: &Config) -> Result {
    if FORTY_TWO.is_empty() {
        return Err(Stop::Skipped("no code for this processor in the suite"));
    }
    let memory = config.platform.memory();
    let length = part(memory);
    let region = memory.reserve(length)?;
    memory.commit(&region, 0, length)?;
    for (offset, byte) in FORTY_TWO.iter().enumerate() {
        store(&region, offset, *byte);
    }
    if let Err(error) = memory.seal(&region, 0, length) {
        memory.release(region)?;
        return supported(Err(error), "data memory cannot be executed");
    }
    // Thumb code is called at an odd address.
    let thumb = usize::from(cfg!(all(
        target_arch = "arm",
        target_feature = "thumb-mode"
    )));
    let entry = region.as_ptr().wrapping_add(thumb);
    // SAFETY: the region holds a whole function of this signature for this
    // processor, which was sealed, so it can be executed.
    let function: extern "C" fn() -> i32 = unsafe { core::mem::transmute(entry) };
    let result = function();
    memory.release(region)?;
    check(result == 42, "the code to return 42")
}
