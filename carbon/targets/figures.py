"""What a target is judged from and what comes of it: a year's figures, its credits, a verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from carbon.records import Credit
from carbon.settings import Target

Word = Literal["met", "on track", "at risk", "missed", "not yet provable", "no data"]

OLDEST_CREDIT = 5  # years between its vintage and the year it is claimed for [a]
ZERO = Decimal(0)
LINES = {"location": "location-based", "market": "market-based", "net": "after credits"}


@dataclass(frozen=True)
class CreditUse:
    """What the credits of a year come to. [t CO2e]"""

    retired_t: Decimal = ZERO  # in time for the claim
    planned_t: Decimal = ZERO  # not retired
    late_t: Decimal = ZERO  # retired after the claim
    refused: tuple[str, ...] = ()  # credit and why


@dataclass(frozen=True)
class CreditState:
    """What becomes of one credit in the year it is claimed for."""

    credit: Credit
    state: Literal["retired", "planned", "late", "refused"]
    reason: str = ""


def credit_states(credits: Iterable[Credit], year: int, by: date) -> list[CreditState]:
    """Which credits count for a year when the claim is made on a day, and why others do not."""
    return [
        _state(credit, year, by)
        for credit in sorted(credits, key=lambda each: each.credit_id)
        if credit.claim_year == year
    ]


def _state(credit: Credit, year: int, by: date) -> CreditState:
    if credit.vintage_year > year:
        return CreditState(credit, "refused", f"generated in {credit.vintage_year}, after {year}")
    if credit.vintage_year < year - OLDEST_CREDIT:
        old = f"more than {OLDEST_CREDIT} years before {year}"
        return CreditState(credit, "refused", f"generated in {credit.vintage_year}, {old}")
    if credit.retired_on and credit.retired_on.year < credit.vintage_year:
        early = f"retired on {credit.retired_on}, before it was generated"
        return CreditState(credit, "refused", early)
    if credit.retired_on is None:
        return CreditState(credit, "planned")
    if credit.retired_on > by:
        return CreditState(credit, "late", f"retired on {credit.retired_on}, after {by}")
    return CreditState(credit, "retired")


def credit_use(credits: Iterable[Credit], year: int, by: date) -> CreditUse:
    """What the credits of a year come to when the claim is made on a day."""
    sums = {"retired": ZERO, "planned": ZERO, "late": ZERO, "refused": ZERO}
    refused = []
    for each in credit_states(credits, year, by):
        sums[each.state] += each.credit.mass_t
        if each.reason:
            refused.append(f"{each.credit.credit_id}: {each.reason}")
    return CreditUse(sums["retired"], sums["planned"], sums["late"], tuple(refused))


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
    divisor: Decimal | None = None  # of an intensity: what the organisation told for the year
    divisor_unit: str = ""
    recalculated: tuple[Decimal, Decimal] | None = None  # location, market: as if it always were so

    def as_if_always(self) -> YearFigure:
        """The year as if the organisation had always been what it is now."""
        if self.recalculated is None:
            return self
        location_t, market_t = self.recalculated
        is_same = location_t == self.location_t
        return replace(
            self,
            location_t=location_t,
            market_t=market_t,
            constant_factor_t=self.constant_factor_t if is_same else None,
            structure="",
        )

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
class MonthFigure:
    """The ceiling of one month and what it came to, in `unit`. Grain: one per month."""

    month: int
    ceiling: Decimal | None = None  # none was set, or a year's could not be laid on its months
    actual: Decimal | None = None
    unit: str = ""
    is_over: bool = False  # by more than is tolerated: what is still missing only adds
    lacking: str = ""  # bills and meters without a figure


@dataclass(frozen=True)
class Chance:
    """In what share of draws a target holds, or why there is none. [1]

    share : with the 95 % interval that so many draws leave it; all None where there is none.
    note : why there is none; else what the draws are of.
    """

    draws: int
    seed: int
    share: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    note: str = ""


@dataclass(frozen=True)
class Verdict:
    """A verdict and everything that stands beside it. Masses in t CO2e."""

    target: Target
    scenario: str
    verdict: Word
    reason: str
    line: str  # location, market, net; '' where it is judged on something else than emissions
    margin_t: Decimal | None = None
    margin_share: Decimal | None = None
    required_pace_t: Decimal | None = None  # reduction still needed each year [t CO2e/a]
    gap_t: Decimal | None = None
    caveats: tuple[str, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    chance: Chance | None = None  # None where nobody asked

    @property
    def judged(self) -> str:
        """What it is judged on, in words."""
        if self.target.kind == "ceiling":
            return f"judged by month, {self.target.metric} of {self.target.node}"
        per = f" per {self.target.per}" if self.target.per else ""
        return f"judged {LINES[self.line]}{per}"
