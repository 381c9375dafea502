"""An edition of one's own: which rows and files are refused, and what the fault says to do."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from carbon.book.factors import Catalogue
from carbon.errors import Problem
from carbon.library import EDITION_COLUMNS

HEADER = ",".join(EDITION_COLUMNS.split())


def edition(path: Path, *rows: str) -> Path:
    path.write_text("\n".join([HEADER, *rows]) + "\n", "utf-8")
    return path


@pytest.fixture
def lint(tmp_path):
    """`lint(row, ...)`: the faults of a file of these rows, outside of any book."""

    def faults(*rows: str) -> list[Problem]:
        return Catalogue().factors_lint(edition(tmp_path / "ours.csv", *rows))

    return faults


def printed(topic: str, quantity: str, value: str, unit: str, set_id: str = "ours") -> str:
    return f"{set_id},{topic},CN,,2023,2023,all,{quantity},{value},{unit},document,page 1,high,"


def codes(faults: list[Problem]) -> list[str]:
    return [fault.code for fault in faults]


# The gas of a unit


@pytest.mark.parametrize(
    ("quantity", "unit"),
    [
        ("CO2", "kgC/kWh"),
        ("CO2", "kgN2O/kWh"),
        ("N2O", "kgCH4/kWh"),
        ("CO2e", "kgN2O/kWh"),
        ("CO2e", "kgCO2/kWh"),
        ("CO2_biogenic", "kgC/kWh"),
    ],
)
def test_a_unit_of_another_gas_is_none_of_the_quantity(lint, quantity, unit):
    assert codes(lint(printed("electricity", quantity, "0.1", unit))) == ["wrong-unit"]


def test_carbon_content_is_never_printed_as_co2(lint):
    rows = [
        printed("fuel/diesel", "carbon_content", "74.1", "tCO2/TJ"),
        printed("fuel/diesel", "oxidised", "1", "1"),
    ]
    [fault] = lint(*rows)
    assert (fault.code, fault.remedy[:12]) == ("wrong-unit", "call it CO2;")


@pytest.mark.parametrize("gas", ["CH4_fossil", "CH4_biogenic", "N2O"])
def test_a_gas_printed_as_co2e_says_with_which_gwp_set(lint, gas):
    [fault] = lint(printed("electricity", gas, "0.00122", "kgCO2e/kWh"))
    assert (fault.code, fault.looked_for) == ("no-gwp-set", "AR4, AR5, AR5-feedback, AR6")
    for lawful in ("kgCO2e(AR4)/kWh", "kg/kWh"):  # a unit that names no gas is taken at its word
        assert lint(printed("electricity", gas, "0.00122", lawful)) == []


def test_only_co2e_is_made_with_a_gwp_set(lint):
    assert codes(lint(printed("electricity", "N2O", "0.1", "kgN2O(AR5)/kWh"))) == ["unknown-unit"]


def test_the_mass_of_a_gas_is_no_part_of_a_total_of_co2e(lint):
    rows = [
        printed("electricity", "CO2", "0.5", "kgCO2/kWh"),
        printed("electricity", "N2O", "0.1", "kgN2O/kWh"),
        printed("electricity", "CO2e_total", "0.6", "kgCO2e/kWh"),
    ]
    assert codes(lint(*rows)) == ["bad-sum"]


# Values beyond belief


@pytest.mark.parametrize(
    ("value", "right", "wrong"), [("840", "kg/m3", "kg/L"), ("0.84", "kg/L", "kg/kg")]
)
def test_no_fuel_is_denser_than_osmium_and_a_density_is_per_volume(lint, value, right, wrong):
    carbon = printed("fuel/diesel", "CO2", "3.1", "kgCO2/kg")
    assert lint(carbon, printed("fuel/diesel", "density", value, right)) == []
    [fault] = lint(carbon, printed("fuel/diesel", "density", value, wrong))
    assert fault.code == ("implausible-density" if value == "840" else "wrong-unit")


def test_a_factor_that_would_be_rounded_to_nothing_is_beyond_belief(lint):
    [fault] = lint(printed("fuel/diesel", "CO2", "1e-99", "tCO2/kg"))
    assert fault.code == "implausible-value"


def test_no_factor_is_as_large_as_a_hundred_tonnes_for_a_kilogram(lint):
    [fault] = lint(printed("fuel/diesel", "CO2", "3100", "tCO2/kg"))
    assert (fault.code, fault.looked_for) == ("implausible-value", "10^-12 g to 100 t for one kg")


# Values of a set that would be counted together


@pytest.mark.parametrize(
    ("quantity", "unit"),
    [("CO2", "kgCO2/kg"), ("CH4_fossil", "kgCH4/kg"), ("N2O", "kgN2O/kg")],
)
def test_a_gas_beside_the_co2e_that_holds_it_would_be_counted_twice(lint, quantity, unit):
    whole = printed("fuel/diesel", "CO2e", "3.2", "kgCO2e/kg")
    [fault] = lint(printed("fuel/diesel", quantity, "0.1", unit), whole)
    assert (fault.code, fault.row) == ("counted-twice", 3)
    for lawful in ("CO2_biogenic", "CO2e_outside"):
        assert lint(printed("fuel/diesel", lawful, "0.1", "kg/kg"), whole) == []


def test_carbon_beside_the_co2e_that_holds_it_would_be_counted_twice(lint):
    rows = [
        printed("fuel/diesel", "carbon_content", "0.86", "kgC/kg"),
        printed("fuel/diesel", "oxidised", "1", "1"),
        printed("fuel/diesel", "CO2e", "3.2", "kgCO2e/kg"),
    ]
    assert codes(lint(*rows)) == ["counted-twice"]


def test_co2_beside_the_carbon_it_follows_from_would_be_counted_twice(lint):
    rows = [
        printed("fuel/diesel", "CO2", "3.15", "kgCO2/kg"),
        printed("fuel/diesel", "carbon_content", "0.86", "kgC/kg"),
        printed("fuel/diesel", "oxidised", "1", "1"),
    ]
    assert codes(lint(*rows)) == ["counted-twice"]


# What a fuel must print


def test_a_fuel_without_its_carbon_would_lose_its_co2(lint):
    [fault] = lint(printed("fuel/diesel", "N2O", "0.6", "kg N2O per TJ"))
    assert fault.code == "incomplete-set"
    assert "CO2, CO2_biogenic, CO2e, or carbon_content and oxidised" in fault.message


def test_carbon_content_needs_an_oxidised_share_whatever_else_is_printed(lint):
    rows = [
        printed("fuel/diesel", "carbon_content", "20.2", "tC/TJ"),
        printed("fuel/diesel", "N2O", "0.6", "kg N2O per TJ"),
    ]
    [fault] = lint(*rows)
    assert fault.message == "ours lacks oxidised"


def test_ch4_and_n2o_of_a_fuel_alone_are_a_family_of_their_own(lint):
    assert lint(printed("non_co2/diesel", "N2O", "0.6", "kg N2O per TJ")) == []
    whole = printed("non_co2/diesel", "CO2", "74100", "kg CO2 per TJ")
    assert codes(lint(whole)) == ["unknown-quantity"]


@pytest.mark.parametrize("unit", ["kgCO2/kg", "kgCO2/m3", "kgCO2/kWh (gross)", "kg"])
def test_electricity_is_counted_in_energy_alone(lint, unit):
    assert codes(lint(printed("electricity", "CO2", "0.5", unit))) == ["wrong-unit"]


def test_a_set_is_named_without_the_sign_that_parts_it_from_a_closed_year(lint):
    row = printed("electricity", "CO2", "0.5", "kgCO2/kWh", set_id="ours@2023")
    assert codes(lint(row)) == ["bad-name"]


def test_a_topic_that_no_activity_takes_is_told_with_the_nearest(lint):
    [told] = lint(printed("fuel/natural_gaz", "CO2", "2", "kgCO2/m3"))
    assert (told.code, told.severity, told.nearest) == (
        "untaken-topic",
        "warning",
        "fuel/natural_gas",
    )


# A file among those of a book


@pytest.fixture
def book(make):
    """A book with one own edition in its `factors/`."""
    made = make('[[site]]\nname = "works"\nregion = "CN"\n', bills={})
    (made.folder / "factors").mkdir(exist_ok=True)
    edition(made.folder / "factors" / "ours.csv", OURS)
    return made


OURS = printed("electricity", "CO2", "0.5", "kgCO2/kWh")


def test_a_file_of_the_book_does_not_stand_in_its_own_way(book):
    assert book.factors_lint(book.folder / "factors" / "ours.csv") == []


def test_a_file_that_holds_what_another_of_the_book_holds_is_told(book, tmp_path):
    theirs = edition(tmp_path / "theirs.csv", OURS.replace("ours", "theirs"))
    assert codes(book.factors_lint(theirs)) == ["overlap"]


def test_a_broken_file_of_the_book_is_told_beside_a_sound_one(book, tmp_path):
    edition(book.folder / "factors" / "ours.csv", OURS.replace("0.5", "half"), "a,b")
    sound = edition(tmp_path / "new.csv", OURS.replace("ours", "new").replace("CN", "DE"))
    faults = book.factors_lint(sound)
    assert {(each.code, each.file) for each in faults} == {
        ("bad-row", "factors/ours.csv"),
        ("bad-value", "factors/ours.csv"),
    }


# Cells nobody can mean


@pytest.mark.parametrize("value", ["1e99999999", "1e-400", "\N{FULLWIDTH DIGIT FIVE}", "9" * 41])
def test_a_number_is_written_in_plain_digits_of_a_size_that_is_read_at_once(lint, value):
    assert codes(lint(printed("electricity", "CO2", value, "kgCO2/kWh"))) == ["bad-value"]


@pytest.mark.parametrize("year", ["\N{FULLWIDTH DIGIT TWO}" * 4, "02023", "2\N{SUPERSCRIPT TWO}23"])
def test_a_year_is_four_plain_digits(lint, year):
    row = printed("electricity", "CO2", "0.5", "kgCO2/kWh").replace("2023,2023", f"{year},2023")
    assert codes(lint(row)) == ["bad-years"]


def test_a_sign_nobody_sees_is_a_fault_but_in_a_note(lint):
    row = printed("electricity", "CO2", "0.5", "kgCO2/kWh", set_id="ours\0")
    assert codes(lint(row)) == ["unprintable"]
    assert lint(row.replace("\0", "") + "a\N{NO-BREAK SPACE}note") == []
    assert codes(lint(row.replace("\0", "") + "a \x1b[31mnote")) == ["unprintable"]


def test_a_set_has_a_name(lint):
    row = printed("electricity", "CO2", "0.5", "kgCO2/kWh", set_id="")
    assert codes(lint(row)) == ["no-name"]


@pytest.mark.parametrize("limit", [131_072, 10**9])
def test_a_cell_beyond_all_measure_is_told_with_its_row(lint, limit):
    csv.field_size_limit(limit)  # that of the whole program, which others set too
    row = printed("electricity", "CO2", "0.5", "kgCO2/kWh")
    [fault] = lint(row, row + "n" * 200_000)
    assert (fault.code, fault.row) == ("bad-row", 3)


def test_a_row_after_a_cell_of_two_lines_is_told_by_its_own_line(lint):
    row = printed("electricity", "CO2", "0.5", "kgCO2/kWh")
    [fault] = lint(
        row + '"two\nlines"',
        row.replace("CN", "DE").replace("ours,", "other,").replace("0.5", "0.x"),
    )
    assert (fault.code, fault.row) == ("bad-value", 4)
