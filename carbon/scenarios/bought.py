"""What a site buys in a planned month, as far as the measures that are known by then leave it.

PV may be used on site up to that much, and a supplier supplies a share of it. It is the import of
the calculation, worked out ahead of it: recorded months times their multipliers, and what measures
add; of a bill that includes PV, without the PV that is used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from carbon.scenarios.amounts import rounded
from carbon.scenarios.loads import PURCHASED, Load, Place
from carbon.scenarios.model import Scenario
from carbon.scenarios.moves import Recorded
from carbon.scenarios.plan import plan_index, plan_loads

PV_USE = {"pv_generation": 1, "pv_export": -1, "storage_change": -1}  # of a bill that includes it
Added = Mapping[Place, Mapping[tuple[int, str], Decimal]]


@dataclass
class Bought:
    """The electricity sites buy. `added` may still grow; what is recorded is read once a site."""

    scenario: Scenario
    keys: Mapping[int, Sequence[str]]
    base_year: int
    months: Mapping[int, int]
    recorded: Callable[[], Recorded]
    added: Added
    _carried: dict[str, dict[int, Fraction]] = field(default_factory=dict)

    def __call__(self, site: str, month: int) -> Fraction:
        """What a site buys in a month, below zero where measures take more than it does. [kWh]"""
        if site not in self._carried:
            self._carried[site] = self._carry_on(site)
        more = sum(
            (
                quantity * sign
                for place, at in self.added.items()
                if place.site == site and (sign := self._sign(place.site, place.activity))
                for (of, _), quantity in at.items()
                if of == month
            ),
            Decimal(0),
        )
        return self._carried[site].get(month, Fraction(0)) + Fraction(more)

    def in_year(self, site: str, year: int) -> dict[int, Fraction]:
        """What a site buys in the months of a reporting year. [kWh]"""
        return {
            month: max(self(site, month), Fraction(0))
            for month, of in self.months.items()
            if of == year
        }

    def _sign(self, site: str, activity: str) -> int:
        """How an activity counts in what is bought."""
        if activity in PURCHASED:
            return 1
        return -PV_USE.get(activity, 0) if self._includes_pv(site) else 0

    def _includes_pv(self, site: str) -> bool:
        return any(
            key[0] == site and key[2] == "electricity_including_pv" for key in self.keys.values()
        )

    def _carry_on(self, site: str) -> dict[int, Fraction]:
        """The recorded months of a site, as measures multiply them."""
        signs = {}
        for key, each in self.keys.items():
            load = Load(*each)
            sign = self._sign(site, load.activity) if load.site == site else 0
            if sign and (load.is_bill or load.activity not in PURCHASED):
                signs[key] = sign
        rows, measures = plan_loads(self.scenario, {key: self.keys[key] for key in signs})
        index = plan_index(self.scenario, measures, self.base_year, self.months)
        known = self.recorded()
        found: dict[int, Fraction] = {}
        for _, key, number in rows:
            for _, of, month, before, multiplier in index:
                if of == number:
                    quantity = known.get(key, {}).get(before, {}).get("kWh", Decimal(0))
                    energy = rounded(Fraction(quantity) * Fraction(multiplier), 6)
                    found[month] = found.get(month, Fraction(0)) + signs[key] * Fraction(energy)
        return found
