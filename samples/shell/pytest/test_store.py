# SPDX-License-Identifier: Apache-2.0

"""Programs are installed, run from where they are, and removed."""

import re


def installed(terminal) -> list[str]:
    return [line.split()[0] for line in terminal.do("wasm list") if "installed" in line]


def test_install_run_remove(terminal):
    assert terminal.do("wasm install /lfs/hello-c.wasm greet") == []
    assert installed(terminal) == ["greet"]
    # The array of the flash simulator may lie at an odd address in other firmware.
    if terminal.is_native():
        assert any("runs in place" in line for line in terminal.do("wasm list"))
    assert terminal.do("wasm run greet") == ["Hello from WebAssembly!"]
    assert terminal.do("wasm info greet") != []
    # Another program by the same name takes its place.
    assert terminal.do("wasm install /lfs/trap.wasm greet") == []
    assert terminal.do("wasm run greet unreachable")[-1] == "greet: failed"
    assert terminal.do("wasm remove greet") == []
    assert installed(terminal) == []
    assert "no such program" in terminal.do("wasm run greet")[0]


def test_install_by_the_name_of_the_file(terminal):
    assert terminal.do("wasm install /lfs/hello-c.wasm") == []
    assert installed(terminal) == ["hello-c"]
    assert terminal.do("wasm remove hello-c") == []


def test_remove_while_it_runs(terminal):
    assert terminal.do("wasm install spin spin2") == []
    number = terminal.background("spin2")
    terminal.wait_for_state(number, "running")
    # What runs in place stays until it has ended.
    terminal.do("wasm remove spin2")
    assert terminal.states()[number] == "running"
    assert terminal.do(f"wasm kill {number}") == []
    terminal.do("wasm remove spin2")
    assert installed(terminal) == []


def test_full_store(terminal):
    count = 0
    while not (printed := terminal.do(f"wasm install hello hello{count}")):
        count += 1
        assert count < 100
    assert re.search("room|full", printed[0]), printed
    assert count > 0
    assert len(installed(terminal)) == count
    assert terminal.do("wasm run hello0") == ["Hello from WebAssembly!"]
    for number in range(count):
        assert terminal.do(f"wasm remove hello{number}") == []
    assert terminal.do("wasm install hello hello0") == []
    assert terminal.do("wasm remove hello0") == []
