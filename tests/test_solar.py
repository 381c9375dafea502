"""PV beside the clear sky: what bounds a plant, and years and months that cannot be, or are odd."""

from __future__ import annotations

import math
import socket
import sys
from datetime import date
from decimal import Decimal

import pytest
from books import begun

from carbon import clearsky, settings
from carbon.book import Book
from carbon.clearsky import Plane, ceiling, yield_in
from carbon.cli import run
from carbon.demo import activity_files, settings_text
from carbon.errors import SettingsError, UsageError
from carbon.solar import Yield, usual

D = Decimal
TODAY = date(2026, 11, 20)
SHANGHAI = Plane(D("31.23"), D("121.47"), D(4))
HORIZONTAL = SHANGHAI._replace(tilt_deg=D(0))


# The ceiling


def outside_kwh_per_m2(latitude: float, day: int) -> float:
    """Daily irradiation on a horizontal plane outside the atmosphere, by the textbook formula."""
    turn = 2 * math.pi * (day - 1) / 365
    distance = 1 + 0.033 * math.cos(2 * math.pi * day / 365)
    declination = math.asin(0.3978 * math.sin(turn - 1.4 + 0.0355 * math.sin(turn - 0.0489)))
    phi = math.radians(latitude)
    sunset = math.acos(-math.tan(phi) * math.tan(declination))
    height = math.cos(phi) * math.cos(declination) * math.sin(sunset)
    return (
        24 / math.pi * 1.361 * distance
        * (height + sunset * math.sin(phi) * math.sin(declination))
    )  # fmt: skip


@pytest.mark.parametrize("month", range(1, 13))
def test_a_clear_sky_lets_three_to_four_fifths_of_the_sun_through(month):
    middle = (date(2023, month, 15) - date(2023, 1, 1)).days + 1
    through = float(ceiling(HORIZONTAL)[month - 1]) / outside_kwh_per_m2(31.23, middle)
    assert 0.6 < through < 0.8


def test_a_plane_leaning_to_the_south_gets_more_in_winter_and_less_in_summer():
    leaning, flat = ceiling(SHANGHAI), ceiling(HORIZONTAL)
    assert leaning[11] > D("1.4") * flat[11]
    assert leaning[5] < flat[5]


def test_the_southern_hemisphere_has_its_summer_in_december_and_faces_north():
    plane = Plane(D("-31.23"), D("121.47"))
    assert plane.azimuth == 0
    flat = ceiling(plane._replace(tilt_deg=D(0)))
    assert flat[11] > 2 * flat[5]


def test_the_polar_night_gives_nothing():
    assert ceiling(Plane(D(80), D(20)))[11] == 0


def test_east_and_west_get_the_same():
    east = sum(ceiling(SHANGHAI._replace(tilt_deg=D(30), azimuth_deg=D(90))))
    west = sum(ceiling(SHANGHAI._replace(tilt_deg=D(30), azimuth_deg=D(270))))
    assert abs(east - west) < east / 200


def test_following_the_sun_gets_more_than_any_plane_at_rest():
    two = ceiling(SHANGHAI._replace(tracking="two axes"))
    one = ceiling(SHANGHAI._replace(tracking="one axis"))
    assert all(a >= b for a, b in zip(two, one, strict=True))
    for tilt in (0, 30, 60, 90):
        still = ceiling(SHANGHAI._replace(tilt_deg=D(tilt)))
        assert all(a >= b for a, b in zip(two, still, strict=True))
    assert sum(one) > sum(ceiling(SHANGHAI))


def test_a_higher_place_has_the_clearer_sky():
    assert sum(ceiling(HORIZONTAL._replace(altitude_m=D(3000)))) > sum(ceiling(HORIZONTAL))


def test_february_of_a_leap_year_has_a_day_more():
    assert yield_in(SHANGHAI, 202402) - yield_in(SHANGHAI, 202302) == ceiling(SHANGHAI)[1]


def test_nothing_is_asked_of_the_network(monkeypatch):
    def refused(*_):
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    assert ceiling.__wrapped__(Plane(D("29.8"), D("119.7")))[0] > 5


def test_without_the_extra_it_is_told_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "pvlib", None)
    assert not clearsky.is_installed()
    with pytest.raises(UsageError) as fault:
        ceiling.__wrapped__(SHANGHAI)
    assert fault.value.remedy == "pip install 'carbon[pv]'"


# Where a site lies


def site(said: str) -> settings.Settings:
    text = f'[organisation]\nname = "A"\n[[site]]\nname = "works"\nregion = "CN-ZJ"\n{said}'
    return settings.read(text)


def test_a_plane_is_told_with_what_is_assumed_of_it():
    place = site("latitude = 29.8\nlongitude = -119.7\n[[site.pv]]\ntilt_deg = 10\n").site[0]
    said = str(place.plane(place.pv[0]))
    assert said == "29.8°N 119.7°W, tilt 10°, azimuth 180° (assumed)"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("latitude = 29.8\n", "says its latitude and not its longitude"),
        ("longitude = 29.8\n", "says its longitude and not its latitude"),
        ("altitude_m = 4\n", "says its altitude_m and not where it lies"),
        ("latitude = 119.7\nlongitude = 29.8\n", "less than or equal to 90"),
        ('[[site.pv]]\ntilt_deg = 10\ntracking = "one axis"\n', "neither tilt_deg nor azimuth"),
    ],
)
def test_half_a_place_is_refused(said, told):
    with pytest.raises(SettingsError, match=told):
        site(said)


# Findings


@pytest.fixture
def book_of(tmp_path):
    """`book_of(rows, settings)`: a book with `month,MWh` or `meter,month,MWh` of generation."""

    def made(rows, said):
        book = begun(tmp_path / "book", "Acme", "CN-ZJ", TODAY)
        text = '[organisation]\nname = "Acme"\n[[site]]\nname = "works"\nregion = "CN-ZJ"\n'
        (book.folder / "carbon.toml").write_text(text + said, encoding="utf-8")
        lines = ["site,meter,activity,start,end,quantity,unit"]
        for *meter, start, end, energy in rows:
            lines.append(f"works,{''.join(meter)},pv_generation,{start},{end},{energy},MWh")
        path = tmp_path / "rows.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        [report] = book.import_files([path])
        assert [each for each in report.problems if each.severity == "error"] == []
        return book

    return made


HERE = "latitude = 31.23\nlongitude = 121.47\n"
PLANT = "[[site.pv]]\ncapacity_kw = 100\n"


def june(energy):
    return [("2023-06-01", "2023-06-30", energy)]


def found(book, code="pv-above-clear-sky"):
    return [each.message for each in book.check() if each.code == code]


def test_a_month_above_a_clear_sky_is_an_error(book_of):
    # 100 kW x 720 h = 72 MWh at full power day and night; a clear June gives about 20 MWh
    [message] = found(book_of(june(30), HERE + PLANT))
    assert message.startswith("PV at works generated 30,000 kWh in 2023-06, more than 100 kW could")


def test_a_month_below_it_and_a_site_that_lies_nowhere_are_not(book_of):
    assert found(book_of(june(19), HERE + PLANT)) == []


def test_without_a_place_there_is_no_clear_sky_to_be_above(book_of):
    assert found(book_of(june(30), PLANT)) == []


def test_a_plant_that_follows_the_sun_may_give_more(book_of):
    # one axis: 31 MWh in June, where a plane at rest has 20
    assert found(book_of(june(30), HERE + PLANT + 'tracking = "one axis"\n')) == []


def test_a_small_plant_does_not_hide_behind_a_large_one(book_of):
    meters = "".join(
        f'[[site.meter]]\nname = "{name}"\nrole = "pv_generation"\n' for name in ("hall", "shed")
    )
    plants = "".join(
        f'[[site.pv]]\nmeter = "{name}"\ncapacity_kw = {size}\n'
        for name, size in (("hall", 1000), ("shed", 10))
    )
    rows = [("hall", *june(100)[0]), ("shed", *june(5)[0])]  # shed: 2 MWh at most
    [message] = found(book_of(rows, HERE + plants + meters))
    assert message.startswith("PV at shed generated 5,000 kWh")


def test_a_year_in_one_figure_is_judged_as_a_year(book_of):
    # 150 MWh in equal days are 12.7 MWh in December, where at 60 N a clear sky gives about 8
    north = "latitude = 60\nlongitude = 25\n"
    year = [("2023-01-01", "2023-12-31", 150)]
    assert ceiling(Plane(D(60), D(25)))[11] * 31 * 100 < 150_000 * 31 / 365
    assert found(book_of(year, north + PLANT)) == []


def test_a_year_in_one_figure_above_the_sky_is_an_error(book_of):
    [message] = found(book_of([("2023-01-01", "2023-12-31", 300)], HERE + PLANT))
    assert "300,000 kWh in 2023, more than" in message


def year_of(site, generated, ceiling_kwh):
    months = [202301 + month for month in range(12)]
    return Yield(
        site, "", 2023, months, D(generated), D(1), D(ceiling_kwh) if ceiling_kwh else None
    )


def test_sites_far_apart_compare_by_their_own_sky():
    # north yields half of the others, under half of their sky
    years = [year_of("a", 1200, 2400), year_of("b", 1250, 2400), year_of("north", 600, 1200)]
    assert not usual(years[2], years).is_far
    blind = [year_of(each.site, each.generated_kwh, None) for each in years]
    assert usual(blind[2], blind).is_far


# The verb


@pytest.fixture(scope="module")
def maker(tmp_path_factory):
    folder = tmp_path_factory.mktemp("maker")
    (folder / "carbon.toml").write_text(settings_text("maker"), encoding="utf-8")
    book = Book.open(folder, TODAY)
    for name, text in activity_files("maker").items():
        if "pv_generation" in text:
            lines = [each for each in text.splitlines(keepends=True)]
            kept = [lines[0], *(each for each in lines if ",pv_generation," in each)]
            (folder / name).write_text("".join(kept), encoding="utf-8")
            book.import_files([folder / name])
    return folder


def test_published_yields_lie_below_the_clear_sky_and_the_odd_year_is_flagged(maker):
    rows = {(row["site"], row["year"]): row for row in Book.open(maker, TODAY).pv().rows}
    whole = rows["tonglu-1-2", 2023]
    assert round(whole["specific_yield_kwh_per_kw"], 1) == D("1106.1")  # 10,041.0 MWh / 9.078 MW
    assert all(D("0.15") < row["ceiling_share"] < D("0.5") for row in rows.values())
    odd = rows["tonglu-1-2", 2022]
    assert round(odd["specific_yield_kwh_per_kw"], 1) == D("496.6")  # 4,508.3 MWh / 9.078 MW
    remarks = {key: row["remark"] for key, row in rows.items() if row["remark"]}
    # the others reach 33.9, 40.8, 40.1 and 44.8 %: half of their median
    assert remarks == {
        ("tonglu-1-2", 2022): "0.50 times the usual, of its other years",
        ("chongqing", 2023): "7 of 12 months",
    }


def test_seven_months_are_set_against_the_sky_of_seven_months(maker):
    [row] = [row for row in Book.open(maker, TODAY).pv().rows if row["site"] == "chongqing"]
    plane = Plane(D("29.6"), D("106.6"))
    expected = sum(yield_in(plane, 202300 + month) for month in range(6, 13))
    assert row["ceiling_kwh_per_kw"] == expected


def test_the_plants_of_a_year_sum_to_their_sites(maker):
    rows = Book.open(maker, TODAY).pv("2023").rows
    plants = sum(row["generated_kwh"] for row in rows if row["meter"] and row["month"] is None)
    months = sum(row["generated_kwh"] for row in rows if row["month"])
    assert plants == months == D("12533700")  # published, 12,533.7 MWh


def test_the_verb_prints_the_years(maker, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    assert run(["-C", str(maker), "pv"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "2022 tonglu-1-2 9,078 4,508,300 496.6 2,468.9 20.1 0.50 times" in told
    assert "tonglu-1-2 29.8°N 119.7°E, tilt 30°, azimuth 180° (assumed)" in told


def test_without_the_extra_the_verb_leaves_the_ceiling_out(maker, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "pvlib", None)
    assert run(["-C", str(maker), "pv"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "2022 tonglu-1-2 9,078 4,508,300 496.6 - - 0.50 times" in told
    assert "The ceiling of a clear sky is left out: pip install 'carbon[pv]'." in told


def test_a_year_without_pv_is_told_which_ones_have_it(maker, capsys):
    assert run(["-C", str(maker), "pv", "2020"]) == 1
    assert "Nearest: 2018, 2019, 2021, 2022, 2023" in capsys.readouterr().err


def test_a_book_without_pv_is_told_how_to_record_it(tmp_path, capsys):
    begun(tmp_path / "b", "Acme", "CN-ZJ", TODAY)
    assert run(["-C", str(tmp_path / "b"), "pv"]) == 1
    assert "no PV generation is recorded" in capsys.readouterr().err
