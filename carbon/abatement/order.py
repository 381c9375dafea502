"""Measures in the order of what their tonne costs, each with what it does after those before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from carbon.abatement.choices import Choices
from carbon.abatement.effects import Accounts, Masses, account, gross, less, total
from carbon.planning import Option, Problem, present_value
from carbon.run import Run


@dataclass(frozen=True)
class Step:
    """A measure in the order of cost. `after` is what it takes off once those before are there."""

    measure: str
    start: int
    is_chosen: bool
    cost: float  # present value [RMB]
    alone: Masses
    after: Masses


def steps(
    run: Run, known: Choices, problem: Problem, counted: Accounts, starts: Mapping[str, int]
) -> list[Step]:
    """Every weighed measure, the chosen ones from the year they are chosen for, the others from
    the first they may begin in; of measures that exclude each other the chosen or cheapest one,
    and no other that takes what those before it left of a site's electricity. What is bought
    reduces nothing, and has no place in it."""
    reducing = {each.name for each in known.weighed if not each.BUYS}
    options = [each for each in problem.options if each.measure in reducing]
    ordered = _ordered(options, problem, starts)
    while True:
        tried = [
            known.named(f"plan step {n}", {each.measure: each.start for each in ordered[:n]})
            for n in range(1, len(ordered) + 1)
        ]
        projected = counted.projected(run, tried)
        full = next((n for n, each in enumerate(tried) if each.name not in projected), None)
        if full is None:
            break
        del ordered[
            max((n for n in range(full + 1) if ordered[n].measure not in starts), default=full)
        ]
    found, last = [], gross(dict(problem.without), counted)
    for option, scenario in zip(ordered, tried, strict=True):
        now = gross(projected[scenario.name], counted)
        cost = present_value(problem, option.cash)
        chosen = option.measure in starts
        after = less(last, now)
        found.append(Step(option.measure, option.start, chosen, cost, option.effect, after))
        last = now
    return found


def _ordered(
    options: Sequence[Option], problem: Problem, starts: Mapping[str, int]
) -> list[Option]:
    first: dict[str, Option] = {}
    for each in options:
        if each.start == starts.get(each.measure, each.start):
            first.setdefault(each.measure, each)

    def per_tonne(option: Option) -> tuple[bool, float, str]:
        saved = total(option.effect, account("location"))
        cost = present_value(problem, option.cash)
        return (saved <= 0, cost / saved if saved > 0 else cost, option.measure)

    kept: dict[str, Option] = {}
    for each in sorted(first.values(), key=lambda one: (one.measure not in starts, per_tonne(one))):
        rivals = {name for pair in problem.exclusions if each.measure in pair for name in pair} - {
            each.measure
        }
        if not rivals & set(kept):
            kept[each.measure] = each
    return sorted(kept.values(), key=per_tonne)
