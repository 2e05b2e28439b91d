//! Thimble as a machine.

use thimble::code::image::Buffer;
use thimble::{
    Config, Engine, Error, Extern, ExternRef, Func, Global, Instance, Limits, Linker, Memory,
    MemoryType, Module, Store, Table, TableType, Val, ValueType,
};

use crate::compare::Way;
use crate::host;
use crate::outcome::{HostCall, Inconclusive, Machine, Outcome, Trap, Type, Value};

/// Fuel for a call: back edges and calls.
const FUEL: u64 = 10_000;

/// A store with one instance.
#[derive(Debug)]
pub struct ThimbleMachine {
    store: Store<Vec<HostCall>>,
    instance: Instance,
    metered: bool,
}

impl ThimbleMachine {
    /// Instantiates a module. If that ends otherwise, says how.
    ///
    /// # Panics
    /// If Thimble refuses the module.
    pub fn new(module: &[u8], metered: bool, way: Way) -> Result<Self, Outcome> {
        let limits = Limits {
            stack_cells: 1 << 22,
            ..Limits::default()
        };
        let engine = Engine::new(Config::default().dispatch(way.dispatch).limits(limits));
        let mut module = Module::new(&engine, module)
            .unwrap_or_else(|error| panic!("Thimble refuses the module: {error}"));
        if way.image {
            let image = Buffer::copy_of(module.image_bytes()).expect("room for a copy");
            module = Module::from_image(&engine, image)
                .unwrap_or_else(|error| panic!("Thimble refuses its own image: {error}"));
        }
        let mut store = Store::new(&engine, Vec::new()).expect("room for a store");
        store.set_fuel(metered.then_some(FUEL));
        let linker = linker(&engine, &mut store).expect("room for the host");
        let instance = linker.instantiate(&mut store, &module).map_err(end)?;
        Ok(Self {
            store,
            instance,
            metered,
        })
    }

    fn export(&self, export: &str) -> Extern {
        self.instance
            .get_export(&self.store, export)
            .expect("an export of the module")
    }

    fn func(&self, export: &str) -> Func {
        let Extern::Func(function) = self.export(export) else {
            panic!("{export} is no function")
        };
        function
    }

    fn global_named(&self, export: &str) -> Global {
        let Extern::Global(global) = self.export(export) else {
            panic!("{export} is no global")
        };
        global
    }
}

fn linker(
    engine: &Engine,
    store: &mut Store<Vec<HostCall>>,
) -> Result<Linker<Vec<HostCall>>, Error> {
    let mut linker = Linker::new(engine);
    for (index, function) in host::FUNCTIONS.iter().enumerate() {
        let types = |types: &[Type]| types.iter().copied().map(value_type).collect::<Vec<_>>();
        let wrapped = Func::new(
            &mut *store,
            &types(function.params),
            &types(function.results),
            move |mut caller, arguments, results| {
                let arguments: Vec<Value> = arguments.iter().map(value).collect();
                for (result, value) in results.iter_mut().zip((function.body)(&arguments)) {
                    *result = val(value);
                }
                caller.data_mut().push((index, arguments));
                Ok(())
            },
        )?;
        linker.define("host", function.name, Extern::Func(wrapped))?;
    }
    for (name, minimum, maximum) in host::MEMORIES {
        let maximum = Some((*maximum).into());
        let ty = MemoryType {
            minimum: (*minimum).into(),
            maximum,
            page_size_log2: 16,
        };
        linker.define("host", name, Extern::Memory(Memory::new(&mut *store, ty)?))?;
    }
    for (name, element) in [
        ("functions", ValueType::FuncRef),
        ("references", ValueType::ExternRef),
    ] {
        let ty = TableType {
            element,
            minimum: 10,
            maximum: Some(20),
        };
        let table = Table::new(&mut *store, ty, Val::default_of(element))?;
        linker.define("host", name, Extern::Table(table))?;
    }
    for (name, mutable, initial) in host::GLOBALS {
        let global = Global::new(&mut *store, val(*initial), *mutable)?;
        linker.define("host", name, Extern::Global(global))?;
    }
    Ok(linker)
}

fn value_type(ty: Type) -> ValueType {
    match ty {
        Type::I32 => ValueType::I32,
        Type::I64 => ValueType::I64,
        Type::F32 => ValueType::F32,
        Type::F64 => ValueType::F64,
        Type::Func => ValueType::FuncRef,
        Type::Extern => ValueType::ExternRef,
    }
}

fn type_of(ty: ValueType) -> Type {
    match ty {
        ValueType::I32 => Type::I32,
        ValueType::I64 => Type::I64,
        ValueType::F32 => Type::F32,
        ValueType::F64 => Type::F64,
        ValueType::FuncRef => Type::Func,
        ValueType::ExternRef => Type::Extern,
        ValueType::V128 => panic!("vectors are not generated"),
    }
}

fn val(value: Value) -> Val {
    match value {
        Value::I32(value) => Val::I32(value),
        Value::I64(value) => Val::I64(value),
        Value::F32(bits) => Val::F32(bits),
        Value::F64(bits) => Val::F64(bits),
        Value::Func(_) => Val::FuncRef(None),
        Value::Extern(number) => Val::ExternRef(number.map(ExternRef::new)),
    }
}

fn value(val: &Val) -> Value {
    match val {
        Val::I32(value) => Value::I32(*value),
        Val::I64(value) => Value::I64(*value),
        Val::F32(bits) => Value::F32(*bits),
        Val::F64(bits) => Value::F64(*bits),
        Val::FuncRef(function) => Value::Func(function.is_some()),
        Val::ExternRef(reference) => Value::Extern(reference.map(ExternRef::number)),
    }
}

fn end(error: Error) -> Outcome {
    let Some(trap) = error.trap() else {
        panic!("Thimble fails otherwise than by a trap: {error}")
    };
    Outcome::Trapped(match trap {
        thimble::Trap::Unreachable => Trap::Unreachable,
        thimble::Trap::MemoryOutOfBounds => Trap::MemoryOutOfBounds,
        thimble::Trap::TableOutOfBounds | thimble::Trap::UndefinedElement => Trap::TableOutOfBounds,
        thimble::Trap::UninitializedElement => Trap::NullElement,
        thimble::Trap::IndirectCallTypeMismatch => Trap::SignatureMismatch,
        thimble::Trap::IntegerDivideByZero => Trap::DivisionByZero,
        thimble::Trap::IntegerOverflow => Trap::IntegerOverflow,
        thimble::Trap::InvalidConversionToInteger => Trap::InvalidConversion,
        thimble::Trap::StackOverflow => return Outcome::Inconclusive(Inconclusive::StackOverflow),
        thimble::Trap::OutOfFuel => return Outcome::Inconclusive(Inconclusive::OutOfFuel),
        other => panic!("a trap that no guest can cause: {other}"),
    })
}

impl Machine for ThimbleMachine {
    fn call(&mut self, export: &str, arguments: &[Value]) -> Outcome {
        let function = self.func(export);
        let arguments: Vec<Val> = arguments.iter().copied().map(val).collect();
        let ty = function.ty(&self.store).expect("a function of this store");
        let mut results: Vec<Val> = ty.results().map(Val::default_of).collect();
        match function.call(&mut self.store, &arguments, &mut results) {
            Ok(()) => Outcome::Returned(results.iter().map(value).collect()),
            Err(error) => end(error),
        }
    }

    fn params(&self, export: &str) -> Vec<Type> {
        let function = self.func(export);
        let ty = function.ty(&self.store).expect("a function of this store");
        ty.params().map(type_of).collect()
    }

    fn take_host_calls(&mut self) -> Vec<HostCall> {
        std::mem::take(self.store.data_mut())
    }

    fn memory(&self, export: &str) -> &[u8] {
        let Extern::Memory(memory) = self.export(export) else {
            panic!("{export} is no memory")
        };
        memory.data(&self.store)
    }

    fn table(&mut self, export: &str) -> Vec<Value> {
        let Extern::Table(table) = self.export(export) else {
            panic!("{export} is no table")
        };
        let size = table.size(&self.store).expect("a table of this store");
        (0..size)
            .map(|index| {
                value(
                    &table
                        .get(&self.store, index)
                        .expect("an element of the table"),
                )
            })
            .collect()
    }

    fn global(&mut self, export: &str) -> Value {
        value(
            &self
                .global_named(export)
                .get(&mut self.store)
                .expect("a global of this store"),
        )
    }

    fn set_global(&mut self, export: &str, value: i32) {
        let global = self.global_named(export);
        global
            .set(&mut self.store, Val::I32(value))
            .expect("a variable of type i32");
    }

    fn refuel(&mut self) {
        if self.metered {
            self.store.set_fuel(Some(FUEL));
        }
    }
}
