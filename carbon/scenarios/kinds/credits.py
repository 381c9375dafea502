"""Carbon credits, which lower nothing but the line after credits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

from carbon.fields import Written
from carbon.records import Credit
from carbon.scenarios.fields import Positive, Price, number, said
from carbon.scenarios.kinds.base import Bought, Measure
from carbon.scenarios.loads import Load


class Credits(Measure):
    """Carbon credits of a stated mass, or for whatever is left after certificates, in whole
    tonnes. They are bought and not yet retired, and no emission is lower for them."""

    WITHOUT: ClassVar = frozenset(
        {"site", "start", "ramp_months", "life_years", "needs", "instead_of", "verified"}
    )
    BUYS: ClassVar[Bought] = "credits"
    UNIT: ClassVar[str] = "t"

    EXAMPLE: ClassVar[str] = """\
standard = "CCER"
credit_kind = "removal"
mass_t = "rest"
years = [2026]
"""
    WORKED: ClassVar[str] = (
        "100.2 t are left in 2026. With 30 t of other credits stated, the rest is 70.2 t, in "
        "whole tonnes 71."
    )

    kind: Literal["credits"] = said("Its kind.", ...)
    standard: str = said("Their standard, as `CCER`.", ...)
    credit_kind: Literal["avoidance", "removal"] = said("What they stand for.", ...)
    mass_t: Annotated[
        dict[int, Positive] | Literal["rest"], Written('year = number, or `"rest"`')
    ] = number("By year: what is bought; or the rest. [t CO2e]", ...)
    years: Annotated[tuple[int, ...], Written("list of years")] = said(
        "In which the rest is covered.", ()
    )
    price_rmb_per_t: Price | None = number("What a unit costs. [RMB/t]")

    def check(self) -> None:
        if (self.mass_t == "rest") != bool(self.years):
            raise ValueError(f"{self.who}: years go with mass_t = 'rest', and only so")

    @property
    def amounts(self) -> Mapping[int, Decimal]:
        return {} if self.mass_t == "rest" else self.mass_t

    @property
    def rest_in(self) -> tuple[int, ...]:
        return self.years

    @property
    def price(self) -> Decimal | Mapping[int, Decimal] | None:
        return self.price_rmb_per_t

    def buying(self, amounts: Mapping[int, Decimal]) -> Credits:
        found = self.model_copy(update={"mass_t": dict(amounts), "years": ()})
        found.__pydantic_fields_set__.discard("years")
        return found

    def priced(self, price: Decimal, source: str) -> Credits:
        key = "price_rmb_per_t"
        return self.model_copy(update={key: price, "source": {**self.source, key: source}})

    def credits(self, scenario: str, years: range, rest: Mapping[int, Decimal]) -> list[Credit]:
        bought = self.delivered_amounts(years)
        for year in sorted(set(self.rest_in) & set(years)):
            left = Decimal(-(-Fraction(rest.get(year, Decimal(0))) // 1))  # whole tonnes
            bought.append((year, self.of(left, year)))
        return [
            Credit(
                credit_id=f"planned/{scenario}/{self.name}/{year}",
                standard=self.standard,
                kind=self.credit_kind,
                vintage_year=year,
                claim_year=year,
                mass_t=mass_t,
                note=self.noted(),
            )
            for year, mass_t in bought
            if mass_t > 0
        ]

    def touched(self, loads: Sequence[Load]) -> None:
        return None
