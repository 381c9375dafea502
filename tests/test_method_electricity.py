"""Published examples of purchased electricity, from row to total."""

from __future__ import annotations

from published import prints, published, total


@published("WRI/WBCSD, Corporate Value Chain (Scope 3) Standard (2011), table 5.6")
def test_what_is_used_stands_in_scope_2_and_what_was_lost_on_the_way_does_not(worked):
    book = worked("electricity,90,MWh", "electricity,CO2e,1,tCO2e/MWh")
    assert prints(total(book, "scope2", "location") / 1000, "90")
