"""How figures are worked out where more than one way is right."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from carbon.fields import BothMethods, Written
from carbon.settings.kinds import Country, Part, Qualities, Series, Table, listed, once
from carbon.settings.targets import Target

Leaks = Literal["mass balance", "simplified", "screening"]


def _everywhere(value: object) -> object:
    return {"default": value} if isinstance(value, str) else value


Preference = Annotated[
    list[Leaks], Field(min_length=1), BeforeValidator(listed), AfterValidator(once)
]
Basis = Annotated[
    dict[Country, Literal["net", "gross"]],
    BeforeValidator(_everywhere),
    Written('`"net"`, `"gross"`, or country = one of them'),
]
Percent = Annotated[Decimal, Field(ge=0, lt=1000)]


class Uncertainty(Table):
    """How sure figures are taken to be. A percentage is half of a 95 % range."""

    pedigree: str = Field(
        "ghg-protocol-2013",
        description="The matrix of the library that turns scores of quality into uncertainty.",
    )
    activity: dict[str, Percent] = Field(
        {}, description="Half of the 95 % range of quantities, by meter, site or activity. [%]"
    )
    factor: dict[str, Percent] = Field(
        {}, description="Half of the 95 % range of factors, by `set:ID`, topic or family. [%]"
    )


Off = Annotated[Decimal, Field(ge=0, lt=1)]


class Spread(Table):
    """How far what a scenario assumes may be off where its file states no spread.

    Each is an assumption: half of a 95 % range, above and below the plan.
    """

    growth: Off = Field(Decimal("0.02"), description="Of a growth rate, in rate. [1 per year]")
    delivery: Off = Field(
        Decimal("0.2"),
        description="Of how much comes of a measure or path, unless it is verified. [1]",
    )
    late_months: int = Field(
        12,
        ge=0,
        le=120,
        description=(
            "What is not built may begin this much later, and certificates come; never earlier."
            " [months]"
        ),
    )
    grid_change: Off = Field(
        Decimal("0.01"), description="Of a grid's annual change, in change. [1 per year]"
    )
    bought: Off = Field(
        Decimal("0.2"), description="Of planned amounts of certificates and credits. [1]"
    )


class Policy(Table):
    """How figures are worked out. A series is named, or one set for all years as `set:ID`."""

    gwp: Literal["AR4", "AR5", "AR5-feedback", "AR6"] = Field(
        "AR6",
        description="The global warming potentials that join the gases to CO2e, in all years.",
    )
    max_factor_age: Annotated[int, Field(ge=0, le=30)] | None = Field(
        None,
        description=(
            "How much older than its year a factor may be; without it any age serves. [a]"
        ),
    )
    region_fallback: bool = Field(
        True, description="A grid factor of a wider region serves where none is nearer."
    )
    known_on: date | None = Field(
        None,
        description=(
            "Editions published after this day are not seen; without it the day of the run."
        ),
    )
    scope2_rules: Literal["2015", "draft hourly 2025"] = Field(
        "2015",
        description=(
            "How certificates are matched: with a year, or with each month as the draft asks."
        ),
    )
    factor_year: Literal["reporting year", "calendar year", "financial year"] = Field(
        "reporting year",
        description=(
            "The year whose factors a month takes; a financial year is that of its country."
        ),
    )
    pv_in_energy: bool = Field(True, description="PV used on site stands in the energy sheet.")
    pv_sold_location: Literal["zero", "grid average"] = Field(
        "zero",
        description="How PV used on site counts location-based once its certificates are sold.",
    )
    radiative_forcing: bool = Field(
        True, description="Flights count contrails and other effects beside their gases."
    )
    approval_needed: bool = Field(
        True, description="A verdict of `met` needs years that a `[[statement]]` approves."
    )
    electricity: dict[Country, Series] = Field(
        {},
        description=("Grid series in order of preference, or one set for all years as `set:ID`."),
    )
    fuel: dict[Country, Series] = Field(
        {}, description="Series of fuels, or one set for all years, likewise."
    )
    fuel_energy: Basis = Field(
        {},
        description=("What energy of fuel means that says neither net nor gross."),
    )
    non_co2: dict[str, str] = Field(
        {},
        description=(
            "By fuel or `default`, the series whose CH4 and N2O complete sets of CO2 alone."
        ),
    )
    standard_coal: dict[Country, Series] = Field(
        {}, description="Series of standard coal, in order of preference."
    )
    uncertainty: Uncertainty = Field(Uncertainty(), description="How sure figures are taken to be.")
    spread: Spread = Field(
        Spread(), description="How far the assumptions of scenarios are taken to be off."
    )
    refrigerant: Preference = Field(
        ["mass balance", "simplified"],
        description="Methods for leaks in order of preference; screening only where it is named.",
    )
    leak: dict[Country, Series] = Field(
        {},
        description=("Series of leak rates for screening, in order of preference."),
    )
    equipment_kind: dict[str, str] = Field(
        {}, description="Of a kind of equipment as the book calls it, its row in the leak rates."
    )
    peak_tolerance: Part = Field(
        Decimal(0),
        description=(
            "How far two years may be apart and still be level, when a peak is judged. [1]"
        ),
    )
    base_year: BothMethods = Field(
        {}, description="The base year: one for both methods of Scope 2, or one for each."
    )
    base_year_threshold: Part = Field(
        Decimal("0.05"),
        description=(
            "The change, all causes together, from which the base year is recalculated. [1]"
        ),
    )
    control_tolerance: Part = Field(
        Decimal("0.005"),
        description="How far entries may be from a utility's control total. [1]",
    )
    materiality: Part = Field(
        Decimal("0.05"),
        description="How much all exclusions may add up to, of Scope 1+2 location-based. [1]",
    )
    goal_threshold: Part = Field(
        Decimal(0),
        description="How far beyond its goal a month is over, as a share of the goal. [1]",
    )
    goal_effect_months: int = Field(
        3,
        ge=1,
        le=24,
        description="How many months after its closing judge what a case has done. [months]",
    )
    evidence: Qualities = Field(
        [],
        description=(
            "Entries of these qualities have to name their evidence; one that does not is found."
        ),
    )
    count_investments: bool = Field(
        False,
        description="What control leaves out stands by its equity share in Scope 3, category 15.",
    )

    discount_rate: Annotated[Decimal, Field(ge=0, lt=1)] | None = Field(
        None, description="By how much a year the costs of a plan are worth less. [1 per year]"
    )

    def base_year_of(self, target: Target) -> int:
        """What a reduction is measured against: its own base year or this policy's; 0 for none."""
        return target.base_year or self.base_year.get(target.judged_on, 0)
