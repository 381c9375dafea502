"""Solved again until the limits hold for what a choice really comes to.

The program adds up what each measure does alone. Together they mostly do less, so a caller works
out each choice in truth; what it lacks is added to the accounts and the program solved again. The
largest lack seen is kept: a later choice is judged with no less caution than an earlier one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from carbon.planning.problem import Masses, Problem, Solution, linear, short_of
from carbon.planning.solve import only, solve

ROUNDS = 12


@dataclass(frozen=True)
class Found:
    """A plan, what it really comes to, and how it was arrived at."""

    solution: Solution
    masses: Masses  # as worked out by the caller
    missed: dict[str, float]  # targets missed in truth, and by how much
    rounds: int  # times a choice was worked out
    bound: float  # cost of the first program's bound [RMB]
    seconds: float  # of the solver, all rounds
    interaction: Masses  # of the choice: in truth, less what each does alone
    problem: Problem  # as last solved


def search(
    problem: Problem,
    worked_out: Callable[[Solution], Masses],
    gap: float = 0.01,
    seconds: float = 60.0,
    rounds: int = ROUNDS,
) -> Found:
    """The cheapest choice whose limits hold in truth, as far as it is found in so many rounds."""
    spent, bound = 0.0, float("nan")
    found: Found | None = None
    for turn in range(1, rounds + 1):
        solution = solve(problem, gap, seconds)
        spent += solution.seconds
        if turn == 1:
            bound = solution.bound
        if not solution.is_found:
            return Found(solution, {}, {}, turn - 1, bound, spent, {}, problem)
        masses = worked_out(solution)
        together = _interaction(problem, solution, masses)
        missed = short_of(problem, masses)
        found = Found(solution, masses, missed, turn, bound, spent, together, problem)
        if not missed:
            break
        caution = _larger(problem, together)
        if caution == problem.added:
            return found
        problem = replace(problem, added=caution)
    assert found is not None
    return found if found.missed else _trimmed(found, worked_out, gap, seconds)


def _trimmed(
    found: Found, worked_out: Callable[[Solution], Masses], gap: float, seconds: float
) -> Found:
    """The same measures with no more bought than they need in truth."""
    if not found.problem.added or not found.solution.bought:
        return found
    exact = replace(only(found.problem, found.solution.chosen), added=found.interaction)
    must = [each.measure for each in found.solution.chosen]
    again = solve(exact, gap, seconds)
    is_same = again.is_found and sorted(each.measure for each in again.chosen) == sorted(must)
    if not is_same or again.cost >= found.solution.cost:
        return found
    masses = worked_out(again)
    if short_of(exact, masses):
        return found
    last = found.solution  # whose gap is that of the choice; again only its purchases were open
    bound = min(again.cost, last.bound)
    cheaper = replace(again, status=last.status, gap=last.gap, bound=bound)
    return replace(
        found,
        solution=cheaper,
        masses=masses,
        rounds=found.rounds + 1,
        seconds=found.seconds + again.seconds,
        interaction=_interaction(exact, again, masses),
    )


def _interaction(problem: Problem, solution: Solution, masses: Masses) -> Masses:
    alone = linear(problem, solution.chosen, solution.bought)
    return {
        account: {year: masses[account][year] - value for year, value in by_year.items()}
        for account, by_year in alone.items()
    }


def _larger(problem: Problem, together: Masses) -> Masses:
    """The larger of what was added and what a choice lacks, and never less than nothing; of a limit
    that nobody sets, what it lacks now."""
    physical = {each.account for each in problem.ceilings if each.is_physical}
    return {
        account: {
            year: value
            if account in physical
            else max(0.0, value, problem.added.get(account, {}).get(year, 0.0))
            for year, value in by_year.items()
        }
        for account, by_year in together.items()
    }
