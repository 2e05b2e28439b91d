//! What the messages of older files mean today.

use thimble_test_pack::messages::about_multi_memory;
use wasmparser::{Validator, WasmFeatures};

/// Whether a module that the suite expects to be refused with this message is
/// valid now, because its file is older than multiple memories. What such a
/// module means today, if anything, `wasmparser` decides.
pub fn valid_today(binary: &[u8], message: &str) -> bool {
    let features = WasmFeatures::WASM2.difference(WasmFeatures::SIMD);
    let accepts = |features| {
        Validator::new_with_features(features)
            .validate_all(binary)
            .is_ok()
    };
    about_multi_memory(message)
        && !accepts(features)
        && accepts(features.union(WasmFeatures::MULTI_MEMORY))
}
