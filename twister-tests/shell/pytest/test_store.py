# SPDX-License-Identifier: Apache-2.0

"""Programs are installed, run from where they are, and removed."""

import re


def installed(terminal) -> list[str]:
    return [line.split()[0] for line in terminal.do("wasm list") if "installed" in line]


def runs_in_place(terminal, name: str) -> bool:
    return any(line.startswith(f"{name} ") and line.endswith("installed, runs in place")
               for line in terminal.do("wasm list"))


def test_install_run_remove(terminal):
    assert terminal.do("wasm install /lfs/hello-c.wasm greet") == []
    assert installed(terminal) == ["greet"]
    # The array of the flash simulator may lie at an odd address in other firmware.
    assert runs_in_place(terminal, "greet") or not terminal.is_native()
    assert terminal.do("wasm run greet") == ["Hello from WebAssembly!"]
    assert "export: _start, function" in terminal.do("wasm info greet")
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


def test_translate_to_a_file(terminal):
    assert terminal.do("wasm compile /lfs/hello-c.wasm -o /lfs/greet.thm") == []
    assert terminal.do("wasm run /lfs/greet.thm") == ["Hello from WebAssembly!"]
    # Again, and what is no module leaves it alone.
    assert terminal.do("wasm compile /lfs/hello-c.wasm -o /lfs/greet.thm") == []
    assert "not a module" in terminal.do("wasm compile /lfs/greet.thm -o /lfs/other")[0]
    assert terminal.do("wasm run /lfs/greet.thm") == ["Hello from WebAssembly!"]
    listed = "\n".join(terminal.do("wasm run --dir /lfs ls /lfs"))
    assert "greet.thm" in listed and "greet.new" not in listed and "other" not in listed
    terminal.do("fs rm /lfs/greet.thm")


def test_remove_while_it_runs(terminal):
    assert terminal.do("wasm install spin spin2") == []
    number = terminal.background("spin2", "running")
    if runs_in_place(terminal, "spin2"):
        # It stays until it has ended.
        assert terminal.do("wasm remove spin2") == ["spin2: in use"]
        assert installed(terminal) == ["spin2"]
        assert terminal.states()[number] == "running"
        terminal.kill(number)
        assert terminal.do("wasm remove spin2") == []
    else:
        # What runs is a copy.
        assert terminal.do("wasm remove spin2") == []
        assert terminal.states()[number] == "running"
        terminal.kill(number)
    assert installed(terminal) == []
    assert terminal.do("wasm remove spin2") == ["spin2: no such program"]


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
