"""What is counted beside emissions: water, packaging, waste, exhaust, and what a book adds.

An `Indicator` says in which unit it is shown, what it must equal and how it is estimated where it
was not measured. `indicators` joins those that every book has with its own. Nothing here, and no
figure recorded under it, has a part in any emission.

Sources of the words: GRI 303 (water), GRI 306 (waste), GRI 305-7 (exhaust), GRI 301-1 (packaging).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from carbon import units
from carbon.errors import UnitError, nearest
from carbon.fields import Name

ORGANISATION = "organisation"  # the node above every site and department
TOTALS = {  # metrics that are no activity, in the unit they are shown in
    "energy": "MWh",
    "standard_coal": "tce",
    "emissions": "t",
    "scope1": "t",
    "scope2_location": "t",
    "scope2_market": "t",
}
Terms = dict[str, Decimal]  # indicators, each with what it is multiplied by


class Indicator(BaseModel):
    """A quantity that is kept by year or month, of a site or of the organisation."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name = Field(description="What it is called; a file names it as its indicator.")
    title: str = Field("", description="What it is called in reports, where that is longer.")
    unit: str = Field(description="The unit it is shown in.")
    names: list[str] = Field([], description="Other words people write for it.")
    t_per_m3: Annotated[Decimal, Field(gt=0)] | None = Field(
        None, description="Its density, where tonnes and cubic metres are both read. [t/m3]"
    )
    equals: Terms = Field(
        {},
        description=(
            "What it is by definition: other indicators, each with what it is multiplied by. [1]"
        ),
    )
    estimate: Terms = Field(
        {}, description="What it is taken to be where it is not recorded, of others likewise. [1]"
    )
    note: str = Field("", description="Whatever an auditor should know.")

    @field_validator("unit")
    @classmethod
    def _is_a_unit(cls, value: str) -> str:
        try:
            return units.unit(value).name
        except UnitError as fault:
            hint = f"; nearest: {fault.nearest}" if fault.nearest else ""
            raise ValueError(f"{fault.message}{hint}") from None

    @model_validator(mode="after")
    def _is_not_its_own_part(self) -> Indicator:
        for key in ("equals", "estimate"):
            if self.name in getattr(self, key):
                raise ValueError(f"indicator {self.name!r} stands in its own {key}")
        return self

    def amount(self, quantity: Decimal | int, unit: str) -> Fraction:
        """A quantity in the unit of the indicator, exactly. Raises UnitError where it is none."""
        found, wanted = units.unit(unit), units.unit(self.unit)
        kinds = {found.dimension, wanted.dimension}
        if self.t_per_m3 is None or kinds != {"mass", "volume"}:
            return units.convert(quantity, unit, self.unit)
        if found.dimension == "mass":
            volume = units.convert(quantity, unit, "t") / Fraction(self.t_per_m3)
            return units.convert(volume, "m3", self.unit)
        mass = units.convert(quantity, unit, "m3") * Fraction(self.t_per_m3)
        return units.convert(mass, "t", self.unit)


WATER = {"unit": "m3", "t_per_m3": Decimal(1)}
BUILT_IN = (
    Indicator(name="water_withdrawal", names=["取水量", "用水量", "water"], **WATER),
    Indicator(name="water_discharge", names=["废水排放量", "排水量", "wastewater"], **WATER),
    Indicator(
        name="water_consumption",
        names=["耗水量"],
        equals={"water_withdrawal": Decimal(1), "water_discharge": Decimal(-1)},
        **WATER,
    ),
    Indicator(name="water_recycled", names=["循环用水量", "回用水量"], **WATER),
    Indicator(name="packaging", names=["包装材料"], unit="t"),
    Indicator(
        name="waste",
        names=["废弃物"],
        unit="t",
        equals={"hazardous_waste": Decimal(1), "nonhazardous_waste": Decimal(1)},
    ),
    Indicator(name="hazardous_waste", names=["有害废弃物", "危险废物"], unit="t"),
    Indicator(name="nonhazardous_waste", names=["无害废弃物", "一般废弃物"], unit="t"),
    Indicator(name="recycled_waste", names=["回收废弃物", "可回收废弃物"], unit="t"),
    Indicator(name="nox", title="NOx", names=["氮氧化物"], unit="kg"),
    Indicator(name="sox", title="SOx", names=["硫氧化物"], unit="kg"),
    Indicator(name="particulates", names=["颗粒物", "烟尘", "pm"], unit="kg"),
    Indicator(name="voc", title="VOC", names=["挥发性有机物"], unit="kg"),
)


def indicators(own: Sequence[Indicator]) -> dict[str, Indicator]:
    """Every indicator by name, the book's own before one of the same name.

    Raises ValueError for one that is there twice, that names another there is none of, or whose
    rules lead back to itself or to another kind of unit.
    """
    found = {each.name: each for each in BUILT_IN}
    for number, each in enumerate(own):
        if each.name in {other.name for other in own[:number]}:
            raise ValueError(f"indicator {each.name!r} is there twice")
    found |= {each.name: each for each in own}
    for each in found.values():
        for name in (*each.equals, *each.estimate):
            if name not in found:
                close = nearest(name, found)
                hint = f"; nearest: {close}" if close else ""
                raise ValueError(f"indicator {each.name!r} names {name!r}, which is none{hint}")
            try:
                each.amount(1, found[name].unit)
            except UnitError as fault:
                raise ValueError(
                    f"indicator {each.name!r} is made of {name!r}: {fault.message}"
                ) from None
    _check_rounds(found)
    return found


def _check_rounds(found: Mapping[str, Indicator]) -> None:
    """Raises ValueError for an estimate that rests on itself."""
    for name in found:
        passed, waiting = set(), [name]
        while waiting:
            for other in found[waiting.pop()].estimate:
                if other == name:
                    raise ValueError(f"the estimate of indicator {name!r} rests on itself")
                if other not in passed:
                    passed.add(other)
                    waiting.append(other)


def told(terms: Mapping[str, Decimal]) -> str:
    """Terms as people write them.

    >>> told({"withdrawal": Decimal(1), "discharge": Decimal(-1)}), told({"water": Decimal("0.9")})
    ('withdrawal - discharge', '0.9 x water')
    """
    parts = []
    for number, (name, factor) in enumerate(terms.items()):
        sign = "- " if factor < 0 else "+ " if number else ""
        size = "" if abs(factor) == 1 else f"{abs(factor).normalize():f} x "
        parts.append(f"{sign}{size}{name}")
    return " ".join(parts)
