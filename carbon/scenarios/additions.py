"""The months ahead of a scenario: what measures add to them.

PV, savings, recovered heat, leaks of a new refrigerant and loads that move add quantities beyond
the base month. PV comes last, for what a site still buys limits what of it is used there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from carbon.scenarios.bought import Bought
from carbon.scenarios.kinds import Measure
from carbon.scenarios.loads import Ground, Load, Place
from carbon.scenarios.model import Scenario
from carbon.scenarios.moves import Recorded, moved
from carbon.scenarios.times import months_ahead

AdditionRow = tuple[str, Place, int, str, Decimal]


def plan_additions(
    scenario: Scenario,
    keys: Mapping[int, Sequence[str]],
    base_year: int,
    months: Mapping[int, int],
    recorded: Callable[[], Recorded] | None = None,
    sites: Mapping[str, tuple[int, int]] | None = None,
    surplus: dict[str, dict[int, Fraction]] | None = None,
) -> list[AdditionRow]:
    """What measures add to the planned months, beyond their base months.

    recorded : what is recorded of each key in the base months; asked only where a load moves, or
        where what a site buys limits a measure. Without it, nothing is limited.
    surplus : filled with what PV a site could not use up to its share, by measure and month. [kWh]
    sites : the stay of each site, its first month and the first no longer.

    Rows: (scenario, place, month, unit, quantity at 6 places); quantities of 0 are left out.
    """
    loads = {key: Load(*each) for key, each in keys.items()}
    ground = Ground(scenario.name, scenario.file, list(loads.values()), sites)
    ground.surplus = {} if surplus is None else surplus
    ahead = months_ahead(scenario.horizon, base_year, months)
    sums: dict[Place, dict[tuple[int, str], Decimal]] = {}
    if recorded:
        ground.bought = Bought(scenario, keys, base_year, months, recorded, sums)

    def add(measure: Measure) -> None:
        for month, year, before in ahead:
            for place, unit, quantity in measure.added(month, year, before, base_year, ground):
                at = sums.setdefault(place, {})
                at[month, unit] = at.get((month, unit), Decimal(0)) + quantity

    for measure in scenario.measures:
        if not measure.IS_LAST:
            add(measure)
    if any(measure.MOVES for measure in scenario.measures):
        for place, month, unit, quantity in moved(
            scenario, loads, base_year, ahead, recorded() if recorded else {}, ground
        ):
            at = sums.setdefault(place, {})
            at[month, unit] = at.get((month, unit), Decimal(0)) + quantity
    for measure in scenario.measures:
        if measure.IS_LAST:  # what it adds depends on what the others leave
            add(measure)
    return [
        (scenario.name, place, month, unit, quantity)
        for place, at in sorted(sums.items())
        for (month, unit), quantity in sorted(at.items())
        if quantity
    ]
