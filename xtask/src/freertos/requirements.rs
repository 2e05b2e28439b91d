//! What the back end asks of `FreeRTOSConfig.h` is refused with a message that names it.

use std::fs;
use std::process::{Command, Stdio};

use crate::Result;
use crate::process::{root, target_directory};

use super::Sources;

/// Definitions for the compiler, and what it must say then.
const REQUIREMENTS: &[(&str, &str)] = &[
    (
        "configSUPPORT_STATIC_ALLOCATION=0",
        "configSUPPORT_STATIC_ALLOCATION must be 1",
    ),
    (
        "configSUPPORT_DYNAMIC_ALLOCATION=0",
        "configSUPPORT_DYNAMIC_ALLOCATION must be 1",
    ),
    ("configUSE_MUTEXES=0", "configUSE_MUTEXES must be 1"),
    ("configUSE_PREEMPTION=0", "configUSE_PREEMPTION must be 1"),
    ("INCLUDE_vTaskDelete=0", "INCLUDE_vTaskDelete must be 1"),
    ("INCLUDE_vTaskDelay=0", "INCLUDE_vTaskDelay must be 1"),
    ("INCLUDE_vTaskSuspend=0", "INCLUDE_vTaskSuspend must be 1"),
    ("INCLUDE_eTaskGetState=0", "INCLUDE_eTaskGetState must be 1"),
    (
        "INCLUDE_uxTaskPriorityGet=0",
        "INCLUDE_uxTaskPriorityGet must be 1",
    ),
    (
        "INCLUDE_xTaskGetCurrentTaskHandle=0",
        "INCLUDE_xTaskGetCurrentTaskHandle must be 1",
    ),
    ("configNUMBER_OF_CORES=2", "configNUMBER_OF_CORES must be 1"),
    (
        "configTICK_RATE_HZ=2000000",
        "configTICK_RATE_HZ must be from 1 to 1000000",
    ),
    (
        "configMAX_PRIORITIES=3",
        "configMAX_PRIORITIES must be above THIMBLE_SERVICE_PRIORITY",
    ),
    (
        "THIMBLE_THREAD_PRIORITY_HIGHEST=4",
        "THIMBLE_THREAD_PRIORITY_HIGHEST, and that must be below THIMBLE_SERVICE_PRIORITY",
    ),
    ("portUSING_MPU_WRAPPERS=1", "ports with memory protection"),
];

/// What `thimble_config.h` has of priorities.
const CONFIG: &str = "\
#define THIMBLE_THREAD_PRIORITY 1
#ifndef THIMBLE_THREAD_PRIORITY_HIGHEST
#define THIMBLE_THREAD_PRIORITY_HIGHEST 2
#endif
#define THIMBLE_SERVICE_PRIORITY 3
";

pub fn check(sources: &Sources) -> Result<()> {
    let directory = target_directory()?.join("freertos/requirements");
    let config = directory.join("thimble_config.h");
    fs::create_dir_all(&directory)
        .and_then(|()| fs::write(&config, CONFIG))
        .map_err(|error| format!("{}: {error}", config.display()))?;
    let compile = |definitions: &str| -> Result<(bool, String)> {
        let port = root()?.join("freertos-port");
        let mut compiler = Command::new("cc");
        compiler.args(["-std=c11", "-fsyntax-only", "-x", "c"]);
        for directory in [
            &directory,
            &port.join("boards/common"),
            &port.join("boards/posix"),
            &sources.kernel.join("include"),
            &sources.kernel.join("portable/ThirdParty/GCC/Posix"),
        ] {
            compiler.arg("-I").arg(directory);
        }
        for definition in definitions.split_whitespace() {
            compiler.arg(format!("-D{definition}"));
        }
        let output = compiler
            .arg(port.join("src/kernel.h"))
            .stdin(Stdio::null())
            .output()
            .map_err(|error| format!("cc: {error}"))?;
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        Ok((output.status.success(), text))
    };
    let (accepted, text) = compile("")?;
    if !accepted {
        return Err(format!("a good FreeRTOSConfig.h is refused:\n{text}"));
    }
    for (definitions, message) in REQUIREMENTS {
        let (accepted, text) = compile(definitions)?;
        if accepted || !text.contains(message) {
            return Err(format!(
                "{definitions}: not refused with \"{message}\":\n{text}"
            ));
        }
    }
    println!(
        "FreeRTOSConfig.h: {} mistakes are refused, each with its message",
        REQUIREMENTS.len()
    );
    Ok(())
}
