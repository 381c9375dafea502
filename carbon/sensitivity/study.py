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
from carbon.run import Run
from carbon.scenarios import Scenario
from carbon.sensitivity import errors, turning
from carbon.sensitivity.assumptions import Assumption, of_rest, with_values
from carbon.sensitivity.courses import Courses
from carbon.sensitivity.ground import Measured, Rest, ground, measured, years_of
from carbon.sensitivity.odds import Drawn, Odds, Reach, misfit, plan_of, refuse
from carbon.sensitivity.projected import Engine, Projection
from carbon.sensitivity.turning import Turn
from carbon.targets import MonthFigure, Verdict, chosen, judge
from carbon.targets.case import case_of

DRAWS, SEED = uncertainty.DRAWS, uncertainty.SEED
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
class Judged(Measured):
    """A target measured on a scenario, with its verdict and what was found of it."""

    verdict: Verdict
    gap: float = 0.0
    swings: Sequence[Swing] = ()
    still: Sequence[str] = ()  # assumptions that change nothing of it
    turns: Sequence[Turn] = ()
    odds: Odds | None = None
    over: Sequence[int] = ()  # years that miss it as planned
    worst: int = 0  # the year of the gap as planned
    is_tight: bool = False  # credits cover what is left to the tonne: the least shortfall turns it


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
    refuse(asked.draws, asked.seed, "sensitivity")
    name, months = asked.scenario, outlook.ceilings(run)
    every = [
        _judged(run, measured(run, each, name, today, like), name, today, months)
        for each in chosen(
            run.settings.target,
            asked.targets,
            "the book has no target that a verdict could hang on",
        )
    ]
    can_be = [each for each in every if not each.gauge.lacking]
    on = ground(run, name, uncertainty.model(run), can_be, today)
    tried = _Tried(run, today, on.engine, on.scenario, on.known, on.courses.plan)
    for each in on.known:
        tried.found[each.name, each.planned] = on.courses.plan
        for probe, value in enumerate(each.probes):
            tried.found[each.name, value] = on.probes[each.name, probe]
    can_be = [_swung(each, tried, on.courses) for each in can_be]
    can_be = [replace(each, is_tight=_is_tight(each, on.rest)) for each in can_be]
    draws = on.drawn(can_be, asked.draws, asked.seed)
    bought = [
        of_rest(each, on.rest[each.name]) for each in on.scenario.measures if each.name in on.rest
    ]
    turned = _turned(can_be, bought, tried)
    share, checked = misfit(on.engine, on.scenario, on.courses, asked.draws, asked.seed)
    whole = {each.target.name: _told(each, draws, turned) for each in can_be}
    return Study(
        asked,
        [whole.get(each.target.name, each) for each in every],
        on.known,
        draws.needed,
        share,
        checked,
        on.engine.asked,
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
        values = {each.year: float(case.value(each, of.gauge.asked.line)) for each in case.every}
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


def _judged(
    run: Run,
    of: Measured,
    scenario: str,
    today: date,
    months: Mapping[str, Sequence[MonthFigure]],
) -> Judged:
    """A target as planned, with its verdict."""
    verdict = judge(
        of.target,
        of.reported,
        today=today,
        policy=run.settings.policy,
        scenario=scenario,
        months=months.get(of.target.name, ()),
    )
    return Judged(of.gauge, of.figures, of.reported, verdict)


def _is_tight(of: Judged, rest: Rest) -> bool:
    return of.is_after_credits and bool(years_of(rest)) and -1 <= of.gap <= 0


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
    [excess] = of.gauge.excess(plan_of(courses, of.gauge, of.figures)).tolist()
    by_year = dict(zip(of.gauge.judged, excess, strict=True))
    return replace(
        of,
        gap=gap,
        swings=swings,
        still=still,
        over=[year for year, each in by_year.items() if not of.gauge.keeps(each)],
        worst=max(by_year, key=lambda year: by_year[year]),
    )


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
    if unit and (of.gauge.asked.line not in LINES_OF[unit] or (unit == "t" and of.target.sites)):
        return False
    return bool(each.amounts) or not of.is_tight


def _told(of: Judged, draws: Drawn, turned: Sequence[Turn]) -> Judged:
    turns = [turn for turn in turned if turn.target == of.target.name]
    return replace(of, odds=draws.odds[of.target.name], turns=turns)
