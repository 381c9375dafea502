"""PV ahead: where its months come from, what of them is used, and what is left over, by hand."""

from __future__ import annotations

import sys
from decimal import Decimal
from fractions import Fraction

import pytest
from planned import addition_rows

from carbon import clearsky, pvwatts
from carbon.clearsky import Plane
from carbon.errors import SettingsError, UsageError
from carbon.scenarios import calendar, resolve

D = Decimal
HQ = '[[site]]\nname = "hq"\nregion = "CN-ZJ"\n'
HERE = "latitude = 31.23\nlongitude = 121.47\n"
ROOF = '[[site.pv]]\nmeter = "roof"\ncapacity_kw = 100\n'
METER = '[[site.meter]]\nname = "roof"\nrole = "pv_generation"\n'
HEAD = 'name = "s"\nbase_year = 2023\nhorizon = 2025\n'
EVEN = "[" + ", ".join(["0.08"] * 8 + ["0.09"] * 4) + "]"  # January 0.08
PV = """
[[measure]]
name = "{name}"
area = "new infrastructure"
stage = "reduction"
kind = "pv"
source = "assumption"
site = "hq"
capacity = "1 MW"
start = "2024-01"
{said}
"""
STATED = f"specific_yield_kwh_per_kw = 1000\nmonthly_share = {EVEN}\n"  # 80 MWh in January
CUT = """
[[measure]]
name = "less"
area = "buildings"
stage = "reduction"
kind = "efficiency"
source = "assumption"
activity = "electricity"
cut = 0.10
start = "2024-01"
"""


def pv(said, name="roof"):
    return PV.format(name=name, said=said)


@pytest.fixture
def ahead(make, tmp_path):
    """`ahead(measures, rows, settings, bill)`: by activity, the months of 2024. [kWh]"""

    def worked(body, *rows, settings="", bill=40, more=""):
        bills = {("hq", 2023): bill} if bill else {}
        book = make(HQ + settings, bills=bills)
        if rows:
            path = tmp_path / "rows.csv"
            path.write_text("\n".join(["site,meter,activity,month,quantity,unit", *rows]), "utf-8")
            [report] = book.import_files([path])
            assert [each for each in report.problems if each.severity == "error"] == []
        (book.folder / "scenarios" / "s.toml").write_text(HEAD + body, encoding="utf-8")
        if more:
            (book.folder / "weather").mkdir()
            (book.folder / "weather" / "here.epw").write_text(more, encoding="utf-8")
        worked.book = book
        with book.run(["s"]) as run:
            found = run.rows(
                "select activity, month, sum(quantity) from activity_month where scenario = 's'"
                " and reporting_year = 2024 group by 1, 2"
            )
            imports = run.rows(
                "select month, sum(energy_kwh) from import_month where scenario = 's'"
                " and reporting_year = 2024 group by 1"
            )
        months = {(activity, month): energy for activity, month, energy in found}
        return months | {("import", month): energy for month, energy in imports}

    return worked


# What is used on site


def test_what_a_month_cannot_take_is_exported_and_the_bill_ends_at_zero(ahead):
    found = ahead(pv(STATED))  # 40 MWh bought, 80 generated in January
    assert found["pv_generation", 202401] == 80_000
    assert found["pv_export", 202401] == 40_000
    assert found["import", 202401] == 0


def test_what_a_month_cannot_take_is_curtailed_where_the_plan_says_so(ahead):
    found = ahead(pv(STATED + 'surplus = "curtail"\n'))
    assert found["pv_generation", 202401] == 40_000
    assert found["pv_curtailed", 202401] == 40_000
    assert ("pv_export", 202401) not in found
    assert found["import", 202401] == 0


def test_a_site_that_buys_enough_uses_the_stated_share(ahead):
    found = ahead(pv(STATED + "self_use = 0.75\n"), bill=100)
    assert found["pv_export", 202401] == 20_000  # a quarter of 80,000
    assert found["import", 202401] == 40_000  # 100,000 - 60,000


def test_the_share_is_one_at_most(ahead):
    found = ahead(pv(STATED + "self_use = 0.75\n"))  # 60 wanted, 40 bought
    assert found["pv_export", 202401] == 40_000


def test_pv_fills_what_the_other_measures_leave(ahead):
    assert ahead(pv(STATED) + CUT)["pv_export", 202401] == 44_000  # 80 - 40 x 0.9


def test_a_second_plant_finds_what_the_first_one_left(ahead):
    half = STATED.replace("= 1000", "= 375")  # 30 MWh in January
    found = ahead(pv(half, "a") + pv(half, "b"))
    assert found["pv_export", 202401] == 20_000  # 30 + 30 - 40


def test_a_bill_that_includes_pv_takes_what_it_still_imports(ahead):
    rows = [
        f"hq,{meter},{activity},2023-{month:02},{energy},MWh"
        for month in range(1, 13)
        for meter, activity, energy in (
            ("", "electricity_including_pv", 40),
            ("roof", "pv_generation", 10),
        )
    ]
    found = ahead(pv(STATED), *rows, settings=ROOF + METER, bill=0)
    # 40 - 10 = 30 imported before; 90 generated, of which 40 used and 50 exported
    assert found["pv_export", 202401] == 50_000
    assert found["import", 202401] == 0


def test_a_stated_share_is_curtailed_before_anything_is_used(ahead):
    found = ahead(pv(STATED + "curtailed = 0.10\n"), bill=100)
    assert found["pv_generation", 202401] == 72_000  # 80,000 x 0.9
    assert found["pv_curtailed", 202401] == 8_000
    assert found["import", 202401] == 28_000


def test_a_plant_of_which_all_is_curtailed_is_told_with_what_it_could_generate(ahead):
    found = ahead(pv(STATED + "curtailed = 1\n"), bill=100)
    assert ("pv_generation", 202401) not in found
    assert found["pv_curtailed", 202401] == 80_000
    assert found["import", 202401] == 100_000


def test_a_plant_loses_with_its_age():
    [found] = resolve({"s.toml": HEAD + pv(STATED + "degradation = 0.01\n")})
    keys = {1: ("hq", "", "electricity", "", "")}
    rows = addition_rows(found, keys, 2023, calendar(2023, 2025))
    made = {row[2]: row[4] for row in rows if row[1].activity == "pv_generation"}
    assert (made[202401], made[202501]) == (80_000, 79_200)


def test_the_surplus_is_told(ahead):
    ahead(pv(STATED))
    [told] = [each for each in ahead.book.check() if each.code == "measure-pv-surplus"]
    # 40 in each of eight months, 50 in four: 520 MWh a year, two years
    assert "makes 1,040,000 kWh that hq cannot use in the months, and that are exported" in (
        told.message
    )
    assert told.where.endswith("24 months from 2024-01 to 2025-12")


# Where its months come from


def history(*years):
    return [
        f"hq,roof,pv_generation,{year}-{month:02},{energy},MWh"
        for year, energy in years
        for month in range(1, 13)
    ]


def test_a_plant_like_those_of_the_site_yields_their_mean_by_month(ahead):
    rows = [*history((2022, 8)), *history((2023, 10))]
    rows[12] = rows[12].replace(",10,", ",12,")  # January 2023
    found = ahead(pv('yield = "own history"\n'), *rows, settings=ROOF + METER, bill=400)
    # January: (80 + 120) / 2 = 100 kWh/kW, 100 MWh beside the 12 recorded; February 90
    assert found["pv_generation", 202401] == 112_000
    assert found["pv_generation", 202402] == 100_000


def test_a_plant_of_an_unknown_size_tells_no_history(ahead):
    settings = ROOF.replace("capacity_kw = 100\n", "") + METER
    with pytest.raises(SettingsError, match="which has no whole year of PV"):
        ahead(pv('yield = "own history"\n'), *history((2023, 10)), settings=settings)


def test_a_clear_sky_gives_the_shape_and_the_statement_the_year(ahead):
    said = 'specific_yield_kwh_per_kw = 1000\nmonthly_share = "clear sky"\n'
    found = ahead(pv(said), settings=HERE, bill=400)
    months = [found["pv_generation", 202400 + month] for month in range(1, 13)]
    assert sum(months) == 1_000_000
    plane = Plane(D("31.23"), D("121.47"))
    year = sum(clearsky.yield_in(plane, 202300 + month) for month in range(1, 13))
    expected = [clearsky.yield_in(plane, 202300 + month) / year for month in range(1, 13)]
    assert all(
        abs(made / 1_000_000 - each) < D("0.0007")
        for made, each in zip(months, expected, strict=True)
    )


def test_a_steeper_plane_has_a_larger_share_in_winter():
    plane = Plane(D("31.23"), D("121.47"))
    flat, steep = (clearsky.shares(plane._replace(tilt_deg=D(tilt)))[11] for tilt in (0, 60))
    assert steep > flat
    assert sum(clearsky.shares(plane)) == 1


def test_a_sky_nobody_says_where_is_refused(ahead):
    said = 'specific_yield_kwh_per_kw = 1000\nmonthly_share = "clear sky"\n'
    with pytest.raises(SettingsError, match="nobody says where hq lies"):
        ahead(pv(said))


def test_a_sky_without_the_extra_says_how_to_get_it(ahead, monkeypatch):
    monkeypatch.setitem(sys.modules, "pvlib", None)
    clearsky.ceiling.cache_clear()
    clearsky.shares.cache_clear()
    said = 'specific_yield_kwh_per_kw = 1000\nmonthly_share = "clear sky"\n'
    with pytest.raises(UsageError) as fault:
        ahead(pv(said), settings=HERE)
    assert fault.value.remedy == "pip install 'carbon[pv]'"


def epw(warm, hours=8760):
    """A year in which 500 W/m2 come from a grey sky at all hours, without wind."""
    lines = ["LOCATION,Here,-,CHN,test,000000,31.2,121.5,8.0,4.0"] + ["X"] * 7
    days = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    for month, count in enumerate(days, start=1):
        for day in range(1, count + 1):
            for hour in range(1, 25):
                head = f"2005,{month},{day},{hour},60,?,{warm},0,50,101325,0,0,0,500,0,500"
                lines.append(head + ",0" * 19)
    return "\n".join(lines[: hours + 8]) + "\n"


def tmy3(warm):
    """The same in the form of NREL, whose hours are told by their ends."""
    lines = ["583210,HERE,CH,8.0,31.2,121.5,4"]
    lines.append(
        "Date (MM/DD/YYYY),Time (HH:MM),GHI (W/m^2),DNI (W/m^2),DHI (W/m^2),Dry-bulb (C),Wspd (m/s)"
    )
    for row in epw(warm).splitlines()[8:]:
        _, month, day, hour, *_ = row.split(",")
        lines.append(f"{int(month):02}/{int(day):02}/1988,{int(hour):02}:00,500,0,500,{warm},0")
    return "\n".join(lines) + "\n"


FLAT = Plane(D(0), D(0), tilt_deg=D(0))


def test_a_grey_sky_gives_half_the_rated_power_at_25_degrees():
    # the cell is 500 / 25 = 20 degrees warmer than 5: 25. 0.5 kW x 744 h = 372 kWh in January
    assert pvwatts.monthly(epw(5), "x.epw", FLAT)[0] == 372


def test_another_form_of_the_same_weather_gives_the_same():
    assert pvwatts.monthly(tmy3(5), "x.csv", FLAT)[0] == 372


def test_ten_degrees_more_cost_three_and_a_half_percent():
    # 372 x (1 - 0.0035 x 10) = 358.98
    assert pvwatts.monthly(epw(15), "x.epw", FLAT)[0] == Fraction("358.98")


def test_weather_gives_the_generation_before_losses(ahead):
    said = 'weather = "weather/here.epw"\nlosses = 0.14\ntilt_deg = 0\n'
    found = ahead(pv(said), bill=400, more=epw(5))
    assert found["pv_generation", 202401] == 319_920  # 1,000 kW x 372 x 0.86


@pytest.mark.parametrize(
    ("text", "told"),
    [(epw(5, hours=100), "it has 100 hours, not 8,760"), ("a,b\n1,2\n", "reading it failed")],
)
def test_weather_that_is_none_is_refused(text, told):
    with pytest.raises(SettingsError, match=told):
        pvwatts.monthly(text, "x.epw", FLAT)


def test_a_weather_file_that_is_not_in_the_book_is_told(ahead):
    with pytest.raises(SettingsError, match="which is not in the book"):
        ahead(pv('weather = "weather/there.epw"\nlosses = 0.14\n'))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("", "specific_yield_kwh_per_kw or yield or weather"),
        (STATED + 'yield = "own history"\n', "specific_yield_kwh_per_kw or yield or weather"),
        ("specific_yield_kwh_per_kw = 1000\n", "a stated yield needs its monthly_share"),
        (f'yield = "own history"\nmonthly_share = {EVEN}\n', "no other has one"),
        ('weather = "weather/here.epw"\n', "weather needs the losses"),
        (STATED.replace("0.08", "0.07", 1), "adds up to 0.99, not 1"),
        (STATED + 'tilt_deg = 1\ntracking = "one axis"\n', "follows the sun"),
    ],
)
def test_a_yield_is_said_in_one_way(said, told):
    with pytest.raises(SettingsError) as fault:
        resolve({"s.toml": HEAD + pv(said)})
    assert told in str(fault.value)


def test_a_yield_above_the_clear_sky_is_an_error(ahead):
    ahead(pv(STATED.replace("= 1000", "= 3000")), settings=HERE)
    [told] = [each for each in ahead.book.check() if each.code == "measure-above-clear-sky"]
    assert "states a yield of 3,000 kWh/kW" in told.message


def test_the_sun_of_a_weather_file_stands_highest_at_noon_of_its_zone():
    """A beam at noon hours alone reaches a flat plane as the sine of the sun's height.

    June at 31.2 N: declination about 23.3, height 90 - 31.2 + 23.3 = 82 degrees, sine 0.99. Were
    the zone read the wrong way round the sun would be below the horizon.
    """
    lines = []
    for line in epw(-10).splitlines():
        words = line.split(",")
        if words[0] == "2005":
            is_noon = words[1] == "6" and words[3] == "12"
            words[13:16] = ["100", "100", "0"] if is_noon else ["0", "0", "0"]
        lines.append(",".join(words))
    # 30 hours of 0.1 kW/m2 x 0.99, in cells of -10 + 99 / 25 = -6 degrees: x (1 + 0.0035 x 31)
    expected = 30 * 0.1 * 0.99 * (1 + 0.0035 * 31)
    made = float(pvwatts.monthly("\n".join(lines) + "\n", "x.epw", FLAT)[5])
    assert abs(made / expected - 1) < 0.02


SAVING = """
[[measure]]
name = "saved"
area = "buildings"
stage = "reduction"
kind = "saving"
source = "assumption"
site = "hq"
{said}
start = "2024-01"
"""


def test_what_is_saved_behind_a_bill_leaves_the_room_for_pv_as_it_is():
    keys = {
        1: ("hq", "", "electricity", "", ""),
        2: ("hq", "rack", "electricity", "", "sub_meter"),
    }
    months = calendar(2023, 2024)
    recorded = {
        key: {month: {"kWh": D(40000)} for month, year in months.items() if year == 2023}
        for key in keys
    }
    less = SAVING.format(said='activity = "electricity"\nmeter = "rack"\nsaving = "120 MWh"')
    [found] = resolve({"s.toml": HEAD + less + pv(STATED)})
    rows = addition_rows(found, keys, 2023, months, lambda: recorded, {"hq": (190001, 999912)})
    # 80 MWh are made in January; the bill of 40 MWh takes 40 of them, whatever the rack saves
    [taken] = [e[4] for e in rows if e[1].activity == "electricity" and not e[1].meter][:1]
    assert taken == -40000


def test_a_saving_of_a_fuel_that_is_not_used_is_refused(ahead):
    less = SAVING.format(said='activity = "natural_gas"\nsaving = "1000 m3"')
    # 1,000 m3 x 2.162188809 kg (NDRC 2015) = 2.2 t
    with pytest.raises(SettingsError, match=r"hq with less than no natural_gas in 2024") as fault:
        ahead(less)
    assert "-2.2 t CO2e, below zero" in str(fault.value)
