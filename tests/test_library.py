"""The factor library: every row of it is sound, and a broken row of each kind is found."""

from __future__ import annotations

import shutil
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from carbon.errors import FactorError
from carbon.library import EDITION_COLUMNS, data_folder, lint, load, measure


@pytest.fixture(scope="module")
def library():
    return load()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A library of one's own to break."""
    return Path(shutil.copytree(data_folder(), tmp_path / "emission_factors"))


PRESCRIBED = "editions/mee/national-prescribed.csv"
FUELS = "editions/ndrc/other-industries-2015.csv"
VEHICLES = "editions/desnz/2025/vehicles.csv"


def edited(folder: Path, file: str, old: str, new: str) -> Path:
    """The folder with one text in one file replaced."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def own_edition(*rows: str) -> dict[str, str]:
    return {"ours.csv": "\n".join([",".join(EDITION_COLUMNS.split()), *rows]) + "\n"}


def test_no_row_of_the_library_has_a_fault():
    assert [str(fault) for fault in lint()] == []


@pytest.mark.parametrize(
    ("code", "file", "old", "new"),
    [
        ("unknown-quantity", PRESCRIBED, "location,CO2,0.5703", "location,carbon,0.5703"),
        ("bad-value", PRESCRIBED, "0.5703,tCO2", "0_5703,tCO2"),
        ("bad-value", PRESCRIBED, "0.5703,tCO2", "-0.5703,tCO2"),
        ("bad-value", FUELS, "oxidised,0.94,1", "oxidised,94,1"),
        ("bad-value", FUELS, "heating_value,24.515", "heating_value,0"),
        ("zero-without-reason", FUELS, "carbon_content,27.49,tC", "carbon_content,0,tC"),
        ("unknown-source", PRESCRIBED, ",mee-2023-notice,", ",mee-2032-notice,"),
        ("unknown-region", PRESCRIBED, "notice,electricity,CN,", "notice,electricity,CHN,"),
        ("bad-years", PRESCRIBED, "prescribed,2022,2025", "prescribed,2025,2022"),
        ("bad-years", PRESCRIBED, "prescribed,2022,2025", "prescribed,2022,later"),
        ("overlap", PRESCRIBED, "prescribed,2021,2021,location,CO2,0.5810,tCO2/MWh,mee-2022-notice",
         "prescribed,2021,2022,location,CO2,0.5810,tCO2/MWh,mee-2023-notice"),
        ("unknown-unit", PRESCRIBED, "0.5703,tCO2/MWh", "0.5703,tonnes"),
        ("wrong-unit", PRESCRIBED, "0.5703,tCO2/MWh", "0.5703,GJ/t"),
        ("incomplete-set", FUELS, ",oxidised,0.94,1,", ",density,0.94,kg/L,"),
        ("uneven-set", FUELS, "fuel/anthracite,CN,ndrc-2015,1990,2060,all,oxidised",
         "fuel/anthracite,CN,ndrc-2015,1990,2050,all,oxidised"),
        ("unknown-confidence", PRESCRIBED, "mee-2023-notice,grid factor of the notice,high",
         "mee-2023-notice,grid factor of the notice,sure"),
        ("unknown-accounting", PRESCRIBED, "2022,2025,location", "2022,2025,both"),
        ("unknown-topic", PRESCRIBED, "notice,electricity,CN", "notice,power,CN"),
        ("no-locator", PRESCRIBED, "mee-2023-notice,grid factor of the notice", "mee-2023-notice,"),
        ("no-licence", "sources.csv", ",OGL-3.0,", ",,"),
        ("bad-date", "sources.csv", ",2024-04-12,2024-04-12,", ",April 2024,2024-04-12,"),
        ("not-redistributable", "sources.csv", "numbers as facts\",yes,", "numbers as facts\",no,"),
        ("unknown-gas", "gwp.csv", "AR6,HFC-32,", "AR6,HFC-33,"),
        ("no-gwp", "gwp.csv", "AR6,HFC-32,", "AR5,HFC-32,"),
        ("repeated", "gwp.csv", "AR6,HFC-32,", "AR5,HFC-32,"),
        ("incomplete-set", "blends.csv", "R-410A,HFC-32,50", "R-410A,HFC-32,40"),
        ("unknown-unit", "methods.csv", ",kWh,电力", ",kilowatt,电力"),
        ("ambiguous-name", "methods.csv", "电力;", "电力;天然气;"),
        ("topic-without-set", "methods.csv", ",fuel/natural_gas,", ",fuel/town_gas,"),
        ("unknown-level", "regions.csv", ",province,", ",shire,"),
        ("bad-sum", VEHICLES, "CO2e_total,0.14308,kgCO2e(AR5)/km",
         "CO2e_total,0.23027,kgCO2e(AR5)/km"),
        ("no-header", PRESCRIBED, "# Doubts", "# Hopes"),
        ("bad-header", PRESCRIBED, "set_id,topic", "set,topic"),
        ("bad-row", PRESCRIBED, "location,CO2,0.5703", "location,CO2,CO2,0.5703"),
    ],
)  # fmt: skip
def test_a_broken_row_is_found(copy, code, file, old, new):
    assert code in {fault.code for fault in lint(edited(copy, file, old, new))}


def test_a_fault_names_the_file_and_the_row(copy):
    lines = (copy / PRESCRIBED).read_text(encoding="utf-8").splitlines()
    row = next(n for n, line in enumerate(lines, 1) if line.startswith("cn-mee-2023-notice"))
    (fault,) = lint(edited(copy, PRESCRIBED, "0.5703,tCO2", "0.57O3,tCO2"))
    assert (fault.file, fault.row) == (PRESCRIBED, row)


def test_a_later_edition_may_print_a_year_again(library):
    """Malaysia printed 2022 twice, and differently; the two sets have different dates."""
    twice = [library.sets["my-peninsular-2022"], library.sets["my-peninsular-2022-provisional"]]
    assert [each.values["CO2e"].value for each in twice] == ["0.774", "0.769"]
    assert twice[0].published_on < twice[1].published_on


def test_values_stay_as_printed(library):
    assert library.sets["cn-mee-2022-notice"].values["CO2"].value == "0.5810"


@pytest.mark.parametrize(
    ("set_id", "series", "years", "value"),
    [
        ("cn-ndrc-0.6101", "national-prescribed", (2015, 2020), "0.6101"),
        ("cn-mee-2022-notice", "national-prescribed", (2021, 2021), "0.5810"),
        ("cn-mee-2023-notice", "national-prescribed", (2022, 2025), "0.5703"),
        ("cn-stat-2021", "national-statistic", (2021, 2021), "0.5568"),
        ("cn-stat-2022", "national-statistic", (2022, 2022), "0.5366"),
        ("cn-stat-2023", "national-statistic", (2023, 2023), "0.5306"),
        ("cn-stat-residual-2022", "national-statistic-residual", (2022, 2022), "0.5856"),
        ("cn-stat-residual-2023", "national-statistic-residual", (2023, 2023), "0.6096"),
        ("cn-grid-2012-east", "regional-2012", (2012, 2012), "0.7035"),
        ("cn-grid-2012-central", "regional-2012", (2012, 2012), "0.5257"),
        ("cn-zj-stat-2023", "provincial-statistic", (2023, 2023), "0.4974"),
        ("cn-grid-2023-southwest", "regional-statistic", (2023, 2023), "0.2472"),
    ],
)
def test_official_grid_factors_of_china_stand_under_their_names(
    library, set_id, series, years, value
):
    found = library.sets[set_id]
    assert (found.series, (found.first_year, found.last_year)) == (series, years)
    assert found.values["CO2"].value == value


def test_a_residual_factor_serves_the_market_based_method_only(library):
    found = {each.accounting for each in library.sets.values() if "residual" in each.series}
    assert found == {"market"}


def test_a_supplier_serves_the_market_based_method_only(library):
    found = {each.accounting for each in library.sets.values() if each.series == "unadjusted"}
    assert found == {"market"}


@pytest.mark.parametrize("region", ["HK-CLP", "HK-HKE", "AE-DU"])
def test_a_sole_supplier_is_the_grid_of_its_area_and_serves_both_methods(library, region):
    sets = [each for each in library.topics["electricity"] if each.region == region]
    assert {(each.series, each.accounting) for each in sets} == {("grid-average", "all")}


def test_no_low_value_stands_in_a_series_that_is_used_by_default(library):
    low = {each.series for each in library.sets.values() if each.confidence == "low"}
    by_name = {"gas-1.215", "gas-1.1", "grid-average-doubtful", "ndrc-2015-doubtful", "third-party"}
    reference = {"gb-19577-2024", "gb-55015-2021"}  # chosen by no inventory
    assert low == by_name | reference


def test_two_tables_with_other_defaults_for_one_fuel_stand_under_their_own_names(library):
    values = [
        library.sets[f"{series}-gasoline"].values["heating_value"].value
        for series in ("ndrc-2015", "gbt2589-aligned", "eu-mrr")
    ]
    assert values == ["44.8", "43.07", "44.3"]


def test_the_chinese_default_of_natural_gas_is_the_same_in_both_tables(library):
    printed = [
        {name: each.value for name, each in library.sets[f"{series}-natural-gas"].values.items()}
        for series in ("ndrc-2015", "gbt2589-aligned")
    ]
    same = {"heating_value": "389.31", "carbon_content": "15.3", "oxidised": "0.99"}
    assert printed == [same, same]


@pytest.mark.parametrize(
    ("gwp_set", "fossil", "biogenic", "n2o", "sf6", "nf3"),
    [
        ("AR4", "25", "25", "298", "22800", "17200"),
        ("AR5", "28", "28", "265", "23500", "16100"),
        ("AR5-feedback", "34", "34", "298", "26087", "17885"),
        ("AR6", "29.8", "27.0", "273", "25200", "17400"),
    ],
)
def test_warming_potentials_are_those_of_the_assessment(
    library, gwp_set, fossil, biogenic, n2o, sf6, nf3
):
    gases = ("CH4_fossil", "CH4_biogenic", "N2O", "SF6", "NF3")
    printed = (fossil, biogenic, n2o, sf6, nf3)
    assert [library.gwp[gwp_set, gas] for gas in gases] == [Fraction(text) for text in printed]


def test_no_operating_margin_is_taken_for_an_average(library):
    """The margins published for 2019, which many calculators carry as averages."""
    margins = {"0.9419", "1.0826", "0.7921", "0.8587", "0.8922", "0.8042"}
    grids = [each for each in library.topics["electricity"] if each.region.startswith("CN")]
    assert not margins & {value.value for each in grids for value in each.values.values()}
    assert margins <= {each.values["CO2"].value for each in library.topics["margin/om"]}


@pytest.mark.parametrize(
    "gas",
    ["HCFC-22", "CFC-12", "HFO-1234yf", "R-290", "CO2_biogenic", "HFE-125", "PFC-1114", "SF5CF3"],
)
def test_gases_outside_the_kyoto_basket_are_outside_the_scopes(library, gas):
    assert not library.gases[gas].is_in_scopes


@pytest.mark.parametrize(
    "gas", ["CO2", "CH4_fossil", "HFC-32", "PFC-14", "c-C3F6", "SF6", "CO2e (unsplit)"]
)
def test_kyoto_gases_are_in_the_scopes(library, gas):
    assert library.gases[gas].is_in_scopes


def test_a_province_lies_in_a_grid_of_each_division(library):
    above = {row[1]: row[2] for row in library.region_path({"park": "CN-CQ"})}
    assert above == {
        "park": 0,
        "CN-CQ": 1,
        "CN-GRID2012-CENTRAL": 2,  # Chongqing was in Central until the Southwest was split off
        "CN-GRID2021-SOUTHWEST": 2,
        "CN": 3,
        "WORLD": 4,
    }


def test_a_meter_lies_in_its_site_and_all_above_it(library):
    rows = library.region_path({"park": "HK-CLP", "m1": "park"})
    assert [row[1:] for row in rows if row[0] == "m1"] == [
        ("m1", 0, 0, "meter"),
        ("park", 1, 0, "site"),
        ("HK-CLP", 2, 0, "utility"),
        ("HK", 3, 1, "country"),
        ("WORLD", 4, 2, "world"),
    ]


def test_hong_kong_never_falls_back_to_the_mainland(library):
    assert "CN" not in {row[1] for row in library.region_path({"office": "HK"})}


def test_an_unknown_region_is_refused_with_the_nearest_one(library):
    with pytest.raises(FactorError) as caught:
        library.region_path({"park": "CN-ZHJ"})
    assert (caught.value.code, caught.value.nearest) == ("unknown-region", "CN-ZJ")


def test_a_grid_belongs_to_its_country(library):
    assert [library.country(name) for name in ("CN-GRID2012-EAST", "MY-12", "WORLD", "?")] == [
        "CN",
        "MY",
        "",
        "",
    ]


@pytest.mark.parametrize("text", ["natural gas", "天然气", "natrual gas", "天燃气"])
def test_search_finds_a_fuel_in_both_languages_and_past_a_slip(library, text):
    assert "ndrc-2015-natural-gas" in {each.set_id for each in library.search(text)}


def test_search_keeps_to_region_and_year(library):
    found = library.search("electricity", region="CN-ZJ", year=2023)
    assert {each.set_id for each in found if each.series.endswith("statistic")} == {
        "cn-zj-stat-2023",
        "cn-grid-2023-east",
        "cn-stat-2023",
    }


def test_the_nearest_set_of_a_missing_year_is_the_closest_year_of_the_place(library):
    assert library.nearest_sets("electricity", "SG", 2016)[0].set_id == "sg-2017"


def test_the_nearest_set_of_a_misspelt_topic_is_of_the_topic_meant(library):
    assert library.nearest_sets("fuel/naturalgas", "CN")[0].topic == "fuel/natural_gas"


def test_details_of_a_refrigerant_are_the_refrigerants_known(library):
    assert {"R-410A", "R-22", "SF6"} <= set(library.details("refrigerant"))
    assert library.details("electricity") == ()


def test_certificates_come_before_contracts_and_contracts_before_supplier_rates(library):
    kinds = library.instruments
    assert kinds["GEC"].order < kinds["PPA"].order < kinds["supplier_rate"].order
    assert (kinds["GEC"].factor_g_per_kwh, kinds["PPA"].factor_g_per_kwh) == (Decimal(0), None)


def test_every_family_of_topics_has_the_units_an_entry_may_use(library):
    assert library.methods["natural_gas"].units == ("MJ", "MJ_gross", "m3", "Nm3", "kg")
    assert library.methods["hotel_night"].units == ("room_night",)


def test_a_unit_is_read_above_and_below_the_line():
    # 389.31 GJ per 10^4 Nm3: a GJ is 1000 MJ, so one printed unit is 1000 / 10^4 MJ per Nm3
    meant = measure("GJ/10^4 Nm3")
    assert (meant.amount, meant.of, meant.per) == (Fraction(1, 10), "MJ", "Nm3")


def test_a_unit_that_says_with_which_set_it_was_made_keeps_it():
    assert measure("kgCO2e(AR5)/kWh").gwp_set == "AR5"


def test_an_own_edition_serves_a_site(library):
    row = "our-supplier,electricity,park,,2023,2023,market,CO2,0.21,kgCO2/kWh,deal 7,p. 2,high,"
    own = load(own=own_edition(row))
    found = own.sets["our-supplier"]
    assert (found.series, found.region, found.edition) == ("own", "park", "own/ours")
    assert own.sources["deal 7"].title == "deal 7"
    assert len(own.sets) == len(library.sets) + 1


def test_an_own_edition_changes_its_own_digest_only(library):
    row = "our-supplier,electricity,park,,2023,2023,market,CO2,0.21,kgCO2/kWh,deal 7,p. 2,high,"
    own = load(own=own_edition(row))
    assert (library.own_digest, own.digest) == ("", library.digest)
    assert own.own_digest != load(own=own_edition(row.replace("0.21", "0.22"))).own_digest


@pytest.mark.parametrize(
    ("code", "row"),
    [
        ("bad-value", "a,electricity,park,,2023,2023,market,CO2,.,kgCO2/kWh,contract,p. 2,high,"),
        ("repeated", "cn-stat-2023,electricity,park,,2023,2023,all,CO2,1,kgCO2/kWh,c,p. 2,high,"),
        ("bad-row", "a,electricity,park"),
    ],
)
def test_a_broken_own_edition_is_refused(code, row):
    with pytest.raises(FactorError) as caught:
        load(own=own_edition(row))
    assert caught.value.code == code
    assert "factors/ours.csv, row 2" in caught.value.where


def test_the_digest_changes_with_any_byte_of_any_file(library, copy):
    assert load(copy).digest == library.digest
    assert load(edited(copy, "gases.csv", "Methane", "methane")).digest != library.digest


def test_a_folder_without_a_library_is_refused(tmp_path):
    with pytest.raises(FactorError) as caught:
        load(tmp_path)
    assert caught.value.code == "no-library"
