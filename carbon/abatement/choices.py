"""What a plan can choose from, and what each choice costs, as its scenario states it.

Growth, what is built or verified and what is only claimed is fixed. A measure without any cost and
a purchase without a price are not weighed, for nothing is bought at a price nobody stated; they are
left out and named. A supplier's rate has no amounts: it is taken or not, like a measure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from carbon.errors import SettingsError
from carbon.scenarios import Measure, Scenario, interpolated


@dataclass(frozen=True)
class Choices:
    """The measures of a scenario by what a plan does with them."""

    scenario: Scenario
    years: range  # planned reporting years
    year_of: Mapping[int, int]  # month -> reporting year
    prices: Mapping[str, Decimal]  # purchase -> a price given beside the file
    fixed: tuple[Measure, ...]
    weighed: tuple[Measure, ...]
    bought: tuple[Measure, ...]
    unpriced: tuple[Measure, ...]

    def starts(self, measure: Measure) -> range:
        """The reporting years a measure may begin in, its stated start being the earliest; none
        where it stands instead of what is fixed."""
        for other in self.fixed:
            if other.name in measure.instead_of or measure.name in other.instead_of:
                return range(0)
        if measure.start is None:  # a path has its own years
            return range(self.years[0], self.years[0] + 1)
        return range(max(self.year_of[measure.start], self.years[0]), self.years[-1] + 1)

    def begun(self, measure: Measure, year: int) -> Measure:
        """A measure begun in a reporting year, in the month of the year its file states."""
        if measure.start is None:
            return measure
        return measure.begun_later(year - self.year_of[measure.start])

    def named(
        self,
        name: str,
        starts: Mapping[str, int],
        amounts: Mapping[str, Mapping[int, Decimal]] | None = None,
    ) -> Scenario:
        """The scenario with these measures and purchases alone, and what is fixed."""
        amounts = amounts or {}
        measures = []
        for each in self.scenario.measures:
            if each in self.fixed:
                measures.append(each)
            elif each.name in starts:
                measures.append(self.begun(each, starts[each.name]))
            elif each.name in amounts:
                measures.append(bought(each, amounts[each.name]))
        return replace(self.scenario, name=name, measures=tuple(measures))

    def price(self, measure: Measure, year: int) -> float:
        """What a unit of a purchase costs in a year. [RMB per MWh or t]"""
        stated = self.prices.get(measure.name) or measure.price
        assert stated is not None
        if isinstance(stated, Mapping):
            return float(interpolated(stated, year))
        return float(stated)

    def cash(self, measure: Measure) -> dict[int, float]:
        """What a measure costs by reporting year as it starts: capital when it begins, running
        costs by the months it is at work. [RMB]"""
        first = measure.start or next(m for m, y in self.year_of.items() if y == self.years[0])
        end = 999912 if measure.life_years is None else first + 100 * measure.life_years
        running = float(measure.opex_rmb_per_year or 0) / 12
        paid = dict.fromkeys(self.years, 0.0)
        for month, year in self.year_of.items():
            if year in paid and first <= month < end:
                paid[year] += running
        if self.year_of[first] in paid:
            paid[self.year_of[first]] += float(measure.capex_rmb or 0)
        return {year: value for year, value in paid.items() if value}


def bought(measure: Measure, amounts: Mapping[int, Decimal]) -> Measure:
    """A purchase of these amounts by year."""
    return measure.buying({year: units for year, units in amounts.items() if units > 0})


def is_fixed(measure: Measure) -> bool:
    """True for what is there whatever is chosen: growth, what is built, what is claimed."""
    return is_claim(measure) or measure.IS_GROWTH or measure.status in ("built", "verified")


def is_claim(measure: Measure) -> bool:
    """True for what is said beside the totals and changes none of them."""
    return bool(measure.claims_t)


def has_cost(measure: Measure) -> bool:
    return measure.capex_rmb is not None or measure.opex_rmb_per_year is not None


def choices(
    scenario: Scenario,
    base_year: int,
    year_of: Mapping[int, int],
    prices: Mapping[str, Decimal],
) -> Choices:
    """What can be chosen from a scenario. Raises SettingsError where nothing can be weighed."""
    open_ = [each for each in scenario.measures if not is_fixed(each)]
    weighed, purchases, unpriced = [], [], []
    for each in open_:
        if each.UNIT:
            priced = each.name in prices or each.price is not None
            (purchases if priced else unpriced).append(each)
        else:
            (weighed if has_cost(each) else unpriced).append(each)
    if not weighed and not purchases:
        raise SettingsError(
            "nothing-to-weigh",
            f"no measure of scenario {scenario.name} that is open states what it costs",
            where=scenario.file,
            looked_for="capex_rmb or opex_rmb_per_year; price_rmb_per_mwh or price_rmb_per_t of: "
            + (", ".join(each.name for each in open_) or "no measure is open"),
            remedy="state costs in the file with their source, or --price 'NAME=RMB' of a purchase",
        )
    return Choices(
        scenario,
        range(base_year + 1, scenario.horizon + 1),
        year_of,
        prices,
        tuple(each for each in scenario.measures if is_fixed(each)),
        tuple(weighed),
        tuple(purchases),
        tuple(unpriced),
    )
