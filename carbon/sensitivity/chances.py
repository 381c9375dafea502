"""The probability beside each verdict: the share of draws in which the target holds.

They are the draws of `carbon sensitivity` with the same seed. The engine is asked for the ends of
every range, and for some draws, to tell how rough all are; what moves a verdict, and where it
turns, is left to the study.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from carbon import uncertainty
from carbon.base_year import Comparison
from carbon.run import Run
from carbon.sensitivity.ground import Measured, Rest, ground, measured, recorded
from carbon.sensitivity.odds import Odds, misfit
from carbon.targets import Chance, Verdict
from carbon.targets.figures import ZERO
from carbon.targets.words import mass

PLACES = 6  # of a share
ROUGH = 0.01  # of the gross figure of a year, from which the draws are told to be rough [1]
ON_RECORD = "errors of recorded quantities and factors alone"


def with_chances(
    run: Run,
    verdicts: Sequence[tuple[str, Verdict]],
    draws: int,
    seed: int,
    today: date,
    like: Comparison | None = None,
) -> list[tuple[str, Verdict]]:
    """Verdicts of a run, by scenario, with the chance of each; the relations of the run are
    replaced by those of what is tried.

    like : the actual years recalculated for structure.
    """
    found = uncertainty.model(run)
    names = [name for name, _ in verdicts]
    every = [measured(run, each.target, name, today, like) for name, each in verdicts]
    told = {}
    for name in dict.fromkeys(names):
        of = [
            each
            for which, each in zip(names, every, strict=True)
            if which == name and not each.gauge.lacking
        ]
        odds: dict[str, Odds] = {}
        rest: Rest = {}
        off, checked = 0.0, 0
        if past := [each for each in of if each.is_recorded]:
            odds |= recorded(found, past, draws, seed, today).odds
        if ahead := [each for each in of if not each.is_recorded]:
            on = ground(run, name, found, ahead, today)
            odds |= on.drawn(ahead, draws, seed).odds
            rest = on.rest
            off, checked = misfit(on.engine, on.scenario, on.courses, draws, seed)
        told[name] = (odds, rest, _rough(off, checked))
    return [
        (name, replace(verdict, chance=_chance(of, *told[name], draws, seed)))
        for (name, verdict), of in zip(verdicts, every, strict=True)
    ]


def _rough(off: float, checked: int) -> str:
    """What is said where the draws lie far from the same ones projected, or ''."""
    if off < ROUGH:
        return ""
    return (
        f"rough: {checked} of the draws that the engine projected as well came out up to"
        f" {off * 100:,.1f} % of a year's gross figure elsewhere"
    )


def _chance(
    of: Measured, told: Mapping[str, Odds], rest: Rest, rough: str, draws: int, seed: int
) -> Chance:
    odds = told.get(of.target.name)
    if odds is None:
        why = of.gauge.lacking
        return Chance(draws, seed, note=why[:1].lower() + why[1:])
    said = [ON_RECORD] if of.is_recorded else [rough] if rough else []
    if rest and of.is_after_credits and not of.is_recorded:
        year = of.target.year
        planned = mass(sum((each.get(year, ZERO) for each in rest.values()), ZERO))
        said.append(f"credits for the rest are held at what is planned, {planned} in {year}")
    if of.target.per and not of.is_recorded:
        said.append(f"{of.target.per} is held at what the scenario supposes")
    said += [of.gauge.asked.beside] if of.gauge.asked.beside else []
    return Chance(
        draws,
        seed,
        *(round(Decimal(repr(each)), PLACES) for each in (odds.share, odds.low, odds.high)),
        note="; ".join(said),
    )
