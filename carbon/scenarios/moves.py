"""Loads that move: fuel that becomes electricity, trips made otherwise, work that goes elsewhere.

What a measure takes off a load is the load as the other measures leave it, with and without this
one; that goes to another place, in its own unit. A new site copies a load and leaves it alone. What
had moved in the base month already is in the figures of both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from carbon.scenarios.amounts import rounded
from carbon.scenarios.kinds import Measure
from carbon.scenarios.loads import Ground, Load, Place
from carbon.scenarios.model import Scenario
from carbon.scenarios.together import together

Recorded = Mapping[int, Mapping[int, Mapping[str, Decimal]]]  # key_id, month, unit -> quantity


def moved(
    scenario: Scenario,
    measure: Measure,
    loads: Mapping[int, Load],
    base_year: int,
    ahead: Sequence[tuple[int, int, int]],
    recorded: Recorded,
    ground: Ground,
) -> Iterator[tuple[Place, int, str, Decimal]]:
    """What a measure moves in each planned month: where to, unit and quantity at 6 places."""
    known: dict[tuple[str, ...], list[Fraction]] = {}  # loads that the same measures act on
    for key, load in sorted(loads.items()):
        is_copied = measure.copies(load)
        if not load.is_use or not (is_copied or measure.acts_on(load)):
            continue
        acting = [each for each in scenario.measures if each.acts_on(load)]
        if is_copied:  # a site that closes is no model of how the new one goes on
            acting = [each for each in acting if not each.ENDS]
        change = _copied if is_copied else _taken
        names = tuple(each.name for each in acting)
        if names not in known:
            known[names] = [
                change(measure, acting, (month, year), (before, base_year), scenario.base_year)
                for month, year, before in ahead
            ]
        for (month, _, before), share in zip(ahead, known[names], strict=True):
            for unit, quantity in recorded.get(key, {}).get(before, {}).items():
                for place, as_unit, each in measure.goes_to(load, unit, ground):
                    amount = rounded(Fraction(quantity) * share * each, 6)
                    if amount:
                        yield place, month, as_unit, amount


def _taken(
    measure: Measure,
    acting: Sequence[Measure],
    now: tuple[int, int],
    base: tuple[int, int],
    since: int,
) -> Fraction:
    """What a measure takes off a month, as a share of its base month as recorded."""
    others = [each for each in acting if each is not measure]

    def left(measures: Sequence[Measure], at: tuple[int, int]) -> Fraction:
        return together(measures, lambda each: each.effect(*at, since))

    was = left(acting, base)
    if not was:  # nothing was left to be recorded, so nothing goes on or moves
        return was
    gone, gone_before = left(others, now) - left(acting, now), left(others, base) - was
    return (gone - gone_before) / was


def _copied(
    measure: Measure,
    acting: Sequence[Measure],
    now: tuple[int, int],
    base: tuple[int, int],
    since: int,
) -> Fraction:
    """How far a new load is there, as a share of the base month it is like."""
    here = measure.level_in(now[0]) * measure.delivered(now[1])
    here -= measure.level_in(base[0]) * measure.delivered(base[1])
    if not here:
        return here
    was = together(acting, lambda each: each.effect(*base, since))
    if not was:  # a load that had ended in the base month is no model
        return was
    return here * together(acting, lambda each: each.effect(*now, since)) / was
