# SPDX-License-Identifier: Apache-2.0

"""Programs in the foreground."""


def test_list(terminal):
    listed = terminal.do("wasm list")
    for name in ["hello", "cat", "ls", "wc", "copy", "json", "clock", "spin", "exit"]:
        assert any(line.startswith(f"{name} ") and "image in the firmware" in line
                   for line in listed), name
    assert any(line.startswith("trap ") and "module in the firmware" in line for line in listed)


def test_greeting(terminal):
    assert terminal.do("wasm run hello") == ["Hello from WebAssembly!"]
    assert terminal.do("wasm run hello-c") == ["Hello from WebAssembly!"]


def test_exit_status(terminal):
    assert terminal.do("wasm run exit 3") == ["exit: exit status 3"]
    assert terminal.do("wasm run exit 0") == []


def test_trap_with_backtrace(terminal):
    printed = terminal.do("wasm run trap unreachable")
    assert printed[0] == "trap: unreachable"
    assert "in trap_unreachable" in printed
    assert "in _start" in printed
    assert printed[-1] == "trap: failed"
    assert any("integer divide by zero" in line for line in terminal.do("wasm run trap divide"))


def test_file_of_the_file_system(terminal):
    assert terminal.do("wasm run /lfs/hello-c.wasm") == ["Hello from WebAssembly!"]


def test_directory(terminal):
    listed = terminal.do("wasm run --dir /lfs ls /lfs")
    assert "greeting.txt" in listed
    assert "hello-c.wasm" in listed
    assert terminal.do("wasm run --dir /lfs cat /lfs/greeting.txt")[0] == "Hello from a file."
    # By a name of its own, and only that.
    assert "greeting.txt" in terminal.do("wasm run --dir /lfs::/data ls /data")
    assert terminal.do("wasm run --dir /lfs::/data ls /lfs")[-1] == "ls: exit status 1"


def test_count(terminal):
    (counted,) = terminal.do("wasm run --dir /lfs wc /lfs/greeting.txt")
    assert counted.split()[:3] == ["2", "13", "70"]


def test_copy(terminal):
    assert terminal.do("wasm run --dir /lfs copy /lfs/greeting.txt /lfs/copy.txt") == [
        "70 bytes copied"
    ]
    assert terminal.do("wasm run --dir /lfs cat /lfs/copy.txt")[0] == "Hello from a file."
    # Zephyr's own command sees the same.
    assert "Hello from a file." in terminal.do("fs cat /lfs/copy.txt")
    terminal.do("fs rm /lfs/copy.txt")
    assert "copy.txt" not in terminal.do("wasm run --dir /lfs ls /lfs")


def test_file_written_by_the_shell(terminal):
    # "one two", as `fs write` takes it.
    terminal.do("fs write /lfs/words 6f 6e 65 20 74 77 6f")
    (counted,) = terminal.do("wasm run --dir /lfs wc /lfs/words")
    assert counted.split()[:3] == ["0", "2", "7"]
    # What has no end of line is followed by the prompt on the same line.
    assert terminal.do("wasm run --dir /lfs cat /lfs/words") == ["one two"]
    terminal.do("fs rm /lfs/words")


def test_environment(terminal):
    assert terminal.do("wasm run --env A=B --env NAME=x=y env") == ["A=B", "NAME=x=y"]
    # Each run has its own.
    assert terminal.do("wasm run --env C= env") == ["C="]
    assert terminal.do("wasm run env") == []


def test_bounds(terminal):
    assert terminal.do("wasm run --fuel 100000000 --timeout 10s --mem 4M hello") == [
        "Hello from WebAssembly!"
    ]
    printed = terminal.do("wasm run --fuel 1000 spin")
    assert printed[0] == "trap: all fuel consumed"
    assert printed[-1] == "spin: failed"
    assert terminal.do("wasm run --timeout 300ms spin")[-1] == "spin: its time was over"


def test_info(terminal):
    for name in ["trap", "/lfs/hello-c.wasm"]:
        described = terminal.do(f"wasm info {name}")
        assert "memory: 65536 bytes" in described
        assert "import: wasi_snapshot_preview1 fd_write" in described
        assert "export: _start, function" in described


def test_many_times(terminal):
    # The pool holds a few programs, not forty.
    for _ in range(20):
        assert terminal.do("wasm run trap unreachable")[-1] == "trap: failed"
        assert terminal.do("wasm run hello-c") == ["Hello from WebAssembly!"]
