#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0

"""Measures what each option of Kconfig costs in flash and RAM on a Cortex-M3.

    ZEPHYR_BASE=… boards/option_costs.py [--resume] [--write-helps] [DIRECTORY [OPTION…]]

The firmware has the configuration of samples/shell for mps2/an385, without its programs and with a
pool of 4096 bytes, so that what Zephyr's file system, network and shell commands take is there
whatever an option says. It is built once as it is, once for each option without that or with it,
and once with more of everything that is counted. What differs is written to option_costs.csv beside
this file, by option: bytes of flash, and of RAM as the linker counts it; of a count, for each. Rows
of other options stay. The build is in DIRECTORY, which is kept; west's environment is needed.

With --resume, what was built in DIRECTORY from the same sources is not built again: what a run that
was interrupted has measured, and firmware that several options are compared with. With --write-helps,
the figures are then written to where they are stated (write_costs.py), after those of heap_costs.csv
and footprints.csv.
"""

import argparse
import csv
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import write_costs

ROOT = Path(__file__).resolve().parent.parent
RECORD = Path(__file__).with_suffix(".csv")
BOARD = "mps2/an385"
SAMPLE = ROOT / "samples/shell"
POOL = 4096

# Beside the configuration of the sample.
EVERYTHING = f"CONFIG_THIMBLE_HEAP_SIZE={POOL}\nCONFIG_THIMBLE_LOG_LEVEL_INF=y\n"

NO_STORE = "CONFIG_THIMBLE_STORE_FLASH=n\nCONFIG_THIMBLE_STORE_NONE=y\n"
STORE_FILES = "CONFIG_THIMBLE_STORE_NONE=n\nCONFIG_THIMBLE_STORE_FILES=y\n"
# The sample's own, which Zephyr's command for file systems wants, and the pool in it.
SYSTEM_HEAP = f"CONFIG_THIMBLE_HEAP_SYSTEM=y\nCONFIG_HEAP_MEM_POOL_SIZE={4096 + POOL}\n"

# What the firmware is without each.
WITHOUT = {
    "THIMBLE": "CONFIG_THIMBLE=n\n",
    "THIMBLE_RUNTIME": "CONFIG_THIMBLE_RUNTIME=n\n",
    "THIMBLE_TRANSLATE": "CONFIG_THIMBLE_TRANSLATE=n\n",
    "THIMBLE_VERIFY": "CONFIG_THIMBLE_VERIFY=n\n",
    "THIMBLE_FAST_NUMERICS": "CONFIG_THIMBLE_FAST_NUMERICS=n\n",
    "THIMBLE_WASI": "CONFIG_THIMBLE_WASI=n\n",
    "THIMBLE_WASI_ARGUMENTS": "CONFIG_THIMBLE_WASI_ARGUMENTS=n\n",
    "THIMBLE_WASI_CLOCKS": "CONFIG_THIMBLE_WASI_CLOCKS=n\n",
    "THIMBLE_WASI_POLL": "CONFIG_THIMBLE_WASI_POLL=n\n",
    "THIMBLE_WASI_RANDOM": "CONFIG_THIMBLE_WASI_RANDOM=n\n",
    "THIMBLE_FILES": "CONFIG_THIMBLE_FILES=n\n",
    "THIMBLE_SOCKETS": "CONFIG_THIMBLE_SOCKETS=n\n",
    "THIMBLE_HEAP_STATISTICS": "CONFIG_THIMBLE_HEAP_STATISTICS=n\n",
    "THIMBLE_STORE_FLASH": NO_STORE,
    "THIMBLE_STORE_MAPPED": "CONFIG_THIMBLE_STORE_MAPPED=n\n",
    # Zephyr's default is the level of information.
    "THIMBLE_LOG_LEVEL": "CONFIG_THIMBLE_LOG_LEVEL_OFF=y\n",
}

# What is not part of everything, or is to be compared with something else: what with, and what is
# added. What applications and tests call, twister-tests/footprint calls where it is configured.
WITHOUT_SHELL = "CONFIG_THIMBLE_C_API=y\nCONFIG_THIMBLE_SHELL=n\n"
NO_STATISTICS = "CONFIG_THIMBLE_HEAP_STATISTICS=n\n"
WITH = {
    "THIMBLE_STORE_FILES": (NO_STORE, STORE_FILES),
    "THIMBLE_HEAP_SYSTEM": (NO_STATISTICS, SYSTEM_HEAP),
    "THIMBLE_HEAP_APPLICATION": ("", "CONFIG_THIMBLE_HEAP_APPLICATION=y\n"),
    # The runtime is there in any case, for the application's own programs.
    "THIMBLE_SHELL": (WITHOUT_SHELL, "CONFIG_THIMBLE_SHELL=y\n"),
    "THIMBLE_C_API": ("", "CONFIG_THIMBLE_C_API=y\n"),
    "THIMBLE_CONSOLE_LOG": ("CONFIG_THIMBLE_C_API=y\n", "CONFIG_THIMBLE_CONSOLE_LOG=y\n"),
    "THIMBLE_CONFORMANCE": ("", "CONFIG_THIMBLE_CONFORMANCE=y\n"),
    "THIMBLE_SPECIFICATION": ("", "CONFIG_THIMBLE_SPECIFICATION=y\n"),
}

# What options count: the value that each has here, and the arrays that are so long.
COUNTS = {
    "THIMBLE_MAX_THREADS": (4, ["threads"]),
    "THIMBLE_MAX_MUTEXES": (4, ["mutexes"]),
    "THIMBLE_MAX_CONDITIONS": (4, ["conditions"]),
    "THIMBLE_MAX_WAKES": (4, ["wakes"]),
    "THIMBLE_MAX_STREAMS": (16, ["streams"]),
    "THIMBLE_MAX_FILES": (8, ["handles", "files"]),
    "THIMBLE_MAX_SOCKETS": (4, ["sockets"]),
    "THIMBLE_HEAP_SIZE": (POOL, ["pool"]),
}
MORE = 64


def run(command: list, environment: dict) -> str:
    """Returns what a command has printed; ends with it where it fails."""
    done = subprocess.run(command, env=environment, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        sys.exit(done.stdout)
    return done.stdout


def sources() -> str:
    """What tells one state of this repository, as git knows its files, from another."""
    # Neither what people read nor what was measured.
    files = ["--", ".", ":!*.md", ":!boards/*.csv"]
    git = ["git", "-C", ROOT]
    environment = dict(os.environ)
    return (run([*git, "ls-files", "--stage", *files], environment)
            + run([*git, "diff", *files], environment))


class Measured:
    """What builds took, by change; with `resume`, also those of earlier runs in this directory."""

    def __init__(self, directory: Path, resume: bool):
        self._directory = directory
        self._path = directory / "measured.json"
        self._sources = hashlib.sha256(sources().encode()).hexdigest()
        self._figures = {}
        if resume and self._path.exists():
            self._figures = json.loads(self._path.read_text())

    def build(self, change: str) -> tuple[int, int]:
        """Flash and RAM with a change, in bytes."""
        key = f"{self._sources} {change}"
        if key not in self._figures:
            self._figures[key] = build(self._directory, change)
            self._path.write_text(json.dumps(self._figures))
        return tuple(self._figures[key])


def build(directory: Path, change: str) -> tuple[int, int]:
    """Builds with a change; returns flash and RAM in bytes."""
    fragment = directory / "option.conf"
    # Of an option that is set twice, the last counts; a choice takes what is set last.
    fragment.write_text(EVERYTHING + change)
    fragments = [SAMPLE / "prj.conf", SAMPLE / "boards/mps2_an385.conf", fragment]
    # Or symbols keep the values that they had.
    (directory / "zephyr/.config").unlink(missing_ok=True)
    # The linker says what it used, when it links.
    (directory / "zephyr/zephyr.elf").unlink(missing_ok=True)
    # The builds share what they have in common of the Rust side.
    environment = {"CARGO_BUILD_BUILD_DIR": str(directory / "rust"), **os.environ}
    run(["cmake", "-GNinja", "-S", ROOT / "twister-tests/footprint", "-B", directory,
         f"-DBOARD={BOARD}", f"-DEXTRA_CONF_FILE={';'.join(map(str, fragments))}",
         f"-DDTC_OVERLAY_FILE={SAMPLE / 'boards/mps2_an385.overlay'}"], environment)
    check(directory / "zephyr/.config", change)
    log = run(["ninja", "-C", directory], environment)
    used = re.findall(r"(FLASH|RAM):\s+(\d+) (B|KB|MB)", log)
    found = {name: int(number) << {"B": 0, "KB": 10, "MB": 20}[unit]
             for name, number, unit in used}
    return found["FLASH"], found["RAM"]


def arrays(directory: Path) -> dict[str, int]:
    """The bytes of everything in RAM that was built, by name."""
    firmware = directory / "zephyr/zephyr.elf"
    listing = run(["arm-none-eabi-nm", "--print-size", firmware], dict(os.environ))
    sizes = Counter()
    for size, name in re.findall(r"^\w+ (\w+) [bBdD] (\S+)$", listing, re.MULTILINE):
        sizes[name] += int(size, 16)
    return sizes


def measure_counts(directory: Path):
    """Yields what each costs of what options count: with one build that has more of everything."""
    flash, ram = build(directory, "")
    before = arrays(directory)
    changes = [f"CONFIG_{name}={count + MORE}\n" for name, (count, _) in COUNTS.items()]
    more_flash, more_ram = build(directory, "".join(changes))
    after = arrays(directory)
    costs = {name: sum(after[array] - before[array] for array in names) // MORE
             for name, (_, names) in COUNTS.items()}
    # Nothing else is so long. Code and alignment differ a little.
    if abs(more_ram - ram - MORE * sum(costs.values())) > 64 or abs(more_flash - flash) > 64:
        sys.exit(f"{costs} are not all: {more_flash - flash} of flash, {more_ram - ram} of RAM")
    for name, cost in costs.items():
        yield name, 0, cost


def check(configuration: Path, change: str):
    """Ends unless the configuration is what was asked for: dependencies may have refused it."""
    values = dict(re.findall(r"^(CONFIG_\w+)=(.*)$", configuration.read_text(), re.MULTILINE))
    # Of an option that is set twice, the last.
    wanted = dict(line.split("=", 1) for line in change.splitlines())
    for name, value in wanted.items():
        if values.get(name, "n") != value:
            sys.exit(f"{name} is {values.get(name, 'n')}, not {value}")


def measure(directory: Path, wanted: list[str], resume: bool):
    """Yields option, flash and RAM of those that are wanted; of all if none is named."""
    measured = Measured(directory, resume)

    def cost(base: str, change: str) -> tuple[int, int]:
        before = measured.build(base)
        changed = measured.build(base + change)
        return changed[0] - before[0], changed[1] - before[1]

    for name, change in WITHOUT.items():
        if not wanted or name in wanted:
            flash, ram = cost("", change)
            yield name, -flash, -ram
    for name, (base, change) in WITH.items():
        if not wanted or name in wanted:
            yield name, *cost(base, change)
    if not wanted or any(name in wanted for name in COUNTS):
        yield from measure_counts(directory)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--write-helps", action="store_true")
    parser.add_argument("directory", nargs="?")
    parser.add_argument("options", nargs="*", metavar="OPTION")
    arguments = parser.parse_args()
    known = {*WITHOUT, *WITH, *COUNTS}
    if unknown := set(arguments.options) - known:
        sys.exit(f"{', '.join(sorted(unknown))}: not one of {', '.join(sorted(known))}")
    directory = Path(arguments.directory or tempfile.mkdtemp()).resolve()
    directory.mkdir(parents=True, exist_ok=True)
    rows = {}
    if RECORD.exists():
        with RECORD.open(newline="") as file:
            rows = {row["option"]: row for row in csv.DictReader(file)}
    for name, flash, ram in measure(directory, arguments.options, arguments.resume):
        print(f"{name},{flash},{ram}", flush=True)
        rows[name] = {"option": name, "flash": flash, "ram": ram}
        with RECORD.open("w", newline="") as file:
            writer = csv.DictWriter(file, ["option", "flash", "ram"], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows[name] for name in sorted(rows))
    if arguments.write_helps:
        write_costs.write(check=False)


main()
