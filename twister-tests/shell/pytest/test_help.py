# SPDX-License-Identifier: Apache-2.0

"""Completion and help."""

from conftest import CTRL_C


def complete(terminal, line: str) -> str:
    """What a line becomes with Tab, and then Enter."""
    terminal.type(f"{line}\t\n")
    return terminal.expect(r"uart:~\$ (wasm .*)")[1].strip()


def test_commands_are_completed(terminal):
    terminal.type("wasm r\t")
    terminal.expect("remove *run")
    terminal.type(f"{CTRL_C}\n")
    terminal.finish()


def test_names_are_completed(terminal):
    assert complete(terminal, "wasm run hello-") == "wasm run hello-c"
    terminal.expect("Hello from WebAssembly!")
    terminal.finish()
    terminal.do("wasm install /lfs/trap.wasm zebra")
    # Of what can be removed, it is the only one.
    assert complete(terminal, "wasm remove ") == "wasm remove zebra"
    terminal.finish()
    assert not any(line.startswith("zebra") for line in terminal.do("wasm list"))


def test_names_are_listed(terminal):
    terminal.type("wasm run \t")
    terminal.expect("cat *clock")
    terminal.type(f"{CTRL_C}\n")
    terminal.finish()


def test_numbers_are_completed(terminal):
    number = terminal.background("spin", "running")
    # Of what can be stopped, it is the only one.
    assert complete(terminal, "wasm kill ") == f"wasm kill {number}"
    terminal.finish()
    assert terminal.states()[number] == "stopped"
    ended = terminal.background("hello", "done")
    terminal.type("wasm log \t")
    terminal.expect(rf"^(.* )?{number} +{ended}( .*)?$")
    terminal.type(f"{CTRL_C}\n")
    terminal.finish()


def test_help(terminal):
    described = "\n".join(terminal.do("wasm -h"))
    for name in ["run", "ps", "kill", "top", "info", "compile", "install", "list", "remove", "log"]:
        assert f"{name} " in described
    assert "--tcplisten" in "\n".join(terminal.do("wasm run -h"))
