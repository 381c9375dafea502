"""Published examples of refrigerants, from row to total."""

from __future__ import annotations

from published import prints, published, total


@published("WRI/WBCSD, Technical Guidance for Calculating Scope 3 Emissions (2013), example 4.1")
def test_what_leaked_times_its_gwp(worked):
    book = worked("refrigerant,50,kg,R-410A", "refrigerant/R-410A,CO2e,2000,kgCO2e/kg")
    assert prints(total(book, "scope1"), "100,000")
