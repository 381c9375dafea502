"""A plan as a mixed-integer program, put to HiGHS.

A binary for each option and for each year a peak may lie in, a number for each purchase and for
each account and year that a limit looks at: limits then are short rows, of which a peak has many.
A peak is its largest year, chosen by a binary, and every later year held below it.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from time import perf_counter
from types import ModuleType
from typing import Any

from carbon.errors import UsageError
from carbon.planning.problem import (
    TOGETHER,
    Amount,
    Option,
    Peak,
    Problem,
    Purchase,
    Solution,
    factor,
    present_value,
)

BUDGET = "the budget"
WAITING = 1e-6  # of its cost, for each year an option waits: of equal plans the earlier is taken


def solver() -> ModuleType:
    """The library that brings HiGHS. Raises UsageError where it is not installed."""
    try:
        import scipy.optimize
        import scipy.sparse
    except ModuleNotFoundError as fault:
        raise UsageError(
            "missing-extra",
            f"a plan needs {fault.name}, which is not installed",
            remedy="pip install 'carbon[plan]'",
        ) from None
    return scipy


def solve(problem: Problem, gap: float = 0.01, seconds: float = 60.0) -> Solution:
    """The cheapest choice under which every limit holds, to a relative gap.

    seconds : after which the best that was found is taken.

    What is bought is worked out anew with the choice held, so that it is no larger than needed.
    """
    began = perf_counter()
    program = Program(problem)
    found = program.minimise(gap=gap, seconds=seconds)
    if found.x is None:
        status = "infeasible" if found.status == 2 else "none"
        return Solution(status, seconds=perf_counter() - began)
    pairs = zip(found.x, program.whole, strict=True)
    x = [round(value) if whole else value for value, whole in pairs]
    held = program.minimise(held=x)
    x = x if held.x is None else list(held.x)
    chosen = [each for n, each in enumerate(problem.options) if round(x[n])]
    bought = [
        Amount(each, units)
        for n, each in enumerate(problem.purchases, start=len(problem.options))
        if (units := _stepped(x[n], each))
    ]
    cost = sum(present_value(problem, each.cash) for each in chosen) + sum(
        each.units * each.purchase.price * factor(problem, each.purchase.year) for each in bought
    )
    bound = min(cost, found.mip_dual_bound if found.mip_dual_bound is not None else -math.inf)
    return Solution(
        "within gap" if found.status == 0 else "time limit",
        chosen,
        bought,
        cost,
        bound,
        (cost - bound) / max(abs(cost), 1.0),
        perf_counter() - began,
        {peak.target: year for (peak, year), n in program.summits.items() if round(x[n])},
    )


def _stepped(units: float, purchase: Purchase) -> float:
    """A purchase in whole steps, rounded up; what is noise of the solver is nothing."""
    steps = math.ceil(round(units / purchase.step, 6))
    return min(steps * purchase.step, purchase.most) if steps > 0 else 0.0


def shadow_prices(problem: Problem, solution: Solution) -> dict[str, dict[int, float]]:
    """What the last tonne of each target costs by year, as present value. [RMB/t CO2e]

    From the linear relaxation, in which a measure may be done in part; the year of a peak is held.
    The price of a limit on several years stands under TOGETHER, not under one of them.
    Empty where the relaxation has no solution.
    """
    program = Program(problem)
    held = {
        n: float(solution.peak_years.get(peak.target) == year)
        for (peak, year), n in program.summits.items()
    }
    found = program.relaxed(held)
    if found.status != 0:
        return {}
    prices: dict[str, dict[int, float]] = {target: {} for target in problem.targets()}
    for row, marginal in zip(program.rows, found.ineqlin.marginals, strict=True):
        if row.target in prices:
            by_year = prices[row.target]
            by_year[row.year] = by_year.get(row.year, 0.0) - float(marginal)
    return prices


@dataclass(frozen=True)
class Row:
    """A row of the program: the sum of coefficients times columns is at most so much."""

    target: str  # '' where nobody can relax it
    year: int
    at: Mapping[int, float]  # column -> coefficient
    most: float


@dataclass
class Program:
    """The matrix of a problem. elastic : the limits that may be passed, at a cost of 1 a unit."""

    problem: Problem
    elastic: Collection[str] = ()
    rows: list[Row] = field(default_factory=list)
    equal: list[Row] = field(default_factory=list)
    cost: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    summits: dict[tuple[Any, int], int] = field(default_factory=dict)
    slack: dict[int, tuple[str, int]] = field(default_factory=dict)  # column -> limit, year
    masses: dict[tuple[str, int], int] = field(default_factory=dict)  # account, year -> column

    def __post_init__(self) -> None:
        problem = self.problem
        for option in problem.options:
            value = present_value(problem, option.cash)
            waits = WAITING * abs(value) * (option.start - problem.years[0])
            self._column(value + waits, 1.0, whole=True)
        for each in problem.purchases:
            price = each.price * factor(problem, each.year)
            self._column(price, math.inf if each.name in self.elastic else each.most)
        self._accounts = self._effects()
        self._choices()
        self._budget()
        for each in problem.ceilings:
            at = {self._mass(each.account, each.year): 1.0}
            self._row("" if each.is_physical else each.target, each.year, at, each.most)
        for each in problem.sums:
            self._row(
                each.target,
                TOGETHER,
                {self._mass(each.account, y): 1.0 for y in each.years},
                each.most,
            )
        for each in problem.peaks:
            self._peak(each)
        for n, each in enumerate(problem.purchases, start=len(problem.options)):
            if each.name in self.elastic:
                self._row(each.name, each.year, {n: 1.0}, each.most)
        if self.elastic:
            self.cost = [float(n in self.slack) for n in range(len(self.cost))]

    def _column(self, cost: float, upper: float, whole: bool = False, lower: float = 0.0) -> int:
        self.cost.append(cost)
        self.lower.append(lower)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.cost) - 1

    def _row(self, target: str, year: int, at: Mapping[int, float], most: float) -> None:
        if target in self.elastic:
            spare = self._column(0.0, math.inf)
            self.slack[spare] = (target, year)
            at = {**at, spare: -1.0}
        self.rows.append(Row(target, year, at, most))

    def _effects(self) -> dict[tuple[str, int], dict[int, float]]:
        """What each column takes off each account in each year."""
        found: dict[tuple[str, int], dict[int, float]] = {}
        for n, option in enumerate(self.problem.options):
            for account, by_year in option.effect.items():
                for year, value in by_year.items():
                    if value:
                        found.setdefault((account, year), {})[n] = value
        for n, each in enumerate(self.problem.purchases, start=len(self.problem.options)):
            for account, value in each.effect.items():
                if value:
                    found.setdefault((account, each.year), {})[n] = value
        return found

    def _account(self, account: str, year: int) -> tuple[dict[int, float], float]:
        """An account in a year: coefficients, and what it is without any of them."""
        lowered = self._accounts.get((account, year), {})
        return {n: -value for n, value in lowered.items()}, self.problem.base_value(account, year)

    def _mass(self, account: str, year: int) -> int:
        """The column of what stands in an account in a year."""
        if (account, year) not in self.masses:
            at, base = self._account(account, year)
            column = self._column(0.0, math.inf, lower=-math.inf)
            self.masses[account, year] = column
            self.equal.append(Row("", year, {column: 1.0} | {n: -v for n, v in at.items()}, base))
        return self.masses[account, year]

    def _choices(self) -> None:
        """A measure begins once; it waits for what it needs, and gives way to what it replaces."""
        of: dict[str, list[int]] = {}
        for n, option in enumerate(self.problem.options):
            of.setdefault(option.measure, []).append(n)
        for columns in of.values():
            if len(columns) > 1:
                self._row("", 0, dict.fromkeys(columns, 1.0), 1.0)
        starts = [option.start for option in self.problem.options]
        for later, earlier in self.problem.needs:
            for n in of.get(later, ()):
                before = [m for m in of.get(earlier, ()) if starts[m] <= starts[n]]
                self._row("", 0, {n: 1.0} | dict.fromkeys(before, -1.0), 0.0)
        for one, other in self.problem.exclusions:
            if one in of and other in of:
                self._row("", 0, dict.fromkeys([*of[one], *of[other]], 1.0), 1.0)

    def _budget(self) -> None:
        for year, most in self.problem.budget.items():
            at = {
                n: paid
                for n, option in enumerate(self.problem.options)
                if (paid := option.cash.get(year, 0.0))
            }
            for n, each in enumerate(self.problem.purchases, start=len(self.problem.options)):
                if each.year == year:
                    at[n] = each.price
            self._row(BUDGET, year, at, most)

    def _peak(self, peak: Peak) -> None:
        """One of the years until then is the summit, and every later year stays below it."""
        summits = [*peak.until, *([] if peak.known is None else [0])]
        for year in summits:
            self.summits[peak, year] = self._column(0.0, 1.0, whole=True)
        self.equal.append(Row("", 0, {self.summits[peak, year]: 1.0 for year in summits}, 1.0))
        for later in peak.after:
            spare: dict[int, float] = {}
            if peak.target in self.elastic:
                column = self._column(0.0, math.inf)
                self.slack[column] = (peak.target, later)
                spare = {column: -1.0}
            for year in summits:
                terms = {self._mass(peak.account, later): 1.0}
                most = -peak.margin
                if year:
                    terms[self._mass(peak.account, year)] = -peak.share
                else:
                    most += peak.share * (peak.known or 0.0)
                loose = max(self._most_apart(peak, later, year) - most, 0.0)
                terms[self.summits[peak, year]] = loose
                self.rows.append(Row(peak.target, later, terms | spare, most + loose))

    def _most_apart(self, peak: Peak, later: int, year: int) -> float:
        """The most that a later year can stand above a summit, by any choice."""
        terms, base = self._account(peak.account, later)
        if year:
            high, summit = self._account(peak.account, year)
            base -= peak.share * summit
            for n, value in high.items():
                terms[n] = terms.get(n, 0.0) - peak.share * value
        return base + self._largest(terms)

    def _largest(self, terms: Mapping[int, float]) -> float:
        """The most a sum of columns can be; of the options of one measure one counts."""
        of: dict[Any, float] = {}
        for n, value in terms.items():
            if n < len(self.problem.options):
                measure = self.problem.options[n].measure
                of[measure] = max(of.get(measure, 0.0), value)
            elif value > 0:
                bound = self.problem.purchases[n - len(self.problem.options)]
                of[n] = value * bound.most
        return sum(of.values())

    def _matrix(self, rows: Sequence[Row]) -> Any:
        sparse = solver().sparse
        data = [value for row in rows for value in row.at.values()]
        columns = [n for row in rows for n in row.at]
        lines = [m for m, row in enumerate(rows) for _ in row.at]
        return sparse.csr_array((data, (lines, columns)), shape=(len(rows), len(self.cost)))

    def minimise(
        self, gap: float = 0.0, seconds: float = 60.0, held: Sequence[float] | None = None
    ) -> Any:
        """What HiGHS says. held : a solution whose whole numbers are kept."""
        optimize = solver().optimize
        if not self.cost:
            return self._nothing(optimize)
        lower, upper = list(self.lower), list(self.upper)
        if held is not None:
            for n, is_whole in enumerate(self.whole):
                if is_whole:
                    lower[n] = upper[n] = held[n]
        rows = []
        if self.rows:
            most = [row.most for row in self.rows]
            rows.append(optimize.LinearConstraint(self._matrix(self.rows), ub=most))
        if self.equal:
            even = [row.most for row in self.equal]
            rows.append(optimize.LinearConstraint(self._matrix(self.equal), even, even))
        return optimize.milp(
            self.cost,
            integrality=[0 if held is not None else int(each) for each in self.whole],
            bounds=optimize.Bounds(lower, upper),
            constraints=rows,
            options={"mip_rel_gap": gap, "time_limit": seconds, "presolve": True},
        )

    def _nothing(self, optimize: Any) -> Any:
        """Nothing to choose: the limits hold as it is, or never."""
        fits = all(row.most >= 0 for row in self.rows)
        return optimize.OptimizeResult(
            x=[] if fits else None, status=0 if fits else 2, mip_dual_bound=0.0
        )

    def relaxed(self, held: Mapping[int, float]) -> Any:
        """The linear relaxation, some columns held."""
        pairs = enumerate(zip(self.lower, self.upper, strict=True))
        bounds = [(held.get(n, least), held.get(n, most)) for n, (least, most) in pairs]
        if not self.cost or not self.rows:
            return solver().optimize.OptimizeResult(status=4)
        return solver().optimize.linprog(
            self.cost,
            A_ub=self._matrix(self.rows),
            b_ub=[row.most for row in self.rows],
            A_eq=self._matrix(self.equal) if self.equal else None,
            b_eq=[row.most for row in self.equal] or None,
            bounds=bounds,
            method="highs",
        )


def only(problem: Problem, chosen: Sequence[Option]) -> Problem:
    """A problem with a choice made: those options at no cost to choose, no others."""
    return replace(problem, options=tuple(chosen))
