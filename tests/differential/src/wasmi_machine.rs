//! wasmi as a machine.

use std::panic::{AssertUnwindSafe, catch_unwind};

use wasmi::errors::{ErrorKind, InstantiationError};
use wasmi::{
    CompilationMode, Config, Engine, ExternRef, Func, FuncType, Global, Instance, Linker, Memory,
    MemoryType, Module, Mutability, Nullable, Ref, RefType, Store, Table, TableType, TrapCode, Val,
    ValType,
};

use crate::host;
use crate::outcome::{HostCall, Inconclusive, Machine, Outcome, Trap, Type, Value};

/// Fuel for a call: more than Thimble's for any run that Thimble ends, mostly.
const FUEL: u64 = 2_000_000;

/// A store with one instance.
#[derive(Debug)]
pub struct WasmiMachine {
    store: Store<Vec<HostCall>>,
    instance: Instance,
    metered: bool,
}

impl WasmiMachine {
    /// Instantiates a module. If that ends otherwise, says how.
    pub fn new(module: &[u8], metered: bool) -> Result<Self, Outcome> {
        let mut config = Config::default();
        config
            .wasm_custom_page_sizes(true)
            .wasm_multi_memory(true)
            .wasm_extended_const(true)
            .wasm_tail_call(true)
            // So that a module is refused at once, if at all.
            .compilation_mode(CompilationMode::Eager)
            .consume_fuel(metered)
            .set_max_recursion_depth(100_000)
            .set_max_stack_height(1 << 26);
        let engine = Engine::new(&config);
        let refused = Outcome::Inconclusive(Inconclusive::Refused);
        // It panics for some modules, in its translator.
        let translated = catch_unwind(AssertUnwindSafe(|| Module::new(&engine, module)));
        let Ok(Ok(module)) = translated else {
            return Err(refused);
        };
        let mut store = Store::new(&engine, Vec::new());
        if metered {
            store.set_fuel(FUEL).expect("wasmi meters fuel");
        }
        let linker = linker(&engine, &mut store);
        let instance = linker
            .instantiate_and_start(&mut store, &module)
            .map_err(|error| end(&error))?;
        Ok(Self {
            store,
            instance,
            metered,
        })
    }

    fn export(&self, export: &str) -> wasmi::Extern {
        self.instance
            .get_export(&self.store, export)
            .expect("an export of the module")
    }
}

fn linker(engine: &Engine, store: &mut Store<Vec<HostCall>>) -> Linker<Vec<HostCall>> {
    let mut linker = Linker::new(engine);
    for (index, function) in host::FUNCTIONS.iter().enumerate() {
        let types = |types: &[Type]| types.iter().copied().map(val_type).collect::<Vec<_>>();
        let ty = FuncType::new(types(function.params), types(function.results));
        let body = move |mut caller: wasmi::Caller<'_, Vec<HostCall>>,
                         arguments: &[Val],
                         results: &mut [Val]|
              -> Result<(), wasmi::Error> {
            let arguments: Vec<Value> = arguments
                .iter()
                .map(|argument| value(&caller, argument))
                .collect();
            for (result, value) in results.iter_mut().zip((function.body)(&arguments)) {
                *result = val(&mut caller, value);
            }
            caller.data_mut().push((index, arguments));
            Ok(())
        };
        linker
            .func_new("host", function.name, ty, body)
            .expect("a new name");
    }
    for (name, minimum, maximum) in host::MEMORIES {
        let ty = MemoryType::new(*minimum, Some(*maximum));
        let memory = Memory::new(&mut *store, ty).expect("a memory");
        linker.define("host", name, memory).expect("a new name");
    }
    for (name, ty) in [
        ("functions", RefType::Func),
        ("references", RefType::Extern),
    ] {
        let table = Table::new(&mut *store, TableType::new(ty, 10, Some(20)), Ref::null(ty));
        linker
            .define("host", name, table.expect("a table"))
            .expect("a new name");
    }
    for (name, mutable, initial) in host::GLOBALS {
        let initial = val(&mut *store, *initial);
        let mutability = if *mutable {
            Mutability::Var
        } else {
            Mutability::Const
        };
        let global = Global::new(&mut *store, initial, mutability);
        linker.define("host", name, global).expect("a new name");
    }
    linker
}

fn val_type(ty: Type) -> ValType {
    match ty {
        Type::I32 => ValType::I32,
        Type::I64 => ValType::I64,
        Type::F32 => ValType::F32,
        Type::F64 => ValType::F64,
        Type::Func => ValType::FuncRef,
        Type::Extern => ValType::ExternRef,
    }
}

fn type_of(ty: ValType) -> Type {
    match ty {
        ValType::I32 => Type::I32,
        ValType::I64 => Type::I64,
        ValType::F32 => Type::F32,
        ValType::F64 => Type::F64,
        ValType::FuncRef => Type::Func,
        ValType::ExternRef => Type::Extern,
        ValType::V128 => panic!("vectors are not generated"),
    }
}

fn val(store: impl wasmi::AsContextMut, value: Value) -> Val {
    match value {
        Value::I32(value) => Val::I32(value),
        Value::I64(value) => Val::I64(value),
        Value::F32(bits) => Val::F32(wasmi::F32::from_bits(bits)),
        Value::F64(bits) => Val::F64(wasmi::F64::from_bits(bits)),
        Value::Func(_) => Val::from(<Nullable<Func>>::Null),
        Value::Extern(None) => Val::from(<Nullable<ExternRef>>::Null),
        Value::Extern(Some(number)) => Val::from(ExternRef::new(store, number)),
    }
}

fn value(store: impl wasmi::AsContext, val: &Val) -> Value {
    match val {
        Val::I32(value) => Value::I32(*value),
        Val::I64(value) => Value::I64(*value),
        Val::F32(value) => Value::F32(value.to_bits()),
        Val::F64(value) => Value::F64(value.to_bits()),
        Val::FuncRef(function) => Value::Func(!function.is_null()),
        Val::ExternRef(reference) => Value::Extern(reference.val().map(|reference| {
            *reference
                .data(store.as_context())
                .downcast_ref::<u32>()
                .expect("one of the host's references")
        })),
        Val::V128(_) => panic!("vectors are not generated"),
    }
}

fn end(error: &wasmi::Error) -> Outcome {
    let kind = error.kind();
    if matches!(
        kind,
        ErrorKind::Instantiation(InstantiationError::ElementSegmentDoesNotFit { .. })
    ) {
        return Outcome::Trapped(Trap::TableOutOfBounds);
    }
    let Some(code) = error.as_trap_code() else {
        return Outcome::Inconclusive(Inconclusive::Refused);
    };
    Outcome::Trapped(match code {
        TrapCode::UnreachableCodeReached => Trap::Unreachable,
        TrapCode::MemoryOutOfBounds => Trap::MemoryOutOfBounds,
        TrapCode::TableOutOfBounds => Trap::TableOutOfBounds,
        TrapCode::IndirectCallToNull => Trap::NullElement,
        TrapCode::IntegerDivisionByZero => Trap::DivisionByZero,
        TrapCode::IntegerOverflow => Trap::IntegerOverflow,
        TrapCode::BadConversionToInteger => Trap::InvalidConversion,
        TrapCode::BadSignature => Trap::SignatureMismatch,
        TrapCode::StackOverflow => return Outcome::Inconclusive(Inconclusive::StackOverflow),
        TrapCode::OutOfFuel => return Outcome::Inconclusive(Inconclusive::OutOfFuel),
        _ => return Outcome::Inconclusive(Inconclusive::Refused),
    })
}

impl Machine for WasmiMachine {
    fn call(&mut self, export: &str, arguments: &[Value]) -> Outcome {
        let function = self.export(export).into_func().expect("a function");
        let arguments: Vec<Val> = arguments
            .iter()
            .map(|argument| val(&mut self.store, *argument))
            .collect();
        let ty = function.ty(&self.store);
        let mut results: Vec<Val> = ty
            .results()
            .iter()
            .map(|ty| Val::default_for_ty(*ty))
            .collect();
        match function.call(&mut self.store, &arguments, &mut results) {
            Ok(()) => Outcome::Returned(
                results
                    .iter()
                    .map(|result| value(&self.store, result))
                    .collect(),
            ),
            Err(error) => end(&error),
        }
    }

    fn params(&self, export: &str) -> Vec<Type> {
        let function = self.export(export).into_func().expect("a function");
        function
            .ty(&self.store)
            .params()
            .iter()
            .copied()
            .map(type_of)
            .collect()
    }

    fn take_host_calls(&mut self) -> Vec<HostCall> {
        std::mem::take(self.store.data_mut())
    }

    fn memory(&self, export: &str) -> &[u8] {
        self.export(export)
            .into_memory()
            .expect("a memory")
            .data(&self.store)
    }

    fn table(&mut self, export: &str) -> Vec<Value> {
        let table = self.export(export).into_table().expect("a table");
        (0..table.size(&self.store))
            .map(|index| {
                let element = table
                    .get(&self.store, index)
                    .expect("an element of the table");
                value(&self.store, &Val::from(element))
            })
            .collect()
    }

    fn global(&mut self, export: &str) -> Value {
        let global = self.export(export).into_global().expect("a global");
        value(&self.store, &global.get(&self.store))
    }

    fn set_global(&mut self, export: &str, value: i32) {
        let global = self.export(export).into_global().expect("a global");
        global
            .set(&mut self.store, Val::I32(value))
            .expect("a variable of type i32");
    }

    fn refuel(&mut self) {
        if self.metered {
            self.store.set_fuel(FUEL).expect("wasmi meters fuel");
        }
    }
}
