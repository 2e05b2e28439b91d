//! Builds firmware in NuttX's trees, outside of them.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Kind, Target};
use crate::Result;
use crate::process::{self, command, root, target_directory};

/// Where NuttX and its applications are.
pub struct Trees {
    pub nuttx: PathBuf,
    pub apps: PathBuf,
}

/// Guest programs that tests run, below `guests/wasm`: those that there is room for in 4 MB beside the
/// specification suite.
const GUESTS: [&str; 13] = [
    "sort.wasm",
    "hello.wasm",
    "exit.wasm",
    "json.wasm",
    "copy.wasm",
    "clock.wasm",
    "spin.wasm",
    "small/cat.wasm",
    "small/echo-server.wasm",
    "small/hello.wasm",
    "small/ls.wasm",
    "small/spin.wasm",
    "small/wc.wasm",
];

/// What is tested where there is everything.
const WHOLE: &str =
    "CONFIG_THIMBLE_CONFORMANCE=y\nCONFIG_THIMBLE_C_API=y\nCONFIG_EXAMPLES_THIMBLE=y\n";

/// The command as a loadable module, which the shell finds beside the guest programs.
const MODULE: &str = "CONFIG_THIMBLE=m\nCONFIG_ELF=y\nCONFIG_LIBC_EXECFUNCS=y\n\
     CONFIG_EXECFUNCS_HAVE_SYMTAB=y\nCONFIG_NSH_FILE_APPS=y\nCONFIG_LIBC_ENVPATH=y\n\
     CONFIG_PATH_INITIAL=\"/guests\"\n";

/// Stack cells of programs by default.
const STACK_CELLS: &str = "16384";

fn failed(path: &Path) -> impl Fn(std::io::Error) -> String + '_ {
    move |error| format!("{}: {error}", path.display())
}

/// The firmware of a target.
pub fn build(trees: &Trees, target: &Target) -> Result<PathBuf> {
    let application = root()?.join("nuttx-app");
    link(&application, &trees.apps.join("interpreters/thimble"))?;
    link(
        &application.join("example"),
        &trees.apps.join("examples/thimble"),
    )?;
    let directory = target_directory()?.join("nuttx");
    fs::create_dir_all(&directory).map_err(failed(&directory))?;
    let build = directory.join(target.name);
    // The build's own files are there before the options are.
    let configured = build.join("configured");
    if !configured.exists() {
        configure(trees, target, &build)?;
        fs::write(&configured, "").map_err(failed(&configured))?;
    }
    if target.kind == Kind::Module {
        // First, since its file becomes a part of the firmware.
        process::run(command("ninja").arg("-C").arg(&build).arg("ELF_thimble"))?;
        guests(&directory, target, Some(&build.join("bin/thimble")))?;
    }
    process::run(command("ninja").arg("-C").arg(&build))?;
    Ok(build.join("nuttx"))
}

/// Links an application where NuttX looks for it, unless that was done before.
fn link(application: &Path, link: &Path) -> Result<()> {
    if !link.exists() {
        std::os::unix::fs::symlink(application, link).map_err(failed(link))?;
    }
    let found = fs::canonicalize(link).map_err(failed(link))?;
    if Some(&found) != fs::canonicalize(application).ok().as_ref() {
        return Err(format!("{} is another directory", link.display()));
    }
    Ok(())
}

fn configure(trees: &Trees, target: &Target, build: &Path) -> Result<()> {
    let mut configure = command("cmake");
    configure
        .arg("-GNinja")
        .arg("-S")
        .arg(&trees.nuttx)
        .arg("-B")
        .arg(build)
        .arg(format!("-DBOARD_CONFIG={}", target.configuration))
        .arg(format!("-DNUTTX_APPS_DIR={}", trees.apps.display()));
    process::run(&mut configure)?;
    let fragment = root()?
        .join("nuttx-app/boards")
        .join(target.fragment)
        .with_extension("config");
    let mut options = fs::read_to_string(&fragment).map_err(failed(&fragment))?;
    options.push_str(target.options);
    options.push_str(&test_options(target)?);
    let configuration = build.join(".config");
    let stock = fs::read_to_string(&configuration).map_err(failed(&configuration))?;
    fs::write(&configuration, changed(&stock, &options)).map_err(failed(&configuration))?;
    process::run(command("ninja").arg("-C").arg(build).arg("olddefconfig"))?;
    process::run(command("cmake").arg(build))
}

/// The option that a line of a configuration sets or does not set.
fn option(line: &str) -> Option<&str> {
    match line.strip_prefix("# ") {
        Some(comment) => comment.strip_suffix(" is not set"),
        None => line.split_once('=').map(|(name, _)| name),
    }
}

/// A configuration with some options changed.
fn changed(stock: &str, options: &str) -> String {
    let names: Vec<&str> = options.lines().filter_map(option).collect();
    let kept = stock
        .lines()
        .filter(|line| option(line).is_none_or(|name| !names.contains(&name)));
    kept.chain(options.lines())
        .flat_map(|line| [line, "\n"])
        .collect()
}

/// What only tests need.
fn test_options(target: &Target) -> Result<String> {
    let mut options = String::from(match target.kind {
        Kind::Small => return Ok(String::new()),
        Kind::Whole => WHOLE,
        Kind::Module => MODULE,
    });
    let directory = target_directory()?.join("nuttx");
    options.push_str(&format!(
        "CONFIG_FS_ROMFS=y\nCONFIG_BOARDCTL=y\n\
         CONFIG_THIMBLE_TEST_FILES=y\nCONFIG_THIMBLE_TEST_FILES_IMAGE=\"{}\"\n\
         CONFIG_DEV_URANDOM=y\nCONFIG_THIMBLE_PREDICTABLE_RANDOM=y\n\
         CONFIG_SIG_DEFAULT=y\nCONFIG_GROUP_KILL_CHILDREN_TIMEOUT_MS=0\n",
        guests(&directory, target, None)?.display()
    ));
    if target.memory > 0 {
        let pack = pack(&directory, target.memory)?;
        options.push_str(&format!(
            "CONFIG_THIMBLE_SPECIFICATION=y\nCONFIG_THIMBLE_SPECIFICATION_PACK=\"{}\"\n\
             CONFIG_THIMBLE_MAX_MEMORY={}\n",
            pack.display(),
            target.memory
        ));
    }
    Ok(options)
}

/// The guest programs as a file system, with the command where that is a module.
fn guests(directory: &Path, target: &Target, module: Option<&Path>) -> Result<PathBuf> {
    let source = root()?.join("guests/wasm");
    let name = match target.kind {
        Kind::Whole | Kind::Small => "guests",
        Kind::Module => "module",
    };
    let contents = directory.join(name);
    let small = contents.join("small");
    fs::create_dir_all(&small).map_err(failed(&small))?;
    for name in GUESTS {
        let to = contents.join(name);
        fs::copy(source.join(name), &to).map_err(failed(&to))?;
    }
    let data = contents.join("data.json");
    fs::write(&data, r#"{"b": [1, 2, {"a": null}], "c": "x"}"#).map_err(failed(&data))?;
    if let Some(module) = module {
        let to = contents.join("thimble");
        fs::copy(module, &to).map_err(failed(&to))?;
    }
    let image = directory.join(name).with_extension("romfs");
    let mut make = command("genromfs");
    process::run(make.arg("-f").arg(&image).arg("-d").arg(&contents))?;
    Ok(image)
}

/// The specification suite, packed for so much memory.
fn pack(directory: &Path, memory: u32) -> Result<PathBuf> {
    let pack = directory.join(format!("specification-{memory}.pack"));
    let mut make = process::cargo()?;
    make.args(["xtask", "pack-specification", "--output"])
        .arg(&pack)
        .args(["--memory", &memory.to_string()])
        .args(["--stack-cells", STACK_CELLS]);
    process::run(&mut make)?;
    Ok(pack)
}

#[cfg(test)]
mod unit {
    use super::{changed, root};
    use std::collections::BTreeSet;

    #[test]
    fn options_are_set_once() {
        let stock = "CONFIG_A=y\nCONFIG_B=1\n# CONFIG_C is not set\nCONFIG_D=\"d\"\n";
        let options = "# For tests.\nCONFIG_C=y\n# CONFIG_A is not set\n";
        assert_eq!(
            changed(stock, options),
            "CONFIG_B=1\nCONFIG_D=\"d\"\n# For tests.\nCONFIG_C=y\n# CONFIG_A is not set\n"
        );
    }

    #[test]
    fn both_builds_have_all_sources() {
        let application = root().unwrap().join("nuttx-app");
        let named = |file: &str| -> BTreeSet<String> {
            let text = std::fs::read_to_string(application.join(file)).unwrap();
            let words = text.split(|letter: char| letter.is_whitespace() || "()/".contains(letter));
            words
                .filter(|word| word.ends_with(".c"))
                .map(str::to_owned)
                .collect()
        };
        let commands = [
            "command.c",
            "conformance.c",
            "specification.c",
            "test_echo.c",
            "test_files.c",
        ];
        let mut with_cmake = named("cmake/sources.cmake");
        with_cmake.extend(commands.map(str::to_owned));
        let mut with_make = named("Makefile");
        assert!(with_make.remove("programs.c"), "made by the build");
        assert_eq!(with_make, with_cmake);
        let mut there: BTreeSet<String> = std::fs::read_dir(application.join("src"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with(".c"))
            .collect();
        let common = [
            "condition.c",
            "file_batch.c",
            "handle.c",
            "mutex.c",
            "poll.c",
        ];
        there.extend(common.map(str::to_owned));
        assert_eq!(there, with_cmake);
    }
}
