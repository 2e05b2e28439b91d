# SPDX-License-Identifier: Apache-2.0

"""The sample on a board of 64 KB, with sockets instead of files."""

from conftest import CTRL_C

SERVER = "--tcplisten 127.0.0.1:7077 echo-server"


def test_greeting(terminal):
    assert terminal.do("wasm run hello") == ["Hello from WebAssembly!"]


def test_echo_server(terminal):
    number = terminal.background(f"{SERVER} 1", "waiting")
    terminal.exchange(7077, "to-the-device")
    terminal.wait_for_state(number, "done")
    assert terminal.do(f"wasm log {number}") == ["13 bytes echoed"]


def test_kill_what_accepts(terminal):
    terminal.kill(terminal.background(SERVER, "waiting"))


def test_interrupt_what_accepts(terminal):
    terminal.start(f"wasm run {SERVER}")
    terminal.type(CTRL_C)
    assert terminal.finish()[-1] == "echo-server: stopped"
