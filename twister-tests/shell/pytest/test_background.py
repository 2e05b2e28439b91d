# SPDX-License-Identifier: Apache-2.0

"""Programs in the background."""

import re
import time

from conftest import CTRL_C

# It waits in poll, and prints nothing more.
WAITING = "clock 100 100000"


def test_watch_and_kill(terminal):
    number = terminal.background("spin", "running")
    heading, *lines = terminal.do("wasm ps")
    assert heading.split() == ["ID", "STATE", "TIME", "ms", "HEAP", "STACK", "MEMORY",
                               "FRAMES", "NAME"]
    line = next(line for line in lines if line.split()[0] == str(number))
    found = re.fullmatch(r"\d+ running +(\d+) +(\d+) +(\d+)/ ?(\d+) +(\d+) +(\d+) spin", line)
    assert found, line
    used, heap, stack, stack_size, memory, frames = map(int, found.groups())
    assert memory == 65536
    assert heap > memory
    assert 0 < stack < stack_size
    assert frames > 0
    # It computes all the time.
    later = next(line for line in terminal.do("wasm ps") if line.split()[0] == str(number))
    assert int(later.split()[2]) > used
    terminal.kill(number)
    assert terminal.do(f"wasm kill {number}") == [
        f"{number}: no such program runs; `wasm ps` shows those that do"
    ]


def test_top(terminal):
    number = terminal.background("spin")
    printed = terminal.do("wasm top 1 2")
    uses = [float(line.split()[1]) for line in printed if line.endswith(" spin")]
    assert len(uses) == 2
    # Nothing else computes.
    assert 50 < uses[1] <= 100.1
    terminal.start("wasm top")
    terminal.expect("ID +CPU %")
    terminal.type(CTRL_C)
    terminal.finish()
    terminal.kill(number)


def test_log(terminal):
    number = terminal.background("hello", "done")
    assert terminal.do(f"wasm log {number}") == ["Hello from WebAssembly!"]
    assert terminal.do("wasm log 99999") == ["99999: no such program"]


def test_output_while_a_line_is_typed(terminal):
    number = terminal.background("clock 5 300")
    # Typed in two parts, with output in between: nothing of it is lost.
    terminal.type("wasm run ")
    terminal.expect("^tick [2-4]: [0-9]+ ms$")
    terminal.type("exit 7\n")
    terminal.expect("^exit: exit status 7$")
    terminal.wait_for_state(number, "done")
    ticks = [line for line in terminal.do(f"wasm log {number}") if line.startswith("tick ")]
    assert len(ticks) == 5


def test_output_in_pieces(terminal):
    # It writes its first line in pieces, and the prompt comes behind each.
    number = terminal.background("clock 1 100")
    lines = [terminal.expect("^(wall clock|clock: wall clock): .*$")[0]]
    lines.append(terminal.expect("^monotonic clock: .*$")[0])
    lines.append(terminal.expect("^tick 1: .*$")[0])
    terminal.wait_for_state(number, "done")
    assert terminal.do(f"wasm log {number}") == lines


def test_output_without_an_end(terminal):
    # "one two", as `fs write` takes it.
    terminal.do("fs write /lfs/words 6f 6e 65 20 74 77 6f")
    number = terminal.background("--dir /lfs cat /lfs/words")
    until = time.monotonic() + 20
    while terminal.finish() != ["one two"]:
        assert time.monotonic() < until
    terminal.wait_for_state(number, "done")
    terminal.do("fs rm /lfs/words")


def test_several(terminal):
    numbers = [terminal.background("spin") for _ in range(3)]
    assert terminal.do("wasm run hello") == ["Hello from WebAssembly!"]
    for number in numbers:
        terminal.kill(number)


def test_too_many(terminal):
    numbers = [terminal.background(WAITING, "waiting") for _ in range(4)]
    assert terminal.do("wasm run hello") == ["hello: too many programs run"]
    for number in numbers:
        terminal.kill(number)
    assert terminal.do("wasm run hello") == ["Hello from WebAssembly!"]


def test_kill_what_waits(terminal):
    for program in [WAITING, "--tcplisten 127.0.0.1:7078 echo-server"]:
        number = terminal.background(program, "waiting")
        terminal.kill(number)


def test_most_urgent(terminal):
    # It never waits, and the shell goes on.
    number = terminal.background("--prio 10 spin", "running")
    terminal.kill(number)
