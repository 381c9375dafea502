"""One scenario studied: what moves each verdict, where it turns, and how often it holds.

The engine projects the plan, every assumption at both ends of its range, the values on the way to
each turning point, and some joint draws against which the response of `courses` is checked.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from carbon import outlook, uncertainty
from carbon.base_year import Comparison
from carbon.errors import UsageError
from carbon.run import Run
from carbon.scenarios import Scenario
from carbon.sensitivity import errors, turning
from carbon.sensitivity.assumptions import (
    Assumption,
    assumptions,
    fixed_rest,
    of_rest,
    with_values,
)
from carbon.sensitivity.courses import Courses, responding
from carbon.sensitivity.gaps import Gauge, alike, gauge
from carbon.sensitivity.odds import Drawn, Odds, Reach, drawn, misfit, plan_of
from carbon.sensitivity.projected import Engine, Projection
from carbon.sensitivity.turning import Turn
from carbon.settings import Target
from carbon.targets import Verdict, YearFigure, chosen, judge
from carbon.targets.case import case_of

DRAWS, SEED = uncertainty.DRAWS, uncertainty.SEED
MOST_DRAWS = 1_000_000
LINES_OF = {"MWh": ("market", "net"), "t": ("net",)}  # what purchases move, by their unit
OFF = "% off"  # the unit of an error
STILL = 1e-6  # a gap that moves by less does not move [t CO2e]


@dataclass(frozen=True)
class Asked:
    """What is asked. targets : names; none for all."""

    scenario: str
    targets: Sequence[str] = ()
    draws: int = DRAWS
    seed: int = SEED


@dataclass(frozen=True)
class Swing:
    """What one assumption or error alone does to a target: its gap at both ends of its range.
    [t CO2e]

    low, high : the ends, in `unit`.
    gap_low, gap_high : None at an end that cannot be projected.
    word_low, word_high : the verdicts there; '' of an error, for verdicts are not given on errors.
    """

    name: str
    low: Decimal
    high: Decimal
    unit: str
    gap_low: float | None
    gap_high: float | None
    word_low: str
    word_high: str
    source: str
    gap: float = 0.0  # as planned

    @property
    def ends(self) -> tuple[float, float]:
        """The gaps at both ends, as far as it was followed: as planned where it could not be."""
        low, high = self.gap_low, self.gap_high
        return (self.gap if low is None else low, self.gap if high is None else high)

    @property
    def width(self) -> float:
        low, high = self.ends
        return abs(high - low)


@dataclass(frozen=True)
class Judged:
    """A target measured on a scenario."""

    gauge: Gauge
    verdict: Verdict
    figures: Sequence[YearFigure]
    gap: float = 0.0
    swings: Sequence[Swing] = ()
    still: Sequence[str] = ()  # assumptions that change nothing of it
    turns: Sequence[Turn] = ()
    odds: Odds | None = None

    is_tight: bool = False  # credits cover what is left to the tonne: the least shortfall turns it

    @property
    def target(self) -> Target:
        return self.gauge.target


@dataclass(frozen=True)
class Study:
    """All that is told of a scenario. needed : credits that the rest takes, by year. [t]"""

    asked: Asked
    judged: Sequence[Judged]
    known: Sequence[Assumption]
    needed: Mapping[int, Reach] = field(default_factory=dict)
    misfit: float = 0.0  # of the response, in joint draws [1]
    checked: int = 0
    projected: int = 0  # scenarios


def study(run: Run, asked: Asked, today: date, like: Comparison | None = None) -> Study:
    """The study of a scenario of a run, which was carried out with it; the relations of the run are
    replaced by those of the scenarios that are tried.

    like : the actual years recalculated for structure.

    Raises UsageError for a number of draws that means nothing and a target that is unknown.
    """
    _check(asked)
    scenario, base_year = run.scenarios[asked.scenario], run.last_actual_year
    judged = [
        _judged(run, each, scenario.name, today, like)
        for each in chosen(
            run.settings.target,
            asked.targets,
            "the book has no target that a verdict could hang on",
        )
    ]
    measured = [each for each in judged if not each.gauge.lacking]
    found, rest = uncertainty.model(run), _rest(run, scenario)
    boundaries = dict.fromkeys([(), *(tuple(each.target.sites) for each in measured)])
    engine = Engine(run, tuple(boundaries))
    scenario = _fixed(scenario, rest)
    known = assumptions(scenario, base_year, run.settings.policy.spread, _held(run), tuple(rest))
    years = range(base_year + 1, scenario.horizon + 1)
    courses, probes = responding(engine, scenario, known, found, years, base_year, today)
    tried = _Tried(run, today, engine, scenario, known, courses.plan)
    for each in known:
        tried.found[each.name, each.planned] = courses.plan
        for probe, value in enumerate(each.probes):
            tried.found[each.name, value] = probes[each.name, probe]
    measured = [_swung(each, tried, courses) for each in measured]
    measured = [replace(each, is_tight=_is_tight(each, rest)) for each in measured]
    draws = drawn(
        courses,
        [(each.gauge, each.figures) for each in measured],
        {year: float(sum(of.get(year, 0) for of in rest.values())) for year in _years(rest)},
        asked.draws,
        asked.seed,
    )
    bought = [of_rest(each, rest[each.name]) for each in scenario.measures if each.name in rest]
    turned = _turned(measured, bought, tried)
    share, checked = misfit(engine, scenario, courses, asked.draws, asked.seed)
    whole = {each.target.name: _told(each, draws, turned) for each in measured}
    return Study(
        asked,
        [whole.get(each.target.name, each) for each in judged],
        known,
        draws.needed,
        share,
        checked,
        engine.asked,
    )


@dataclass
class _Tried:
    """What the engine was asked already, one assumption at another value at a time."""

    run: Run
    today: date
    engine: Engine
    scenario: Scenario
    known: Sequence[Assumption]
    plan: Projection
    found: dict[tuple[str, Decimal], Projection | None] = field(default_factory=dict)

    def at(self, wanted: Sequence[tuple[Assumption, Decimal]]) -> list[Projection | None]:
        """One projection for each assumption at a value, all others as planned."""
        fresh = [(each, value) for each, value in wanted if (each.name, value) not in self.found]
        changed = [
            with_values(self.scenario, {each.name: value}, [each], each.name)
            for each, value in fresh
        ]
        for (each, value), one in zip(fresh, self.engine.project(changed), strict=True):
            self.found[each.name, value] = one
        return [self.found[each.name, value] for each, value in wanted]

    def gap(self, of: Judged, projection: Projection | None) -> float | None:
        """By how much a target is missed in a projection. [t CO2e]"""
        import numpy

        if projection is None:
            return None
        case = case_of(
            of.target,
            projection.figures(of.figures, tuple(of.target.sites)),
            self.today,
            self.run.settings.policy,
            self.scenario.name,
        )
        values = {each.year: float(case.value(each)) for each in case.every}
        return float(of.gauge.gap(numpy.array([[values[year] for year in of.gauge.years]]))[0])

    def word(self, of: Judged, projection: Projection | None) -> str:
        """The verdict on a target in a projection."""
        if projection is None:
            return "no data"
        figures = projection.figures(of.figures, tuple(of.target.sites))
        return judge(
            of.target,
            figures,
            today=self.today,
            policy=self.run.settings.policy,
            scenario=self.scenario.name,
        ).verdict


def _check(asked: Asked) -> None:
    for option, value, least, most in (
        ("--draws", asked.draws, 100, MOST_DRAWS),
        ("--seed", asked.seed, 0, 2**63),
    ):
        if not least <= value <= most:
            raise UsageError(
                "usage",
                f"{option} {value} is out of range",
                looked_for=f"{least} to {most}",
                remedy="carbon sensitivity --help",
            )


def _judged(
    run: Run, target: Target, scenario: str, today: date, like: Comparison | None
) -> Judged:
    """A target as planned. Figures are those its kind compares: recalculated where it asks so."""
    figures = outlook.year_figures(run, scenario, target.sites, target.judged_on, target.per, like)
    policy = run.settings.policy
    verdict = judge(target, figures, today=today, policy=policy, scenario=scenario)
    case = alike(case_of(target, figures, today, policy, scenario))
    return Judged(gauge(target, figures, today, policy, scenario), verdict, case.every)


def _rest(run: Run, scenario: Scenario) -> dict[str, dict[int, Decimal]]:
    """What credits that cover the rest come to in the plan. By measure and year [t]"""
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


def _years(rest: Mapping[str, Mapping[int, Decimal]]) -> list[int]:
    return sorted({year for of in rest.values() for year in of})


def _fixed(scenario: Scenario, rest: Mapping[str, Mapping[int, Decimal]]) -> Scenario:
    """The scenario with such credits held at what the plan buys: else no target could be missed,
    and nothing would be said of how much more has to be bought."""
    measures = tuple(
        fixed_rest(each, rest[each.name]) if each.name in rest else each
        for each in scenario.measures
    )
    return replace(scenario, measures=measures)


def _is_tight(of: Judged, rest: Mapping[str, Mapping[int, Decimal]]) -> bool:
    return of.target.judged_on == "net" and bool(_years(rest)) and -1 <= of.gap <= 0


def _held(run: Run) -> list[str]:
    """The regions whose grid factor the scenario holds where it is."""
    [scenario] = run.scenarios.values()
    told = {each.region for each in scenario.grids}
    return sorted({each.region for each in run.supposed} - told)


def _swung(of: Judged, tried: _Tried, courses: Courses) -> Judged:
    """A target with its gap as planned, and what every assumption and error alone does to it."""
    gap = tried.gap(of, tried.plan)
    assert gap is not None  # the plan is projected
    word = of.verdict.verdict
    swings, still = [], []
    for each in tried.known:
        values = (each.planned, each.high) if each.is_late else (each.low, each.high)
        ends = tried.at([(each, value) for value in values])
        low, high = (tried.gap(of, end) for end in ends)
        if all(end is not None and abs(end - gap) <= STILL for end in (low, high)):
            still.append(each.name)
            continue
        words = [word if end is tried.plan else tried.word(of, end) for end in ends]
        year = of.target.year
        told = [each.number(value, year) for value in values]
        swings.append(
            Swing(each.name, *told, each.short_unit(year), low, high, *words, each.source, gap)
        )
    swings += _alone(of, courses)
    swings.sort(key=lambda swing: (-swing.width, swing.name))
    return replace(of, gap=gap, swings=swings, still=still)


def _alone(of: Judged, courses: Courses) -> list[Swing]:
    """What each error of a recorded quantity or a factor does alone."""
    import numpy

    sources, rows = errors.apart(courses.errors, courses.sources)
    if not sources:
        return []
    planned = [float(each.planned) for each in courses.response.known]
    values = numpy.array([planned] * len(rows)).reshape(len(rows), len(planned))
    series = courses.of(of.gauge, of.figures, courses.ahead(values, rows), rows)
    gap = float(of.gauge.gap(plan_of(courses, of.gauge, of.figures))[0])
    gaps = of.gauge.gap(series)
    found = []
    for number, source in enumerate(sources):
        low, high = (float(each) for each in gaps[2 * number : 2 * number + 2])
        if max(abs(low - gap), abs(high - gap)) > STILL:
            reach = math.exp(uncertainty.HALF_RANGE * source.sigma)
            ends = [round(Decimal(repr(100 * (each - 1))), 2) for each in (1 / reach, reach)]
            name = errors.shared(source)
            found.append(Swing(name, *ends, OFF, low, high, "", "", source.why))
    return found


def _turned(measured: Sequence[Judged], bought: Sequence[Assumption], tried: _Tried) -> list[Turn]:
    """Where every assumption that moves a target turns it.

    bought : credits that cover the rest.
    """
    for each in bought:
        tried.found[each.name, each.planned] = tried.plan
    spots, values = [], {}
    units = {each.name: each.UNIT for each in tried.scenario.measures}
    for of in measured:
        for each in [*tried.known, *bought]:
            if _can_turn(of, each, units.get(each.of, "")):
                spots.append((of.target.name, each, of.gauge.keeps))
                values[of.target.name, each.name] = {
                    value: tried.gap(of, projection)
                    for (name, value), projection in tried.found.items()
                    if name == each.name
                }

    def ask(wanted: Sequence[tuple[Assumption, Decimal]]) -> list[dict[str, float | None]]:
        return [
            {of.target.name: tried.gap(of, projection) for of in measured}
            for projection in tried.at(wanted)
        ]

    return turning.turns(spots, values, ask)


def _can_turn(of: Judged, each: Assumption, unit: str) -> bool:
    """Whether an assumption is worth a search: purchases move only the lines they are bought for,
    and where nothing is to spare all others turn the target at once.

    unit : of a purchase, else ''.
    """
    if unit and (of.target.judged_on not in LINES_OF[unit] or (unit == "t" and of.target.sites)):
        return False
    return bool(each.amounts) or not of.is_tight


def _told(of: Judged, draws: Drawn, turned: Sequence[Turn]) -> Judged:
    turns = [turn for turn in turned if turn.target == of.target.name]
    return replace(of, odds=draws.odds[of.target.name], turns=turns)
