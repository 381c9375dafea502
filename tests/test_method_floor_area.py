"""A published example of sharing a building out, and what an estimate says of itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from books import begun
from published import edition, prints, published, total

from carbon.book import Book
from carbon.errors import CarbonError

EIGHT = "electricity,CO2e,0.7,kgCO2e/kWh"
TENANT = {"area": "200", "of_area": "2000", "occupied": "0.75", "period": "2023"}


def entries(book) -> list[dict]:
    return book.sql("select quantity, unit, quality, note from entry order by entry_id").rows


@pytest.fixture
def space(tmp_path: Path) -> Callable[..., Book]:
    """`space(*factors, region=)`: an empty book of one site with own factors."""

    def made(*factors: str, region: str = "US") -> Book:
        book = begun(tmp_path / "book", "Acme", region, date(2026, 11, 20))
        text = f'[[site]]\nname = "hq"\nregion = "{region}"\n[policy]\nfuel_energy = "net"\n'
        (book.folder / "carbon.toml").write_text(
            f'[organisation]\nname = "Acme"\n{text}', encoding="utf-8"
        )
        if factors:
            own = book.folder / "factors" / "example.csv"
            own.write_text(edition(*factors, region="hq"), encoding="utf-8")
        return book

    return made


@published("WRI/WBCSD, Technical Guidance for Calculating Scope 3 Emissions (2013), example 8.1")
@pytest.mark.parametrize(
    ("activity", "used", "unit", "detail", "printed"),
    [
        ("electricity", "3000", "kWh", "", "400"),
        ("natural_gas", "1500", "kWh", "", "200"),
        ("sf6", "5", "kg", "", "0.67"),
    ],
)
def test_a_tenant_takes_its_area_of_what_is_let(space, activity, used, unit, detail, printed):
    book = space(region="CN-ZJ")
    book.estimate("hq", activity=activity, quantity=used, unit=unit, **TENANT)
    [entry] = entries(book)
    assert prints(entry["quantity"], printed)


@published("WRI/WBCSD, Technical Guidance for Calculating Scope 3 Emissions (2013), example 8.1")
def test_the_tenants_electricity_is_counted_like_any_other(space):
    book = space(EIGHT)
    book.estimate("hq", quantity="3000", unit="kWh", **TENANT)
    assert prints(total(book, "scope2", "location"), "280")  # 400 x 0.7


@pytest.fixture
def office(space):
    return space()


def test_an_estimate_is_area_times_benchmark(office):
    name = "us-cbecs-2012-all-buildings"
    office.estimate("hq", "1000", "2023", area_unit="ft2", benchmark=name, statistic="median")
    assert entries(office)[0]["quantity"] == 8700  # 8.7 kWh per square foot


def test_a_month_takes_its_days_of_the_year(office):
    name = "us-cbecs-2012-all-buildings"
    office.estimate("hq", "1000", "2024-02", area_unit="ft2", benchmark=name, statistic="median")
    assert prints(entries(office)[0]["quantity"], "689.344262")  # 8,700 x 29/366


def test_an_estimate_is_marked_and_says_area_figure_and_source(office):
    office.estimate("hq", "500", "2023", benchmark="us-cbecs-2012-lodging")
    [entry] = entries(office)
    assert entry["quality"] == "estimated"
    for said in ("500 m2", "15.3 kWh/ft2", "us-cbecs-2012-lodging", "US EIA", "Table C14"):
        assert said in entry["note"]


def test_an_estimate_counts_as_one_in_the_data_quality(office):
    office.estimate("hq", "500", "2023", benchmark="us-cbecs-2012-lodging")
    assert office.sql("select sum(estimated) as kwh from entry_current_month").rows[0]["kwh"] > 0


def test_a_benchmark_of_another_country_is_told(space):
    report = space(region="CN-ZJ").estimate("hq", "500", "2023", benchmark="us-cbecs-2012-lodging")
    assert "foreign-benchmark" in {each.code for each in report.problems}


def test_a_benchmark_of_the_books_own_serves(space):
    book = space("benchmark/electricity/studio,mean,50,kWh/m2")
    book.estimate("hq", "100", "2023", benchmark="example/benchmark/electricity/studio/all")
    assert entries(book)[0]["quantity"] == 5000


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"benchmark": "us-cbecs-2012-lodgin"}, "unknown-benchmark"),
        ({"benchmark": "us-cbecs-2012-lodging", "statistic": "mode"}, "unknown-statistic"),
        ({"benchmark": "us-cbecs-2012-lodging", "area": "-5"}, "bad-area"),
        ({"benchmark": "us-cbecs-2012-lodging", "area": "big"}, "bad-number"),
        ({"benchmark": "us-cbecs-2012-lodging", "area_unit": "kWh"}, "wrong-dimension"),
        ({"benchmark": "us-cbecs-2012-lodging", "period": "Q1"}, "bad-period"),
        ({"quantity": "1", "unit": "kWh", "of_area": "400"}, "bad-share"),
        ({"quantity": "1", "unit": "kWh", "of_area": "900", "occupied": "75"}, "bad-share"),
    ],
)
def test_a_slip_is_told_with_what_to_do(office, said, code):
    with pytest.raises(CarbonError) as told:
        office.estimate("hq", **({"area": "500", "period": "2023"} | said))
    assert told.value.code == code
    assert told.value.remedy
    assert entries(office) == []


def test_the_tenants_of_a_building_use_all_of_it(office):
    building = {"quantity": "3000", "unit": "kWh", "of_area": "2000", "occupied": "0.75"}
    for area in ("500", "700", "300"):
        office.estimate("hq", area, "2023", again=True, **building)
    assert sum(entry["quantity"] for entry in entries(office)) == Decimal(3000)


def test_a_second_estimate_of_the_same_period_is_offered_as_a_correction(office):
    building = {"quantity": "3000", "unit": "kWh", "of_area": "2000"}
    office.estimate("hq", "500", "2023", **building)
    report = office.estimate("hq", "700", "2023", **building)
    assert (report.recorded, len(report.offered)) == (0, 1)
