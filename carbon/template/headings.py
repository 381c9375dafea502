"""The headings of a sheet: what each means, what may be chosen under it, which are filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from carbon.layouts import LAYOUTS, NOT_READ, Layout
from carbon.readers.small import (
    CHARGED,
    CLAIM_KINDS,
    CREDIT_KINDS,
    EVENTS,
    STOCK_EVENTS,
)
from carbon.readers.trips import BUSINESS, CABINS, COMMUTING, MODES
from carbon.settings import METRICS, QUALITIES
from carbon.template.model import Choice, Heading, Kind
from carbon.template.topics import Topic

ORDER = {  # columns of a sheet, where it does not have all of its layout in their order
    "activity": "site meter activity detail month start end quantity unit quality uncertainty"
    " evidence note",
    "trip": "site purpose mode date month from to distance unit class return travellers trips"
    " occupancy evidence note",
    "denominator": "metric site period quantity unit evidence note",
    "indicator": "indicator part site period quantity unit coverage quality evidence note",
}
PERIOD = {  # the column in which a row says it first
    "activity": "month",
    "trip": "date",
    "denominator": "period",
    "indicator": "period",
}
OPTIONAL = ("meter", "detail", "uncertainty")  # columns of activities, where they say something
COMPARED = ("activity", "denominator", "indicator")  # layouts with last year's figures beside
KINDS: Mapping[str, Kind] = {
    "quantity": "signed",
    **dict.fromkeys(
        ("energy", "mass", "charge", "factor", "distance", "travellers", "trips", "occupancy"),
        "number",
    ),
    "uncertainty": "number",
    **dict.fromkeys(("date", "serviced_on", "happened_on"), "day"),
    **dict.fromkeys(("start", "end", "installed_on", "retired_on"), "any day"),
}
WIDTHS = {  # of columns that need more than 12 characters, or less
    **{"site": 18, "meter": 18, "activity": 20, "detail": 18, "month": 10, "quantity": 14},
    **{"unit": 10, "quality": 11, "evidence": 18, "note": 24, "kind": 16, "description": 30},
    **{"equipment_id": 18, "service_id": 24, "stock_id": 28, "refrigerant": 14},
}
MONTHLY = " Where start and end are filled in, they are read and the month is not."
NEGATIVE = " Below zero only for a credit note."
OF_INDICATORS = ("m3", "10^4 m3", "L", "kg", "t")
OF_METRICS = ("person", "RMB", "10^4 RMB", "million RMB", "USD", "million USD", "m2", "kWh", "MWh")


@dataclass(frozen=True)
class Words:
    """What may be chosen: the words of the book, and those of the readers."""

    sites: Sequence[str]
    meters: Mapping[str, Sequence[str]]  # by site
    activities: Mapping[str, Sequence[str]]  # by topic
    units: Mapping[str, Sequence[str]]  # by activity
    details: Mapping[str, Sequence[str]]  # by activity
    months: Sequence[str]
    refrigerants: Sequence[str] = ()
    equipment: Sequence[str] = ()
    instrument_kinds: Sequence[str] = ()
    markets: Sequence[str] = ()
    indicators: Sequence[str] = ()
    of_kind: Mapping[str, Sequence[str]] = field(default_factory=dict)  # units by what they measure
    generation_meters: Sequence[str] = ()


def headings(topic: Topic, words: Words, year: int, has: frozenset[str]) -> list[Heading]:
    """The headings of the sheet of a topic.

    has : columns that may be left out and are wanted.
    """
    layout = LAYOUTS[topic.layout]
    names = ORDER.get(topic.layout, " ".join(layout.told)).split()
    found = []
    for name in names:
        if topic.layout == "activity" and name in OPTIONAL and name not in has:
            continue
        found.append(_heading(layout, topic, name, words))
        if name == "unit" and topic.layout in COMPARED:
            found += _compared(year - 1)
    return found


def _heading(layout: Layout, topic: Topic, name: str, words: Words) -> Heading:
    kind = KINDS.get(name, "text")
    if layout.name != "activity" and name == "quantity":
        kind = "number"
    says = layout.says[name]
    says += MONTHLY if layout.name == "activity" and name in ("month", "start", "end") else ""
    says += NEGATIVE if kind == "signed" else ""
    is_needed = name in layout.required or name == PERIOD.get(layout.name)
    is_needed |= layout.name == "trip" and name == "site" and len(words.sites) > 1
    return Heading(
        name,
        name,
        says,
        kind,
        _choice(layout.name, topic, name, words),
        max(WIDTHS.get(name, 12), len(name) + 2),
        is_needed=is_needed,
        is_given=name in layout.given,
    )


def _compared(year: int) -> list[Heading]:
    """Last year's figures beside those of this year."""
    before = (
        f"What the same days came to in {year}, or the whole of {year} where the row names no"
        " month. For comparison: it is not read back."
    )
    return [
        Heading("before", f"{year} {NOT_READ}", before, "signed", width=16, is_read=False),
        Heading("before_unit", f"{year} unit {NOT_READ}", before, width=11, is_read=False),
        Heading(
            "change",
            f"change {NOT_READ}",
            f"How far the quantity is from that of {year}, where both are in one unit; marked"
            " beyond half as much again, or half as much. It is not read back.",
            "change",
            width=11,
            is_read=False,
        ),
    ]


def _choice(layout: str, topic: Topic, name: str, words: Words) -> Choice | None:
    """What may be chosen in a column."""
    if layout == "activity":
        return {
            "site": Choice(words.sites),
            "meter": Choice(by="site", of=words.meters),
            "activity": Choice(words.activities.get(topic.name, ())),
            "detail": Choice(by="activity", of=words.details, is_open=True),
            "month": Choice(words.months),
            "unit": Choice(by="activity", of=words.units),
            "quality": Choice([each for each in QUALITIES if each != "unstated"]),
        }.get(name)
    if layout == "trip":
        return {
            "site": Choice(words.sites),
            "purpose": Choice((BUSINESS, COMMUTING)),
            "mode": Choice(list(MODES)),
            "month": Choice(words.months),
            "class": Choice(list(CABINS), is_open=True),
            "return": Choice(("yes", "no")),
            "unit": Choice(words.of_kind["distance"]),
        }.get(name)
    if layout == "denominator":
        return {
            "site": Choice(words.sites),
            "metric": Choice(METRICS),
            "unit": Choice(OF_METRICS, is_open=True),
        }.get(name)
    if layout == "indicator":
        return {
            "site": Choice(words.sites),
            "indicator": Choice(words.indicators),
            "unit": Choice(OF_INDICATORS, is_open=True),
            "quality": Choice([each for each in QUALITIES if each != "unstated"]),
        }.get(name)
    units = words.of_kind["energy" if layout == "instrument" else "mass"]
    return {
        "site": Choice(words.sites),
        "unit": Choice(units),
        "refrigerant": Choice(words.refrigerants),
        "equipment_id": Choice(words.equipment) if layout == "service" else None,
        "market": Choice(words.markets),
        "charged": Choice(CHARGED),
        "conveys_attribute": Choice(("yes", "no")),
        "net_of_sold": Choice(("yes", "no")),
        "generation_meter": Choice(words.generation_meters) if words.generation_meters else None,
        "event": Choice(EVENTS if layout == "service" else STOCK_EVENTS),
        "kind": {
            "instrument": Choice(words.instrument_kinds),
            "credit": Choice(CREDIT_KINDS),
            "claim": Choice(CLAIM_KINDS),
        }.get(layout),
    }.get(name)
