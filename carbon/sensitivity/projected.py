"""What becomes of the years ahead under many scenarios, by the engine, a few at a time.

A scenario goes in; its totals by year come out for each boundary a target names, its credits and
certificates, and where asked its parts: what each key of the ledger emits on each line, and the
electricity of it that certificates could cover.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from carbon.errors import BelowZero
from carbon.inventory import year_totals
from carbon.records import Credit
from carbon.run import TOGETHER, Run, supposing
from carbon.scenarios import Scenario
from carbon.tables import tonnes
from carbon.targets import YearFigure

Sites = tuple[str, ...]  # of a target, () for all


class Part(NamedTuple):
    """What one key of the ledger adds to an account.

    account : scope1, location, market; `coverable`: of market what no certificate covers and one
        could; `energy`: all electricity that one could. [t CO2e], of energy [MWh]
    market : of coverable electricity, where certificates have to come from.
    """

    account: str
    site: str
    meter: str
    activity: str
    detail: str
    gas: str
    market: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        return (self.site, self.meter, self.activity, self.detail)


Parts = dict[Part, dict[int, float]]  # by year


@dataclass(frozen=True)
class Projection:
    """What the engine says of a scenario. totals : location- and market-based. [t CO2e]"""

    totals: Mapping[Sites, Mapping[int, tuple[Decimal, Decimal]]]
    credits: tuple[Credit, ...]
    certificates: Mapping[tuple[str, str, int], float]  # by market, site and year [MWh]
    parts: Parts = field(default_factory=dict)

    def figures(self, planned: Sequence[YearFigure], sites: Sites) -> list[YearFigure]:
        """The figures of a target with the years ahead as they are here."""
        credits = () if sites else self.credits
        return [
            each
            if each.kind == "actual"
            else replace(
                each,
                **dict(zip(("location_t", "market_t"), self.of(sites, each.year), strict=True)),
                credits=credits,
            )
            for each in planned
        ]

    def of(self, sites: Sites, year: int) -> tuple[Decimal, Decimal]:
        """Location- and market-based in a year ahead; where nothing is left to count, nothing."""
        return self.totals[sites].get(year, (Decimal(0), Decimal(0)))

    def credits_t(self, year: int, today: date) -> Decimal:
        """What the credits of a projected year take off. [t CO2e]"""
        figure = YearFigure(year, "projected", Decimal(0), Decimal(0), self.credits)
        return -figure.net_t(today)


@dataclass
class Engine:
    """The run that projects, and what is read of every projection."""

    run: Run
    boundaries: tuple[Sites, ...]
    asked: int = 0  # scenarios projected so far

    def project(
        self, wanted: Sequence[Scenario], is_whole: bool = False
    ) -> list[Projection | None]:
        """One projection a scenario, in their order; None for one that takes more electricity off
        a site than it buys.

        is_whole : with its parts.
        """
        found: list[Projection | None] = []
        for n in range(0, len(wanted), TOGETHER):
            found += self._together(wanted[n : n + TOGETHER], is_whole)
        return found

    def _together(self, wanted: Sequence[Scenario], is_whole: bool) -> list[Projection | None]:
        named = [replace(each, name=f"tried {n}") for n, each in enumerate(wanted)]
        try:
            run = supposing(self.run, named)
        except BelowZero as fault:
            others = [
                each
                for each, known in zip(wanted, named, strict=True)
                if known.name not in fault.scenarios
            ]
            found = iter(self._together(others, is_whole) if others else ())
            return [None if each.name in fault.scenarios else next(found) for each in named]
        self.asked += len(wanted)
        totals = {sites: year_totals(run, sites) for sites in self.boundaries}
        parts = _parts(run) if is_whole else {}
        return [
            Projection(
                {
                    sites: {
                        year: (tonnes(total.gross_location_g), tonnes(total.gross_market_g))
                        for (name, year), total in totals[sites].items()
                        if name == each.name
                    }
                    for sites in self.boundaries
                },
                tuple(run.credits[each.name]),
                dict(_certificates(run, each.name)),
                parts.get(each.name, {}),
            )
            for each in named
        ]


def _certificates(run: Run, name: str) -> Iterator[tuple[tuple[str, str, int], float]]:
    found: dict[tuple[str, str, int], Decimal] = {}
    for each in run.instruments[name]:
        spot = (each.market, each.site, each.claim_year)
        found[spot] = found.get(spot, Decimal(0)) + each.energy_kwh / 1000
    return ((spot, float(energy)) for spot, energy in found.items())


def _parts(run: Run) -> dict[str, Parts]:
    """The parts of every scenario of a run, its certificates taken as they are."""
    found: dict[str, Parts] = {}
    coverable = {}
    for name, year, market, *key, energy in run.rows(
        "select scenario, reporting_year, market, site, meter, activity,"
        " cast(sum(energy_kwh) as double) / 1e3 from coverable_month where scenario <> 'actual'"
        " group by all order by all"
    ):
        coverable[tuple(key)] = market
        part = Part("energy", *key, "", "", market)
        found.setdefault(name, {}).setdefault(part, {})[year] = energy
    for name, year, line, accounting, *key, is_power, gas, mass in run.rows(
        "select scenario, reporting_year, line, accounting, site, meter, activity, detail,"
        " topic = 'electricity' as is_power, gas, cast(sum(co2e_g) as double) / 1e6"
        " from emission where scenario <> 'actual' and line in ('scope1', 'scope2')"
        " and co2e_g <> 0 group by all order by all"
    ):
        account, market = line if line == "scope1" else accounting, ""  # of an instrument: market
        if account == "market" and is_power and tuple(key[:3]) in coverable:
            account, market = "coverable", coverable[tuple(key[:3])]
        part = Part(account, *key, gas, market)
        by_year = found.setdefault(name, {}).setdefault(part, {})
        by_year[year] = by_year.get(year, 0.0) + mass
    return found
