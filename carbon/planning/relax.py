"""Where nothing fits: which limits stand in the way, and by how much each would have to give.

Each limit in turn is made elastic and the least it must give is found, all others kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from carbon.planning.problem import Problem
from carbon.planning.solve import BUDGET, Program

LEAST = 1e-6


@dataclass(frozen=True)
class Relaxation:
    """What a limit would have to give. Grain: one per target, budget and limited purchase."""

    name: str
    kind: str  # target, budget, supply, all targets
    alone: bool | None = None  # a target: can it be met where no other is asked for
    least: float | None = None  # over all years, others kept; None: that is not enough
    by_year: Mapping[int, float] = field(default_factory=dict)


def relaxations(problem: Problem, seconds: float = 20.0) -> list[Relaxation]:
    """One for each limit of a problem that has no solution, and one for all targets together
    where none is enough alone."""
    targets = problem.targets()
    supplies = dict.fromkeys(each.name for each in problem.purchases if each.is_limited)
    found = []
    for target in targets:
        fits = Program(_only_target(problem, target)).minimise(gap=1.0, seconds=seconds)
        found.append(_least(problem, target, "target", {target}, seconds, fits.x is not None))
    if problem.budget:
        found.append(_least(problem, BUDGET, "budget", {BUDGET}, seconds))
    found += [_least(problem, name, "supply", {name}, seconds) for name in supplies]
    if len(targets) > 1 and all(each.least is None for each in found if each.kind == "target"):
        found.append(_least(problem, "all targets", "all targets", set(targets), seconds))
    return found


def _only_target(problem: Problem, target: str) -> Problem:
    return replace(
        problem,
        ceilings=[each for each in problem.ceilings if each.is_physical or each.target == target],
        peaks=[each for each in problem.peaks if each.target == target],
        sums=[each for each in problem.sums if each.target == target],
    )


def _least(
    problem: Problem,
    name: str,
    kind: str,
    elastic: set[str],
    seconds: float,
    alone: bool | None = None,
) -> Relaxation:
    program = Program(problem, elastic)
    found = program.minimise(gap=1e-4, seconds=seconds)
    if found.x is None:
        return Relaxation(name, kind, alone)
    by_year: dict[int, float] = {}
    for column, (_, year) in program.slack.items():
        if found.x[column] > LEAST:
            by_year[year] = by_year.get(year, 0.0) + float(found.x[column])
    return Relaxation(name, kind, alone, sum(by_year.values()), by_year)
