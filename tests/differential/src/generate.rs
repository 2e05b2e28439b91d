//! Modules from fixed seeds.

use arbitrary::Unstructured;

use crate::random::Random;
use crate::{fuel_export, host};

/// Back edges and calls that a guest may take in a call, if it counts them itself.
const GUEST_FUEL: u32 = 1_000;

/// A module to be executed.
#[derive(Debug)]
pub struct Generated {
    /// In binary form.
    pub module: Vec<u8>,
    /// Whether the module itself counts fuel, in an exported global, and traps
    /// when it has none. Then both machines stop at the same place.
    pub counts_fuel: bool,
}

/// What Thimble supports, and sizes that keep an execution short.
fn config(size: Size) -> wasm_smith::Config {
    wasm_smith::Config {
        available_imports: Some(host::module().to_vec()),
        allow_start_export: true,
        bulk_memory_enabled: true,
        canonicalize_nans: true,
        compact_imports_enabled: false,
        custom_page_sizes_enabled: true,
        exceptions_enabled: false,
        export_everything: true,
        extended_const_enabled: true,
        gc_enabled: false,
        max_data_segments: 5,
        max_element_segments: 5,
        max_exports: 1_000,
        max_funcs: size.functions,
        max_globals: 10,
        max_imports: 8,
        max_instructions: size.instructions,
        max_memories: 3,
        max_nesting_depth: size.depth,
        max_memory32_bytes: 1 << 18,
        max_table_elements: 200,
        max_tables: 3,
        max_types: 12,
        memory64_enabled: false,
        memory_max_size_required: true,
        min_funcs: 1,
        min_memories: 1,
        min_types: 2,
        multi_value_enabled: true,
        reference_types_enabled: true,
        relaxed_simd_enabled: false,
        saturating_float_to_int_enabled: true,
        sign_extension_ops_enabled: true,
        simd_enabled: false,
        table_max_size_required: true,
        tail_call_enabled: true,
        threads_enabled: false,
        wide_arithmetic_enabled: false,
        ..wasm_smith::Config::default()
    }
}

/// How large a module becomes, if there is enough noise.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Functions, at most; there must be room for those of the host.
    pub functions: usize,
    /// Operators in each, at most.
    pub instructions: usize,
    /// Blocks within blocks, at most.
    pub depth: usize,
}

impl Size {
    /// For a first try.
    pub const MEDIUM: Self = Self {
        functions: 12,
        instructions: 300,
        depth: 10,
    };
    /// Many small functions, deep nesting, long functions.
    const ALL: [Self; 4] = [
        Self::MEDIUM,
        Self {
            functions: 30,
            instructions: 40,
            depth: 4,
        },
        Self {
            functions: 12,
            instructions: 500,
            depth: 60,
        },
        Self {
            functions: 10,
            instructions: 3_000,
            depth: 20,
        },
    ];
}

/// The module that noise stands for; none if it stands for no module.
pub fn from_noise(noise: &[u8], size: Size, counts_fuel: bool) -> Option<Generated> {
    let mut unstructured = Unstructured::new(noise);
    let mut module = wasm_smith::Module::new(config(size), &mut unstructured).ok()?;
    let module = if counts_fuel {
        let global = module.ensure_termination(GUEST_FUEL).ok()?;
        fuel_export::add(&module.to_bytes(), global)
    } else {
        module.to_bytes()
    };
    Some(Generated {
        module,
        counts_fuel,
    })
}

/// The module of a seed.
///
/// # Panics
/// If the generator makes none of it.
pub fn from_seed(seed: u64) -> Generated {
    let mut random = Random(seed);
    let size = random.choose(&Size::ALL);
    let mut noise = vec![0; 512 << random.below(6)];
    for word in noise.chunks_exact_mut(8) {
        word.copy_from_slice(&random.next_bits().to_le_bytes());
    }
    let counts_fuel = !seed.is_multiple_of(8);
    from_noise(&noise, size, counts_fuel).expect("a module can be made from any noise")
}

/// The fuel that a module which counts it gets for each call.
pub const fn fuel() -> i32 {
    GUEST_FUEL as i32
}
