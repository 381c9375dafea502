"""The book's settings: what `carbon.toml` may say, and what it means when it says nothing.

`read` takes the text of a `carbon.toml` and gives a `Settings`; every mistake names file, table,
key, what was found, what is allowed and the nearest valid word. Unknown keys are refused, so a
misspelt policy can never be silently ignored.
"""

from __future__ import annotations

import re
import tomllib
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from carbon import metering
from carbon.areas import UNASSIGNED, Standing, standings
from carbon.errors import SettingsError, nearest
from carbon.fields import (
    Approach,
    BothMethods,
    Controls,
    Lease,
    Name,
    Share,
    stated,
)
from carbon.performance import Indicator, indicators
from carbon.schema import FOREVER

Role = Literal[
    "grid_import", "pv_generation", "pv_export", "it_load", "sub_meter", "charger", "chp"
]
Reason = Literal["acquired", "divested", "built", "closed", "outsourced", "insourced", "omitted"]
State = Literal["reported", "zero", "not applicable", "not disclosed", "excluded"]
Leaks = Literal["mass balance", "simplified", "screening"]
Quality = Literal["metered", "billed", "estimated", "calculated", "unstated"]
FillMethod = Literal["trend", "neighbours", "profile"]

QUALITIES: tuple[str, ...] = ("metered", "billed", "estimated", "calculated", "unstated")
DEGREE_DAYS = ("heating_degree_days", "cooling_degree_days")
METRICS = ("revenue", "people", "floor_area", "it_energy", "output", *DEGREE_DAYS)


def month_number(value: object) -> int:
    """202307 from '2023-07'."""
    if isinstance(value, int) and not isinstance(value, bool) and 190001 <= value <= 999912:
        return value
    found = re.fullmatch(r"(\d{4})-(\d{2})(?:-\d{2})?", str(value))
    if not found or not 1 <= int(found[2]) <= 12:
        raise ValueError(f"a month is written like 2023-07, not {value!r}")
    return int(found[1]) * 100 + int(found[2])


def months_of(value: object) -> int:
    """A span of time in months: 12 of '1 year' or '12 months'.

    >>> months_of("6 months"), months_of("2 years")
    (6, 24)
    """
    found = re.fullmatch(r"([1-9]\d?) (month|year)s?", str(value).strip())
    if not found:
        raise ValueError(f"a span of time is written like '6 months' or '2 years', not {value!r}")
    return int(found[1]) * (12 if found[2] == "year" else 1)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last one of that month.

    >>> months_after(date(2023, 8, 31), 6)
    datetime.date(2024, 2, 29)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _for_ever(value: object) -> object:
    return [{"state": value}] if isinstance(value, str) else value


def _span(first: int, left: int | None) -> str:
    """The months of a span in words, nothing where it is for ever."""
    since = f" since {first}" if first > FIRST else ""
    return since + (f" until {left}" if left else "")


def _everywhere(value: object) -> object:
    return {"default": value} if isinstance(value, str) else value


def _once(value: list[str]) -> list[str]:
    if len(set(value)) < len(value):
        raise ValueError("a method is named once in the order of preference")
    return value


def _encoding(value: str) -> str:
    try:
        "".encode(value or "utf-8")
        return value
    except (LookupError, ValueError):
        raise ValueError(
            f"no encoding is called {value!r}; write utf-8, utf-16, gb18030, big5 or latin-1"
        ) from None


def time_zone(name: str) -> tzinfo:
    """A time zone by its name or its distance from UTC. Raises ValueError for any other text.

    >>> time_zone("UTC+08:00")
    datetime.timezone(datetime.timedelta(seconds=28800), 'UTC+08:00')
    """
    found = re.fullmatch(r"UTC(?:([+-])(\d{2}):(\d{2}))?", name)
    if found:
        away = timedelta(hours=int(found[2] or 0), minutes=int(found[3] or 0))
        if away < timedelta(hours=15):
            return timezone(-away if found[1] == "-" else away, name)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            f"no time zone is called {name!r}; write one such as America/New_York or UTC-05:00"
        ) from None


def _zone(value: str) -> str:
    if value:
        time_zone(value)
    return value


Encoding = Annotated[str, AfterValidator(_encoding)]
Zone = Annotated[str, AfterValidator(_zone)]
Month = Annotated[int, BeforeValidator(month_number)]
Months = Annotated[int, BeforeValidator(months_of)]
Series = Annotated[list[str], BeforeValidator(_listed)]
Preference = Annotated[
    list[Leaks], Field(min_length=1), BeforeValidator(_listed), AfterValidator(_once)
]
FillMethods = Annotated[
    list[FillMethod], Field(min_length=1), BeforeValidator(_listed), AfterValidator(_once)
]
Qualities = Annotated[list[Quality], BeforeValidator(_listed)]
Basis = Annotated[dict[str, Literal["net", "gross"]], BeforeValidator(_everywhere)]
Percent = Annotated[Decimal, Field(ge=0, lt=1000)]
FIRST = 190001  # the first month there is
EMITTED = "t CO2e"  # the unit of a quota of emissions
OWN = "own"  # the owner of a PV plant that is the organisation's


class Table(BaseModel):
    """A table of the file; a key it does not know is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Organisation(Table):
    name: Annotated[str, Field(min_length=1)]
    consolidation: Approach = "operational control"
    reporting_year_starts: Annotated[int, Field(ge=1, le=12)] = 1  # month
    sample: str = ""  # what a sample book says of its own figures
    boundary: str = ""  # one sentence for the head of the report


class Stake(Table):
    """How much of an entity its holder has, and what it decides there."""

    owned: Share  # of the capital, or of the profit where the two differ
    control: Controls = ["none"]  # of the holder over the entity


class LaterStake(Stake):
    """A stake that replaces the one before it."""

    since: Month


class Entity(Stake):
    """A company, joint venture or holding between the organisation and its sites."""

    name: Name
    title: str = ""
    held_by: str = ""  # another entity; '' the organisation itself
    is_investment: bool = False  # a fixed asset investment: in no approach
    stake: list[LaterStake] = []
    note: str = ""

    @model_validator(mode="after")
    def _control_is_stated(self) -> Entity:
        for each in (self, *self.stake):
            if "control" not in each.model_fields_set and not self.is_investment:
                raise ValueError(
                    f"entity {self.name!r} lacks control: financial, joint, operational, both"
                    " (financial and operational) or none"
                )
        months = [each.since for each in self.stake]
        if months != sorted(set(months)):
            raise ValueError(f"the stakes of entity {self.name!r} follow one another by since")
        return self

    def stake_in(self, month: int) -> Stake:
        """The stake that holds in a month."""
        held = [each for each in self.stake if each.since <= month]
        return held[-1] if held else self


class Source(Table):
    """What a site says of one of its emission sources."""

    state: State
    reason: str = ""
    estimated_t: Annotated[Decimal, Field(ge=0)] | None = None  # a year, as it would count [t CO2e]


class Meter(Table):
    """A meter, a sub-meter of another, or a virtual one, which is computed and never recorded."""

    name: Name
    role: Role = "grid_import"
    of: str = ""  # the meter of the site it measures a part of
    plus: Series = []  # of a virtual meter: what is added
    minus: Series = []  # and what is taken off
    since: Month = 190001  # its first month
    until: Month | None = None  # its first month no longer there
    calibrated_on: date | None = None
    calibration_due: date | None = None
    calibration_every: Months | None = None  # instead of the day it is due
    note: str = ""

    @property
    def is_virtual(self) -> bool:
        """Whether its months are computed."""
        return bool(self.plus)

    @property
    def due_on(self) -> date | None:
        """The day its calibration is due, None where nobody says."""
        if self.calibration_due or not (self.calibrated_on and self.calibration_every):
            return self.calibration_due
        return months_after(self.calibrated_on, self.calibration_every)

    def stands(self, month: int) -> bool:
        """Whether it is there in a month."""
        return self.since <= month < (self.until or FOREVER)

    @model_validator(mode="after")
    def _calibration_hangs_together(self) -> Meter:
        if self.calibration_every and not self.calibrated_on:
            raise ValueError(
                f"meter {self.name!r} says calibration_every and not calibrated_on, from which it"
                " runs"
            )
        if self.calibration_every and self.calibration_due:
            raise ValueError(
                f"meter {self.name!r} says calibration_every and calibration_due: keep one"
            )
        if self.calibrated_on and self.due_on and self.due_on <= self.calibrated_on:
            raise ValueError(f"the calibration of meter {self.name!r} is due before it was done")
        if self.is_virtual and (self.calibrated_on or self.calibration_due):
            raise ValueError(f"meter {self.name!r} is computed, and has nothing to calibrate")
        if self.is_virtual and "role" in self.model_fields_set:
            raise ValueError(f"meter {self.name!r} is computed of others, which have the roles")
        return self


class CertificateSpan(Table):
    """Who has the certificates of a PV plant in a span of months: kept, or sold to others."""

    state: Literal["kept", "sold"]
    since: Month = 190001
    until: Month | None = None  # its first month no longer so

    def __str__(self) -> str:
        return f"{self.state}{_span(self.since, self.until)}"


class PVPlant(Table):
    """A PV plant of a site: its size, whose it is, and who has its certificates."""

    meter: Series = []  # generation meters it is read on; none: all that no other plant names
    capacity_kw: Annotated[Decimal, Field(gt=0)] | None = None
    commissioned: Month = 190001
    retired: Month | None = None  # its first month out of use
    owner: Annotated[str, Field(min_length=1)] = OWN  # or the third party that sells the power
    certificates: Annotated[list[CertificateSpan], BeforeValidator(_for_ever)] = []
    note: str = ""

    def __str__(self) -> str:
        size = "unstated size" if self.capacity_kw is None else f"{self.capacity_kw} kW"
        told = [f"{size}{_span(self.commissioned, self.retired)}", f"owner {self.owner}"]
        told += [f"certificates {each}" for each in self.certificates]
        return f"({', '.join([*self.meter, *told])})"

    def __repr__(self) -> str:
        return str(self)

    @model_validator(mode="after")
    def _spans_follow_each_other(self) -> PVPlant:
        if self.retired is not None and self.retired <= self.commissioned:
            raise ValueError("a PV plant is retired after it was commissioned")
        if self.owner != OWN and not self.certificates:
            raise ValueError(
                f"the PV plant of {self.owner!r} does not say who has its certificates: write"
                " certificates = 'kept' if they come with the power, 'sold' if others have them"
            )
        before = 0
        for each in sorted(self.certificates, key=lambda span: span.since):
            if each.since < before or (each.until or FOREVER) <= each.since:
                raise ValueError("spans of certificates may neither overlap nor be empty")
            before = each.until or FOREVER
        return self

    def is_running(self, month: int) -> bool:
        """Whether it stands and is in use in a month."""
        return self.commissioned <= month < (self.retired or FOREVER)

    def is_sold(self, month: int) -> bool:
        """Whether others have its certificates of a month."""
        return any(
            each.state == "sold" and each.since <= month < (each.until or FOREVER)
            for each in self.certificates
        )

    def contradicts(self, other: PVPlant) -> bool:
        """Whether both are read on the same meters in the same months, and differ in terms."""
        first = max(self.commissioned, other.commissioned)
        left = min(self.retired or FOREVER, other.retired or FOREVER)
        is_shared = bool({*self.meter} & {*other.meter}) or (self.is_rest and other.is_rest)
        if first >= left or not is_shared:
            return False
        spans = [*self.certificates, *other.certificates]
        turns = {month for span in spans for month in (span.since, span.until or FOREVER)}
        months = [first, *(month for month in turns if first < month < left)]
        return self.owner != other.owner or any(
            self.is_sold(month) != other.is_sold(month) for month in months
        )

    @property
    def is_rest(self) -> bool:
        """Whether it is read on whatever meters no other plant names."""
        return not self.meter


class Site(Table):
    """A site, and its stay within the boundary."""

    name: Name
    title: str = ""
    region: str
    kind: Literal["office", "plant", "data centre", "warehouse", "shop", "other"] = "other"
    entity: str = ""  # that it belongs to; '' the organisation itself
    share: Annotated[Decimal, Field(ge=0, le=1)] = Decimal(1)  # by equity share, without an entity
    lease: Lease | None = None
    lease_exception: str = ""  # why an operating lease goes against the rule of operational control
    exists_since: Month | None = None  # its first month anywhere, also before it joined
    is_reported_elsewhere: bool = False  # what was out- or insourced stays in Scope 2 or 3
    joined: Month = 190001
    joined_because: Reason = "built"
    left: Month | None = None  # its first month outside
    left_because: Reason | None = None
    in_boundary: bool = True
    electricity: Series = []  # declared grid series, instead of the policy's
    pv: list[PVPlant] = []
    pv_certificates: Literal["kept", "sold"] = "kept"  # of books without [[site.pv]]
    pv_capacity_kw: Decimal | None = None  # likewise
    sources: dict[str, Annotated[Source, BeforeValidator(stated)]] = {}  # checklist
    meter: list[Meter] = []
    note: str = ""

    @model_validator(mode="after")
    def _meters_are_a_tree(self) -> Site:
        metering.check(self.name, self.meter)
        return self

    @model_validator(mode="after")
    def _plants_are_told_once(self) -> Site:
        for key in ("pv_certificates", "pv_capacity_kw"):
            if self.pv and key in self.model_fields_set:
                raise ValueError(f"site {self.name!r} has both {key} and [[site.pv]]: keep one")
        roles = {each.name: each.role for each in self.meter}
        for number, plant in enumerate(self.pv):
            for name in plant.meter:
                if roles.get(name) != "pv_generation":
                    close = nearest(name, [key for key in roles if roles[key] == "pv_generation"])
                    hint = f"; nearest: {close}" if close else ""
                    raise ValueError(
                        f"a PV plant of site {self.name!r} names {name!r}, which is no meter of"
                        f" the site with the role pv_generation{hint}"
                    )
            if any(plant.contradicts(other) for other in self.pv[:number]):
                raise ValueError(
                    f"two PV plants of site {self.name!r} share their months, and differ in owner"
                    " or certificates: name the meters of each"
                )
        return self

    def plants(self) -> list[PVPlant]:
        """Its PV plants; of the keys of older books one, for ever."""
        said = {"capacity_kw": self.pv_capacity_kw, "certificates": self.pv_certificates}
        return self.pv or [PVPlant.model_validate(said)]


class Area(Table):
    """A department (part of the organisation), or a key area (part of a department)."""

    name: Name
    title: str = ""
    part_of: str = ""  # a department; '' the organisation
    holds: Series = []  # sites, or meters as 'site/meter'


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


class Fill(Table):
    """Gaps that are filled with an estimate until the bill comes. Without one, missing is missing.

    Of several that mean a bill or meter the first counts. An empty list means all.
    """

    site: Series = []
    meter: Series = []
    activity: Series = []
    method: FillMethods = ["trend", "profile", "neighbours"]  # the first that can
    note: str = ""

    def means(self, site: str, meter: str, activity: str) -> bool:
        """Whether it is about a bill or meter."""
        asked = ((self.site, site), (self.meter, meter), (self.activity, activity))
        return all(not said or name in said for said, name in asked)


class Quota(Table):
    """What may be used, or emitted, in a month or a year: of a meter, a site, or all of them."""

    name: Name
    site: Series = []
    meter: Series = []
    activity: str = ""  # '' where the quota is one of emissions: Scope 1+2 location-based
    quantity: Annotated[Decimal, Field(gt=0)]
    unit: Annotated[str, Field(min_length=1)]  # of the activity, or 't CO2e'
    per: Literal["month", "year"]
    since: Month = 190001
    until: Month | None = None  # its first month no longer so
    source: str = ""  # who set it

    @model_validator(mode="after")
    def _is_of_something(self) -> Quota:
        is_emission = self.unit == EMITTED
        if is_emission == bool(self.activity):
            raise ValueError(
                f"quota {self.name!r} is in 't CO2e', or names an activity: one of the two"
            )
        if is_emission and self.meter:
            raise ValueError(f"quota {self.name!r} is one of emissions, and of no meter")
        return self

    def holds(self, month: int) -> bool:
        """Whether it is in force in a month."""
        return self.since <= month < (self.until or FOREVER)


class Target(Table):
    """A target. `line` says on which of the three lines it is judged."""

    name: Name
    kind: Literal["peak", "neutral", "net zero"]
    year: Annotated[int, Field(ge=1990, le=2100)]
    line: Literal["location", "market", "net"] | None = None
    sites: list[str] = []  # a sub-boundary; empty for all
    note: str = ""

    @property
    def judged_on(self) -> str:
        """The line of the verdict: after credits for neutrality, else location-based."""
        return self.line or ("net" if self.kind == "neutral" else "location")


class Published(Table):
    """A figure the organisation has published, kept beside the computed one, never forced."""

    year: int
    line: Literal["scope1", "scope2", "scope1+2"]
    mass_t: Decimal
    method: str  # the method it follows, or implies
    source: str = ""


class FuelBlend(Table):
    """What a fuel of the organisation's own is blended of, in percent. Entries name it as detail.

    One of the same name and fuel as a blend of the library stands instead of it.
    """

    name: Name
    fuel: str  # what it is sold as: diesel, gasoline, natural_gas
    basis: Literal["volume", "mass", "energy"] = "volume"  # what the percent is of
    parts: dict[str, Annotated[Decimal, Field(gt=0, le=100)]]  # fuel = percent
    source: Annotated[str, Field(min_length=1)]  # a delivery note, an analysis

    @model_validator(mode="after")
    def _is_whole(self) -> FuelBlend:
        whole = sum(self.parts.values(), Decimal(0))
        if whole != 100:
            raise ValueError(f"the parts of {self.name!r} add up to {whole} %, not 100 %")
        return self


class Chp(Table):
    """A plant that makes heat and power: the meter its fuel and output are recorded on, and how its
    emissions are shared out to them."""

    plant: Name
    method: Literal["efficiency", "2:1", "energy"] = "efficiency"
    efficiencies: str = ""  # named ones of the library: US, UK
    heat_efficiency: Annotated[Decimal, Field(gt=0, le=1)] | None = None
    power_efficiency: Annotated[Decimal, Field(gt=0, le=1)] | None = None
    note: str = ""

    @model_validator(mode="after")
    def _has_what_its_method_needs(self) -> Chp:
        own = (self.heat_efficiency, self.power_efficiency)
        if self.method == "efficiency":
            if (None in own) == (not self.efficiencies) or (self.efficiencies and any(own)):
                raise ValueError(
                    f"the efficiency method of {self.plant!r} needs efficiencies = 'US' or 'UK', or"
                    " both heat_efficiency and power_efficiency"
                )
        elif self.efficiencies or any(own):
            raise ValueError(f"the method {self.method!r} of {self.plant!r} takes no efficiency")
        return self


class Statement(Table):
    """What became of a reporting year: reviewed, approved, published, and by whom."""

    year: int
    status: Literal["draft", "reviewed", "approved", "published"]
    by: str = ""
    on: date | None = None
    note: str = ""  # an unusual year says so here


class ColumnMap(Table):
    """The layout of somebody else's file, mapped once."""

    sheet: str = ""  # of a workbook; none: the first, and those with the same header
    header_row: Annotated[int, Field(ge=1)] | None = None  # none: looked for
    encoding: Encoding = ""  # of a text file: utf-8, gb18030, latin-1 ...
    delimiter: Annotated[str, Field(max_length=1)] = ""
    decimal: Literal["", ".", ","] = ""
    columns: dict[str, str] = {}  # ours = theirs
    constants: dict[str, str] = {}  # ours = the same for every row
    words: dict[str, dict[str, str]] = {}  # of a column: theirs = ours; ours = "" leaves rows out
    end_is_exclusive: bool = False
    date_format: str = ""  # %d/%m/%Y
    register_digits: Annotated[int, Field(ge=3, le=12)] | None = None  # of a meter that rolls over
    time_zone: Zone = ""  # of a Green Button file that does not say: America/New_York, UTC+08:00


class Settings(Table):
    """The whole of `carbon.toml`."""

    organisation: Organisation
    entity: list[Entity] = []
    site: list[Site] = []
    policy: Policy = Policy()
    target: list[Target] = []
    published: list[Published] = []
    statement: list[Statement] = []
    fuel_blend: list[FuelBlend] = []
    chp: list[Chp] = []
    area: list[Area] = []
    indicator: list[Indicator] = []
    fill: list[Fill] = []
    quota: list[Quota] = []
    column_map: Annotated[dict[str, ColumnMap], Field(alias="import")] = {}

    @model_validator(mode="after")
    def _names_are_distinct(self) -> Settings:
        taken: dict[str, str] = {}
        named = [("site", site.name) for site in self.site]
        named += [("meter", meter.name) for site in self.site for meter in site.meter]
        for kind, name in named:
            if name in taken:
                raise ValueError(f"{kind} {name!r} has the name of another {taken[name]}")
            taken[name] = kind
        is_equity = self.organisation.consolidation == "equity share"
        for site in self.site:
            if site.share != 1 and not is_equity:
                raise ValueError(
                    f"site {site.name!r} has a share of {site.share}, which only consolidation ="
                    " 'equity share' knows"
                )
        for plant in self.chp:
            if plant.plant not in self.meters():
                close = nearest(plant.plant, self.meters())
                hint = f"; nearest: {close}" if close else ""
                raise ValueError(f"chp {plant.plant!r} is no meter of a site{hint}")
        named_in = [(f"target {each.name!r}", "site", each.sites) for each in self.target]
        limited = [(f"quota {each.name!r}", each) for each in self.quota]
        for what, each in (*(("fill", each) for each in self.fill), *limited):
            named_in += [(what, "site", each.site), (what, "meter", each.meter)]
        for where, kind, names in named_in:
            known = self.meters() if kind == "meter" else self.sites()
            for name in names:
                if name not in known:
                    close = nearest(name, known)
                    hint = f"; nearest: {close}" if close else ""
                    raise ValueError(f"{where} names no {kind} {name!r}{hint}")
        return self

    @model_validator(mode="after")
    def _entities_hang_together(self) -> Settings:
        held = {entity.name: entity.held_by for entity in self.entity}
        if len(held) < len(self.entity):
            raise ValueError("two entities have the same name")
        for what, name, above in (
            *(("entity", each.name, each.held_by) for each in self.entity),
            *(("site", each.name, each.entity) for each in self.site),
        ):
            if above and above not in held:
                close = nearest(above, held)
                hint = f"; nearest: {close}" if close else ""
                raise ValueError(f"{what} {name!r} names no entity {above!r}{hint}")
        for name in held:
            above, passed = held[name], {name}
            while above and above not in passed:
                passed.add(above)
                above = held[above]
            if above:
                raise ValueError(f"entity {name!r} holds itself: {', '.join(sorted(passed))}")
        for site in self.site:
            _check_standing(site)
        return self

    @model_validator(mode="after")
    def _areas_hang_together(self) -> Settings:
        self.standings()
        return self

    def areas(self) -> dict[str, Area]:
        """Departments and key areas by name."""
        return {area.name: area for area in self.area}

    def standings(self) -> dict[tuple[str, str], Standing]:
        """Department and key area of every site (meter '': its bills) and meter that has one."""
        meters = {
            site.name: {each.name: each.of for each in site.meter if each.of or not each.is_virtual}
            for site in self.site
        }
        return standings(self.area, meters)

    def standing(self, site: str, meter: str = "") -> Standing:
        """Department and key area of a meter, or of a site's bills; '' where it has none."""
        return self.standings().get((site, meter), UNASSIGNED)

    @model_validator(mode="after")
    def _indicators_hang_together(self) -> Settings:
        self.indicators()
        return self

    def indicators(self) -> dict[str, Indicator]:
        """Indicators by name: those every book has, and its own."""
        return indicators(self.indicator)

    def entities(self) -> dict[str, Entity]:
        """Entities by name."""
        return {entity.name: entity for entity in self.entity}

    def sites(self) -> dict[str, Site]:
        """Sites by name."""
        return {site.name: site for site in self.site}

    def meters(self) -> dict[str, tuple[Site, Meter]]:
        """Meters by name, each with its site."""
        return {meter.name: (site, meter) for site in self.site for meter in site.meter}

    def statements(self) -> dict[int, Statement]:
        """The last statement made on each reporting year."""
        return {statement.year: statement for statement in self.statement}


def _check_standing(site: Site) -> None:
    """What a site says of its share and its lease goes together."""
    if site.entity and "share" in site.model_fields_set:
        raise ValueError(
            f"site {site.name!r} has an entity, from which its share follows, and a share of its"
            " own: take one of them out"
        )
    if site.exists_since and site.exists_since > site.joined:
        raise ValueError(f"site {site.name!r} joined before it exists: see its exists_since")
    if site.lease_exception and site.lease not in ("operating leased", "leased out operating"):
        raise ValueError(
            f"site {site.name!r} has a lease_exception, which only 'operating leased' and 'leased"
            " out operating' know"
        )


def read(text: str, file: str = "carbon.toml") -> Settings:
    """The settings a text holds. Raises SettingsError naming file, table, key and remedy."""
    return checked(Settings, text, file)


def checked(model: type[BaseModel], text: str, file: str) -> Any:
    """A TOML text as a `model`. Raises SettingsError for the first mistake, counting the others."""
    try:
        tables = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as fault:
        raise SettingsError(
            "not-toml",
            f"{file} is not valid TOML: {fault}",
            where=file,
            remedy="text stands in quotes, a list in [ ], and each table starts with [name]",
        ) from None
    try:
        return model.model_validate(tables)
    except ValidationError as fault:
        raise _mistake(model, fault, file) from None


def _mistake(model: type[BaseModel], fault: ValidationError, file: str) -> SettingsError:
    """The first mistake of a validation, as a person would say it."""
    errors = fault.errors()
    first = errors[0]
    spot = _spot(first["loc"])
    more = f" ({len(errors) - 1} more after it)" if len(errors) > 1 else ""
    looked_for, near = "", ""
    if first["type"] == "extra_forbidden":
        key = str(first["loc"][-1])
        known = _keys(model, first["loc"][:-1])
        message = f"{file} has a key {key!r} that means nothing here{more}"
        looked_for, near = ", ".join(known), nearest(key, known)
        remedy = f"write {near!r} instead of {key!r}" if near else "take the key out"
    elif first["type"] == "missing":
        message = f"{file} lacks {first['loc'][-1]!r}{more}"
        remedy = f"add {first['loc'][-1]} = ..."
    elif first["type"] == "literal_error":
        allowed = re.findall(r"'([^']+)'", first["ctx"]["expected"])
        found = str(first["input"])
        message = f"{found!r} is not allowed for {first['loc'][-1]!r}{more}"
        looked_for, near = "one of " + ", ".join(allowed), nearest(found, allowed)
        remedy = f"write {near!r}" if near else f"write one of {', '.join(allowed)}"
    else:
        reason = first["msg"].removeprefix("Value error, ")
        message = f"{reason}{more}"
        found = first["input"]
        remedy = (
            f"change {first['loc'][-1]} = {found!r}"
            if first["loc"] and isinstance(found, str | int | float | bool | Decimal)
            else "mend it in the file"
        )
    return SettingsError(
        "settings",
        message,
        where=f"{file}, {spot}" if spot else file,
        looked_for=looked_for,
        nearest=near,
        remedy=remedy,
    )


def _spot(location: Sequence[int | str]) -> str:
    """Where a mistake stands: 'site 2, meter 1, role'."""
    parts: list[str] = []
    for part in location:
        if isinstance(part, int) and parts:
            parts[-1] += f" {part + 1}"
        else:
            parts.append(str(part))
    return ", ".join(parts)


def _keys(model: type[BaseModel], location: Sequence[int | str]) -> list[str]:
    """The keys a table may have."""
    current: Any = model
    for part in location:
        if isinstance(part, int) or not hasattr(current, "model_fields"):
            continue
        fields = {field.alias or name: field for name, field in current.model_fields.items()}
        if part in fields:
            inner = str(fields[part].annotation)
            names = {cls.__name__: cls for cls in _models()}
            current = next((names[n] for n in re.findall(r"\w+", inner) if n in names), current)
    fields = getattr(current, "model_fields", {})
    return [field.alias or name for name, field in fields.items()]


def _models() -> list[type[BaseModel]]:
    found: list[type[BaseModel]] = [BaseModel]
    for cls in found:
        found += cls.__subclasses__()
    return found
