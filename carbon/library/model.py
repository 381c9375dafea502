"""What the factor library is made of: sets, the values they print, and the words around them.

A set is a whole, never completed from another one, so that whoever chooses a set knows the source
of every number in it. Values and units stay as printed; `Measure` says what a unit means.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from carbon.errors import FactorError, nearest
from carbon.library.chp import Efficiencies
from carbon.library.fuel_blends import FuelBlend
from carbon.library.measure import Measure, measure
from carbon.library.search import Index
from carbon.library.words import EDITION_COLUMNS, WORLD

# How licences begin that want their text beside figures made with the values.
NAMING_LICENCES = (
    "OGL",
    "Open Government Licence",
    "CC BY",
    "EEA reuse policy",
    "EUR-Lex reuse",
    "data use under section 12a EGovG",
    "IPCC notice: short excerpt",
)
OTHER_CODES = {"UK": "GB", "EL": "GR"}  # of the European Union for two of ISO 3166
_CODE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")  # ISO 3166, a country or a part of it


class Printed(NamedTuple):
    """One printed value of a set."""

    quantity: str
    value: str  # as printed
    unit: str  # as printed
    locator: str
    confidence: str
    note: str

    @property
    def number(self) -> Fraction:
        return Fraction(self.value)

    @property
    def measure(self) -> Measure:
        """What its unit means. Raises UnitError for a unit outside the closed table."""
        return measure(self.unit)

    def __str__(self) -> str:
        return self.value if self.unit == "1" else f"{self.value} {self.unit}"


@dataclass(frozen=True)
class FactorSet:
    """A published factor set, chosen whole: all that one table prints for one topic."""

    set_id: str
    topic: str
    family: str  # the first segment of the topic
    region: str
    series: str
    accounting: str  # all, location, market
    first_year: int
    last_year: int
    published_on: date
    source_id: str
    edition: str  # publisher/edition, the file it stands in
    confidence: str  # the lowest of its values
    printed: tuple[Printed, ...]  # one quantity may be printed in several units
    completes: str = ""  # the set whose CO2 it takes, where a policy completes that
    completed_by: str = ""  # and the set whose CH4 and N2O

    @property
    def is_prescribed(self) -> bool:
        """Whether an authority prescribes it for its years, whatever year its data is of."""
        return "prescribed" in self.series

    @cached_property
    def values(self) -> Mapping[str, Printed]:
        """The first value printed of each quantity."""
        return {each.quantity: each for each in reversed(self.printed)}

    def of(self, quantity: str) -> list[Printed]:
        """Every value printed of a quantity."""
        return [each for each in self.printed if each.quantity == quantity]


@dataclass(frozen=True, slots=True)
class Source:
    """A document values were taken from. `published_as` is '' where no date of it was found."""

    source_id: str
    publisher: str
    title: str
    published_on: date
    published_as: str
    licence: str
    redistribution: str  # yes, excerpt, no
    attribution: str
    where_found: str
    note: str

    @property
    def wants_naming(self) -> bool:
        """Whether its licence wants a text beside figures made with its values."""
        return self.licence.startswith(NAMING_LICENCES)


@dataclass(frozen=True, slots=True)
class Region:
    """A place factors are published for, and the places it lies in."""

    region: str
    name: str
    name_zh: str
    level: str
    parents: tuple[str, ...]
    year_starts: int = 1  # the month its factor years begin in


@dataclass(frozen=True, slots=True)
class Gas:
    """A gas, and whether it is counted in the scopes or reported outside them."""

    gas: str
    name: str
    is_in_scopes: bool
    kind: str


class Potential(NamedTuple):
    """A global warming potential over 100 years, as printed."""

    value: str
    source_id: str
    locator: str
    confidence: str
    note: str


class Heading(NamedTuple):
    """What an edition says of itself before its first row."""

    holds: str
    doubts: str


@dataclass(frozen=True, slots=True)
class Method:
    """An activity: where its emissions stand, and which factor they take."""

    activity: str
    method: str  # names the SQL
    line: str
    category: str
    family: str
    topic: str
    is_detailed: bool  # the topic goes on with the entry's detail
    is_continuous: bool  # a month without a figure is a gap
    units: tuple[str, ...]  # canonical units it may be counted in
    names: tuple[str, ...]  # other words for it, in any language


@dataclass(frozen=True, slots=True)
class Instrument:
    """A kind of contractual instrument; lower orders are applied first."""

    kind: str
    order: int
    name: str
    names: tuple[str, ...]
    factor_g_per_kwh: Decimal | None  # None where the contract must state it [g CO2e/kWh]
    markets: tuple[str, ...]  # countries; empty for any
    until: Mapping[str, int]  # market -> the last year of generation it is recognised for
    source_id: str
    note: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """A quality criterion that instruments must meet; lower orders are judged first."""

    criterion: str
    order: int
    rules: tuple[str, ...]  # versions of the rules it belongs to; empty for all
    name: str
    demand: str
    kinds: tuple[str, ...]  # of instruments it is asked of; empty for all
    except_kinds: tuple[str, ...]
    source_id: str
    locator: str
    note: str

    def is_asked(self, rules: str, kind: str) -> bool:
        """Whether a kind of instrument must meet it under a version of the rules."""
        is_of_rules = not self.rules or rules in self.rules
        is_of_kind = not self.kinds or kind in self.kinds
        return is_of_rules and is_of_kind and kind not in self.except_kinds


@dataclass(frozen=True, slots=True)
class Withheld:
    """A published set whose licence keeps its values out: where it stands, and how to bring it."""

    withheld_id: str
    topic: str  # '' within: all topics that begin with it
    regions: tuple[str, ...]
    series: str
    first_year: int
    last_year: int
    accounting: str
    unit: str
    source_id: str
    where_to_get: str
    note: str

    @property
    def family(self) -> str:
        return self.topic.partition("/")[0]

    @property
    def blanks(self) -> Mapping[str, str]:
        """The words of its file that wait to be replaced, and what each stands for."""
        found = {"VALUE": "the value as printed", "TABLE": "where it stands"}
        if self.family == "fuel":
            return found | {"FUEL": "the fuel as its activity is called, such as natural_gas"}
        if len(self.regions) > 1 or WORLD in self.regions:  # no place takes a grid of the world
            found["REGION"] = "the country by its code"
        if self.first_year != self.last_year:
            found["YEAR"] = "the year"
        return found

    def file(self) -> str:
        """The edition file that brings a value into a book, with the `blanks` in it."""
        topic = f"{self.topic}/FUEL" if "FUEL" in self.blanks else self.topic
        region = "REGION" if "REGION" in self.blanks else self.regions[0]
        years = ["YEAR"] * 2 if "YEAR" in self.blanks else [self.first_year, self.last_year]
        named = [each for each in ("FUEL", "REGION", "YEAR") if each in self.blanks]
        quantity = "CO2e" if "CO2e" in self.unit else "CO2"
        head = ["-".join([self.withheld_id, *named]), topic, region, self.series, *years]
        value = [self.accounting, quantity, "VALUE", self.unit, self.source_id, "TABLE", "high", ""]
        return f"{','.join(EDITION_COLUMNS.split())}\n{','.join(map(str, head + value))}\n"


@dataclass(frozen=True)
class Library:
    """Everything the library knows, and the digest of what it was read from."""

    sets: Mapping[str, FactorSet]
    sources: Mapping[str, Source]
    regions: Mapping[str, Region]
    gases: Mapping[str, Gas]
    gwp: Mapping[tuple[str, str], Fraction]  # GWP set and gas
    potentials: Mapping[tuple[str, str], Potential]  # the same as printed
    headings: Mapping[str, Heading]  # by edition
    blends: Mapping[str, Mapping[str, Fraction]]  # refrigerant -> gas -> mass share
    efficiencies: Mapping[str, Efficiencies]  # of combined heat and power, by name
    fuel_blends: tuple[FuelBlend, ...]
    methods: Mapping[str, Method]
    instruments: Mapping[str, Instrument]
    criteria: Sequence[Criterion]  # in their order
    withheld: Mapping[str, Withheld]
    digest: str
    own_digest: str

    def country(self, region: str) -> str:
        """The country a region lies in, '' where there is none."""
        if self.is_elsewhere(region):
            return region[:2]
        for ancestor, _ in self._upward(region):
            if self.regions[ancestor].level == "country":
                return ancestor
        return ""

    def is_in_scopes(self, gas: str) -> bool:
        """Whether a gas is counted in the scopes, or reported outside them.

        Raises FactorError for a gas nobody has heard of.
        """
        if gas not in self.gases:
            raise FactorError(
                "unknown-gas",
                f"{gas!r} is no gas of the library",
                nearest=nearest(gas, self.gases),
                remedy="see emission_factors/gases.csv",
            )
        return self.gases[gas].is_in_scopes

    def year_starts(self, region: str) -> int:
        """The month in which the years begin that a country's grid factors are published for."""
        country = self.country(region)
        return self.regions[country].year_starts if country in self.regions else 1

    def is_elsewhere(self, region: str) -> bool:
        """Whether a code is of a country the library has nothing of: NG, or NG-LA within it.

        Such a place is lawful; what is missing is a factor, which the book may bring itself.
        """
        is_code = bool(_CODE.fullmatch(region)) and region[:2] not in self.regions
        return is_code and not self.meant(region)

    @staticmethod
    def meant(region: str) -> str:
        """The code that is meant by one people write for it; '' for any other."""
        return OTHER_CODES.get(region.upper(), "")

    def region_path(self, places: Mapping[str, str]) -> list[tuple[str, str, int, int, str]]:
        """Every place with all that it lies in: (place, ancestor, distance, above, level).

        Nearest first; `above` counts from the site's own region upwards.

        places : site -> region, and meter -> site.

        Raises FactorError for a region nobody has heard of.
        """
        rows: list[tuple[str, str, int, int, str]] = []
        for place, parent in places.items():
            level = "meter" if parent in places else "site"
            rows.append((place, place, 0, 0, level))
            steps = 1
            if level == "meter":
                rows.append((place, parent, 1, 0, "site"))
                parent, steps = places[parent], 2
            rows += [
                (place, ancestor, steps + above, above, level)
                for ancestor, above, level in self.lying_in(place, parent)
            ]
        return rows

    def lying_in(self, place: str, region: str) -> list[tuple[str, int, str]]:
        """A region and all above it: (region, steps above the first, level)."""
        if self.is_elsewhere(region):
            names = [region, region[:2]] if len(region) > 2 else [region]
            levels = ["province", "country"][-len(names) :]
            found = [
                (name, above, level)
                for above, (name, level) in enumerate(zip(names, levels, strict=True))
            ]
            return [*found, (WORLD, len(names), "world")]
        if region not in self.regions:
            close = self.meant(region) or nearest(region, self.regions)
            raise FactorError(
                "unknown-region",
                f"{place} lies in {region!r}, which is no region of the library",
                nearest=close,
                remedy=f"write region = {close!r}" if close else "see emission_factors/regions.csv",
            )
        return [
            (ancestor, above, self.regions[ancestor].level)
            for ancestor, above in self._upward(region)
        ]

    def _upward(self, region: str) -> list[tuple[str, int]]:
        """A region and all above it with their distances, the world last."""
        found = {region: 0} if region in self.regions else {}
        for current in (queue := list(found)):
            for parent in self.regions[current].parents:
                if parent not in found:
                    found[parent] = found[current] + 1
                    queue.append(parent)
        return sorted(found.items(), key=lambda item: (item[0] == WORLD, item[1], item[0]))

    def withheld_for(
        self, topic: str, region: str, year: int, accounting: str
    ) -> tuple[Withheld, str] | None:
        """The set that its licence keeps out and that would serve, with the region it is for."""
        above = [name for name, _ in self._upward(region)] or [region, region[:2], WORLD]
        for place in above:
            for each in self.withheld.values():
                if (
                    place in each.regions
                    and (topic == each.topic or topic.startswith(f"{each.topic}/"))
                    and each.first_year <= year <= each.last_year
                    and each.accounting == accounting
                ):
                    return each, place if place != WORLD else self.country(region) or region
        return None

    def citation(self, set_id: str, gas: str = "") -> str:
        """Publisher, document and place of a set's values, and the edition they stand in.

        A set that is none of the library, such as an instrument, is named as it is. One that
        completes another is cited by the one a gas comes from, or by both.
        """
        if set_id not in self.sets:
            return set_id
        factors = self.sets[set_id]
        if factors.completes:
            first, second = self.citation(factors.completes), self.citation(factors.completed_by)
            if not gas:
                return f"{first}; CH4 and N2O: {second}"
            return first if gas in ("CO2", "CO2_biogenic") else f"{second}, by policy.non_co2"
        source = self.sources[factors.source_id]
        spots = (_beyond(source.title, each.locator) for each in factors.printed)
        places = "; ".join(dict.fromkeys(filter(None, spots)))
        said = f"{source.publisher}, {source.title}" + (f", {places}" if places else "")
        return f"{said} (edition {factors.edition})"

    @cached_property
    def topics(self) -> dict[str, list[FactorSet]]:
        """Sets by topic."""
        found: dict[str, list[FactorSet]] = defaultdict(list)
        for each in self.sets.values():
            found[each.topic].append(each)
        return found

    def series_of(self, family: str) -> set[str]:
        """What a policy may name in a family: its series, and each of its sets as 'set:ID'."""
        return self._series[family]

    @cached_property
    def _series(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for each in self.sets.values():
            found[each.family] |= {each.series, f"set:{each.set_id}"}
        return found

    def details(self, activity: str) -> tuple[str, ...]:
        """The details an activity may state; none where it needs none."""
        return self._details[activity]

    @cached_property
    def _details(self) -> dict[str, tuple[str, ...]]:
        every = self.methods.items()
        return {name: self._named(each) if each.is_detailed else () for name, each in every}

    def _named(self, method: Method) -> tuple[str, ...]:
        stem = f"{method.topic}/"
        named = {topic[len(stem) :] for topic in self.topics if topic.startswith(stem)}
        if method.family == "refrigerant":  # a printed GWP is no composition
            named = {name for name in named if self._is_told(f"{stem}{name}")}
        if method.family == "vehicle":  # by distance or by fuel, as the sets print it
            named = {name for name in named if self._pers(f"{stem}{name}") & {*method.units}}
        return tuple(sorted(named))

    def _is_told(self, topic: str) -> bool:
        """Whether a refrigerant has a composition, or a set of the book's own."""
        return any(each.series in ("composition", "own") for each in self.topics[topic])

    def _pers(self, topic: str) -> set[str]:
        """The units the sets of a topic print their values for."""
        return {part.measure.per for each in self.topics[topic] for part in each.printed}

    def nearest_sets(self, topic: str, region: str = "", year: int = 0) -> list[FactorSet]:
        """Up to three sets that would almost have served: same topic, then near region and year."""
        sets = self.topics.get(topic) or self.topics.get(nearest(topic, self.topics), [])
        above = dict(self._upward(region))
        country = self.country(region)

        def remoteness(each: FactorSet) -> tuple[int, int, int, str]:
            apart = max(each.first_year - year, year - each.last_year, 0) if year else 0
            if each.region in above:
                return (0, apart, above[each.region], each.set_id)
            kin = country and self.country(each.region) == country
            return (1 if kin else 2, apart, 0, each.set_id)

        return sorted(sets, key=remoteness)[:3]

    def search(self, text: str, region: str = "", year: int = 0) -> list[FactorSet]:
        """Sets that answer to every word of `text`, in Chinese or English, a slip allowed.

        region : only sets of this region and those above it.
        year : only sets of this year.
        """
        above = {region, *(name for name, _ in self._upward(region))}
        among = [
            set_id
            for set_id, each in self.sets.items()
            if (not region or each.region in above)
            and (not year or each.first_year <= year <= each.last_year)
        ]
        return [self.sets[name] for name in self._index.find(text, among)]

    def search_withheld(self, text: str, region: str = "", year: int = 0) -> list[Withheld]:
        """Withheld sets that answer to every word."""
        above = {region, *(name for name, _ in self._upward(region))}
        among = [
            name
            for name, each in self.withheld.items()
            if (not region or above & {*each.regions})
            and (not year or each.first_year <= year <= each.last_year)
        ]
        return [self.withheld[name] for name in self._index.find(text, among)]

    @cached_property
    def _index(self) -> Index:
        return Index(self)


def _beyond(title: str, locator: str) -> str:
    """What a locator says beyond the end of its document's title.

    >>> _beyond("Guideline, Appendix 2", "Appendix 2, default values")
    'default values'
    >>> _beyond("Grid emission factor", "Grid emission factor")
    ''
    """
    head, _, rest = locator.partition(", ")
    return rest if head and title.casefold().endswith(head.casefold()) else locator
