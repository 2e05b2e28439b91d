# SPDX-License-Identifier: Apache-2.0

"""A server in a program."""

import socket

SERVER = "--tcplisten 127.0.0.1:7077 echo-server 1"


def test_echo_server(terminal, dut):
    number = terminal.background(SERVER)
    terminal.wait_for_state(number, "waiting")
    if dut.device_config.type == "native":
        # Its sockets are the computer's.
        with socket.create_connection(("127.0.0.1", 7077), timeout=20) as connection:
            connection.sendall(b"to the device")
            assert connection.recv(64) == b"to the device"
    else:
        terminal.do("net tcp connect 127.0.0.1 7077")
        terminal.do("net tcp recv")
        terminal.do("net tcp send to-the-device")
        terminal.do("net tcp close")
    terminal.wait_for_state(number, "done")
    assert terminal.do(f"wasm log {number}") == ["13 bytes echoed"]
