"""What choices do, by the engine's own projection of each.

A scenario goes in, its accounts by year come out: the three lines for each boundary a target
names, Scope 1, and the electricity that certificates could still cover.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from carbon import outlook
from carbon.base_year import Comparison
from carbon.errors import BelowZero
from carbon.inventory import YearTotal, year_totals
from carbon.run import TOGETHER, Run, supposing
from carbon.scenarios import Scenario
from carbon.settings import Target
from carbon.tables import tonnes
from carbon.targets import YearFigure

Masses = dict[str, dict[int, float]]
Figures = dict[str, list[YearFigure]]  # by target


def account(line: str, sites: Sequence[str] = ()) -> str:
    return f"{line} of {', '.join(sites)}" if sites else line


def power(market: str, site: str = "") -> str:
    """The account of electricity that certificates of a market cover, against what they could."""
    return f"certified in {market}{' at ' + site if site else ''}"


def passes(run: Run, wanted: Sequence[Scenario]) -> Iterator[tuple[Run, list[str]]]:
    """Scenarios computed a few at a time; each pass replaces the relations of the one before."""
    for n in range(0, len(wanted), TOGETHER):
        part = wanted[n : n + TOGETHER]
        yield supposing(run, part), [each.name for each in part]


def lines(total: YearTotal | None) -> dict[str, Decimal]:
    """The lines of a year before credits, exact. [t CO2e]"""
    total = total or YearTotal("", 0)
    return {
        "location": tonnes(total.gross_location_g),
        "market": tonnes(total.gross_market_g),
        "scope 1": tonnes(total.scope1_g),
    }


@dataclass(frozen=True)
class Accounts:
    """What is counted of every projection."""

    years: range
    boundaries: tuple[tuple[str, ...], ...]  # sites of the targets; () for all
    powers: tuple[tuple[str, str], ...] = ()  # market and site of certificates
    targets: tuple[Target, ...] = ()
    alike: Comparison | None = None  # the recorded years recalculated for structure

    def of(self, run: Run, name: str) -> Masses:
        """The accounts of one computed scenario; none of its planned credits counts. [t, MWh]"""
        return self._each(run, [name])[name]

    def _each(self, run: Run, names: Sequence[str]) -> dict[str, Masses]:
        found: dict[str, Masses] = {name: {} for name in names}
        for sites in self.boundaries:
            totals = year_totals(run, sites)
            for name in names:
                for year in self.years:
                    known = lines(totals.get((name, year)))
                    for line, value in (known | {"net": known["market"]}).items():
                        found[name].setdefault(account(line, sites), {})[year] = float(value)
        left = _left(run)
        for market, site in self.powers:
            for name in names:
                found[name][power(market, site)] = {
                    year: -sum(
                        kwh
                        for (scenario, at, of, where), kwh in left.items()
                        if (scenario, at, of) == (name, year, market) and site in ("", where)
                    )
                    / 1000
                    for year in self.years
                }
        return found

    def projected(self, run: Run, wanted: Sequence[Scenario]) -> dict[str, Masses]:
        """The accounts of many scenarios, a few computed at a time; without those that take more
        electricity off a site than it buys, which cannot be."""
        found: dict[str, Masses] = {}
        for n in range(0, len(wanted), TOGETHER):
            found |= self._possible(run, wanted[n : n + TOGETHER])
        return found

    def _possible(self, run: Run, wanted: Sequence[Scenario]) -> dict[str, Masses]:
        try:
            return self._each(supposing(run, wanted), [each.name for each in wanted])
        except BelowZero as fault:
            others = [each for each in wanted if each.name not in fault.scenarios]
        return self._possible(run, others) if others else {}

    def in_truth(self, run: Run, name: str, today: date) -> tuple[Masses, Figures]:
        """The accounts of a computed scenario after its credits, and the figures to judge it by."""
        masses, known = self.of(run, name), {}
        for sites, line, per in [
            *((sites, "location", "") for sites in self.boundaries),
            *((tuple(each.sites), each.judged_on, each.per) for each in self.targets),
        ]:
            if (sites, line, per) not in known:
                found = outlook.year_figures(run, name, sites, line, per, self.alike)
                known[sites, line, per] = found
        for sites in self.boundaries:
            masses[account("net", sites)] = {
                figure.year: float(figure.net_t(today))
                for figure in known[sites, "location", ""]
                if figure.kind == "projected" and figure.year in self.years
            }
        return masses, {
            each.name: known[tuple(each.sites), each.judged_on, each.per] for each in self.targets
        }


def _left(run: Run) -> dict[tuple[str, int, str, str], float]:
    """Electricity no instrument covers, by scenario, year, market and site. [kWh]"""
    rows = run.rows(
        "select c.scenario, c.reporting_year, c.market, c.site,"
        " sum(c.energy_kwh) - coalesce(any_value(u.used_kwh), 0)"
        " from coverable_month as c left join (select scenario, reporting_year, site,"
        " sum(used_kwh) as used_kwh from instrument_use group by 1, 2, 3) as u"
        " on u.scenario = c.scenario and u.reporting_year = c.reporting_year and u.site = c.site"
        " group by 1, 2, 3, 4"
    )
    return {(name, year, market, site): float(kwh) for name, year, market, site, kwh in rows}


def less(without: Mapping[str, Mapping[int, float]], with_: Masses) -> Masses:
    """What a choice takes off each account."""
    return {
        name: {year: value - with_[name][year] for year, value in by_year.items()}
        for name, by_year in without.items()
    }


def gross(masses: Masses, counted: Accounts) -> Masses:
    """Accounts before credits: a measure takes off after credits what it takes off before."""
    found = dict(masses)
    for sites in counted.boundaries:
        found[account("net", sites)] = masses[account("market", sites)]
    return found


def total(effect: Mapping[str, Mapping[int, float]], name: str) -> float:
    return sum(effect.get(name, {}).values())


def boundaries(sites: Iterable[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(dict.fromkeys([(), *(tuple(each) for each in sites)]))
