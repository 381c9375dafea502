"""The months ahead of a scenario: what measures add to them.

PV, savings, recovered heat, leaks of a new refrigerant and loads that move add quantities beyond
the base month. PV comes last, for what a site still buys limits what of it is used there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import chain

from carbon.scenarios.bought import Bought
from carbon.scenarios.kinds import Measure
from carbon.scenarios.loads import Ground, Load, Place
from carbon.scenarios.mistakes import mistake
from carbon.scenarios.model import Scenario
from carbon.scenarios.moves import Recorded, moved
from carbon.scenarios.plan import Index
from carbon.scenarios.times import months_ahead

NONE = Decimal(0)
MOST_ADDED = 10**11  # what the relation holds
Sums = dict[Place, dict[tuple[int, str], Decimal]]  # by month and unit
Surplus = dict[str, dict[int, Fraction]]  # by measure and month


def plan_additions(
    scenario: Scenario,
    keys: Mapping[int, Sequence[str]],
    base_year: int,
    months: Mapping[int, int],
    recorded: Callable[[], Recorded] | None = None,
    sites: Mapping[str, tuple[int, int]] | None = None,
    surplus: Surplus | None = None,
    index: Index | None = None,
) -> Sums:
    """What measures add to the planned months, beyond their base months.

    recorded : what is recorded of each key in the base months; asked only where a load moves, or
        where what a site buys limits a measure. Without it, nothing is limited.
    sites : the stay of each site, its first month and the first no longer.
    surplus : filled with what PV a site could not use up to its share, by measure and month. [kWh]
    index : what `plan_index` knows of the same months.

    By place, month and unit, in order; quantities have 6 places, and those of 0 are left out.
    """
    sums: Sums = {}
    ahead = months_ahead(scenario.horizon, base_year, months)
    for _ in additions(scenario, keys, base_year, ahead, recorded, sites, surplus, index, sums):
        pass  # all of it is in the sums
    found = {
        place: {spot: quantity for spot, quantity in sorted(at.items()) if quantity}
        for place, at in sorted(sums.items())
    }
    return {place: at for place, at in found.items() if at}


def additions(
    scenario: Scenario,
    keys: Mapping[int, Sequence[str]],
    base_year: int,
    ahead: Sequence[tuple[int, int, int]],
    recorded: Callable[[], Recorded] | None = None,
    sites: Mapping[str, tuple[int, int]] | None = None,
    surplus: Surplus | None = None,
    index: Index | None = None,
    sums: Sums | None = None,
) -> Iterator[tuple[Measure, Place, int, str, Decimal]]:
    """What each measure adds to the planned months `ahead`, as `plan_additions` sums it.

    sums : filled with the sums.
    """
    loads = {key: Load(*each) for key, each in keys.items()}
    ground = Ground(scenario.name, scenario.file, list(loads.values()), sites)
    ground.surplus = {} if surplus is None else surplus
    sums = {} if sums is None else sums
    if recorded:
        known = {} if index is None else index
        months = {month: year for month, year, _ in ahead}
        months |= {before: base_year for _, _, before in ahead}
        ground.bought = Bought(scenario, keys, base_year, months, recorded, sums, index=known)
    for measure in scenario.measures:
        for site in filter(None, (*measure.site, *measure.acts_at)):
            ground.knows(site, measure.name)
    for measure in sorted(scenario.measures, key=lambda each: each.IS_LAST):
        rows = measure.added(ahead, base_year, ground)
        if measure.MOVES:
            held = recorded() if recorded else {}
            rows = chain(rows, moved(scenario, measure, loads, base_year, ahead, held, ground))
        for place, month, unit, quantity in rows:
            if abs(quantity) >= MOST_ADDED:  # more than can be counted
                says = f"adds {quantity:.3g} {unit} to a month by {measure.name!r}"
                raise mistake(scenario.name, scenario.file, says, measure.name, ())
            at = sums.setdefault(place, {})
            at[month, unit] = at.get((month, unit), NONE) + quantity
            yield measure, place, month, unit, quantity
