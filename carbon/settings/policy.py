"""How figures are worked out where more than one way is right."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from carbon.fields import BothMethods
from carbon.settings.kinds import Qualities, Series, Table, listed, once

Leaks = Literal["mass balance", "simplified", "screening"]


def _everywhere(value: object) -> object:
    return {"default": value} if isinstance(value, str) else value


Preference = Annotated[
    list[Leaks], Field(min_length=1), BeforeValidator(listed), AfterValidator(once)
]
Basis = Annotated[dict[str, Literal["net", "gross"]], BeforeValidator(_everywhere)]
Percent = Annotated[Decimal, Field(ge=0, lt=1000)]


class Uncertainty(Table):
    """How sure figures are taken to be. A percentage is half of a 95 % range."""

    pedigree: str = "ghg-protocol-2013"  # a matrix of the library
    activity: dict[str, Percent] = {}  # by site, meter or activity
    factor: dict[str, Percent] = {}  # by topic, or of one set as 'set:ID'


class Policy(Table):
    """How figures are worked out. A series is named, or one set for all years as 'set:ID'."""

    gwp: Literal["AR4", "AR5", "AR5-feedback", "AR6"] = "AR6"
    max_factor_age: Annotated[int, Field(ge=0, le=30)] | None = None  # years [a]; none: the newest
    region_fallback: bool = True  # a grid factor of a wider region may serve where none is nearer
    known_on: date | None = None  # editions published later are not seen
    scope2_rules: Literal["2015", "draft hourly 2025"] = "2015"  # of matching instruments
    factor_year: Literal["reporting year", "calendar year", "financial year"] = "reporting year"
    pv_in_energy: bool = True
    pv_sold_location: Literal["zero", "grid average"] = "zero"  # PV used, its certificates sold
    radiative_forcing: bool = True  # flights count contrails and other effects beside their gases
    approval_needed: bool = True  # a verdict of `met` needs approved years
    electricity: dict[str, Series] = {}  # by country, or 'default'
    fuel: dict[str, Series] = {}
    fuel_energy: Basis = {}  # what energy of fuel means that says neither net nor gross
    non_co2: dict[str, str] = {}  # fuel or 'default' -> series whose CH4 and N2O complete CO2 alone
    standard_coal: dict[str, Series] = {}
    uncertainty: Uncertainty = Uncertainty()
    refrigerant: Preference = ["mass balance", "simplified"]  # screening only where it is named
    leak: dict[str, Series] = {}  # leak rates of equipment for screening, by country, or 'default'
    equipment_kind: dict[str, str] = {}  # a kind of equipment = its row in the leak rates
    peak_tolerance: Annotated[Decimal, Field(ge=0, le=1)] = Decimal(0)
    base_year: BothMethods = {}  # one year, or one for each method of Scope 2
    base_year_threshold: Annotated[Decimal, Field(ge=0, le=1)] = Decimal("0.05")
    control_tolerance: Annotated[Decimal, Field(ge=0, le=1)] = Decimal("0.005")  # of statements
    materiality: Annotated[Decimal, Field(ge=0, le=1)] = Decimal("0.05")  # of all exclusions
    goal_threshold: Annotated[Decimal, Field(ge=0, le=1)] = Decimal(0)  # over a goal, of it
    goal_effect_months: Annotated[int, Field(ge=1, le=24)] = 3  # that judge what a case has done
    evidence: Qualities = []  # entries of these qualities name their evidence, or it is a finding
    count_investments: bool = False  # by share, what control leaves out: Scope 3, category 15
