# SPDX-License-Identifier: Apache-2.0

"""The sample runs a program. All else that it does is tested by twister-tests/shell."""


def test_hello(shell):
    assert "Hello from WebAssembly!" in shell.exec_command("wasm run hello")
