"""The sheets of a file by layout: understood against the words of a book, entered in its ledger.

A workbook may hold activities, appliances and their service at once. Each layout is read and
entered by itself, all of them in one batch of the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from carbon import readers, settings
from carbon.ledger import Ledger, Outcome
from carbon.records import Vocabulary


@dataclass(frozen=True)
class Part:
    """The sheets of a file that have one layout, and what was understood of them."""

    layout: str
    sheets: Sequence[readers.Sheet]
    reads: Sequence[readers.Read[Any]]
    read: readers.Read[Any]  # of all of them

    def refused(self) -> Iterator[list[Any]]:
        """The refused rows with their reasons, under the headings of every sheet."""
        headings = list(dict.fromkeys(each for sheet in self.sheets for each in sheet.header))
        one = self.sheets[0].header if _have_one_header(self.sheets) else None
        yield [*(one or headings), "row", "reason"]
        for sheet, read in zip(self.sheets, self.reads, strict=True):
            spot = f"{sheet.name}, " if sheet.name else ""
            for row in sheet.rows:
                if row.number in read.refused:
                    said = dict(zip(sheet.header, row.cells, strict=False))
                    cells = row.cells if one else [said.get(each, "") for each in headings]
                    reasons = "; ".join(read.refused[row.number])
                    yield [*cells, f"{spot}{row.number}", reasons]


def _have_one_header(sheets: Sequence[readers.Sheet]) -> bool:
    return all(each.header == sheets[0].header for each in sheets)


def understood(
    sheets: Sequence[readers.Sheet],
    words: Vocabulary,
    mapped: settings.ColumnMap | None,
    layout: str,
) -> list[Part]:
    """What the sheets of a file hold, by layout. The service of an appliance may stand in the file
    that registers it, so its register is read first."""
    order = [name for name in readers.LAYOUTS if name != "equipment"]
    order.insert(order.index("service"), "equipment")
    of: dict[str, list[readers.Sheet]] = {name: [] for name in order}
    for sheet in sheets:
        of[layout or readers.layout(sheet.header, mapped, sheet.told)].append(sheet)
    parts = []
    for name, alike in of.items():
        if alike:
            reads = [readers.understand(name, each, words, mapped) for each in alike]
            parts.append(Part(name, alike, reads, readers.together(reads)))
        if alike and name == "equipment":
            new = {each.equipment_id: each.refrigerant for each in parts[-1].read.records}
            words = replace(words, equipment={**words.equipment, **new})
    return parts


def recorded(ledger: Ledger, part: Part, again: bool, **who: Any) -> Outcome:
    """Enters what was understood of one layout."""
    if part.layout in readers.ROWS:
        return ledger.append(part.read.records, part.read.unit_table, again=again, **who)
    return ledger.record(part.layout, part.read.records, **who)
