"""A published substitution, from trips to what they avoided."""

from __future__ import annotations

from published import prints, published

TAXI = (
    "travel/taxi,CO2,0.14742,kgCO2/passenger.km",
    "travel/taxi,CH4_fossil,0.00000332,kgCO2e(AR5)/passenger.km",
    "travel/taxi,N2O,0.00119,kgCO2e(AR5)/passenger.km",
)
UNDERGROUND = (
    "travel/metro,CO2,0.02753,kgCO2/passenger.km",
    "travel/metro,CH4_fossil,0.00011,kgCO2e(AR5)/passenger.km",
    "travel/metro,N2O,0.00016,kgCO2e(AR5)/passenger.km",
)


@published("UK Government GHG Conversion Factors for Company Reporting 2025 (DESNZ)")
def test_the_metro_instead_of_a_taxi(worked):
    policy = '[policy]\ngwp = "AR5"\n'
    book = worked("metro_travel,1000,pkm", *TAXI, *UNDERGROUND, settings=policy)
    [row] = book.substitution("2023", "metro_travel", "taxi").rows
    assert prints(row["instead_kg"], "148.61")
    assert prints(row["taken_kg"], "27.80")
    assert prints(row["avoided_kg"], "120.81")
