# SPDX-License-Identifier: Apache-2.0

"""The sample on a board of 64 KB: programs with memories of 1 to 2 KB."""

import re

from conftest import CTRL_C, CTRL_D, PATIENCE_OF_READERS


def test_list(terminal):
    listed = terminal.do("wasm list")
    for name in ["hello", "cat", "ls", "wc", "clock", "echo-server", "spin"]:
        assert any(line.startswith(f"{name} ") and "image in the firmware" in line
                   for line in listed), name


def test_greeting(terminal):
    for _ in range(10):
        assert terminal.do("wasm run hello") == ["Hello from WebAssembly!"]


def test_files(terminal):
    # "one two" and the end of the line, as `fs write` takes it.
    terminal.do("fs write /lfs/words 6f 6e 65 20 74 77 6f 0a")
    assert terminal.do("wasm run --dir /lfs cat /lfs/words") == ["one two"]
    assert terminal.do("wasm run --dir /lfs wc /lfs/words") == ["1 2 8 /lfs/words"]
    listed = terminal.do("wasm run --dir /lfs ls /lfs")
    assert "words" in listed
    assert listed == sorted(listed)
    terminal.do("fs rm /lfs/words")
    assert "words" not in terminal.do("wasm run --dir /lfs ls /lfs")


def test_missing_file(terminal):
    assert terminal.do("wasm run --dir /lfs cat /lfs/nothing") == [
        "cat: /lfs/nothing: no such file or directory",
        "cat: exit status 1",
    ]


def test_ticks(terminal):
    printed = terminal.do("wasm run clock 3 50")
    times = [int(re.fullmatch(rf"tick {tick}: (\d+) ms", line)[1])
             for tick, line in enumerate(printed, 1)]
    assert len(times) == 3 and all(time >= 50 * tick for tick, time in enumerate(times, 1))


def test_directories_are_apart(terminal):
    for name in ["one", "two"]:
        terminal.do(f"fs mkdir /lfs/{name}")
        terminal.do(f"fs write /lfs/{name}/text {name.encode().hex(' ')} 0a")
    for mine, other in [("one", "two"), ("two", "one")]:
        assert terminal.do(f"wasm run --dir /lfs/{mine} cat /lfs/{mine}/text") == [mine]
        for path in [f"/lfs/{other}/text", f"/lfs/{mine}/../{other}/text"]:
            printed = terminal.do(f"wasm run --dir /lfs/{mine} cat {path}")
            assert printed[0].startswith(f"cat: {path}: ")
            assert printed[1:] == ["cat: exit status 1"]
    for name in ["one", "two"]:
        terminal.do(f"fs rm /lfs/{name}/text")
        terminal.do(f"fs rm /lfs/{name}")


def test_no_memory_left(terminal):
    # A thread's stack that the pool has not.
    assert "out of memory" in terminal.do("wasm run --stack 1M hello")[0]
    printed = terminal.do("wasm run --mem 100 hello")
    assert "memory" in printed[0] and printed[-1] == "hello: failed"
    assert terminal.do("wasm run hello") == ["Hello from WebAssembly!"]


def test_too_many(terminal):
    numbers = [terminal.background("spin", "running") for _ in range(2)]
    assert terminal.do("wasm run hello") == ["hello: too many programs run"]
    for number in numbers:
        terminal.kill(number)
    assert terminal.do("wasm run hello") == ["Hello from WebAssembly!"]


def test_input(terminal):
    terminal.start("wasm run wc")
    terminal.type(f"three words here\n{CTRL_D}")
    assert terminal.finish(patience=PATIENCE_OF_READERS)[-1] == "1 3 17 -"


def test_stopped(terminal):
    terminal.kill(terminal.background("spin", "running"))


def test_kill_what_sleeps(terminal):
    # For 31 years, since the emulator's clock leaps to the next event when all wait.
    terminal.kill(terminal.background("clock 1 1000000000000", "waiting"))


def test_interrupt_what_computes(terminal):
    terminal.start("wasm run spin")
    terminal.type(CTRL_C)
    assert terminal.finish()[-1] == "spin: stopped"


def test_interrupt_what_reads(terminal):
    terminal.start("wasm run cat")
    terminal.type(f"half a line{CTRL_C}")
    assert terminal.finish()[-1] == "cat: stopped"
