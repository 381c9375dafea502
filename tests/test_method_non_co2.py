"""CH4 and N2O of a second set: published examples, and what a policy may and may not do."""

from __future__ import annotations

from datetime import date

import pytest
from published import prints, published, total

from carbon.errors import SettingsError
from carbon.library import load
from carbon.library.completion import completed, completions, has_co2_alone

# 1,000 mmBtu of steam from a boiler of 80 % burn 1,250 mmBtu of residual oil.
OIL = "fuel_oil,1250,MMBtu (gross)"
CO2_ALONE = "fuel/fuel_oil,CO2,75,kg CO2 per mmBtu (HHV)"
POLICY = '[policy.non_co2]\nfuel_oil = "set:second"\n'
HEAD = (
    "set_id,topic,region,series,first_year,last_year,accounting,quantity,value,unit,source_id,"
    "locator,confidence,note\n"
)
GASES = (
    "second,non_co2/fuel_oil,WORLD,second,2000,2060,all,CH4_fossil,3.2,g CH4 per mmBtu (HHV),"
    "handbook,table 9,high,\n"
    "second,non_co2/fuel_oil,WORLD,second,2000,2060,all,N2O,0.65,g N2O per mmBtu (HHV),"
    "handbook,table 9,high,\n"
)


@pytest.fixture
def with_second(worked):
    """`with_second(rows, *factors)`: a worked example whose book holds a second set as well."""

    def made(rows: str, *factors: str, policy: str = POLICY, second: str = GASES, site: str = ""):
        book = worked(rows, *factors, site=site)
        (book.folder / "factors" / "second.csv").write_text(HEAD + second, "utf-8")
        text = (book.folder / "carbon.toml").read_text("utf-8")
        (book.folder / "carbon.toml").write_text(text + policy, "utf-8")
        return book

    return made


@published("US EPA, Simplified GHG Emissions Calculator, steam sheet")
def test_the_first_set_gives_co2(with_second):
    assert prints(total(with_second(OIL, CO2_ALONE), "scope1", gas="CO2"), "93750.0")


@published("US EPA, Simplified GHG Emissions Calculator, steam sheet")
def test_the_second_set_gives_methane_and_nitrous_oxide(with_second):
    book = with_second(OIL, CO2_ALONE)
    assert prints(total(book, "scope1", gas="CH4_fossil") * 1000, "4000.0")
    assert prints(total(book, "scope1", gas="N2O") * 1000, "812.5")


def test_nothing_is_completed_without_a_policy(with_second):
    book = with_second(OIL, CO2_ALONE, policy="")
    assert gases(book) == {"CO2"}


def test_a_set_that_prints_its_methane_is_left_alone(with_second):
    book = with_second(OIL, CO2_ALONE, "fuel/fuel_oil,CH4_fossil,1,g CH4 per mmBtu (HHV)")
    assert prints(total(book, "scope1", gas="CH4_fossil") * 1000, "1250.0")
    assert gases(book) == {"CO2", "CH4_fossil"}


def test_a_set_printed_as_co2e_is_left_alone(with_second):
    book = with_second(OIL, "fuel/fuel_oil,CO2e,75,kg CO2e per mmBtu (HHV)")
    assert gases(book) == {"CO2e (unsplit)"}


def test_kilograms_reach_the_second_set_by_the_heating_value_of_the_first(with_second):
    printed = ["fuel/fuel_oil,CO2,3,kgCO2/kg", "fuel/fuel_oil,heating_value,40,GJ/tonne"]
    net = GASES.replace("3.2,g CH4 per mmBtu (HHV)", "3,kg CH4 per TJ")
    net = net.replace("0.65,g N2O per mmBtu (HHV)", "0.6,kg N2O per TJ")
    book = with_second("fuel_oil,1000,kg", *printed, second=net)
    # 1,000 kg x 40 MJ/kg = 40,000 MJ; x 3 kg/TJ = 0.12 kg
    assert prints(total(book, "scope1", gas="CH4_fossil"), "0.12000000")


def test_gross_methane_never_meets_a_net_heating_value(with_second):
    printed = ["fuel/fuel_oil,CO2,3,kgCO2/kg", "fuel/fuel_oil,heating_value,40,GJ/tonne"]
    book = with_second("fuel_oil,1000,kg", *printed)
    [fault] = [each for each in book.check() if each.severity == "error"]
    assert fault.code == "no-heating-value"
    assert "second prints its gases per MJ (gross)" in fault.message
    assert total(book, "scope1") == 0  # refused, not mixed


def test_the_inventory_says_which_set_gave_methane(with_second):
    notes = " ".join(with_second(OIL, CO2_ALONE).inventory("2023").notes)
    assert "CH4 and N2O that the policy takes from another set" in notes
    assert "second" in notes


def test_no_share_rests_on_co2_alone_any_more(with_second):
    notes = " ".join(with_second(OIL, CO2_ALONE).inventory("2023").notes)
    assert "0.0% rests on factors that print CO2 alone" in notes


def test_the_explanation_names_the_set_of_each_gas(with_second):
    said = with_second(OIL, CO2_ALONE).explain("scope1 2023").table().rows
    by_gas = {row["gas"]: row["source"] for row in said}
    assert "handbook" not in by_gas["CO2"]
    assert "handbook, table 9" in by_gas["CH4_fossil"]
    assert by_gas["CH4_fossil"].endswith("by policy.non_co2")


def test_the_default_completes_every_fuel_the_series_prints(with_second):
    policy = '[policy.non_co2]\ndefault = "second"\n'
    assert gases(with_second(OIL, CO2_ALONE, policy=policy)) == {"CO2", "CH4_fossil", "N2O"}


def test_the_guidelines_of_2006_complete_the_chinese_table(worked):
    policy = '[policy.non_co2]\nnatural_gas = "set:ipcc-2006-natural-gas"\n'
    book = worked("natural_gas,1000000,MJ", settings=policy)
    # 1 TJ: 1 kg CH4 and 0.1 kg N2O, beside 15.3 tC/TJ x 0.99 x 44/12 = 55.539 t
    assert prints(total(book, "scope1", gas="CO2"), "55539.00")
    assert prints(total(book, "scope1", gas="CH4_fossil"), "1.000000")
    assert prints(total(book, "scope1", gas="N2O"), "0.100000")


def test_a_declared_set_is_completed_too(with_second):
    policy = f'{POLICY}[policy.fuel]\nCN = "set:{of_china("fuel_oil")}"\n'
    net = GASES.replace("mmBtu (HHV)", "GJ")
    book = with_second("fuel_oil,1,t", policy=policy, second=net)
    assert gases(book) >= {"CO2", "CH4_fossil", "N2O"}


def of_china(fuel: str) -> str:
    """The set of the Chinese table of 2015."""
    every = load().topics[f"fuel/{fuel}"]
    return next(each.set_id for each in every if each.series == "ndrc-2015")


def test_years_before_the_second_set_keep_co2_alone(with_second):
    book = with_second(OIL, CO2_ALONE, second=GASES.replace("2000,2060", "2024,2060"))
    assert gases(book) == {"CO2"}


def test_a_second_set_not_yet_known_completes_nothing():
    library = completed(load(), {"natural_gas": "epa-hub"}, date(2000, 1, 1))
    assert completions(library) == {}


def test_each_edition_of_a_series_completes_the_years_until_the_next():
    library = completed(load(), {"natural_gas": "epa-hub"}, date(2026, 1, 1))
    made = completions(library)[of_china("natural_gas")]
    spans = [(each.first_year, each.last_year) for each in made]
    assert spans == [(2025, 2060), (2024, 2024), (2023, 2023)]


@pytest.mark.parametrize(
    ("policy", "near"),
    [('natural_gass = "second"', "natural_gas"), ('fuel_oil = "seconds"', "second")],
)
def test_a_policy_that_would_do_nothing_is_refused(with_second, policy, near):
    book = with_second(OIL, CO2_ALONE, policy=f"[policy.non_co2]\n{policy}\n")
    with pytest.raises(SettingsError) as fault:
        book.inventory()
    assert fault.value.nearest == near


def test_a_closed_year_keeps_its_second_set(with_second):
    book = with_second(OIL, CO2_ALONE)
    before = total(book, "scope1")
    book.close("2023", incomplete=True)
    path = book.folder / "carbon.toml"
    path.write_text(path.read_text("utf-8").replace(POLICY, ""), "utf-8")
    assert total(book, "scope1") == before
    assert [each for each in book.check() if each.code == "closed-year-moved"] == []


def test_the_completed_set_can_be_shown(with_second):
    book = with_second(OIL, CO2_ALONE)
    sets = {row["set_id"] for row in book.sql("select distinct set_id from emission").rows}
    assert sets == {"example/fuel/fuel_oil/all+second"}
    assert "handbook, table 9" in book.factors_show(sets.pop()).second


def test_both_documents_are_sources_of_the_book(with_second):
    rows = with_second(OIL, CO2_ALONE).factors_used().rows
    assert {"example", "handbook"} <= {row["source_id"] for row in rows}


def test_biogenic_co2_alone_is_co2_alone():
    wood = next(each for each in load().sets.values() if set(each.values) == {"CO2_biogenic"})
    assert has_co2_alone(wood)


def gases(book) -> set[str]:
    return {row["gas"] for row in book.sql("select distinct gas from emission").rows}
