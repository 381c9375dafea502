"""The book's settings: what `carbon.toml` may say, and what it means when it says nothing.

`read` takes the text of a `carbon.toml` and gives a `Settings`; every mistake names file, table,
key, what was found, what is allowed and the nearest valid word. Unknown keys are refused, so a
misspelt policy can never be silently ignored.
"""

from __future__ import annotations

import re
import tomllib
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

from carbon.errors import SettingsError, nearest

Role = Literal["grid_import", "pv_generation", "pv_export", "it_load", "sub_meter", "charger"]
Reason = Literal["acquired", "divested", "built", "closed", "outsourced", "insourced", "omitted"]
State = Literal["reported", "zero", "not applicable", "not disclosed", "excluded"]
Quality = Literal["metered", "billed", "estimated", "calculated", "unstated"]

QUALITIES: tuple[str, ...] = ("metered", "billed", "estimated", "calculated", "unstated")
METRICS: tuple[str, ...] = ("revenue", "people", "floor_area", "it_energy", "output")


def month_number(value: object) -> int:
    """202307 from '2023-07'."""
    if isinstance(value, int) and not isinstance(value, bool) and 190001 <= value <= 999912:
        return value
    found = re.fullmatch(r"(\d{4})-(\d{2})(?:-\d{2})?", str(value))
    if not found or not 1 <= int(found[2]) <= 12:
        raise ValueError(f"a month is written like 2023-07, not {value!r}")
    return int(found[1]) * 100 + int(found[2])


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _everywhere(value: object) -> object:
    return {"default": value} if isinstance(value, str) else value


def _name(value: str) -> str:
    if not value or value != value.strip() or "/" in value or "\n" in value:
        raise ValueError(f"a name has no slash and no blank at its ends, unlike {value!r}")
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
Series = Annotated[list[str], BeforeValidator(_listed)]
Basis = Annotated[dict[str, Literal["net", "gross"]], BeforeValidator(_everywhere)]
Name = Annotated[str, AfterValidator(_name)]
Percent = Annotated[Decimal, Field(ge=0, lt=1000)]


class Table(BaseModel):
    """A table of the file; a key it does not know is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Organisation(Table):
    name: Annotated[str, Field(min_length=1)]
    consolidation: Literal["operational control", "financial control", "equity share"] = (
        "operational control"
    )
    reporting_year_starts: Annotated[int, Field(ge=1, le=12)] = 1  # month
    sample: str = ""  # what a sample book says of its own figures
    boundary: str = ""  # one sentence for the head of the report


class Meter(Table):
    name: Name
    role: Role = "grid_import"
    since: Month = 190001  # its first month
    until: Month | None = None  # its first month no longer there
    note: str = ""


class Site(Table):
    """A site, and its stay within the boundary."""

    name: Name
    title: str = ""
    region: str
    kind: Literal["office", "plant", "data centre", "warehouse", "shop", "other"] = "other"
    share: Annotated[Decimal, Field(ge=0, le=1)] = Decimal(1)  # of the consolidation approach
    joined: Month = 190001
    joined_because: Reason = "built"
    left: Month | None = None  # its first month outside
    left_because: Reason | None = None
    in_boundary: bool = True
    electricity: Series = []  # declared grid series, instead of the policy's
    pv_certificates: Literal["kept", "sold"] = "kept"
    pv_capacity_kw: Decimal | None = None
    sources: dict[str, State] = {}  # checklist of emission sources
    meter: list[Meter] = []
    note: str = ""


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
    factor_year: Literal["reporting year", "calendar year", "financial year"] = "reporting year"
    pv_in_energy: bool = True
    approval_needed: bool = True  # a verdict of `met` needs approved years
    electricity: dict[str, Series] = {}  # by country, or 'default'
    fuel: dict[str, Series] = {}
    fuel_energy: Basis = {}  # what energy of fuel means that says neither net nor gross
    standard_coal: dict[str, Series] = {}
    uncertainty: Uncertainty = Uncertainty()
    peak_tolerance: Annotated[Decimal, Field(ge=0, le=1)] = Decimal(0)


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
    site: list[Site] = []
    policy: Policy = Policy()
    target: list[Target] = []
    published: list[Published] = []
    statement: list[Statement] = []
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
        for target in self.target:
            for name in target.sites:
                if name not in self.sites():
                    close = nearest(name, self.sites())
                    hint = f"; nearest: {close}" if close else ""
                    raise ValueError(f"target {target.name!r} names no site {name!r}{hint}")
        return self

    def sites(self) -> dict[str, Site]:
        """Sites by name."""
        return {site.name: site for site in self.site}

    def meters(self) -> dict[str, tuple[Site, Meter]]:
        """Meters by name, each with its site."""
        return {meter.name: (site, meter) for site in self.site for meter in site.meter}

    def statements(self) -> dict[int, Statement]:
        """The last statement made on each reporting year."""
        return {statement.year: statement for statement in self.statement}


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
    found = [Table]
    for cls in found:
        found += cls.__subclasses__()
    return found
