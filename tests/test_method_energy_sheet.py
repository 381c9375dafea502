"""Published examples of the energy sheet, from row to sheet."""

from __future__ import annotations

from published import prints, published

COAL = (
    "standard_coal/gasoline,standard_coal,1.4714,kgce/kg",
    "standard_coal/diesel,standard_coal,1.4571,kgce/kg",
    "standard_coal/natural_gas,standard_coal,1.215,kgce/m3",
    "standard_coal/electricity,standard_coal,0.1229,kgce/kWh",
)
USED = (
    "gasoline,282.4,t\ndiesel,31.3,t\nnatural_gas,1956000,m3\n"
    "electricity_including_pv,223072.1,MWh\npv_generation,4508.3,MWh"
)


@published("Hikvision, 2023 Environmental, Social and Governance Report, Appendix 1")
def test_fuels_and_electricity_of_a_year_with_its_pv(worked):
    carriers, electricity = worked(USED, *COAL).energy("2023")
    coal = {row["carrier"]: row["standard_coal_t"] for row in carriers.rows}
    used = coal["electricity bought"] + coal["PV used on site"]
    assert prints(used, "27,415.6")
    assert prints(coal["total"], "30,253.2")
    assert prints(electricity.rows[-1]["pv_generated_mwh"], "4,508.3")
