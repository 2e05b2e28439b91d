#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0

"""Measures what limits of Kconfig cost of the heap, which the linker does not see.

    ZEPHYR_BASE=… boards/heap_costs.py [DIRECTORY]

samples/shell is built for mps2/an385 three times: as it is, with more programs, and with other sizes.
Each runs in QEMU, where the command `wasm ps` tells of the heap. What is written to heap_costs.csv
beside this file is how many bytes it takes for each of what a limit counts: "always", from the first
command on; "running", while a program runs in the background; "peak", at most, after one has run in
the foreground. What is said of the sizes (SIZES) is checked. The build is in DIRECTORY, which is
kept; west's environment is needed.
"""

import csv
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RECORD = Path(__file__).with_suffix(".csv")
QEMU = ["qemu-system-arm", "-cpu", "cortex-m3", "-machine", "mps2-an385", "-nographic",
        "-vga", "none", "-serial", "mon:stdio", "-kernel"]

INSTANCES = 4
# The value that each has in the sample, how much more is tried, and bytes for each, by COLUMNS.
SIZES = {
    # Kept for each of THIMBLE_MAX_INSTANCES.
    "THIMBLE_LOG_SIZE": (256, 1024, [INSTANCES, INSTANCES, INSTANCES]),
    "THIMBLE_TRANSFER_SIZE": (256, 2048, [0, 1, 1]),
    "THIMBLE_THREAD_STACK_SIZE": (6144, 8192, [0, 1, 1]),
    "THIMBLE_LINE_SIZE": (128, 512, [0, 0, 1]),
}
COLUMNS = ["option", "always", "running", "peak"]
HEAP = re.compile(r"heap: (\d+) bytes allocated, (\d+) at most")
PROMPT = "uart:~$ "


class Session:
    """The shell of the firmware in QEMU."""

    def __init__(self, firmware: Path):
        self.qemu = subprocess.Popen([*QEMU, firmware], stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        os.set_blocking(self.qemu.stdout.fileno(), False)
        self.until(PROMPT)

    def until(self, end: str) -> str:
        """What is printed up to a text; ends where that does not come."""
        text = ""
        limit = time.monotonic() + 60
        while not re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", text).rstrip(" ").endswith(end.rstrip(" ")):
            if time.monotonic() > limit:
                sys.exit(f"no \"{end}\" in {text!r}")
            time.sleep(0.05)
            text += (self.qemu.stdout.read() or b"").decode(errors="replace")
        return text

    def command(self, line: str) -> str:
        """What the shell answers."""
        self.qemu.stdin.write(line.encode() + b"\n")
        self.qemu.stdin.flush()
        time.sleep(0.5)
        return self.until(PROMPT)

    def heap(self) -> tuple[int, int]:
        """Bytes allocated now, and at most so far."""
        text = self.command("wasm ps")
        found = HEAP.search(text)
        if found is None:
            sys.exit(f"no heap in {text!r}")
        return int(found[1]), int(found[2])

    def end(self):
        self.qemu.kill()
        self.qemu.wait()


def build(directory: Path, change: str) -> Path:
    """Builds the sample with a change; returns the firmware."""
    directory.mkdir(parents=True, exist_ok=True)
    fragment = directory / "limit.conf"
    fragment.write_text(change)
    # Or symbols keep the values that they had.
    (directory / "zephyr/.config").unlink(missing_ok=True)
    environment = {"CARGO_BUILD_BUILD_DIR": str(directory / "rust"), **os.environ}
    for command in [
        ["cmake", "-GNinja", "-S", ROOT / "samples/shell", "-B", directory, "-DBOARD=mps2/an385",
         f"-DEXTRA_CONF_FILE={fragment}"],
        ["ninja", "-C", directory],
    ]:
        done = subprocess.run(command, env=environment, text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode != 0:
            sys.exit(done.stdout)
    configuration = (directory / "zephyr/.config").read_text()
    for line in change.splitlines():
        if line not in configuration.splitlines():
            sys.exit(f"not configured: {line}")
    return directory / "zephyr/zephyr.elf"


def measure(firmware: Path) -> list[int]:
    """The heap always, while a program runs, and at most after one in the foreground."""
    session = Session(firmware)
    try:
        always, _ = session.heap()
        session.command("wasm run spin &")
        running, _ = session.heap()
        session.command("wasm kill 1")
        # It joins the program that has ended.
        session.heap()
        session.command("wasm run --timeout 300ms spin")
        _, peak = session.heap()
        return [always, running, peak]
    finally:
        session.end()


def main():
    directory = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp()).resolve()
    base = measure(build(directory, ""))
    print("sample", *base, flush=True)

    def more(change: str) -> list[int]:
        now = measure(build(directory, change))
        return [after - before for before, after in zip(base, now)]

    found = more(f"CONFIG_THIMBLE_MAX_INSTANCES={2 * INSTANCES}\n")
    rows = {"THIMBLE_MAX_INSTANCES": [round(difference / INSTANCES) for difference in found]}
    print(rows, flush=True)

    found = more("".join(f"CONFIG_{name}={value + by}\n" for name, (value, by, _) in SIZES.items()))
    for place, column in enumerate(COLUMNS[1:]):
        expected = sum(by * each[place] for _, by, each in SIZES.values())
        # Programs take as much as they ask for, rounded up.
        if abs(found[place] - expected) > 16:
            sys.exit(f"{column}: {found[place]} bytes more, expected {expected}")
    rows |= {name: each for name, (_, _, each) in SIZES.items()}

    with RECORD.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows([name, *rows[name]] for name in sorted(rows))


main()
