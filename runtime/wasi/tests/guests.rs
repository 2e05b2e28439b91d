//! The guest programs of this project, run from their modules.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a test"
)]
mod support;

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};

use support::Scratch;
use thimble_platform::Platform;
use thimble_vm::{Engine, Error, Linker, Module, Store};
use thimble_wasi::{
    Failure, InputStream, OutputStream, Sink, WasiContext, WasiContextBuilder, add_to_linker,
};

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl OutputStream for Captured {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Failure> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
}

struct Text(&'static [u8]);

impl InputStream for Text {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Failure> {
        let length = buffer.len().min(self.0.len());
        let (head, tail) = self.0.split_at(length);
        buffer[..length].copy_from_slice(head);
        self.0 = tail;
        Ok(length)
    }
}

/// Runs a guest to its end: its exit status and what it has written.
fn run(name: &str, builder: WasiContextBuilder, arguments: &[&str]) -> (i32, String) {
    let path = format!(
        "{}/../../guests/wasm/{name}.wasm",
        env!("CARGO_MANIFEST_DIR")
    );
    let bytes = fs::read(path).unwrap();
    let output = Captured::default();
    let mut builder = builder
        .standard_output(Box::new(output.clone()))
        .argument(name)
        .unwrap();
    for argument in arguments {
        builder = builder.argument(argument).unwrap();
    }
    let engine = Engine::default();
    let module = Module::new(&engine, &bytes).unwrap();
    let mut linker: Linker<WasiContext> = Linker::new(&engine);
    add_to_linker(&mut linker, |context| context).unwrap();
    let mut store = Store::new(&engine, builder.build().unwrap()).unwrap();
    let instance = linker.instantiate(&mut store, &module).unwrap();
    let start = instance.get_typed_func::<(), ()>(&store, "_start").unwrap();
    let status = match start.call(&mut store, ()) {
        Ok(()) => 0,
        Err(Error::Exit(status)) => status,
        Err(error) => panic!("{error}"),
    };
    let bytes = output.0.lock().unwrap().clone();
    (status, String::from_utf8(bytes).unwrap())
}

fn builder() -> WasiContextBuilder {
    WasiContext::builder(support::host()).standard_error(Box::new(Sink))
}

#[test]
fn hello() {
    for name in ["hello", "hello-c", "hello-freestanding"] {
        let (status, output) = run(name, builder(), &[]);
        assert_eq!(status, 0);
        assert!(output.to_lowercase().contains("hello"), "{name}: {output}");
    }
}

#[test]
fn cat_and_copy_and_list() {
    let scratch = Scratch::new();
    let text: String = (0..5000).map(|number| format!("line {number}\n")).collect();
    fs::write(scratch.path().join("file"), &text).unwrap();
    for name in ["cat", "cat-c"] {
        let (status, output) = run(name, scratch.builder(), &["/file"]);
        assert_eq!((status, output == text), (0, true), "{name}");
        let input = builder().standard_input(Box::new(Text(b"from input")));
        assert_eq!(run(name, input, &[]), (0, "from input".into()), "{name}");
        let missing = scratch.builder().standard_error(Box::new(Sink));
        assert_ne!(run(name, missing, &["/none"]).0, 0, "{name}");
    }
    assert_eq!(run("copy", scratch.builder(), &["/file", "/copy"]).0, 0);
    assert_eq!(
        fs::read_to_string(scratch.path().join("copy")).unwrap(),
        text
    );
    fs::create_dir(scratch.path().join("dir")).unwrap();
    let (status, output) = run("ls", scratch.builder(), &["/"]);
    assert_eq!(status, 0);
    for name in ["copy", "dir", "file"] {
        assert!(output.contains(name), "{output}");
    }
    for name in ["wc", "wc-c"] {
        let (status, output) = run(name, scratch.builder(), &["/file"]);
        assert_eq!(status, 0);
        assert!(
            output.contains("5000") && output.contains("10000"),
            "{output}"
        );
    }
}

#[test]
fn exit_status_and_clock() {
    assert_eq!(run("exit", builder(), &["42"]).0, 42);
    let (status, output) = run("clock", builder(), &["2", "5"]);
    assert_eq!(status, 0, "{output}");
}

#[test]
fn echo_over_a_socket() {
    let host = support::host();
    let sockets = host.sockets().unwrap();
    let listener = sockets.listen("127.0.0.1:0".parse().unwrap(), 4).unwrap();
    let address = sockets.local_address(listener).unwrap();
    let client = std::thread::spawn(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(b"an echo\n").unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    });
    let builder = WasiContext::builder(host).standard_error(Box::new(Sink));
    let (status, output) = run("echo-server", builder.listener(listener).unwrap(), &["1"]);
    assert_eq!(status, 0, "{output}");
    assert_eq!(client.join().unwrap(), "an echo\n");
}
