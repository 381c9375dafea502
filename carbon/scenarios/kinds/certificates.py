"""Certificates of electricity, which move the market-based line alone."""

from __future__ import annotations

from typing import ClassVar, Literal

from carbon.scenarios.fields import said
from carbon.scenarios.kinds.power import PowerByYear

CONTRACTS = {"PPA": "ppa", "direct_wire": "ppa", "supplier_rate": "supplier"}
CONTRACTS["green_tariff"] = "supplier"


class Certificates(PowerByYear):
    """Certificates of electricity lower the market-based figure, and the location-based one does
    not move. They are bought and not yet retired, and cover electricity of their market."""

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

    def check(self) -> None:
        kind = CONTRACTS.get(self.instrument)
        if kind:
            raise ValueError(
                f"{self.who}: {self.instrument} is a contract with a factor of its own; "
                f"plan it by a measure of kind {kind}"
            )

    @property
    def instrument_kind(self) -> str:
        return self.instrument
