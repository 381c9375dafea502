"""Which units of an account are missing: how many, by when, at what price.

A unit is missing where the account counts it, or would have to, and it is not retired: planned and
not bought, bought and not retired, or not even planned. What is retired for the year already, by
the ledger, is taken off what is planned of its kind. Ways to cover a rest that nobody plans are
ordered by their cost a tonne where both prices are known, and not compared where one is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from carbon.inputs import months_in
from carbon.neutrality.account import Account, Cover, booked
from carbon.records import Instrument
from carbon.run import Run
from carbon.scenarios import Measure, interpolated
from carbon.scenarios.kinds.credits import Credits
from carbon.scenarios.kinds.power import Power
from carbon.targets import CreditState

ZERO = Decimal(0)
BUY, RETIRE, UNPLANNED = "buy and retire", "retire", "not planned"
SIGN, SIGN_RETIRE = "sign", "sign and retire"


@dataclass(frozen=True)
class Unit:
    """Missing units of one kind."""

    account: Account
    what: str  # GEC of CN; CCER, avoidance
    state: str
    amount: Decimal
    unit: str  # MWh, t
    mass_t: Decimal  # what they take off the account
    by_on: date
    price_rmb: Decimal | None = None  # a unit
    source: str = ""  # the measure or unit
    note: str = ""

    @property
    def cost_rmb(self) -> Decimal | None:
        return None if self.price_rmb is None else self.price_rmb * self.amount

    @property
    def rmb_per_t(self) -> Decimal | None:
        cost = self.cost_rmb
        return cost / self.mass_t if cost is not None and self.mass_t > 0 else None


def missing(run: Run, account: Account) -> list[Unit]:
    """The units an account lacks, the cheapest a tonne first, those without a price last."""
    by_on = account.claimed_on or _last_day(run, account.year)
    found = [*_certificates(run, account, by_on), *_credits(run, account, by_on)]
    counted = sum((each.mass_t for each in found if each.state == RETIRE), ZERO)
    rest = account.rest_t - (counted if account.is_actual else ZERO)
    if rest > 0:
        found += _unplanned(run, account, rest, by_on)
    return sorted(found, key=_cheapest)


def _cheapest(unit: Unit) -> tuple[bool, bool, Decimal]:
    cost = unit.rmb_per_t
    return unit.state == UNPLANNED, cost is None, cost or ZERO


def _last_day(run: Run, year: int) -> date:
    _, last = months_in(run.settings, year)
    after = date(last // 100 + last % 100 // 12, last % 100 % 12 + 1, 1)
    return date.fromordinal(after.toordinal() - 1)


def measure_of(run: Run, account: Account, unit_id: str) -> Measure | None:
    """The measure of a scenario that plans a unit."""
    if account.scenario not in run.scenarios:
        return None
    name = unit_id.removeprefix(f"planned/{account.scenario}/").rpartition("/")[0]
    every = run.scenarios[account.scenario].measures
    return next((each for each in every if each.name == name), None)


def price(measure: Measure | None, year: int) -> Decimal | None:
    """What a unit costs in a year by its scenario; between stated years in proportion."""
    stated = measure.price if measure else None
    if stated is None or isinstance(stated, Decimal):
        return stated
    value = interpolated(stated, year)
    return Decimal(value.numerator) / Decimal(value.denominator)


def _certificates(run: Run, account: Account, by_on: date) -> Iterator[Unit]:
    """Certificates that are planned or bought, less what the ledger has retired of their kind."""
    held = [each for each in booked(run, account.year) if isinstance(each, Instrument)]
    left: dict[tuple[str, str], Decimal] = {}
    for each in held if not account.is_actual else ():
        if each.retired_on or not _is_retired(run, each.kind):
            key = (each.kind, each.market)
            left[key] = left.get(key, ZERO) + each.energy_kwh.scaleb(-3)
    for cover in account.covers:
        each = cover.instrument
        if account.is_actual:
            if each.retired_on is None and cover.refused_mwh and not cover.used_mwh:
                takes = _takes_off(account, each.market, cover.refused_mwh)
                yield Unit(
                    *(account, _kind(each), RETIRE, cover.refused_mwh, "MWh", takes, by_on),
                    source=each.instrument_id,
                    note=f"bought and not retired: {each.instrument_id}",
                )
            continue
        key = (each.kind, each.market)
        retired = min(left.get(key, ZERO), cover.used_mwh)
        left[key] = left.get(key, ZERO) - retired
        lacks = cover.used_mwh - retired
        if lacks <= 0:
            continue
        measure = measure_of(run, account, each.instrument_id)
        note = f"{_n(retired)} MWh of {_n(cover.used_mwh)} retired already" if retired else ""
        yield Unit(
            *(account, _kind(each), _to_do(run, each), lacks, "MWh"),
            (cover.covered_t - cover.own_t) * lacks / cover.used_mwh,
            by_on,
            price(measure, account.year),
            measure.name if measure else each.instrument_id,
            note or _more_than_used(cover),
        )


def _is_retired(run: Run, kind: str) -> bool:
    """False of a kind that counts with nothing retired, as a direct line."""
    rules = run.settings.policy.scope2_rules
    found = [each for each in run.library.criteria if each.criterion == "retired"]
    return any(each.is_asked(rules, kind) for each in found)


def _to_do(run: Run, planned: Instrument) -> str:
    """A certificate is bought, a contract signed; either is retired, where its kind has to be."""
    if run.library.instruments[planned.kind].order == 1:
        return BUY
    return SIGN_RETIRE if _is_retired(run, planned.kind) else SIGN


def _more_than_used(cover: Cover) -> str:
    if not cover.refused_mwh:
        return ""
    return f"{_n(cover.refused_mwh)} MWh more are planned than can be used"


def _credits(run: Run, account: Account, by_on: date) -> Iterator[Unit]:
    """Credits that are planned or bought, less what the ledger has retired of their kind."""
    left: dict[tuple[str, str], Decimal] = {}
    for held in booked(run, account.year) if not account.is_actual else ():
        if isinstance(held, CreditState) and held.state == "retired":
            key = (held.credit.standard, held.credit.kind)
            left[key] = left.get(key, ZERO) + held.credit.mass_t
    for each in account.credits:
        if each.state != "planned":
            continue
        credit = each.credit
        what = f"{credit.standard}, {credit.kind}"
        key = (credit.standard, credit.kind)
        retired = min(left.get(key, ZERO), credit.mass_t)
        left[key] = left.get(key, ZERO) - retired
        lacks = credit.mass_t - retired
        if lacks <= 0:
            continue
        measure = None if account.is_actual else measure_of(run, account, credit.credit_id)
        yield Unit(
            *(account, what, RETIRE if account.is_actual else BUY, lacks, "t", lacks, by_on),
            price(measure, account.year),
            measure.name if measure else credit.credit_id,
            f"{_n(retired)} t of {_n(credit.mass_t)} retired already" if retired else "",
        )


def _unplanned(run: Run, account: Account, rest: Decimal, by_on: date) -> Sequence[Unit]:
    """How a rest that nobody plans to cover could be: certificates for electricity that is still
    uncovered, of the kinds the scenarios plan, and credits for the whole."""
    ways = [*_ways(run, account, rest, by_on)]
    known = [(market, each) for market, each in ways if each.rmb_per_t is not None]
    if len(known) < len(ways) or not ways:
        note = "one way or the other; not compared, since a price is missing"
        if not ways:
            bare = Unit(account, "credits or certificates", UNPLANNED, rest, "t", rest, by_on)
            return [replace(bare, note="no scenario plans any")]
        return [replace(each, note=each.note or note) for _, each in ways]
    taken: list[Unit] = []
    covered: set[str] = set()  # markets whose electricity the cheapest certificates cover
    for market, each in sorted(known, key=lambda way: way[1].rmb_per_t or ZERO):
        mass_t = min(rest, each.mass_t)
        if mass_t > 0 and market not in covered:
            covered |= {market} - {""}
            amount = each.amount * mass_t / each.mass_t
            taken.append(replace(each, amount=amount, mass_t=mass_t))
            rest -= mass_t
    return taken


def _ways(run: Run, account: Account, rest: Decimal, by_on: date) -> Iterator[tuple[str, Unit]]:
    """Each kind of unit that a scenario plans, at its lowest price, as far as it could go: with the
    market whose electricity it covers, '' of credits."""
    scenario = run.scenarios.get(account.scenario)
    seen: set[str] = set()
    markets: set[str] = set()  # a supplier, of no amounts, is told where nothing else is
    planned = [
        (price(each, account.year), each) for each in (scenario.measures if scenario else ())
    ]
    planned.sort(key=lambda each: (each[0] is None, not each[1].UNIT, each[0] or ZERO))
    for cost, measure in planned:
        if isinstance(measure, Power):
            what = f"{measure.instrument_kind} of {measure.market}"
            factor = measure.conveyed().get("factor_g_per_kwh", ZERO) / 1000  # t/MWh
            for each in account.uncovered:
                takes = each.emitted_t - each.energy_mwh * factor
                is_new = what not in seen and (measure.UNIT or each.market not in markets)
                if each.market == measure.market and takes > 0 and is_new:
                    seen.add(what)
                    markets.add(each.market)
                    mass_t = min(rest, takes)
                    amount = each.energy_mwh * mass_t / takes
                    way = (account, what, UNPLANNED, amount, "MWh", mass_t, by_on, cost)
                    yield measure.market, Unit(*way, source=measure.name)
        elif isinstance(measure, Credits):
            what = f"{measure.standard}, {measure.credit_kind}"
            if what not in seen:
                seen.add(what)
                way = (account, what, UNPLANNED, rest, "t", rest, by_on, cost)
                yield "", Unit(*way, source=measure.name)


def _takes_off(account: Account, market: str, energy_mwh: Decimal) -> Decimal:
    """What certificates would take off the market-based figure: at most all that is uncovered."""
    each = next((found for found in account.uncovered if found.market == market), None)
    if each is None:
        return ZERO
    return each.emitted_t * min(energy_mwh, each.energy_mwh) / each.energy_mwh


def _kind(each: Instrument) -> str:
    return f"{each.kind} of {each.market}"


def _n(value: Decimal) -> str:
    return f"{value.normalize():,f}"
