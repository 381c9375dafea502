"""Certificates of electricity, which move the market-based line alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Literal

from carbon.records import Instrument
from carbon.scenarios.amounts import rounded
from carbon.scenarios.fields import Path, Price, number, said
from carbon.scenarios.kinds.base import Measure
from carbon.scenarios.loads import Imports, Load, nothing_bought

CONTRACTS = {"PPA": "ppa", "direct_wire": "ppa", "supplier_rate": "supplier"}
CONTRACTS["green_tariff"] = "supplier"


class Certificates(Measure):
    """Certificates of electricity lower the market-based figure, and the location-based one does
    not move. They are bought and not yet retired, and cover electricity of their market."""

    WITHOUT: ClassVar = frozenset(
        {"start", "ramp_months", "life_years", "needs", "instead_of", "verified"}
    )
    UNIT: ClassVar[str] = "MWh"
    STEP: ClassVar[Decimal] = Decimal("0.001")

    EXAMPLE: ClassVar[str] = """\
instrument = "GEC"
market = "CN"
energy_mwh = { 2024 = 4500 }
price_rmb_per_mwh = { 2024 = 6, 2030 = 40 }
"""
    WORKED: ClassVar[str] = (
        "4,500 MWh of certificates at a factor of 0 and a market-based 0.5703 t/MWh take "
        "2,566 t off the market-based figure of 2024, and nothing off the location-based one."
    )

    kind: Literal["certificates"] = said("Its kind.", ...)
    instrument: str = said("A kind of instruments, as `GEC`.", ...)
    market: str = said("The market they are valid in.", ...)
    energy_mwh: Path = number("By year: what is bought. [MWh]", ...)
    price_rmb_per_mwh: Price | None = number("What a unit costs. [RMB/MWh]")

    def check(self) -> None:
        kind = CONTRACTS.get(self.instrument)
        if kind:
            raise ValueError(
                f"{self.who}: {self.instrument} is a contract with a factor of its own; "
                f"plan it by a measure of kind {kind}"
            )

    @property
    def amounts(self) -> Mapping[int, Decimal]:
        return self.energy_mwh

    @property
    def price(self) -> Decimal | Mapping[int, Decimal] | None:
        return self.price_rmb_per_mwh

    def buying(self, amounts: Mapping[int, Decimal]) -> Certificates:
        return self.model_copy(update={"energy_mwh": dict(amounts)})

    def priced(self, price: Decimal, source: str) -> Certificates:
        key = "price_rmb_per_mwh"
        return self.model_copy(update={key: price, "source": {**self.source, key: source}})

    def instruments(
        self, scenario: str, years: range, imports: Imports = nothing_bought
    ) -> list[Instrument]:
        return [
            Instrument(
                instrument_id=f"planned/{scenario}/{self.name}/{year}",
                kind=self.instrument,
                market=self.market,
                energy_kwh=rounded(Fraction(energy) * 1000, 6),
                vintage_year=year,
                claim_year=year,
                site=self.site[0] if self.site else "",
                note=self.noted(),
            )
            for year, energy in self.delivered_amounts(years)
        ]

    def touched(self, loads: Sequence[Load]) -> None:
        return None
