"""A page of the terminal: its console, its width, sections with their titles, notes, folded text.

All text of a book goes through `plain.Text`, never through markup, so a site may be called what it
likes. Lines are at most WIDEST characters, however wide the window is.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table as Grid

from carbon.render.plain import Text

WIDEST = 120  # longer lines are hard to follow
INDENT = 2
FIGURE_GAP = re.compile(r"(?<=\d) (?=(?:t|%|kWh|MWh|years?)\b|%)")
LABEL = re.compile(r" +[a-z]+ {2,}(?=\S)|[^\w\s] (?=\S)")  # before a text: a name, a sign
JOINT = re.compile(r"(?<=\w[/_-])(?=\w)")  # where a long name may break


def console(file: IO[str] | None = None, width: int | None = None) -> Console:
    """A console that colours only a terminal, and nothing where NO_COLOR is set."""
    return Console(
        file=file,
        width=width,
        color_system=None if os.environ.get("NO_COLOR") else "auto",
        highlight=False,
        markup=False,
        emoji=False,
    )


@contextmanager
def trimmed(console: Console) -> Iterator[None]:
    """What is printed inside is written without the blanks rich puts at the ends of lines."""
    with console.capture() as held:
        yield
    console.file.writelines(f"{line.rstrip()}\n" for line in held.get().split("\n")[:-1])
    console.file.flush()


def page_of(console: Console) -> int:
    return min(console.width, WIDEST)


def room_of(console: Console) -> int:
    """What a section may fill, inside its indent. [characters]"""
    return page_of(console) - INDENT


def section(console: Console, title: str, aside: str = "") -> None:
    """A title set into a rule, with what holds for the whole section at its right end."""
    width = page_of(console)
    head = Text(title, "bold")
    tail = f" {aside}" if aside else ""
    head.truncate(max(width - cell_len(tail) - 3, 1), overflow="ellipsis")
    head.append(" " + "─" * (width - head.cell_len - cell_len(tail) - 1), "dim")
    console.print()
    console.print(head.append(tail, "dim"), width=width)
    console.print()


def show(console: Console, what: RenderableType) -> None:
    console.print(Padding(what, (0, 0, 0, INDENT)), width=page_of(console))


def notes(console: Console, notes: Sequence[str]) -> None:
    if notes:
        console.print()
        show(console, points(notes))


def points(notes: Sequence[str]) -> Grid:
    """Sentences with a point before each, wrapped under themselves."""
    laid = Grid.grid(padding=(0, 1, 0, 0))
    for note in notes:
        laid.add_row(Text("·", "dim"), Text(note, "dim"))
    return laid


def wrapped(text: str, width: int) -> str:
    """Text in lines of a width: a figure stays with its unit, a long name breaks at its joints.

    >>> wrapped("it ends at 3,821.7 t in cn-mee-2023-notice", 20).splitlines()
    ['it ends at 3,821.7 t', 'in', 'cn-mee-2023-notice']
    >>> wrapped("cn-mee-2023-notice", 12).splitlines()
    ['cn-mee-2023-', 'notice']
    """
    lines: list[str] = []
    for paragraph in text.splitlines():
        lines.append("")
        for word in FIGURE_GAP.sub("\u00a0", paragraph).split(" "):
            is_long = cell_len(word) > width
            for n, part in enumerate(JOINT.split(word) if is_long else [word]):
                blank = " " if lines[-1] and not n else ""
                if lines[-1] and cell_len(lines[-1] + blank + part) > width:
                    lines.append(part)
                else:
                    lines[-1] += blank + part
    return "\n".join(lines).replace("\u00a0", " ")


def within(line: str, console: Console) -> str:
    """A line folded to the window: what follows stands below the text, after a name beside it."""
    if not console.is_terminal:
        return line
    label = LABEL.match(line)
    blank = len(line) - len(line.lstrip())
    text = label.end() if label else blank
    below = " " * (text if label or not blank else blank + INDENT)
    first, *rest = wrapped(line[text:], max(page_of(console) - len(below), 1)).splitlines() or [""]
    return "\n".join([line[:text] + first, *(below + each for each in rest)])
