"""Published examples of combustion, from row to total."""

from __future__ import annotations

from decimal import Decimal

import pytest
from published import prints, published, total

PER = {"solid": "short ton", "liquid": "gallon (US)", "gas": "scf"}
# Heating value [mmBtu (HHV) per unit], CO2 [kg], CH4 and N2O [g per unit]; then what is printed:
# CO2 [kg], CH4 [g], N2O [g].
TABLE = """
anthracite          solid  25.09    2602     276      40       541141.33121 57400.0797 8318.8521
bituminous_coal     solid  24.93    2325     274      40       483652.22623 56998.1548 8320.8985
sub_bituminous_coal solid  17.25    1676     190      28       354631.88406 40202.8986 5924.6377
lignite             solid  14.21    1389     156      23       297349.61295 33395.6369 4923.7157
natural_gas         gas    0.001026 0.05444  0.00103  0.0001   5842.0912    110.5318   10.7312
diesel              liquid 0.138    10.21    0.41     0.08     16839.10145  676.2029   131.9420
fuel_oil            liquid 0.150    11.27    0.45     0.09     17280.66667  690.0      138.0
kerosene            liquid 0.135    10.15    0.41     0.08     17067.03704  689.4074   134.5185
lpg                 liquid 0.092    5.68     0.28     0.06     13483.82609  664.6957   142.4348
wood                solid  17.48    1640     126      63       346764.30206 26641.6476 13320.8238
landfill_gas        gas    0.000485 0.025254 0.001552 0.000306 5732.7621    352.3104   69.4633
"""
SHEET = [
    (fuel, PER[kind], *numbers)
    for fuel, kind, *numbers in (line.split() for line in TABLE.strip().splitlines())
]
TOPICS = {"wood": "wood_and_wood_residuals"}
BIOMASS = ("wood", "landfill_gas")


def factors(activity: str, per: str, heat: str, co2: str, ch4: str, n2o: str) -> list[str]:
    kind = "biogenic" if activity in BIOMASS else "fossil"
    carbon = "CO2_biogenic" if activity in BIOMASS else "CO2"
    topic = f"fuel/{TOPICS.get(activity, activity)}"
    return [
        f"{topic},heating_value,{heat},mmBtu (HHV) per {per}",
        f"{topic},{carbon},{co2},kg CO2 per {per}",
        f"{topic},CH4_{kind},{ch4},g CH4 per {per}",
        f"{topic},N2O,{n2o},g N2O per {per}",
    ]


def entered(activity: str, per: str) -> list[str]:
    """100 of the natural unit and 100 mmBtu, twice; of gas 100 therms (10 mmBtu) once."""
    if per != "scf":
        return [f"{activity},200,{per}", f"{activity},200,MMBtu (gross)"]
    scf = 200 if activity == "landfill_gas" else 100
    return [f"{activity},{scf},scf", f"{activity},110,MMBtu (gross)"]


@pytest.fixture
def sheet(worked):
    """The whole sheet, with the warming potentials it counts by."""
    rows = [row for fuel, per, *_ in SHEET for row in entered(fuel, per)]
    printed = [row for each in SHEET for row in factors(*each[:6])]
    return worked("\n".join(rows), *printed, settings='[policy]\ngwp = "AR4"\n')


@published("US EPA, Simplified GHG Emissions Calculator, stationary combustion sheet")
@pytest.mark.parametrize("each", SHEET, ids=lambda each: each[0])
def test_a_fuel_in_natural_units_and_by_gross_heat(worked, each):
    book = worked("\n".join(entered(*each[:2])), *factors(*each[:6]))
    line, carbon = ("outside", "CO2_biogenic") if each[0] in BIOMASS else ("scope1", "CO2")
    methane = "CH4_biogenic" if each[0] in BIOMASS else "CH4_fossil"
    assert prints(total(book, line, gas=carbon), each[6])
    assert prints(total(book, "scope1", gas=methane) * 1000, each[7])
    assert prints(total(book, "scope1", gas="N2O") * 1000, each[8])


@published("US EPA, Simplified GHG Emissions Calculator, stationary combustion sheet")
def test_methane_and_nitrous_oxide_of_biomass_are_in_the_total_of_scope_1(sheet):
    assert prints(total(sheet, "scope1") / 1000, "1765.08125")


@published("US EPA, Simplified GHG Emissions Calculator, stationary combustion sheet")
def test_co2_of_biomass_is_outside_the_total(sheet):
    assert prints(total(sheet, "outside") / 1000, "352.4971")


@published("US EPA, Simplified GHG Emissions Calculator, stationary combustion sheet")
def test_fossil_co2_of_nine_fuels_adds_up(sheet):
    assert prints(total(sheet, "scope1", gas="CO2"), "1747287.777")


@published("UK Government GHG conversion factors 2025, Fuels")
@pytest.mark.parametrize(
    ("fuel", "gross", "net"),
    [("cng", "0.18296", "0.2027"), ("lpg", "0.2145", "0.23032"), ("butane", "0.22241", "0.24107")],
)
def test_net_energy_times_the_net_factor_is_gross_energy_times_the_gross_factor(
    worked, fuel, gross, net
):
    printed = [
        f"fuel/{fuel},CO2e,{gross},kgCO2e(AR5)/kWh (Gross CV)",
        f"fuel/{fuel},CO2e,{net},kgCO2e(AR5)/kWh (Net CV)",
    ]
    # The same gas: 1,000 kWh net is 1,000 x net / gross kWh gross.
    same = round(1000 * Decimal(net) / Decimal(gross), 6)
    by_gross = total(worked(f"{fuel},{same},kWh (gross)", *printed), "scope1")
    assert prints(by_gross, str(1000 * Decimal(net)))


@published("WRI/WBCSD, Technical Guidance for Calculating Scope 3 Emissions (2013), example 4.1")
def test_litres_of_several_suppliers_times_a_factor_per_litre(worked):
    rows = "diesel,50000,L\ndiesel,80000,L\ndiesel,90000,L"
    book = worked(rows, "fuel/diesel,CO2e,3,kgCO2e/litres")
    assert prints(total(book, "scope1"), "660,000")


@published("Smart Freight Centre, GLEC Framework v3 (2024), module 4, section 1.1")
def test_diesel_by_the_litre_and_electricity_by_the_kilowatt_hour(worked):
    rows = "diesel_vehicle,100000,L\nelectricity,100000,kWh"
    book = worked(
        rows, "fuel/diesel,CO2e,3.32,kgCO2e/litres", "electricity,CO2e,97,g CO2e per MJ,location"
    )
    both = total(book, "scope1") + total(book, "scope2", "location")
    assert prints(both, "366,920")


def test_biogas_burned_never_shows_fossil_co2(worked):
    book = worked("biogas,1000,kWh (net)", *BIOGAS)
    assert total(book, "scope1", gas="CO2") == 0
    assert prints(total(book, "outside", gas="CO2_biogenic"), "200.000")


def test_fossil_gas_never_becomes_biogenic_by_a_certificate(worked):
    book = worked("natural_gas,1000,kWh (net)", "fuel/natural_gas,CO2,0.2,kgCO2/kWh (Net CV)")
    before = total(book, "scope1", gas="CO2")
    certify(book)
    assert total(book, "scope1", gas="CO2") == before
    assert prints(before, "200.000")
    assert total(book, "outside") == 0


BIOGAS = [
    "fuel/biogas,CO2_biogenic,0.2,kgCO2/kWh (Net CV)",
    "fuel/biogas,CH4_biogenic,0.01,g CH4 per kWh (Net CV)",
]


def certify(book) -> None:
    """A certificate of renewable energy over more than was burned, retired for the book."""
    fields = {
        "instrument_id": "bio-1",
        "kind": "GEC",
        "market": "CN",
        "energy": "5000",
        "unit": "kWh",
        "vintage": "2023",
        "claim_year": "2023",
        "retired_on": "2023-12-31",
    }
    report = book.log("instrument", fields)
    assert report.recorded == 1
