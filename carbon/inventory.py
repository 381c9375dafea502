"""The inventory as tables: totals by year, by site, by gas; how complete they are; what changed.

Everything here is read off the relation `total` (or `emission`) of a `Run` and printed as it is:
sums of what the SQL calculated, in tonnes. A year without data is a gap, never a 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from carbon import basis, estimates
from carbon.engine import sql_text
from carbon.errors import UsageError, nearest
from carbon.inputs import ACTUAL, month_list
from carbon.run import Run, uncounted
from carbon.settings import DEGREE_DAYS
from carbon.tables import Column, Table, tonnes
from carbon.targets import credit_use
from carbon.units import convert

TRACE = sql_text("trace")
ZERO = Decimal(0)
PER = {"revenue": "million RMB", "people": "person"}  # what an intensity is printed per


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
    rows = run.rows(
        "select scenario, reporting_year, site, line, accounting, sum(mass_g), sum(co2e_g)"
        " from total where line <> 'outside' or accounting <> 'market'"
        " group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5"
    )
    sums: dict[tuple[str, int], dict[str, Decimal]] = {}
    for scenario, year, site, line, accounting, mass_g, co2e_g in rows:
        if sites and site not in sites:
            continue
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
                "published_t": _published(run, year),
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


def _published(run: Run, year: int) -> Decimal | None:
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
    was, now = _published(run, year - 1), _published(run, year)
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


# Column -> title, unit and what it is summed from, by reporting year. [kWh], [g]
APART = {
    "import_mwh": (
        "Grid import",
        "MWh",
        "select reporting_year, sum(energy_kwh) from import_month"
        " where scenario = 'actual' and activity <> 'supplied_to_others'",
    ),
    "supplied_mwh": (
        "of it supplied on",
        "MWh",
        "select reporting_year, -sum(energy_kwh) from import_month"
        " where scenario = 'actual' and activity = 'supplied_to_others'",
    ),
    "charged_mwh": (
        "of it vehicles",
        "MWh",
        "select reporting_year, sum(quantity) from metered_month"
        " where scenario = 'actual' and activity = 'electricity' and role = 'charger'",
    ),
    "public_mwh": (
        "Public charging",
        "MWh",
        "select reporting_year, sum(quantity) from activity_month"
        " where scenario = 'actual' and activity = 'public_charging'",
    ),
    "pv_mwh": (
        "PV generated",
        "MWh",
        "select reporting_year, sum(generated_kwh) from pv_month where scenario = 'actual'",
    ),
    "loss_t": (
        "of it grid losses",
        "t CO2e",
        "select reporting_year, sum(co2e_g) from total where scenario = 'actual'"
        " and line = 'scope3' and category = 'fuel- and energy-related activities'",
    ),
}


def outside(run: Run) -> Table:
    """What is reported apart: Scope 3, gases outside the scopes, energy in standard coal.

    Losses, energy supplied on and vehicles charged on site have a column where there are any.
    """
    totals = {y: total for (scenario, y), total in year_totals(run).items() if scenario == ACTUAL}
    apart = {
        each: value
        for each, (_, _, sql) in APART.items()
        if (value := dict(run.rows(f"{sql} group by 1"))) or each in ("import_mwh", "pv_mwh")
    }
    rows = [
        {
            "year": year,
            **{
                each: found[year].scaleb(-6 if each.endswith("_t") else -3)
                if year in found
                else None
                for each, found in apart.items()
            },
            "standard_coal_t": total.tonnes("standard_coal_g"),
            "scope3_t": total.tonnes("scope3_g"),
            "outside_t": total.tonnes("outside_g"),
        }
        for year, total in sorted(totals.items())
    ]
    columns = (
        Column("year", "Year"),
        *(Column(each, *APART[each][:2], "number") for each in apart if each != "loss_t"),
        Column("standard_coal_t", "Energy", "tce", "number"),
        Column("scope3_t", "Scope 3", "t CO2e", "mass"),
        *(Column(each, *APART[each][:2], "mass") for each in apart if each == "loss_t"),
        Column("outside_t", "Outside scopes", "t CO2e", "mass"),
    )
    title = "Energy, and emissions reported apart"
    return Table("outside", title, columns, rows, basis.flights(run))


def intensity(run: Run) -> Table:
    """Scope 1+2 location-based per unit of each denominator of the organisation, by year."""
    totals = {y: total for (scenario, y), total in year_totals(run).items() if scenario == ACTUAL}
    rows = []
    for each in run.ledger.current("denominator", run.cut_off):
        year, metric = each["period"], each["metric"]
        if each["site"] or year not in totals or not each["quantity"] or metric in DEGREE_DAYS:
            continue
        per = PER.get(metric, each["unit"])
        divisor = Fraction(each["quantity"]) * convert(1, each["unit"], per)
        gross = Fraction(tonnes(totals[year].gross_location_g))
        value = gross / divisor
        rows.append(
            {
                "year": year,
                "metric": metric,
                "quantity": Decimal(divisor.numerator) / Decimal(divisor.denominator),
                "unit": per,
                "intensity_t": Decimal(value.numerator) / Decimal(value.denominator),
            }
        )
    columns = (
        Column("year", "Year"),
        Column("metric", "Metric"),
        Column("quantity", "Denominator", kind="number"),
        Column("unit", "Unit"),
        Column("intensity_t", "Intensity", "t CO2e per unit", "number", decimals=2),
    )
    rows.sort(key=lambda row: (row["metric"], row["year"]))
    return Table("intensity", "Intensity, Scope 1+2 location-based", columns, rows)


QUALITIES = ("metered", "billed", "calculated", "estimated", "unstated", "filled")


def coverage(run: Run) -> Table:
    """How complete each year is, and what its tonnes rest on. Shares are of Scope 1+2 location."""
    weights: dict[int, dict[str, float]] = {}
    for year, quality, grams in run.rows(
        "select reporting_year, quality, sum(cast(co2e_g as double)"
        " * cast(entry_quantity as double) / cast(flow_quantity as double))"
        f" from ({TRACE}) as t where scenario = 'actual' and flow_quantity <> 0"
        " and (line = 'scope1' or (line = 'scope2' and accounting = 'location'))"
        " group by 1, 2 order by 1, 2"
    ):
        weights.setdefault(year, {})[quality] = grams
    for year, quality, grams in run.rows(
        "select reporting_year, case activity when 'screening' then 'estimated'"
        " when 'service' then 'metered' else 'calculated' end, sum(cast(co2e_g as double))"
        " from emission where scenario = 'actual' and line = 'scope1'"
        " and activity in ('service', 'screening', 'mass_balance') group by 1, 2 order by 1, 2"
    ):
        found = weights.setdefault(year, {})
        found[quality] = found.get(quality, 0.0) + grams
    rows = []
    for year, state in sorted(year_states(run).items()):
        found = weights.get(year, {})
        gross = sum(found.values())
        rows.append(
            {
                "year": year,
                "months": f"{state.covered} of {state.expected}",
                "missing": len(state.missing),
            }
            | {
                f"{quality}_share": found.get(quality, 0.0) / gross if gross else None
                for quality in QUALITIES
            }
        )
    is_filled = any("filled" in found for found in weights.values())
    columns = (
        Column("year", "Year"),
        Column("months", "Months"),
        Column("missing", "Gaps", kind="count"),
        Column("metered_share", "Metered", "%", "share"),
        Column("billed_share", "Billed", "%", "share"),
        Column("calculated_share", "Calculated", "%", "share"),
        Column("estimated_share", "Estimated", "%", "share"),
        Column("unstated_share", "Unstated", "%", "share"),
        *([Column("filled_share", "Filled", "%", "share")] if is_filled else ()),
    )
    return Table("coverage", "Coverage and data quality", columns, rows)
