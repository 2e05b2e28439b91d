# SPDX-License-Identifier: Apache-2.0

"""A person at the shell of the sample."""

import re
import time

import pytest
from twister_harness import DeviceAdapter
from twister_harness.exceptions import TwisterHarnessTimeoutException

from screen import shown

PROMPT = "uart:~$"
HEAP = re.compile(r"heap: (\d+) bytes allocated")
# What a program is that has not ended.
ALIVE = ["loading", "running", "waiting", "stopping"]
STATES = [*ALIVE, "done", "exited", "failed", "stopped", "timed out"]
# Seconds without a line until a prompt is taken to be there.
PATIENCE = 0.05
# The same while a program may still read what is typed to find a prompt.
PATIENCE_OF_READERS = 1

CTRL_C = "\x03"
CTRL_D = "\x04"
BACKSPACE = "\x08"


class Terminal:
    """Types, and reads what is shown, line by line."""

    def __init__(self, dut: DeviceAdapter):
        self._dut = dut

    def type(self, text: str):
        self._dut.write(text.encode())

    def _line(self, timeout: float) -> str:
        return shown(self._dut.readline(timeout=timeout))

    def expect(self, pattern: str, timeout: float = 20) -> re.Match:
        """Reads up to a line with this in it."""
        seen = []
        until = time.monotonic() + timeout
        while time.monotonic() < until:
            try:
                line = self._line(0.1)
            except TwisterHarnessTimeoutException:
                continue
            seen.append(line)
            if found := re.search(pattern, line):
                return found
        raise AssertionError(f"{pattern!r} is not in {seen}")

    def start(self, command: str):
        """Gives a command, and reads up to its echo."""
        self.type(f"{command}\n")
        # A long line is broken.
        self.expect(re.escape(f"{PROMPT} {command}"[:60]))

    def finish(self, timeout: float = 30, patience: float = PATIENCE) -> list[str]:
        """Reads up to the next prompt: what a command printed."""
        lines = []
        until = time.monotonic() + timeout
        while time.monotonic() < until:
            try:
                line = self._line(patience)
            except TwisterHarnessTimeoutException:
                # A prompt is read only when its line ends.
                self.type("\n")
                continue
            if line.endswith(PROMPT):
                before = line.removesuffix(PROMPT).strip()
                return lines + [before] if before else lines
            lines.append(line)
        raise AssertionError(f"no prompt behind {lines}")

    def is_native(self) -> bool:
        """Whether the firmware is a process of the computer."""
        return self._dut.device_config.type == "native"

    def do(self, command: str, timeout: float = 30) -> list[str]:
        """Gives a command; returns the lines that it printed."""
        self.start(command)
        return self.finish(timeout)

    def background(self, command: str, state: str | None = None) -> int:
        """Starts a program in the background, and waits for a state that it comes to;
        returns its number."""
        self.start(f"wasm run {command} &")
        number = int(self.expect(r"^\[(\d+)\] ")[1])
        if state is not None:
            self.wait_for_state(number, state)
        return number

    def kill(self, number: int):
        """Stops a program."""
        assert self.do(f"wasm kill {number}") == []
        assert self.states()[number] == "stopped"

    def kill_all(self) -> list[int]:
        """Stops what runs, also in the foreground; returns the numbers."""
        self.type(CTRL_C)
        alive = [number for number, state in self.states().items() if state in ALIVE]
        for number in alive:
            self.do(f"wasm kill {number}")
        return alive

    def states(self) -> dict[int, str]:
        """The states of all programs that are known, by number."""
        pattern = re.compile(rf"^(\d+) ({'|'.join(STATES)}) ")
        matches = (pattern.match(line) for line in self.do("wasm ps"))
        return {int(found[1]): found[2] for found in matches if found}

    def wait_for_state(self, number: int, state: str, timeout: float = 20):
        until = time.monotonic() + timeout
        while (last := self.states().get(number)) != state:
            assert time.monotonic() < until, f"program {number} is {last}, not {state}"

    def exchange(self, port: int, text: str):
        """Sends text to an echo server with Zephyr's own command, which tells how much comes
        back, and closes the connection."""
        self.start(f"net tcp connect 127.0.0.1 {port}")
        self.expect("^TCP connected$")
        self.do("net tcp recv")
        self.start(f"net tcp send {text}")
        # With the headers of IP and TCP.
        self.expect(f"^{20 + 20 + len(text)} bytes received$")
        self.do("net tcp close")

    def heap(self) -> int:
        """Bytes that are allocated."""
        found = HEAP.search("\n".join(self.do("wasm ps")))
        assert found
        return int(found[1])


@pytest.fixture(scope="session", autouse=True)
def new_flash(device_object: DeviceAdapter):
    """Each run of the tests has empty flash, also where it is a file that stays."""
    if device_object.device_config.type == "native":
        device_object.generate_command()
        device_object.command.append("--flash_in_ram")


@pytest.fixture
def terminal(shell, dut: DeviceAdapter):
    """The terminal of a shell; after the test, everything must have been given back."""
    terminal = Terminal(dut)
    before = terminal.heap()
    yield terminal
    # The next test is not to fail because of this one.
    left = terminal.kill_all()
    assert left == []
    assert terminal.heap() == before, terminal.do("wasm ps")
