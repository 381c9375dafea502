"""Mistakes that inventories of fuels are known for, each made once and caught."""

from __future__ import annotations

from decimal import Decimal

import pytest
from published import prints, total

from carbon.coefficient import coefficients
from carbon.errors import FactorError
from carbon.library import load

GAS_NET = "fuel/natural_gas,CO2,0.2,kgCO2/kWh (Net CV)"


def more(book, tmp_path, row: str) -> list[str]:
    """The codes of what is wrong with one row more."""
    path = tmp_path / "more.csv"
    path.write_text(f"site,year,activity,quantity,unit\nhq,2023,{row}\n", "utf-8")
    [report] = book.import_files([path])
    return [each.code for each in report.problems if each.severity == "error"]


def test_gross_energy_of_gas_never_takes_a_net_factor(worked, tmp_path):
    book = worked("natural_gas,1,MWh (net)", GAS_NET)
    [code] = more(book, tmp_path, "natural_gas,1,MWh (gross)")
    assert code in ("wrong-dimension", "other-heating-value")


def test_a_net_factor_refuses_gross_energy_in_the_calculation_too():
    net = next(each for each in load().topics["fuel/natural_gas"] if each.series == "ndrc-2015")
    with pytest.raises(FactorError) as fault:
        coefficients(net, "MJ_gross", "AR6", load())
    assert fault.value.code == "other-heating-value"


def test_energy_that_says_neither_net_nor_gross_is_refused_where_both_are_printed(worked, tmp_path):
    gross = "fuel/natural_gas,CO2,0.18,kgCO2/kWh (Gross CV)"
    book = worked("natural_gas,1,MWh (net)", GAS_NET, gross)
    assert more(book, tmp_path, "natural_gas,1,MWh") == ["net-or-gross"]


def test_a_short_ton_is_no_tonne(worked):
    factor = "fuel/anthracite,CO2,2,kgCO2/kg"
    assert total(worked("anthracite,1,short ton", factor), "scope1") == Decimal("1814.36948")


def test_a_factor_per_short_ton_is_none_per_tonne(worked):
    factor = "fuel/anthracite,CO2,2602,kg CO2 per short ton"
    # 2,602 / 0.90718474 = 2,868.214 kg a tonne
    assert prints(total(worked("anthracite,1,t", factor), "scope1"), "2868.214")


def test_a_ton_that_may_be_either_is_not_taken_for_a_tonne(worked, tmp_path):
    book = worked("anthracite,1,t", "fuel/anthracite,CO2,2,kgCO2/kg")
    assert more(book, tmp_path, "anthracite,1,ton") != []


def test_methane_printed_with_one_gwp_set_is_counted_with_that_of_the_book(worked):
    printed = ["fuel/diesel,CO2,2,kgCO2/litres", "fuel/diesel,CH4_fossil,0.28,kgCO2e(AR5)/litres"]
    # 0.28 / 28 = 0.01 kg CH4; x 29.8 by AR6, as everything else
    book = worked("diesel,100,L", *printed)
    assert prints(total(book, "scope1"), "229.80000")
    assert prints(total(book, "scope1", gas="CH4_fossil"), "1.000000")


def test_one_gwp_set_counts_every_gas_of_every_set(worked):
    printed = [
        "fuel/diesel,CO2,2,kgCO2/litres",
        "fuel/diesel,CH4_fossil,0.28,kgCO2e(AR5)/litres",
        "fuel/gasoline,CO2,2,kgCO2/litres",
        "fuel/gasoline,CH4_fossil,0.01,kg CH4 per litre",
    ]
    book = worked("diesel,100,L\ngasoline,100,L", *printed, settings='[policy]\ngwp = "AR5"\n')
    rows = book.sql(
        "select topic, sum(co2e_g) as co2e_g from emission where gas = 'CH4_fossil' group by topic"
    ).rows
    by_topic = {row["topic"]: row["co2e_g"] for row in rows}
    assert prints(by_topic["fuel/diesel"] / 1000, "28.0000")
    assert prints(by_topic["fuel/gasoline"] / 1000, "28.0000")


def test_a_later_factor_never_serves_an_earlier_year(worked, tmp_path):
    book = worked("diesel,1,L", "fuel/diesel,CO2,2,kgCO2/litres")  # of 2023
    path = tmp_path / "early.csv"
    path.write_text("site,year,activity,quantity,unit\nhq,2021,diesel,1,L\n", "utf-8")
    book.import_files([path])
    rows = book.sql("select distinct reporting_year from emission where line = 'scope1'").rows
    assert [row["reporting_year"] for row in rows] == [2023]
    assert {"missing-factor", "no-density"} & {each.code for each in book.check()}


def test_a_factor_of_an_earlier_year_serves_with_its_age_told(worked, tmp_path):
    book = worked("diesel,1,L", "fuel/diesel,CO2,2,kgCO2/litres")  # of 2023
    path = tmp_path / "late.csv"
    path.write_text("site,year,activity,quantity,unit\nhq,2025,diesel,1,L\n", "utf-8")
    book.import_files([path])
    rows = book.sql(
        "select age from factor_choice where factor_year = 2025 and topic = 'fuel/diesel'"
    )
    assert [row["age"] for row in rows.rows] == [2]
    [told] = [each for each in book.check() if each.code == "older-factor"]
    assert "serves 2025, up to 2 years after its own" in told.message


def test_a_limit_on_the_age_of_factors_leaves_the_year_uncounted_and_told(worked, tmp_path):
    limit = "[policy]\nmax_factor_age = 1\n"
    book = worked("diesel,1,L", "fuel/diesel,CO2,2,kgCO2/litres", settings=limit)
    path = tmp_path / "late.csv"
    path.write_text("site,year,activity,quantity,unit\nhq,2025,diesel,1,L\n", "utf-8")
    book.import_files([path])
    assert [each.code for each in book.check() if each.code == "older-factor"] == []
    rows = book.sql("select 1 from emission where reporting_year = 2025 and line = 'scope1'").rows
    assert rows == []


def test_biogas_is_not_burned_as_natural_gas(worked):
    rows = "biogas,1000,kWh (net)\nnatural_gas,1000,kWh (net)"
    biogas = "fuel/biogas,CO2_biogenic,0.2,kgCO2/kWh (Net CV)"
    book = worked(rows, GAS_NET, biogas)
    assert prints(total(book, "scope1", gas="CO2"), "200.000")
    assert prints(total(book, "outside", gas="CO2_biogenic"), "200.000")
