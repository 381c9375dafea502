"""What is to be chosen from, and what must hold: the numbers of a plan, without their book.

An account is anything counted by year that has a limit: the location-based figure of all sites,
the figure after credits, the electricity that certificates cover. Options and purchases lower it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Masses = Mapping[str, Mapping[int, float]]  # account -> year -> what stands in it [t CO2e]
TOGETHER = 0  # stands for the year of a limit on several years
ENOUGH = 1e-6  # by which a limit may be passed: what a sum of doubles is unsure of [t CO2e]


@dataclass(frozen=True)
class Option:
    """A measure begun in a year. Grain: one per measure and year it may begin in."""

    measure: str
    start: int
    cash: Mapping[int, float]  # what is paid in each year [RMB]
    effect: Masses  # what it takes off


@dataclass(frozen=True)
class Purchase:
    """What can be bought in a year, as much as is wanted. Grain: one per name and year."""

    name: str
    year: int
    price: float  # [RMB per unit]
    most: float  # finite
    effect: Mapping[str, float]  # account -> what a unit takes off in that year
    step: float = 1.0  # bought in whole steps, rounded up
    is_limited: bool = True  # its supply is limited, not only its use


@dataclass(frozen=True)
class Ceiling:
    """What an account may come to in a year."""

    target: str
    account: str
    year: int
    most: float
    is_physical: bool = False  # nobody can relax it


@dataclass(frozen=True)
class Peak:
    """No year after comes up to the highest of the years until then."""

    target: str
    account: str
    known: float | None  # the highest of the recorded years
    until: tuple[int, ...]  # planned years the maximum may fall in
    after: tuple[int, ...]
    share: float = 1.0  # of the maximum that later years stay below
    margin: float = 0.01  # below it by [t CO2e]


@dataclass(frozen=True)
class Sum:
    """What an account may come to in some years together: one year's excess is another's lack."""

    target: str
    account: str
    years: tuple[int, ...]
    most: float


@dataclass(frozen=True)
class Problem:
    """A plan to be made. Every option and purchase may be left."""

    years: Sequence[int]
    without: Masses  # accounts where nothing is chosen
    options: Sequence[Option] = ()
    purchases: Sequence[Purchase] = ()
    ceilings: Sequence[Ceiling] = ()
    peaks: Sequence[Peak] = ()
    sums: Sequence[Sum] = ()
    needs: Sequence[tuple[str, str]] = ()  # the first begins no earlier than the second
    exclusions: Sequence[tuple[str, str]] = ()  # never both
    budget: Mapping[int, float] = field(default_factory=dict)  # paid in a year at most [RMB]
    rate: float = 0.0  # of discount, a year
    base: int = 0  # the year costs are discounted to
    added: Masses = field(default_factory=dict)  # on every account: what measures lose together

    def base_value(self, account: str, year: int) -> float:
        """An account where nothing is chosen, with what is added to be on the safe side."""
        return self.without[account][year] + self.added.get(account, {}).get(year, 0.0)

    def targets(self) -> list[str]:
        """The names of the limits that could be relaxed, in order."""
        named = [each.target for each in self.ceilings if not each.is_physical]
        others = (each.target for each in (*self.peaks, *self.sums))
        return list(dict.fromkeys([*named, *others]))


@dataclass(frozen=True)
class Amount:
    """So much of a purchase."""

    purchase: Purchase
    units: float


@dataclass(frozen=True)
class Solution:
    """What a solver found. `status`: within gap, time limit (the best it had), infeasible, none."""

    status: str
    chosen: Sequence[Option] = ()
    bought: Sequence[Amount] = ()
    cost: float = math.nan  # present value [RMB]
    bound: float = math.nan  # no choice costs less [RMB]
    gap: float = math.nan  # (cost - bound) / cost
    seconds: float = 0.0
    peak_years: Mapping[str, int] = field(default_factory=dict)  # target -> year, 0 a recorded one

    @property
    def is_found(self) -> bool:
        return self.status in ("within gap", "time limit")


def factor(problem: Problem, year: int) -> float:
    """What a yuan of a year counts."""
    return (1 + problem.rate) ** (problem.base - year)


def present_value(problem: Problem, cash: Mapping[int, float]) -> float:
    """What payments by year come to, discounted. [RMB]"""
    return sum(paid * factor(problem, year) for year, paid in cash.items())


def linear(problem: Problem, chosen: Sequence[Option], bought: Sequence[Amount]) -> Masses:
    """The accounts where each choice did what it does alone, nothing added."""
    return {
        account: {
            year: known[year]
            - sum(each.effect.get(account, {}).get(year, 0.0) for each in chosen)
            - sum(
                each.units * each.purchase.effect.get(account, 0.0)
                for each in bought
                if each.purchase.year == year
            )
            for year in problem.years
        }
        for account, known in problem.without.items()
    }


def short_of(problem: Problem, masses: Masses) -> dict[str, float]:
    """The targets that masses miss, and by how much in the worst year or in all. [t CO2e]"""
    missed: dict[str, float] = {}
    for each in problem.ceilings:
        over = masses[each.account][each.year] - each.most
        if over > ENOUGH and not each.is_physical:
            missed[each.target] = max(over, missed.get(each.target, 0.0))
    for each in problem.sums:
        over = sum(masses[each.account][year] for year in each.years) - each.most
        if over > ENOUGH * len(each.years):
            missed[each.target] = max(over, missed.get(each.target, 0.0))
    for each in problem.peaks:
        found = masses[each.account]
        until = [found[year] for year in each.until] + ([] if each.known is None else [each.known])
        over = max((found[year] for year in each.after), default=-math.inf) - each.share * max(
            until
        )
        if over >= 0:
            missed[each.target] = max(over, missed.get(each.target, 0.0))
    return missed
