//! Prints a greeting to standard output.

fn main() {
    println!("Hello from WebAssembly!");
}
