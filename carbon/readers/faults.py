"""The faults of one file, gathered so that they are reported together.

`Faults` takes each fault with the row it was met on and gives the list of problems. The same fault
on many rows is one problem that counts them: a misspelt site is one mistake, not twelve.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from carbon.errors import CarbonError, Problem
from carbon.readers.words import Cell, text

KINDS = "CSV, Excel, ODS, Parquet or Green Button"  # files that are read
DISTINCT = 20  # values of one fault shown apart; the others are counted together
ROW_WIDTH = 100  # characters of a row shown [1]


@dataclass
class _Found:
    fault: CarbonError
    severity: str
    row: int
    where: str
    last_row: int
    rows: int = 1
    others: bool = False  # counts other values of the fault as well


class Faults:
    """What is wrong with a file, as far as it was read."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._found: dict[tuple[str, str], _Found] = {}
        self._distinct: dict[str, int] = {}
        self.refused: dict[int, list[str]] = {}  # what keeps a row out
        self.rows = 1  # that each fault stands for, where one row is read for many alike

    def add(
        self,
        fault: CarbonError,
        row: int = 0,
        cells: Sequence[Cell] = (),
        severity: str = "error",
        rows: int = 1,
    ) -> None:
        """A fault met on a row, or on so many from it on; row 0 is the file as a whole."""
        rows = rows if rows > 1 else self.rows
        if row and severity == "error":
            self.refused.setdefault(row, []).append(f"{fault.code}: {fault.message}")
        key = (fault.code, fault.message)
        found = self._found.get(key) or self._found.get((fault.code, ""))
        if found:
            found.rows += rows if row != found.last_row else 0
            found.last_row = row
            return
        distinct = self._distinct[fault.code] = self._distinct.get(fault.code, 0) + 1
        last = distinct > DISTINCT
        key = (fault.code, "") if last else key
        self._found[key] = _Found(fault, severity, row, shown(cells), row, rows, last)

    def problems(self) -> list[Problem]:
        """Every fault once, those of the file first, then by row and as they were met."""
        return sorted(
            (self._problem(found) for found in self._found.values()),
            key=lambda problem: (problem.row, problem.severity != "error"),
        )

    def _problem(self, found: _Found) -> Problem:
        fault = found.fault
        others = "; other values have the same fault" if found.others and found.rows > 1 else ""
        return Problem(
            fault.code,
            found.severity,
            fault.message + others,
            where="\n".join(part for part in (found.where, fault.where) if part),
            looked_for=fault.looked_for,
            nearest=fault.nearest,
            remedy=fault.remedy,
            file=self.file,
            row=found.row,
            more=found.rows - 1,
        )


def shown(cells: Sequence[Cell]) -> str:
    """The cells of a row on one line, as data: nothing in it is markup or control."""
    line = " | ".join(" ".join(text(cell).split()) for cell in cells if text(cell))
    line = "".join(letter if letter.isprintable() else "?" for letter in line)
    line = line if len(line) <= ROW_WIDTH else line[: ROW_WIDTH - 1] + "…"
    return f"    {line}" if line else ""
