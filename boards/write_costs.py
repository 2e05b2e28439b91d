#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0

"""Writes measured costs to where they are stated: the helps of Kconfig, and tables for people.

    boards/write_costs.py [--check]

The figures are those of option_costs.csv, heap_costs.csv and footprints.csv beside this file. Of the
helps in zephyr-module/Kconfig, the amounts are replaced, and whether an option costs or saves; of the
tables in zephyr-module/README.md, the rows that name an option or what was built. What else these say
is for people to write. With --check nothing is written: it is an error if something would change.
"""

import csv
import re
import sys
import textwrap
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODULE = HERE.parent / "zephyr-module"
# Of a line of help, behind a tab of 8 and 2 spaces.
WIDTH = 72

AMOUNT = r"(?:no|[\d.]+ KB of|\d+ bytes? of)"
# Spaces are ends of lines, too, until the help is wrapped again.
COSTS = re.compile(
    rf"\b([Cc]osts|[Ss]aves|are) (?:nothing|{AMOUNT} flash and {AMOUNT} RAM)\b")
HEAP = re.compile(rf"\b{AMOUNT} the heap\b")
ON = " on Cortex-M3"
# The level of messages, whose help is Zephyr's: the cost stands in another one, in second place.
PLACES = {"THIMBLE_LOG_LEVEL": ("THIMBLE", 1)}

# The rows of the first table of figures, by their first words: footprints on qemu_cortex_m3.
BOARD = "qemu_cortex_m3"
FOOTPRINTS = {
    "Zephyr's shell alone": "thimble.footprint.without",
    "with Thimble, all but files and sockets": "thimble.footprint.shell",
    "the sample's firmware without Thimble: littlefs": "thimble.footprint.sample_without",
    "the sample, with files": "thimble.shell.small",
    "the sample's firmware without Thimble: Zephyr's TCP":
        "thimble.footprint.sample_sockets_without",
    "the sample, with sockets": "thimble.shell.small_sockets",
}
# What is less than the row above by the one above that.
DIFFERENCE = "*Thimble adds*"


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(newline="") as file:
        return list(csv.DictReader(file))


def amount(size: int, of: str) -> str:
    """A size as a help writes it: to a tenth of 1024 bytes, or in bytes below that."""
    size = abs(size)
    if size == 0:
        return f"no {of}"
    if size >= 1024:
        tenths = (size * 10 + 512) // 1024
        return f"{tenths // 10}.{tenths % 10} KB of {of}"
    return f"{size} byte{'s' if size > 1 else ''} of {of}"


def say_costs(option: str, text: str, place: int, flash: int, ram: int) -> str:
    """A help with other amounts of flash and RAM."""
    found = list(COSTS.finditer(text))
    if len(found) <= place:
        sys.exit(f"the help of {option} does not say what it costs")
    match = found[place]
    verb, rest = match[1], text[match.end():]
    if verb != "are":
        if flash * ram < 0:
            sys.exit(f"{option} costs one and saves the other, which its help must say in words")
        saves = min(flash, ram) < 0
        verb = {True: ("Saves", "saves"), False: ("Costs", "costs")}[saves][verb[0].islower()]
    if flash == 0 and ram == 0:
        return f"{text[:match.start()]}{verb} nothing{rest.removeprefix(ON)}"
    if verb != "are" and not rest.startswith(ON):
        rest = ON + rest
    costs = f"{amount(flash, 'flash')} and {amount(ram, 'RAM')}"
    return f"{text[:match.start()]}{verb} {costs}{rest}"


def say_heap(option: str, text: str, most: int) -> str:
    text, count = HEAP.subn(amount(most, "the heap"), text, count=1)
    if count == 0:
        sys.exit(f"the help of {option} does not say what it takes of the heap")
    return text


def changed_help(option: str, text: str, costs: dict, heap: dict) -> str:
    for name, (flash, ram) in costs.items():
        where, place = PLACES.get(name, (name, 0))
        if where == option:
            text = say_costs(option, text, place, flash, ram)
    return say_heap(option, text, heap[option]) if option in heap else text


def option_costs() -> dict[str, tuple[int, int]]:
    return {row["option"]: (int(row["flash"]), int(row["ram"])) for row in rows("option_costs.csv")}


def kconfig(text: str) -> str:
    """Kconfig with the costs that were measured."""
    costs = option_costs()
    heap = {row["option"]: max(int(row[column]) for column in ("always", "running", "peak"))
            for row in rows("heap_costs.csv")}
    missing = {PLACES.get(name, (name,))[0] for name in [*costs, *heap]}
    option = ""

    def one(match: re.Match) -> str:
        nonlocal option
        if match["option"]:
            option = match["option"]
            return match[0]
        # A hidden symbol may stand between, as may symbols of Zephyr's.
        if option not in missing:
            return match[0]
        missing.remove(option)
        before = " ".join(match["help"].split())
        after = changed_help(option, before, costs, heap)
        if after == before:
            return match[0]
        lines = textwrap.wrap(after, WIDTH, break_long_words=False, break_on_hyphens=False)
        return "\thelp\n" + "".join(f"\t  {line}\n" for line in lines)

    symbol = r"^(?:menu)?config(?:default)? (?P<option>\w+)$"
    text = re.sub(symbol + r"|^\thelp\n(?P<help>(?:\t  .*\n)+)", one, text, flags=re.MULTILINE)
    if missing:
        sys.exit(f"measured, and no options with a help: {', '.join(sorted(missing))}")
    return text


def readme(text: str) -> str:
    """README.md with the figures that were measured."""
    options = option_costs()
    footprints = {row["scenario"]: (int(row["flash"]), int(row["ram"]))
                  for row in rows("footprints.csv") if row["board"] == BOARD}
    last: list[tuple[int, int]] = []
    lines = []
    for line in text.splitlines():
        row = re.fullmatch(r"\| (.*) \| (\S+) \| (\S+) \|", line)
        figures = None
        if row and (option := re.match(r"`(\w+)` \|", row[1])) and option[1] in options:
            figures = options[option[1]]
        elif row and row[1] == DIFFERENCE:
            figures = (last[-1][0] - last[-2][0], last[-1][1] - last[-2][1])
        elif row:
            for words, scenario in FOOTPRINTS.items():
                if row[1].startswith(words):
                    figures = footprints[scenario]
                    last.append(figures)
        if figures:
            marked = "*" if row[2].startswith("*") else ""
            line = "| {} | {}{:,}{} | {}{:,}{} |".format(
                row[1], marked, figures[0], marked, marked, figures[1], marked)
        lines.append(line)
    return "\n".join(lines) + "\n"


def write(check: bool):
    """Writes the figures; with `check`, ends where that would change something."""
    for path, change in [(MODULE / "Kconfig", kconfig), (MODULE / "README.md", readme)]:
        before = path.read_text()
        after = change(before)
        if before == after:
            continue
        if check:
            sys.exit(f"{path} does not say what was measured; run boards/write_costs.py")
        path.write_text(after)
        print(f"written: {path}")


if __name__ == "__main__":
    if sys.argv[1:] not in ([], ["--check"]):
        sys.exit(__doc__)
    write("--check" in sys.argv)
