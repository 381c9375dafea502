"""What a site buys in a planned month, as far as the measures that are known by then leave it.

PV may be used on site up to that much, and a supplier supplies a share of what counts of it: less
what is passed on to others, and of a site that the boundary counts in part that part. It is the
import of the calculation, worked out ahead of it: recorded months times their multipliers, and what
measures add; of a bill that includes PV, without the PV that is used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from carbon.scenarios.amounts import divided, whole
from carbon.scenarios.loads import PURCHASED, Load, Place
from carbon.scenarios.model import Scenario
from carbon.scenarios.moves import Recorded
from carbon.scenarios.plan import Index, plan_index, plan_loads

Signs = Mapping[str, int]  # how activities count in a sum
BILLS: Signs = dict.fromkeys(PURCHASED, 1)
PV_USED: Signs = {"pv_generation": -1, "pv_export": 1, "storage_change": 1}  # of a bill with PV
WITH_PV: Signs = {**BILLS, **PV_USED}
PASSED_ON: Signs = {"supplied_to_others": 1}
Stays = Mapping[str, Sequence[tuple[int, int, Decimal]]]  # by site: first month, left, its share
Added = Mapping[Place, Mapping[tuple[int, str], Decimal]]
Changes = tuple[Mapping[tuple[int, str], Decimal], int]  # of one place, and their sign
Spot = tuple[str, tuple[str, ...]]  # a site, and the activities of a sum


@dataclass
class Bought:
    """The electricity sites buy. `added` may still grow; what is recorded is read once a site."""

    scenario: Scenario
    keys: Mapping[int, Sequence[str]]
    base_year: int
    months: Mapping[int, int]
    recorded: Callable[[], Recorded]
    added: Added
    stays: Stays = field(default_factory=dict)  # asked only for what counts
    index: Index = field(default_factory=dict)  # multipliers that are known of these months
    _carried: dict[Spot, dict[int, int]] = field(default_factory=dict)
    _places: dict[Spot, tuple[int, list[Changes]]] = field(default_factory=dict)

    def __call__(self, site: str, month: int) -> Fraction:
        """What a site buys in a month, below zero where measures take more than it does. [kWh]"""
        return self._sum(site, month, WITH_PV if site in self._with_pv else BILLS)

    def in_year(self, site: str, year: int) -> dict[int, Fraction]:
        """What counts of a site's purchase in the months of a reporting year. [kWh]"""
        return {
            month: max(self(site, month) - self._sum(site, month, PASSED_ON), Fraction(0))
            * self._share(site, month)
            for month, of in self.months.items()
            if of == year
        }

    def _share(self, site: str, month: int) -> Fraction:
        """The part of a site that the boundary counts in a month; outside its stays none."""
        stays = self.stays.get(site, ())
        return next(
            (Fraction(of) for first, left, of in stays if first <= month < left), Fraction()
        )

    def _sum(self, site: str, month: int, signs: Signs) -> Fraction:
        """The activities of a site in a month, recorded and added. [kWh]"""
        spot = (site, tuple(signs))
        if spot not in self._carried:
            self._carried[spot] = self._carry_on(site, signs)
        bought = self._carried[spot].get(month, 0)
        for at, sign in self._changes(spot, signs):
            if (quantity := at.get((month, "kWh"))) is not None:
                bought += sign * whole(quantity, 6)
        return Fraction(bought, 10**6)

    def _changes(self, spot: Spot, signs: Signs) -> list[Changes]:
        """What is added to a sum, as far as places are known by now."""
        count, found = self._places.get(spot, (0, []))
        if count != len(self.added):
            found = [
                (at, signs[place.activity])
                for place, at in self.added.items()
                if place.site == spot[0]
                and place.activity in signs
                and place[:3] not in self._parts
            ]
            self._places[spot] = (len(self.added), found)
        return found

    @cached_property
    def _with_pv(self) -> set[str]:
        """The sites whose bill includes their PV."""
        return {key[0] for key in self.keys.values() if key[2] == "electricity_including_pv"}

    @cached_property
    def _parts(self) -> set[tuple[str, ...]]:
        """The meters behind a bill, which holds what they read already, by what they measure."""
        loads = [Load(*key) for key in self.keys.values()]
        return {load[:3] for load in loads if load.activity in PURCHASED and not load.is_bill}

    def _carry_on(self, site: str, signs: Signs) -> dict[int, int]:
        """The recorded months of a site, as measures multiply them. [millionths of a kWh]"""
        loads = {key: Load(*each) for key, each in self.keys.items() if each[0] == site}
        used = {
            key: load
            for key, load in loads.items()
            if load.activity in signs and (load.is_bill or load.activity not in PURCHASED)
        }
        rows, measures = plan_loads(self.scenario, used)
        index = plan_index(self.scenario, measures, self.base_year, self.months, self.index)
        known = self.recorded()
        found: dict[int, int] = {}
        for _, key, number in rows:
            sign = signs[used[key].activity]
            energy = {
                month: whole(units["kWh"], 6)
                for month, units in known.get(key, {}).items()
                if "kWh" in units
            }
            for _, of, month, before, multiplier in index:
                if of == number and before in energy:
                    carried = divided(energy[before] * whole(multiplier, 12), 10**12)
                    found[month] = found.get(month, 0) + sign * carried
        return found
