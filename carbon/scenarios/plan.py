"""The months ahead of a scenario: the multipliers of the base year's months.

`plan_loads` tells which loads the same measures act on, `plan_index` the multiplier of such a set
and month, `plan_leaks` that of what leaks by the register, all relative to the base month. A
measure that was already at work in that month is in its figure, and is not counted again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from carbon.scenarios.amounts import rounded
from carbon.scenarios.kinds import Measure
from carbon.scenarios.loads import Load
from carbon.scenarios.mistakes import mistake
from carbon.scenarios.model import Scenario
from carbon.scenarios.times import months_ahead
from carbon.scenarios.together import check_shares, together

MOST_TIMES = 999_999  # what the relation holds
LoadRow = tuple[str, int, int]
IndexRow = tuple[str, int, int, int, Decimal]
Index = dict[tuple[str, ...], list[tuple[int, int, Decimal]]]  # by the names of a set's measures
LeakRow = tuple[str, str, str, str, int, Decimal]
Effect = tuple[Fraction, Fraction]  # in a planned month, and in its base month


def plan_loads(
    scenario: Scenario, keys: Mapping[int, Sequence[str]]
) -> tuple[list[LoadRow], list[list[Measure]]]:
    """Which loads the same measures act on: they are multiplied alike, month by month.

    keys : key_id -> (site, meter, activity, detail, role of the meter), of the base year

    Rows: (scenario, key_id, number of its measures); and the measures by that number, in order.
    """
    sets: dict[tuple[str, ...], int] = {}
    measures: list[list[Measure]] = []
    rows: list[LoadRow] = []
    for key_id in sorted(keys):
        load = Load(*keys[key_id])
        acting = [measure for measure in scenario.measures if measure.acts_on(load)]
        check_shares(scenario, load, acting)
        names = tuple(measure.name for measure in acting)
        if names not in sets:
            sets[names] = len(measures)
            measures.append(acting)
        rows.append((scenario.name, key_id, sets[names]))
    return rows, measures


def plan_index(
    scenario: Scenario,
    measures: Sequence[Sequence[Measure]],
    base_year: int,
    months: Mapping[int, int],
    known: Index | None = None,
) -> list[IndexRow]:
    """What each base month is multiplied with. One row per set of measures and planned month.

    measures : the sets, as `plan_loads` numbers them
    base_year : the last actual reporting year, whose months are carried on
    months : month -> reporting year, the base year and all years up to the horizon
    known : what was worked out for the same scenario and months; filled with the rest

    Rows: (scenario, number of the set, month, base month, multiplier at 12 places).
    """
    known = {} if known is None else known
    ahead = months_ahead(scenario.horizon, base_year, months)
    effects: dict[str, list[Effect]] = {}  # a measure acts alike in all sets
    rows: list[IndexRow] = []
    for number, acting in enumerate(measures):
        names = tuple(each.name for each in acting)
        if names not in known:
            for each in acting:
                if each.name not in effects:
                    effects[each.name] = _effects(scenario, each, base_year, ahead)
            known[names] = list(_carried(scenario, acting, ahead, effects))
        rows += [(scenario.name, number, *each) for each in known[names]]
    return rows


def _effects(
    scenario: Scenario, measure: Measure, base_year: int, ahead: Sequence[tuple[int, int, int]]
) -> list[Effect]:
    """What a measure does in each planned month and did in its base month; the very same pair
    where it is what it was in the month before."""
    then = {
        before: measure.effect(before, base_year, scenario.base_year)
        for before in {before for _, _, before in ahead}
    }
    found: list[Effect] = []
    for month, year, before in ahead:
        effect = (measure.effect(month, year, scenario.base_year), then[before])
        found.append(found[-1] if found and found[-1] == effect else effect)
    return found


def _carried(
    scenario: Scenario,
    acting: Sequence[Measure],
    ahead: Sequence[tuple[int, int, int]],
    effects: Mapping[str, Sequence[Effect]],
) -> Iterator[tuple[int, int, Decimal]]:
    """Each month, its base month, and what a set of measures multiplies it with."""
    found: dict[tuple[int, ...], Decimal] = {}  # most months are like others
    for at, (month, _, before) in enumerate(ahead):
        pairs = [effects[each.name][at] for each in acting]
        alike = tuple(map(id, pairs))
        if alike not in found:
            now = {each.name: pair[0] for each, pair in zip(acting, pairs, strict=True)}
            then = {each.name: pair[1] for each, pair in zip(acting, pairs, strict=True)}
            times = rounded(_multiplier(scenario, acting, now, then, before), 12)
            if times >= MOST_TIMES:
                names = [each.name for each in acting if now[each.name] != then[each.name]]
                says = (
                    f"makes {times:.3g} times its load of {month // 100}-{month % 100:02d} by"
                    f" {', '.join(names)}, and less than {MOST_TIMES:,} times can be counted"
                )
                raise mistake(scenario.name, scenario.file, says, names[0], ())
            found[alike] = times
        yield month, before, found[alike]


def _multiplier(
    scenario: Scenario,
    acting: Sequence[Measure],
    now: Mapping[str, Fraction],
    then: Mapping[str, Fraction],
    before: int,
) -> Fraction:
    """What the measures do to a month, over what they did to its base month already."""
    if now == then:  # what was recorded goes on, even where nothing should have been left
        return Fraction(1)
    was = together(acting, lambda each: then[each.name])
    left = together(acting, lambda each: now[each.name])
    if was == left == 0:  # growth of what should not be there
        return Fraction(1)
    if was == 0:
        ended = ", ".join(each.name for each in acting if then[each.name] != 1)
        raise mistake(
            scenario.name,
            scenario.file,
            f"brings back a load of which {ended} left nothing in {before // 100}-"
            f"{before % 100:02d}, the month to carry on from",
            "start",
            (),
        )
    return left / was


def plan_leaks(
    scenario: Scenario,
    leaks: Sequence[Load],
    base_year: int,
    months: Mapping[int, int],
) -> list[LeakRow]:
    """What the leaks of appliances are multiplied with where a measure changes them.

    leaks : of the register, as loads: the meter is the appliance, the detail its refrigerant

    Rows: (scenario, site, appliance, refrigerant, month, multiplier at 12 places).
    """
    acting = [each for each in scenario.measures if each.ENDS or not each.IS_GROWTH]
    keys, measures = plan_loads(replace(scenario, measures=tuple(acting)), dict(enumerate(leaks)))
    by_set: dict[int, list[IndexRow]] = {}
    for row in plan_index(scenario, measures, base_year, months):
        by_set.setdefault(row[1], []).append(row)
    return [
        (scenario.name, leak.site, leak.meter, leak.detail, month, multiplier)
        for (_, _, of), leak in zip(keys, leaks, strict=True)
        if measures[of]
        for _, _, month, _, multiplier in by_set[of]
    ]
