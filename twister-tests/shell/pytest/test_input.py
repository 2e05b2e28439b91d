# SPDX-License-Identifier: Apache-2.0

"""What is typed to a program in the foreground, and Ctrl-C."""

import re

from conftest import BACKSPACE, CTRL_C, CTRL_D, PATIENCE_OF_READERS


def test_lines(terminal):
    terminal.start("wasm run cat")
    terminal.type("first\n")
    # Once as it was typed, once by the program.
    terminal.expect("^first$")
    terminal.expect("^first$")
    # Corrected before it is handed over.
    terminal.type(f"secx{BACKSPACE}ond\n")
    terminal.expect("^second$")
    terminal.expect("^second$")
    terminal.type(CTRL_D)
    assert terminal.finish(patience=PATIENCE_OF_READERS) == []


def test_end_behind_an_unfinished_line(terminal):
    terminal.start("wasm run wc")
    terminal.type(f"three words here\nand{CTRL_D}")
    # Ctrl-D behind text hands that over; the second is the end.
    terminal.type(CTRL_D)
    counted = terminal.finish(patience=PATIENCE_OF_READERS)[-1]
    assert re.search(r"\b1 +4 +20 -$", re.sub("^and", "", counted))


def test_several_lines_at_once(terminal):
    terminal.start("wasm run cat")
    terminal.type("".join(f"line {number}\n" for number in range(10)) + CTRL_D)
    shown = terminal.finish(patience=PATIENCE_OF_READERS)
    # Once as it was typed, once by the program, which may print while a line is shown half.
    text = "\n".join(shown)
    for number in range(10):
        assert f"line {number}" in text
        assert text.count(str(number)) == 2


def test_characters_of_several_bytes(terminal):
    terminal.start("wasm run cat")
    terminal.type(f"ä€{BACKSPACE}ö\n")
    terminal.expect("^äö$")
    terminal.expect("^äö$")
    terminal.type(CTRL_D)
    assert terminal.finish(patience=PATIENCE_OF_READERS) == []


def test_document(terminal):
    terminal.start("wasm run json get a.1")
    terminal.type('{"a": [10, 20]}\n' + CTRL_D)
    assert terminal.finish(patience=PATIENCE_OF_READERS) == ['{"a": [10, 20]}', "20"]


def test_interrupt_what_computes(terminal):
    terminal.start("wasm run spin")
    terminal.type(CTRL_C)
    assert terminal.finish()[-1] == "spin: stopped"


def test_interrupt_what_reads(terminal):
    terminal.start("wasm run cat")
    terminal.type(f"half a line{CTRL_C}")
    assert terminal.finish()[-1] == "cat: stopped"


def test_interrupt_what_sleeps(terminal):
    terminal.start("wasm run clock 100 100000")
    terminal.type(CTRL_C)
    assert terminal.finish()[-1] == "clock: stopped"


def test_interrupt_what_accepts(terminal):
    terminal.start("wasm run --tcplisten 127.0.0.1:7077 echo-server")
    terminal.type(CTRL_C)
    assert terminal.finish()[-1] == "echo-server: stopped"
