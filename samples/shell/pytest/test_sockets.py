# SPDX-License-Identifier: Apache-2.0

"""A server in a program."""

import socket

import pytest


def test_echo_server(terminal, dut):
    if dut.device_config.type != "native":
        pytest.skip("`net tcp connect` does not reach the loopback interface here; with a client "
                    "in the firmware, twister-tests/programs has this case on these boards")
    number = terminal.background("--tcplisten 127.0.0.1:7077 echo-server 1")
    terminal.wait_for_state(number, "waiting")
    # Its sockets are the computer's.
    with socket.create_connection(("127.0.0.1", 7077), timeout=20) as connection:
        connection.sendall(b"to the device")
        assert connection.recv(64) == b"to the device"
    terminal.wait_for_state(number, "done")
    assert terminal.do(f"wasm log {number}") == ["13 bytes echoed"]
