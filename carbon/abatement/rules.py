"""What the targets of a book ask of the planned years, as limits on accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from carbon.abatement.effects import account
from carbon.planning import Ceiling, Peak
from carbon.settings import Policy, Target
from carbon.targets import YearFigure, judge

PLANNED = ("peak", "neutral", "net zero")


@dataclass
class Rules:
    """The limits, and in words what no limit could be made of."""

    ceilings: list[Ceiling] = field(default_factory=list)
    peaks: list[Peak] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)


def rules(
    targets: Sequence[Target],
    figures: Mapping[tuple[str, ...], Sequence[YearFigure]],
    years: range,
    policy: Policy,
    today: date,
) -> Rules:
    """The limits of the planned years, from the recorded years and the targets."""
    found = Rules()
    for target in targets:
        known = figures[tuple(target.sites)]
        if target.kind not in PLANNED:
            found.unasked.append(f"{target.name}: a plan knows no target of kind {target.kind}")
        elif target.kind == "peak":
            _peak(target, known, years, policy, found)
        elif target.year > years[-1]:
            found.unasked.append(f"{target.name}: {target.year} lies after the horizon {years[-1]}")
        else:
            most, line = 0.0, target.judged_on
            if target.kind == "net zero":
                verdict = judge(target, known, today=today, policy=policy, scenario="")
                if "goal_t" not in verdict.facts:
                    found.unasked.append(f"{target.name}: {verdict.reason}")
                    continue
                most, line = float(verdict.facts["goal_t"]), "location"
            name = account(line, target.sites)
            found.ceilings += [
                Ceiling(target.name, name, year, most) for year in years if year >= target.year
            ]
    return found


def _peak(
    target: Target, figures: Sequence[YearFigure], years: range, policy: Policy, found: Rules
) -> None:
    """Planned years after the target's stay below the highest recorded or planned one until it."""
    line = target.judged_on
    recorded = _comparable([each for each in figures if each.kind == "actual"])
    until = [_value(each, line) for each in recorded if each.year <= target.year]
    after = [year for year in years if year > target.year]
    planned = [year for year in years if year <= target.year]
    if not after:
        found.unasked.append(
            f"{target.name}: no planned year lies after {target.year}, the horizon is {years[-1]}"
        )
    elif not until and not planned:
        found.unasked.append(f"{target.name}: no year up to {target.year} compares")
    else:
        found.peaks.append(
            Peak(
                target.name,
                account(line, target.sites),
                max(until, default=None),
                tuple(planned),
                tuple(after),
                1.0 - float(policy.peak_tolerance),
            )
        )


def _value(figure: YearFigure, line: str) -> float:
    return float(figure.location_t if line == "location" else figure.market_t)


def _comparable(actual: Sequence[YearFigure]) -> list[YearFigure]:
    """The recorded years that compare with the last one, back to the last break."""
    kept: list[YearFigure] = []
    for each in sorted(actual, key=lambda figure: -figure.year):
        labels = (each.structure, each.series, each.gwp_set)
        if kept and labels != (kept[-1].structure, kept[-1].series, kept[-1].gwp_set):
            break
        kept.append(each)
    return kept
