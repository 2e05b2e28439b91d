//! What the tests of storages share: programs, and media that lose power.

// Runs on a developer's machine; a check that cannot be made fails. Each test file
// uses a part.
#![allow(
    dead_code,
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::panic
)]

pub mod files;
pub mod flash;
pub mod nor;

use thimble::code::image::{Checksum, HEADER_LENGTH, ImageError};
use thimble::wasm::{Source, SourceError};
use thimble::{Engine, Instance, Module, Store};
use thimble_device::storage::{Loaded, Storage, StorageError};
use thimble_platform::ErrorKind;

/// A module whose export `value` returns a number, with this much data.
pub fn module_with(value: i32, data: &[u8]) -> Vec<u8> {
    let data: String = data.iter().map(|byte| format!("\\{byte:02x}")).collect();
    thimble_tests_memory::modules::binary(&format!(
        r#"(module (func (export "value") (result i32) i32.const {value}) (data "{data}"))"#
    ))
}

/// A module whose export `value` returns a number, and whose image is about `size`
/// bytes larger than the smallest one.
pub fn module(value: i32, size: usize) -> Vec<u8> {
    let data: Vec<u8> = (0..size)
        .map(|at| (at * 7 + value as usize) as u8)
        .collect();
    module_with(value, &data)
}

/// The image of a module.
pub fn image(module: &[u8]) -> Vec<u8> {
    let module = Module::new(&Engine::default(), module).unwrap();
    module.image_bytes().to_vec()
}

/// Makes both checksums of an image fit its bytes.
pub fn seal(image: &mut [u8]) {
    let content = crc(&image[HEADER_LENGTH..]);
    image[16..20].copy_from_slice(&content);
    let header = crc(&image[..60]);
    image[60..64].copy_from_slice(&header);
}

/// The checksum of bytes, as it is written.
pub fn crc(bytes: &[u8]) -> [u8; 4] {
    Checksum::of(bytes).to_le_bytes()
}

pub fn install(storage: &dyn Storage, name: &str, mut bytes: &[u8]) -> Result<u32, StorageError> {
    storage.install(&Engine::default(), name, &mut bytes)
}

/// What a program returns.
pub fn run(storage: &dyn Storage, name: &str) -> Result<i32, StorageError> {
    Ok(execute(&storage.load(&Engine::default(), name)?)?)
}

/// What a loaded program returns.
pub fn execute(loaded: &Loaded<'_>) -> Result<i32, thimble::Error> {
    let mut store = Store::new(&Engine::default(), ())?;
    let instance = Instance::new(&mut store, &loaded.module, &[])?;
    let value = instance.get_typed_func::<(), i32>(&store, "value")?;
    value.call(&mut store, ())
}

/// The names of the installed programs, in order.
pub fn names(storage: &dyn Storage) -> Vec<String> {
    let mut names = Vec::new();
    storage
        .list(&mut |installed| names.push(installed.name.to_string()))
        .unwrap();
    names.sort();
    names
}

/// Whether an error says that there was no memory.
pub fn is_out_of_memory(error: &StorageError) -> bool {
    match error {
        StorageError::Program(error) => *error == thimble::Error::OutOfMemory,
        StorageError::Platform(error) => error.kind() == ErrorKind::OutOfMemory,
        _ => false,
    }
}

/// A source that fails after some bytes.
pub struct Failing<'a>(pub &'a [u8]);

impl Source for Failing<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, SourceError> {
        if self.0.is_empty() {
            return Err(SourceError);
        }
        self.0.read(buffer)
    }
}

/// A source that does something before its first and before its last byte, and gives
/// the bytes one by one.
pub struct Meanwhile<'a, F: FnMut()> {
    pub bytes: &'a [u8],
    pub started: bool,
    pub act: F,
}

impl<F: FnMut()> Source for Meanwhile<'_, F> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, SourceError> {
        if !self.started || self.bytes.len() == 1 {
            self.started = true;
            (self.act)();
        }
        self.bytes.read(&mut buffer[..1])
    }
}

/// Sources, and what of them is refused, for either storage.
pub fn refusals(storage: &dyn Storage) {
    let engine = Engine::default();
    let (old, new) = (module(1, 100), module(2, 900));
    install(storage, "a", &old).unwrap();
    let stays = || assert_eq!(run(storage, "a"), Ok(1));
    // A module that ends early, and one that is none.
    for length in [0, 3, 4, 7, 20, new.len() - 1] {
        let error = install(storage, "a", &new[..length]).unwrap_err();
        assert!(
            matches!(error, StorageError::Program(thimble::Error::Module(_))),
            "{error:?}"
        );
        stays();
    }
    // An image that ends early.
    let image = image(&new);
    for length in [4, 63, 64, 100, image.len() - 1] {
        let expected = if length < 64 { 64 } else { image.len() as u32 };
        let error = install(storage, "a", &image[..length]).unwrap_err();
        let truncated = ImageError::Truncated { expected };
        assert_eq!(
            error,
            StorageError::Program(thimble::Error::Image(truncated))
        );
        stays();
    }
    // An image of another version, a damaged one, and one that the verifier refuses.
    let changed = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut changed = image.clone();
        change(&mut changed);
        match install(storage, "a", &changed).unwrap_err() {
            StorageError::Program(thimble::Error::Image(error)) => error,
            error => panic!("{error:?}"),
        }
    };
    let version = changed(&|image| {
        image[4] = 99;
        seal(image);
    });
    assert_eq!(version, ImageError::Version { found: 99 });
    stays();
    assert_eq!(
        changed(&|image| image[70] ^= 1),
        ImageError::ContentChecksum
    );
    stays();
    assert_eq!(changed(&|image| image[30] ^= 1), ImageError::HeaderChecksum);
    stays();
    let malformed = changed(&|image| {
        image[66] ^= 1;
        seal(image);
    });
    assert!(
        matches!(malformed, ImageError::Malformed { .. }),
        "{malformed:?}"
    );
    stays();
    // A length in the header that is shorter than the header.
    let short = changed(&|image| {
        image[12..16].copy_from_slice(&5_u32.to_le_bytes());
        let header = crc(&image[..60]);
        image[60..64].copy_from_slice(&header);
    });
    assert!(matches!(short, ImageError::Truncated { .. }), "{short:?}");
    stays();
    // A source that fails, from the start and later.
    for bytes in [&new, &image] {
        for length in [0, 2, 4, 64, 300] {
            let failed = storage.install(&engine, "a", &mut Failing(&bytes[..length]));
            assert_eq!(failed, Err(StorageError::Source));
            stays();
        }
    }
    for name in [
        "",
        ".a",
        "a/b",
        "..",
        "01234567890123456789012345678901",
        "ü",
    ] {
        assert_eq!(install(storage, name, &new), Err(StorageError::Name));
        assert_eq!(run(storage, name), Err(StorageError::NotFound));
        assert_eq!(storage.remove(name), Err(StorageError::NotFound));
    }
    assert_eq!(names(storage), ["a"]);
    // What follows an image is not read.
    let followed = [&image[..], &[1; 50]].concat();
    let mut source = &followed[..];
    let length = storage.install(&engine, "a", &mut source).unwrap();
    assert_eq!(length as usize, image.len());
    assert_eq!(source.len(), 50);
    assert_eq!(run(storage, "a"), Ok(2));
}

/// What goes on while a program is installed.
pub fn installing(storage: &dyn Storage) {
    let (one, two) = (module(1, 1_000), module(2, 1_000));
    install(storage, "a", &one).unwrap();
    install(storage, "b", &one).unwrap();
    let act = || {
        assert_eq!(run(storage, "a"), Ok(1));
        assert_eq!(names(storage), ["a", "b"]);
        assert_eq!(install(storage, "c", &two), Err(StorageError::Busy));
        assert_eq!(install(storage, "a", &two), Err(StorageError::Busy));
    };
    let mut source = Meanwhile {
        bytes: &two,
        started: false,
        act,
    };
    storage
        .install(&Engine::default(), "a", &mut source)
        .unwrap();
    assert_eq!(run(storage, "a"), Ok(2));
    // Another one is removed meanwhile.
    let mut removed = false;
    let act = || {
        let expected = if removed {
            Err(StorageError::NotFound)
        } else {
            Ok(())
        };
        assert_eq!(storage.remove("b"), expected);
        removed = true;
    };
    let mut source = Meanwhile {
        bytes: &one,
        started: false,
        act,
    };
    storage
        .install(&Engine::default(), "a", &mut source)
        .unwrap();
    assert_eq!(run(storage, "a"), Ok(1));
    assert_eq!(names(storage), ["a"]);
}

/// Threads that replace a program, run it, install and remove another one, and list.
pub fn together(storage: &dyn Storage) {
    const ROUNDS: i32 = 60;
    install(storage, "a", &module(0, 600)).unwrap();
    let busy = |result: Result<(), StorageError>| match result {
        Err(StorageError::Busy) => false,
        result => {
            result.unwrap();
            true
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for value in 0..ROUNDS {
                let module = module(value, 600);
                while !busy(install(storage, "a", &module).map(drop)) {
                    std::thread::yield_now();
                }
            }
        });
        scope.spawn(|| {
            for value in 0..ROUNDS {
                let module = module(value, 300);
                while !busy(install(storage, "b", &module).map(drop)) {
                    std::thread::yield_now();
                }
                assert_eq!(run(storage, "b"), Ok(value));
                while !busy(storage.remove("b")) {
                    std::thread::yield_now();
                }
            }
        });
        scope.spawn(|| {
            let mut last = 0;
            for _ in 0..4 * ROUNDS {
                let value = run(storage, "a").unwrap();
                assert!(last <= value, "{value} after {last}");
                last = value;
            }
        });
        scope.spawn(|| {
            for _ in 0..4 * ROUNDS {
                let names = names(storage);
                assert!(names == ["a"] || names == ["a", "b"], "{names:?}");
            }
        });
    });
    assert_eq!(run(storage, "a"), Ok(ROUNDS - 1));
    assert_eq!(names(storage), ["a"]);
}
