"""Verified savings, which stand instead of what was estimated.

A measure that was verified states what was measured by year. Its estimate of such a year is worked
out, and the ratio of the two is what it delivers of its promise: exactly in the years that were
measured, and the last of them in the years that follow. What was measured in the base year or
before is in that year's figures; only its ratio goes on.

A measure that multiplies loads is estimated on the loads of the base year, grown as the other
measures have them in the year, and saves what it takes off beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from carbon.errors import UnitError
from carbon.scenarios.amounts import amount
from carbon.scenarios.kinds import Measure
from carbon.scenarios.loads import PURCHASED, Load
from carbon.scenarios.mistakes import mistake
from carbon.scenarios.model import Scenario
from carbon.scenarios.moves import Recorded
from carbon.scenarios.together import together


def as_verified(
    scenario: Scenario,
    keys: Mapping[int, Sequence[str]],
    base_year: int,
    base_months: Sequence[int],
    recorded: Callable[[], Recorded],
) -> Scenario:
    """The scenario with its verified measures delivering what was measured.

    recorded : what is recorded of each key in the base months; asked only where it is needed.

    Raises SettingsError for a year in which a measure is estimated to save nothing.
    """
    found = list(scenario.measures)
    for at, measure in enumerate(found):
        ratios: dict[int, Fraction] = {}
        for year, text in sorted(measure.verified.items()):
            found[at] = measure.as_verified({**ratios, year: Fraction(1)})
            try:
                if measure.MULTIPLIES:
                    loads = {key: Load(*each) for key, each in keys.items()}
                    unit, estimate = _on_loads(
                        scenario, found, at, year, base_year, loads, recorded()
                    )
                    measured = amount(text, (unit,))[1]
                else:
                    measured = measure.verified_amount(text)[1]
                    ahead = 100 * (year - base_year)
                    estimate = sum(
                        (found[at].in_month(month + ahead) for month in base_months), Fraction(0)
                    )
            except UnitError as fault:
                fault.where = fault.where or f"{scenario.file}, {measure.who}, verified in {year}"
                raise
            if not estimate:
                raise mistake(
                    scenario.name,
                    scenario.file,
                    f"has {measure.name!r} verified in {year}, for which it estimates no saving",
                    "verified",
                    (),
                )
            ratios[year] = measured / estimate
            found[at] = measure.as_verified(ratios)
    return replace(scenario, measures=tuple(found))


def _on_loads(
    scenario: Scenario,
    measures: Sequence[Measure],
    at: int,
    year: int,
    base_year: int,
    loads: Mapping[int, Load],
    recorded: Recorded,
) -> tuple[str, Fraction]:
    """What the measure at a place is estimated to take off its loads in a year, and the unit."""
    since, measure = scenario.base_year, measures[at]
    estimate, units = Fraction(0), set()
    for key, load in loads.items():
        if not measure.acts_on(load) or (load.activity in PURCHASED and not load.is_bill):
            continue
        acting = [each for each in measures if each.acts_on(load)]
        others = [each for each in acting if each is not measure]
        for before, base in recorded.get(key, {}).items():
            month = before + 100 * (year - base_year)
            beside = together(others, lambda each, m=month: each.effect(m, year, since))
            now = together(acting, lambda each, m=month: each.effect(m, year, since))
            then = together(acting, lambda each, b=before: each.effect(b, base_year, since))
            # A recorded year has the saving in its figures, a planned one is made of the base year.
            so = (beside - now) / then if year > base_year else beside / now - 1
            estimate += so * sum(Fraction(quantity) for quantity in base.values())
            units.update(base)
    if len(units) > 1:
        raise mistake(
            scenario.name,
            scenario.file,
            f"has {measure.name!r} verified, which acts on loads in {' and '.join(sorted(units))}",
            "verified",
            (),
        )
    return next(iter(units), "kWh"), estimate
