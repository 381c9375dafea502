"""Totals by reporting year, how complete each year is, and the inventory with a line a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from carbon import basis, estimates
from carbon.inputs import ACTUAL, month_list
from carbon.run import Run, uncounted
from carbon.tables import Column, Table, tonnes
from carbon.targets import credit_use

ZERO = Decimal(0)


@dataclass(frozen=True)
class YearTotal:
    """The totals of one scenario and reporting year. [g], exact"""

    scenario: str
    year: int
    scope1_g: Decimal = Decimal(0)
    location_g: Decimal = Decimal(0)
    market_g: Decimal = Decimal(0)
    scope3_g: Decimal = Decimal(0)
    outside_g: Decimal = Decimal(0)
    standard_coal_g: Decimal = Decimal(0)
    disclosed: frozenset[str] = frozenset()  # the columns something is recorded for

    def tonnes(self, column: str) -> Decimal | None:
        """A column in tonnes, None where nothing is recorded for it: missing is not 0."""
        return tonnes(getattr(self, column)) if column in self.disclosed else None

    @property
    def gross_location_g(self) -> Decimal:
        return self.scope1_g + self.location_g

    @property
    def gross_market_g(self) -> Decimal:
        return self.scope1_g + self.market_g


def year_totals(run: Run, sites: Sequence[str] = ()) -> dict[tuple[str, int], YearTotal]:
    """Totals by scenario and reporting year; `sites` narrows them to a sub-boundary."""
    rows = run.engine.con.execute(
        "select scenario, reporting_year, line, accounting, sum(mass_g), sum(co2e_g)"
        " from total where (line <> 'outside' or accounting <> 'market')"
        " and (len($sites) = 0 or list_contains($sites, site))"
        " group by 1, 2, 3, 4 order by 1, 2, 3, 4",
        {"sites": list(sites)},
    ).fetchall()
    sums: dict[tuple[str, int], dict[str, Decimal]] = {}
    for scenario, year, line, accounting, mass_g, co2e_g in rows:
        found = sums.setdefault((scenario, year), {})
        name = _column_of(line, accounting)
        found[name] = found.get(name, ZERO) + (mass_g if line == "energy" else co2e_g)
    return {
        key: YearTotal(*key, **found, disclosed=frozenset(found)) for key, found in sums.items()
    }


def _column_of(line: str, accounting: str) -> str:
    """The column of `YearTotal` a row of `total` belongs to."""
    if line == "scope2":
        return f"{accounting}_g"
    return {
        "scope1": "scope1_g",
        "scope3": "scope3_g",
        "outside": "outside_g",
        "energy": "standard_coal_g",
    }[line]


@dataclass(frozen=True)
class YearState:
    """How far the data of a reporting year can be relied on."""

    year: int
    covered: int  # key-months with a figure
    expected: int  # key-months that should have one
    missing: Sequence[str]  # 'meter or site, activity: months'
    status: str  # draft, reviewed, approved, published
    uncounted: Sequence[str] = ()  # recorded, but in no total
    filled: int = 0  # key-months without a figure that an estimate stands in for

    @property
    def is_complete(self) -> bool:
        return self.expected > 0 and self.covered == self.expected and not self.uncounted

    @property
    def is_approved(self) -> bool:
        return self.status in ("approved", "published")


def gaps(run: Run) -> dict[int, dict[tuple[str, str, str], list[int]]]:
    """The months without a figure, by reporting year, and site, meter and activity."""
    found: dict[int, dict[tuple[str, str, str], list[int]]] = {}
    for year, site, meter, activity, month in run.rows(
        "select reporting_year, site, meter, activity, month"
        " from coverage_month where covered = 0 order by 1, 2, 3, 4, 5"
    ):
        found.setdefault(year, {}).setdefault((site, meter, activity), []).append(month)
    return found


def year_states(run: Run) -> dict[int, YearState]:
    """The state of every reporting year something should be recorded for, or was in vain."""
    missing = gaps(run)
    counts = {
        year: (covered, expected)
        for year, covered, expected in run.rows(
            "select reporting_year, sum(covered), count(*) from coverage_month group by 1"
        )
    }
    said, lost = run.settings.statements(), uncounted(run.engine)
    stands: dict[int, int] = {}
    for year, *_ in estimates.filled(run):
        stands[year] = stands.get(year, 0) + 1
    return {
        year: YearState(
            year,
            *counts.get(year, (0, 0)),
            [
                f"{meter or site}, {activity}: {month_list(months)}"
                for (site, meter, activity), months in missing.get(year, {}).items()
            ],
            said[year].status if year in said else "draft",
            lost.get(year, ()),
            stands.get(year, 0),
        )
        for year in sorted({*counts, *lost})
    }


INVENTORY = (
    Column("year", "Year", kind="text"),
    Column("scope1_t", "Scope 1", "t CO2e", "mass"),
    Column("scope2_location_t", "Scope 2 location", "t CO2e", "mass"),
    Column("scope2_market_t", "Scope 2 market", "t CO2e", "mass"),
    Column("location_t", "Total location", "t CO2e", "mass"),
    Column("market_t", "Total market", "t CO2e", "mass"),
    Column("credits_t", "Credits", "t CO2e", "mass"),
    Column("net_t", "After credits", "t CO2e", "mass"),
    Column("published_t", "As published", "t CO2e", "mass"),
    Column("estimated_share", "Estimated", "%", "share"),
    Column("status", "Data"),
)


def inventory_by_year(run: Run) -> Table:
    """Every reporting year from the first to the last; a year without data is a gap, not a 0."""
    totals = {
        year: total for (scenario, year), total in year_totals(run).items() if scenario == ACTUAL
    }
    states, estimated = year_states(run), estimates.shares(run)
    rows = []
    known = {*totals, *_reported_years(run)}
    for year in range(min(known), max(known) + 1) if known else ():
        if year not in totals:
            rows.append(
                {column.key: None for column in INVENTORY} | {"year": year, "status": "no data"}
            )
            continue
        total = totals[year]
        retired = credit_use(run.credits[ACTUAL], year, run.claimed_on(year)).retired_t
        rows.append(
            inventory_row(total, retired)
            | {
                "published_t": published_t(run, year),
                "estimated_share": estimated.get((year,)),
                "status": _status(states.get(year)) + (", closed" if year in run.closings else ""),
            }
        )
    lost = [
        f"Not counted in {year}, for want of a factor: {what}. See carbon check."
        for year, state in states.items()
        for what in state.uncounted
    ]
    notes = [*lost, *_filled_notes(run), *_inventory_notes(run, totals)]
    return Table(
        "inventory", "Inventory by reporting year", INVENTORY, rows, notes, is_blocked=bool(lost)
    )


def _filled_notes(run: Run) -> list[str]:
    """Which gaps stand filled, by bill or meter."""
    gaps: dict[tuple[str, str], list[int]] = {}
    for _, site, meter, activity, month, _ in estimates.filled(run):
        gaps.setdefault((meter or site, activity), []).append(month)
    return [
        f"Filled with an estimate until the bill comes: {activity} of {name}, {month_list(months)}."
        for (name, activity), months in sorted(gaps.items())
    ]


def _reported_years(run: Run) -> set[int]:
    """Years the organisation told its revenue or staff for, whatever else it told."""
    rows = run.ledger.current("denominator", run.cut_off)
    return {row["period"] for row in rows if not row["site"] and row["period"] < 10000}


def inventory_row(total: YearTotal, credits_t: Decimal) -> dict[str, Any]:
    """The three lines of a year. A total of nothing recorded is missing, not 0. [t CO2e]"""
    is_known = bool({"scope1_g", "location_g", "market_g"} & total.disclosed)
    market = tonnes(total.gross_market_g) if is_known else None
    return {
        "year": total.year,
        "scope1_t": total.tonnes("scope1_g"),
        "scope2_location_t": total.tonnes("location_g"),
        "scope2_market_t": total.tonnes("market_g"),
        "location_t": tonnes(total.gross_location_g) if is_known else None,
        "market_t": market,
        "credits_t": credits_t,
        "net_t": None if market is None else market - credits_t,
    }


def published_t(run: Run, year: int) -> Decimal | None:
    """Scope 1+2 as the organisation published it, or the sum of its two scopes."""
    said = {
        each.line: each.mass_t for each in reversed(run.settings.published) if each.year == year
    }
    if "scope1+2" in said:
        return said["scope1+2"]
    return said["scope1"] + said["scope2"] if {"scope1", "scope2"} <= set(said) else None


def _status(state: YearState | None) -> str:
    if state is None:
        return "no bills expected"
    if state.is_complete:
        return f"complete, {state.status}"
    months = "no bills expected"
    if state.expected:
        months = f"{state.covered} of {state.expected} months"
        months += f", {state.filled} filled" if state.filled else ""
    return f"{months}, NOT ALL COUNTED" if state.uncounted else months


def _inventory_notes(run: Run, totals: Mapping[int, YearTotal]) -> list[str]:
    notes = ["After credits is not an inventory figure: credits never change Scope 1 or 2."]
    if any(total.market_g > total.location_g for total in totals.values()):
        notes.append(
            "Market-based exceeds location-based where the residual mix, from which sold"
            " certificates are taken out, is dirtier than the grid average."
        )
    return notes + basis.notes(run)
