# SPDX-License-Identifier: Apache-2.0

"""A server in a program."""

import socket


def test_echo_server(terminal):
    number = terminal.background("--tcplisten 127.0.0.1:7077 echo-server 1", "waiting")
    if terminal.is_native():
        # Its sockets are the computer's.
        with socket.create_connection(("127.0.0.1", 7077), timeout=20) as connection:
            connection.sendall(b"to the device")
            assert connection.recv(64) == b"to the device"
    else:
        terminal.exchange(7077, "to-the-device")
    terminal.wait_for_state(number, "done")
    assert terminal.do(f"wasm log {number}") == ["13 bytes echoed"]
