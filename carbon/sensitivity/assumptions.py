"""What a scenario assumes, how far each of it may be off, and the scenario with another value.

An assumption is one number: a rate, a share of what was promised or planned, months of delay. Its
range is half of a 95 % range to either side, from `[policy.spread]` where the scenario's file
states none. `with_values` gives the scenario as it would be written with other values, so that the
engine says what they do; nothing of a measure is worked out here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from carbon.scenarios import Grid, Measure, Scenario, rounded
from carbon.settings.policy import Spread

Change = Callable[[Scenario, Decimal], Scenario]
Unit = Literal["rate", "share", "months"]
PROMISING = ("efficiency", "pue", "pv", "saving", "heat")
BOUGHT = {"certificates": "energy_mwh", "credits": "mass_t"}
PROMISED = "what it promises"
ONE, ZERO = Decimal(1), Decimal(0)
FARTHEST = {"rate": Decimal("0.3"), "share": Decimal(4)}  # beyond the plan, where a value is sought
LATEST = 36  # months of delay among which one is sought
PLACES = 9


@dataclass(frozen=True)
class Assumption:
    """One number a scenario rests on.

    unit : rate (a year), share (of what is planned or promised), months (of delay).
    least, most : the values that mean something.
    amounts : of a purchase, what is planned by year. [MWh or t]
    """

    name: str
    unit: Unit
    low: Decimal
    planned: Decimal
    high: Decimal
    least: Decimal
    most: Decimal
    change: Change
    source: str
    of: str = "plan"  # what a share is a share of
    amounts: Mapping[int, Decimal] | None = None
    amount_unit: str = ""

    @property
    def is_late(self) -> bool:
        return self.unit == "months"

    @property
    def probes(self) -> tuple[Decimal, Decimal]:
        """The two values beside the planned one at which the engine is asked; of a delay, half and
        all of it, since nothing comes early."""
        if self.is_late:
            return self.whole(self.high / 2), self.high
        return self.low, self.high

    def whole(self, value: Decimal) -> Decimal:
        """A value the scenario can have: within its bounds, a delay in whole months."""
        value = min(max(value, self.least), self.most)
        return value.quantize(ONE) if self.is_late else round(value, PLACES)

    def number(self, value: Decimal, year: int = 0) -> Decimal:
        """A value as it is told, in `unit_in`: of a purchase its amount in a year."""
        if self.is_late:
            return value
        if self._has_amount(year):
            return self.amounts[year] * value
        return value * 100

    def unit_in(self, year: int = 0) -> str:
        if self.is_late:
            return "months late"
        if self._has_amount(year):
            return f"{self.amount_unit} in {year}"
        return "% a year" if self.unit == "rate" else f"% of {self.of}"

    def short_unit(self, year: int = 0) -> str:
        """The unit beside the name, which says already what a share is of."""
        is_share = self.unit == "share" and not self._has_amount(year)
        return "%" if is_share else self.unit_in(year)

    def _has_amount(self, year: int) -> bool:
        return self.amounts is not None and year in self.amounts


def assumptions(
    scenario: Scenario,
    base_year: int,
    spread: Spread,
    held: Sequence[str] = (),
    rest: Sequence[str] = (),
) -> list[Assumption]:
    """What a scenario assumes, in the order it states it.

    base_year : the last actual year; what began by then is no assumption.
    held : regions whose grid factor is held where it is.
    rest : purchases that cover the rest, whose amount follows from all others.
    """
    found: list[Assumption] = []
    for each in scenario.measures:
        if each.kind == "growth":
            found.append(_growth(each, spread))
        elif each.kind in PROMISING:
            found += _promised(each, base_year, spread)
        elif each.kind in BOUGHT and each.name not in rest:
            found += _bought(each, base_year, scenario, spread)
    found += [_grid(number, each, spread) for number, each in enumerate(scenario.grids)]
    if held:
        found.append(_held(held, spread))
    return found


def with_values(
    scenario: Scenario, values: Mapping[str, Decimal], known: Sequence[Assumption], name: str
) -> Scenario:
    """The scenario under another name, with other values of some assumptions."""
    for each in known:
        if each.name in values and values[each.name] != each.planned:
            scenario = each.change(scenario, values[each.name])
    return replace(scenario, name=name)


def off(share: Decimal) -> str:
    """Where a range comes from."""
    return f"assumption: ±{(share * 100).normalize():f} % [policy.spread]"


def _around(
    name: str,
    unit: Unit,
    planned: Decimal,
    reach: Decimal,
    change: Change,
    least: Decimal,
    at_most: Decimal | None = None,
    **more: Any,
) -> Assumption:
    low, most = max(planned - reach, least), planned + FARTHEST[unit]
    if unit == "rate":
        least = max(least, planned - FARTHEST[unit])
    if at_most is not None:
        most = max(min(most, at_most), planned)
    high = min(planned + reach, most)
    return Assumption(name, unit, low, planned, high, least, most, change, **more)


def _changed(name: str, update: Callable[[Measure, Decimal], dict]) -> Change:
    """A change of one measure."""

    def change(scenario: Scenario, value: Decimal) -> Scenario:
        measures = tuple(
            each.model_copy(update=update(each, value)) if each.name == name else each
            for each in scenario.measures
        )
        return replace(scenario, measures=measures)

    return change


def _growth(measure: Measure, spread: Spread) -> Assumption:
    if measure.rate is not None:
        change = _changed(measure.name, lambda _, value: {"rate": value})
        return _around(
            f"{measure.name}: rate",
            "rate",
            measure.rate,
            spread.growth,
            change,
            Decimal("-0.9"),
            source=off(spread.growth),
        )
    change = _changed(measure.name, lambda each, value: {"path": _times(each.path, value)})
    return _around(
        f"{measure.name}: path",
        "share",
        ONE,
        spread.growth_path,
        change,
        Decimal("0.01"),
        source=off(spread.growth_path),
        of="its path",
    )


def _times(path: Mapping[int, Decimal], value: Decimal) -> dict[int, Decimal]:
    return {year: round(each * value, 12) for year, each in path.items()}


def _promised(measure: Measure, base_year: int, spread: Spread) -> list[Assumption]:
    """How much of a measure's effect comes, and how late; of a verified one, neither."""
    if measure.status == "verified":
        return []
    found = []
    if spread.delivery:
        found.append(
            _around(
                f"{measure.name}: delivery",
                "share",
                ONE,
                spread.delivery,
                _changed(measure.name, _delivered),
                ZERO,
                _most_of(measure),
                source=off(spread.delivery),
                of=PROMISED,
            )
        )
    is_begun = measure.status == "built" or measure.start is None
    if spread.late_months and not is_begun and measure.start // 100 > base_year:
        found.append(
            _late(
                measure.name,
                spread,
                _changed(measure.name, lambda each, by: {"start": _later(each.start, int(by))}),
            )
        )
    return found


def _late(name: str, spread: Spread, change: Change) -> Assumption:
    return Assumption(
        f"{name}: start",
        "months",
        ZERO,
        ZERO,
        Decimal(spread.late_months),
        ZERO,
        Decimal(max(LATEST, spread.late_months)),
        change,
        f"assumption: up to {spread.late_months} months late [policy.spread]",
    )


def _later(month: int, by: int) -> int:
    index = month // 100 * 12 + month % 100 - 1 + by
    return index // 12 * 100 + index % 12 + 1


def _most_of(measure: Measure) -> Decimal:
    """How often what a measure promises may come at most: nothing uses less than nothing."""
    if measure.kind == "efficiency":
        return round(ONE / _saved(measure), PLACES)
    if measure.kind == "pue":
        ends = min(measure.path.values()) if measure.path else measure.to
        return (
            round((measure.from_ - 1) / (measure.from_ - ends), PLACES)
            if ends < measure.from_
            else ONE
        )
    return ONE + FARTHEST["share"]


def _saved(measure: Measure) -> Decimal:
    """What an efficiency takes off its load at full effect, as a share of it."""
    if measure.cut is not None:
        return measure.cut
    return rounded(1 - 1 / (1 + Fraction(measure.gain)), 12)


def _delivered(measure: Measure, share: Decimal) -> dict:
    """The numbers of a measure that does this share of what it promises."""
    if measure.kind == "pv":
        return {"specific_yield_kwh_per_kw": measure.specific_yield_kwh_per_kw * share}
    if measure.kind in ("saving", "heat"):
        number, _, unit = getattr(measure, measure.kind).strip().partition(" ")
        amount = Decimal(number.replace(",", "")) * share
        return {measure.kind: f"{amount:f} {unit}"}
    if measure.kind == "pue":
        was = measure.from_
        if measure.path:
            return {"path": {year: was + (to - was) * share for year, to in measure.path.items()}}
        return {"to": was + (measure.to - was) * share}
    return {"gain": None, "cut": round(_saved(measure) * share, 12)}


def _bought(
    measure: Measure, base_year: int, scenario: Scenario, spread: Spread
) -> list[Assumption]:
    """How much is bought of a purchase, and how late certificates come."""
    field = BOUGHT[measure.kind]
    stated = {
        year: each
        for year, each in getattr(measure, field).items()
        if base_year < year <= scenario.horizon
    }
    if not stated:
        return []

    def scaled(each: Measure, value: Decimal) -> dict:
        return {field: {y: v for y, v in _times(getattr(each, field), value).items() if v > 0}}

    found = [
        _around(
            f"{measure.name}: amount",
            "share",
            ONE,
            spread.bought,
            _changed(measure.name, scaled),
            ZERO,
            source=off(spread.bought),
            amounts=stated,
            amount_unit="MWh" if measure.kind == "certificates" else "t",
        )
    ]
    if measure.kind == "certificates" and spread.late_months:
        last = scenario.horizon
        later = _changed(
            measure.name, lambda each, by: {"energy_mwh": _shifted(each.energy_mwh, by, last)}
        )
        found.append(_late(measure.name, spread, later))
    return found


def _shifted(path: Mapping[int, Decimal], months: Decimal, last: int) -> dict[int, Decimal]:
    """Amounts by year that come some months late, each month of a year a twelfth of it."""
    years, part = divmod(int(months), 12)
    share = Decimal(part) / 12
    found = {}
    for year in range(min(path), last + 1):
        amount = path.get(year - years, ZERO) * (1 - share)
        amount += path.get(year - years - 1, ZERO) * share
        if amount > 0:
            found[year] = round(amount, 6)
    return found


def fixed_rest(measure: Measure, amounts: Mapping[int, Decimal]) -> Measure:
    """A purchase of the rest, fixed at what it came to."""
    changed = measure.model_copy(update={"mass_t": dict(amounts), "years": ()})
    changed.__pydantic_fields_set__.discard("years")
    return changed


def of_rest(measure: Measure, amounts: Mapping[int, Decimal]) -> Assumption:
    """The amount of credits that cover the rest: what is needed of them, not what is uncertain."""
    change = _changed(measure.name, lambda each, value: {"mass_t": _times(amounts, value)})
    return Assumption(
        f"{measure.name}: amount",
        "share",
        ONE,
        ONE,
        ONE,
        ZERO,
        ONE + FARTHEST["share"],
        change,
        "the rest of the plan",
        amounts=amounts,
        amount_unit="t",
    )


def _grid(number: int, grid: Grid, spread: Spread) -> Assumption:
    how = "" if len(grid.accounting) > 1 else f", {grid.accounting[0]}-based"
    is_rate = grid.annual_change is not None

    def change(scenario: Scenario, value: Decimal) -> Scenario:
        told = {"annual_change": value}
        if not is_rate:
            told = {"g_per_kwh": _times(grid.g_per_kwh, value)}
        grids = list(scenario.grids)
        grids[number] = grid.model_copy(update=told)
        return replace(scenario, grids=tuple(grids))

    if is_rate:
        return _around(
            f"grid {grid.region}{how}: change",
            "rate",
            grid.annual_change,
            spread.grid_change,
            change,
            Decimal("-0.9"),
            source=off(spread.grid_change),
        )
    return _around(
        f"grid {grid.region}{how}: path",
        "share",
        ONE,
        spread.grid_path,
        change,
        ZERO,
        source=off(spread.grid_path),
        of="its path",
    )


def _held(regions: Sequence[str], spread: Spread) -> Assumption:
    def change(scenario: Scenario, value: Decimal) -> Scenario:
        said = "assumption: a change where none is stated"
        more = [Grid(region=each, annual_change=value, source=said) for each in regions]
        return replace(scenario, grids=(*scenario.grids, *more))

    return _around(
        f"grid {', '.join(regions)}, held: change",
        "rate",
        ZERO,
        spread.grid_change,
        change,
        Decimal("-0.9"),
        source=off(spread.grid_change),
    )
