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
from carbon.scenarios.loads import Imports, nothing_bought
from carbon.scenarios.mistakes import mistake
from carbon.scenarios.model import Grid, Scenario
from carbon.scenarios.times import interpolated

MOST_G_PER_KWH = 10**8  # what the relation holds


class GridFactor(NamedTuple):
    """A grid factor a scenario supposes. Grain: one per region, accounting and year."""

    scenario: str
    region: str
    accounting: str
    year: int
    g_per_kwh: Decimal
    source: str


def plan_instruments(
    scenario: Scenario, base_year: int, imports: Imports = nothing_bought
) -> list[Instrument]:
    """The certificates and contracts a scenario plans, one per measure and year, not retired.

    imports : what a site buys in the months of a year, for suppliers of a share of it. [kWh]
    """
    ahead = range(base_year + 1, scenario.horizon + 1)
    return [
        each
        for measure in scenario.measures
        for each in measure.instruments(scenario.name, ahead, imports)
    ]


def plan_credits(
    scenario: Scenario, base_year: int, residual_t: Mapping[int, Decimal] | None = None
) -> list[Credit]:
    """The credits a scenario plans to buy, one per measure and year, not retired.

    residual_t : by year, what is left after certificates: the rest to be covered, in whole
        tonnes, after the credits of a stated mass. Without it only those are given. [t CO2e]
    """
    ahead = range(base_year + 1, scenario.horizon + 1)
    rest = dict(residual_t or {})
    bought: list[Credit] = []
    for measure in sorted(scenario.measures, key=lambda each: bool(each.rest_in)):
        for credit in measure.credits(scenario.name, ahead, rest):
            bought.append(credit)
            year = credit.claim_year
            rest[year] = rest.get(year, Decimal(0)) - credit.mass_t
    return bought


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
            if value >= MOST_G_PER_KWH:
                says = (
                    f"has a grid path of {region!r} that comes to {float(value):.3g} g/kWh in"
                    f" {year}, and less than {MOST_G_PER_KWH:,} can be counted"
                )
                raise mistake(scenario.name, scenario.file, says, region, ())
            rows.append(
                GridFactor(scenario.name, region, accounting, year, rounded(value, 12), source)
            )
    return rows


def _grid_value(
    grid: Grid | None, base: Decimal, base_year: int, year: int
) -> tuple[Fraction, str]:
    """The supposed factor of a year, and where it comes from."""
    said = f"{base.normalize():f} g/kWh"
    if grid is None:
        return Fraction(base), f"assumption: held at the factor of {base_year}, {said}"

    def coming(stated: Fraction) -> Fraction:
        return Fraction(base) + Fraction(grid.delivery) * (stated - Fraction(base))

    if grid.annual_change is not None:
        value = Fraction(base) * (1 + Fraction(grid.annual_change)) ** (year - base_year)
        told = f"{grid.source}; {grid.annual_change} a year from {said} in {base_year}"
        return coming(value), told
    points = {base_year: base} | {at: each for at, each in grid.g_per_kwh.items() if at > base_year}
    return coming(interpolated(points, year)), grid.source
