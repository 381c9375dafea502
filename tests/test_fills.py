"""Gaps that a book wants filled: by the trend, by the profile, by the neighbours; until the bill
comes. The estimates are worked out by hand beside each test."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from books import begun
from conftest import HEAD, TODAY

from carbon.book import Book
from carbon.errors import SettingsError
from carbon.inputs.fills import fills, neighbours, profile, trend
from carbon.settings import Fill

D = Decimal
SITE = '[[site]]\nname = "hq"\nregion = "CN-ZJ"\n[[site.meter]]\nname = "m1"\n'
FILL = '[[fill]]\nsite = "hq"\n'
YEARS = {year * 100 + month: year for year in range(2020, 2026) for month in range(1, 13)}


def months(year, *values):
    """Values of the months of a year from January on; None is a gap."""
    told = enumerate(values, 1)
    return {year * 100 + month: Fraction(each) for month, each in told if each is not None}


def estimate(made, recorded):
    """What an estimate comes to, of the months it names."""
    return sum(recorded[month] * multiplier for month, multiplier in made.terms.items())


# The three methods.


def test_the_trend_is_the_same_month_a_year_before_times_the_ratio_of_what_both_years_have():
    recorded = months(2022, 100, 100, 100, 500) | months(2023, 110, 120, 100)
    # (110 + 120 + 100) / (100 + 100 + 100) = 1.1, and 500 x 1.1 = 550
    assert estimate(trend(recorded, 202304, YEARS), recorded) == 550


def test_the_trend_reads_later_months_of_the_year_as_well():
    recorded = months(2022, 100, 100, 500, 100) | months(2023, 110, 110, None, 110)
    assert estimate(trend(recorded, 202303, YEARS), recorded) == 550


@pytest.mark.parametrize(
    "recorded",
    [
        months(2022, 100, 100, 100) | months(2023, 110, 110, 110),  # not a year before
        months(2022, 100, 100, 100, 500) | months(2023, 110, 110),  # two months tell no trend
        months(2022, 0, 0, 0, 500) | months(2023, 110, 110, 110),  # nothing to compare with
    ],
)
def test_without_a_year_before_or_three_months_of_both_there_is_no_trend(recorded):
    assert trend(recorded, 202304, YEARS) is None


EVEN, UNEVEN = [100] * 12, [50, 150, *[100] * 10]


def test_the_profile_is_the_share_of_the_month_in_the_years_before_of_what_is_recorded():
    recorded = months(2021, *EVEN) | months(2022, *UNEVEN)
    recorded |= months(2023, None, *[220] * 11)
    # January has (100 + 50) / 2 / 1200 = 1/16, so what is recorded is 15/16 of the year:
    # 11 x 220 = 2420, / 15 = 161 1/3
    assert estimate(profile(recorded, 202301, YEARS), recorded) == Fraction(2420, 15)


def test_without_a_whole_year_before_there_is_no_profile():
    recorded = months(2022, *EVEN[:11]) | months(2023, None, 1, 1, 1)
    assert profile(recorded, 202301, YEARS) is None


def test_neighbours_give_their_mean_day_and_not_their_mean_month():
    recorded = months(2023, 310, None, 620)  # 10 and 20 a day: 15 x 28 days
    assert estimate(neighbours(recorded, 202302, YEARS), recorded) == 420


def test_a_neighbour_is_at_most_three_months_away():
    recorded = months(2023, 310, None, None, None, None, 300)
    assert neighbours(recorded, 202302, YEARS) is None  # four months until the next
    assert neighbours(recorded, 202303, YEARS) is not None


def test_a_gap_at_the_end_has_one_neighbour_and_is_not_filled_by_it():
    assert neighbours(months(2023, 310, 280), 202303, YEARS) is None


# Which gaps, and by which method.

M1 = ("hq", "m1", "electricity", 1)
ROWS = [(*M1, 202200 + month, "kWh", D(100 * month)) for month in range(1, 13)]
ROWS += [(*M1, 202300 + month, "kWh", D(110 * month)) for month in (1, 2, 3)]
GAP = [("hq", "m1", "electricity", 202304)]


def made(rules, known_on=date(2024, 1, 1), rows=ROWS, gaps=GAP):
    said, _ = fills([Fill(**rule) for rule in rules], gaps, rows, YEARS, known_on)
    return [(row[0], row[1], row[3]) for row in said]


def test_the_first_method_that_can_fills_the_gap():
    assert made([{"method": ["neighbours", "trend"]}]) == [(1, 202304, "trend")]
    assert made([{"method": "neighbours"}]) == []


def test_the_first_rule_that_means_a_bill_counts():
    rules = [{"activity": "natural_gas"}, {"meter": "m1", "method": "profile"}, {}]
    assert made(rules) == [(1, 202304, "profile")]


def test_a_gap_that_no_rule_means_stays_a_gap():
    assert made([{"site": "elsewhere"}]) == []


def test_a_month_that_is_not_over_is_not_filled():
    assert made([{}], known_on=date(2023, 4, 29)) == []
    assert made([{}], known_on=date(2023, 4, 30)) == [(1, 202304, "trend")]


def test_months_in_two_units_cannot_be_compared():
    assert made([{}], rows=[*ROWS, ("hq", "m1", "electricity", 1, 202212, "MJ", D(1))]) == []


def test_details_share_the_trend_of_their_meter():
    # January to March: 2022 of diesel 100, of B20 0; 2023 of diesel 50, of B20 150: twice as much
    rows = [("hq", "", "diesel", 1, 202200 + month, "L", D(100)) for month in range(1, 5)]
    rows += [("hq", "", "diesel", 2, 202204, "L", D(10))]
    for month in (202301, 202302, 202303):
        rows += [("hq", "", "diesel", 1, month, "L", D(50))]
        rows += [("hq", "", "diesel", 2, month, "L", D(150))]
    said, terms = fills([Fill()], [("hq", "", "diesel", 202304)], rows, YEARS, date(2024, 1, 1))
    assert [(row[0], row[3]) for row in said] == [(1, "trend"), (2, "trend")]
    assert terms == [(1, 202304, "L", 202204, D(2)), (2, 202304, "L", 202204, D(2))]


# In a book.


def metered(tmp_path, name, missing=(), settings=FILL) -> Book:
    """Two years of a meter, 100 MWh a month and then 110, without the months that are missing."""
    book = begun(tmp_path / name, "Acme", "CN-ZJ", TODAY)
    text = HEAD.format(more="") + SITE + settings
    (book.folder / "carbon.toml").write_text(text, encoding="utf-8")
    rows = ["site,meter,activity,month,quantity,unit,quality"]
    for year, energy in ((2022, 100), (2023, 110)):
        rows += [
            f"hq,m1,electricity,{year}-{month:02},{energy},MWh,billed"
            for month in range(1, 13)
            if (year, month) not in missing
        ]
    path = tmp_path / f"{name}.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    book.import_files([path])
    return book


def logged(book, month, energy):
    said = {"site": "hq", "meter": "m1", "activity": "electricity", "month": month}
    book.log("activity", said | {"quantity": energy, "unit": "MWh", "quality": "billed"})


def row(book, year):
    return next(each for each in book.inventory().rows if each["year"] == year)


def totals(book):
    return book.sql("select * from total order by all").rows


MAY = ((2023, 5),)


def test_without_a_word_in_the_settings_missing_is_missing(tmp_path):
    book = metered(tmp_path, "book", MAY, settings="")
    assert row(book, 2023)["scope2_location_t"] == 11 * 110 * D("0.5306")
    assert row(book, 2023)["status"] == "11 of 12 months"


def test_a_filled_gap_counts_in_the_total_and_is_still_a_gap(tmp_path):
    book = metered(tmp_path, "book", MAY)
    found = row(book, 2023)
    assert found["scope2_location_t"] == 12 * 110 * D("0.5306")  # 100 x 1.1 = 110 MWh in May
    assert found["status"] == "11 of 12 months, 1 filled"
    assert found["estimated_share"] == pytest.approx(1 / 12)
    assert [each.code for each in book.check() if each.code == "missing-months"] != []


def test_the_inventory_says_which_gaps_are_filled(tmp_path):
    book = metered(tmp_path, "book", MAY)
    said = "Filled with an estimate until the bill comes: electricity of m1, 2023-05."
    assert said in book.inventory().notes


def test_a_breakdown_says_what_share_of_each_part_is_estimated(tmp_path):
    table = metered(tmp_path, "book", MAY).inventory("2023", ["month"])
    shares = {each["month"]: each["estimated_share"] for each in table.rows}
    assert (shares[202305], shares[202306]) == (1.0, 0.0)


def test_the_coverage_shows_a_filled_month_apart(tmp_path):
    [found] = metered(tmp_path, "book", MAY).coverage("2023").rows
    assert found["calendar"] == "BBBBFBBBBBBB"
    assert (found["billed_days"], found["filled_days"], found["missing_days"]) == (334, 31, 0)


def test_explain_tells_from_which_months_and_by_what_a_gap_is_filled(tmp_path):
    lines = metered(tmp_path, "book", MAY).explain("scope2-location 2023-05").lines()
    assert "  no bill: filled with an estimate until it comes" in lines
    assert (
        "    filled      100,000 kWh of 2022-05 x 1.1: the same month a year before, times the"
        " trend of 2023-01 to 2023-04, 2023-06 to 2023-12"
    ) in lines
    assert "    quantity    110,000 kWh x 1 kWh/kWh = 110,000 kWh" in lines


@pytest.mark.parametrize("missing", [MAY, ((2023, 5), (2023, 6)), ((2022, 3), (2023, 5))])
def test_once_the_bills_are_there_a_filled_book_is_the_book_that_was_never_filled(
    tmp_path, missing
):
    late, never = (
        metered(tmp_path, name, missing, settings)
        for name, settings in (("late", FILL), ("never", ""))
    )
    assert totals(late) != totals(never)
    for book in (late, never):
        for year, month in missing:
            logged(book, f"{year}-{month:02}", "97.3")
    assert totals(late) == totals(never)
    assert late.coverage("2023").rows == never.coverage("2023").rows


def test_a_correction_of_a_base_month_moves_the_estimate(tmp_path):
    book = metered(tmp_path, "book", MAY)
    book.correct(5, quantity="200")  # May 2022
    assert book.sql("select quantity from filled_month").rows == [{"quantity": D("220000.000000")}]


def test_a_plan_never_starts_from_a_filled_year(tmp_path):
    book = metered(tmp_path, "book", MAY)
    with book.run() as run:
        assert run.last_actual_year == 2022


def test_a_closed_year_keeps_the_estimate_it_was_closed_with(tmp_path):
    book = metered(tmp_path, "book", MAY)
    before = row(book, 2023)
    book.close("2023", incomplete=True)
    book.correct(5, quantity="200")  # the month it was made of
    (book.folder / "carbon.toml").write_text(HEAD.format(more="") + SITE, encoding="utf-8")
    assert row(book, 2023)["location_t"] == before["location_t"]
    assert [each.code for each in book.check() if each.code == "closed-year-moved"] == []
    assert "100,000 kWh of 2022-05 x 1.1" in "\n".join(
        book.explain("scope2-location 2023-05").lines()
    )


def test_a_restatement_names_the_bill_that_replaced_an_estimate(tmp_path):
    book = metered(tmp_path, "book", MAY)
    book.close("2023", incomplete=True)
    logged(book, "2023-05", "121")
    assert (
        "electricity of m1, 2023-05: filled with 110,000 kWh as closed,"
        " 121,000 kWh by entry 24 now."
    ) in book.restate("2023").notes


def test_the_uncertainty_of_a_filled_month_is_the_greatest(tmp_path):
    _, ranking = metered(tmp_path, "book", MAY).uncertainty("2023")
    assert any("hq m1 electricity, filled" in str(each.values()) for each in ranking.rows)


def test_a_fill_for_a_meter_there_is_none_of_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="fill names no meter 'm2'"):
        metered(tmp_path, "book", settings='[[fill]]\nmeter = "m2"\n')
