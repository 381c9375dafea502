"""A year broken down by site, category, activity, gas or month, and what changed since another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from carbon import basis, estimates
from carbon.errors import UsageError, nearest
from carbon.inputs import ACTUAL
from carbon.inventory.years import ZERO, published_t, year_totals
from carbon.run import Run
from carbon.tables import Column, Table, tonnes

BREAKDOWNS = {
    "site": Column("site", "Site"),
    "category": Column("category", "Category"),
    "activity": Column("activity", "Activity"),
    "gas": Column("gas", "Gas"),
    "month": Column("month", "Month"),
}


def inventory_by(run: Run, years: Sequence[int], by: Sequence[str]) -> Table:
    """The inventory of some years, broken down by site, category, activity, gas or month.

    Raises CarbonError for a breakdown there is none of.
    """
    for name in by:
        if name not in BREAKDOWNS:
            raise UsageError(
                "unknown-breakdown",
                f"there is no breakdown by {name!r}",
                looked_for=", ".join(BREAKDOWNS),
                nearest=nearest(name, BREAKDOWNS),
                remedy="name one of them",
            )
    keys = ["reporting_year", *by]
    listed = ", ".join(keys)
    figures = run.rows(
        f"select {listed}, line, accounting, sum(co2e_g) from emission"
        " where scenario = 'actual' and line <> 'energy'"
        " and (line <> 'outside' or accounting <> 'market')"
        f" group by {listed}, line, accounting order by {listed}"
    )
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for *key, line, accounting, grams in figures:
        if years and key[0] not in years:
            continue
        row = rows.setdefault(
            tuple(key),
            dict(zip(["year", *by], key, strict=True))
            | {column.key: None for column in BREAKDOWN_MASSES},
        )
        name = {"scope2": f"scope2_{accounting}_t"}.get(line, f"{line}_t")
        row[name] = (row[name] or ZERO) + tonnes(grams)
    columns = [Column("year", "Year"), *(BREAKDOWNS[name] for name in by), *BREAKDOWN_MASSES]
    estimated = estimates.shares(run, by)
    if any(estimated.get(key) for key in rows):
        columns.append(Column("estimated_share", "Estimated", "%", "share"))
        rows = {key: row | {"estimated_share": estimated.get(key)} for key, row in rows.items()}
    return Table(
        "inventory",
        f"Inventory by {', '.join(['year', *by])}",
        columns,
        list(rows.values()),
        basis.flights(run, years),
    )


BREAKDOWN_MASSES = (
    Column("scope1_t", "Scope 1", "t CO2e", "mass"),
    Column("scope2_location_t", "Scope 2 location", "t CO2e", "mass"),
    Column("scope2_market_t", "Scope 2 market", "t CO2e", "mass"),
    Column("scope3_t", "Scope 3", "t CO2e", "mass"),
    Column("outside_t", "Outside scopes", "t CO2e", "mass"),
)


def sites(run: Run, year: int) -> Table:
    """Sites of a year, largest first, with their share of Scope 1+2 location-based."""
    rows = []
    titles = {place.name: place.title or place.name for place in run.settings.site}
    table = inventory_by(run, [year], ["site"])
    totals = [(row["scope1_t"] or ZERO) + (row["scope2_location_t"] or ZERO) for row in table.rows]
    gross = sum(totals, ZERO)
    for row, total in zip(table.rows, totals, strict=True):
        rows.append(
            {
                "site": titles[row["site"]],
                "scope1_t": row["scope1_t"],
                "scope2_location_t": row["scope2_location_t"],
                "location_t": total,
                "share": total / gross if gross else None,
            }
        )
    rows.sort(key=lambda row: (-row["location_t"], row["site"]))
    columns = (
        Column("site", "Site"),
        Column("scope1_t", "Scope 1", "t CO2e", "mass"),
        Column("scope2_location_t", "Scope 2 location", "t CO2e", "mass"),
        Column("location_t", "Total", "t CO2e", "mass"),
        Column("share", "Share", "%", "share"),
    )
    return Table("sites", f"Sites, {year}", columns, rows)


def change(run: Run, year: int) -> Table:
    """The last year on the year before, line by line."""
    totals = {y: total for (scenario, y), total in year_totals(run).items() if scenario == ACTUAL}
    columns = (
        Column("line", "Line"),
        Column("before_t", str(year - 1), "t CO2e", "mass"),
        Column("after_t", str(year), "t CO2e", "mass"),
        Column("change_t", "Change", "t CO2e", "mass"),
        Column("change_share", "Change", "%", "share"),
    )
    if year not in totals or year - 1 not in totals:
        return Table("change", f"Change {year - 1} to {year}", columns, [])
    rows = []
    for title, name in (
        ("Scope 1", "scope1_g"),
        ("Scope 2 location", "location_g"),
        ("Scope 2 market", "market_g"),
        ("Scope 1+2 location", "gross_location_g"),
    ):
        before, after = (tonnes(getattr(totals[y], name)) for y in (year - 1, year))
        rows.append(
            {
                "line": title,
                "before_t": before,
                "after_t": after,
                "change_t": after - before,
                "change_share": (after - before) / before if before else None,
            }
        )
    was, now = published_t(run, year - 1), published_t(run, year)
    if was is not None and now is not None:
        rows.append(
            {
                "line": "As published",
                "before_t": was,
                "after_t": now,
                "change_t": now - was,
                "change_share": (now - was) / was,
            }
        )
    return Table("change", f"Change {year - 1} to {year}", columns, rows)
