"""What an edition of factors changes: value by value, and in the inventory years of a book.

`changes` sets the printed values of two editions side by side. `effect` takes the years of a book
computed with one library and with another: what a new edition would do before it is adopted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from carbon.errors import UsageError, counted, nearest
from carbon.inputs import ACTUAL
from carbon.inventory import year_totals
from carbon.library import FactorSet, Library
from carbon.library.words import span
from carbon.run import Run
from carbon.tables import Column, Table

CHANGES = (
    Column("topic", "Topic"),
    Column("region", "Region"),
    Column("series", "Series"),
    Column("accounting", "Accounting"),
    Column("quantity", "Quantity"),
    Column("unit", "Unit"),
    Column("years", "Years"),
    Column("before", "Before", kind="exact"),
    Column("after", "After", kind="exact"),
    Column("change_share", "Change", "%", "share"),
)
EFFECT = (
    Column("year", "Year"),
    Column("line", "Line"),
    Column("before_t", "Without it", "t CO2e", "mass"),
    Column("after_t", "With it", "t CO2e", "mass"),
    Column("change_t", "Change", "t CO2e", "mass"),
    Column("change_share", "Change", "%", "share"),
)
Row = dict[str, Any]
HEAD = ("topic", "region", "series", "accounting", "quantity", "unit")
LINES = (
    ("Scope 1", "scope1_g"),
    ("Scope 2, location-based", "location_g"),
    ("Scope 2, market-based", "market_g"),
    ("Scope 3", "scope3_g"),
)


def names(known: Library) -> list[str]:
    """The names of all editions, and of the groups they stand in."""
    found = {each.edition for each in known.sets.values()}
    groups = {name.rsplit("/", 1)[0] for name in found if name.count("/") > 1}
    return sorted(found | groups)


def of_edition(known: Library, name: str) -> dict[str, FactorSet]:
    """The sets of an edition, or of a group of them such as desnz/2025.

    Raises UsageError where there is none of that name.
    """
    found = {
        set_id: each
        for set_id, each in known.sets.items()
        if each.edition == name or each.edition.startswith(f"{name}/")
    }
    if not found:
        raise UsageError(
            "unknown-edition",
            f"there is no edition {name!r}",
            looked_for="publisher/edition, as carbon factors show tells it",
            nearest=nearest(name, names(known)),
            remedy="name a file of emission_factors/editions/ without its .csv, or an edition file",
        )
    return found


def changes(before: Mapping[str, FactorSet], after: Mapping[str, FactorSet], title: str) -> Table:
    """What two editions print differently: one row per value that moved, came or went.

    Years that both hold are compared with each other. Where they hold no year in common, the last
    of the one is compared with the last of the other.
    """
    old, new = _values(before.values()), _values(after.values())
    rows, same = [], 0
    for key in sorted({*old, *new}):
        for years, was, now in _compared(old.get(key, {}), new.get(key, {})):
            if was == now:
                same += 1
                continue
            moved = (now - was) / was if was and now is not None else None
            row = dict(zip(HEAD, key, strict=True)) | {"years": years}
            rows.append(row | {"before": was, "after": now, "change_share": moved})
    came = sum(1 for row in rows if row["before"] is None)
    gone = sum(1 for row in rows if row["after"] is None)
    notes = [
        f"{counted(len(rows) - came - gone, 'value')} moved, {came:,} came, {gone:,} went,"
        f" {same:,} stayed."
    ]
    return Table("edition_change", title, CHANGES, _by_place(rows), notes, missing="-")


Years = dict[int, tuple[str, Decimal]]  # year -> the set it is printed in, and the value


def _values(sets: Iterable[FactorSet]) -> dict[tuple[str, ...], Years]:
    """Printed values by what they are of, year by year; of a year printed twice the newest."""
    found: dict[tuple[str, ...], Years] = {}
    for each in sorted(sets, key=lambda each: (each.published_on, each.set_id)):
        head = (each.topic, each.region, each.series, each.accounting)
        for part in each.printed:
            years = found.setdefault((*head, part.quantity, part.unit), {})
            value = (each.set_id, Decimal(part.value))
            years |= dict.fromkeys(range(each.first_year, each.last_year + 1), value)
    return found


Pair = tuple[str, Decimal | None, Decimal | None]  # years, before, after


def _compared(old: Years, new: Years) -> Iterator[Pair]:
    """The values of two editions, for each run of years in which both stay the same."""
    if old and new and not old.keys() & new.keys():
        (was_last, was), (now_last, now) = max(old.items()), max(new.items())
        yield f"{was_last} -> {now_last}", was[1], now[1]
        old = {year: value for year, value in old.items() if value != was}
        new = {year: value for year, value in new.items() if value != now}
    pairs = [(year, old.get(year), new.get(year)) for year in sorted({*old, *new})]
    start = 0
    for n, (year, was, now) in enumerate(pairs, start=1):
        if n < len(pairs) and pairs[n] == (year + 1, was, now):
            continue
        yield span(pairs[start][0], year), was and was[1], now and now[1]
        start = n


def _by_place(rows: list[Row]) -> list[Row]:
    """Rows of one topic, place and series together; first where a value moved the most."""
    most: dict[tuple[str, ...], Decimal] = {}
    for row in rows:
        moved = abs(row["change_share"] or Decimal(0))
        most[_place(row)] = max(moved, most.get(_place(row), moved))
    return sorted(rows, key=lambda row: (-most[_place(row)], _place(row)))


def _place(row: Row) -> tuple[str, ...]:
    return tuple(row[name] for name in HEAD[:4])


def without(known: Library, sets: Collection[str]) -> Library:
    """The library as if some sets were not there."""
    rest = {set_id: each for set_id, each in known.sets.items() if set_id not in sets}
    return replace(known, sets=rest)


def joined(known: Library, sets: Mapping[str, FactorSet]) -> Library:
    """The library with some sets more."""
    return replace(known, sets=known.sets | sets)


Totals = dict[tuple[int, str], Decimal | None]  # year, line -> [t CO2e]


def totals(run: Run) -> Totals:
    """The lines of each actual year."""
    return {
        (year, title): total.tonnes(column)
        for (scenario, year), total in year_totals(run).items()
        if scenario == ACTUAL
        for title, column in LINES
    }


def effect(before: Totals, after: Totals, closed: Collection[int]) -> Table:
    """What another library does to each inventory year: one row per year and line that moves."""
    rows, still = [], []
    for year in sorted({year for year, _ in {*before, *after}}):
        moved = False
        for title, _ in LINES:
            was, now = (totals.get((year, title)) for totals in (before, after))
            if was == now:
                continue
            moved = True
            change = (now or Decimal(0)) - (was or Decimal(0))
            rows.append(
                {
                    "year": year,
                    "line": title,
                    "before_t": was,
                    "after_t": now,
                    "change_t": change,
                    "change_share": change / was if was else None,
                }
            )
        if moved and year in closed:
            still.append(year)
    said = [
        f"{year} is closed and keeps its figures; carbon restate {year} would let it follow."
        for year in still
    ]
    if not rows:
        said.append("No inventory year of this book moves.")
    return Table("edition_effect", "What it does to the inventory", EFFECT, rows, said)
