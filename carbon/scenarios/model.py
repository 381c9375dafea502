"""What a scenario file may say: its measures and grids, and what each kind of measure needs.

A file is read into `File` and fails where it says too little, too much or nothing of a source;
`Scenario` is a file with its base applied. A field that means nothing for the kind of its measure
is refused, for a number that is stated and not used looks as if it counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from carbon.errors import SettingsError, nearest
from carbon.settings import Month, Name, Table

Area = Literal[
    "buildings", "new infrastructure", "production and product", "supply chain", "daily operation"
]
Stage = Literal["reduction", "neutralisation", "capability", "growth"]
Kind = Literal["growth", "efficiency", "pue", "pv", "saving", "heat", "certificates", "credits"]
Accounting = Literal["location", "market"]
Status = Literal["idea", "approved", "built", "verified"]
ACTUAL = "actual"  # the ledger's own name among the scenarios

_CHOICE = ("needs", "instead_of")  # what a plan may choose
# Needed by each kind (one of each group), and what else it may say.
FIELDS: dict[str, tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]] = {
    "growth": ((("rate", "path"),), ("site", "meter", "activity", "detail", "start")),
    "efficiency": (
        (("gain", "cut"), ("activity",), ("start",)),
        ("site", "meter", "detail", "sub_load", "share", "ramp_months", "life_years", *_CHOICE),
    ),
    "pue": (
        (("site",), ("from",), ("to", "path")),
        ("meter", "start", "ramp_months", "life_years", *_CHOICE),
    ),
    "pv": (
        (("site",), ("capacity",), ("specific_yield_kwh_per_kw",), ("monthly_share",), ("start",)),
        (
            *("meter", "power_density_w_per_m2", "self_use", "degradation"),
            *("ramp_months", "life_years", *_CHOICE),
        ),
    ),
    "saving": (
        (("site",), ("activity",), ("saving",), ("start",)),
        ("meter", "detail", "monthly_share", "ramp_months", "life_years", *_CHOICE),
    ),
    "heat": (
        (("site",), ("activity",), ("heat",), ("boiler_efficiency",), ("start",)),
        ("meter", "detail", "monthly_share", "ramp_months", "life_years", *_CHOICE),
    ),
    "certificates": (
        (("instrument",), ("market",), ("energy_mwh",)),
        ("site", "price_rmb_per_mwh"),
    ),
    "credits": ((("standard",), ("credit_kind",), ("mass_t",)), ("years", "price_rmb_per_t")),
}

ALWAYS = frozenset(
    {"name", "area", "stage", "kind", "status", "source", "baseline", "note"}
    | {"capex_rmb", "opex_rmb_per_year"}
)

NUMBERS = frozenset(  # what a source must be named for
    {"rate", "path", "gain", "cut", "share", "from", "to", "capacity", "power_density_w_per_m2"}
    | {"specific_yield_kwh_per_kw", "monthly_share", "self_use", "degradation", "saving", "heat"}
    | {"boiler_efficiency", "energy_mwh", "mass_t", "capex_rmb", "opex_rmb_per_year"}
    | {"price_rmb_per_mwh", "price_rmb_per_t"}
)


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _sources(value: object) -> object:
    return {"other": value} if isinstance(value, str) else value


Words = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Share = Annotated[Decimal, Field(ge=0, le=1)]
Positive = Annotated[Decimal, Field(gt=0)]
Path = dict[int, Positive]
Price = Positive | Annotated[Path, Field(min_length=1)]

Sources = Annotated[
    dict[str, Annotated[str, Field(min_length=3)]],
    BeforeValidator(_sources),
    Field(min_length=1),
]


class Measure(Table):
    """One thing that is done, or that grows. `source` is one text, or one for each number."""

    name: Name
    area: Area
    stage: Stage
    kind: Kind
    status: Status = "idea"
    source: Sources
    baseline: str = ""  # how the saving is measured; `verified` needs it
    note: str = ""
    start: Month | None = None
    ramp_months: Annotated[int, Field(ge=0, le=240)] = 0  # linear, month by month
    life_years: Annotated[int, Field(ge=1, le=100)] | None = None
    capex_rmb: Decimal | None = None
    opex_rmb_per_year: Decimal | None = None
    needs: Words = ()  # measures that a plan begins no later
    instead_of: Words = ()  # measures that a plan never takes beside it
    # which loads
    site: Words = ()
    meter: Words = ()
    activity: Words = ()
    detail: Words = ()
    # growth
    rate: Annotated[Decimal, Field(gt=-1)] | None = None  # a year
    path: Path = Field(default_factory=dict)  # by year: index on the base year, or PUE
    # efficiency
    gain: Positive | None = None  # +0.20 is use / 1.2
    cut: Share | None = None  # 0.10 is use x 0.9
    sub_load: str = ""
    share: Annotated[Decimal, Field(gt=0, le=1)] | None = None  # of the sub-load in the load
    # PUE
    from_: Annotated[Decimal, Field(ge=1)] | None = Field(None, alias="from")
    to: Annotated[Decimal, Field(ge=1)] | None = None
    # PV
    capacity: str = ""  # '5.4 MW'; an area only with its power density
    power_density_w_per_m2: Positive | None = None
    specific_yield_kwh_per_kw: Positive | None = None  # a year
    monthly_share: Annotated[tuple[Decimal, ...], Field(min_length=12, max_length=12)] | None = None
    self_use: Share = Decimal(1)
    degradation: Share = Decimal(0)  # a year
    # saving and waste heat, a year
    saving: str = ""  # '166.6 MWh'
    heat: str = ""  # '1000 GJ', displacing the activity's fuel
    boiler_efficiency: Annotated[Decimal, Field(gt=0, le=1)] | None = None
    # certificates and credits
    instrument: str = ""  # a kind of instruments.csv
    market: str = ""
    energy_mwh: Path = Field(default_factory=dict)  # by year
    standard: str = ""
    credit_kind: Literal["avoidance", "removal"] | None = None
    mass_t: Path | Literal["rest"] = Field(default_factory=dict)  # by year, or what is left
    years: tuple[int, ...] = ()  # in which the rest is covered
    price_rmb_per_mwh: Price | None = None  # one, or by year
    price_rmb_per_t: Price | None = None

    def stated(self) -> set[str]:
        """The fields its file states, by the names they have there."""
        return {"from" if name == "from_" else name for name in self.model_fields_set}

    @model_validator(mode="after")
    def _says_what_its_kind_needs(self) -> Measure:
        stated = self.stated()
        needed, also = FIELDS[self.kind]
        for group in needed:
            if len(stated & set(group)) != 1:
                words = " or ".join(group)
                fault = "needs" if not stated & set(group) else "states more than one of"
                raise ValueError(f"measure {self.name!r} of kind {self.kind} {fault} {words}")
        allowed = ALWAYS | {name for group in needed for name in group} | set(also)
        for name in sorted(stated - allowed):
            raise ValueError(f"measure {self.name!r}: {name!r} means nothing for {self.kind}")
        if self.kind == "pue" and self.to is not None and self.start is None:
            raise ValueError(f"measure {self.name!r} of kind pue needs start")
        if self.path and stated & {"start", "ramp_months", "life_years"}:
            raise ValueError(f"measure {self.name!r}: a path has its own years, and no start")
        if self.kind == "pue" and any(value < 1 for value in self.path.values()):
            raise ValueError(f"measure {self.name!r}: a PUE is never below 1")
        if bool(self.sub_load) != (self.share is not None):
            raise ValueError(f"measure {self.name!r}: a sub_load needs its share of the load")
        if self.monthly_share and sum(self.monthly_share) != 1:
            raise ValueError(
                f"measure {self.name!r}: monthly_share adds up to {sum(self.monthly_share)}, not 1"
            )
        if self.kind in ("pv", "saving", "heat") and (len(self.site) > 1 or len(self.activity) > 1):
            raise ValueError(f"measure {self.name!r} of kind {self.kind} stands at one site")
        if (self.mass_t == "rest") != bool(self.years):
            raise ValueError(f"measure {self.name!r}: years go with mass_t = 'rest', and only so")
        if (self.kind == "growth") != (self.stage == "growth"):
            raise ValueError(f"measure {self.name!r}: growth, and only growth, has that stage")
        if self.status == "verified" and not self.baseline:
            raise ValueError(f"measure {self.name!r} is verified, but names no baseline")
        return self

    @model_validator(mode="after")
    def _names_a_source_for_each_number(self) -> Measure:
        numbers = self.stated() & NUMBERS
        for name in sorted(set(self.source) - numbers - {"other"}):
            raise ValueError(f"measure {self.name!r}: a source for {name!r}, which is not stated")
        for name in sorted(numbers - set(self.source)):
            if "other" not in self.source:
                raise ValueError(
                    f"measure {self.name!r} has no source for {name}: name a publication, "
                    "or write 'assumption'"
                )
        return self


class Grid(Table):
    """How the grid factor of a region goes on: by a yearly change, or by values. [g CO2/kWh]"""

    region: str
    accounting: Annotated[tuple[Accounting, ...], BeforeValidator(_listed), Field(min_length=1)] = (
        "location",
        "market",
    )
    annual_change: Annotated[Decimal, Field(gt=-1)] | None = None  # from the last actual year on
    g_per_kwh: dict[int, Annotated[Decimal, Field(ge=0)]] = Field(
        default_factory=dict
    )  # between years: linear
    source: Annotated[str, Field(min_length=3)]

    @model_validator(mode="after")
    def _says_one_way(self) -> Grid:
        if (self.annual_change is None) == (not self.g_per_kwh):
            raise ValueError(f"grid {self.region!r} states annual_change or g_per_kwh, one of them")
        return self


class File(Table):
    """The whole of a scenario file."""

    name: Name
    title: str = ""
    based_on: str = ""
    base_year: int | None = None  # growth paths are relative to it
    horizon: Annotated[int, Field(ge=2000, le=2060)] | None = None
    without: tuple[str, ...] = ()  # measures of the base that are left out
    note: str = ""
    budget_rmb: dict[int, Annotated[Decimal, Field(ge=0)]] = Field(
        default_factory=dict
    )  # of a plan
    measure: tuple[Measure, ...] = ()
    grid: tuple[Grid, ...] = ()

    @model_validator(mode="after")
    def _names_are_distinct(self) -> File:
        if self.name == ACTUAL:
            raise ValueError(f"{ACTUAL!r} is the ledger itself: give the scenario another name")
        names = [measure.name for measure in self.measure]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two measures are named {name!r}")
        return self


@dataclass(frozen=True)
class Scenario:
    """A scenario with its base applied: nothing is left to look up."""

    name: str
    title: str
    based_on: str
    base_year: int
    horizon: int
    measures: tuple[Measure, ...]
    grids: tuple[Grid, ...]
    file: str = ""
    budget_rmb: Mapping[int, Decimal] = field(default_factory=dict)  # by year


def mistake(scenario: str, file: str, says: str, word: str, known: Iterable[str]) -> SettingsError:
    known = list(known)
    return SettingsError(
        "scenario",
        f"scenario {scenario!r} {says}",
        where=file,
        looked_for=", ".join(known),
        nearest=nearest(word, known),
        remedy=f"mend {word!r} in the file",
    )
