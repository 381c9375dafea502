"""The page of a month at a site: a line for each meter and bill, and what is recorded of it.

Lines are what is recorded at the site, and what its settings and sources lead one to expect. Trips
are lines of their own layout and have none here. Months come summed in the canonical unit; a figure
is shown in the unit its line is written in.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from carbon import units
from carbon.errors import UnitError
from carbon.findings.patterns import Series
from carbon.inputs import expected_key, later, reporting_year
from carbon.library import Library
from carbon.readers import closing_of
from carbon.records import Vocabulary
from carbon.schema import FOREVER
from carbon.settings import Settings
from carbon.template.lines import day, default_unit, end

DIGITS = 6  # decimals of a figure in another unit than it was entered in


class Key(NamedTuple):
    """What makes a line: its meter ('' for a bill of the whole site), activity and detail."""

    meter: str
    activity: str
    detail: str

    @property
    def name(self) -> str:
        return " ".join(filter(None, self))


@dataclass(frozen=True)
class Recorded:
    """What counts of a line in one month, and what the newest of its entries says."""

    canonical: Decimal  # in canonical_unit
    canonical_unit: str
    is_mixed: bool  # counted in several canonical units, so that it is no one figure
    entries: int
    is_split: bool  # an entry reaches into other months
    is_worked_out: bool
    entry_id: int
    start_on: date
    end_on: date
    quantity: Decimal
    unit: str
    quality: str
    evidence: str
    note: str

    def is_one_of(self, month: int) -> bool:
        """Whether one entry says the month and nothing but the month, so that it can be corrected
        by a figure of the month."""
        return self.entries == 1 and (self.start_on, self.end_on) == (day(month), end(month))


@dataclass(frozen=True)
class Line:
    """A line to fill in."""

    site: str
    key: Key
    unit: str  # as last entered, '' where nobody has and several would do
    canonical: str = ""  # the unit its newest month is summed in, '' without any
    months: Mapping[int, Recorded] = field(default_factory=dict)
    is_continuous: bool = False  # it runs all year, so that its months can be compared
    reading: tuple[str, str] | None = None  # the last closing reading and its ratio

    @property
    def series(self) -> Series:
        """Its months as the findings judge them: those of a longer bill are none of their own."""
        own = {
            month: each
            for month, each in self.months.items()
            if not each.is_split and not each.is_mixed and each.canonical_unit == self.canonical
        }
        quantities = {month: each.canonical for month, each in own.items()}
        worked_out = frozenset(month for month, each in own.items() if each.is_worked_out)
        return Series(self.site, *self.key, self.canonical, quantities, worked_out, 0)

    def shown_in(self, unit: str) -> str:
        """A unit where its months can be told in it, else the unit of the line."""
        is_one = not self.canonical or _in_unit(Decimal(1), self.canonical, unit) is not None
        return unit if is_one else self.unit

    def figure(self, month: int, unit: str) -> tuple[Decimal, str] | None:
        """What is recorded of a month, in a unit where that is one for it, else in its own."""
        found = self.months.get(month)
        if found is None or found.is_mixed:
            return None
        if found.unit == unit and found.entries == 1 and not found.is_split:
            return found.quantity, unit
        for wanted in (unit, found.unit):
            quantity = _in_unit(found.canonical, found.canonical_unit, wanted)
            if quantity is not None:
                return quantity, wanted
        return found.canonical, found.canonical_unit


@dataclass(frozen=True)
class Page:
    """A month at a site, as the book stood when it was read."""

    site: str
    month: int  # 202305
    lines: Sequence[Line]
    words: Vocabulary
    today: date
    closed_year: int = 0  # the reporting year of the month, where it is closed

    @property
    def last_month(self) -> int:
        return later(self.month, -1)

    @property
    def last_year(self) -> int:
        return self.month - 100

    def line(self, key: Key) -> Line:
        """A line by its key; an empty one where there is none yet."""
        found = next((each for each in self.lines if each.key == key), None)
        return found or _empty(self.site, key, self.words, {})


def page_of(
    rows: Sequence[Mapping[str, Any]],
    said: Settings,
    known: Library,
    words: Vocabulary,
    site: str,
    month: int,
    today: date,
    closed: Collection[int],
) -> Page:
    """The page of a month from what the ledger holds of the site (`Ledger.months_at`)."""
    running = {name: method.is_continuous for name, method in known.methods.items()}
    found: dict[Key, list[Mapping[str, Any]]] = {}
    for row in rows:
        key = Key(row["meter"], row["activity"], row["detail"])
        word = words.activities.get(key.activity)
        if word is not None and not word.is_travel:
            found.setdefault(key, []).append(row)
    lines = [_recorded(site, key, of, running, month) for key, of in found.items()]
    there = {(key.meter, key.activity) for key in found}
    lines += [
        _empty(site, Key(meter, activity, ""), words, running)
        for meter, activity in _expected(said, known, found, site, month)
        if (meter, activity) not in there
    ]
    meters = {
        name: (each.since, each.until or FOREVER) for name, (_, each) in said.meters().items()
    }
    lines = [each for each in lines if _is_there(each, meters, month)]
    order = {name: place for place, name in enumerate((*meters, ""))}
    kinds = {name: place for place, name in enumerate(known.methods)}
    lines.sort(key=lambda each: (order.get(each.key.meter, 0), kinds[each.key.activity], each.key))
    year = reporting_year(month, said.organisation.reporting_year_starts)
    return Page(site, month, lines, words, today, year if year in closed else 0)


def _recorded(
    site: str,
    key: Key,
    rows: Sequence[Mapping[str, Any]],
    running: Mapping[str, bool],
    month: int,
) -> Line:
    """A line of which something is recorded."""
    names = Recorded.__dataclass_fields__
    months = {row["month"]: Recorded(**{name: row[name] for name in names}) for row in rows}
    newest = max(months.values(), key=lambda each: each.entry_id)
    before = [each for when, each in sorted(months.items()) if when < month]
    return Line(
        site,
        key,
        newest.unit,
        newest.canonical_unit,
        months,
        running[key.activity],
        closing_of(before[-1].note) if before else None,
    )


def _empty(site: str, key: Key, words: Vocabulary, running: Mapping[str, bool]) -> Line:
    """A line of which nothing is recorded, in the one unit it can be counted in where it is one."""
    unit = default_unit(words.word(site, key.activity))
    return Line(site, key, unit, is_continuous=running.get(key.activity, False))


def _expected(
    said: Settings, known: Library, found: Collection[Key], site: str, month: int
) -> list[tuple[str, str]]:
    """Meters and bills of the site that should have a figure in the month."""
    keys = [(0, site, *key) for key in found]
    return [
        (meter, activity)
        for place, meter, activity, since, until in expected_key(said, known, keys)
        if place == site and since <= month < until
    ]


def _is_there(line: Line, meters: Mapping[str, tuple[int, int]], month: int) -> bool:
    """Whether the meter of a line is there in the month, or has a figure in it all the same."""
    since, until = meters.get(line.key.meter, (0, FOREVER))
    return since <= month < until or month in line.months


def _in_unit(quantity: Decimal, canonical: str, unit: str) -> Decimal | None:
    """A canonical quantity in another unit, None where that is no unit of it."""
    try:
        _, factor = units.conversion(unit, (canonical,))
    except UnitError:
        return None
    steps = round(Fraction(quantity) / factor * 10**DIGITS)
    return Decimal(steps).scaleb(-DIGITS).normalize()
