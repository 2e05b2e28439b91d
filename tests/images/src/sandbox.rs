//! Running an image beside an instance that it must not reach.

use thimble_code::image::Buffer;
use thimble_vm::{
    Config, Dispatch, Engine, Error, Extern, ExternRef, Func, Global, Instance, Limits, Memory,
    Module, Store, Table, Val, ValueType,
};
use thimble_wasm::ImportType;

/// What became of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The verifier refused it.
    Refused,
    /// It cannot be instantiated within the limits, or with these imports.
    NotInstantiated,
    /// Its functions ran.
    Ran,
}

/// Back edges and calls that an image may take in all.
const FUEL: u64 = 3_000;

/// The only external reference that there is.
const EXTERNAL: ExternRef = ExternRef::new(0x7e57_0000);

/// An instance in the same store, which imports nothing from the image.
const BYSTANDER: &str = r#"(module
    (memory (export "memory") 1 1)
    (data (i32.const 0) "untouched")
    (table (export "table") 3 funcref)
    (elem (i32.const 1) $answer)
    (global (export "number") (mut i64) (i64.const 0x1122334455667788))
    (global (export "function") (mut funcref) (ref.func $answer))
    (func $answer (export "answer") (result i32) (i32.const 42)))"#;

/// Checks that a value is no forged reference.
fn check<T: 'static>(store: &Store<T>, value: Val) {
    match value {
        Val::FuncRef(Some(function)) => {
            assert!(
                function.ty(store).is_ok(),
                "a forged reference to a function"
            );
        }
        Val::ExternRef(Some(reference)) => {
            assert_eq!(reference, EXTERNAL, "a forged external reference");
        }
        _ => {}
    }
}

struct Bystander {
    instance: Instance,
    answer: Func,
}

impl Bystander {
    fn new(engine: &Engine, store: &mut Store<()>) -> Self {
        let module = Module::new(engine, &wat::parse_str(BYSTANDER).unwrap()).unwrap();
        let instance = Instance::new(store, &module, &[]).unwrap();
        let answer = instance.get_func(&mut *store, "answer").unwrap();
        Self { instance, answer }
    }

    fn check(&self, store: &mut Store<()>) {
        let memory = self.instance.get_memory(&mut *store, "memory").unwrap();
        let (text, rest) = memory.data(store).split_at(9);
        assert_eq!(text, b"untouched");
        assert_eq!(rest.len(), 65_536 - 9);
        assert!(
            rest.iter().all(|&byte| byte == 0),
            "another instance's memory was changed"
        );
        let table = self.instance.get_table(&mut *store, "table").unwrap();
        let elements = [0, 1, 2].map(|index| table.get(&mut *store, index).unwrap());
        let answer = Val::FuncRef(Some(self.answer));
        let null = Val::FuncRef(None);
        assert_eq!(
            elements,
            [null, answer, null],
            "another instance's table was changed"
        );
        for (name, value) in [
            ("number", Val::I64(0x1122_3344_5566_7788)),
            ("function", answer),
        ] {
            let global = self.instance.get_global(&mut *store, name).unwrap();
            assert_eq!(
                global.get(&mut *store).unwrap(),
                value,
                "another instance's global"
            );
        }
        store.set_fuel(Some(10));
        let mut results = [Val::I32(0)];
        self.answer.call(store, &[], &mut results).unwrap();
        assert_eq!(results, [Val::I32(42)]);
    }
}

/// A value for an argument, an import or a result.
fn value(ty: ValueType, function: Func) -> Val {
    match ty {
        ValueType::I64 => Val::I64(0x10_0000_0003),
        ValueType::F32 => Val::F32(0x4048_f5c3),
        ValueType::F64 => Val::F64(0x4009_1eb8_51eb_851f),
        ValueType::FuncRef => Val::FuncRef(Some(function)),
        ValueType::ExternRef => Val::ExternRef(Some(EXTERNAL)),
        ValueType::I32 | ValueType::V128 => Val::I32(5),
    }
}

fn types(bytes: &[u8]) -> Vec<ValueType> {
    bytes
        .iter()
        .filter_map(|&byte| ValueType::from_byte(byte))
        .collect()
}

fn import(
    store: &mut Store<()>,
    module: &Module,
    import: ImportType,
    function: Func,
) -> Result<Extern, Error> {
    Ok(match import {
        ImportType::Function(index) => {
            let (params, results) = module.as_image().function_type(index).unwrap();
            let result_types = types(results);
            Func::new(
                store,
                &types(params),
                &types(results),
                move |caller, arguments, results| {
                    for &argument in arguments {
                        check(thimble_vm::AsContext::store(&caller), argument);
                    }
                    for (result, &ty) in results.iter_mut().zip(&result_types) {
                        *result = value(ty, function);
                    }
                    Ok(())
                },
            )?
            .into()
        }
        ImportType::Table(ty) => Table::new(store, ty, value(ty.element, function))?.into(),
        ImportType::Memory(ty) => Memory::new(store, ty)?.into(),
        ImportType::Global(ty) => {
            Global::new(store, value(ty.value_type, function), ty.mutable)?.into()
        }
    })
}

/// Verifies an image and runs what it exports, with little of everything.
///
/// # Panics
/// When the image reached outside its sandbox.
pub fn run(image: Buffer, dispatch: Dispatch) -> Outcome {
    let limits = Limits {
        memory_bytes: 1 << 18,
        table_elements: 2_000,
        stack_cells: 20_000,
        ..Limits::default()
    };
    let engine = Engine::new(Config::default().dispatch(dispatch).limits(limits));
    let Ok(module) = Module::from_image(&engine, image) else {
        return Outcome::Refused;
    };
    let mut store = Store::new(&engine, ()).unwrap();
    let bystander = Bystander::new(&engine, &mut store);
    let function = bystander.answer;

    let mut imports = Vec::new();
    for asked in module.imports() {
        match import(&mut store, &module, asked.import, function) {
            Ok(item) => imports.push(item),
            Err(_) => return Outcome::NotInstantiated,
        }
    }
    store.set_fuel(Some(FUEL));
    let instance = Instance::new(&mut store, &module, &imports);
    let mut items = imports.clone();
    if let Ok(instance) = instance {
        let exports: Vec<Extern> = instance.exports(&store).map(|(_, item)| item).collect();
        for function in exports.iter().filter_map(|item| item.into_func()) {
            call(&mut store, function, bystander.answer);
        }
        items.extend(exports);
    }
    look(&mut store, &items);
    bystander.check(&mut store);
    if instance.is_ok() {
        Outcome::Ran
    } else {
        Outcome::NotInstantiated
    }
}

fn call(store: &mut Store<()>, function: Func, reference: Func) {
    let ty = function.ty(&*store).unwrap();
    let arguments: Vec<Val> = ty.params().map(|ty| value(ty, reference)).collect();
    let mut results: Vec<Val> = ty.results().map(Val::default_of).collect();
    if store.fuel().unwrap_or_default() < 100 {
        store.set_fuel(Some(100));
    }
    if function.call(&mut *store, &arguments, &mut results).is_ok() {
        results.iter().for_each(|&result| check(store, result));
    }
}

/// Looks for forged references in all that can be seen.
fn look(store: &mut Store<()>, items: &[Extern]) {
    for item in items {
        if let Some(global) = item.into_global() {
            let value = global.get(&mut *store).unwrap();
            check(store, value);
        } else if let Some(table) = item.into_table() {
            for index in 0..table.size(&mut *store).unwrap() {
                let value = table.get(&mut *store, index).unwrap();
                check(store, value);
            }
        }
    }
}
