# SPDX-License-Identifier: Apache-2.0

"""The sample on a board of 64 KB, with sockets instead of files."""


def test_greeting(terminal):
    assert terminal.do("wasm run hello") == ["Hello from WebAssembly!"]


def test_echo_server(terminal):
    number = terminal.background("--tcplisten 127.0.0.1:7077 echo-server 1", "waiting")
    terminal.exchange(7077, "to-the-device")
    terminal.wait_for_state(number, "done")
    assert terminal.do(f"wasm log {number}") == ["13 bytes echoed"]
