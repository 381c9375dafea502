"""What a study and the probability of a verdict both stand on: targets with their gauges, what a
scenario assumes, and the courses its years may take.

Where there is no scenario the actual years alone may be off, by the errors of what was recorded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from carbon import outlook
from carbon.base_year import Comparison
from carbon.run import Run
from carbon.scenarios import Scenario
from carbon.sensitivity.assumptions import Assumption, assumptions, fixed_rest
from carbon.sensitivity.courses import Courses, Probes, as_recorded, responding
from carbon.sensitivity.gaps import Gauge, alike, gauge
from carbon.sensitivity.odds import Drawn, drawn
from carbon.sensitivity.projected import Engine, Sites
from carbon.settings import Target
from carbon.targets import YearFigure
from carbon.targets.case import case_of
from carbon.uncertainty import Model

Rest = Mapping[str, Mapping[int, Decimal]]  # by measure and year [t]


@dataclass(frozen=True)
class Measured:
    """A target on the years of a scenario: how it is measured, and the figures it is measured on,
    those its kind compares: recalculated where it asks so.

    reported : the figures as its verdict is given them.
    """

    gauge: Gauge
    figures: Sequence[YearFigure]
    reported: Sequence[YearFigure]

    @property
    def target(self) -> Target:
        return self.gauge.target

    @property
    def is_recorded(self) -> bool:
        """Whether no year ahead has a part in it."""
        ahead = {each.year for each in self.figures if each.kind == "projected"}
        return not ahead.intersection(self.gauge.years)

    @property
    def is_after_credits(self) -> bool:
        """Whether credits count in it; they are bought for the whole and count in no part."""
        return self.gauge.asked.line == "net" and not self.target.sites


@dataclass(frozen=True)
class Ground:
    """A scenario as far as the engine was asked of it.

    scenario : with its credits for the rest held at what the plan buys.
    rest : what these come to.
    """

    engine: Engine
    scenario: Scenario
    rest: Rest
    known: Sequence[Assumption]
    courses: Courses
    probes: Probes

    def drawn(self, measured: Sequence[Measured], draws: int, seed: int) -> Drawn:
        """The joint draws of the scenario."""
        return drawn(
            self.courses,
            [(each.gauge, each.figures) for each in measured],
            {
                year: float(sum(of.get(year, 0) for of in self.rest.values()))
                for year in years_of(self.rest)
            },
            draws,
            seed,
        )


def measured(
    run: Run, target: Target, scenario: str, today: date, like: Comparison | None
) -> Measured:
    """A target on a scenario of a run, or on its actual years.

    like : the actual years recalculated for structure.
    """
    figures = outlook.year_figures(run, scenario, target.sites, target.judged_on, target.per, like)
    policy = run.settings.policy
    case = alike(case_of(target, figures, today, policy, scenario))
    return Measured(gauge(target, figures, today, policy, scenario), case.every, figures)


def ground(run: Run, name: str, found: Model, targets: Sequence[Measured], today: date) -> Ground:
    """What is known of a scenario of a run, whose relations are replaced by those of what is tried.

    found : the errors of its actual years.
    """
    scenario, base_year = run.scenarios[name], run.last_actual_year
    rest = _rest(run, scenario)
    scenario = _fixed(scenario, rest)
    known = assumptions(
        scenario, base_year, run.settings.policy.spread, _held(run, scenario), tuple(rest)
    )
    engine = Engine(run, boundaries(targets))
    years = range(base_year + 1, scenario.horizon + 1)
    courses, probes = responding(engine, scenario, known, found, years, base_year, today)
    return Ground(engine, scenario, rest, known, courses, probes)


def recorded(
    found: Model, targets: Sequence[Measured], draws: int, seed: int, today: date
) -> Drawn:
    """The draws of the actual years alone."""
    courses = as_recorded(found, boundaries(targets), today)
    return drawn(courses, [(each.gauge, each.figures) for each in targets], {}, draws, seed)


def boundaries(targets: Sequence[Measured]) -> tuple[Sites, ...]:
    return tuple(dict.fromkeys([(), *(tuple(each.target.sites) for each in targets)]))


def years_of(rest: Rest) -> list[int]:
    return sorted({year for of in rest.values() for year in of})


def _rest(run: Run, scenario: Scenario) -> dict[str, dict[int, Decimal]]:
    """What credits that cover the rest come to in the plan."""
    found: dict[str, dict[int, Decimal]] = {}
    for measure in scenario.measures:
        if measure.rest_in:
            start = f"planned/{scenario.name}/{measure.name}/"
            found[measure.name] = {
                each.claim_year: each.mass_t
                for each in run.credits[scenario.name]
                if each.credit_id.startswith(start)
            }
    return found


def _fixed(scenario: Scenario, rest: Rest) -> Scenario:
    """The scenario with such credits held at what the plan buys: else no target could be missed,
    and nothing would be said of how much more has to be bought."""
    measures = tuple(
        fixed_rest(each, rest[each.name]) if each.name in rest else each
        for each in scenario.measures
    )
    return replace(scenario, measures=measures)


def _held(run: Run, scenario: Scenario) -> list[str]:
    """The regions whose grid factor the scenario holds where it is."""
    told = {each.region for each in scenario.grids}
    supposed = {each.region for each in run.supposed if each.scenario == scenario.name}
    return sorted(supposed - told)
