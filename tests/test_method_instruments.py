"""A published example of market-based electricity with a factor of its own, from row to total."""

from __future__ import annotations

from decimal import Decimal

from published import prints, published, total

SITE = '[[site]]\nname = "hq"\nregion = "US-EGRID-CAMX"\n'
POUND = Decimal("0.45359237")  # kg
CAMX = [  # eGRID subregion CAMX, lb per MWh
    "electricity,CO2,453.2,lb/MWh",
    "electricity,CH4_fossil,0.033,lb/MWh",
    "electricity,N2O,0.004,lb/MWh",
]
# A supplier's rate of 8.7 lb per MWh is 8.7 x 0.45359237 g per kWh, here to six decimals.
RATE = {
    "instrument_id": "rate",
    "kind": "supplier_rate",
    "market": "US",
    "energy": "100000",
    "unit": "kWh",
    "vintage": "2023",
    "claim_year": "2023",
    "retired_on": "2023-12-20",
    "factor": "3.946254",
}


def pounds(book, accounting: str, gas: str = "") -> Decimal:
    return total(book, "scope2", accounting, gas) / POUND


@published("US EPA, Simplified GHG Emissions Calculator, electricity sheet")
def test_an_instrument_moves_market_based_and_leaves_location_based_unchanged(worked):
    book = worked("electricity,100000,kWh", *CAMX, site=SITE)
    book.log("instrument", RATE)
    assert prints(pounds(book, "location", "CO2"), "45320")
    assert prints(pounds(book, "location", "CH4_fossil"), "3.3")
    assert prints(pounds(book, "location", "N2O"), "0.4")
    assert prints(pounds(book, "market"), "870")


@published("US EPA, Simplified GHG Emissions Calculator, electricity sheet")
def test_without_an_instrument_or_residual_mix_market_based_is_location_based(worked):
    book = worked("electricity,100000,kWh", *CAMX, site=SITE)
    assert prints(pounds(book, "market", "CO2"), "45320")
