"""What the targets of a book ask of the planned years, as limits on accounts.

What each asks is said by `carbon.targets`, by the rules of its verdict; here it is put on the
account of its line and sites.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from carbon.abatement.effects import account
from carbon.planning import Ceiling, Peak, Sum
from carbon.settings import Policy, Target
from carbon.targets import YearFigure, demand


@dataclass
class Rules:
    """The limits, and in words what no limit could be made of or what stands beside one."""

    ceilings: list[Ceiling] = field(default_factory=list)
    peaks: list[Peak] = field(default_factory=list)
    sums: list[Sum] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)


def rules(
    targets: Sequence[Target],
    figures: Mapping[str, Sequence[YearFigure]],
    years: range,
    policy: Policy,
    today: date,
) -> Rules:
    """The limits of the planned years, from the targets and the recorded years of each.

    figures : by target, for each is judged on its own line, sites and denominator.
    """
    found = Rules()
    for target in targets:
        asked = demand(target, figures[target.name], years, today=today, policy=policy)
        name = account(asked.line, target.sites)
        if asked.unasked:
            found.unasked.append(f"{target.name}: {asked.unasked}")
        if asked.beside:
            found.beside.append(f"{target.name}: {asked.beside}")
        found.ceilings += [
            Ceiling(target.name, name, year, float(most)) for year, most in asked.each.items()
        ]
        if asked.together is not None:
            found.sums.append(Sum(target.name, name, asked.over, float(asked.together)))
        if asked.summit:
            known, share = asked.summit.known, float(asked.summit.share)
            highest = None if known is None else float(known)
            found.peaks.append(
                Peak(target.name, name, highest, asked.summit.until, asked.summit.after, share)
            )
    return found
