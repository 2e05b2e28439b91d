#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0

"""Measures what each option of Kconfig costs in flash and RAM on a Cortex-M3.

    ZEPHYR_BASE=… boards/option_costs.py [DIRECTORY [OPTION…]]

The firmware of twister-tests/footprint is built for mps2/an385 with everything in it, then once for
each option without it, or with one more of what it counts. What differs is the option's cost: that of
Thimble alone, since Zephyr's own file system and network stay. The pool (CONFIG_THIMBLE_HEAP_SIZE) is
4096 bytes in all. The build is in DIRECTORY, which is kept; west's environment is needed.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOARD = "mps2/an385"

# What the options are taken from.
EVERYTHING = """
CONFIG_THIMBLE=y
CONFIG_THIMBLE_HEAP_SIZE=4096
CONFIG_THIMBLE_HEAP_STATISTICS=y
CONFIG_FILE_SYSTEM=y
CONFIG_FILE_SYSTEM_LITTLEFS=y
CONFIG_FLASH=y
CONFIG_FLASH_MAP=y
CONFIG_THIMBLE_STORE_FILES=y
CONFIG_NETWORKING=y
CONFIG_NET_SOCKETS=y
CONFIG_NET_TCP=y
CONFIG_NET_UDP=n
CONFIG_NET_IPV4=y
CONFIG_NET_IPV6=n
CONFIG_NET_DRIVERS=y
CONFIG_NET_LOOPBACK=y
CONFIG_NET_L2_ETHERNET=n
CONFIG_NET_SLIP_TAP=n
CONFIG_ENTROPY_GENERATOR=y
CONFIG_TEST_RANDOM_GENERATOR=y
CONFIG_THIMBLE_SOCKETS=y
CONFIG_THIMBLE_MAX_INSTANCES=4
CONFIG_THIMBLE_MAX_THREADS=4
CONFIG_THIMBLE_MAX_MUTEXES=4
CONFIG_THIMBLE_MAX_CONDITIONS=4
CONFIG_THIMBLE_MAX_WAKES=4
CONFIG_THIMBLE_MAX_STREAMS=4
CONFIG_THIMBLE_MAX_FILES=4
CONFIG_THIMBLE_MAX_SOCKETS=4
"""

NO_STORE = "CONFIG_THIMBLE_STORE_FILES=n\nCONFIG_THIMBLE_STORE_NONE=y\n"

# What is changed for each.
WITHOUT = {
    "STORE_FILES": NO_STORE,
    # Installed images in files need the verifier; its cost is with them and without.
    "VERIFY": NO_STORE + "CONFIG_THIMBLE_VERIFY=n\n",
    "TRANSLATE": "CONFIG_THIMBLE_TRANSLATE=n\n",
    "FAST_NUMERICS": "CONFIG_THIMBLE_FAST_NUMERICS=n\n",
    "FILES": NO_STORE + "CONFIG_THIMBLE_FILES=n\n",
    "SOCKETS": "CONFIG_THIMBLE_SOCKETS=n\n",
    "SHELL": "CONFIG_THIMBLE_SHELL=n\n",
    "HEAP_STATISTICS": "CONFIG_THIMBLE_HEAP_STATISTICS=n\n",
    "HEAP_POOL": "CONFIG_THIMBLE_HEAP_SYSTEM=y\nCONFIG_HEAP_MEM_POOL_SIZE=4096\n"
    "CONFIG_THIMBLE_HEAP_STATISTICS=n\n",
    "LOG": "CONFIG_THIMBLE_LOG_LEVEL_OFF=y\n",
}
# What is not part of everything.
WITH = {
    "STORE_FLASH": "CONFIG_THIMBLE_STORE_FILES=n\nCONFIG_THIMBLE_STORE_FLASH=y\n",
}
ONE_MORE = ["THREADS", "MUTEXES", "CONDITIONS", "WAKES", "STREAMS", "FILES", "SOCKETS"]
# What an option is compared with that cannot be taken from everything.
BASE = {"VERIFY": NO_STORE, "FILES": NO_STORE, "STORE_FLASH": NO_STORE}


def build(directory: Path, change: str) -> tuple[int, int]:
    """Builds with a change; returns flash and RAM in bytes."""
    fragment = directory / "option.conf"
    fragment.write_text(EVERYTHING + change)
    # Or symbols keep the values that they had.
    (directory / "zephyr/.config").unlink(missing_ok=True)
    # The linker says what it used, when it links.
    (directory / "zephyr/zephyr.elf").unlink(missing_ok=True)
    # The builds share what they have in common of the Rust side.
    environment = {"CARGO_BUILD_BUILD_DIR": str(directory / "rust"), **os.environ}
    log = ""
    for command in [
        ["cmake", "-GNinja", "-S", ROOT / "twister-tests/footprint", "-B", directory,
         f"-DBOARD={BOARD}", f"-DEXTRA_CONF_FILE={fragment}",
         f"-DDTC_OVERLAY_FILE={ROOT / 'samples/shell/boards/mps2_an385.overlay'}"],
        ["ninja", "-C", directory],
    ]:
        done = subprocess.run(command, env=environment, text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        log += done.stdout
        if done.returncode != 0:
            sys.exit(log)
    used = re.findall(r"(FLASH|RAM):\s+(\d+) (B|KB|MB)", log)
    found = {name: int(number) << {"B": 0, "KB": 10, "MB": 20}[unit]
             for name, number, unit in used}
    return found["FLASH"], found["RAM"]


def main():
    directory = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp()).resolve()
    directory.mkdir(parents=True, exist_ok=True)
    wanted = sys.argv[2:]
    bases = {"": build(directory, "")}
    print(f"everything,{bases[''][0]},{bases[''][1]}", flush=True)

    def row(name: str, change: str, sign: int):
        base = BASE.get(name, "")
        if base not in bases:
            bases[base] = build(directory, base)
        flash, ram = build(directory, change)
        print(f"{name},{sign * (flash - bases[base][0])},{sign * (ram - bases[base][1])}",
              flush=True)

    for name, change in WITHOUT.items():
        if not wanted or name in wanted:
            row(name, change, -1)
    for name, change in WITH.items():
        if not wanted or name in wanted:
            row(name, change, 1)
    for name in ONE_MORE:
        if not wanted or f"MAX_{name}" in wanted:
            row(f"MAX_{name}", f"CONFIG_THIMBLE_MAX_{name}=5\n", 1)


main()
