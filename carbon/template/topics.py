"""The topics of a template: a sheet each, its layout, and the activities it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from carbon.library.model import Method
from carbon.readers.trips import MODES

TRIPS = frozenset(business for business, *_ in MODES.values()) | {"taxi_vehicle"}


@dataclass(frozen=True)
class Topic:
    """A sheet to fill in."""

    name: str  # as --sheet takes it
    title: str  # of the sheet, at most 31 characters
    layout: str
    about: str
    categories: Sequence[str] = ()  # of methods.csv, whose activities stand here


TOPICS = (
    Topic(
        "electricity",
        "Electricity and heat",
        "activity",
        "Power, heat and cold that were bought, passed on or metered below: a row a bill.",
        (
            "purchased electricity",
            "purchased heat and steam",
            "purchased cooling",
            "public charging",
            "energy supplied to others",
            "IT load",
            "heat and power",
        ),
    ),
    Topic(
        "pv",
        "PV and storage",
        "activity",
        "What PV plants generated and fed in, and what batteries took and gave.",
        ("PV", "storage"),
    ),
    Topic(
        "fuels",
        "Fuels",
        "activity",
        "What was burned: gas by the bill, other fuels by the delivery or the month.",
        ("stationary combustion", "mobile combustion", "process emissions"),
    ),
    Topic(
        "refrigerants",
        "Refrigerants",
        "activity",
        "What was topped up at sites without a register of appliances, and SF6.",
        ("fugitive emissions",),
    ),
    Topic(
        "appliances",
        "Appliances",
        "equipment",
        "The register: chillers, air conditioners, switchgear. Add new ones; date those retired.",
    ),
    Topic(
        "service",
        "Service",
        "service",
        "Every visit at an appliance: what went in, and what was recovered.",
    ),
    Topic(
        "stock",
        "Refrigerant stock",
        "refrigerant_stock",
        "Cylinders in store: a count at the end of the year, purchases, sales and returns.",
    ),
    Topic(
        "trips", "Trips", "trip", "Business trips: a flight by its airports, others by distance."
    ),
    Topic(
        "commuting",
        "Commuting and hotels",
        "activity",
        "How people come to work, work from home, and stay the night on business.",
        ("business travel", "employee commuting"),
    ),
    Topic(
        "other",
        "Other activities",
        "activity",
        "What stands on no other sheet.",
    ),
    Topic(
        "denominators",
        "People, area, revenue",
        "denominator",
        "What the emissions are divided by.",
    ),
    Topic(
        "indicators",
        "Water, waste, packaging",
        "indicator",
        "What stands beside the inventory, and has no emission.",
    ),
    Topic(
        "certificates",
        "Certificates and contracts",
        "instrument",
        "Certificates, contracts and rates of suppliers for electricity.",
    ),
    Topic("credits", "Carbon credits", "credit", "Carbon credits bought, and those retired."),
    Topic("claims", "Claims", "claim", "Avoided emissions claimed beside the inventory."),
)
NAMED = {each.name: each for each in TOPICS}


def topic_of(method: Method) -> str:
    """The topic an activity stands under.

    A trip is recorded by its layout, which works its passenger-kilometres out.
    """
    if method.activity in TRIPS:
        return "trips"
    found = (each.name for each in TOPICS if method.category in each.categories)
    return next(found, "other")
