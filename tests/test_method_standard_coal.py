"""Published examples of standard coal, from row to total."""

from __future__ import annotations

from published import prints, published, total


@published("Hikvision, 2023 Environmental, Social and Governance Report, Appendix 1")
def test_fuels_of_a_year_in_tonnes_of_standard_coal(worked):
    rows = "gasoline,282.4,t\ndiesel,31.3,t\nnatural_gas,1956000,m3"
    book = worked(
        rows,
        "standard_coal/gasoline,standard_coal,1.4714,kgce/kg",
        "standard_coal/diesel,standard_coal,1.4571,kgce/kg",
        "standard_coal/natural_gas,standard_coal,1.215,kgce/m3",
    )
    assert prints(
        total(book, "energy", gas="standard coal") / 1000, "2,838"
    )  # printed 2,837.6: cut, not rounded
