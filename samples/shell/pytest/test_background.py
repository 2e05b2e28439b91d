# SPDX-License-Identifier: Apache-2.0

"""Programs in the background."""

import re

from conftest import CTRL_C


def test_watch_and_kill(terminal):
    number = terminal.background("spin")
    terminal.wait_for_state(number, "running")
    heading, *lines = terminal.do("wasm ps")
    assert heading.split() == ["ID", "STATE", "TIME", "ms", "HEAP", "STACK", "MEMORY",
                               "FRAMES", "NAME"]
    line = next(line for line in lines if line.split()[0] == str(number))
    found = re.fullmatch(r"\d+ running +(\d+) +(\d+) +(\d+)/ ?(\d+) +(\d+) +(\d+) spin", line)
    assert found, line
    time, heap, stack, stack_size, _, frames = map(int, found.groups())
    assert heap > 0
    assert 0 < stack < stack_size
    assert frames > 0
    assert terminal.do(f"wasm kill {number}") == []
    assert terminal.states()[number] == "stopped"
    assert "no such program runs" in terminal.do(f"wasm kill {number}")[0]


def test_top(terminal):
    number = terminal.background("spin")
    shown = terminal.do("wasm top 1 2")
    uses = [float(line.split()[1]) for line in shown if line.endswith(" spin")]
    assert len(uses) == 2
    # Nothing else computes.
    assert 50 < uses[1] <= 100.1
    terminal.start("wasm top")
    terminal.expect("ID +CPU %")
    terminal.type(CTRL_C)
    terminal.finish()
    terminal.do(f"wasm kill {number}")


def test_log(terminal):
    number = terminal.background("hello")
    terminal.wait_for_state(number, "done")
    assert terminal.do(f"wasm log {number}") == ["Hello from WebAssembly!"]
    assert "no such program" in terminal.do("wasm log 99999")[0]


def test_output_while_a_line_is_typed(terminal):
    number = terminal.background("clock 5 300")
    # Typed in two parts, with output in between: nothing of it is lost.
    terminal.type("wasm run ")
    terminal.expect("tick [2-4]")
    terminal.type("exit 7\n")
    terminal.expect("exit: exit status 7")
    terminal.wait_for_state(number, "done")


def test_several(terminal):
    numbers = [terminal.background("spin") for _ in range(3)]
    assert terminal.do("wasm run hello") == ["Hello from WebAssembly!"]
    for number in numbers:
        terminal.do(f"wasm kill {number}")
    assert [terminal.states()[number] for number in numbers] == ["stopped"] * 3


def test_too_many(terminal):
    numbers = [terminal.background("clock 100 100000") for _ in range(4)]
    assert terminal.do("wasm run hello") == ["hello: too many programs run"]
    for number in numbers:
        terminal.do(f"wasm kill {number}")
    assert terminal.do("wasm run hello") == ["Hello from WebAssembly!"]


def test_kill_what_waits(terminal):
    for program in ["clock 100 100000", "--tcplisten 127.0.0.1:7078 echo-server"]:
        number = terminal.background(program)
        terminal.wait_for_state(number, "waiting")
        terminal.do(f"wasm kill {number}")
        assert terminal.states()[number] == "stopped"


def test_most_urgent(terminal):
    # It never waits, and the shell goes on.
    number = terminal.background("--prio 10 spin")
    terminal.wait_for_state(number, "running")
    assert "ID" in terminal.do("wasm ps")[0]
    assert terminal.do(f"wasm kill {number}") == []
    assert terminal.states()[number] == "stopped"
