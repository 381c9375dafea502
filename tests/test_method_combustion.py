"""Published examples of combustion, from row to total."""

from __future__ import annotations

from published import prints, published, total


@published("WRI/WBCSD, Technical Guidance for Calculating Scope 3 Emissions (2013), example 4.1")
def test_litres_of_several_suppliers_times_a_factor_per_litre(worked):
    rows = "diesel,50000,L\ndiesel,80000,L\ndiesel,90000,L"
    book = worked(rows, "fuel/diesel,CO2e,3,kgCO2e/litres")
    assert prints(total(book, "scope1"), "660,000")
