"""Leak rates of equipment, for screening: which row of which publication a kind of equipment takes.

A kind is a row of the leak rates itself (`chillers`), a word of `KINDS`, or a word that the book
explains under [policy.equipment_kind]. Where a word could mean several rows it is not in `KINDS`,
and the book has to say; nothing is guessed from the charge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from carbon.coefficient import rounded
from carbon.inputs.policies import declared_series, series_of
from carbon.library import FactorSet, Library
from carbon.settings import Settings, Site

FAMILY = "leak"
OWN = "own"

# Words people write, and the row each means in one publication or another.
KINDS: Mapping[str, tuple[str, ...]] = {
    "chiller": ("chillers", "large-stationary-air-conditioning-chillers"),
    "air conditioner": ("residential-and-commercial-air-conditioning",),
    "packaged unit": ("residential-and-commercial-air-conditioning",),
    "rooftop unit": ("residential-and-commercial-air-conditioning",),
    "split unit": (
        "residential-and-commercial-air-conditioning",
        "small-stationary-air-conditioning",
    ),
    "heat pump": ("heat-pumps", "residential-and-commercial-air-conditioning"),
    "refrigerator": ("domestic-refrigeration",),
    "fridge": ("domestic-refrigeration",),
    "condensing unit": ("condensing-units",),
    "supermarket system": (
        "centralised-supermarket-refrigeration-systems",
        "medium-and-large-commercial-refrigeration",
    ),
    "industrial refrigeration": ("industrial-systems", "industrial-refrigeration"),
    "cold storage": ("industrial-refrigeration",),
    "vending machine": (
        "small-hermetic-stand-alone-refrigeration-units",
        "stand-alone-commercial-applications",
    ),
    "transport refrigeration": ("transport-refrigeration", "land-transport-refrigeration"),
    "car air conditioning": (
        "mobile-air-conditioning-cars",
        "light-duty-mobile-air-conditioning",
    ),
    "fixed fire suppression": ("fixed-fire-suppression-equipment",),
    "fire extinguisher": ("portable-fire-suppression-equipment",),
}


@dataclass(frozen=True)
class LeakRate:
    """What leaks of a charge: on installing, in a year, and of what is left at disposal. None where
    the publication prints no such rate."""

    set_id: str
    installation: Decimal | None
    annual: Decimal | None
    disposal: Decimal | None


def leak_rate(
    settings: Settings, library: Library, place: Site | None, kind: str
) -> LeakRate | None:
    """The leak rates of a kind of equipment at a site, None where the policy has no row for it.

    Raises SettingsError for a series under [policy.leak] that nothing carries.
    """
    if place is None:
        return None
    here = {row[1] for row in library.region_path({place.name: place.region})}
    declared = series_of(settings, library, FAMILY, library.country(place.region))
    rows, named = rows_of(settings, kind), declared_series(settings)
    for wanted in (OWN, *declared):
        for row in rows:
            found = [
                each
                for each in library.topics.get(f"{FAMILY}/{row}", ())
                if wanted in (each.series, f"set:{each.set_id}")
                and (each.series != OWN or each.region in here)
                and (each.confidence != "low" or {each.series, f"set:{each.set_id}"} & named)
            ]
            if found:
                return _rate(max(found, key=lambda each: (each.last_year, each.set_id)))
    return None


def rows_of(settings: Settings, kind: str) -> tuple[str, ...]:
    """The rows of leak rates that a kind of equipment may mean."""
    said = {_plain(name): row for name, row in settings.policy.equipment_kind.items()}
    word = _plain(kind)
    if word in said:
        return (_row(said[word]),)
    singular = word.removesuffix("s")
    return (_row(kind), *KINDS.get(word, KINDS.get(singular, ())))


def known_rows(settings: Settings, library: Library, place: Site) -> list[str]:
    """The rows that the policy lets serve at a site."""
    declared = (OWN, *series_of(settings, library, FAMILY, library.country(place.region)))
    return sorted(
        topic.partition("/")[2]
        for topic, sets in library.topics.items()
        if topic.startswith(f"{FAMILY}/")
        and any({each.series, f"set:{each.set_id}"} & {*declared} for each in sets)
    )


def _plain(kind: str) -> str:
    return " ".join(kind.casefold().replace("-", " ").replace("_", " ").split())


def _row(kind: str) -> str:
    return _plain(kind).replace(" ", "-")


def _rate(each: FactorSet) -> LeakRate:
    """The rates of a set, as shares of the charge."""
    shares = {
        name: printed.number * printed.measure.amount
        for name, printed in each.values.items()
        if printed.measure.of == "1"
    }
    lost = None
    if "remaining_charge" in shares and "recovered_charge" in shares:
        lost = shares["remaining_charge"] * (1 - shares["recovered_charge"])
    return LeakRate(
        each.set_id,
        _share(shares.get("installation_leak")),
        _share(shares.get("annual_leak")),
        _share(lost),
    )


def _share(value: Fraction | None) -> Decimal | None:
    return None if value is None else rounded(value)
