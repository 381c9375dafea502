"""Published examples of electricity made on site, from row to sheet."""

from __future__ import annotations

from decimal import Decimal

from published import prints, published, total

ROWS = "electricity,31696,MWh\npv_generation,400,MWh\npv_export,40,MWh"
FACTOR = Decimal(14500) / 31696  # the printed tonnes over the printed purchase [t/MWh]


@published("HM Government, Environmental Reporting Guidelines (March 2019), Annex H")
def test_what_was_bought_is_not_lowered_by_what_was_exported(worked):
    book = worked(ROWS, f"electricity,CO2e,{FACTOR:.8f},tCO2e/MWh")
    assert prints(total(book, "scope2", "location") / 1000, "14500")
    assert prints(total(book, "scope2", "market") / 1000, "14500")
    [row] = book.energy()[1].rows
    said = {"bought_mwh": "31,696", "pv_generated_mwh": "400", "exported_mwh": "40"}
    assert all(prints(row[name], said[name]) for name in said)
    assert prints(row["exported_mwh"] * FACTOR, "18")


@published("HM Government, Environmental Reporting Guidelines (March 2019), Annex H")
def test_what_was_generated_and_not_exported_is_used(worked):
    [row] = worked(ROWS).energy()[1].rows
    assert row["pv_used_mwh"] == 360  # 400 - 40
