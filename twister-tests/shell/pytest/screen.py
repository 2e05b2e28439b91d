# SPDX-License-Identifier: Apache-2.0

"""What a terminal shows."""

import re

# A control sequence with its number and letter, or a character.
PART = re.compile(r"\x1b\[([0-9;?]*)([A-Za-z])|(.)", re.DOTALL)


def shown(line: str) -> str:
    """What is to be seen of a line when all of it has come, without the spaces around it."""
    cells: list[str] = []
    column = 0
    for number, letter, character in PART.findall(line):
        count = int(number) if number.isdecimal() else 1
        if letter == "D":
            column = max(column - count, 0)
        elif letter == "C":
            column += count
        elif letter in ("J", "K"):
            del cells[column:]
        elif character == "\b":
            column = max(column - 1, 0)
        elif character == "\r":
            column = 0
        elif character >= " ":
            cells += " " * (column + 1 - len(cells))
            cells[column] = character
            column += 1
    return "".join(cells).strip()
