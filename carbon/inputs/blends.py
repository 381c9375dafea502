"""Fuel blends as rows: into which fuels a quantity of a blend is split at a site.

The blends of the library are those of the country a site lies in, else those that hold anywhere;
a blend of the book's own settings comes before both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from carbon import settings
from carbon.coefficient import rounded
from carbon.engine import Row
from carbon.errors import SettingsError, nearest
from carbon.inputs.views import Views
from carbon.library import FuelBlend, Library, Method
from carbon.settings import Settings, Site

STEMS = ("fuel/", "vehicle/fuel/")  # topics that go on with a fuel


def fuel_part(views: Views, library: Library, keys: Iterable[Row]) -> list[Row]:
    """The components of the blends that keys name as their detail, by span of months.

    keys : rows of `activity_key`.

    Raises SettingsError for an own blend of a fuel that no factor set is of.
    """
    asked = dict.fromkeys((row[1], row[3], row[4]) for row in keys if row[4])
    rows: list[Row] = []
    for span in views.spans():
        places = span.view.settings.sites()
        for site, activity, detail in asked:
            if site in places and activity in library.methods:
                blends = blends_at(span.view.settings, library, places[site], activity)
                months = (span.first_month, span.left_month)
                rows += [
                    (site, activity, detail, unit, topic, part, *months)
                    for each in blends
                    if each.name == detail
                    for unit, topic, part in _parts(library.methods[activity], each)
                ]
    return rows


def _parts(method: Method, blend: FuelBlend) -> Iterator[tuple[str, str, Decimal]]:
    """Unit, topic and share of each component, for every unit the shares can be taken of."""
    stem = method.topic if method.is_detailed else method.topic.rpartition("/")[0]
    for unit in method.units:
        for component, part in blend.parts if unit in blend.units else ():
            yield unit, f"{stem}/{component}", rounded(part)


def blends_at(said: Settings, library: Library, place: Site, activity: str) -> Iterator[FuelBlend]:
    """The blends that entries of an activity at a site may name as their detail."""
    method = library.methods[activity]
    if not f"{method.topic}/".startswith(STEMS):
        return
    country = library.country(place.region)
    names = _names_in(library, country)
    own = [_named(_own(each, library), names) for each in said.fuel_blend]
    near = [each for each in library.fuel_blends if each.country == country]
    anywhere = [each for each in library.fuel_blends if not each.country]
    seen: set[tuple[str, str]] = set()
    for each in (*own, *near, *anywhere):
        key = (each.name, each.fuel)
        if key not in seen and (method.is_detailed or method.topic.endswith(f"/{each.fuel}")):
            seen.add(key)
            yield each


def _names_in(library: Library, country: str) -> dict[str, str]:
    """What the components of blends are called in a country, as its blends of the library do:
    where forecourt diesel holds biofuel already, the fossil part is the mineral fuel."""
    anywhere = {(each.name, each.fuel): each for each in library.fuel_blends if not each.country}
    found: dict[str, str] = {}
    for each in library.fuel_blends:
        if each.country == country and (each.name, each.fuel) in anywhere:
            shares = {part: name for name, part in anywhere[each.name, each.fuel].parts}
            found |= {shares[part]: name for name, part in each.parts if part in shares}
    return found


def _named(blend: FuelBlend, names: Mapping[str, str]) -> FuelBlend:
    parts = tuple((names.get(name, name), part) for name, part in blend.parts)
    return replace(blend, parts=parts)


def _own(said: settings.FuelBlend, library: Library) -> FuelBlend:
    """A blend of the settings. Raises SettingsError for a fuel nobody has a factor of."""
    fuels = {topic.rpartition("/")[2] for topic in library.topics if topic.startswith(STEMS)}
    for name in (said.fuel, *said.parts):
        if name not in fuels:
            close = nearest(name, fuels)
            raise SettingsError(
                "unknown-fuel",
                f"the blend {said.name!r} names {name!r}, of which there is no factor set",
                where=f"carbon.toml, fuel_blend {said.name}",
                nearest=close,
                remedy=f"write {close!r}" if close else "carbon factors search fuel lists fuels",
            )
    parts = tuple((name, Fraction(percent) / 100) for name, percent in said.parts.items())
    return FuelBlend(said.name, said.fuel, "", said.basis, parts, said.source)
