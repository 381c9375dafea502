"""Power bought by an instrument, certificate or contract: it moves the market-based line alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar, Self

from carbon.records import Instrument
from carbon.scenarios.amounts import rounded
from carbon.scenarios.fields import Path, Price, number, said
from carbon.scenarios.kinds.base import Bought, Measure
from carbon.scenarios.loads import Imports, Load, nothing_bought


class Power(Measure):
    """An instrument for electricity of a market."""

    BUYS: ClassVar[Bought] = "power"

    market: str = said("The market it is valid in.", ...)

    @property
    def instrument_kind(self) -> str:
        """The kind of its instruments."""
        raise NotImplementedError

    def conveyed(self) -> Mapping[str, Any]:
        """What its instruments say of their own factor and attributes."""
        return {}

    def instrument_for(self, scenario: str, year: int, energy_kwh: Decimal) -> Instrument:
        """The instrument of a planned year."""
        return Instrument(
            instrument_id=f"planned/{scenario}/{self.name}/{year}",
            kind=self.instrument_kind,
            market=self.market,
            energy_kwh=energy_kwh,
            vintage_year=year,
            claim_year=year,
            site=self.site[0] if self.site else "",
            note=self.noted(),
            **self.conveyed(),
        )


class PowerByYear(Power):
    """An instrument of stated amounts by year, at a price a unit."""

    WITHOUT: ClassVar = frozenset(
        {"start", "ramp_months", "life_years", "needs", "instead_of", "verified"}
    )
    UNIT: ClassVar[str] = "MWh"
    STEP: ClassVar[Decimal] = Decimal("0.001")

    energy_mwh: Path = number("By year: what is bought. [MWh]", ...)
    price_rmb_per_mwh: Price | None = number("What a unit costs. [RMB/MWh]")

    @property
    def amounts(self) -> Mapping[int, Decimal]:
        return self.energy_mwh

    @property
    def price(self) -> Decimal | Mapping[int, Decimal] | None:
        return self.price_rmb_per_mwh

    def buying(self, amounts: Mapping[int, Decimal]) -> Self:
        return self.model_copy(update={"energy_mwh": dict(amounts)})

    def priced(self, price: Decimal, source: str) -> Self:
        key = "price_rmb_per_mwh"
        return self.model_copy(update={key: price, "source": {**self.source, key: source}})

    def instruments(
        self, scenario: str, years: range, imports: Imports = nothing_bought
    ) -> list[Instrument]:
        return [
            self.instrument_for(scenario, year, rounded(Fraction(energy) * 1000, 6))
            for year, energy in self.delivered_amounts(years)
        ]

    def touched(self, loads: Sequence[Load]) -> None:
        return None
