"""A study as tables: how often each target holds, what moves it most, and where it turns."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from carbon.sensitivity.assumptions import FROM_FILE
from carbon.sensitivity.odds import Margin, Reach
from carbon.sensitivity.study import Judged, Study, Swing
from carbon.sensitivity.turning import Turn
from carbon.tables import Column, Table
from carbon.targets.words import mass, signed

LARGEST = 10  # assumptions and errors of a target that are listed
LEAST = 0.002  # of the widest swing, below which none is listed
BAR = 15  # characters of the scale
NO_BLANK = "\u00a0"  # a bar is not folded


def tables(study: Study) -> list[Table]:
    """All that is told of a study."""
    told = [_odds(study)]
    for of in study.judged:
        if of.odds is not None:
            told += [_swings(of), *_turns(of)]
    return told


def _tonnes(value: float | None) -> Decimal | None:
    return None if value is None else round(Decimal(repr(value)), 1)


def _said(value: float) -> str:
    return mass(Decimal(repr(value)))


def _odds(study: Study) -> Table:
    """One row a target."""
    columns = [
        Column("target", "Target"),
        Column("verdict", "Verdict as planned"),
        Column("holds_share", "Holds in draws", kind="share"),
        Column("holds_low_share", "95 % from", kind="share", decimals=2),
        Column("holds_high_share", "to", kind="share", decimals=2),
        Column("gap_t", "Gap as planned", "t CO2e", "mass"),
        Column("gap_low_t", "95 % from", "t CO2e", "mass"),
        Column("gap_high_t", "to", "t CO2e", "mass"),
    ]
    rows = []
    for of in study.judged:
        row: dict[str, Any] = dict.fromkeys(column.key for column in columns)
        row |= {"target": of.target.name, "verdict": of.verdict.verdict}
        if of.odds is not None:
            row |= {
                "holds_share": round(Decimal(repr(of.odds.share)), 6),
                "holds_low_share": round(Decimal(repr(of.odds.low)), 6),
                "holds_high_share": round(Decimal(repr(of.odds.high)), 6),
                "gap_t": _tonnes(of.gap),
                "gap_low_t": _tonnes(of.odds.gap.low),
                "gap_high_t": _tonnes(of.odds.gap.high),
            }
        rows.append(row)
    title = f"How often the targets hold in scenario {study.asked.scenario}"
    return Table("sensitivity", title, columns, rows, _notes(study), "-")


def _notes(study: Study) -> list[str]:
    asked = study.asked
    notes = [
        f"{asked.draws:,} draws with seed {asked.seed}, in which all assumptions of the scenario"
        " and all errors of quantities and factors are off at once. A share of draws is no verdict:"
        " it is no surer than the ranges are, which stand in [policy.spread] where the scenario"
        " states none, and of errors in carbon uncertainty. Beside it is where so many draws leave"
        " it, with 95 %.",
        "A gap above 0 is by how much a target is missed, one below 0 what it has to spare; a peak"
        " is measured by its highest later year against the highest one until it.",
        f"The engine projected {study.projected} scenarios."
        + (
            f" In {study.checked} of the draws it projected as well, the years ahead came out"
            f" within {100 * study.misfit:.2f} % of the gross figure of the year."
            if study.checked
            else ""
        ),
    ]
    notes += [
        f"{of.target.name} is not measured: {of.gauge.lacking}."
        for of in study.judged
        if of.gauge.lacking
    ]
    for of in study.judged:
        if of.odds is not None and of.odds.margin is not None:
            notes.append(_margin(of, of.odds.margin))
        if of.odds is not None and of.gauge.asked.beside:
            notes.append(f"{of.target.name}: {of.gauge.asked.beside}.")
        if of.gauge.asked.each and of.over and of.worst != of.over[0]:
            notes.append(
                f"{of.target.name}: the gap is that of {of.worst}, its worst year, for a target"
                f" holds once every year does; the verdict names {of.over[0]}, the first that"
                " misses it."
            )
    return notes + [_rest(year, reach) for year, reach in study.needed.items()]


def _margin(of: Judged, margin: Margin) -> str:
    """A peak's margin against what is not known for sure."""
    reach = margin.reach
    where = "inside" if margin.is_inside else "outside"
    return (
        f"{of.target.name}: {margin.year} is {_said(reach.planned)} above {margin.runner_up}, 95 %"
        f" of the draws lie from {_signed(reach.low)} to {_signed(reach.high)}: the margin is"
        f" {where} the band of uncertainty."
    )


def _signed(value: float) -> str:
    return signed(Decimal(repr(value)))


def _rest(year: int, reach: Reach) -> str:
    return (
        f"Credits that cover the rest are held at the {_said(reach.planned)} planned for {year}:"
        f" with as many as are needed a target after credits holds whatever happens, and 95 % of"
        f" the draws need {_said(reach.low)} to {_said(reach.high)} of them."
    )


def _swings(of: Judged) -> Table:
    """One row an assumption or error, the widest first."""
    columns = [
        Column("assumption", "Assumption or error"),
        Column("low", "Low", kind="exact"),
        Column("high", "High", kind="exact"),
        Column("gap_low_t", "Gap at low", "t CO2e", "mass"),
        Column("gap_high_t", "Gap at high", "t CO2e", "mass"),
        Column("swing", "", kind="picture"),
        Column("verdict", "Verdict turns"),
    ]
    shown = _widest(of)
    bars = _bars(of, shown)
    rows = [
        {
            "assumption": f"{each.name} [{each.unit}]",
            "low": _plain(each.low),
            "high": _plain(each.high),
            "gap_low_t": _tonnes(each.gap_low),
            "gap_high_t": _tonnes(each.gap_high),
            "swing": picture,
            "verdict": _words(of, each),
        }
        for each, picture in zip(shown, bars, strict=True)
    ]
    notes = [f"As planned the gap is {_said(of.gap)}{_where(of)}, where the bars meet."]
    if others := of.swings[len(shown) :]:
        notes.append(f"{len(others)} more move it by {_said(others[0].width)} or less each.")
    stated = [each.name for each in of.swings if each.source == FROM_FILE]
    notes += [f"Ranges that the scenario's file states: {', '.join(stated)}."] if stated else []
    notes += [f"Does not move it: {', '.join(of.still)}."] if of.still else []
    return Table("tornado", f"What moves {of.target.name}", columns, rows, notes, "-")


def _where(of: Judged) -> str:
    """On which line a target is measured."""
    return f" ({of.verdict.judged})"


def _widest(of: Judged) -> Sequence[Swing]:
    """The swings that are listed."""
    least = max((each.width for each in of.swings), default=0.0) * LEAST
    return [each for each in of.swings[:LARGEST] if each.width >= least]


def _words(of: Judged, swing: Swing) -> str:
    """The verdicts at the ends that are another than as planned."""
    ends = ((swing.word_low, "low"), (swing.word_high, "high"))
    told = [f"{word} at {end}" for word, end in ends if word not in ("", of.verdict.verdict)]
    return ", ".join(told)


def _plain(value: Decimal) -> Decimal:
    """A number as it is told: whole from a thousand on."""
    return round(value, 0 if abs(value) >= 1000 else 2)


def _bars(of: Judged, swings: Sequence[Swing]) -> list[str]:
    """A bar for each swing on one scale, which is parted where the plan lies."""
    ends = [of.gap, *(each for swing in swings for each in swing.ends)]
    least, span = min(ends), max(ends) - min(ends)
    if not span:
        return ["" for _ in swings]

    def place(value: float) -> int:
        return round((value - least) / span * (BAR - 1))

    found = []
    for each in swings:
        low, high = sorted(map(place, each.ends))
        signs = ["█" if low <= n <= high else NO_BLANK for n in range(BAR)]
        signs[place(of.gap)] = "┃"
        found.append("".join(signs))
    return found


def _turns(of: Judged) -> list[Table]:
    """One row an assumption: the value that just keeps the target, rounded to where it does."""
    if not of.turns:
        return []
    columns = [
        Column("assumption", "Assumption"),
        Column("planned", "Planned", kind="exact"),
        Column("side", "Target holds"),
        Column("value", "Value", kind="exact"),
        Column("unit", "Unit"),
    ]
    rows, never = [], []
    for each in of.turns:
        if each.holds is None:
            never.append(_span(of, each))
        else:
            rows.append(_turn(of, each))
    notes = []
    if of.is_tight:
        notes.append(
            "Credits cover what is left to the tonne, so that the least shortfall of anything turns"
            " it; only purchases are listed."
        )
        notes += _exchanged(of)
    if never:
        notes.append(f"No value turns it by itself: {'; '.join(never)}.")
    notes.append(
        "Each was found by projections with all others as planned: the target is kept there and"
        " missed right beside it."
    )
    verb = "holds while" if of.gauge.keeps(of.gap) else "would hold if"
    return [Table("break_even", f"{of.target.name} {verb}", columns, rows, notes, "-")]


def _exchanged(of: Judged) -> list[str]:
    """What less of a purchase takes more of credits, by the projection of its low end."""
    found = []
    for turn in of.turns:
        each, year = turn.assumption, of.target.year
        swing = next((swing for swing in of.swings if swing.name == each.name), None)
        if swing is None or each.words != "MWh" or year not in (each.amounts or {}):
            continue
        less = float(each.number(each.planned, year) - each.number(each.low, year))
        if less and swing.gap_low is not None:
            rate = (swing.gap_low - of.gap) / less
            found.append(f"A MWh less of {each.name} in {year} takes {rate:.3f} t more of credits.")
    return [text.replace(": amount", "") for text in found]


def _turn(of: Judged, turn: Turn) -> dict[str, Any]:
    each, year = turn.assumption, of.target.year
    assert turn.holds is not None and turn.fails is not None
    is_least = turn.holds > turn.fails
    number = each.number(turn.holds, year)
    places = Decimal(1) if each.is_late or abs(number) >= 1000 else Decimal("0.01")
    value = number.quantize(places, ROUND_CEILING if is_least else ROUND_FLOOR)
    return {
        "assumption": each.name,
        "planned": _plain(each.number(each.planned, year)),
        "side": "at or above" if is_least else "at or below",
        "value": value,
        "unit": each.unit_in(year),
    }


def _span(of: Judged, turn: Turn) -> str:
    """An assumption with the values that were tried."""
    each, year = turn.assumption, of.target.year
    least, most = (each.number(value, year).normalize() for value in (each.least, each.most))
    return f"{each.name} ({least:,f} to {most:,f} {each.unit_in(year)})"
