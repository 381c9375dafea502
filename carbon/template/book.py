"""A book as a template: which sheets it calls for, and what stands on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from carbon.completeness import LISTED, SERVICE, SF6_SERVICE
from carbon.errors import CarbonError
from carbon.inputs import expected_key, months_in
from carbon.inputs.words import METERED
from carbon.ledger import Ledger
from carbon.library import Library
from carbon.readers.lookup import unit_choices, unit_of, with_heating_value
from carbon.records import Vocabulary
from carbon.schema import FOREVER
from carbon.settings import Meter, Settings, Site
from carbon.template import lines, records
from carbon.template.headings import OPTIONAL, Words, headings
from carbon.template.lines import Line, Past
from carbon.template.model import Page, Row, Template
from carbon.template.topics import TOPICS, Topic, topic_of
from carbon.units import known_units

DECLARED = {"pv_export": "pv_export", "charger": "electricity"}  # meters not expected every month


def template_of(
    ledger: Ledger,
    settings: Settings,
    library: Library,
    words: Vocabulary,
    year: int,
    sites: Sequence[str] = (),
    topics: Sequence[str] = (),
    made_on: date | None = None,
) -> Template:
    """The workbook to fill in for a reporting year.

    sites, topics : those wanted; by default every site, and every topic the book calls for.
    """
    wanted = tuple(sites) or tuple(words.sites)
    source = _Source(ledger, settings, library, words, year, wanted, not sites)
    pages = [source.page(each) for each in TOPICS if _is_wanted(source, each, topics)]
    return Template(
        settings.organisation.name,
        year,
        source.first,
        source.last,
        pages,
        [(each.name, each.title, each.region) for each in source.places],
        made_on or date.today(),
    )


def _is_wanted(source: _Source, topic: Topic, asked: Sequence[str]) -> bool:
    return topic.name in asked if asked else source.calls_for(topic)


@dataclass(frozen=True)
class _Source:
    """What a template is laid out from."""

    ledger: Ledger
    settings: Settings
    library: Library
    words: Vocabulary
    year: int
    sites: Sequence[str]
    is_whole: bool  # the organisation's own records too

    @cached_property
    def places(self) -> list[Site]:
        """The sites wanted, in the order of the book."""
        return [each for each in self.settings.site if each.name in self.sites]

    @cached_property
    def months(self) -> list[int]:
        first, _ = months_in(self.settings, self.year)
        return [lines.later(first, at) for at in range(12)]

    @cached_property
    def first(self) -> date:
        return lines.day(self.months[0])

    @cached_property
    def last(self) -> date:
        return lines.end(self.months[-1])

    @cached_property
    def past(self) -> Past:
        return lines.past(self.ledger, self.first, self.last)

    def calls_for(self, topic: Topic) -> bool:
        """Whether the sites, the checklist or the ledger of the book speak of a topic."""
        if topic.layout == "activity":
            return bool(self.rows.get(topic.name))
        if topic.layout == "trip":
            return any(
                topic_of(method) == topic.name
                for each, method in self._known_lines()
                if each.site in self.sites
            )
        kept = "equipment" if topic.name == "service" else topic.layout
        of = (each.get("site") or "" for each in self.ledger.current(kept))
        return any(site in self.sites if site else self.is_whole for site in of)

    def page(self, topic: Topic) -> Page:
        """The sheet of a topic."""
        laid = {
            "equipment": lambda: records.appliances(self.ledger, self.sites),
            "service": lambda: records.service(self.ledger, self.sites, self.first, self.last),
            "refrigerant_stock": lambda: records.stock(
                self.ledger, self.sites, self.first, self.last
            ),
            "denominator": lambda: self._by_period(topic.layout, ("metric",)),
            "indicator": lambda: self._by_period(topic.layout, ("indicator", "part")),
            "activity": lambda: self.rows.get(topic.name, []),
        }
        rows = list(laid.get(topic.layout, list)())
        has = {"meter"} if any(each.meter for each in self.places) else set()
        if topic.name in ("refrigerants", "commuting"):
            has = set()
        has |= {name for name in OPTIONAL for row in rows if row.values.get(name) not in (None, "")}
        if any(self.choices.details.get(each) for each in self.choices.activities[topic.name]):
            has |= {"detail"}
        return Page(topic, headings(topic, self.choices, self.year, frozenset(has)), rows)

    def _by_period(self, table: str, names: Sequence[str]) -> list[Row]:
        """Denominators or indicators, as last year's."""
        asked = (self._owners, self.year, self.months)
        found = list(records.by_period(self.ledger, table, names, *asked))
        if table == "denominator" and not found:
            return list(records.usual(self._owners, self.year))
        return found

    @property
    def _owners(self) -> Sequence[str]:
        """Whose denominators are asked for: '' is the organisation."""
        return ("", *self.sites) if self.is_whole else self.sites

    # What may be chosen

    @cached_property
    def choices(self) -> Words:
        """Every word that may be chosen in a sheet."""
        methods = self.library.methods
        of_topic: dict[str, list[str]] = {each.name: [] for each in TOPICS}
        for name, method in methods.items():
            of_topic[topic_of(method)].append(name)
        kinds: dict[str, list[str]] = {}
        for each in known_units():
            kinds.setdefault(each.dimension, []).append(each.name)
        meters: dict[str, list[str]] = {}
        for place in self.settings.site:  # a virtual meter is computed, and never recorded
            meters[place.name] = [each.name for each in place.meter if not each.is_virtual]
        return Words(
            [each.name for each in self.places],
            {site: names for site, names in meters.items() if site in self.sites},
            of_topic,
            {name: self._units(name) for name in methods},
            {name: self._details(name) for name in methods},
            [f"{month // 100}-{month % 100:02d}" for month in self.months],
            sorted(self.words.refrigerants),
            [each["equipment_id"] for each in self._register()],
            list(self.words.instrument_kinds),
            sorted(self.words.countries),
            list(self.words.indicators),
            kinds,
            self.words.generation_meters,
        )

    def _register(self) -> Iterator[dict]:
        return (each for each in self.ledger.current("equipment") if each["site"] in self.sites)

    def _units(self, activity: str) -> list[str]:
        """The units of an activity, each once: at a typical site, and where it has rows."""
        sites = dict.fromkeys([*self._typical, *self._sites_of.get(activity, ())])
        found = (unit for site in sites for unit in self._units_at(site, activity))
        return list(dict.fromkeys(found))

    @cached_property
    def _typical(self) -> list[str]:
        """A site of each region and declared series: the same sets serve the others there."""
        found: dict[tuple, str] = {}
        for each in self.places:
            found.setdefault((each.region, *each.electricity), each.name)
        return list(found.values())

    @cached_property
    def _sites_of(self) -> dict[str, set[str]]:
        """The sites at which an activity has rows."""
        found: dict[str, set[str]] = {}
        for row in (row for rows in self.rows.values() for row in rows):
            if row.units:
                found.setdefault(str(row.values["activity"]), set()).add(str(row.values["site"]))
        return found

    def _units_at(self, site: str, activity: str) -> tuple[str, ...]:
        word = self.words.word(site, activity)
        key = (word.units, word.heating, word.is_served)
        if key not in self._remembered:
            self._remembered[key] = tuple(unit_choices(word, site))
        return self._remembered[key]

    @cached_property
    def _remembered(self) -> dict[tuple, tuple[str, ...]]:
        return {}

    def _details(self, activity: str) -> list[str]:
        """The details an activity may have, the blends of its sites among them."""
        found = list(self.words.activities[activity].details)
        for site in self._typical:
            found += self.words.word(site, activity).blends
        return list(dict.fromkeys(found))

    # The rows of activities

    @cached_property
    def rows(self) -> Mapping[str, list[Row]]:
        """The rows of every topic of activities, by site, activity and meter."""
        order = list(self.library.methods)
        of_site = {each.name: at for at, each in enumerate(self.places)}
        found: dict[str, list[Row]] = {}
        expected = self._expected()
        known = {*expected, *(each for each, _ in self._known_lines() if each.site in of_site)}
        for line in sorted(
            known,
            key=lambda it: (of_site[it.site], order.index(it.activity), it.meter, it.detail),
        ):
            topic = topic_of(self.library.methods[line.activity])
            if topic != "trips" and "#" not in line.detail:
                found.setdefault(topic, []).extend(self._rows_of(line, line in expected))
        for topic, row in self._stated(known):
            found.setdefault(topic, []).append(row)
        return {topic: rows for topic, rows in found.items() if rows}

    def _rows_of(self, line: Line, is_continuous: bool) -> Iterator[Row]:
        word = self.words.word(line.site, line.activity)
        unit = self.past.units.get(line) or lines.default_unit(word)
        factors: dict[str, tuple[str, Fraction]] = {}
        bills = [*self.past.now.get(line, []), *self.past.before.get(line, [])]
        for name in {unit, *(each["unit"] for each in bills)} - {""}:
            with suppress(CarbonError):  # counted otherwise since: then its canonical unit is shown
                factors[name] = unit_of(word, with_heating_value(word, name, line.site))
        units = self._units_at(line.site, line.activity)
        return lines.rows(
            line,
            self.past,
            self.months,
            is_continuous,
            self._is_there(line),
            unit,
            factors,
            [unit, *(each for each in units if each != unit)] if unit else units,
        )

    def _is_there(self, line: Line) -> Callable[[int], bool]:
        """Whether its site and its meter are there in a month."""
        place = self._by_name[line.site]
        _, meter = self._meters.get(line.meter, (None, None))

        def is_there(month: int) -> bool:
            is_site = place.joined <= month < (place.left or FOREVER)
            return is_site and (not meter or meter.since <= month < (meter.until or FOREVER))

        return is_there

    @cached_property
    def _by_name(self) -> dict[str, Site]:
        return self.settings.sites()

    @cached_property
    def _meters(self) -> dict[str, tuple[Site, Meter]]:
        return self.settings.meters()

    def _known_lines(self) -> Iterator[tuple[Line, object]]:
        """Lines with a figure this year or last, as far as the book still knows their words."""
        since = lines.day(lines.later(self.months[0], -12))
        for line, last in self.past.last_days.items():
            method = self.library.methods.get(line.activity)
            site = self.words.meters.get(line.meter, line.site) if line.meter else line.site
            is_known = site == line.site and (not line.meter or line.meter in self.words.meters)
            if method and last >= since and line.site in self.words.sites and is_known:
                yield line, method

    def _expected(self) -> set[Line]:
        """Lines that should have a figure every month, and meters that may have one."""
        recorded = [(0, *line) for line in self.past.units]
        keys = {row[:3] for row in expected_key(self.settings, self.library, recorded)}
        detailed: dict[tuple, set[Line]] = {}
        for line, _ in self._known_lines():
            detailed.setdefault(line[:3], set()).add(line)
        found = {line for key in keys for line in detailed.get(key, {Line(*key, "")})}
        for place in self.settings.site:
            for each in place.meter:
                activity = DECLARED.get(each.role) or (each.of and METERED.get(each.role))
                if activity and not each.is_virtual:
                    key = (place.name, each.name, activity)
                    found |= detailed.get(key, {Line(*key, "")})
        return {each for each in found if each.site in self.sites and self._is_reached(each)}

    def _is_reached(self, line: Line) -> bool:
        """Whether the book has the meter of a line, and its site counts in a month of the year."""
        if line.meter and self.words.meters.get(line.meter) != line.site:
            return False
        is_inside = self._by_name[line.site].in_boundary
        return is_inside and any(map(self._is_there(line), self.months))

    def _stated(self, known: set[Line]) -> Iterator[tuple[str, Row]]:
        """A row for each source that a site states as reported, and nothing is recorded of."""
        serviced = {(each["site"], _service_of(each["refrigerant"])) for each in self._register()}
        for place in self.places:
            here = {each.activity for each in known if each.site == place.name}
            for name, said in place.sources.items():
                kind = LISTED.get(name)
                if kind is None or said.state != "reported":
                    continue
                may_be = sorted(kind.records(self.library) & {*self.words.activities})
                served = any((place.name, each) in serviced for each in kind.activities)
                if not may_be or here & set(may_be) or served:
                    continue
                one = may_be[0] if len(may_be) == 1 else ""
                topic = topic_of(self.library.methods[may_be[0]])
                unit = lines.default_unit(self.words.word(place.name, one)) if one else ""
                yield topic, Row({"site": place.name, "activity": one, "unit": unit})


def _service_of(refrigerant: str) -> str:
    """What the checklist calls the service of an appliance."""
    return SF6_SERVICE if refrigerant == "SF6" else SERVICE
