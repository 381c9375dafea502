"""The answers in the terminal: any table, lines, findings, and the whole report.

`console` makes the console, the `print_` functions take it and what is to be seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console, Group

from carbon.errors import Problem
from carbon.render.curve import bars
from carbon.render.grid import grid, is_by_year, shared_unit
from carbon.render.page import console, notes, room_of, section, show, trimmed, within
from carbon.render.plain import Text
from carbon.render.report import SEVERITY, print_report, print_verdicts, yearly
from carbon.tables import Table

__all__ = [
    "console",
    "print_lines",
    "print_problems",
    "print_report",
    "print_table",
    "print_verdicts",
]


def print_table(table: Table, console: Console) -> None:
    """A table under its title, with its notes below."""
    with trimmed(console):
        section(console, table.title, shared_unit(table))
        if not table.rows:
            show(console, Text("nothing to show", "dim"))
        elif is_by_year(table):
            show(console, yearly(table, room_of(console)))
        else:
            show(console, grid(table, room_of(console)))
        if table.name == "abatement_cost" and (drawn := bars(table, room_of(console))):
            show(console, Group(Text(), *drawn))
        notes(console, table.notes)
        console.print()


def print_lines(lines: Iterable[str], console: Console) -> None:
    """Lines as they are, never read as markup; in a window folded between words."""
    for line in lines:
        console.print(Text(within(line, console)), soft_wrap=True)


def print_problems(problems: Sequence[Problem], console: Console) -> None:
    """Every finding in its full form, the gravest first."""
    with trimmed(console):
        for severity, (sign, style) in SEVERITY.items():
            found = [problem for problem in problems if problem.severity == severity]
            if found:
                section(console, f"{severity.capitalize()}s", f"{len(found):,}")
            for problem in found:
                head, *rest = str(problem).splitlines()
                told = Text(within(f"{sign} {head}", console), f"bold {style}")
                rest = [within(line, console) for line in [*rest, *_standing(problem)]]
                told.append("".join(f"\n{line}" for line in [*rest, ""]), "not bold default")
                console.print(told, soft_wrap=True)
        if not problems:
            console.print(Text("No findings."))
        console.print()


def _standing(problem: Problem) -> list[str]:
    """Why a finding stands, or how to let it stand."""
    if problem.acknowledged:
        return [f"  Acknowledged by {problem.acknowledged}"]
    if problem.severity == "error":
        return []
    return [f"  Or: carbon acknowledge {problem.finding_id} --reason ..."]
