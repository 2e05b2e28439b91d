# SPDX-License-Identifier: Apache-2.0

"""The sample on a board of 64 KB: programs with memories of 1 to 2 KB."""


def test_list(terminal):
    listed = terminal.do("wasm list")
    for name in ["hello", "cat", "ls", "wc", "echo-server", "spin"]:
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


def test_stopped(terminal):
    terminal.kill(terminal.background("spin", "running"))
