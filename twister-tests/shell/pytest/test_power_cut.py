# SPDX-License-Identifier: Apache-2.0

"""Power is cut while a program is installed: the process is killed, the file that is its
flash stays. Needs flash that takes its time (testcase.yaml)."""

import re
import subprocess
import threading
import time
from pathlib import Path

import pytest

CONTROL = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
PROMPT = "uart:~$ "
# The partition of the store (slot1_partition).
STORE = slice(0x75000, 0x75000 + 0x69000)


class Device:
    """The firmware as a process, with its flash in a file."""

    def __init__(self, program: Path, flash: Path):
        self._process = subprocess.Popen(
            [program, f"--flash={flash}"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
        self._output = ""
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.wait_for(PROMPT)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.cut()

    def _read(self):
        while data := self._process.stdout.read1():
            with self._changed:
                self._output += data.decode(errors="replace")
                self._changed.notify_all()

    def wait_for(self, text: str, timeout: float = 60):
        with self._changed:
            found = self._changed.wait_for(
                lambda: text in CONTROL.sub("", self._output), timeout)
            assert found, self._output

    def start(self, command: str):
        """Gives a command."""
        with self._changed:
            self._output = ""
        self._process.stdin.write(f"{command}\n".encode())
        self._process.stdin.flush()

    def do(self, command: str) -> str:
        """Gives a command; returns what it printed."""
        self.start(command)
        self.wait_for(PROMPT)
        shown = CONTROL.sub("", self._output).replace("\r", "")
        # Around it, the terminal may have been told part of more.
        return shown.partition(command)[2].rpartition(PROMPT)[0].strip()

    def cut(self):
        """Power is gone, at once."""
        self._process.kill()
        self._process.wait()
        self._reader.join()


def is_whole(device: Device):
    """The store works: what was installed first is there and runs."""
    listed = device.do("wasm list")
    assert re.search(r"^first .* installed", listed, re.MULTILINE), listed
    assert device.do("wasm run first") == "Hello from WebAssembly!"


@pytest.fixture(scope="module")
def program(device_object) -> Path:
    return Path(device_object.device_config.app_build_dir) / "zephyr" / "zephyr.exe"


@pytest.fixture(scope="module")
def installed(program, tmp_path_factory) -> tuple[bytes, float]:
    """Flash with a program, and how many seconds it takes to install another there."""
    flash = tmp_path_factory.mktemp("flash") / "flash.bin"
    with Device(program, flash) as device:
        assert device.do("wasm install hello-c first") == ""
        is_whole(device)
    content = flash.read_bytes()
    with Device(program, flash) as device:
        begun = time.monotonic()
        assert device.do("wasm install trap second") == ""
        taken = time.monotonic() - begun
    return content, taken


@pytest.mark.parametrize("name", ["second", "first"])
def test_cut_while_installing(program, installed, tmp_path, name):
    content, taken = installed
    flash = tmp_path / "flash.bin"
    partial = 0
    for part in range(1, 20):
        flash.write_bytes(content)
        with Device(program, flash) as device:
            device.start(f"wasm install trap {name}")
            time.sleep(taken * part / 20)
        cut = flash.read_bytes()[STORE]
        with Device(program, flash) as device:
            listed = device.do("wasm list")
            replaced = name == "first" and "failed" in device.do("wasm run first unreachable")
            if not replaced:
                is_whole(device)
            if cut != content[STORE] and f"{name} " not in listed.replace("first ", ""):
                partial += 1
            # The same again, to the end.
            assert device.do(f"wasm install trap {name}") == ""
            assert device.do(f"wasm run {name} unreachable").endswith(f"{name}: failed")
            assert device.do(f"wasm remove {name}") == ""
    # Most cuts were in the middle of it.
    assert partial >= 5
