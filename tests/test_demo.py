"""The sample books: their sums are the published ones, and nothing else of them is borrowed."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from carbon import demo, library, settings
from carbon.book import Book
from carbon.errors import CarbonError

DOCS = Path(__file__).parent.parent / "docs"
NATIONAL = Decimal("0.5703")  # t CO2/MWh, the prescribed national average of the 2023 notice
REGIONAL = {  # t CO2/MWh, regional grid averages of 2012
    "east": Decimal("0.7035"),
    "north": Decimal("0.8843"),
    "central": Decimal("0.5257"),
    "south": Decimal("0.5271"),
    "northeast": Decimal("0.7769"),
    "northwest": Decimal("0.6671"),
}
GRID = {  # the grid of 2012 a province belonged to
    "CN-ZJ": "east",
    "CN-SH": "east",
    "CN-BJ": "north",
    "CN-CQ": "central",
    "CN-HB": "central",
    "CN-GD": "south",
    "CN-LN": "northeast",
    "CN-SN": "northwest",
}
ABROAD = {  # t/MWh, by country and year of use; where a year is not published, the one before it
    ("HK", 2021): "0.7",
    ("HK", 2022): "0.7",
    ("KR", 2021): "0.4509",
    ("KR", 2022): "0.4312",
    ("TH", 2021): "0.433",
    ("TH", 2022): "0.412",
    ("SG", 2019): "0.4085",
    ("SG", 2021): "0.408",  # of 2020
    ("SG", 2022): "0.42",
    ("SG", 2023): "0.412",
    ("IN", 2021): "0.7152",  # fiscal years, counted as their first
    ("IN", 2022): "0.7191",
    ("IN", 2023): "0.7290",
    ("BR", 2022): "0.0426",
    ("BR", 2023): "0.0385",
}
REAL_NAMES = ("hikvision", "sensetime", "zkteco", "ezviz", "deloitte", "海康", "商汤", "熵基")


@pytest.fixture(scope="module")
def published():
    with (DOCS / "published.csv").open(encoding="utf-8", newline="") as lines:
        return {
            (row["company"], int(row["year"]), row["table"], row["metric"]): Decimal(row["value"])
            for row in csv.DictReader(lines)
            if row["value"]
        }


def entries(name):
    """Rows of activity in a sample's files, of the sites inside its boundary."""
    inside = {
        site.name for site in settings.read(demo.settings_text(name)).site if site.in_boundary
    }
    for text in demo.activity_files(name).values():
        for row in csv.DictReader(io.StringIO(text)):
            if "activity" in row and row["site"] in inside:
                yield row


def year(row):
    return int((row.get("month") or row["year"])[:4])


def total(name, activity, of_year, site=""):
    """What a sample's rows sum to, in the unit they are written in."""
    return sum(
        Decimal(row["quantity"])
        for row in entries(name)
        if row["activity"] == activity and year(row) == of_year and row["site"].startswith(site)
    )


def megawatt_hours_by_region(name, of_year):
    regions = {site.name: site.region for site in settings.read(demo.settings_text(name)).site}
    found = defaultdict(Decimal)
    for row in entries(name):
        if row["activity"] == "electricity" and year(row) == of_year:
            found[regions[row["site"]]] += Decimal(row["quantity"]) / 1000
    return found


def scope2(name, of_year, mainland):
    """Location-based Scope 2 by hand; `mainland` gives the factor of a province. [t]"""
    return sum(
        energy
        * (mainland(region) if region.startswith("CN-") else Decimal(ABROAD[region, of_year]))
        for region, energy in megawatt_hours_by_region(name, of_year).items()
    )


@pytest.mark.parametrize("fuel", ["gasoline", "natural_gas", "diesel"])
@pytest.mark.parametrize("of_year", [2021, 2022])
def test_fuels_of_the_ai_firm_sum_to_the_published_totals(published, fuel, of_year):
    expected = published.get(("SenseTime", of_year, "energy_mwh", fuel), 0)
    assert total("ai", fuel, of_year) == expected


@pytest.mark.parametrize("of_year", [2021, 2022])
def test_electricity_of_the_ai_firm_sums_to_the_published_total(published, of_year):
    expected = published["SenseTime", of_year, "energy_mwh", "purchased_electricity"]
    assert total("ai", "electricity", of_year) == expected * 1000


@pytest.mark.parametrize("of_year", [2021, 2022])
def test_scope_2_of_the_ai_firm_is_the_published_one_to_a_tenth_of_a_tonne(published, of_year):
    found = scope2("ai", of_year, lambda region: NATIONAL)
    expected = published["SenseTime", of_year, "ghg", "scope2"]
    assert abs(found - expected) < Decimal("0.05")


def test_a_fuel_that_is_not_disclosed_has_no_row():
    assert not [row for row in entries("ai") if row["activity"] == "diesel" and year(row) == 2021]


def test_the_data_centre_uses_1_28_times_what_its_computers_use():
    facility = total("ai", "electricity", 2022, "lingang-aidc")
    assert facility == Decimal(41_500_000)
    assert round(facility / total("ai", "it_load", 2022), 3) == Decimal("1.280")


def test_no_month_of_the_data_centre_uses_less_than_its_computers():
    by_month = defaultdict(dict)
    for row in entries("ai"):
        if row["site"] == "lingang-aidc" and row["activity"] in ("electricity", "it_load"):
            by_month[row["month"]][row["activity"]] = Decimal(row["quantity"])
    ratios = [month["electricity"] / month["it_load"] for month in by_month.values()]
    assert len(ratios) == 12
    assert all(Decimal("1.2") < ratio < Decimal("1.4") for ratio in ratios)


@pytest.mark.parametrize("fuel", ["gasoline", "natural_gas", "diesel"])
@pytest.mark.parametrize("of_year", [2018, 2019, 2021, 2022, 2023])
def test_fuels_of_the_maker_sum_to_the_published_totals(published, fuel, of_year):
    assert total("maker", fuel, of_year) == published["Hikvision", of_year, "energy_use", fuel]


@pytest.mark.parametrize("of_year", [2018, 2019, 2021, 2022, 2023])
def test_bought_electricity_and_pv_of_the_maker_sum_to_the_published_total(published, of_year):
    used = total("maker", "electricity", of_year) + total("maker", "pv_generation", of_year)
    expected = published["Hikvision", of_year, "energy_use", "electricity_total_incl_pv"]
    assert used == expected * 1000


@pytest.mark.parametrize("of_year", [2021, 2022, 2023])
def test_pv_of_the_maker_sums_to_the_published_total(published, of_year):
    expected = published["Hikvision", of_year, "energy_use", "pv_generation"]
    assert total("maker", "pv_generation", of_year) == expected * 1000


def test_pv_of_the_maker_is_that_of_each_published_plant(published):
    meters = defaultdict(Decimal)
    for row in entries("maker"):
        if row["activity"] == "pv_generation" and year(row) in (2019, 2023):
            meters[year(row), row["meter"]] += Decimal(row["quantity"])
    tonglu_2023 = meters[2023, "tonglu-1-pv"] + meters[2023, "tonglu-2-pv"]
    assert (
        meters[2019, "tonglu-1-pv"] == published["Hikvision", 2019, "pv", "pv_generation_tonglu_I"]
    )
    assert (
        meters[2019, "tonglu-2-pv"] == published["Hikvision", 2019, "pv", "pv_generation_tonglu_II"]
    )
    assert tonglu_2023 == published["Hikvision", 2023, "pv", "pv_generation_tonglu_I_II"] * 1000
    assert (
        meters[2023, "chongqing-pv"]
        == published["Hikvision", 2023, "pv", "pv_generation_chongqing"] * 1000
    )


def test_the_second_pv_plant_starts_in_october_2019():
    months = [row["month"] for row in entries("maker") if row["meter"] == "tonglu-2-pv"]
    assert min(months) == "2019-10"


@pytest.mark.parametrize("of_year", [2019, 2021, 2022])
def test_scope_2_of_the_maker_on_regional_averages_is_the_published_one(published, of_year):
    found = scope2("maker", of_year, lambda region: REGIONAL[GRID[region]])
    assert abs(found - published["Hikvision", of_year, "ghg", "scope2"]) < Decimal("0.05")


def test_scope_2_of_the_maker_in_2023_is_the_published_one_less_the_green_power(published):
    found = scope2("maker", 2023, lambda region: NATIONAL) - 4500 * NATIONAL
    assert abs(found - published["Hikvision", 2023, "ghg", "scope2"]) < Decimal("0.05")


def test_the_inferred_green_power_is_labelled_so():
    [row] = csv.DictReader(io.StringIO(demo.activity_files("maker")["instruments.csv"]))
    assert (row["energy"], row["unit"], row["claim_year"]) == ("4500.0", "MWh", "2023")
    assert row["note"].startswith("inferred")


def test_the_maker_has_2018_by_the_year_and_nothing_of_2020():
    rows = list(entries("maker"))
    assert {row.get("month") for row in rows if year(row) == 2018} == {None}
    assert 2020 not in {year(row) for row in rows}


def test_every_split_is_labelled_and_calculated():
    for name in ("ai", "maker"):
        for row in entries(name):
            assert row["quality"] == "calculated"
            assert row["note"].startswith(("inferred", "demo"))


def test_every_energy_row_of_the_undisclosed_firm_is_marked_demo():
    rows = list(entries("undisclosed"))
    assert rows
    assert all(row["evidence"] == "demo" and row["note"].startswith("demo") for row in rows)


def test_the_undisclosed_firm_lacks_three_months_and_all_earlier_years():
    months = {row["month"] for row in entries("undisclosed") if row["site"] == "dongguan-tangxia"}
    assert len(months) == 9
    assert {year(row) for row in entries("undisclosed")} == {2023}


def test_staff_and_revenue_of_the_undisclosed_firm_are_the_published_ones(published):
    text = demo.activity_files("undisclosed")["denominators.csv"]
    rows = {(row["metric"], int(row["period"])): row for row in csv.DictReader(io.StringIO(text))}
    for of_year in (2021, 2022, 2023):
        staff = published["ZKTeco", of_year, "denominators", "employees"]
        spent = published["ZKTeco", of_year, "denominators", "rd_investment"]  # 10^4 RMB
        share = published["ZKTeco", of_year, "denominators", "rd_share_of_revenue"]  # %
        assert Decimal(rows["people", of_year]["quantity"]) == staff
        assert Decimal(rows["revenue", of_year]["quantity"]) == round(spent / share, 1)


@pytest.mark.parametrize("name", ["ai", "maker"])
def test_the_published_figures_of_the_settings_are_those_of_the_reports(published, name):
    company = {"ai": "SenseTime", "maker": "Hikvision"}[name]
    metrics = {"scope1": "scope1", "scope2": "scope2", "scope1+2": "scope1_2_total"}
    rows = [
        row
        for row in settings.read(demo.settings_text(name)).published
        if not row.method.startswith("made up")
    ]
    years = {"ai": 2, "maker": 5}[name]
    assert len(rows) == 3 * years
    for row in rows:
        assert row.mass_t == published[company, row.year, "ghg", metrics[row.line]]


def test_every_site_and_meter_of_a_file_stands_in_the_settings():
    for name in demo.NAMES:
        book = settings.read(demo.settings_text(name))
        for row in entries(name):
            assert row["site"] in book.sites()
            assert not row["meter"] or book.meters()[row["meter"]][0].name == row["site"]


def test_every_activity_of_a_sample_and_its_factor_are_in_the_library():
    known = library.load()
    topics = {each.topic for each in known.sets.values()}
    for name in demo.NAMES:
        for row in entries(name):
            method = known.methods[row["activity"]]
            topic = "/".join(part for part in (method.topic, row["detail"]) if part)
            assert method.method in ("pv", "memo") or topic in topics


def test_every_declared_series_is_in_the_library():
    known = library.load()
    series = {each.series for each in known.sets.values()} | {f"set:{each}" for each in known.sets}
    for name in demo.NAMES:
        policy = settings.read(demo.settings_text(name)).policy
        for said in (policy.electricity, policy.fuel, policy.standard_coal):
            assert all(each in series for several in said.values() for each in several)
    assert demo.REGIONAL in series


def test_instruments_and_refrigerants_of_the_samples_are_in_the_library():
    known = library.load()
    [instrument] = csv.DictReader(io.StringIO(demo.activity_files("maker")["instruments.csv"]))
    text = demo.activity_files("undisclosed")["equipment.csv"]
    assert instrument["kind"] in known.instruments
    assert {row["refrigerant"] for row in csv.DictReader(io.StringIO(text))} <= set(known.blends)


def test_entries_lie_within_the_stay_of_their_site():
    for name in demo.NAMES:
        sites = settings.read(demo.settings_text(name)).sites()
        for row in entries(name):
            month = int((row.get("month") or f"{row['year']}-01").replace("-", ""))
            assert month >= sites[row["site"]].joined


def test_data_of_a_site_outside_the_boundary_is_there_to_be_found():
    text = demo.activity_files("maker")["electricity-outside-2023.csv"]
    assert {row["site"] for row in csv.DictReader(io.StringIO(text))} == {"wuhan"}
    assert not settings.read(demo.settings_text("maker")).sites()["wuhan"].in_boundary


def test_the_maker_can_be_set_to_the_regional_series():
    book = settings.read(demo.settings_text("maker", series="regional-2012"))
    assert book.policy.electricity["CN"] == ["regional-2012"]
    assert book.policy.max_factor_age == 2023 - 2012


def test_the_undisclosed_firm_has_no_target():
    assert settings.read(demo.settings_text("undisclosed")).target == []


@pytest.mark.parametrize("name", demo.NAMES)
def test_a_book_is_written_to_the_same_bytes_twice(tmp_path, name):
    def written(folder):
        demo.write(name, folder)
        return {
            str(file.relative_to(folder)): file.read_bytes()
            for file in folder.rglob("*")
            if file.is_file()
        }

    assert written(tmp_path / "one") == written(tmp_path / "two")


@pytest.mark.parametrize("name", demo.NAMES)
def test_no_real_company_is_named_in_a_sample(tmp_path, name):
    demo.write(name, tmp_path)
    for file in tmp_path.rglob("*"):
        if file.is_file():
            text = file.read_text(encoding="utf-8").lower()
            assert not [real for real in REAL_NAMES if real in text]


def test_equipment_is_imported_before_its_services(tmp_path):
    names = [file.name for file in demo.write("undisclosed", tmp_path)]
    assert names.index("equipment.csv") < names.index("service.csv")
    assert all((tmp_path / "activity" / name).is_file() for name in names)


def test_a_folder_with_another_book_is_left_alone(tmp_path):
    (tmp_path / "carbon.toml").write_text('[organisation]\nname = "Mine"\n')
    with pytest.raises(CarbonError, match="another book"):
        demo.write("ai", tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["carbon.toml"]


def test_a_sample_that_does_not_exist_names_the_nearest():
    with pytest.raises(CarbonError) as fault:
        demo.settings_text("makr")
    assert fault.value.nearest == "maker"


def test_shares_are_whole_steps_that_sum_to_the_quantity():
    parts = demo.shared(Decimal("463.7"), [62, 118, 120], Decimal("0.01"))
    assert sum(parts) == Decimal("463.7")
    assert [part % Decimal("0.01") for part in parts] == [0, 0, 0]
    # 463.70 x 62/300 = 95.8313, 118/300 = 182.3887, 120/300 = 185.48
    assert parts == [Decimal("95.83"), Decimal("182.39"), Decimal("185.48")]


def test_the_maker_holds_the_water_and_packaging_as_published_with_their_two_misprints(tmp_path):
    book = Book.demo("maker", tmp_path / "maker")
    found = {each.code: each.message for each in book.check() if "indicator" in each.code}
    # packaging of 2021: 7,893.1 + 38,477.4 + 2,916.4 + 166.5 = 49,453.4 of 54,950.4 printed;
    # water of 2022: 2,336,502.7 - 1,991,264.4 = 345,238.3, and 276,319.6 printed
    assert set(found) == {"indicator-parts", "indicator-definition"}
    assert "49,453.4 t, and 54,950.4 t" in found["indicator-parts"]
    assert "345,238.3 m3, and 276,319.6 m3" in found["indicator-definition"]
    [table] = book.case_list()
    # 4,780,071 kWh of a goal of 4,000 MWh
    assert [(row["case_id"], row["worst"]) for row in table.rows] == [
        ("tonglu-3-4/electricity/2023-08", "2023-08: 4,780.1 of 4,000 MWh, +19.5 %")
    ]
