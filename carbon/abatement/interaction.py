"""What the measures of a scenario do in a year: each alone, each in its order, and all together.

A scenario goes in. Three rows of projections by the engine come out: each measure alone, each alone
at the grid factors of the base year, and the measures added one after the other as they are stated,
what is bought after what reduces. Their differences are the effects and what these lose together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from carbon.abatement.choices import is_claim
from carbon.abatement.effects import lines, passes
from carbon.errors import UsageError
from carbon.inventory import year_totals
from carbon.run import Run
from carbon.scenarios import Measure, Scenario, interactions
from carbon.targets import credit_use

LINES = ("location", "market", "scope 1", "net", "electricity")
Level = dict[str, Decimal]  # line -> what stands in it [t CO2e]; electricity bought [MWh]


@dataclass(frozen=True)
class Effect:
    """What a measure takes off each line; below 0 where it adds. Grain: one per measure."""

    measure: Measure
    alone: Level  # of growth alone, at the grid of the year
    alone_before: Level  # at the grid factors of the base year
    after: Level  # after growth, the grid and the measures before it


@dataclass(frozen=True)
class Together:
    """The measures of a scenario in a year, and what stands before and after them. [t CO2e]"""

    scenario: Scenario
    year: int
    base_year: int
    base: Level  # the base year carried on: no growth, its grid factors
    grown: Level  # with growth, at its grid factors
    at_grid: Level  # with growth at the grid of the year: what measures start from
    reduced: Level  # with all measures that reduce
    end: Level  # with certificates, contracts and credits: the scenario
    growth: Sequence[Effect]
    reducing: Sequence[Effect]
    bought: Sequence[Effect]
    claims: Sequence[Measure]  # said beside the totals, in none of them
    groups: Sequence[str]  # the measures on one load, in sentences

    @property
    def effects(self) -> list[Effect]:
        """The measures that reduce, then what is bought."""
        return [*self.reducing, *self.bought]

    def joint(self, line: str) -> Decimal:
        return self.at_grid[line] - self.end[line]

    def alone(self, line: str) -> Decimal:
        """The sum of what each does alone, at the grid of the year."""
        return _sum(each.alone[line] for each in self.effects)

    def alone_before(self, line: str) -> Decimal:
        """The sum of what each does alone, at the grid factors of the base year."""
        return _sum(each.alone_before[line] for each in self.effects)

    def lost_to_grid(self, line: str) -> Decimal:
        """What a cleaner grid leaves each less to save."""
        return self.alone_before(line) - self.alone(line)

    def lost_to_measures(self, line: str) -> Decimal:
        """What measures that reduce take from one another."""
        alone = _sum(each.alone[line] for each in self.reducing)
        return alone - (self.at_grid[line] - self.reduced[line])

    def lost_to_use(self, line: str) -> Decimal:
        """What is bought for electricity, or tonnes, that others took off already."""
        alone = _sum(each.alone[line] for each in self.bought)
        return alone - (self.reduced[line] - self.end[line])


def _sum(values: Iterable[Decimal]) -> Decimal:
    return sum(values, Decimal(0))


def together(run: Run, scenario: Scenario, today: date, year: int = 0) -> Together:
    """The measures of a scenario of a run in a year, by default the next target's or the horizon.

    The relations of the run are replaced by those of the projections. Raises UsageError for a year
    that the scenario does not project.
    """
    year = _year(run, scenario, today, year)
    measures = scenario.measures
    growth = [each for each in measures if each.IS_GROWTH]
    claims = [each for each in measures if is_claim(each)]
    reducing = [each for each in measures if not (each.IS_GROWTH or each.BUYS or is_claim(each))]
    bought = [each for each in measures if each.BUYS == "power"]
    bought += [each for each in measures if each.BUYS == "credits"]  # cover what those leave
    rest, tried = [*reducing, *bought], _Tried(scenario)
    base, grown = tried.add((), bare=True), tried.add(growth, bare=True)
    at_grid = tried.add(growth)
    each_growth = [tried.add([each], bare=True) for each in growth]
    in_growth = [tried.add(growth[:n], bare=True) for n in range(len(growth) + 1)]
    alone = [tried.add([*growth, each]) for each in rest]
    before = [tried.add([*growth, each], bare=True) for each in rest]
    in_order = [tried.add([*growth, *rest[:n]]) for n in range(len(rest) + 1)]
    found = _levels(run, tried.scenarios, year)

    def less(one: str, other: str) -> Level:
        return {line: found[one][line] - found[other][line] for line in LINES}

    grew = [
        Effect(each, less(base, by_itself), less(base, by_itself), less(*in_growth[n : n + 2]))
        for n, (each, by_itself) in enumerate(zip(growth, each_growth, strict=True))
    ]
    effects = [
        Effect(each, less(at_grid, now), less(grown, then), less(*in_order[n : n + 2]))
        for n, (each, now, then) in enumerate(zip(rest, alone, before, strict=True))
    ]
    count = len(reducing)
    return Together(
        scenario,
        year,
        run.last_actual_year,
        found[base],
        found[grown],
        found[at_grid],
        found[in_order[count]],
        found[in_order[-1]],
        grew,
        effects[:count],
        effects[count:],
        claims,
        interactions(scenario, run.loads),
    )


class _Tried:
    """The scenarios to project, each once."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.named: dict[tuple[tuple[str, ...], bool], str] = {}
        self.scenarios: list[Scenario] = []

    def add(self, measures: Iterable[Measure], bare: bool = False) -> str:
        """The name of the scenario with these measures alone; bare of grid paths where asked."""
        kept = tuple(measures)
        key = (tuple(each.name for each in kept), bare)
        if key not in self.named:
            name = self.named[key] = f"measures {len(self.named)}"
            grids = () if bare else self.scenario.grids
            self.scenarios.append(replace(self.scenario, name=name, measures=kept, grids=grids))
        return self.named[key]


def _levels(run: Run, wanted: Sequence[Scenario], year: int) -> dict[str, Level]:
    """The lines of each scenario in a year, after its planned credits as well."""
    found: dict[str, Level] = {}
    for tried, names in passes(run, wanted):
        totals, power = year_totals(tried), _bought_mwh(tried, year)
        for name in names:
            known = lines(totals.get((name, year)))
            use = credit_use(tried.credits[name], year, tried.claimed_on(year))
            net = known["market"] - use.retired_t - use.planned_t
            found[name] = known | {"net": net, "electricity": power.get(name, Decimal(0))}
    return found


def _bought_mwh(run: Run, year: int) -> dict[str, Decimal]:
    """Electricity bought by scenario in a year. [MWh]"""
    rows = run.rows(
        "select scenario, sum(energy_kwh) from import_month"
        f" where reporting_year = {int(year)} group by 1"
    )
    return {name: kwh / 1000 for name, kwh in rows}


def _year(run: Run, scenario: Scenario, today: date, asked: int) -> int:
    first, last = run.last_actual_year + 1, scenario.horizon
    if not asked:
        ahead = [each.year for each in run.settings.target if today.year <= each.year <= last]
        return max(min(ahead, default=last), first)
    if not first <= asked <= last:
        raise UsageError(
            "not-projected",
            f"scenario {scenario.name} does not project {asked}",
            where=scenario.file,
            looked_for=f"{first} to {last}",
            remedy=f"carbon measures {scenario.name} {last}",
        )
    return asked
