"""Published examples of travel, from row to total."""

from __future__ import annotations

from published import prints, published, total


@published("WRI/WBCSD, Technical Guidance for Calculating Scope 3 Emissions (2013), example 6.1")
def test_passengers_times_distance_times_factor(worked):
    rows = """
    air_travel,100000,pkm,one
    air_travel,300000,pkm,two
    air_travel,1200000,pkm,three
    """
    factors = [f"travel/air/{name},CO2e,{value},kgCO2e/passenger.km" for name, value in FLIGHTS]
    assert prints(total(worked(rows, *factors), "scope3"), "8,300,000")


FLIGHTS = [("one", 5), ("two", 6), ("three", 5)]
