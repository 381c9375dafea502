"""What a scenario assumes, how far each of it may be off, and the scenario with another value.

An assumption is one number: a rate, a share of what is stated or bought, months of delay, or any
other number whose `spread` its file states. Where it states none, the range is that of
`[policy.spread]`. `with_values` gives the scenario as it would be written with other values, so
that the engine says what they do; nothing of a measure is worked out here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from carbon.errors import SettingsError
from carbon.scenarios import Grid, Measure, Scenario, changed, numbers, spread
from carbon.scenarios.supposed import DELIVERY, Supposed
from carbon.settings.policy import Spread

Change = Callable[[Scenario, Decimal], Scenario]
Unit = Literal["rate", "share", "months", "number"]
RATES = ("rate", "annual_change")
ONE, ZERO = Decimal(1), Decimal(0)
FARTHEST = {"rate": Decimal("0.3"), "share": Decimal(1)}  # from the plan, where a value is sought
MOST_BOUGHT = Decimal(5)  # times the plan
LATEST = 36  # months of delay among which one is sought
PLACES = 9
HALVINGS = 12  # on the way to the farthest value that a number can have
FROM_FILE = "the spread of its file"


@dataclass(frozen=True)
class Assumption:
    """One number a scenario rests on.

    unit : rate (a year), share (of what is stated), months (of delay), number (as its file has it).
    least, most : the values that it can have, and among which one is sought.
    of : the measure or grid whose it is.
    amounts : of a purchase, what is planned by year. [MWh or t]
    words : the unit of a number; of a purchase that of its amounts.
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
    of: str
    amounts: Mapping[int, Decimal] | None = None
    words: str = ""

    @property
    def is_late(self) -> bool:
        return self.unit == "months"

    @property
    def is_delivery(self) -> bool:
        """Whether it is how much comes of a measure."""
        return self.unit == "share" and self.amounts is None

    @property
    def is_power(self) -> bool:
        """Whether what it does is a power of it: of a rate, and of an amount."""
        return self.unit == "rate" or self.amounts is not None

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
        if self.unit in ("months", "number"):
            return value
        if self._has_amount(year):
            assert self.amounts is not None
            return self.amounts[year] * value / self.planned
        return value * 100

    def unit_in(self, year: int = 0) -> str:
        if self.is_late:
            return "months late"
        if self.unit == "number":
            return self.words
        if self._has_amount(year):
            return f"{self.words} in {year}"
        return "% a year" if self.unit == "rate" else "% of the plan"

    def short_unit(self, year: int = 0) -> str:
        """The unit beside the name, which says already what a share is of."""
        is_share = self.unit == "share" and not self._has_amount(year)
        return "%" if is_share else self.unit_in(year)

    def _has_amount(self, year: int) -> bool:
        return self.amounts is not None and year in self.amounts


def assumptions(
    scenario: Scenario,
    base_year: int,
    said: Spread,
    held: Sequence[str] = (),
    rest: Sequence[str] = (),
) -> list[Assumption]:
    """What a scenario assumes, in the order it states it.

    base_year : the last actual year; what began by then is no assumption.
    said : the ranges of what states none.
    held : regions whose grid factor is held where it is.
    rest : purchases that cover the rest, whose amount follows from all others.
    """
    found: list[Assumption] = []
    for each in scenario.measures:
        if each.name in rest:
            continue
        found += _bought(each, base_year, scenario, said) if each.UNIT else _of(each, said)
        is_open = each.status not in ("built", "verified") and not each.IS_GROWTH
        if is_open and each.start and each.start // 100 > base_year and said.late_months:
            found.append(_late(each.name, said, _begun_later))
    for place, grid in enumerate(scenario.grids):
        found += _grid(place, grid, said)
    if held:
        found.append(_held(held, said))
    return [each for each in found if each.low < each.high]


def with_values(
    scenario: Scenario, values: Mapping[str, Decimal], known: Iterable[Assumption], name: str
) -> Scenario:
    """The scenario under another name, with other values of some assumptions."""
    for each in known:
        if each.name in values and values[each.name] != each.planned:
            scenario = each.change(scenario, values[each.name])
    return replace(scenario, name=name)


def fixed_rest(measure: Measure, amounts: Mapping[int, Decimal]) -> Measure:
    """A purchase of the rest, fixed at what it came to."""
    return measure.buying(amounts).model_copy(update={DELIVERY: ONE})


def of_rest(measure: Measure, amounts: Mapping[int, Decimal]) -> Assumption:
    """The amount of credits that cover the rest: what is needed of them, not what is uncertain."""
    return Assumption(
        f"{measure.name}: amount",
        "share",
        ONE,
        ONE,
        ONE,
        ZERO,
        MOST_BOUGHT,
        _scaled(measure.name, ONE),
        "the rest of the plan",
        measure.name,
        amounts,
        measure.UNIT,
    )


def _of(measure: Measure, said: Spread) -> list[Assumption]:
    """The numbers of a measure that its file gives a spread of; else its rate, or how much of it
    comes. What is verified is not assumed."""
    stated = spread(measure)
    change = _in_measure(measure.name)
    if stated:
        return [_stated(measure, name, change, *ends) for name, ends in stated.items()]
    if measure.status == "verified":
        return []
    if "rate" in numbers(measure):
        return [_around(measure, "rate", said.growth, change)]
    return [_around(measure, DELIVERY, said.delivery, change)]


def _grid(place: int, grid: Grid, said: Spread) -> list[Assumption]:
    def change(name: str) -> Change:
        def apply(scenario: Scenario, value: Decimal) -> Scenario:
            grids = list(scenario.grids)
            grids[place] = changed(grids[place], name, value)
            return replace(scenario, grids=tuple(grids))

        return apply

    stated = spread(grid)
    if stated:
        return [_stated(grid, name, change, *ends) for name, ends in stated.items()]
    if grid.annual_change is not None:
        return [_around(grid, "annual_change", said.grid_change, change)]
    return [_around(grid, DELIVERY, said.delivery, change)]


def _in_measure(measure: str) -> Callable[[str], Change]:
    """By a number's name, how another value of it is written into a measure."""

    def change(name: str) -> Change:
        def apply(scenario: Scenario, value: Decimal) -> Scenario:
            return _with(scenario, measure, lambda each: changed(each, name, value))

        return apply

    return change


def _with(scenario: Scenario, name: str, update: Callable[[Measure], Measure]) -> Scenario:
    measures = tuple(update(each) if each.name == name else each for each in scenario.measures)
    return replace(scenario, measures=measures)


def _whose(supposed: Supposed) -> str:
    """A measure or grid by name."""
    if isinstance(supposed, Grid):
        how = "" if len(supposed.accounting) > 1 else f", {supposed.accounting[0]}-based"
        return f"grid {supposed.region}{how}"
    assert isinstance(supposed, Measure)
    return supposed.name


def _around(
    supposed: Supposed, name: str, reach: Decimal, change: Callable[[str], Change]
) -> Assumption:
    """A number with the range of the policy; of a delivery a part of it, else as it stands."""
    planned = numbers(supposed)[name]
    by = planned * reach if name == DELIVERY else reach
    told = f"assumption: ±{(reach * 100).normalize():f} % [policy.spread]"
    return _number(supposed, name, change, planned - by, planned + by, told)


def _stated(
    supposed: Supposed, name: str, change: Callable[[str], Change], low: Decimal, high: Decimal
) -> Assumption:
    return _number(supposed, name, change, low, high, FROM_FILE)


def _number(
    supposed: Supposed,
    name: str,
    change: Callable[[str], Change],
    low: Decimal,
    high: Decimal,
    source: str,
) -> Assumption:
    planned = numbers(supposed)[name]
    unit: Unit = "rate" if name in RATES else "share" if name == DELIVERY else "number"
    reach = FARTHEST.get(unit, 4 * max(high - planned, planned - low))
    least = _farthest(supposed, name, planned, planned - reach)
    most = _farthest(supposed, name, planned, planned + reach)
    return Assumption(
        f"{_whose(supposed)}: {name.replace('_', ' ')}",
        unit,
        max(low, least),
        planned,
        min(high, most),
        least,
        most,
        change(name),
        source,
        _whose(supposed),
        words=_unit_of(supposed, name),
    )


def _farthest(supposed: Supposed, name: str, planned: Decimal, wanted: Decimal) -> Decimal:
    """The value nearest to a wanted one that a number can have."""
    if _can_be(supposed, name, wanted):
        return wanted
    near, far = planned, wanted
    for _ in range(HALVINGS):
        middle = (near + far) / 2
        near, far = (middle, far) if _can_be(supposed, name, middle) else (near, middle)
    return round(near, PLACES)


def _can_be(supposed: Supposed, name: str, value: Decimal) -> bool:
    try:
        changed(supposed, name, value)
    except SettingsError:
        return False
    return True


def _unit_of(supposed: Supposed, name: str) -> str:
    """The unit of a number: the one it is written in, or that its field says in brackets."""
    for key, field in type(supposed).model_fields.items():
        if name == (field.alias or key):
            value = getattr(supposed, key)
            if isinstance(value, str):
                return value.strip().partition(" ")[2].strip()
            unit = (field.description or "").rpartition("[")[2].rstrip("]")
            return "" if unit == "1" else unit
    return ""


def _late(name: str, said: Spread, later: Callable[[Measure, int], Measure]) -> Assumption:
    def change(scenario: Scenario, value: Decimal) -> Scenario:
        return _with(scenario, name, lambda each: later(each, int(value)))

    return Assumption(
        f"{name}: start",
        "months",
        ZERO,
        ZERO,
        Decimal(said.late_months),
        ZERO,
        Decimal(max(LATEST, said.late_months)),
        change,
        f"assumption: up to {said.late_months} months late [policy.spread]",
        name,
    )


def _begun_later(measure: Measure, by: int) -> Measure:
    assert measure.start is not None
    index = measure.start // 100 * 12 + measure.start % 100 - 1 + by
    return measure.model_copy(update={"start": index // 12 * 100 + index % 12 + 1})


def _bought(measure: Measure, base_year: int, scenario: Scenario, said: Spread) -> list[Assumption]:
    """How much comes of what is bought, and how late certificates come."""
    last = scenario.horizon
    planned = {
        year: measure.of(each, year)
        for year, each in measure.amounts.items()
        if base_year < year <= last
    }
    whole = measure.delivery
    if not planned or not whole:
        return []
    low, high = spread(measure).get(
        DELIVERY, (whole * (1 - said.bought), whole * (1 + said.bought))
    )
    found = [
        Assumption(
            f"{measure.name}: amount",
            "share",
            low,
            whole,
            high,
            ZERO,
            whole * MOST_BOUGHT,
            _scaled(measure.name, whole),
            FROM_FILE
            if spread(measure)
            else f"assumption: ±{(said.bought * 100).normalize():f} % [policy.spread]",
            measure.name,
            planned,
            measure.UNIT,
        )
    ]
    if measure.UNIT == "MWh" and said.late_months:
        found.append(_late(measure.name, said, lambda each, by: _coming_later(each, by, last)))
    return found


def _scaled(name: str, planned: Decimal) -> Change:
    def change(scenario: Scenario, value: Decimal) -> Scenario:
        def update(each: Measure) -> Measure:
            amounts = {y: round(v * value / planned, 6) for y, v in each.amounts.items()}
            return each.buying({year: amount for year, amount in amounts.items() if amount > 0})

        return _with(scenario, name, update)

    return change


def _coming_later(measure: Measure, months: int, last: int) -> Measure:
    """A purchase whose amounts come some months late, each month of a year a twelfth of it."""
    if not measure.amounts:
        return measure
    years, part = divmod(months, 12)
    share = Decimal(part) / 12
    found = {}
    for year in range(min(measure.amounts), last + 1):
        amount = measure.amounts.get(year - years, ZERO) * (1 - share)
        amount += measure.amounts.get(year - years - 1, ZERO) * share
        if amount > 0:
            found[year] = round(amount, 6)
    return measure.buying(found)


def _held(regions: Sequence[str], said: Spread) -> Assumption:
    """That nothing changes in regions of which the scenario says nothing."""

    def change(scenario: Scenario, value: Decimal) -> Scenario:
        told = "assumption: a change where none is stated"
        more = [Grid(region=each, annual_change=value, source=told) for each in regions]
        return replace(scenario, grids=(*scenario.grids, *more))

    return Assumption(
        f"grid {', '.join(regions)}, held: annual change",
        "rate",
        -said.grid_change,
        ZERO,
        said.grid_change,
        -FARTHEST["rate"],
        FARTHEST["rate"],
        change,
        f"assumption: ±{(said.grid_change * 100).normalize():f} % [policy.spread]",
        f"grid {', '.join(regions)}",
    )
