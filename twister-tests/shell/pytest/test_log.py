# SPDX-License-Identifier: Apache-2.0

"""Messages in Zephyr's log, with its levels."""


def test_levels(terminal):
    terminal.start("wasm run trap unreachable")
    for message in [
        r"<inf> thimble: program \d+ \(trap\) starts$",
        r"<dbg> thimble: .*: trap: image translated, \d+ bytes$",
        r"<wrn> thimble: program \d+: trap: unreachable at 0x[0-9a-f]+ in trap_unreachable$",
        r"<inf> thimble: program \d+ \(trap\): failed$",
    ]:
        terminal.expect(message)
    terminal.finish()


def test_installation_that_fails(terminal):
    terminal.start("wasm install trap .hidden")
    terminal.expect(r"<wrn> thimble: program \d+: \.hidden was not installed: not a name")
    terminal.finish()
