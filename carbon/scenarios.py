"""What may happen: the growth, measures and grids of a scenario, as exact rows for the years ahead.

A scenario file states differences on another (`based_on`). `resolve` reads them all; the `plan_`
functions turn measures into multipliers of the last actual year's months, quantities added to
them, certificates and credits; `grid_sets` gives the grid factors a scenario supposes. The same
SQL that computes an inventory then computes the years ahead, so that a projection can be
explained like any other figure.

Everything is worked out in fractions relative to the base month: a measure that was already at
work in that month is in its figure and is not counted again. Measures multiply in the order they
are stated; those on different sub-loads of one load act on their own share of it only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal, NamedTuple

from pydantic import BeforeValidator, Field, model_validator

from carbon.errors import Problem, SettingsError, UnitError, nearest
from carbon.records import Credit, Instrument
from carbon.settings import Month, Name, Table, checked

Area = Literal[
    "buildings", "new infrastructure", "production and product", "supply chain", "daily operation"
]
Stage = Literal["reduction", "neutralisation", "capability", "growth"]
Kind = Literal["growth", "efficiency", "pue", "pv", "saving", "heat", "certificates", "credits"]
Accounting = Literal["location", "market"]

ACTUAL = "actual"  # the ledger's own name among the scenarios
PURCHASED = ("electricity", "electricity_including_pv")
PHOTOVOLTAIC = ("pv_generation", "pv_export")
AMOUNTS = ("MJ", "kg", "L", "m3", "Nm3")  # what a saving of fuel is counted in

# Needed by each kind (one of each group), and what else it may say.
FIELDS: dict[str, tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]] = {
    "growth": ((("rate", "path"),), ("site", "meter", "activity", "detail", "start")),
    "efficiency": (
        (("gain", "cut"), ("activity",), ("start",)),
        ("site", "meter", "detail", "sub_load", "share", "ramp_months", "life_years"),
    ),
    "pue": (
        (("site",), ("from",), ("to", "path")),
        ("meter", "start", "ramp_months", "life_years"),
    ),
    "pv": (
        (("site",), ("capacity",), ("specific_yield_kwh_per_kw",), ("monthly_share",), ("start",)),
        ("meter", "power_density_w_per_m2", "self_use", "degradation", "ramp_months", "life_years"),
    ),
    "saving": (
        (("site",), ("activity",), ("saving",), ("start",)),
        ("meter", "detail", "monthly_share", "ramp_months", "life_years"),
    ),
    "heat": (
        (("site",), ("activity",), ("heat",), ("boiler_efficiency",), ("start",)),
        ("meter", "detail", "monthly_share", "ramp_months", "life_years"),
    ),
    "certificates": ((("instrument",), ("market",), ("energy_mwh",)), ("site",)),
    "credits": ((("standard",), ("credit_kind",), ("mass_t",)), ("years",)),
}
ALWAYS = frozenset(
    {"name", "area", "stage", "kind", "status", "source", "baseline", "note"}
    | {"capex_rmb", "opex_rmb_per_year"}
)
NUMBERS = frozenset(  # what a source must be named for
    {"rate", "path", "gain", "cut", "share", "from", "to", "capacity", "power_density_w_per_m2"}
    | {"specific_yield_kwh_per_kw", "monthly_share", "self_use", "degradation", "saving", "heat"}
    | {"boiler_efficiency", "energy_mwh", "mass_t", "capex_rmb", "opex_rmb_per_year"}
)


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _sources(value: object) -> object:
    return {"other": value} if isinstance(value, str) else value


Words = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Share = Annotated[Decimal, Field(ge=0, le=1)]
Positive = Annotated[Decimal, Field(gt=0)]
Path = dict[int, Positive]
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
    status: Literal["idea", "approved", "built", "verified"] = "idea"
    source: Sources
    baseline: str = ""  # how the saving is measured; `verified` needs it
    note: str = ""
    start: Month | None = None
    ramp_months: Annotated[int, Field(ge=0, le=240)] = 0  # linear, month by month
    life_years: Annotated[int, Field(ge=1, le=100)] | None = None
    capex_rmb: Decimal | None = None
    opex_rmb_per_year: Decimal | None = None
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


class Load(NamedTuple):
    """A key of the ledger as a measure sees it; role '' is an unmetered bill."""

    site: str
    meter: str
    activity: str
    detail: str
    role: str

    @property
    def is_bill(self) -> bool:
        """True for electricity bought: sub-meters and chargers measure parts of it."""
        return self.activity in PURCHASED and self.role in ("", "grid_import")


class Place(NamedTuple):
    """Where a quantity is added; the ledger may have to make a key for it."""

    site: str
    meter: str
    activity: str
    detail: str


class GridFactor(NamedTuple):
    """A grid factor a scenario supposes. Grain: one per region, accounting and year."""

    scenario: str
    region: str
    accounting: str
    year: int
    g_per_kwh: Decimal
    source: str


IndexRow = tuple[str, int, int, int, Decimal]
AdditionRow = tuple[str, Place, int, str, Decimal]

# --- reading ---


def resolve(files: Mapping[str, str]) -> list[Scenario]:
    """Every scenario of the files, bases first, each with its differences applied to its base.

    files : texts by file name.

    Raises SettingsError for a file that cannot be understood, two of one name, a base that is
    missing or goes round in a circle; UnitError for a capacity that is no power.
    """
    read: dict[str, tuple[str, File]] = {}
    for file in sorted(files):
        parsed: File = checked(File, files[file], file)
        if parsed.name in read:
            raise SettingsError(
                "scenario-twice",
                f"two files describe the scenario {parsed.name!r}",
                where=f"{read[parsed.name][0]}\n{file}",
                remedy="rename one of them",
            )
        read[parsed.name] = (file, parsed)
    done: dict[str, Scenario] = {}
    for name in sorted(read):
        _resolved(name, read, done, ())
    return list(done.values())


def _resolved(
    name: str, read: Mapping[str, tuple[str, File]], done: dict[str, Scenario], via: tuple[str, ...]
) -> Scenario:
    if name in done:
        return done[name]
    file, own = read[name]
    if name in via:
        raise SettingsError(
            "scenario-circle",
            f"scenario {name!r} is based on itself: {' on '.join((*via[via.index(name) :], name))}",
            where=file,
            remedy="let one of them stand on its own: based_on = ''",
        )
    base = None
    if own.based_on:
        if own.based_on not in read:
            raise SettingsError(
                "scenario-unknown",
                f"scenario {name!r} is based on {own.based_on!r}, which no file describes",
                where=file,
                looked_for=", ".join(sorted(read)),
                nearest=nearest(own.based_on, read),
                remedy="name one of them, or add the file",
            )
        base = _resolved(own.based_on, read, done, (*via, name))
    scenario = _applied(own, base, file)
    for measure in own.measure:
        _check_amounts(measure, file)
    done[name] = scenario
    return scenario


def _applied(own: File, base: Scenario | None, file: str) -> Scenario:
    """A file's differences applied to its base: same names replace, new ones follow."""
    measures = {each.name: each for each in base.measures} if base else {}
    for name in own.without:
        if name not in measures:
            raise _mistake(
                own.name, file, f"leaves out {name!r}, which its base does not have", name, measures
            )
        del measures[name]
    measures |= {each.name: each for each in own.measure}
    grids = {(grid.region, how): grid for grid in own.grid for how in grid.accounting}
    kept = [
        grid.model_copy(update={"accounting": left})
        for grid in (base.grids if base else ())
        if (left := tuple(how for how in grid.accounting if (grid.region, how) not in grids))
    ]
    base_year = own.base_year or (base.base_year if base else None)
    horizon = own.horizon or (base.horizon if base else None)
    for word, value in (("base_year", base_year), ("horizon", horizon)):
        if value is None:
            raise _mistake(own.name, file, f"states no {word}", word, ())
    if horizon <= base_year:
        raise _mistake(own.name, file, f"ends in {horizon}, not after {base_year}", "horizon", ())
    for measure in own.measure:
        early = [year for year in measure.path if year <= base_year]
        if early:
            raise _mistake(
                own.name,
                file,
                f"has a path in {measure.name!r} that starts in {min(early)}, "
                f"not after the base year {base_year}",
                "path",
                (),
            )
    return Scenario(
        own.name,
        own.title or own.name,
        own.based_on,
        base_year,
        horizon,
        tuple(measures.values()),
        (*kept, *own.grid),
        file,
    )


def _mistake(scenario: str, file: str, says: str, word: str, known: Iterable[str]) -> SettingsError:
    known = list(known)
    return SettingsError(
        "scenario",
        f"scenario {scenario!r} {says}",
        where=file,
        looked_for=", ".join(known),
        nearest=nearest(word, known),
        remedy=f"mend {word!r} in the file",
    )


def _check_amounts(measure: Measure, file: str) -> None:
    """Amounts with units are understood when the file is read, not years later."""
    try:
        if measure.kind == "pv":
            capacity_kw(measure)
        if measure.kind in ("saving", "heat"):
            _yearly(measure)
    except UnitError as fault:
        fault.where = "\n".join(
            part for part in (f"{file}, measure {measure.name!r}", fault.where) if part
        )
        raise


def _amount(text: str, allowed: Sequence[str]) -> tuple[str, Fraction]:
    """'1000 GJ' in one of the allowed units: the unit, and how much of it."""
    from carbon import units  # pint is heavy, and a plan without amounts needs none

    number, _, name = text.strip().partition(" ")
    try:
        value = Fraction(Decimal(number.replace(",", "")))
    except (ArithmeticError, ValueError):
        raise UnitError(
            "not-an-amount",
            f"{text!r} is not a number and a unit",
            remedy="write it like '5.4 MW'",
        ) from None
    unit, factor = units.conversion(name.strip(), allowed)
    return unit, value * factor


def capacity_kw(measure: Measure) -> Fraction:
    """The capacity of a PV measure. [kW]

    An area counts only with a stated power density; without one its dimension is wrong.
    """
    if measure.power_density_w_per_m2 is None:
        return _amount(measure.capacity, ("kW",))[1]
    area_m2 = _amount(measure.capacity, ("m2",))[1]
    return area_m2 * Fraction(measure.power_density_w_per_m2) / 1000


def _yearly(measure: Measure) -> tuple[str, Fraction]:
    """What a saving or recovered heat takes off in a full year: unit and quantity."""
    if measure.kind == "heat":
        unit, heat = _amount(measure.heat, ("MJ",))
        return unit, heat / Fraction(measure.boiler_efficiency)
    bought = measure.activity[0] in (*PURCHASED, *PHOTOVOLTAIC)
    return _amount(measure.saving, ("kWh",) if bought else AMOUNTS)


# --- how far a measure acts ---


def _index(month: int) -> int:
    return month // 100 * 12 + month % 100 - 1


def _level(measure: Measure, month: int) -> Fraction:
    """How far a measure is in force in a month, 0 to 1: ramped up by equal steps, until its end."""
    since = _index(month) - _index(measure.start)
    if since < 0 or (measure.life_years and since >= measure.life_years * 12):
        return Fraction(0)
    if measure.ramp_months == 0:
        return Fraction(1)
    return min(Fraction(since + 1, measure.ramp_months), Fraction(1))


def interpolated(points: Mapping[int, Decimal | Fraction], year: int) -> Fraction:
    """The value of a path in a year: linear between its years, level before and after them.

    >>> interpolated({2022: Decimal(1), 2024: Decimal(3)}, 2023)
    Fraction(2, 1)
    """
    before = max((known for known in points if known <= year), default=min(points))
    after = min((known for known in points if known >= year), default=max(points))
    low, high = Fraction(points[before]), Fraction(points[after])
    if before == after:
        return low
    return low + (high - low) * Fraction(year - before, after - before)


def _effect(measure: Measure, base_year: int, month: int, year: int) -> Fraction:
    """What a measure multiplies its load with in a month of a reporting year."""
    if measure.kind == "growth":
        if measure.start and month < measure.start:
            return Fraction(1)
        if measure.path:
            return interpolated({base_year: Decimal(1)} | measure.path, max(year, base_year))
        begun = measure.start // 100 - 1 if measure.start else base_year
        return (1 + Fraction(measure.rate)) ** max(year - begun, 0)
    if measure.kind == "pue":
        was = Fraction(measure.from_)
        if measure.path:
            points = {base_year: measure.from_} | measure.path
            return interpolated(points, max(year, base_year)) / was
        return (was + _level(measure, month) * (Fraction(measure.to) - was)) / was
    full = 1 / (1 + Fraction(measure.gain)) if measure.gain else 1 - Fraction(measure.cut)
    return 1 + _level(measure, month) * (full - 1)


def _together(measures: Sequence[Measure], effect: Callable[[Measure], Fraction]) -> Fraction:
    """What measures do to one load: products on the whole and within a sub-load, sums across."""
    whole = Fraction(1)
    parts: dict[str, Fraction] = {}
    shares: dict[str, Fraction] = {}
    for measure in measures:
        if measure.sub_load:
            shares[measure.sub_load] = Fraction(measure.share)
            parts[measure.sub_load] = parts.get(measure.sub_load, Fraction(1)) * effect(measure)
        else:
            whole *= effect(measure)
    return whole * (1 + sum(shares[name] * (part - 1) for name, part in parts.items()))


def acts_on(measure: Measure, load: Load) -> bool:
    """True where a measure multiplies a load. A PUE acts on bills, growth never on PV by itself."""
    if measure.kind not in ("growth", "efficiency", "pue"):
        return False
    if measure.kind == "pue" and not load.is_bill:
        return False
    if measure.kind == "growth" and not measure.activity and load.activity in PHOTOVOLTAIC:
        return False
    return all(
        not wanted or found in wanted
        for wanted, found in (
            (measure.site, load.site),
            (measure.meter, load.meter),
            (measure.activity, load.activity),
            (measure.detail, load.detail),
        )
    )


def _check_shares(scenario: Scenario, load: Load, measures: Sequence[Measure]) -> None:
    """The sub-loads of one load: one share each, and no more than the load together."""
    shares: dict[str, Decimal] = {}
    for measure in measures:
        if not measure.sub_load:
            continue
        if shares.setdefault(measure.sub_load, measure.share) != measure.share:
            raise _mistake(
                scenario.name,
                scenario.file,
                f"gives the sub-load {measure.sub_load!r} at {load.site} two shares, "
                f"{shares[measure.sub_load]} and {measure.share}",
                "share",
                (),
            )
    if sum(shares.values()) > 1:
        raise _mistake(
            scenario.name,
            scenario.file,
            f"gives sub-loads at {load.site} that are more than the whole: "
            + ", ".join(f"{name} {share}" for name, share in shares.items()),
            "share",
            (),
        )


# --- rows ---


def calendar(first_year: int, last_year: int) -> dict[int, int]:
    """Months and their reporting year, where that is the calendar year."""
    return {
        year * 100 + of_year: year
        for year in range(first_year, last_year + 1)
        for of_year in range(1, 13)
    }


def _ahead(
    scenario: Scenario, base_year: int, months: Mapping[int, int]
) -> list[tuple[int, int, int]]:
    """The planned months: (month, its reporting year, its base month)."""
    base = {month % 100: month for month, year in months.items() if year == base_year}
    return [
        (month, year, base[month % 100])
        for month, year in sorted(months.items())
        if base_year < year <= scenario.horizon
    ]


def plan_index(
    scenario: Scenario,
    keys: Mapping[int, Sequence[str]],
    base_year: int,
    months: Mapping[int, int],
) -> list[IndexRow]:
    """What each base month is multiplied with. One row per key and planned month.

    keys : key_id -> (site, meter, activity, detail, role of the meter), of the base year
    base_year : the last actual reporting year, whose months are carried on
    months : month -> reporting year, the base year and all years up to the horizon

    Rows: (scenario, key_id, month, base month, multiplier at 12 places).
    """
    ahead = _ahead(scenario, base_year, months)
    by_set: dict[tuple[str, ...], list[Decimal]] = {}
    rows: list[IndexRow] = []
    for key_id in sorted(keys):
        load = Load(*keys[key_id])
        acting = [measure for measure in scenario.measures if acts_on(measure, load)]
        _check_shares(scenario, load, acting)
        names = tuple(measure.name for measure in acting)
        if names not in by_set:
            by_set[names] = [
                rounded(_multiplier(scenario, acting, month, year, before, base_year), 12)
                for month, year, before in ahead
            ]
        rows += [
            (scenario.name, key_id, month, before, multiplier)
            for (month, _, before), multiplier in zip(ahead, by_set[names], strict=True)
        ]
    return rows


def _multiplier(
    scenario: Scenario,
    acting: Sequence[Measure],
    month: int,
    year: int,
    before: int,
    base_year: int,
) -> Fraction:
    """What the measures do to a month, over what they did to its base month already."""
    now = _together(acting, lambda each: _effect(each, scenario.base_year, month, year))
    then = _together(acting, lambda each: _effect(each, scenario.base_year, before, base_year))
    if then == 0:
        raise _mistake(
            scenario.name, scenario.file, f"leaves nothing to carry on from {before}", "cut", ()
        )
    return now / then


def plan_additions(
    scenario: Scenario,
    keys: Mapping[int, Sequence[str]],
    base_year: int,
    months: Mapping[int, int],
) -> list[AdditionRow]:
    """What PV, savings and recovered heat add to the planned months, beyond their base months.

    PV adds generation, its export, and takes the self-used rest off the site's bill; a bill that
    includes PV is left alone, since the import is derived from it.

    Rows: (scenario, place, month, unit, quantity at 6 places); quantities of 0 are left out.
    """
    loads = [Load(*key) for key in keys.values()]
    sums: dict[tuple[Place, int, str], Decimal] = {}
    for measure in scenario.measures:
        if measure.kind not in ("pv", "saving", "heat"):
            continue
        for month, _, before in _ahead(scenario, base_year, months):
            for place, unit, quantity in _added(scenario, measure, loads, month, before):
                spot = (place, month, unit)
                sums[spot] = sums.get(spot, Decimal(0)) + quantity
    return [
        (scenario.name, place, month, unit, quantity)
        for (place, month, unit), quantity in sorted(sums.items())
        if quantity
    ]


def _added(
    scenario: Scenario, measure: Measure, loads: Sequence[Load], month: int, before: int
) -> list[tuple[Place, str, Decimal]]:
    site = measure.site[0]
    meter = measure.meter[0] if measure.meter else ""
    if measure.kind == "pv":
        made = _pv_kwh(measure, month) - _pv_kwh(measure, before)
        generated = rounded(made, 6)
        exported = rounded(made * (1 - Fraction(measure.self_use)), 6)
        added = [(Place(site, meter, "pv_generation", ""), "kWh", generated)]
        if measure.self_use < 1:
            added.append((Place(site, meter, "pv_export", ""), "kWh", exported))
        bill = _bill(scenario, measure, loads)
        if bill.activity == "electricity":
            added.append((bill, "kWh", exported - generated))
        return added
    unit, yearly = _yearly(measure)
    share = Fraction(measure.monthly_share[month % 100 - 1]) if measure.monthly_share else None
    in_month = yearly * (Fraction(1, 12) if share is None else share)
    saved = in_month * (_level(measure, month) - _level(measure, before))
    detail = measure.detail[0] if measure.detail else ""
    place = Place(site, meter, measure.activity[0], detail)
    if place.activity in PURCHASED and not meter:
        place = _bill(scenario, measure, loads)
    return [(place, unit, -rounded(saved, 6))]


def _pv_kwh(measure: Measure, month: int) -> Fraction:
    """Generation of a month. [kWh]"""
    level = _level(measure, month)
    if level == 0:
        return Fraction(0)
    age = (_index(month) - _index(measure.start)) // 12
    yearly = capacity_kw(measure) * Fraction(measure.specific_yield_kwh_per_kw)
    kept = (1 - Fraction(measure.degradation)) ** age
    return yearly * kept * level * Fraction(measure.monthly_share[month % 100 - 1])


def _bill(scenario: Scenario, measure: Measure, loads: Sequence[Load]) -> Place:
    """The bill a measure takes electricity off: one including PV, else the first by meter."""
    bills = [load for load in loads if load.site == measure.site[0] and load.is_bill]
    bills.sort(key=lambda load: (load.activity == "electricity", load.meter))
    if not bills:
        raise _mistake(
            scenario.name,
            scenario.file,
            f"takes electricity off {measure.site[0]!r} by {measure.name!r}, which buys none",
            measure.site[0],
            sorted({load.site for load in loads if load.is_bill}),
        )
    return Place(*bills[0][:4])


def plan_instruments(scenario: Scenario, base_year: int) -> list[Instrument]:
    """The certificates a scenario plans to buy, one per measure and year, not retired."""
    return [
        Instrument(
            instrument_id=f"planned/{scenario.name}/{measure.name}/{year}",
            kind=measure.instrument,
            market=measure.market,
            energy_kwh=rounded(Fraction(energy) * 1000, 6),
            vintage_year=year,
            claim_year=year,
            site=measure.site[0] if measure.site else "",
            note=f"planned: {measure.name} ({'; '.join(measure.source.values())})",
        )
        for measure in scenario.measures
        if measure.kind == "certificates"
        for year, energy in sorted(measure.energy_mwh.items())
        if base_year < year <= scenario.horizon
    ]


def plan_credits(
    scenario: Scenario, base_year: int, residual_t: Mapping[int, Decimal] | None = None
) -> list[Credit]:
    """The credits a scenario plans to buy, one per measure and year, not retired.

    residual_t : by year, what is left after certificates: the rest to be covered, in whole
        tonnes. Without it only the credits of a stated mass are given. [t CO2e]
    """
    rest = dict(residual_t or {})
    bought: list[tuple[Measure, int, Decimal]] = []
    planned = [measure for measure in scenario.measures if measure.kind == "credits"]
    for measure in sorted(planned, key=lambda each: each.mass_t == "rest"):
        amounts = measure.mass_t
        if amounts == "rest":
            amounts = {year: _whole_tonnes(rest.get(year, Decimal(0))) for year in measure.years}
        for year, mass_t in sorted(amounts.items()):
            if base_year < year <= scenario.horizon and mass_t > 0:
                bought.append((measure, year, mass_t))
                rest[year] = rest.get(year, Decimal(0)) - mass_t
    return [
        Credit(
            credit_id=f"planned/{scenario.name}/{measure.name}/{year}",
            standard=measure.standard,
            kind=measure.credit_kind,
            vintage_year=year,
            claim_year=year,
            mass_t=mass_t,
            note=f"planned: {measure.name} ({'; '.join(measure.source.values())})",
        )
        for measure, year, mass_t in bought
    ]


def _whole_tonnes(mass_t: Decimal) -> Decimal:
    return Decimal(-(-Fraction(mass_t) // 1))


def grid_sets(
    scenario: Scenario, base_year: int, base_values: Mapping[tuple[str, str], Decimal]
) -> list[GridFactor]:
    """The grid factors a scenario supposes for each region, accounting and year ahead.

    base_values : (region, accounting) -> what served it in the base year. [g CO2/kWh]

    A region no grid path names stays at the factor of its base year, and says so.
    Raises SettingsError for a path of a region that no site takes power from.
    """
    paths = {(grid.region, how): grid for grid in scenario.grids for how in grid.accounting}
    for region, _ in paths:
        if region not in {known for known, _ in base_values}:
            raise _mistake(
                scenario.name,
                scenario.file,
                f"has a grid path of {region!r}, where no site takes power from",
                region,
                sorted({known for known, _ in base_values}),
            )
    rows = []
    for (region, accounting), base in sorted(base_values.items()):
        grid = paths.get((region, accounting))
        for year in range(base_year + 1, scenario.horizon + 1):
            value, source = _grid_value(grid, base, base_year, year)
            rows.append(
                GridFactor(scenario.name, region, accounting, year, rounded(value, 12), source)
            )
    return rows


def _grid_value(
    grid: Grid | None, base: Decimal, base_year: int, year: int
) -> tuple[Fraction, str]:
    """The supposed factor of a year, and where it comes from."""
    if grid is None:
        return Fraction(base), f"assumption: held at the factor of {base_year}, {base} g/kWh"
    if grid.annual_change is not None:
        value = Fraction(base) * (1 + Fraction(grid.annual_change)) ** (year - base_year)
        return value, f"{grid.source}; {grid.annual_change} a year from {base} g/kWh in {base_year}"
    points = {base_year: base} | {at: each for at, each in grid.g_per_kwh.items() if at > base_year}
    return interpolated(points, year), grid.source


# --- what a reader should know ---


def interactions(scenario: Scenario, keys: Mapping[int, Sequence[str]]) -> list[str]:
    """One sentence for each load that several measures act on: they multiply, never add up."""
    said: dict[str, None] = {}
    for key_id in sorted(keys):
        load = Load(*keys[key_id])
        acting = [
            measure
            for measure in scenario.measures
            if measure.kind != "growth" and acts_on(measure, load)
        ]
        if len(acting) > 1:
            names = ", then ".join(
                f"{measure.name} (on {measure.sub_load})" if measure.sub_load else measure.name
                for measure in acting
            )
            said[f"{load.site}, {load.activity}: {names}; their savings do not add up"] = None
    return list(said)


def findings(
    scenario: Scenario, keys: Mapping[int, Sequence[str]], base_year: int
) -> list[Problem]:
    """Measures that change nothing, or are taken as done already; each with why."""
    loads = [Load(*key) for key in keys.values()]
    found = []
    for measure in scenario.measures:
        if measure.kind in ("certificates", "credits"):
            continue
        if measure.kind in ("growth", "efficiency", "pue"):
            hit = [load for load in loads if acts_on(measure, load)]
        else:
            hit = [load for load in loads if load.site in measure.site]
        missing = sorted(set(measure.site) - {load.site for load in hit})
        if not hit or missing:
            code, severity = "measure-without-load", "warning"
            where = ", ".join(missing) or "anywhere"
            message = f"measure {measure.name!r} changes nothing at {where}: no load is recorded"
            remedy = "record the load, or take the site out of the measure"
        elif all(load.activity in PURCHASED and not load.is_bill for load in hit):
            code, severity = "measure-on-sub-meter", "warning"
            message = f"measure {measure.name!r} acts on sub-meters alone, which no bill follows"
            remedy = "name the sub_load and its share of the bill instead of the meter"
        elif measure.start and measure.start // 100 <= base_year and measure.kind != "growth":
            code, severity = "measure-in-base-year", "note"
            message = (
                f"measure {measure.name!r} starts in or before {base_year}: "
                "what it does by then is taken as recorded in that year's months"
            )
            remedy = "move its start if it came later"
        else:
            continue
        found.append(
            Problem(
                code,
                severity,
                message,
                where=f"{scenario.file}, scenario {scenario.name}",
                remedy=remedy,
            )
        )
    return found


def rounded(value: Fraction, places: int) -> Decimal:
    """A fraction as a decimal, half away from zero.

    >>> rounded(Fraction(-5, 6), 3)
    Decimal('-0.833')
    """
    scaled = abs(value) * 10**places
    whole = int(scaled + Fraction(1, 2))
    return Decimal(whole if value >= 0 else -whole).scaleb(-places)
