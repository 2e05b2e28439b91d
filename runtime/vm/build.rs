//! Decides whether dispatch by tail jumps can be built, and which handlers are in assembler: the optimiser must be on,
//! Miri interprets without it, and not every processor has the registers for it.

fn main() {
    println!(
        "cargo::rustc-check-cfg=cfg(thimble_tail, thimble_thumb, thimble_pinned, thimble_clears, thimble_soft)"
    );
    println!("cargo::rerun-if-changed=build.rs");
    let variable = |name| std::env::var(name).unwrap_or_default();
    // Without an operating system, nobody has cleared pages at hand.
    let bare = variable("CARGO_CFG_TARGET_OS") == "none";
    let clears =
        ["arm", "riscv32", "riscv64"].contains(&variable("CARGO_CFG_TARGET_ARCH").as_str());
    if bare && clears {
        println!("cargo::rustc-cfg=thimble_clears");
    }
    // With a unit for floating-point numbers, these targets say so in their last part.
    if bare
        && variable("CARGO_CFG_TARGET_ARCH") == "arm"
        && variable("CARGO_CFG_TARGET_ABI") == "eabi"
    {
        println!("cargo::rustc-cfg=thimble_soft");
    }
    let optimised = variable("OPT_LEVEL") != "0";
    let miri = std::env::var_os("CARGO_CFG_MIRI").is_some();
    // Where a call in tail position was seen to become a jump.
    let known = ["x86_64", "aarch64", "arm", "riscv32", "riscv64"]
        .contains(&variable("CARGO_CFG_TARGET_ARCH").as_str());
    // With all four parameters in registers, the first Thumb instruction set has none left
    // to jump to an address in: calls stay calls.
    let target = variable("TARGET");
    let thumb_1 = ["thumbv6m-", "thumbv8m.base-"]
        .iter()
        .any(|prefix| target.starts_with(prefix));
    if optimised && !miri && known && !thumb_1 {
        println!("cargo::rustc-cfg=thimble_tail");
        // The second Thumb instruction set has handlers in assembler.
        if ["thumbv7", "thumbv8m.main-"]
            .iter()
            .any(|prefix| target.starts_with(prefix))
        {
            println!("cargo::rustc-cfg=thimble_thumb");
        }
        // Eight parameters in registers. RV32E has six.
        if target.starts_with("riscv32i") {
            println!("cargo::rustc-cfg=thimble_pinned");
        }
    }
}
