//! What the tests of this crate share: modules from fixed seeds, and two
//! verdicts on each.

// Runs on a developer's machine, where an allocation that fails may abort and
// a test that fails may panic.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]
#![allow(clippy::indexing_slicing, clippy::expect_used)]

use thimble_wasm::{Error, Limits, Source, SourceError};
use wasmparser::{Validator, WasmFeatures};

/// The features of `wasmparser` that `thimble-wasm` has too.
pub fn features() -> WasmFeatures {
    WasmFeatures::WASM2
        .difference(WasmFeatures::SIMD)
        .union(WasmFeatures::EXTENDED_CONST)
        .union(WasmFeatures::TAIL_CALL)
        .union(WasmFeatures::MULTI_MEMORY)
        .union(WasmFeatures::CUSTOM_PAGE_SIZES)
}

/// The verdict of `wasmparser`.
pub fn reference(module: &[u8]) -> Result<(), String> {
    match Validator::new_with_features(features()).validate_all(module) {
        Ok(_) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

/// Our verdict, when the module comes in pieces of at most `most` bytes.
pub fn in_pieces(module: &[u8], most: usize) -> Result<(), Error> {
    struct Pieces<'a>(&'a [u8], usize);
    impl Source for Pieces<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> Result<usize, SourceError> {
            let length = self.0.len().min(buffer.len()).min(self.1);
            let (front, rest) = self.0.split_at(length);
            buffer[..length].copy_from_slice(front);
            self.0 = rest;
            Ok(length)
        }
    }
    thimble_wasm::decode(&mut Pieces(module, most), &Limits::DEFAULT, &mut ())
}

/// Whether the verdicts agree; prints what tells them apart, and keeps the
/// module in the folder that the variable `KEEP_DIFFERENCES` names.
pub fn agree(module: &[u8], label: &str, accepted: &mut usize) -> bool {
    let ours = thimble_wasm::validate(module);
    let theirs = reference(module);
    *accepted += usize::from(ours.is_ok());
    if ours.is_ok() == theirs.is_ok() {
        return true;
    }
    println!("{label}: ours {ours:?}, theirs {theirs:?}");
    if let Ok(folder) = std::env::var("KEEP_DIFFERENCES") {
        std::fs::write(format!("{folder}/{label}.wasm"), module)
            .expect("the folder can be written");
    }
    false
}

/// Numbers that look random and are the same in every run (splitmix64).
#[derive(Clone)]
pub struct Random(pub u64);

impl Random {
    /// The next 64 bits.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`, which is not 0.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.number() % bound as u64) as usize
    }
}

/// A module made from `seed`. Function bodies are random bytes, mostly invalid,
/// for one seed in four; all other modules are valid.
pub fn module(seed: u64) -> Vec<u8> {
    let mut random = Random(seed);
    let config = wasm_smith::Config {
        allow_invalid_funcs: seed % 4 == 3,
        compact_imports_enabled: false,
        custom_page_sizes_enabled: true,
        exceptions_enabled: false,
        gc_enabled: false,
        generate_custom_sections: seed.is_multiple_of(8),
        max_instructions: 400,
        max_memories: 4,
        max_tables: 4,
        memory64_enabled: false,
        min_funcs: 1,
        relaxed_simd_enabled: false,
        simd_enabled: false,
        threads_enabled: false,
        wide_arithmetic_enabled: false,
        ..Default::default()
    };
    let mut noise = vec![0; 64 << random.below(9)];
    for word in noise.chunks_exact_mut(8) {
        word.copy_from_slice(&random.number().to_le_bytes());
    }
    let mut unstructured = arbitrary::Unstructured::new(&noise);
    wasm_smith::Module::new(config, &mut unstructured)
        .expect("a module can be made from any noise")
        .to_bytes()
}

/// Where the contents of the code section begin, if there is one.
pub fn code_start(module: &[u8]) -> Option<usize> {
    let parts = wasmparser::Parser::new(0).parse_all(module);
    parts.flatten().find_map(|part| match part {
        wasmparser::Payload::CodeSectionStart {
            unchecked_range, ..
        } => Some(unchecked_range.start as usize),
        _ => None,
    })
}

/// Changes bytes, or the length, of a module in some places: half of them in or
/// after its code, which begins at `code`.
pub fn damage(module: &mut Vec<u8>, code: usize, changes: usize, random: &mut Random) {
    for _ in 0..changes {
        let from = if random.below(2) == 0 { code } else { 0 };
        if from >= module.len() {
            return;
        }
        let place = from + random.below(module.len() - from);
        match random.below(10) {
            0 => module.truncate(place),
            1 => module.insert(place, random.number() as u8),
            2 => {
                module.remove(place);
            }
            3 => module[place] = random.number() as u8,
            4 => module[place] = module[place].wrapping_add(1),
            5 => module[place] = [0x00, 0x40, 0x70, 0x7f, 0x80, 0xff][random.below(6)],
            6 => {
                let other = module[random.below(module.len())];
                module[place] = other;
            }
            // An operator for another: most take and give the same number.
            7 => module[place] = module[place].wrapping_add(random.below(16) as u8),
            8 => module.swap(place, from),
            _ => module[place] ^= 1 << random.below(8),
        }
    }
}
