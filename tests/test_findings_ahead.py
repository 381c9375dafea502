"""What is found or refused of the years ahead."""

from __future__ import annotations

import pytest

from carbon.errors import SettingsError

SITE = """
[[site]]
name = "hall"
region = "CN-SH"
[[site.meter]]
name = "grid"
role = "grid_import"
[[site.meter]]
name = "it"
role = "it_load"
"""
PATH = """
name = "path"
base_year = 2023
horizon = 2024

[[measure]]
name = "more computers"
area = "new infrastructure"
stage = "growth"
kind = "growth"
activity = "it_load"
path = { 2024 = 3 }
source = "assumption"
"""


def test_a_measure_on_an_activity_that_is_none_is_refused_with_the_nearest(make):
    book = make('[[site]]\nname = "hall"\nregion = "CN-SH"\n', bills={("hall", 2023): 100})
    text = PATH.replace('"it_load"', '"it_lod"')
    (book.folder / "scenarios" / "path.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as fault:
        book.project()
    assert "'more computers' act on 'it_lod', which is no activity" in fault.value.message
    assert fault.value.nearest == "it_load"


PLANT = """
[[measure]]
name = "roof"
area = "buildings"
stage = "reduction"
kind = "pv"
site = "hall"
meter = "roof"
capacity = "100 kW"
specific_yield_kwh_per_kw = 1000
monthly_share = [0.08, 0.08, 0.08, 0.08, 0.08, 0.08, 0.08, 0.08, 0.09, 0.09, 0.09, 0.09]
start = "2024-01"
source = "assumption"
"""


@pytest.fixture
def hall(make, tmp_path):
    """Writes a scenario for a hall that buys 100 MWh a month, of which computers take 50."""
    book = make(SITE, bills={})
    rows = ["site,meter,activity,month,quantity,unit"]
    for month in range(1, 13):
        rows.append(f"hall,grid,electricity,2023-{month:02},100,MWh")
        rows.append(f"hall,it,it_load,2023-{month:02},50,MWh")
    (tmp_path / "bills.csv").write_text("\n".join(rows), encoding="utf-8")
    [report] = book.import_files([tmp_path / "bills.csv"])
    assert not report.problems

    def planned(text: str):
        (book.folder / "scenarios" / "path.toml").write_text(text, encoding="utf-8")
        return book

    return planned


def test_a_measure_on_a_meter_that_is_none_is_refused_with_the_nearest(hall):
    book = hall(PATH.replace('"it_load"', '"electricity"\nmeter = "gird"'))
    with pytest.raises(SettingsError) as fault:
        book.project()
    assert "'more computers' act on 'gird', which is no meter" in fault.value.message
    assert (fault.value.nearest, fault.value.where) == ("grid", "scenarios/path.toml")


def test_a_measure_on_a_meter_of_another_site_is_refused(hall):
    book = hall(PATH.replace('"it_load"', '"electricity"\nmeter = "grid"\nsite = "shed"'))
    settings = book.folder / "carbon.toml"
    shed = '\n[[site]]\nname = "shed"\nregion = "CN-SH"\njoined = "2024-01"\n'
    settings.write_text(settings.read_text("utf-8") + shed, encoding="utf-8")
    with pytest.raises(SettingsError, match="act on 'grid', which is no meter of shed"):
        book.project()


def test_a_plant_ahead_may_bring_a_meter_of_its_own(hall):
    plant = PATH.partition("[[measure]]")[0] + PLANT
    rows = hall(plant).project("path").rows
    # 100 kW x 1,000 kWh/kW less of what is bought: 1,100 MWh instead of 1,200
    told = {row["year"]: row["location_t"] for row in rows}
    assert told[2024] == told[2023] * 11 / 12


def test_a_scenario_that_has_been_overtaken_says_so(hall):
    over = PATH.replace("base_year = 2023\nhorizon = 2024", "base_year = 2021\nhorizon = 2023")
    notes = hall(over.replace("{ 2024 = 3 }", "{ 2023 = 3 }")).project("path").notes
    assert "path: it ends in 2023, and 2023 is recorded: nothing of it is ahead." in notes


def test_a_finding_on_a_scenario_is_not_told_again_at_constant_factors(hall):
    # 150 MWh of computers in a hall of 100
    told = [each for each in hall(PATH).check() if each.code == "facility-below-it"]
    assert [each.where.rpartition(" ")[2] for each in told].count("path") == len(told) == 12


GRID = """
[[grid]]
region = "CN"
annual_change = {}
source = "assumption"
"""


def test_a_grid_factor_that_cannot_be_counted_is_refused(hall):
    # 530.6 x (1 + 1e6) = 5.31e8 g/kWh
    with pytest.raises(SettingsError) as fault:
        hall(PATH + GRID.format("1e6")).project()
    assert "a grid path of 'CN' that comes to 5.31e+08 g/kWh in 2024" in fault.value.message
    assert fault.value.where == "scenarios/path.toml"


def test_a_name_that_no_projection_would_show_is_refused(hall):
    with pytest.raises(SettingsError, match="no @ in its name, unlike 'path@2'"):
        hall(PATH.replace('"path"', '"path@2"')).project()
