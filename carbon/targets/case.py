"""A target under one scenario with its years in order, and what every kind asks of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from carbon.settings import Policy, Target
from carbon.targets.figures import MonthFigure, Verdict, Word, YearFigure


@dataclass(frozen=True)
class Case:
    target: Target
    scenario: str
    today: date
    policy: Policy
    actual: list[YearFigure]
    projected: list[YearFigure]
    months: Sequence[MonthFigure] = ()
    is_recalculated: bool = False

    def like_for_like(self) -> Case:
        """The case with the actual years as if the organisation had always been what it is now,
        where every one of them is known so; else as reported."""
        if not self.actual or any(each.recalculated is None for each in self.actual):
            return self
        alike = [each.as_if_always() for each in self.actual]
        moved = any(
            (then.location_t, then.market_t) != (now.location_t, now.market_t)
            for then, now in zip(self.actual, alike, strict=True)
        )
        return replace(self, actual=alike, is_recalculated=moved)

    @property
    def is_over(self) -> bool:
        return self.today.year > self.target.year

    @property
    def every(self) -> list[YearFigure]:
        return self.actual + self.projected

    def value(self, figure: YearFigure, line: str = "") -> Decimal:
        """A year's figure on the line the target is judged on."""
        line = line or self.target.judged_on
        if line == "net":
            return figure.net_t(self.today)
        return figure.location_t if line == "location" else figure.market_t

    def doubt(self, figure: YearFigure) -> str:
        """Why an actual year cannot carry `met`, or ''."""
        if not figure.is_complete:
            return f"{figure.year} is incomplete" + (
                f" ({figure.missing})" if figure.missing else ""
            )
        if self.policy.approval_needed and not figure.is_approved:
            return f"{figure.year} is not approved"
        return ""

    def doubts(self, figures: Iterable[YearFigure]) -> list[str]:
        return [doubt for figure in figures if (doubt := self.doubt(figure))]

    def only_doubts(self, figures: Sequence[YearFigure]) -> str:
        """A sentence where every one of some figures is doubtful, or ''."""
        doubts = self.doubts(figures)
        if not figures or len(doubts) < len(figures):
            return ""
        return f"It rests only on figures that are incomplete or not approved: {'; '.join(doubts)}."

    def verdict(self, word: Word, reason: str, **beside: Any) -> Verdict:
        caveats = list(beside.pop("caveats", ()))
        if self.is_recalculated:
            caveats.append("earlier years recalculated for changes of structure")
        if self.target.sites:
            caveats.append(f"sub-boundary: {', '.join(self.target.sites)}")
        return Verdict(
            self.target,
            self.scenario,
            word,
            reason,
            "" if self.target.kind == "ceiling" else self.target.judged_on,
            caveats=tuple(caveats),
            **beside,
        )


def case_of(
    target: Target,
    figures: Sequence[YearFigure],
    today: date,
    policy: Policy,
    scenario: str,
    months: Sequence[MonthFigure] = (),
) -> Case:
    actual = sorted((each for each in figures if each.kind == "actual"), key=lambda each: each.year)
    known = {each.year for each in actual}
    ahead = [each for each in figures if each.kind == "projected" and each.year not in known]
    return Case(
        target, scenario, today, policy, actual, sorted(ahead, key=lambda each: each.year), months
    )


def gaps(figures: Sequence[YearFigure], first: int | None = None) -> list[int]:
    """Years missing between the first (or a given) and the last of the figures."""
    known = {each.year for each in figures}
    start = min(known) if first is None else first
    return [year for year in range(start, max(known)) if year not in known]


def breaks_in(actual: Sequence[YearFigure]) -> tuple[list[str], list[YearFigure]]:
    """Where neighbouring actual years do not compare, and the years since the last break."""
    said, since = [], 0
    for n, (before, after) in enumerate(pairwise(actual), start=1):
        changed = [
            word
            for word, one, other in (
                ("boundary", before.structure, after.structure),
                ("grid series", before.series, after.series),
                ("GWP set", before.gwp_set, after.gwp_set),
            )
            if one != other
        ]
        if changed:
            since = n
            words = " and ".join(changed)
            verb = "change" if len(changed) > 1 else "changes"
            said.append(f"{words} {verb} between {before.year} and {after.year}")
    return said, list(actual[since:])


def not_comparable(breaks: Sequence[str]) -> str:
    """What a reason begins with where neighbouring years do not compare."""
    return f"Not comparable: {'; '.join(breaks)}. " if breaks else ""
