"""The account of a year: gross, less what instruments cover and credits offset, down to the rest.

`accounts` gives one a scenario and year. What is covered is summed over the instruments, what
uncovered electricity differs by is worked out beside the energy the verdict takes as covered, and
the rest is that of the verdict. What lies between them is kept in `open_t`: it is 0 unless a line
got lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from carbon.base_year import Comparison
from carbon.engine import sql_text
from carbon.inputs import ACTUAL
from carbon.inventory import year_totals
from carbon.outlook import GRAM, year_figures
from carbon.records import Instrument
from carbon.run import Run
from carbon.settings import Target
from carbon.tables import tonnes
from carbon.targets import CreditState, YearFigure, credit_states
from carbon.targets.case import case_of
from carbon.targets.net_zero import NET_ZERO_REDUCTION
from carbon.targets.real import real_reduction

ZERO = Decimal(0)
Key = tuple[str, int]  # scenario, reporting year


@dataclass(frozen=True)
class Cover:
    """One instrument in its year."""

    instrument: Instrument
    state: str  # retired, planned, refused
    used_mwh: Decimal
    refused_mwh: Decimal
    covered_t: Decimal  # location-based, of the energy it covers, rounded to a gram
    own_t: Decimal  # by the factor it conveys
    reason: str = ""


@dataclass(frozen=True)
class Uncovered:
    """Electricity of a market that no instrument covers."""

    market: str
    energy_mwh: Decimal
    emitted_t: Decimal  # market-based


@dataclass(frozen=True)
class Account:
    """One year under one scenario. Masses in t CO2e."""

    scenario: str
    figure: YearFigure
    claimed_on: date | None  # None where no claim of the year is dated
    scope1_t: Decimal
    location_t: Decimal
    covers: Sequence[Cover]
    mix_t: Decimal  # what the uncovered rest emits more at market-based factors
    credits: Sequence[CreditState]
    uncovered: Sequence[Uncovered]
    rest_t: Decimal
    real: str  # what is bought and what is reduced, in words
    facts: Mapping[str, Any]  # the same in figures
    net_zero_share = NET_ZERO_REDUCTION

    @property
    def year(self) -> int:
        return self.figure.year

    @property
    def is_actual(self) -> bool:
        return self.figure.kind == "actual"

    @property
    def gross_t(self) -> Decimal:
        return self.scope1_t + self.location_t

    @property
    def covered_t(self) -> Decimal:
        return sum((each.covered_t for each in self.covers), ZERO)

    @property
    def own_t(self) -> Decimal:
        return sum((each.own_t for each in self.covers), ZERO)

    @property
    def counted(self) -> list[CreditState]:
        """The credits that count: in a projected year those not retired yet as well."""
        states = {"retired"} if self.is_actual else {"retired", "planned", "late"}
        return [each for each in self.credits if each.state in states]

    def credits_t(self, kind: str = "") -> Decimal:
        """What the counted credits offset, of one kind or of all."""
        masses = (each.credit.mass_t for each in self.counted if kind in ("", each.credit.kind))
        return sum(masses, ZERO)

    @property
    def open_t(self) -> Decimal:
        """What does not close: 0, to a gram of rounding of every line."""
        market_t = self.gross_t - self.covered_t + self.own_t + self.mix_t
        gap_t = market_t - self.credits_t() - self.rest_t
        return ZERO if abs(gap_t) <= GRAM * (len(self.covers) + 1) else gap_t

    @property
    def net_zero_t(self) -> Decimal:
        """What a 90 % reduction of the base year leaves: the most that removals stand for."""
        return self.facts["base_gross_location_t"] * (1 - self.net_zero_share)

    @property
    def removals_t(self) -> Decimal:
        """The removals that count for net zero: none as long as more is emitted than is left."""
        if self.gross_t > self.net_zero_t:
            return ZERO
        return min(self.credits_t("removal"), self.gross_t)


def accounts(
    run: Run, years: Sequence[int], today: date, alike: Comparison | None = None
) -> list[Account]:
    """The accounts of some reporting years: the actual ones once, then those of each scenario."""
    found: list[Account] = []
    told: set[Key] = set()
    covers, uncovered, lines = _covers(run), _uncovered(run), _lines(run)
    totals = year_totals(run)
    for scenario in run.scenarios or (ACTUAL,):
        figures = _by_year(year_figures(run, scenario, line="net", alike=alike))
        target = Target(name="neutral", kind="neutral", year=min(years, default=today.year))
        case = case_of(target, figures, today, run.settings.policy, scenario)
        for figure in figures if case.actual else ():
            year = figure.year
            name = ACTUAL if figure.kind == "actual" else scenario
            key = (name, year)
            if year not in years or key in told:
                continue
            told.add(key)
            location, market = lines.get(key, (ZERO, ZERO))
            statement = run.views.of(year).settings.statements().get(year)
            is_dated = statement is not None and statement.status in ("approved", "published")
            found.append(
                Account(
                    name,
                    figure,
                    run.claimed_on(year) if name == ACTUAL and is_dated else None,
                    tonnes(totals[key].scope1_g),
                    tonnes(totals[key].location_g),
                    covers.get(key, []),
                    (market - (location - figure.certificates_t)).quantize(GRAM),
                    credit_states(figure.credits, year, figure.claimed_on or today),
                    uncovered.get(key, []),
                    figure.net_t(today),
                    *real_reduction(case, figure),
                )
            )
    return sorted(found, key=lambda each: (each.scenario != ACTUAL, each.scenario, each.year))


def _by_year(figures: Sequence[YearFigure]) -> list[YearFigure]:
    """One figure a year: the actual one, unless it is incomplete and a plan tells the whole."""
    planned = {each.year for each in figures if each.kind == "projected"}
    whole = {each.year for each in figures if each.kind == "actual" and each.is_complete}
    return [
        each
        for each in figures
        if (each.year in whole or each.year not in planned) == (each.kind == "actual")
    ]


def _lines(run: Run) -> dict[Key, tuple[Decimal, Decimal]]:
    """Scope 2 location-based, and market-based without what instruments convey. [t CO2e]"""
    rows = run.rows(
        "select scenario, reporting_year,"
        " sum(case when accounting = 'location' then co2e_g else 0 end),"
        " sum(case when accounting = 'market' and topic not like 'instrument/%' then co2e_g"
        " else 0 end) from emission where line = 'scope2' group by all"
    )
    return {(name, year): (tonnes(one), tonnes(other)) for name, year, one, other in rows}


def _covers(run: Run) -> dict[Key, list[Cover]]:
    """What became of each instrument, by scenario and the year it is claimed for."""
    base = {
        (scenario, year, site): (energy_kwh, grams)
        for scenario, year, site, energy_kwh, _, grams in run.rows(
            f"select * from ({sql_text('certified')}) as c order by 1, 2, 3"
        )
    }
    own = {
        tuple(key): tonnes(grams)
        for *key, grams in run.rows(
            "select scenario, reporting_year, topic, sum(co2e_g) from emission"
            " where accounting = 'market' and topic like 'instrument/%' and line = 'scope2'"
            " group by all"
        )
    }
    uses: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
    for scenario, name, *use in run.rows(
        "select scenario, instrument_id, site, reporting_year, used_kwh, refused_kwh, reason"
        " from instrument_use order by all"
    ):
        uses.setdefault((scenario, name), []).append(tuple(use))
    found: dict[Key, list[Cover]] = {}
    for scenario, instruments in run.instruments.items():
        for each in sorted(instruments, key=lambda held: held.instrument_id):
            used, refused, covered, reason = ZERO, ZERO, ZERO, ""
            for site, year, used_kwh, refused_kwh, why in uses.get(
                (scenario, each.instrument_id), ()
            ):
                used, refused, reason = used + used_kwh, refused + refused_kwh, reason or why
                energy_kwh, grams = base.get((scenario, year, site), (ZERO, ZERO))
                if used_kwh and energy_kwh:
                    covered += tonnes(grams) * used_kwh / energy_kwh
            key = (scenario, each.claim_year, f"instrument/{each.instrument_id}")
            state = "planned" if scenario != ACTUAL else "retired"
            found.setdefault(key[:2], []).append(
                Cover(
                    each,
                    state if used else "refused",
                    used.scaleb(-3),
                    refused.scaleb(-3),
                    covered.quantize(GRAM),
                    own.get(key, ZERO),
                    reason,
                )
            )
    return found


def _uncovered(run: Run) -> dict[Key, list[Uncovered]]:
    """Electricity without an instrument, by market."""
    markets = dict(run.rows("select distinct site, market from site order by all"))
    sums: dict[tuple[str, int, str], list[Decimal]] = {}
    for scenario, year, site, energy_kwh, grams in run.rows(
        "select scenario, reporting_year, site, energy_kwh, co2e_g"
        f" from ({sql_text('waterfall')}) as w where step = 'uncovered' order by all"
    ):
        of = sums.setdefault((scenario, year, markets[site]), [ZERO, ZERO])
        of[0] += energy_kwh.scaleb(-3)
        of[1] += tonnes(grams or ZERO)
    found: dict[Key, list[Uncovered]] = {}
    for (scenario, year, market), (energy_mwh, emitted_t) in sums.items():
        if energy_mwh > 0:
            each = Uncovered(market, energy_mwh, emitted_t)
            found.setdefault((scenario, year), []).append(each)
    return found


def booked(run: Run, year: int) -> Iterator[Instrument | CreditState]:
    """What the ledger holds for a year: instruments and credits, retired or not."""
    yield from (each for each in run.instruments[ACTUAL] if each.claim_year == year)
    yield from credit_states(run.credits[ACTUAL], year, run.claimed_on(year))
