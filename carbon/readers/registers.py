"""Sheets of readings: a day and what a register showed, as entries between one day and the next.

What a register went forward by, times the ratio of its transformer, is the quantity of the days
between two readings. A reading is taken at the end of its day, as a period's last day is meant; a
column map with `end_is_exclusive` says that it is taken at its beginning. A register that was
exchanged or reset ends with its last reading and begins anew with `new_start`, in the same row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from carbon.errors import CarbonError
from carbon.layouts import LAYOUTS
from carbon.readers import words
from carbon.readers.activities import ActivityRows, noted
from carbon.readers.columns import Columns
from carbon.readers.faults import Faults
from carbon.readers.lookup import Names, blank
from carbon.readers.wide import went_forward
from carbon.records import Activity, Vocabulary
from carbon.settings import ColumnMap

ACTIVITY_COLUMNS = LAYOUTS["activity"].columns
REGISTER_COLUMNS = LAYOUTS["register_reading"].columns
KEPT = ("meter", "activity", "unit", "detail", "evidence", "note")
EVENTS = {
    "exchanged": ("exchange", "replaced", "meter exchanged", "换表", "更换"),
    "reset": ("清零", "复位"),
}
ANEW = "say so in its row: event exchanged, and what the new register showed as new_start"
DAY = timedelta(days=1)

Register = tuple[str, ...]  # meter, activity and detail, as written


class Reading(NamedTuple):
    """What a register showed on a day. Sorts by day."""

    day: date
    row: int
    shows: Decimal
    starts: Decimal  # what the next one is held against: itself, or where it began anew
    ratio: Decimal
    cells: dict[str, words.Cell]
    picked: Sequence[words.Cell]


class RegisterRows:
    """Takes the rows of a sheet of readings, and gives the entries between them."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        columns: Columns,
        mapped: ColumnMap,
        today: date,
        faults: Faults,
    ) -> None:
        self.mapped, self.faults, self.labels = mapped, faults, columns.labels
        self.decimals = columns.decimals
        labels = {name: columns.labels.get(name, name) for name in ACTIVITY_COLUMNS}
        labels |= {"start": self.labels["date"], "end": self.labels["date"]}
        known = frozenset(("quantity", *({"site"} & columns.present)))
        made = replace(columns, labels=labels, present=known)
        plain = mapped.model_copy(update={"end_is_exclusive": False})
        self.rows = ActivityRows(vocabulary, made, plain, today, faults)
        pairs = [(name, name) for name in EVENTS]
        pairs += [(other, name) for name, others in EVENTS.items() for other in others]
        self.events = Names("event", "event", pairs, "write one of these, or leave it blank")
        self.readings: dict[Register, list[Reading]] = {}

    def take(self, number: int, picked: Sequence[words.Cell]) -> None:
        """A row, or its fault."""
        cells = dict(zip(REGISTER_COLUMNS, picked, strict=True))
        self.rows.row.begin(number, picked)
        found = self.rows.row.attempt(self._reading, number, cells, picked)
        if found is not None:
            register = tuple(words.text(cells[name]) for name in ("meter", "activity", "detail"))
            self.readings.setdefault(register, []).append(found)

    def entries(self) -> list[Activity]:
        """What the registers went forward by; nothing where a row of the sheet is lost, for the
        readings around it would make one period of two."""
        found = []
        for register, readings in self.readings.items():
            readings.sort()
            kept = self._days(readings)
            if len(kept) == 1:
                row = kept[0]
                self.faults.add(_alone(register[0]), row.row, row.picked, severity="warning")
            for before, after in pairwise(kept):
                self.rows.row.begin(after.row, after.picked)
                made = self.rows.row.attempt(self._between, before, after)
                if made is not None:
                    cells = [made.get(name, "") for name in ACTIVITY_COLUMNS]
                    found.append(self.rows.understood(after.row, cells, after.picked))
        self._tell_of_first_days()
        if self.faults.refused:
            self.faults.add(_broken())
            return []
        return [entry for entry in found if entry is not None]

    def _reading(
        self, number: int, cells: dict[str, words.Cell], picked: Sequence[words.Cell]
    ) -> Reading:
        """A row as a reading. Raises CarbonError where it is none."""
        for name in ("meter", "activity", "date", "reading"):
            if not words.text(cells[name]):
                raise blank(self.labels[name])
        day = words.day(cells["date"], self.labels["date"], self.mapped.date_format)
        shows = self._number(cells, "reading")
        starts = shows
        if words.text(cells["event"]):
            event = self.events.find(cells["event"], self.labels["event"])
            if not words.text(cells["new_start"]):
                raise CarbonError(
                    "new-start-missing",
                    f"the register was {event}, and the row does not say where it began anew",
                    looked_for=self.labels["new_start"],
                    remedy="write what the register showed after that, 0 where it began at nothing",
                )
            starts = self._number(cells, "new_start")
        elif words.text(cells["new_start"]):
            raise CarbonError(
                "event-missing",
                "the row says where a register began anew, and not why",
                looked_for="exchanged or reset",
                remedy="fill in the event, or leave new_start blank",
            )
        ratio = self._number(cells, "multiplier") if words.text(cells["multiplier"]) else Decimal(1)
        if ratio <= 0:
            raise CarbonError(
                "bad-multiplier",
                f"{self.labels['multiplier']} {words.text(cells['multiplier'])!r} is no ratio",
                looked_for="a number above 0, such as 80 for 400/5 A",
                remedy="write the ratio as one number",
            )
        return Reading(day, number, shows, starts, ratio, cells, picked)

    def _number(self, cells: dict[str, words.Cell], name: str) -> Decimal:
        found = words.number(cells[name], self.labels[name], self.decimals.get(name, ""))
        if found < 0:
            raise CarbonError(
                "negative-reading",
                f"{self.labels[name]} {words.text(cells[name])!r} is below 0",
                looked_for="what a register shows",
                remedy="correct it; energy fed in has a register of its own",
            )
        return found

    def _days(self, readings: Sequence[Reading]) -> list[Reading]:
        """One reading a day: the same twice is one, two different ones are a fault."""
        kept: list[Reading] = []
        for each in readings:
            if not kept or kept[-1].day != each.day:
                kept.append(each)
            elif (kept[-1].shows, kept[-1].starts) == (each.shows, each.starts):
                fault = _twice(kept[-1], "the row repeats the reading", "take it out")
                self.faults.add(fault, each.row, each.picked, severity="warning")
            else:
                remedy = "correct one of the two; where the register was exchanged, " + ANEW
                fault = _twice(kept[-1], "the register shows something else the same day", remedy)
                self.faults.add(fault, each.row, each.picked)
        return kept

    def _between(self, before: Reading, after: Reading) -> dict[str, words.Cell]:
        """The row of the activity layout between two readings."""
        digits = self.mapped.register_digits
        quantity, said = went_forward(before.starts, after.shows, after.ratio, digits, ANEW)
        is_at_end = not self.mapped.end_is_exclusive
        made: dict[str, words.Cell] = {name: after.cells[name] for name in KEPT}
        qualities = [words.text(each.cells["quality"]) for each in (before, after)]
        is_estimated = any(each.casefold() in ("estimated", "估算") for each in qualities)
        return made | {
            "site": after.cells["site"],
            "start": before.day + DAY if is_at_end else before.day,
            "end": after.day if is_at_end else after.day - DAY,
            "quantity": quantity,
            "quality": "estimated" if is_estimated else after.cells["quality"],
            "note": noted(words.text(after.cells["note"]), said),
        }

    def _tell_of_first_days(self) -> None:
        """Readings of first days of months are hardly taken at the end of these days."""
        days = [each.day for readings in self.readings.values() for each in readings]
        if len(days) > 1 and all(day.day == 1 for day in days) and not self.mapped.end_is_exclusive:
            self.faults.add(_first_days(), severity="note")


def _alone(meter: str) -> CarbonError:
    return CarbonError(
        "one-reading",
        f"{meter} has one reading, which makes no quantity: nothing is recorded of it",
        looked_for="the reading before it, in the same sheet",
        remedy="keep earlier readings in the sheet; what is recorded already is recognised",
    )


def _broken() -> CarbonError:
    return CarbonError(
        "readings-broken",
        "nothing of the sheet is recorded: readings around a row that is lost would make one period"
        " of two",
        remedy="mend the rows named",
    )


def _twice(first: Reading, message: str, remedy: str) -> CarbonError:
    return CarbonError(
        "reading-twice", message, where=f"    the same day as row {first.row}", remedy=remedy
    )


def _first_days() -> CarbonError:
    return CarbonError(
        "first-days",
        "all readings are of the first day of a month, and are taken to be of its end",
        remedy="where they were taken in the morning, say end_is_exclusive = true in a column map;"
        " the split between months moves by a day's use",
    )
