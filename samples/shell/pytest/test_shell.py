# SPDX-License-Identifier: Apache-2.0

"""Runs the programs of the sample from its shell, as a person would."""

from twister_harness import DeviceAdapter, Shell


def run(dut: DeviceAdapter, command: str, last_line: str) -> str:
    """What a command prints, up to a line that contains this."""
    dut.clear_buffer()
    dut.write(f"{command}\n".encode())
    return "\n".join(dut.readlines_until(regex=last_line))


def test_list(shell: Shell):
    listed = "\n".join(shell.exec_command("wasm list"))
    for name in ["hello", "hello-c", "clock", "exit", "trap"]:
        assert f"\n{name} " in listed


def test_greeting(shell: Shell, dut: DeviceAdapter):
    for name in ["hello", "hello-c"]:
        run(dut, f"wasm run {name}", "Hello from WebAssembly!")


def test_arguments_and_exit_status(shell: Shell, dut: DeviceAdapter):
    run(dut, "wasm run exit 3", "exit: exit status 3")
    run(dut, "wasm run exit 4", "exit: exit status 4")


def test_traps(shell: Shell, dut: DeviceAdapter):
    printed = run(dut, "wasm run trap unreachable", "trap: failed")
    assert "trap: unreachable" in printed
    assert "in _start" in printed
    assert "integer divide by zero" in run(dut, "wasm run trap divide", "trap: failed")


def test_unknown_program(shell: Shell, dut: DeviceAdapter):
    run(dut, "wasm run nothing", "nothing: no such program")


def test_programs_give_everything_back(shell: Shell, dut: DeviceAdapter):
    # The pool holds a few programs, not forty.
    for _ in range(20):
        run(dut, "wasm run trap unreachable", "trap: failed")
        run(dut, "wasm run hello-c", "Hello from WebAssembly!")
