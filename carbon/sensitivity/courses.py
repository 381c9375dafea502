"""Possible courses of a target's years: the actual ones with their errors, those ahead as well with
what the scenario assumes.

`responding` lets the engine project the plan and the ends of every range and makes a `Response` of
them; `Courses` turns values of assumptions and errors into the figures that a target is judged on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from carbon.scenarios import Scenario
from carbon.sensitivity.assumptions import Assumption, with_values
from carbon.sensitivity.errors import Recorded, errors_of
from carbon.sensitivity.gaps import Gauge
from carbon.sensitivity.projected import Engine, Parts, Projection, Sites
from carbon.sensitivity.response import Ahead, Errors, Response
from carbon.targets import YearFigure
from carbon.uncertainty import Model

if TYPE_CHECKING:
    import numpy

Probes = Mapping[tuple[str, int], Projection | None]  # by assumption and end of its range


@dataclass(frozen=True)
class Courses:
    """What is known of the years of a scenario as a function of values and errors."""

    response: Response
    recorded: Recorded
    errors: Model
    plan: Projection
    today: date

    @property
    def sources(self) -> list[str]:
        """The errors of the years ahead, then those of the actual years."""
        return [*self.response.sources, *self.recorded.sources]

    def ahead(self, values: numpy.ndarray, errors: numpy.ndarray) -> Ahead:
        """errors : of `sources`, shape (courses, sources)"""
        return self.response.ahead(values, errors[:, : len(self.response.sources)])

    def of(
        self,
        gauge: Gauge,
        figures: Sequence[YearFigure],
        ahead: Ahead,
        errors: numpy.ndarray,
    ) -> numpy.ndarray:
        """The years of a target on its line. [t CO2e], shape (courses, years)

        An actual year is so many times its figure as its parts are of theirs, so that what the
        parts do not know (a closed year, a recalculated one) moves with them.
        """
        import numpy

        target = gauge.target
        line = "location" if gauge.asked.line == "location" else "market"
        spot = (tuple(target.sites), line)
        past = self.recorded.totals(errors[:, len(self.response.sources) :], spot)
        past_plan = self.recorded.totals(numpy.ones((1, len(self.recorded.sources))), spot)[0]
        known = {each.year: each for each in figures}
        planned = self.planned(spot)
        columns = []
        for year in gauge.years:
            figure = known[year]
            gross = float(figure.location_t if line == "location" else figure.market_t)
            credits = 0.0
            if figure.kind == "actual":
                column = gross * self._off(past, past_plan, year)
                credits = float(figure.market_t - figure.net_t(self.today))
            else:
                place = self.response.years.index(year)
                column = gross + (ahead.totals[spot] - planned)[:, place]
                if not target.sites:
                    credits = ahead.credits_t[:, place]
            columns.append(column - credits if gauge.asked.line == "net" else column)
        return numpy.stack(columns, axis=1)

    def _off(self, past: numpy.ndarray, planned: numpy.ndarray, year: int) -> numpy.ndarray | float:
        """What errors make of an actual year, as a part of it."""
        if year not in self.recorded.years:
            return 1.0
        place = self.recorded.years.index(year)
        return past[:, place] / planned[place] if planned[place] else 1.0

    def planned(self, spot: tuple[tuple[str, ...], str]) -> numpy.ndarray:
        """The years ahead as planned, out of their parts. [t CO2e], shape (years,)"""
        import numpy

        values = numpy.array([[float(each.planned) for each in self.response.known]])
        found = self.response.ahead(values, numpy.ones((1, len(self.response.sources))))
        return found.totals[spot][0]


def responding(
    engine: Engine,
    scenario: Scenario,
    known: Sequence[Assumption],
    found: Model,
    years: Sequence[int],
    base_year: int,
    today: date,
) -> tuple[Courses, Probes]:
    """The courses of a scenario, and what the engine said at the ends of every range."""
    ends = [(each, probe) for each in known for probe in (0, 1)]
    wanted = [
        with_values(scenario, {each.name: each.probes[probe]}, known, scenario.name)
        for each, probe in ends
    ]
    plan, *projected = engine.project([scenario, *wanted], is_whole=True)
    assert plan is not None  # it is what the run was carried out with
    probes = {(each.name, probe): one for (each, probe), one in zip(ends, projected, strict=True)}
    whole: dict[tuple[str, int] | None, Projection | None] = {None: plan, **probes}
    if plan.certificates:
        whole = _uncovered(engine, scenario, wanted, ends, whole)
    middle = whole.pop(None)
    assert middle is not None
    parts = {part for each in (middle, *whole.values()) if each for part in each.parts}
    credits = {
        spot: [float(each.credits_t(year, today)) for year in years] if each else []
        for spot, each in ((None, plan), *probes.items())
    }
    response = Response(
        years,
        known,
        middle,
        whole,
        credits,
        errors_of(parts, found, base_year),
        engine.boundaries,
    )
    return Courses(response, Recorded(found, engine.boundaries), found, plan, today), probes


def as_recorded(found: Model, boundaries: Sequence[Sites], today: date) -> Courses:
    """The courses of the actual years alone, which are off by their errors and nothing else."""
    none = Projection({}, (), {})
    response = Response((), (), none, {}, {None: []}, Errors({}), boundaries)
    return Courses(response, Recorded(found, boundaries), found, none, today)


def _uncovered(
    engine: Engine,
    scenario: Scenario,
    wanted: Sequence[Scenario],
    ends: Sequence[tuple[Assumption, int]],
    whole: Mapping[tuple[str, int] | None, Projection | None],
) -> dict[tuple[str, int] | None, Projection | None]:
    """The projections with what their electricity would emit without certificates: by the engine
    for the plan and where the grid is another, else in proportion to the electricity."""
    grids = [
        (spot, changed)
        for (each, probe), changed in zip(ends, wanted, strict=True)
        if changed.grids != scenario.grids and whole[spot := (each.name, probe)]
    ]
    bare, *others = engine.project(
        [_without(each) for each in (scenario, *(changed for _, changed in grids))], is_whole=True
    )
    assert bare is not None
    own = {spot: other for (spot, _), other in zip(grids, others, strict=True)}
    found: dict[tuple[str, int] | None, Projection | None] = {}
    for spot, each in whole.items():
        if each is not None:
            each = replace(each, parts=_at_rate(each.parts, (own.get(spot) or bare).parts))
        found[spot] = each
    return found


def _without(scenario: Scenario) -> Scenario:
    """The scenario without certificates and contracts, whatever their amounts depend on."""
    measures = tuple(each for each in scenario.measures if each.BUYS != "power")
    return replace(scenario, measures=measures)


def _at_rate(parts: Parts, bare: Parts) -> Parts:
    """Parts whose coverable electricity emits what it does without certificates."""
    found = {part: each for part, each in parts.items() if part.account != "coverable"}
    for part, masses in bare.items():
        if part.account == "coverable":
            power = part._replace(account="energy", detail="", gas="")
            before, now = bare.get(power, {}), parts.get(power, {})
            found[part] = {
                year: mass * now.get(year, 0.0) / before[year]
                for year, mass in masses.items()
                if before.get(year)
            }
    return found
