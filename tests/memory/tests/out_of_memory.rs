//! No allocation that fails is more than an error: nothing panics, aborts, or is
//! lost.

// Runs on a developer's machine; a check that cannot be made fails.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::expect_used,
    clippy::panic
)]

use std::io::Write;

use thimble::code::image::Buffer;
use thimble::wasi::{Errno, WasiContext};
use thimble::{Caller, Engine, Error, Extern, Instance, Linker, Module, Store, Trap, Val, wasi};
use thimble_platform_host::Host;
use thimble_tests_memory::allocator::{self, Allocator, undisturbed};
use thimble_tests_memory::modules;
use thimble_tests_memory::roomy::Roomy;
use thimble_tests_memory::sweep::{End, sweep};

#[global_allocator]
static ALLOCATOR: Allocator = Allocator;

/// The end of a scenario that may end by an error for want of memory only.
fn end(result: Result<End, Error>) -> End {
    match result {
        Ok(end) => end,
        Err(Error::OutOfMemory | Error::Trap(Trap::OutOfMemory)) => End::NoMemory,
        Err(error) => panic!("another error than that there is no memory: {error:?}"),
    }
}

fn linker(engine: &Engine) -> Result<Linker<u32>, Error> {
    let mut linker = Linker::new(engine);
    linker.func("host", "twice", |number: i32| number * 2)?;
    linker.func(
        "host",
        "back",
        |mut caller: Caller<'_, u32>, number: i32| {
            *caller.data_mut() += 1;
            let Some(Extern::Func(function)) = caller.get_export("back here") else {
                return Err(Error::Usage("no function"));
            };
            let function = function.typed::<i32, i32>(&caller)?;
            function.call(&mut caller, number)
        },
    )?;
    Ok(linker)
}

/// An instance of a module that was loaded before.
fn instance(engine: &Engine, module: &Module) -> Result<(Store<u32>, Instance), Error> {
    let mut store = Store::new(engine, 0)?;
    let instance = linker(engine)?.instantiate(&mut store, module)?;
    Ok((store, instance))
}

fn call(store: &mut Store<u32>, instance: Instance, name: &str, number: i32) -> Result<i32, Error> {
    instance
        .get_typed_func::<i32, i32>(&*store, name)?
        .call(store, number)
}

/// Sweeps what is done with an instance of [`modules::EVERYTHING`].
fn sweep_instance(name: &str, run: impl Fn(&mut Store<u32>, Instance) -> Result<End, Error>) {
    let engine = Engine::default();
    let module = Module::new(&engine, &modules::binary(modules::EVERYTHING)).expect("a module");
    sweep(name, || {
        end(instance(&engine, &module).and_then(|(mut store, instance)| run(&mut store, instance)))
    });
}

#[test]
fn load() {
    let engine = Engine::default();
    let binary = modules::binary(modules::EVERYTHING);
    let allocations = sweep("load", || {
        end(Module::new(&engine, &binary).map(|_| End::Complete))
    });
    assert!(allocations > 5);
}

#[test]
fn load_a_program() {
    let engine = Engine::default();
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../guests/wasm/hello-freestanding.wasm"
    );
    let binary = std::fs::read(path).expect("the guests are in the tree");
    sweep("load a program", || {
        end(Module::new(&engine, &binary).map(|_| End::Complete))
    });
}

#[test]
fn compile_to_an_image_and_load_it() {
    let engine = Engine::default();
    let binary = modules::binary(modules::EVERYTHING);
    sweep("compile and load back", || {
        let load = || {
            let module = Module::new(&engine, &binary)?;
            let image = Buffer::copy_of(module.image_bytes())?;
            drop(module);
            Module::from_image(&engine, image)?;
            Ok(End::Complete)
        };
        end(load())
    });
}

#[test]
fn instantiate() {
    sweep_instance("instantiate", |_, _| Ok(End::Complete));
}

#[test]
fn run() {
    sweep_instance("run", |store, instance| {
        assert_eq!(call(store, instance, "fib", 10)?, 55);
        assert_eq!(call(store, instance, "deep", 5_000)?, 5_000);
        let Some(Extern::Func(indirect)) = instance.get_export(&*store, "indirect") else {
            panic!("no export")
        };
        let mut results = [Val::I32(0)];
        indirect.call(store, &[Val::I32(7), Val::I32(1)], &mut results)?;
        assert_eq!(results, [Val::I32(13)]);
        Ok(End::Complete)
    });
}

#[test]
fn grow() {
    sweep_instance("grow", |store, instance| {
        let told = [
            call(store, instance, "grow memory", 3)? == -1,
            call(store, instance, "grow table", 10)? == -1,
            instance
                .get_typed_func::<(), i32>(&*store, "grow both")?
                .call(&mut *store, ())?
                == -1,
        ];
        let Some(Extern::Memory(memory)) = instance.get_export(&*store, "memory") else {
            panic!("no export")
        };
        assert_eq!(
            memory.data(store).len(),
            if told[0] { 1 << 16 } else { 4 << 16 }
        );
        Ok(if told.contains(&true) {
            End::GuestTold
        } else {
            End::Complete
        })
    });
}

#[test]
fn call_the_host_and_back() {
    sweep_instance("call the host and back", |store, instance| {
        assert_eq!(call(store, instance, "call host", 20)?, 41);
        assert_eq!(*store.data(), 1);
        Ok(End::Complete)
    });
}

#[test]
fn trap_with_a_backtrace() {
    sweep_instance("trap", |store, instance| {
        match call(store, instance, "trap", 3) {
            Err(Error::Trap(Trap::Unreachable)) => {}
            other => return other.map(|_| panic!("no trap")),
        }
        let frames = store.backtrace().count();
        assert!(frames <= 5);
        Ok(if frames == 5 {
            End::Complete
        } else {
            End::LessInformation
        })
    });
}

#[test]
fn run_out_of_fuel_and_go_on() {
    sweep_instance("fuel", |store, instance| {
        store.set_fuel(Some(1_000));
        let spin = instance.get_typed_func::<(), ()>(&*store, "spin")?;
        let invocation = spin.call_resumable(&mut *store, ())?;
        let thimble::Invocation::Suspended(suspension) = invocation else {
            panic!("it ended")
        };
        store.set_fuel(Some(1_000));
        let invocation = suspension.resume(&mut *store, ())?;
        assert!(matches!(invocation, thimble::Invocation::Suspended(_)));
        Ok(End::Complete)
    });
}

/// Open, read and list, through WASI.
#[test]
fn files() {
    let folder = std::env::temp_dir().join(format!("thimble-memory-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("dir/nested")).expect("a folder can be made");
    std::fs::write(folder.join("dir/file"), "content").expect("a file can be written");
    let root = folder.to_str().expect("a path in UTF-8");
    let platform: &'static Roomy = Box::leak(Box::new(Roomy(Host::new())));
    let engine = Engine::default();
    let module = Module::new(&engine, &modules::binary(modules::FILES)).expect("a module");
    sweep("files", || {
        let context = || {
            let builder = WasiContext::builder(platform)
                .argument("program")?
                .directory(root, "/")?;
            builder.build()
        };
        let context: WasiContext = match context() {
            Ok(context) => context,
            Err(Errno::Nomem) => return End::NoMemory,
            Err(error) => panic!("{error:?}"),
        };
        let run = || {
            let mut store = Store::new(&engine, context)?;
            let mut linker = Linker::new(&engine);
            wasi::add_to_linker(&mut linker, |context: &mut WasiContext| context)?;
            let instance = linker.instantiate(&mut store, &module)?;
            let run = instance.get_typed_func::<(), i32>(&store, "run")?;
            match run.call(&mut store, ())? {
                0 => Ok(End::Complete),
                errno => {
                    assert_eq!(errno, Errno::Nomem as i32);
                    Ok(End::GuestTold)
                }
            }
        };
        end(run())
    });
    std::fs::remove_dir_all(&folder).expect("the folder can be removed");
}

/// The heap of the smallest instance.
#[test]
fn the_smallest_instance_takes_a_kilobyte_at_most() {
    let engine = Engine::default();
    let binary = modules::binary("(module)");
    let before = allocator::live();
    let module = Module::new(&engine, &binary).expect("a module");
    let loaded = allocator::live();
    let mut store = Store::new(&engine, ()).expect("a store");
    let instance = Linker::new(&engine)
        .instantiate(&mut store, &module)
        .expect("an instance");
    let instantiated = allocator::live();
    undisturbed(|| {
        let (module, instance) = (loaded - before, instantiated - loaded);
        let line = format!(
            "smallest instance: {instance} bytes of heap with its store, and {module} for the module\n"
        );
        // Not `println!`, whose output a passing test keeps to itself.
        let _ = std::io::stderr().write_all(line.as_bytes());
    });
    assert!(instance.get_export(&store, "nothing").is_none());
    assert!(instantiated - before <= 1024);
    drop((module, store));
    assert_eq!(allocator::live(), before);
}
