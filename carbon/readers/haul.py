"""Which factor a flight takes by its ends: the classes of distance as their publishers draw them.

`air_detail` gives the detail of an entry of air travel. The two publishers draw them differently:
the United Kingdom by country, the United States by miles.
"""

from __future__ import annotations

from fractions import Fraction

from carbon.gazetteer import Place

MILE = Fraction("1.609344")  # [km]
KINGDOM = frozenset(("GB", "GG", "IM", "JE"))  # flights within it are domestic
# Flights between the UK and these are short-haul: Europe without Moldova and Ukraine (Russia counts
# as Asia), Gibraltar, Greenland, Turkey, and North Africa. Cyprus, of which the paper says nothing,
# stands with the European Union.
# Source: DESNZ, 2025 Government greenhouse gas conversion factors, methodology paper, 8.9 and 8.10.
EUROPE = (
    "AD AL AT AX BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GI GL GR HR HU IE IS IT LI LT LU LV MC"
    " ME MK MT NL NO PL PT RO RS SE SI SJ SK SM TR VA XK"
)
NORTH_AFRICA = "DZ EG LY MA TN"
SHORT = frozenset(f"{EUROPE} {NORTH_AFRICA}".split())
CABINS = {
    "domestic": (),
    "short-haul": ("economy", "business"),
    "long-haul": ("economy", "premium-economy", "business", "first"),
    "international": ("economy", "premium-economy", "business", "first"),
}


def air_detail(
    one: Place, other: Place, distance: Fraction, cabin: str, home: str
) -> tuple[str, str]:
    """The detail of a flight and, in words, what it rests on.

    distance : of the flight, one way. [km]
    home : the country of the site that made the trip.
    """
    countries = {one.country, other.country}
    if home == "US" or countries == {"US"}:
        abroad = "" if home == "US" else "@US"
        cabins = "; no cabin told apart" if cabin else ""
        return f"epa-{_by_miles(distance)}{abroad}", f"classes of distance of the US EPA{cabins}"
    haul = _by_country(countries)
    inside = "GB" if countries <= KINGDOM else min(countries)
    abroad = f"@{inside}" if haul == "domestic" and inside != home else ""
    told = "hauls of DESNZ"
    if haul == "domestic":
        return f"domestic{abroad}", told + ("; no cabin told apart" if cabin else "")
    if cabin and cabin not in CABINS[haul]:
        return f"{haul}/average", f"{told}; {cabin} is not printed for {haul}, so the average"
    return f"{haul}/{cabin or 'average'}", told + ("" if cabin else "; cabin not stated")


def _by_country(countries: set[str]) -> str:
    """Domestic, to and from the UK by haul, or between other countries."""
    if countries <= KINGDOM or len(countries) == 1:
        return "domestic"
    if not countries & KINGDOM:
        return "international"
    return "short-haul" if countries - KINGDOM <= SHORT else "long-haul"


def _by_miles(distance: Fraction) -> str:
    """Short below 300 miles, medium below 2,300, long from there.

    Source: US EPA, GHG Emission Factors Hub (2025), Table 10.
    """
    miles = distance / MILE
    return "short-haul" if miles < 300 else "medium-haul" if miles < 2300 else "long-haul"
