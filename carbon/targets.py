"""Where an organisation stands against its targets, judged from its years, actual and projected.

`judge` takes one target and the yearly figures of one scenario and gives a verdict: met, on
track, at risk, missed, not yet provable, or no data, with the reason in a sentence. `met` and
`missed` rest on actual, complete figures alone; what is only planned is never more than on track.
The rules, and a table of histories with their verdicts, stand in `docs/targets.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any, Literal

from carbon.records import Credit
from carbon.settings import Policy, Target

Word = Literal["met", "on track", "at risk", "missed", "not yet provable", "no data"]

OLDEST_CREDIT = 5  # years between its vintage and the year it is claimed for [a]
YEARS_OF_HINDSIGHT = 2  # complete years below a maximum that make it a peak
NET_ZERO_REDUCTION = Decimal("0.9")  # of Scope 1+2 and of Scope 3
MANY_CREDITS = Decimal("0.5")  # of the base year's gross
ZERO = Decimal(0)
LINES = {"location": "location-based", "market": "market-based", "net": "after credits"}


@dataclass(frozen=True)
class CreditUse:
    """What the credits of a year come to. [t CO2e]"""

    retired_t: Decimal = ZERO  # in time for the claim
    planned_t: Decimal = ZERO  # not retired
    late_t: Decimal = ZERO  # retired after the claim
    refused: tuple[str, ...] = ()  # credit and why


def credit_use(credits: Iterable[Credit], year: int, by: date) -> CreditUse:
    """Which credits count for a year when the claim is made on a day, and why others do not."""
    retired, planned, late = ZERO, ZERO, ZERO
    refused = []
    for credit in sorted(credits, key=lambda each: each.credit_id):
        if credit.claim_year != year:
            continue
        if credit.vintage_year > year:
            refused.append(f"{credit.credit_id}: generated in {credit.vintage_year}, after {year}")
        elif credit.vintage_year < year - OLDEST_CREDIT:
            refused.append(
                f"{credit.credit_id}: generated in {credit.vintage_year}, "
                f"more than {OLDEST_CREDIT} years before {year}"
            )
        elif credit.retired_on and credit.retired_on.year < credit.vintage_year:
            refused.append(
                f"{credit.credit_id}: retired on {credit.retired_on}, before it was generated"
            )
        elif credit.retired_on is None:
            planned += credit.mass_t
        elif credit.retired_on > by:
            late += credit.mass_t
            refused.append(f"{credit.credit_id}: retired on {credit.retired_on}, after {by}")
        else:
            retired += credit.mass_t
    return CreditUse(retired, planned, late, tuple(refused))


@dataclass(frozen=True)
class YearFigure:
    """The figures of one reporting year under one scenario. Grain: one per year. [t CO2e]

    Labels are compared between actual years and mean nothing else: `structure` changes where a
    site was acquired, divested, outsourced or insourced, `series` where the grid series did.
    """

    year: int
    kind: Literal["actual", "projected"]
    location_t: Decimal  # Scope 1 + location-based Scope 2
    market_t: Decimal  # Scope 1 + market-based Scope 2
    credits: tuple[Credit, ...] = ()
    claimed_on: date | None = None  # of the year's claim; credits retired later do not count
    is_complete: bool = True
    is_approved: bool = True
    missing: str = ""  # what an incomplete year lacks
    constant_factor_t: Decimal | None = None  # location-based, at the grid factors of one year
    certificates_t: Decimal = ZERO  # location-based emissions of the energy they cover
    structure: str = ""
    series: str = ""
    gwp_set: str = ""

    def credit_use(self, today: date) -> CreditUse:
        """The year's credits as they stand on its claim, or today."""
        return credit_use(self.credits, self.year, self.claimed_on or today)

    def net_t(self, today: date) -> Decimal:
        """After credits: retired ones, and in a projected year the planned ones as well."""
        use = self.credit_use(today)
        counted = use.retired_t
        if self.kind == "projected":
            counted += use.planned_t + use.late_t
        return self.market_t - counted


@dataclass(frozen=True)
class Verdict:
    """A verdict and everything that stands beside it. Masses in t CO2e."""

    target: Target
    scenario: str
    verdict: Word
    reason: str
    line: str  # location, market, net
    margin_t: Decimal | None = None
    margin_share: Decimal | None = None
    required_pace_t: Decimal | None = None  # reduction still needed each year [t CO2e/a]
    gap_t: Decimal | None = None
    caveats: tuple[str, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)


def judge(
    target: Target,
    figures: Sequence[YearFigure],
    *,
    today: date,
    policy: Policy,
    scenario: str,
) -> Verdict:
    """The verdict on a target under a scenario.

    figures : one per year; a projected year that has an actual figure is left aside.
    today : a target year is over once this day lies after it.
    """
    case = _case(target, figures, today, policy, scenario)
    if not case.actual:
        return case.verdict("no data", "There is no actual year to judge from.")
    return {"peak": _peak, "neutral": _neutral, "net zero": _net_zero}[target.kind](case)


# --- what a case knows -----------------------------------------------------------------------


@dataclass(frozen=True)
class _Case:
    target: Target
    scenario: str
    today: date
    policy: Policy
    actual: list[YearFigure]
    projected: list[YearFigure]

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

    def verdict(self, word: Word, reason: str, **beside: Any) -> Verdict:
        caveats = list(beside.pop("caveats", ()))
        if self.target.sites:
            caveats.append(f"sub-boundary: {', '.join(self.target.sites)}")
        return Verdict(
            self.target,
            self.scenario,
            word,
            reason,
            self.target.judged_on,
            caveats=tuple(caveats),
            **beside,
        )


def _case(
    target: Target,
    figures: Sequence[YearFigure],
    today: date,
    policy: Policy,
    scenario: str,
) -> _Case:
    actual = sorted((each for each in figures if each.kind == "actual"), key=lambda each: each.year)
    known = {each.year for each in actual}
    ahead = [each for each in figures if each.kind == "projected" and each.year not in known]
    return _Case(target, scenario, today, policy, actual, sorted(ahead, key=lambda each: each.year))


def _gaps(figures: Sequence[YearFigure], first: int | None = None) -> list[int]:
    """Years missing between the first (or a given) and the last of the figures."""
    known = {each.year for each in figures}
    start = min(known) if first is None else first
    return [year for year in range(start, max(known)) if year not in known]


def _breaks(actual: Sequence[YearFigure]) -> tuple[list[str], list[YearFigure]]:
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


# --- peak --------------------------------------------------------------------------------------


def _peak(case: _Case) -> Verdict:
    """The maximum is in or before the target year, and no later year reaches it."""
    year = case.target.year
    breaks, compared = _breaks(case.actual)
    prefix = f"Not comparable: {'; '.join(breaks)}. " if breaks else ""
    series = compared + case.projected
    until = [each for each in series if each.year <= year]
    if not until:
        which = "comparable year" if breaks else "year"
        return case.verdict(
            "not yet provable",
            f"{prefix}No {which} in or before {year} is known; the first is {series[0].year}.",
            caveats=["not comparable"] if breaks else [],
        )
    top = max(until, key=case.value)  # the first of equals
    ceiling = case.value(top) * (1 + case.policy.peak_tolerance)
    late = [each for each in series if each.year > year and case.value(each) >= ceiling]
    facts = _peak_facts(case, series, top)
    caveats = ["not comparable"] if breaks else []
    if late:
        return _peak_reached(case, top, late, breaks, prefix, caveats, facts)
    return _peak_holds(case, series, top, breaks, prefix, caveats, facts)


def _peak_facts(case: _Case, series: Sequence[YearFigure], top: YearFigure) -> dict[str, Any]:
    """The summit of each line, and the runner-up on the line judged."""
    others = [each for each in series if each is not top]
    runner_up = max(others, key=case.value) if others else None
    facts: dict[str, Any] = {
        "peak_year": top.year,
        "peak_t": case.value(top),
        "years_since_peak": case.actual[-1].year - top.year,
        "runner_up_year": runner_up.year if runner_up else None,
        "runner_up_t": case.value(runner_up) if runner_up else None,
    }
    for line in LINES:
        facts[f"highest_year_{line}"] = max(series, key=lambda each: case.value(each, line)).year
    return facts


def _other_methods(case: _Case, facts: dict[str, Any], *, is_reached: bool) -> list[str]:
    """The other Scope 2 method, where its highest year falls on the other side of the target's."""
    return [
        f"{LINES[line]}, the highest year is {facts[f'highest_year_{line}']}"
        for line in ("location", "market")
        if line != case.target.judged_on
        and (facts[f"highest_year_{line}"] <= case.target.year) == is_reached
    ]


def _peak_reached(
    case: _Case,
    top: YearFigure,
    late: Sequence[YearFigure],
    breaks: Sequence[str],
    prefix: str,
    caveats: list[str],
    facts: dict[str, Any],
) -> Verdict:
    """A later year reaches the maximum: missed where actual figures show it, else at risk."""
    year = case.target.year
    shown = [each for each in late if each.kind == "actual" and each.is_complete]
    before = [each for each in case.actual if each.year <= year]
    hidden = [case.doubt(each) for each in before if not each.is_complete]
    hidden += [f"{each} is missing" for each in _gaps(case.actual) if each <= year]
    is_missed = bool(shown) and top.kind == "actual" and not hidden and not breaks
    worst = max(shown if is_missed else late, key=case.value)
    gap = case.value(worst) - case.value(top)
    ahead = worst.year - case.actual[-1].year
    beside = {
        "gap_t": gap,
        "required_pace_t": gap / ahead if ahead > 0 and gap > 0 else None,
        "caveats": [
            *caveats,
            *(["plateau"] if gap == 0 else []),
            *_other_methods(case, facts, is_reached=True),
        ],
        "facts": facts | {"highest_later_year": worst.year, "highest_later_t": case.value(worst)},
    }
    reached = (
        f"{_t(gap) + ' above' if gap else 'level with'} the {_t(case.value(top))} of {top.year}, "
        f"the highest year up to {year}"
        f"{'' if gap else '; a flat top is a plateau, not a peak'}"
    )
    if is_missed:
        return case.verdict(
            "missed", f"{worst.year} closed at {_t(case.value(worst))}, {reached}.", **beside
        )
    if worst.kind == "actual":
        faults = hidden + ([] if worst.is_complete else [case.doubt(worst)])
        why = "".join(f"; {fault}" for fault in faults)
        return case.verdict(
            "at risk",
            f"{prefix}{worst.year} stands at {_t(case.value(worst))}, {reached}{why}.",
            **beside,
        )
    years = worst.year - year
    return case.verdict(
        "at risk",
        f"{prefix}It would be missed: in scenario {case.scenario} the maximum comes in "
        f"{worst.year} with {_t(case.value(worst))}, {years} year{'s' if years > 1 else ''} after "
        f"{year}, {reached}.",
        **beside,
    )


def _peak_holds(
    case: _Case,
    series: Sequence[YearFigure],
    top: YearFigure,
    breaks: Sequence[str],
    prefix: str,
    caveats: list[str],
    facts: dict[str, Any],
) -> Verdict:
    """No later year reaches the maximum: met with hindsight, on track by projection, or open."""
    year, actual = case.target.year, case.actual
    summit = f"{top.year} with {_t(case.value(top))} is the highest year"
    level = _level_years(case, series, top)
    flat = _is_flat(series, level, top, year)
    vanishes = _vanishes(series, top)
    if vanishes:
        caveats = [*caveats, "the peak vanishes at constant factors"]
        prefix = f"{vanishes} {prefix}"
    if flat:
        caveats = [*caveats, "plateau"]
    elif len(level) > 1:
        caveats = [*caveats, f"tie: {_and(level)} are level, the first counts"]
    if top is actual[0] and len(actual) > 1:
        caveats = [*caveats, f"{top.year} is the first year known: the peak may lie before it"]
    caveats = caveats + _other_methods(case, facts, is_reached=False)
    runner_up = facts["runner_up_t"]
    margin = None if runner_up is None else case.value(top) - runner_up
    beside = {
        "margin_t": margin,
        "margin_share": margin / case.value(top)
        if margin is not None and case.value(top)
        else None,
        "caveats": caveats,
        "facts": facts,
    }
    doubts = case.doubts(actual)
    if len(doubts) == len(actual):
        return case.verdict(
            "at risk",
            f"{prefix}It rests only on figures that are incomplete or not approved: "
            f"{'; '.join(doubts)}.",
            **beside,
        )
    if flat:
        return case.verdict(
            "not yet provable",
            f"{prefix}Plateau: {_and(level)} are level at {_t(case.value(top))}; "
            "a flat top is not a peak.",
            **beside,
        )
    gaps = [f"{each} is missing" for each in _gaps(actual)]
    later = [each for each in actual if each.year > max(level) and each.is_complete]
    is_seen = actual[-1].year >= year and len(later) >= YEARS_OF_HINDSIGHT
    if top.kind == "actual" and is_seen and not (doubts or gaps or breaks):
        return case.verdict(
            "met",
            f"{prefix}{summit}, and the {len(later)} complete years after {max(level)} are "
            f"{_t(case.value(top) - max(map(case.value, later)))} or more below it.",
            **beside,
        )
    beyond = [each for each in case.projected if each.year > year]
    if beyond and not case.is_over and not breaks and actual[-1].is_complete:
        later_said = "; ".join(doubts + gaps)
        return case.verdict(
            "on track",
            f"{prefix}In scenario {case.scenario} {summit}, and no year up to {beyond[-1].year} "
            f"reaches it{'; ' + later_said if later_said else ''}.",
            **beside,
        )
    return case.verdict(
        "not yet provable",
        f"{prefix}{summit} {'since then' if breaks else 'so far'}, but "
        f"{'; '.join(doubts + gaps + _open(case, top, later, beyond, breaks))}.",
        **beside,
    )


def _open(
    case: _Case,
    top: YearFigure,
    later: Sequence[YearFigure],
    beyond: Sequence[YearFigure],
    breaks: Sequence[str],
) -> list[str]:
    """What keeps a peak that nothing contradicts from being proved."""
    year, last = case.target.year, case.actual[-1].year
    said = ["the years before do not compare"] if breaks else []
    if top.kind == "projected":
        said.append(f"{top.year} is a projection")
    elif len(later) < YEARS_OF_HINDSIGHT:
        count = {0: "none", 1: "one"}[len(later)]
        said.append(f"a peak needs {YEARS_OF_HINDSIGHT} later complete years and has {count}")
    if last < year and case.is_over:
        said.append(f"{year} is over and the actual figures end in {last}")
    elif last < year and not beyond:
        said.append(f"the actual figures end in {last} and no projection reaches beyond {year}")
    return said


def _level_years(case: _Case, series: Sequence[YearFigure], top: YearFigure) -> list[int]:
    """The years as high as the maximum, within the tolerance."""
    floor = case.value(top) * (1 - case.policy.peak_tolerance)
    return [each.year for each in series if case.value(each) >= floor]


def _is_flat(
    series: Sequence[YearFigure], level: Sequence[int], top: YearFigure, year: int
) -> bool:
    """True where the top is a plateau: a neighbouring year is level with it, or one after Y is."""
    years = [each.year for each in series]
    at = years.index(top.year)
    return any(
        near in level for near in (*years[max(at - 1, 0) : at], *years[at + 1 : at + 2])
    ) or (max(level) > year)


def _vanishes(series: Sequence[YearFigure], top: YearFigure) -> str:
    """A sentence where a later year is as high as the top once grid factors are held, or ''."""
    if top.constant_factor_t is None:
        return ""
    later = [
        each
        for each in series
        if each.year > top.year
        and each.constant_factor_t is not None
        and each.constant_factor_t >= top.constant_factor_t
    ]
    if not later:
        return ""
    worst = max(later, key=lambda each: each.constant_factor_t)
    return (
        f"The peak vanishes at constant factors: there {worst.year} has "
        f"{_t(worst.constant_factor_t)}, {top.year} {_t(top.constant_factor_t)}."
    )


# --- neutrality ----------------------------------------------------------------------------------


def _neutral(case: _Case) -> Verdict:
    """The target year and every later one are at or below zero."""
    year, last = case.target.year, case.actual[-1]
    actual = [each for each in case.actual if each.year >= year]
    ahead = [each for each in case.projected if each.year >= year]
    shown = next((each for each in actual + ahead if each.year == year), last)
    real, facts = _real_reduction(case, shown)
    caveats = ["operational (Scope 1+2), self-declared"]
    caveats += [f"credit not counted: {why}" for why in shown.credit_use(case.today).refused]
    caveats += _many_credits(case, shown, facts)
    beside: dict[str, Any] = {"caveats": caveats, "facts": facts}
    if last.year < year and case.value(last) > 0:
        beside["required_pace_t"] = case.value(last) / (year - last.year)
    failing = [each for each in actual if case.value(each) > 0]
    if failing:
        return _not_neutral(case, failing, real, beside)
    short = [each for each in ahead if case.value(each) > 0]
    if short:
        worst = short[0]
        kept = f" {actual[-1].year} was neutral, but" if actual else ""
        return case.verdict(
            "at risk",
            f"It would be missed:{kept} in scenario {case.scenario} {worst.year} ends "
            f"{_t(case.value(worst))} above zero {_on(case)}. {real}",
            gap_t=case.value(worst),
            **beside,
        )
    if shown.year == year:
        beside["margin_t"] = -case.value(shown)
    if actual:
        return _neutral_so_far(case, actual, real, beside)
    return _neutral_ahead(case, ahead, real, beside)


def _on(case: _Case) -> str:
    """The line a neutrality is judged on, in words."""
    return LINES[case.target.judged_on]


def _not_neutral(
    case: _Case, failing: Sequence[YearFigure], real: str, beside: dict[str, Any]
) -> Verdict:
    """Some actual year is above zero: missed, unless units still to be retired would cover it."""

    def uncovered(figure: YearFigure) -> Decimal:
        use = figure.credit_use(case.today)
        coverable = use.planned_t + use.late_t if case.target.judged_on == "net" else ZERO
        return case.value(figure) - coverable

    lost = [each for each in failing if each.is_complete and uncovered(each) > 0]
    if lost:
        worst = lost[0]
        return case.verdict(
            "missed",
            f"{worst.year} closed {_t(case.value(worst))} above zero {_on(case)}. {real}",
            gap_t=case.value(worst),
            **beside,
        )
    open_year = failing[0]
    use = open_year.credit_use(case.today)
    why = []
    if not open_year.is_complete:
        why.append(case.doubt(open_year))
    if uncovered(open_year) <= 0:
        if use.planned_t:
            why.append(f"{_t(use.planned_t)} of credits are planned, not retired")
            beside["caveats"] = [*beside["caveats"], "planned, not retired"]
        if use.late_t:
            why.append(f"{_t(use.late_t)} of credits were retired after the claim")
    return case.verdict(
        "at risk",
        f"{open_year.year} stands {_t(case.value(open_year))} above zero {_on(case)}: "
        f"{'; '.join(why)}. {real}",
        gap_t=case.value(open_year),
        **beside,
    )


def _neutral_so_far(
    case: _Case, actual: Sequence[YearFigure], real: str, beside: dict[str, Any]
) -> Verdict:
    """Every actual year from the target year on is at or below zero."""
    faults = case.doubts(actual)
    if len(faults) == len(actual):
        return case.verdict(
            "at risk",
            "It rests only on figures that are incomplete or not approved: "
            f"{'; '.join(faults)}. {real}",
            **beside,
        )
    years = {each.year for each in actual}
    until = range(case.target.year, max(years))
    faults += [f"{year} is missing" for year in until if year not in years]
    if faults:
        return case.verdict(
            "not yet provable",
            f"{_and(sorted(years))} closed at or below zero {_on(case)}, but {'; '.join(faults)}. "
            f"{real}",
            **beside,
        )
    return case.verdict(
        "met",
        f"{_and(sorted(years))} closed at or below zero {_on(case)}, "
        f"with every unit counted retired before the claim. {real}",
        **beside,
    )


def _neutral_ahead(
    case: _Case, ahead: Sequence[YearFigure], real: str, beside: dict[str, Any]
) -> Verdict:
    """The target year has no actual figure, and no projected year is above zero."""
    year, last = case.target.year, case.actual[-1]
    faults = case.doubts(case.actual)
    if len(faults) == len(case.actual):
        return case.verdict(
            "at risk",
            "It rests only on figures that are incomplete or not approved: "
            f"{'; '.join(faults)}. {real}",
            **beside,
        )
    if not ahead or ahead[0].year != year:
        end = case.projected[-1].year if case.projected else last.year
        return case.verdict(
            "not yet provable",
            f"The figures end in {end} and say nothing of {year}; {last.year} was "
            f"{_t(case.value(last))} {_on(case)}. {real}",
            **beside,
        )
    planned = ahead[0].certificates_t > 0 or ahead[0].credits
    if planned:
        beside["caveats"] = [*beside["caveats"], "planned, not retired"]
    ends = f"in scenario {case.scenario} {year} ends at {_t(case.value(ahead[0]))} {_on(case)}"
    if case.is_over or not last.is_complete:
        why = f"{year} is over and only projected" if case.is_over else f"it rests on {faults[-1]}"
        return case.verdict(
            "not yet provable", f"{ends[0].upper()}{ends[1:]}, but {why}. {real}", **beside
        )
    return case.verdict("on track", f"{ends[0].upper()}{ends[1:]}. {real}", **beside)


def _real_reduction(case: _Case, shown: YearFigure) -> tuple[str, dict[str, Any]]:
    """What of a year's neutrality is bought and what is reduced: a sentence, and the figures.

    Real reduction is location-based and gross, against the first complete year that compares;
    held grid factors tell own measures from a cleaner grid.
    """
    _, compared = _breaks(case.actual)
    base = next((each for each in compared if each.is_complete), compared[0])
    gross = shown.location_t
    use = shown.credit_use(case.today)
    credits_t = use.retired_t
    if shown.kind == "projected":
        credits_t += use.planned_t + use.late_t
    reduction = base.location_t - gross
    facts: dict[str, Any] = {
        "year": shown.year,
        "gross_location_t": gross,
        "certificates_t": shown.certificates_t,
        "credits_t": credits_t,
        "certificates_share": shown.certificates_t / gross if gross else None,
        "credits_share": credits_t / gross if gross else None,
        "base_year": base.year,
        "base_gross_location_t": base.location_t,
        "real_reduction_t": reduction,
        "real_reduction_share": reduction / base.location_t if base.location_t else None,
    }
    parts = ""
    if base.constant_factor_t is not None and shown.constant_factor_t is not None:
        own = base.constant_factor_t - shown.constant_factor_t
        facts |= {"own_reduction_t": own, "grid_reduction_t": reduction - own}
        parts = f" (own measures and growth {_signed(-own)}, grid {_signed(own - reduction)})"
    if not gross:
        return f"{shown.year} has no gross emissions.", facts
    bought = (
        f"Of the {_t(gross)} gross location-based in {shown.year}, certificates cover "
        f"{_percent(facts['certificates_share'])} and credits {_percent(facts['credits_share'])}"
    )
    if shown.year == base.year:
        return f"{bought}.", facts
    change = (
        f"{_t(reduction)} ({_percent(facts['real_reduction_share'])}) less"
        if reduction > 0 and base.location_t
        else f"{_t(-reduction)} more"
    )
    return f"{bought}; gross is {change} than in {base.year}{parts}.", facts


def _many_credits(case: _Case, shown: YearFigure, facts: dict[str, Any]) -> list[str]:
    """A warning where credits are more than half of the base year's gross."""
    base = facts["base_gross_location_t"]
    if facts["credits_t"] <= base * MANY_CREDITS:
        return []
    return [
        f"credits of {shown.year} are more than {_percent(MANY_CREDITS)} of the gross of "
        f"{facts['base_year']}"
    ]


# --- net zero ------------------------------------------------------------------------------------


def _net_zero(case: _Case) -> Verdict:
    """A milestone: Scope 1+2 can rule it out once its year is there, but never show it."""
    year, last = case.target.year, case.actual[-1]
    breaks, compared = _breaks(case.actual)
    base = next((each for each in compared if each.is_complete), compared[0])
    goal = base.location_t * (1 - NET_ZERO_REDUCTION)
    reduction = base.location_t - last.location_t
    share = reduction / base.location_t if base.location_t else None
    facts = {
        "base_year": base.year,
        "base_gross_location_t": base.location_t,
        "last_year": last.year,
        "last_gross_location_t": last.location_t,
        "reduction_share": share,
        "goal_t": goal,
    }
    gap = last.location_t - goal
    beside: dict[str, Any] = {
        "facts": facts,
        "gap_t": gap if gap > 0 else None,
        "required_pace_t": gap / (year - last.year) if gap > 0 and last.year < year else None,
        "caveats": ["cannot be judged from Scope 1+2", *(["not comparable"] if breaks else [])],
    }
    wanted = _percent(NET_ZERO_REDUCTION)
    stands = f"{_t(last.location_t)} in {last.year}"
    if last is not base:
        less = f"{_percent(abs(share))} {'below' if reduction >= 0 else 'above'}" if share else "as"
        stands += f", {less} {base.year}"
    late = [
        each for each in compared if each.year >= year and each.is_complete and each is not base
    ]
    failed = [each for each in late if each.location_t > goal]
    if failed and not breaks:
        return case.verdict(
            "missed",
            f"{failed[0].year} closed at {_t(failed[0].location_t)} of Scope 1+2, above the "
            f"{_t(goal)} that {wanted} less than {base.year} leaves.",
            **beside,
        )
    return case.verdict(
        "not yet provable",
        f"Scope 1+2 cannot judge net zero: it needs {wanted} less on Scope 3 as well, and removals "
        f"for the rest. Scope 1+2 stands at {stands}; {wanted} less would leave {_t(goal)}.",
        **beside,
    )


# --- words ---------------------------------------------------------------------------------------


def _t(mass_t: Decimal) -> str:
    """A mass as printed: one decimal, half away from zero."""
    return f"{mass_t.quantize(Decimal('0.1'), ROUND_HALF_UP):,} t"


def _signed(mass_t: Decimal) -> str:
    return f"{mass_t.quantize(Decimal('0.1'), ROUND_HALF_UP):+,} t"


def _percent(share: Decimal) -> str:
    return f"{(share * 100).quantize(Decimal(1), ROUND_HALF_UP):,} %"


def _and(years: Sequence[int]) -> str:
    """2021, 2022 and 2023."""
    *most, last = [str(year) for year in years]
    return f"{', '.join(most)} and {last}" if most else last
