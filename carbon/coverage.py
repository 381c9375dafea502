"""How far the days of a year are covered, and by what: readings, bills, estimates, nothing.

One row per bill or meter: a calendar with a letter a month, and its days by quality. A day counts
once, by the best quality that covers it. A gap that is filled has its days apart: no bill covers
them. Days before a meter was there, or after its site left, are not expected and not missing.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from carbon.run import Run
from carbon.tables import Column, Table

FILLED, MISSING, NOT_EXPECTED = "filled", "-", "."
# From the best to the least: quality, its letter, its column.
QUALITIES = {
    "metered": "M",
    "billed": "B",
    "calculated": "C",
    "estimated": "E",
    "unstated": "U",
    FILLED: "F",
}
KEY = (
    "M metered, B billed, C calculated, E estimated, U unstated, F filled for want of a bill;"
    " - missing, . not expected; a small letter: a part of the month. Activities that run all year."
)
COLUMNS = (
    Column("site", "Site"),
    Column("meter", "Meter"),
    Column("activity", "Activity"),
    Column("calendar", "JFMAMJJASOND", kind="calendar"),
    *(Column(f"{name}_days", letter, "days", "count") for name, letter in QUALITIES.items()),
    Column("missing_days", MISSING, "days", "count"),
)

Place = tuple[str, str, str]  # site, meter, activity


def coverage(run: Run, year: int) -> Table:
    """The days of a reporting year by bill and meter."""
    months = [row[0] for row in run.rows(f"select month from month where reporting_year = {year}")]
    months.sort()
    expected, covered = _expected(run, year), _covered(run, set(months))
    for place, month in _filled(run, year):
        covered.setdefault(place, {})[month] = {FILLED: _length(month)}
    rows = []
    for place in sorted({*expected, *covered}):
        days = covered.get(place, {})
        row: dict[str, Any] = dict(zip(("site", "meter", "activity"), place, strict=True))
        row["calendar"] = "".join(
            _letter(days.get(month, {}), month, month in expected.get(place, ()))
            for month in months
        )
        row |= {
            f"{name}_days": sum(of_month.get(name, 0) for of_month in days.values())
            for name in QUALITIES
        }
        asked = expected.get(place, set()) | set(days)
        row["missing_days"] = sum(
            _length(month) - sum(days.get(month, {}).values()) for month in asked
        )
        rows.append(row)
    heads = "".join("JFMAMJJASOND"[month % 100 - 1] for month in months)
    columns = [
        Column("calendar", heads, kind="calendar") if each.key == "calendar" else each
        for each in COLUMNS
    ]
    return Table("coverage_map", f"Coverage, {year}", columns, rows, [KEY], missing="")


def shown(table: Table) -> Table:
    """The table as it goes on a screen: qualities that occur nowhere have no column."""
    days = [f"{name}_days" for name in QUALITIES]
    nowhere = [key for key in days if not any(row[key] for row in table.rows)]
    columns = [
        replace(each, unit="days") if each.kind == "calendar" else each  # letters for days
        for each in table.columns
        if each.key not in nowhere
    ]
    return replace(table, columns=columns)


def _letter(days: dict[str, int], month: int, is_expected: bool) -> str:
    """A month in one sign: its commonest quality, small where days are missing."""
    if not days:
        return MISSING if is_expected else NOT_EXPECTED
    quality = max(days, key=lambda name: (days[name], -list(QUALITIES).index(name)))
    letter = QUALITIES[quality]
    return letter if sum(days.values()) == _length(month) else letter.lower()


def _length(month: int) -> int:
    return monthrange(month // 100, month % 100)[1]


def _expected(run: Run, year: int) -> dict[Place, set[int]]:
    """The months in which each bill or meter should have a figure."""
    found: dict[Place, set[int]] = {}
    for *place, month in run.rows(
        f"select site, meter, activity, month from coverage_month where reporting_year = {year}"
    ):
        found.setdefault(tuple(place), set()).add(month)
    return found


def _filled(run: Run, year: int) -> Iterator[tuple[Place, int]]:
    """The gaps that are filled with an estimate."""
    for *place, month in run.rows(
        "select distinct k.site, k.meter, k.activity, f.month from filled_month as f"
        " join activity_key as k on k.key_id = f.key_id join month as m on m.month = f.month"
        f" where m.reporting_year = {year}"
    ):
        yield (place[0], place[1], place[2]), month


def _covered(run: Run, months: set[int]) -> dict[Place, dict[int, dict[str, int]]]:
    """Days of each place and month by quality, each day once, the best quality first."""
    taken: dict[Place, dict[int, set[int]]] = {}
    found: dict[Place, dict[int, dict[str, int]]] = {}
    entries = sorted(_entries(run), key=lambda row: (list(QUALITIES).index(row[5]), row))
    for site, meter, activity, start_on, end_on, quality in entries:
        place = (site, meter, activity)
        for month, first, last in _parts(start_on, end_on):
            if month not in months:
                continue
            there = taken.setdefault(place, {}).setdefault(month, set())
            new = set(range(first, last + 1)) - there
            there |= new
            if new:
                of_month = found.setdefault(place, {}).setdefault(month, {})
                of_month[quality] = of_month.get(quality, 0) + len(new)
    return found


def _entries(run: Run) -> list[tuple]:
    """Current entries of activities that run all year."""
    return run.rows(
        "select k.site, k.meter, k.activity, e.start_on, e.end_on, e.quality from entry as e"
        " join entry_key as k on k.key_id = e.key_id"
        " join method as m on m.activity = k.activity and m.is_continuous"
        " cross join run_option as o"
        " left join superseded_entry as s on s.entry_id = e.entry_id and s.cut_off = o.cut_off"
        " where s.entry_id is null and e.kind <> 'withdrawal' and e.batch_id <= o.cut_off"
    )


def _parts(start_on: date, end_on: date) -> Iterator[tuple[int, int, int]]:
    """The months of a span of days, each with its first and last day in it."""
    year, month = start_on.year, start_on.month
    while (year, month) <= (end_on.year, end_on.month):
        first = start_on.day if (year, month) == (start_on.year, start_on.month) else 1
        is_last = (year, month) == (end_on.year, end_on.month)
        last = end_on.day if is_last else monthrange(year, month)[1]
        yield year * 100 + month, first, last
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
