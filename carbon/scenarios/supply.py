"""What a scenario buys or supposes beside its loads: certificates, credits and grid factors.

`plan_instruments` and `plan_credits` give records as the ledger holds them, never retired, and
`grid_sets` a factor for each region, accounting and year ahead. A region that no path names stays
at the factor of its base year and says so: an improvement nobody stated is not assumed.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from carbon.records import Credit, Instrument
from carbon.scenarios.amounts import rounded
from carbon.scenarios.effects import interpolated
from carbon.scenarios.model import Grid, Measure, Scenario, mistake


class GridFactor(NamedTuple):
    """A grid factor a scenario supposes. Grain: one per region, accounting and year."""

    scenario: str
    region: str
    accounting: str
    year: int
    g_per_kwh: Decimal
    source: str


def plan_instruments(scenario: Scenario, base_year: int) -> list[Instrument]:
    """The certificates a scenario plans to buy, one per measure and year, not retired."""
    return [
        Instrument(
            instrument_id=f"planned/{scenario.name}/{measure.name}/{year}",
            kind=measure.instrument,
            market=measure.market,
            energy_kwh=rounded(Fraction(energy) * 1000, 6),
            vintage_year=year,
            claim_year=year,
            site=measure.site[0] if measure.site else "",
            note=f"planned: {measure.name} ({'; '.join(measure.source.values())})",
        )
        for measure in scenario.measures
        if measure.kind == "certificates"
        for year, energy in sorted(measure.energy_mwh.items())
        if base_year < year <= scenario.horizon
    ]


def plan_credits(
    scenario: Scenario, base_year: int, residual_t: Mapping[int, Decimal] | None = None
) -> list[Credit]:
    """The credits a scenario plans to buy, one per measure and year, not retired.

    residual_t : by year, what is left after certificates: the rest to be covered, in whole
        tonnes. Without it only the credits of a stated mass are given. [t CO2e]
    """
    rest = dict(residual_t or {})
    bought: list[tuple[Measure, int, Decimal]] = []
    planned = [measure for measure in scenario.measures if measure.kind == "credits"]
    for measure in sorted(planned, key=lambda each: each.mass_t == "rest"):
        amounts = measure.mass_t
        if amounts == "rest":
            amounts = {year: _whole_tonnes(rest.get(year, Decimal(0))) for year in measure.years}
        for year, mass_t in sorted(amounts.items()):
            if base_year < year <= scenario.horizon and mass_t > 0:
                bought.append((measure, year, mass_t))
                rest[year] = rest.get(year, Decimal(0)) - mass_t
    return [
        Credit(
            credit_id=f"planned/{scenario.name}/{measure.name}/{year}",
            standard=measure.standard,
            kind=measure.credit_kind,
            vintage_year=year,
            claim_year=year,
            mass_t=mass_t,
            note=f"planned: {measure.name} ({'; '.join(measure.source.values())})",
        )
        for measure, year, mass_t in bought
    ]


def _whole_tonnes(mass_t: Decimal) -> Decimal:
    return Decimal(-(-Fraction(mass_t) // 1))


def grid_sets(
    scenario: Scenario, base_year: int, base_values: Mapping[tuple[str, str], Decimal]
) -> list[GridFactor]:
    """The grid factors a scenario supposes for each region, accounting and year ahead.

    base_values : (region, accounting) -> what served it in the base year. [g CO2/kWh]

    A region no grid path names stays at the factor of its base year, and says so.
    Raises SettingsError for a path of a region that no site takes power from.
    """
    paths = {(grid.region, how): grid for grid in scenario.grids for how in grid.accounting}
    for region, _ in paths:
        if region not in {known for known, _ in base_values}:
            raise mistake(
                scenario.name,
                scenario.file,
                f"has a grid path of {region!r}, where no site takes power from",
                region,
                sorted({known for known, _ in base_values}),
            )
    rows = []
    for (region, accounting), base in sorted(base_values.items()):
        grid = paths.get((region, accounting))
        # One year beyond: a reporting year may take its last months' factors from the next one.
        for year in range(base_year + 1, scenario.horizon + 2):
            value, source = _grid_value(grid, base, base_year, year)
            rows.append(
                GridFactor(scenario.name, region, accounting, year, rounded(value, 12), source)
            )
    return rows


def _grid_value(
    grid: Grid | None, base: Decimal, base_year: int, year: int
) -> tuple[Fraction, str]:
    """The supposed factor of a year, and where it comes from."""
    if grid is None:
        return Fraction(base), f"assumption: held at the factor of {base_year}, {base} g/kWh"
    if grid.annual_change is not None:
        value = Fraction(base) * (1 + Fraction(grid.annual_change)) ** (year - base_year)
        return value, f"{grid.source}; {grid.annual_change} a year from {base} g/kWh in {base_year}"
    points = {base_year: base} | {at: each for at, each in grid.g_per_kwh.items() if at > base_year}
    return interpolated(points, year), grid.source
