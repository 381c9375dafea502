"""Published examples of heat, steam and cooling, from row to total."""

from __future__ import annotations

import pytest
from published import prints, published, total

HEAD = ["CO2", "CH4_fossil", "N2O", "efficiency"]


def boiler(accounting: str, co2: str, ch4: str, n2o: str, efficiency: str) -> list[str]:
    """A set of heat whose gases are of the fuel burned, as the calculator prints them."""
    units = ["kg CO2 per mmBtu", "g CH4 per mmBtu", "g N2O per mmBtu", "1"]
    values = [co2, ch4, n2o, efficiency]
    return [
        f"heat,{quantity},{value},{unit},{accounting}"
        for quantity, value, unit in zip(HEAD, values, units, strict=True)
    ]


# Fuel factors per mmBtu burned, efficiency, and what 1,000 mmBtu of steam emit, as printed.
PRINTED = {
    "natural gas": (("53.06", "1", "0.1", "0.85"), ("62,423.53", "1.17647", "0.117647")),
    "distillate": (("74", "3.1", "0.7", "0.75"), ("98,666.67", "4.13333", "0.933333")),
    "residual oil": (("75", "3.2", "0.65", "0.8"), ("93,750", "4.000", "0.8125")),
    "kerosene": (("76", "3.2", "0.7", "0.81"), ("93,827.16", "3.95062", "0.864198")),
    "anthracite": (("103.69", "11", "1.6", "0.65"), ("159,523.08", "16.92308", "2.461538")),
}


@published("US EPA, Simplified GHG Emissions Calculator, steam")
@pytest.mark.parametrize("fuel", PRINTED)
def test_steam_is_the_fuel_burned_for_it(worked, fuel):
    given, printed = PRINTED[fuel]
    book = worked("steam,1000,mmBtu", *boiler("all", *given))
    for gas, mass_kg in zip(("CO2", "CH4_fossil", "N2O"), printed, strict=True):
        assert prints(mass_of(book, "location", gas), mass_kg)


@published("US EPA, Simplified GHG Emissions Calculator, steam")
def test_market_based_takes_the_factor_of_the_supplier(worked):
    book = worked(
        "steam,1000,mmBtu",
        *boiler("location", "53.06", "1", "0.1", "0.85"),
        *boiler("market", "54", "1.1", "0.2", "0.85"),
    )
    assert prints(mass_of(book, "location", "CO2"), "62,423.53")
    assert prints(mass_of(book, "market", "CO2"), "63,529.41")


@published("US EPA, Simplified GHG Emissions Calculator, steam")
def test_without_a_factor_of_the_supplier_market_based_is_location_based(worked):
    book = worked("steam,1000,mmBtu", *boiler("location", "53.06", "1", "0.1", "0.85"))
    assert mass_of(book, "market", "CO2") == mass_of(book, "location", "CO2")


@published("WRI/WBCSD, Technical Guidance for Calculating Scope 3 Emissions (2013), example 3.1")
def test_what_a_heat_network_loses_is_scope_3(worked):
    book = worked("heat,50000,kWh", "heat,CO2e,0.15,kgCO2e/kWh", "grid_loss/heat,loss_rate,5,%")
    assert prints(total(book, "scope3", "location"), "375")


def mass_of(book, accounting: str, gas: str):
    """Of 2023, Scope 2. [kg]"""
    [row] = book.sql(
        "select sum(mass_g) / 1000 as kg from total where reporting_year = 2023"
        f" and line = 'scope2' and accounting = '{accounting}' and gas = '{gas}'"
    ).rows
    return row["kg"]


def test_cooling_without_a_factor_of_the_supplier_is_missing(worked):
    book = worked("cooling,1000,GJ")
    found = [each for each in book.check() if each.code == "missing-factor"]
    assert [each.severity for each in found] == ["error"]
    assert "(location- and market-based)" in str(found[0])


def test_cooling_takes_the_factor_of_the_supplier(worked):
    book = worked("cooling,1000,kWh", "cooling,CO2e,0.1,kgCO2e/kWh")
    assert prints(total(book, "scope2", "location"), "100")
    assert prints(total(book, "scope2", "market"), "100")


def test_steam_takes_the_published_factor_of_heat(worked):
    assert total(worked("steam,1000,GJ"), "scope2", "location") == 110_000  # 0.11 t/GJ, NDRC


def test_the_boiler_stands_in_the_equation(worked):
    book = worked("steam,1000,mmBtu", *boiler("all", "53.06", "1", "0.1", "0.85"))
    chains = book.explain("scope2-location 2023-01").chains
    assert all("1/0.85 (boiler efficiency)" in each.equation for each in chains)
