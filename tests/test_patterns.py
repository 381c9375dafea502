"""One planted fault gives one finding; a meter with seasons and growth gives none."""

from __future__ import annotations

from decimal import Decimal

import pytest

from carbon.book import Book
from carbon.findings import patterns
from carbon.findings.patterns import Series, flat, judged

SITE = '[[site]]\nname = "hq"\nregion = "CN-ZJ"\n[[site.meter]]\nname = "m1"\n'
ODD = {"spike", "drop", "sudden-zero", "unit-slip", "flat-line"}
# Three years with a summer and a winter, growing by a tenth a year. [MWh]
SEASON = (61, 57, 43, 38, 41, 66, 93, 97, 59, 39, 44, 58)
HISTORY = {
    (year, month): round(Decimal(SEASON[month - 1]) * (10 + year - 2021) / 10, 1) + month % 3
    for year in (2021, 2022, 2023)
    for month in range(1, 13)
}


def metered(make, tmp_path, **planted) -> Book:
    """A book of three years of one meter, with other figures where they are planted. [MWh]"""
    book = make(SITE, bills={})
    rows = ["site,meter,activity,month,quantity,unit,quality"]
    for (year, month), usual in HISTORY.items():
        quantity = planted.get(f"m{year}{month:02}", usual)
        rows.append(f"hq,m1,electricity,{year}-{month:02},{quantity},MWh,metered")
    path = tmp_path / "meter.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    book.import_files([path])
    return book


def odd(book) -> list[tuple[str, int]]:
    """Codes of the findings on patterns, with the rows of the file."""
    return [(each.code, each.row) for each in book.check() if each.code in ODD]


def test_a_meter_with_seasons_and_growth_is_not_odd(make, tmp_path):
    assert odd(metered(make, tmp_path)) == []


@pytest.mark.parametrize(
    ("code", "quantity"),
    [
        ("spike", 290),
        ("drop", "9.1"),
        ("sudden-zero", 0),
        ("unit-slip", "47300"),  # 1,000 times
        ("unit-slip", "0.0473"),
        ("unit-slip", "172"),  # 3.6 times
        ("unit-slip", "473000"),  # 10,000 times
    ],
)
def test_one_wild_month_is_one_finding_at_its_row(make, tmp_path, code, quantity):
    # March 2022 is usually 47.3 MWh, row 16 of the file
    assert odd(metered(make, tmp_path, m202203=quantity)) == [(code, 16)]


def test_four_months_with_one_figure_are_one_finding(make, tmp_path):
    stuck = {f"m2022{month:02}": "60.3" for month in (3, 4, 5, 6)}
    assert odd(metered(make, tmp_path, **stuck)) == [("flat-line", 19)]


def test_a_year_shared_out_over_its_months_is_no_flat_line(make):
    assert odd(make(SITE, bills={("hq", 2023): "61.7"})) == []


def test_a_finding_tells_the_tonnes_at_stake(make, tmp_path):
    [found] = [e for e in metered(make, tmp_path, m202303=290).check() if e.code == "spike"]
    # 290 instead of the 51.6 MWh of March 2023; by the neighbours' median it is nearer still
    assert 0 < found.mass_t < 290 * 0.5306


def test_a_site_that_doubled_is_no_spike():
    months = {2021 * 100 + m: Decimal(100 + m) for m in range(1, 13)}
    months |= {2022 * 100 + m: Decimal(400 + m) for m in range(1, 13)}
    assert list(judged(series(months))) == []


def test_months_that_somebody_worked_out_may_be_alike():
    months = {202300 + m: Decimal("123.4") for m in range(1, 7)}
    assert list(flat(series(months, calculated=frozenset(months)))) == []
    assert [each.code for each in flat(series(months))] == ["flat-line"]


def test_a_short_history_judges_nothing():
    months = {202301: Decimal(1), 202302: Decimal(1), 202303: Decimal(1000)}
    assert list(judged(series(months))) == []


def test_the_months_of_one_long_bill_are_not_judged(make):
    book = make(SITE, bills={("hq", 2022): 100, ("hq", 2023): 100})
    said = {"site": "hq", "activity": "electricity", "year": "2021", "quantity": "12"}
    book.log("activity", said | {"unit": "MWh"})
    assert odd(book) == []


def series(months, calculated=frozenset()):
    return Series("hq", "", "electricity", "", "kWh", months, calculated, 1)


def test_usual_is_the_nearer_of_season_and_neighbours():
    months = {202200 + m: Decimal(10) for m in range(1, 13)} | {202307: Decimal(10)}
    assert patterns.usual_of(months | {202301: Decimal(100)}, 202301) == 10
