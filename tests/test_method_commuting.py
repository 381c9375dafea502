"""Published examples of commuting, from the questionnaire to the total."""

from __future__ import annotations

from published import prints, published, total
from test_method_travel import simplified_calculator

RAIL = "travel/rail/national,CO2e,0.1,kgCO2e/passenger.km"
CAR = "travel/car/average/unknown,CO2e,0.2,kgCO2e/km"
BUS = "travel/bus/local,CO2e,0.1,kgCO2e/passenger.km"


@published("WRI/WBCSD, Technical Guidance for Calculating Scope 3 Emissions (2013), example 7.1")
def test_a_questionnaire_of_three_employees(worked):
    rows = f"""
    commuting_rail,{10 * 2 * 5 * 48},pkm,national
    commuting_rail,{10 * 2 * 4 * 48},pkm,national
    commuting_car,{15 * 2 * 1 * 48},km,average/unknown
    commuting_car,{20 * 2 * 5 * 48},km,average/unknown
    """
    assert prints(total(worked(rows, RAIL, CAR), "scope3"), "3,072")


@published("WRI/WBCSD, Technical Guidance for Calculating Scope 3 Emissions (2013), example 7.2")
def test_ten_thousand_employees_by_average_data(worked):
    rows = f"""
    commuting_rail,{5_000 * 10 * 2 * 235},pkm,national
    commuting_car,{3_000 * 15 * 2 * 235},km,average/unknown
    commuting_bus,{500 * 5 * 2 * 235},pkm,local
    """  # those who walk emit nothing, and have no entry
    assert prints(total(worked(rows, RAIL, CAR, BUS), "scope3"), "6,697,500")


EPA = """
commuting_car/epa-passenger-car       20360 mile           0.341 0.009  0.008
commuting_car/epa-light-duty-truck    20360 mile           0.464 0.012  0.01
commuting_motorcycle/epa-average      20360 mile           0.189 0.07   0.007
commuting_rail/epa-northeast-corridor 14457 passenger_mile 0.058 0.0055 0.0007
commuting_rail/epa-other-routes       14457 passenger_mile 0.15  0.0117 0.0038
commuting_rail/epa-national-average   14457 passenger_mile 0.113 0.0092 0.0026
commuting_rail/epa-commuter           14457 passenger_mile 0.143 0.0119 0.0029
commuting_rail/epa-transit            14457 passenger_mile 0.106 0.0095 0.0013
commuting_bus/epa-average             14457 passenger_mile 0.054 0.0206 0.0009
"""


@published("US EPA, Simplified GHG Emissions Calculator, employee commuting")
def test_commuting_by_the_mile_with_its_gases_apart(worked):
    rows, factors = simplified_calculator(EPA)
    book = worked(rows, *factors, settings='[policy]\ngwp = "AR4"\n')
    assert prints(total(book, "scope3"), "29534.2903392")


def test_commuting_and_business_travel_are_categories_of_their_own(worked):
    book = worked("commuting_rail,100,pkm,national\nrail_travel,300,pkm,national", RAIL)
    rows = book.inventory("2023", by=["category"]).rows
    found = {row["category"]: row["scope3_t"] * 1000 for row in rows}
    assert found == {"business travel": 30, "employee commuting": 10}
