"""What an edition of factors changes: value by value, and in the inventory years of a book.

`changes` sets the printed values of two editions side by side. `effect` takes the years of a book
computed with one library and with another: what a new edition would do before it is adopted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from carbon.errors import UsageError, counted, nearest
from carbon.inputs import ACTUAL
from carbon.inventory import year_totals
from carbon.library import FactorSet, Library
from carbon.run import Run
from carbon.tables import Column, Table

CHANGES = (
    Column("topic", "Topic"),
    Column("region", "Region"),
    Column("series", "Series"),
    Column("quantity", "Quantity"),
    Column("unit", "Unit"),
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
    """What two editions print differently: one row per value that moved, came or went."""
    old, new = _values(before.values()), _values(after.values())
    rows = []
    same = 0
    for key in sorted({*old, *new}):
        was, now = old.get(key), new.get(key)
        if was == now:
            same += 1
            continue
        moved = (now - was) / was if was and now is not None else None
        rows.append(
            dict(zip(("topic", "region", "series", "quantity", "unit"), key, strict=True))
            | {"before": was, "after": now, "change_share": moved}
        )
    rows.sort(key=lambda row: (-abs(row["change_share"] or 0), row["topic"], row["unit"]))
    came = sum(1 for row in rows if row["before"] is None)
    gone = sum(1 for row in rows if row["after"] is None)
    notes = [
        f"{counted(len(rows) - came - gone, 'value')} moved, {came:,} came, {gone:,} went,"
        f" {same:,} stayed."
    ]
    return Table("edition_change", title, CHANGES, rows, notes, missing="-")


def _values(sets: Iterable[FactorSet]) -> dict[tuple[str, str, str, str, str], Decimal]:
    """Printed values by what they are of; of several years the last."""
    found = {}
    for each in sorted(sets, key=lambda each: (each.last_year, each.published_on)):
        for part in each.printed:
            key = (each.topic, each.region, each.series, part.quantity, part.unit)
            found[key] = Decimal(part.value)
    return found


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
