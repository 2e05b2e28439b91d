# SPDX-License-Identifier: Apache-2.0

"""What is wrong is said, and the shell goes on."""

import re

import pytest


def test_missing_file(terminal):
    assert terminal.do("wasm run /lfs/nothing.wasm") == [
        "/lfs/nothing.wasm: not found", "/lfs/nothing.wasm: failed"
    ]
    assert terminal.do("wasm run /nowhere/nothing.wasm") == [
        "/nowhere/nothing.wasm: not found", "/nowhere/nothing.wasm: failed"
    ]
    for command in ["install", "info"]:
        assert terminal.do(f"wasm {command} /lfs/nothing.wasm") == [
            "/lfs/nothing.wasm: not found", "/lfs/nothing.wasm: failed"
        ]


def test_missing_program(terminal):
    assert "no such program" in terminal.do("wasm run nothing")[0]
    assert "no such file" in terminal.do("wasm install nothing")[0]
    assert terminal.do("wasm remove nothing") == ["nothing: no such program"]


def test_not_a_module(terminal):
    printed = terminal.do("wasm run /lfs/greeting.txt")
    assert "not a module" in printed[0]
    printed = terminal.do("wasm install /lfs/greeting.txt")
    assert "magic header not detected" in printed[0]
    assert printed[-1] == "/lfs/greeting.txt: failed"
    assert not any("greeting" in line for line in terminal.do("wasm list"))


def test_module_that_ends_early(terminal):
    terminal.do("fs write /lfs/short.wasm 00 61 73 6d 01 00 00 00 01")
    assert "not a module" in terminal.do("wasm run /lfs/short.wasm")[0]
    terminal.do("fs rm /lfs/short.wasm")


def test_image_of_another_version(terminal):
    # The header of an image, 64 bytes of which the version comes behind the magic number.
    header = b"\0thm\x63\0" + bytes(58)
    for offset in range(0, len(header), 8):
        terminal.do(f"fs write /lfs/other.thm -o {offset} {header[offset:offset + 8].hex(' ')}")
    assert "version" in "\n".join(terminal.do("wasm run /lfs/other.thm"))
    printed = terminal.do("wasm install /lfs/other.thm")
    assert "version" in printed[0]
    assert printed[-1] == "/lfs/other.thm: failed"
    terminal.do("fs rm /lfs/other.thm")


@pytest.mark.parametrize("command", [
    "wasm run --prio 9 hello",
    "wasm run --prio -1 hello",
    "wasm run --prio 99 hello",
])
def test_priority_that_is_not_allowed(terminal, command):
    assert terminal.do(command) == ["hello: not a priority that programs may have"]


@pytest.mark.parametrize("words", [
    "run --prio much hello",
    "run --mem 1X hello",
    "run --timeout soon hello",
    "run --env A hello",
    "run --unknown hello",
    "kill me",
    "log me",
    "top 0",
    "install a b c",
    "remove",
])
def test_wrong_words(terminal, words):
    printed = terminal.do(f"wasm {words}")
    assert any(word in "\n".join(printed).lower() for word in ["usage", "wrong"]), printed


def test_too_little_memory_for_it(terminal):
    printed = terminal.do("wasm run --mem 1K hello")
    assert re.search(r"\bmemory\b.*\b1024\b", printed[0]), printed
    assert printed[-1] == "hello: failed"


def test_no_memory_left(terminal):
    # A thread's stack that the pool has not.
    assert "out of memory" in terminal.do("wasm run --stack 16M hello")[0]
    # Another program has most of the pool.
    number = terminal.background("--stack 500K clock 100 100000", "waiting")
    assert "out of memory" in terminal.do("wasm run --stack 500K hello")[0]
    terminal.kill(number)
    assert terminal.do("wasm run --stack 500K hello") == ["Hello from WebAssembly!"]


def test_address_in_use(terminal):
    number = terminal.background("--tcplisten 127.0.0.1:7079 echo-server", "waiting")
    printed = terminal.do("wasm run --tcplisten 127.0.0.1:7079 echo-server")
    assert "address in use" in printed[0]
    assert printed[-1] == "echo-server: failed"
    terminal.kill(number)


def test_address_that_is_none(terminal):
    (printed,) = terminal.do("wasm run --tcplisten nonsense echo-server")
    assert "an option is not what it should be" in printed


def test_directory_that_is_not_there(terminal):
    for path in ["/lfs/nothing", "/nowhere"]:
        assert terminal.do(f"wasm run --dir {path} ls") == [
            f"ls: {path}: not found", "ls: failed"
        ]
