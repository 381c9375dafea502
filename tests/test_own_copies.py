"""Copies of library sets for editing, and an organisation's own heating value in the result."""

from __future__ import annotations

from fractions import Fraction

import pytest
from published import prints, total

from carbon.errors import UsageError
from carbon.library import lint, load
from carbon.library.copying import copy_of


def gasoline() -> str:
    every = load().topics["fuel/gasoline"]
    return next(each.set_id for each in every if each.series == "ndrc-2015")


@pytest.fixture
def book(worked):
    return worked("gasoline,10,t")


def test_a_copy_gives_the_same_figures_until_it_is_edited(book):
    before = total(book, "scope1")
    book.factors_copy(gasoline(), place="hq")
    assert total(book, "scope1") == before > 0
    used = {row["set_id"] for row in book.sql("select set_id from emission").rows}
    assert f"own-{gasoline()}" in used


def test_an_own_heating_value_changes_the_result_exactly(book):
    path = book.factors_copy(gasoline(), place="hq")
    text = path.read_text("utf-8")
    assert ",heating_value,44.800,GJ/t," in text or ",heating_value,44.8,GJ/t," in text
    path.write_text(
        text.replace(",44.800,GJ/t,", ",43.125,GJ/t,").replace(",44.8,GJ/t,", ",43.125,GJ/t,"),
        "utf-8",
    )
    # 10 t x 43.125 GJ/t x 18.9 tC/TJ x 0.98 x 44/12 = 29.287...
    expected = 10 * Fraction("43.125") * Fraction("18.9") / 1000 * Fraction("0.98") * 44 / 12
    assert prints(total(book, "scope1") / 1000, f"{float(expected):.9f}")


def test_an_own_oxidised_share_changes_the_result_exactly(book):
    before = total(book, "scope1")
    path = book.factors_copy(gasoline(), place="hq")
    text = path.read_text("utf-8")
    path.write_text(text.replace(",oxidised,0.98,", ",oxidised,0.49,"), "utf-8")
    assert total(book, "scope1") == before / 2


def test_an_own_density_serves_litres(worked, tmp_path):
    book = worked("gasoline,1,t")
    path = book.factors_copy(gasoline(), place="hq")
    density = f"own-{gasoline()},fuel/gasoline,hq,,1990,2060,all,density,0.75,kg/L"
    named = f"{density},own-{gasoline()},laboratory report,high,\n"
    path.write_text(path.read_text("utf-8") + named, "utf-8")
    file = tmp_path / "litres.csv"
    file.write_text("site,year,activity,quantity,unit\nhq,2022,gasoline,1000,L\n", "utf-8")
    [report] = book.import_files([file])
    assert report.recorded == 1


def test_a_copy_has_no_fault(book):
    path = book.factors_copy(gasoline(), place="hq", year=2023)
    assert lint(own={path.name: path.read_text("utf-8")}) == []


def test_a_copy_leaves_out_the_printed_totals():
    diesel = "desnz-2025-fuel-diesel"
    assert "CO2e_total" in {part.quantity for part in load().sets[diesel].printed}
    assert "CO2e_total" not in copy_of(load(), diesel, "GB", (2025, 2025))


def test_a_copy_says_where_it_comes_from(book):
    head = book.factors_copy(gasoline()).read_text("utf-8").splitlines()[:2]
    assert head[0].startswith(f"# Copied from {gasoline()}")
    assert load().citation(gasoline()) in head[1]


def test_a_copy_is_for_a_place_and_a_year(book):
    text = book.factors_copy(gasoline(), place="hq", year=2023).read_text("utf-8")
    assert f"own-{gasoline()},fuel/gasoline,hq,,2023,2023,all," in text


def test_a_file_that_is_there_is_never_overwritten(book):
    book.factors_copy(gasoline())
    with pytest.raises(UsageError, match="there already"):
        book.factors_copy(gasoline())


@pytest.mark.parametrize(
    ("said", "code"),
    [({"set_id": "ndrc-petrol"}, "unknown-set"), ({"place": "hqq"}, "unknown-site")],
)
def test_what_is_unknown_is_refused(book, said, code):
    with pytest.raises(UsageError) as fault:
        book.factors_copy(**({"set_id": gasoline()} | said))
    assert fault.value.code == code
