//! Loads a module or an image, calls an exported function of it twice, and says what that took.
//!
//! Arguments: `KIND LENGTH FUNCTION ARGUMENT…` with 32-bit numbers as arguments; KIND is `module`,
//! or `image` for one that is executed where it lies. The function `-` is none: it is only loaded.
//! Prints lines of a name and a number.
#![no_std]
#![no_main]

use thimble::{Engine, Linker, Module, Store, TrustedImage, Val};
use thimble_bare::machine::instructions;
use thimble_bare::{guest, heap, println, stack, start};

start!(run);

/// Arguments of a function, at most.
const ARGUMENTS: usize = 4;

fn run(words: &[&str]) -> Result<u8, &'static str> {
    let [kind, length, function, arguments @ ..] = words else {
        return Err("KIND LENGTH FUNCTION");
    };
    let length = length.parse().map_err(|_| "the length is no number")?;
    let mut numbers = [const { Val::I32(0) }; ARGUMENTS];
    let numbers = numbers
        .get_mut(..arguments.len())
        .ok_or("too many arguments")?;
    for (number, argument) in numbers.iter_mut().zip(arguments) {
        *number = Val::I32(argument.parse().map_err(|_| "an argument is no number")?);
    }

    match try_to_run(kind, guest(length), function, numbers) {
        Ok(()) => Ok(0),
        Err(error) => {
            println!("error: {error}");
            Ok(1)
        }
    }
}

#[inline(never)]
fn load(engine: &Engine, kind: &str, content: &'static [u8]) -> Result<Module, thimble::Error> {
    #[cfg(feature = "translate")]
    if kind == "module" {
        return Module::new(engine, content);
    }
    assert_eq!(kind, "image", "the kind of the guest");
    // SAFETY: who runs this firmware made the image with this version's translator.
    let image = unsafe { TrustedImage::new(content) };
    Module::from_trusted(engine, image)
}

fn try_to_run(
    kind: &str,
    content: &'static [u8],
    function: &str,
    arguments: &[Val],
) -> Result<(), thimble::Error> {
    let engine = Engine::default();
    let load = || load(&engine, kind, content);
    // The store is on the stack of who makes it: it is not there yet when a module is loaded.
    let instantiate =
        |store: &mut Store<()>, module: &Module| Linker::new(&engine).instantiate(store, module);
    // Twice, since painting the stack takes more instructions than loading.
    let (loaded, stack_of_module) = stack::measure(load);
    let (instantiated, stack_of_instance) = {
        let module = loaded?;
        stack::measure(|| instantiate(&mut Store::new(&engine, ())?, &module))
    };
    instantiated?;
    let load_stack = stack_of_module.max(stack_of_instance);

    heap::restart(usize::MAX);
    let before = heap::account().allocated;
    let start = instructions();
    let module = load()?;
    let mut store = Store::new(&engine, ())?;
    let instance = instantiate(&mut store, &module)?;
    let load_instructions = instructions() - start;
    let memory = instance
        .get_memory(&store, "memory")
        .map_or(0, |memory| memory.data(&store).len());
    let load_peak = heap::account().peak - before;
    let loaded = heap::account().allocated - before;

    let mut results = [Val::I32(0)];
    let mut run = None;
    if function != "-" {
        let function = instance
            .get_func(&store, function)
            .ok_or(thimble::Error::Usage("no such function"))?;
        // The first call lets the stack grow.
        function.call(&mut store, arguments, &mut results)?;
        let (outcome, run_stack) =
            stack::measure(|| function.call(&mut store, arguments, &mut results));
        outcome?;
        let start = instructions();
        function.call(&mut store, arguments, &mut results)?;
        run = Some((instructions() - start, run_stack));
    }
    let peak = heap::account().peak - before;

    drop((store, module));
    let left = heap::account().allocated - before;
    for (name, value) in [
        ("memory", memory as u64),
        ("load_instructions", load_instructions),
        ("load_heap_peak", load_peak as u64),
        ("load_heap", loaded as u64),
        ("load_stack", load_stack as u64),
        ("heap_peak", peak as u64),
        ("left", left as u64),
    ] {
        println!("{name} {value}");
    }
    if let (Some((instructions, stack)), [Val::I32(result)]) = (run, results) {
        println!("result {result}\ninstructions {instructions}\nrun_stack {stack}");
    }
    Ok(())
}
