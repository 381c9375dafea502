"""What the calculation reads: settings, library, ledger and scenarios as rows.

Each function gives the rows of one input relation of `schema.INPUT`, in the order of its columns.
Options become rows here, so that no number is ever spliced into the SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from carbon.coefficient import coefficients, rounded, unsplit
from carbon.engine import Row
from carbon.errors import FactorError, SettingsError, nearest
from carbon.ledger.closings import MARK, Closing
from carbon.library import FactorSet, Library
from carbon.records import Instrument
from carbon.schema import FOREVER
from carbon.settings import Meter, Settings, Site

ACTUAL = "actual"
ALWAYS = date(1900, 1, 1)
FIRST_YEAR, LAST_YEAR = 1990, 2060
NO_AGE = 999  # no limit: a newest edition serves on, and its age is counted [a]
ANY = 99  # as far above a site's own region as there are regions

# What a policy means where the settings say nothing.
DEFAULT_SERIES: dict[str, dict[str, list[str]]] = {
    "electricity": {"CN": ["national-statistic"], "default": ["grid-average"]},
    "fuel": {
        "CN": ["ndrc-2015"],
        "GB": ["desnz"],
        "US": ["epa-hub"],
        "default": ["eu-mrr"],
    },
    "standard_coal": {"default": ["gbt2589"]},
    "refrigerant": {"default": ["composition"]},
}
PURCHASED = ("electricity", "electricity_including_pv")
METERED = {"grid_import": "electricity", "pv_generation": "pv_generation", "it_load": "it_load"}
NOT_ASKED = ("zero", "not applicable", "excluded")  # sources of a site that need no figure
OPEN_FAMILIES = (  # served by any series
    ("heat", "location"),
    ("heat", "market"),
    ("travel", "all"),
    ("instrument", "market"),
)


@dataclass(frozen=True)
class Supposed:
    """A grid factor that a scenario supposes for a year. [g CO2/kWh]"""

    scenario: str
    region: str
    accounting: str
    year: int
    g_per_kwh: Decimal
    source: str

    @property
    def set_id(self) -> str:
        return f"scenario/{self.scenario}/{self.region}/{self.accounting}/{self.year}"


@dataclass(frozen=True)
class ClosedSet:
    """A set as a closed year keeps it."""

    choice: Row  # a row of `closed_choice`
    factor_set: Row  # a row of `factor_set`


def closed_sets(closing: Closing, choices: Iterable[Mapping[str, Any]]) -> Iterator[ClosedSet]:
    """The sets of a closed year, under names that no other year takes."""
    for row in choices:
        kept = closing.kept(row["set_id"])
        asked = (row["topic"], row["place"], closing.policy, row["factor_year"], row["accounting"])
        fitted = (row["fit"], row["age"], row["distance"], row["level"], row["preference"])
        known = (row["region"], row["series"], row["accounting"])
        valid = (row["first_year"], row["last_year"], row["published_on"], False)
        yield ClosedSet(
            (*asked, kept, *fitted), (kept, "", row["topic"], row["family"], *known, *valid)
        )


def run_option(settings: Settings, cut_off: int, known_on: date) -> list[Row]:
    """The options of the run."""
    return [(cut_off, known_on, settings.policy.gwp, settings.policy.pv_in_energy)]


def month(
    settings: Settings, cut_off: int, closings: Mapping[int, Closing] | None = None
) -> Iterator[Row]:
    """The calendar: of each month its reporting year, and the cut-off it stands under."""
    closed = closings or {}
    for number, year in calendar(settings):
        if year in closed:
            yield (number, year, closed[year].policy, closed[year].cut_off)
        else:
            yield (number, year, "", cut_off)


def calendar(settings: Settings) -> Iterator[tuple[int, int]]:
    """Every month with its reporting year."""
    starts = settings.organisation.reporting_year_starts
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        for number in range(year * 100 + 1, year * 100 + 13):
            yield number, reporting_year(number, starts)


def factor_month(settings: Settings, library: Library) -> Iterator[Row]:
    """The factor year of each month, in every calendar that a site goes by."""
    begins = {_year_begins(settings, library, place) for place in settings.site}
    for begin in sorted(begins | {0}):
        for number, reporting in calendar(settings):
            year, of_year = divmod(number, 100)
            begun = year if of_year >= begin else year - 1
            yield (begin, number, begun if begin else reporting)


def _year_begins(settings: Settings, library: Library, place: Site) -> int:
    """The month in which the factor years of a site begin, 0 where they follow its reports."""
    said = settings.policy.factor_year
    if said == "financial year":
        return library.year_starts(place.region)
    return 1 if said == "calendar year" else 0


def reporting_year(month: int, starts: int) -> int:
    """The reporting year of a month: named after the calendar year that holds most of its months,
    at a tie after the one it ends in.

    >>> reporting_year(202303, 4), reporting_year(202304, 4), reporting_year(202307, 7)
    (2022, 2023, 2024)
    """
    year, of_year = divmod(month, 100)
    begun = year if of_year >= starts else year - 1
    return begun + 1 if starts >= 7 else begun


def site(settings: Settings, library: Library) -> list[Row]:
    """Sites and their stay in the boundary; one outside it has no row."""
    rows = []
    for place in settings.site:
        if not place.in_boundary:
            continue
        rows.append(
            (
                place.name,
                place.region,
                library.country(place.region),
                policy_class(settings, library, place),
                _year_begins(settings, library, place),
                place.share,
                place.joined,
                place.left or FOREVER,
                place.pv_certificates == "sold",
            )
        )
    return rows


def meter(settings: Settings) -> list[Row]:
    """Meters and what they measure."""
    return [(each.name, place.name, each.role) for place in settings.site for each in place.meter]


def region_path(settings: Settings, library: Library) -> list[Row]:
    """Every meter and site, and the regions above it."""
    parents = {place.name: place.region for place in settings.site}
    parents |= {each.name: place.name for place in settings.site for each in place.meter}
    return [tuple(row) for row in library.region_path(parents)]


def method(library: Library) -> list[Row]:
    """Activities and where their emissions stand; fuels once more for their standard coal."""
    rows: list[Row] = []
    topics = {factors.topic for factors in library.sets.values()}
    for each in library.methods.values():
        rows.append(
            (
                each.activity,
                each.method,
                each.line,
                each.category,
                each.family,
                each.topic,
                each.is_detailed,
                each.is_continuous,
            )
        )
        coal = "standard_coal/" + (each.topic.partition("/")[2] or each.topic)
        if each.method == "direct" and each.family in ("fuel", "heat") and coal in topics:
            rows.append(
                (
                    each.activity,
                    "direct",
                    "energy",
                    each.category,
                    "standard_coal",
                    coal,
                    False,
                    False,
                )
            )
    return rows


def policy_class(settings: Settings, library: Library, place: Site) -> str:
    """The class of sites that share one set of policies: their country and declared grid series."""
    country = library.country(place.region)
    declared = _series(settings, library, "electricity", country, place.electricity)
    return f"{country}: {', '.join(declared)}"


def policy(settings: Settings, library: Library) -> list[Row]:
    """The series each class of sites may use, in order of preference."""
    rows: dict[Row, None] = {}
    limit = settings.policy.max_factor_age
    for place in settings.site:
        name, country = policy_class(settings, library, place), library.country(place.region)
        declared = _series(settings, library, "electricity", country, place.electricity)
        residual = [f"{series}-residual" for series in declared if not series.startswith("set:")]
        lists = {
            ("electricity", "location"): ["own", *declared],
            ("electricity", "market"): ["own", "supplier", *residual, "residual-mix", *declared],
            ("fuel", "all"): ["own", *_series(settings, library, "fuel", country)],
            ("standard_coal", "all"): [
                "own",
                *_series(settings, library, "standard_coal", country),
            ],
            ("refrigerant", "all"): ["own", *DEFAULT_SERIES["refrigerant"]["default"]],
        }
        lists |= {key: [""] for key in OPEN_FAMILIES}
        for (family, accounting), series in lists.items():
            age = NO_AGE if limit is None else limit
            above = 0 if family == "electricity" and not settings.policy.region_fallback else ANY
            for preference, each in enumerate(series, start=1):
                set_id = each.removeprefix("set:") if each.startswith("set:") else ""
                named = "" if set_id else each
                rows[(name, family, accounting, preference, named, set_id, above, age)] = None
    return list(rows)


def serving_sets(
    settings: Settings, library: Library, place: Site, family: str, topic: str
) -> list[FactorSet]:
    """The sets of a topic that the policy lets serve at a site, of any year."""
    above = {row[1] for row in library.region_path({place.name: place.region})}
    above |= {meter.name for meter in place.meter}
    country = library.country(place.region)
    named: Collection[str] | None = None
    if family in DEFAULT_SERIES and family != "electricity":
        named = {"own", *_series(settings, library, family, country)}
    return [
        each
        for each in library.topics.get(topic, ())
        if each.region in above
        and (named is None or each.series in named or f"set:{each.set_id}" in named)
    ]


def _series(
    settings: Settings, library: Library, family: str, country: str, own: Sequence[str] = ()
) -> Sequence[str]:
    """The declared series of a family: the site's, the policy's for its country, the default.

    Raises SettingsError for one that no set of the library or the book carries.
    """
    said: Mapping[str, list[str]] = getattr(settings.policy, family)
    built_in = DEFAULT_SERIES[family]
    declared = own or said.get(country) or said.get("default") or []
    known = library.series_of(family) if declared else set()
    for word in declared:
        if word not in known:
            close = nearest(word, known)
            raise SettingsError(
                "unknown-series",
                f"no factor set of {family} has the series {word!r}",
                where=f"carbon.toml, policy, {family}",
                nearest=close,
                remedy=f"write {close!r}" if close else f"carbon factors search {family}",
            )
    return declared or built_in.get(country) or built_in["default"]


def topics(library: Library, keys: Iterable[Row], refrigerants: Iterable[str]) -> set[str]:
    """The factor topics that recorded or planned keys, and service events, may ask for."""
    found = {"electricity", "standard_coal/electricity"}
    found |= {f"refrigerant/{each}" for each in refrigerants}
    for *_, activity, detail in keys:
        method = library.methods.get(activity)
        if method is not None and method.topic:
            found.add(f"{method.topic}/{detail}" if method.is_detailed else method.topic)
            found.add("standard_coal/" + (method.topic.partition("/")[2] or method.topic))
    return found


def factor_printed(library: Library) -> Iterator[Row]:
    """Every printed value with its source."""
    for each in library.sets.values():
        source = library.sources[each.source_id]
        head = (each.set_id, each.edition, each.topic, each.region, each.series)
        head += (each.first_year, each.last_year, each.accounting)
        cited = (source.publisher, source.title, source.published_on, source.licence)
        for part in each.printed:
            said = (part.locator, part.confidence, part.note)
            yield (*head, part.quantity, part.value, part.unit, *cited, *said)


def factor_set(
    settings: Settings,
    library: Library,
    instruments: Iterable[Instrument],
    supposed: Iterable[Supposed],
    closed: Iterable[ClosedSet] = (),
    topics: Collection[str] | None = None,
) -> list[Row]:
    """Every set that may be chosen. One of low confidence only where the settings name it.

    topics : only sets of these; None for all.
    closed : sets that closed years keep; they serve those years alone.
    """
    named = {row[4] or row[5] for row in policy(settings, library)}
    rows: list[Row] = [
        (
            each.set_id,
            "",
            each.topic,
            each.family,
            each.region,
            each.series,
            each.accounting,
            each.first_year,
            each.last_year,
            each.published_on,
            each.is_prescribed,
        )
        for each in library.sets.values()
        if (topics is None or each.topic in topics)
        and (each.confidence != "low" or each.series in named or each.set_id in named)
    ]
    for certificate in {each.instrument_id for each in instruments}:
        topic = f"instrument/{certificate}"
        rows.append((topic, "", topic, "instrument", "WORLD", "", "market", 0, 9999, ALWAYS, False))
    for guess in supposed:
        rows.append(
            (
                guess.set_id,
                guess.scenario,
                "electricity",
                "electricity",
                guess.region,
                "",
                guess.accounting,
                guess.year,
                guess.year,
                ALWAYS,
                False,
            )
        )
    return rows + list(dict.fromkeys(each.factor_set for each in closed))


def closed_choice(closed: Iterable[ClosedSet]) -> list[Row]:
    """The factor sets that closed years keep, by what asked for them."""
    return [each.choice for each in closed]


def instrument_input(
    settings: Settings,
    library: Library,
    instruments: Mapping[str, Sequence[Instrument]],
    known_on: date,
) -> list[Row]:
    """Instruments of each scenario, better kinds first, with the criterion each one fails.

    Source: GHG Protocol Scope 2 Guidance (2015), table 7.1, quality criteria.
    """
    return [
        (
            scenario,
            each.instrument_id,
            library.instruments[each.kind].order,
            each.site,
            each.market,
            each.energy_kwh,
            each.claim_year,
            _refusal(settings, library, each, scenario, known_on),
        )
        for scenario, several in instruments.items()
        for each in several
    ]


def _refusal(
    settings: Settings, library: Library, each: Instrument, scenario: str, known_on: date
) -> str:
    """Why an instrument cannot be used, or ''. A planned one is taken as retired in time."""
    places = settings.sites()
    if scenario == ACTUAL and each.retired_on is None:
        return "not retired"
    statement = settings.statements().get(each.claim_year)
    claimed_on = (statement.on if statement else None) or known_on
    if each.retired_on and each.retired_on > claimed_on:
        return f"retired on {each.retired_on}, after the claim of {claimed_on}"
    markets = library.instruments[each.kind].markets
    if markets and each.market not in markets:
        return f"a {each.kind} is no instrument of the market {each.market}"
    if each.vintage_year > each.claim_year:
        return f"generated in {each.vintage_year}, after {each.claim_year}"
    if each.claim_year - each.vintage_year > 1:
        return f"its vintage {each.vintage_year} is not near {each.claim_year}"
    if each.retired_on and each.retired_on.year < each.vintage_year:
        return f"retired in {each.retired_on.year}, before it was generated"
    if each.beneficiary and each.beneficiary != settings.organisation.name:
        return f"retired for {each.beneficiary}"
    if each.site and each.site not in places:
        return f"no site {each.site}"
    if each.site and library.country(places[each.site].region) != each.market:
        return f"the site is outside its market {each.market}"
    return ""


def expected_key(settings: Settings, library: Library, keys: Sequence[Row]) -> list[Row]:
    """Bills and meters that should have a figure every month: those recorded once, and those the
    settings declare. Meters that measure a part are no gap in the whole."""
    meters, sites = settings.meters(), settings.sites()
    found: dict[tuple[str, str, str], tuple[int, int]] = {}
    for _, site_name, meter_name, activity, _ in keys:
        known = library.methods.get(activity)
        if known is None or not known.is_continuous or site_name not in sites:
            continue
        said = meters[meter_name][1] if meter_name in meters else Meter(name="bill")
        if said.role == "sub_meter" or (activity in PURCHASED and said.role != "grid_import"):
            continue
        found[site_name, meter_name, activity] = (said.since, said.until or FOREVER)
    recorded = {row[2] for row in keys if row[2]}
    bought = {row[1] for row in keys if row[3] in PURCHASED}
    for place in settings.site:
        for each in place.meter:
            if each.role in METERED and each.name not in recorded:
                span = (each.since, each.until or FOREVER)
                found[place.name, each.name, METERED[each.role]] = span
        is_asked = place.sources.get("electricity", "reported") not in NOT_ASKED
        has_meter = any(each.role == "grid_import" for each in place.meter)
        if place.name not in bought and not has_meter and is_asked:
            found[place.name, "", "electricity"] = (190001, FOREVER)
    return [(*key, *span) for key, span in found.items()]


def service_event(
    equipment: Sequence[Mapping[str, Any]], service: Sequence[Mapping[str, Any]]
) -> list[Row]:
    """Service events with the site and the refrigerant of their appliance."""
    holds = {each["equipment_id"]: each for each in equipment}
    return [
        (
            event["equipment_id"],
            holds[event["equipment_id"]]["site"],
            holds[event["equipment_id"]]["refrigerant"],
            event["event"],
            event["serviced_on"].year * 100 + event["serviced_on"].month,
            event["mass_kg"],
        )
        for event in service
        if event["equipment_id"] in holds
    ]


def gas(library: Library) -> list[Row]:
    """Gases, and whether they are inside the scopes."""
    return [(each.gas, each.is_in_scopes) for each in library.gases.values()]


def coefficient_rows(
    library: Library,
    gwp_set: str,
    instruments: Iterable[Instrument],
    supposed: Iterable[Supposed],
    kept: Mapping[tuple[str, str, Decimal], Sequence[Row]] = MappingProxyType({}),
) -> Callable[[Sequence[Row]], list[Row]]:
    """A function that works out the coefficients a run needs, once per set, unit and share.

    kept : what closed years keep: (set, unit, share) -> (gas, mass, CO2e). [g]

    A set that cannot serve a unit gives no row; the check `flow_without_coefficient` tells.
    """
    stated = {f"instrument/{each.instrument_id}": each.factor_g_per_kwh for each in instruments}
    guessed = {each.set_id: each.g_per_kwh for each in supposed}

    def rows(needed: Sequence[Row]) -> list[Row]:
        found: list[Row] = []
        for set_id, unit, share in needed:
            if MARK in set_id:
                found += [
                    (set_id, unit, share, *each) for each in kept.get((set_id, unit, share), ())
                ]
                continue
            if set_id in stated or set_id in guessed:
                gas_name = unsplit("") if set_id in stated else "CO2"
                grams = Fraction(stated.get(set_id, guessed.get(set_id, Decimal(0))))
                masses = [(gas_name, grams, grams)]
            else:
                masses = _masses(library.sets[set_id], unit, gwp_set, library)
            part = Fraction(share)
            found += [
                (set_id, unit, share, name, rounded(mass * part), rounded(co2e * part))
                for name, mass, co2e in masses
            ]
        return found

    return rows


def _masses(
    factors: FactorSet, unit: str, gwp_set: str, library: Library
) -> list[tuple[str, Fraction, Fraction]]:
    """Gas, mass and CO2e per unit; empty where the set cannot serve the unit."""
    try:
        return [
            (each.gas, each.mass_g, each.co2e_g)
            for each in coefficients(factors, unit, gwp_set, library)
        ]
    except FactorError:
        return []
