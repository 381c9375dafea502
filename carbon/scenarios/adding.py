"""The months ahead of a scenario: what measures add to them.

PV, savings, recovered heat, leaks of a new refrigerant and loads that move add quantities beyond
the base month. PV comes last, for what a site still buys limits what of it is used there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from carbon.scenarios.bought import Bought
from carbon.scenarios.kinds import Measure
from carbon.scenarios.loads import Ground, Load, Place
from carbon.scenarios.mistakes import mistake
from carbon.scenarios.model import Scenario
from carbon.scenarios.moves import Recorded, moved
from carbon.scenarios.plan import Index
from carbon.scenarios.times import months_ahead

MOST_ADDED = 10**11  # what the relation holds
AdditionRow = tuple[str, Place, int, str, Decimal]
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
) -> list[AdditionRow]:
    """What measures add to the planned months, beyond their base months.

    recorded : what is recorded of each key in the base months; asked only where a load moves, or
        where what a site buys limits a measure. Without it, nothing is limited.
    sites : the stay of each site, its first month and the first no longer.
    surplus : filled with what PV a site could not use up to its share, by measure and month. [kWh]
    index : what `plan_index` knows of the same months.

    Rows: (scenario, place, month, unit, quantity at 6 places); quantities of 0 are left out.
    """
    sums: dict[Place, dict[tuple[int, str], Decimal]] = {}
    ahead = months_ahead(scenario.horizon, base_year, months)
    for _, place, month, unit, quantity in additions(
        scenario, keys, base_year, ahead, recorded, sites, surplus, index
    ):
        _add(sums, place, month, unit, quantity)
    return [
        (scenario.name, place, month, unit, quantity)
        for place, at in sorted(sums.items())
        for (month, unit), quantity in sorted(at.items())
        if quantity
    ]


def additions(
    scenario: Scenario,
    keys: Mapping[int, Sequence[str]],
    base_year: int,
    ahead: Sequence[tuple[int, int, int]],
    recorded: Callable[[], Recorded] | None = None,
    sites: Mapping[str, tuple[int, int]] | None = None,
    surplus: Surplus | None = None,
    index: Index | None = None,
) -> Iterator[tuple[Measure, Place, int, str, Decimal]]:
    """What each measure adds to the planned months `ahead`, as `plan_additions` sums it."""
    loads = {key: Load(*each) for key, each in keys.items()}
    ground = Ground(scenario.name, scenario.file, list(loads.values()), sites)
    ground.surplus = {} if surplus is None else surplus
    sums: dict[Place, dict[tuple[int, str], Decimal]] = {}
    if recorded:
        known = {} if index is None else index
        months = {month: year for month, year, _ in ahead}
        months |= {before: base_year for _, _, before in ahead}
        ground.bought = Bought(scenario, keys, base_year, months, recorded, sums, index=known)
    for measure in scenario.measures:
        for site in filter(None, (*measure.site, *measure.acts_at)):
            ground.knows(site, measure.name)
    for measure in sorted(scenario.measures, key=lambda each: each.IS_LAST):
        for month, year, before in ahead:
            for place, unit, quantity in measure.added(month, year, before, base_year, ground):
                _check(scenario, measure, quantity, unit)
                _add(sums, place, month, unit, quantity)
                yield measure, place, month, unit, quantity
        if measure.MOVES:
            known = recorded() if recorded else {}
            for row in moved(scenario, measure, loads, base_year, ahead, known, ground):
                _check(scenario, measure, row[3], row[2])
                _add(sums, *row)
                yield measure, *row


def _check(scenario: Scenario, measure: Measure, quantity: Decimal, unit: str) -> None:
    """Raises SettingsError for more than can be counted in a month."""
    if abs(quantity) >= MOST_ADDED:
        says = f"adds {quantity:.3g} {unit} to a month by {measure.name!r}"
        raise mistake(scenario.name, scenario.file, says, measure.name, ())


def _add(
    sums: dict[Place, dict[tuple[int, str], Decimal]],
    place: Place,
    month: int,
    unit: str,
    quantity: Decimal,
) -> None:
    at = sums.setdefault(place, {})
    at[month, unit] = at.get((month, unit), Decimal(0)) + quantity
