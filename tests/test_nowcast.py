"""The running year to its end: constructed years whose end is known by hand."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from books import begun, kept

from carbon.book import Book
from carbon.cli import run as carbon
from carbon.errors import CarbonError, UsageError
from carbon.nowcast.interval import spread
from carbon.nowcast.year import Cut

TODAY = date(2023, 7, 20)
HEAD = '[organisation]\nname = "Acme"\n'
POLICY = '[policy.electricity]\nCN = "set:cn-mee-2023-notice"\n'  # 0.5703 t/MWh in every year
WORKS = '[[site]]\nname = "works"\nregion = "CN-ZJ"\n'
SHAPE = [90, 80, 85, 90, 100, 120, 150, 160, 130, 100, 90, 95]  # 1290 in all, 565 until June
T = Decimal("0.5703")


@pytest.fixture
def year(tmp_path: Path):
    """`year({2022: [...], 2023: [...]})`: a book with so many MWh a month; None is no bill."""

    def made(*parts: str, bills=(), head: str = HEAD, **sites) -> Book:
        text = head + POLICY + "".join(parts or [WORKS])
        rows = ["site,activity,start,end,quantity,unit", *bills]
        for site, years in sites.items():
            for of, months in years.items():
                for number, energy in enumerate(months, 1):
                    month = date(of, 1, 1).replace(
                        year=of + (number - 1) // 12, month=(number - 1) % 12 + 1
                    )
                    if energy is not None:
                        rows.append(f"{site},electricity,{spell(month)},{energy},MWh")
        path = tmp_path / "bills.csv"
        path.write_text("\n".join(rows) + "\n", encoding="utf-8")

        def new() -> None:
            book = begun(tmp_path / "book", "Acme", "CN-ZJ", TODAY)
            (book.folder / "carbon.toml").write_text(text, encoding="utf-8")
            [report] = book.import_files([path])
            assert [each for each in report.problems if each.severity == "error"] == []

        return kept(("year", text, *rows), tmp_path / "book", new, TODAY)

    return made


def spell(month: date) -> str:
    """The first and last day of a month."""
    after = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return f"{month},{date.fromordinal(after.toordinal() - 1)}"


def line(book: Book, name: str = "Scope 2 location", **asked) -> dict:
    return next(row for row in book.nowcast(**asked)[0].rows if row["line"] == name)


def series(book: Book, site: str = "works", **asked) -> dict:
    return next(row for row in book.nowcast(**asked)[2].rows if row["site"] == site)


FLAT = {2020: [100] * 12, 2021: [100] * 12, 2022: [100] * 12}


def test_a_constant_load_goes_on(year):
    row = line(year(works=FLAT | {2023: [100] * 6}))
    assert (row["so_far_t"], row["year_end_t"]) == (600 * T, 1200 * T)


def test_a_method_that_was_never_off_leaves_an_interval_of_nothing(year):
    row = line(year(works=FLAT | {2023: [100] * 6}))
    assert row["low_t"] == row["high_t"] == 1200 * T


def test_a_season_that_grows_by_a_tenth_is_met_exactly(year):
    grown = [each * 11 // 10 for each in SHAPE]  # 1.1 of each; those of 85 and 95 are rounded down
    exact = [Decimal(each) * Decimal("1.1") for each in SHAPE]
    assert grown != exact
    row = line(year(works={2021: SHAPE, 2022: SHAPE, 2023: exact[:6]}))
    # 565 x 1.1 known, (1290 - 565) x 1.1 to come: 1419 MWh
    assert row["year_end_t"] == 1419 * T


def test_after_a_step_the_trend_is_the_ratio_of_the_months_so_far(year):
    stepped = [100, 100, 100, 200, 200, 200]
    book = year(works=FLAT | {2023: stepped})
    # 900 / 600 = 1.5 of 600 to come: 900 MWh, with nothing before to say that the step stays
    assert line(book)["year_end_t"] == 1800 * T
    assert series(book)["method"] == "trend"


def test_the_method_that_did_best_in_the_years_before_is_taken(year):
    # Every year doubles in April and stays there a while; the last three months told it.
    years = {of: [base] * 3 + [2 * base] * 9 for of, base in ((2020, 100), (2021, 200))}
    years[2022] = [400] * 3 + [800] * 9
    before = [50] * 3 + [50] * 9
    book = year(works={2019: before, **years, 2023: [800, 800, 800, 800, 800, 800]})
    row = series(book)
    assert row["method"] == "recent trend"
    assert row["expected"] == 4_800_000  # 6 x 800 MWh x (2400 / 2400)


def test_a_past_year_is_told_without_what_came_later(year):
    years = FLAT | {2022: [100] * 6 + [900] * 6}
    row = line(year(works=years), period="2022", until="2022-06")
    assert (row["year_end_t"], row["actual_t"]) == (1200 * T, 6000 * T)


def test_a_gap_is_estimated_and_named(year):
    book = year(works=FLAT | {2023: [100, 100, None, 100, 100, 100]})
    row = series(book)
    assert (row["so_far"], row["expected"]) == (500_000, 700_000)
    assert row["remark"] == "missing 2023-03"
    assert any("works, electricity: 2023-03" in note for note in book.nowcast()[0].notes)


def test_a_bill_that_ends_within_a_month_leaves_the_rest_of_it_to_be_estimated(year):
    book = year(
        works=FLAT | {2023: [100] * 5},
        bills=["works,electricity,2023-06-01,2023-06-15,50,MWh"],
    )
    row = series(book)
    assert row["so_far"] + row["expected"] == 1_200_000
    assert row["remark"] == "in part 2023-06"


NEW = '[[site]]\nname = "new"\nregion = "CN-ZJ"\njoined = "2023-01"\njoined_because = "built"\n'


def test_a_site_without_history_goes_on_by_its_mean_day_and_is_named(year):
    book = year(WORKS, NEW, works=FLAT | {2023: [100] * 3}, new={2023: [310, 280, 310]})
    row = series(book, "new")
    # 900 MWh in 90 days, and 275 days to come
    assert (row["method"], row["expected"]) == ("mean day", 2_750_000)
    assert "no history" in row["remark"]


def test_a_closed_site_ends(year):
    gone = WORKS + 'left = "2023-09"\nleft_because = "closed"\n'
    book = year(gone, works=FLAT | {2023: [100] * 6})
    assert series(book)["expected"] == 200_000  # July and August
    assert "ends with 2023-08" in series(book)["remark"]


def test_a_year_may_begin_in_april(year):
    head = HEAD + "reporting_year_starts = 4\n"
    months = [100] * 27  # from April 2021 to March 2023, then to June
    bills = []
    for number, energy in enumerate(months):
        at = date(2021 + (3 + number) // 12, (3 + number) % 12 + 1, 1)
        bills.append(f"works,electricity,{spell(at)},{energy},MWh")
    book = year(head=head, bills=bills)
    table = book.nowcast()[0]
    assert table.title == "Nowcast of 2023, known until 2023-06"
    assert "To come: 2023-07 to 2024-03." in table.notes
    assert line(book)["year_end_t"] == 1200 * T


def test_a_year_without_any_figure_is_refused(year):
    with pytest.raises(CarbonError, match="nothing is recorded for 2023, the running year"):
        year(works=FLAT).nowcast()


def test_a_whole_year_has_nothing_to_expect(year):
    with pytest.raises(CarbonError, match="lacks no month"):
        year(works=FLAT).nowcast("2022")


def test_a_last_month_outside_the_year_is_refused(year):
    with pytest.raises(UsageError, match="no month of 2022"):
        year(works=FLAT).nowcast("2022", until="2021-06")


def test_nothing_of_it_is_recorded_or_counted(year):
    book = year(works=FLAT | {2023: [100] * 6})
    before = [book.inventory().rows, len(book.entries().rows)]
    book.nowcast()
    assert [book.inventory().rows, len(book.entries().rows)] == before


def test_what_is_known_is_what_the_inventory_has(year):
    book = year(works=FLAT | {2023: SHAPE[:6]})
    counted = next(row for row in book.inventory().rows if row["year"] == 2023)
    assert line(book)["so_far_t"] == counted["scope2_location_t"]


def test_one_year_that_can_be_tested_gives_no_interval_and_says_so(year):
    book = year(works={2021: SHAPE, 2022: SHAPE, 2023: SHAPE[:6]})
    row = line(book)
    assert row["low_t"] is None and row["high_t"] is None
    assert any(note.startswith("No interval: 1 year can be") for note in book.nowcast()[0].notes)


def test_the_test_tells_every_cut_of_every_year_with_one_before(year):
    book = year(works=FLAT | {2023: [100] * 6})
    tested = book.nowcast(backtest=True)[4].rows
    assert {(row["year"], row["known_months"]) for row in tested} == {
        (of, known) for of in (2021, 2022) for known in range(1, 12)
    }
    assert {row["error_share"] for row in tested if row["line"] == "Scope 2 location"} == {0}


def test_the_error_of_a_past_nowcast_is_that_of_its_rest(year):
    years = {2020: [100] * 12, 2021: [100] * 6 + [110] * 6, 2022: [100] * 6 + [90] * 6}
    tested = year(works=years | {2023: [100] * 6}).nowcast(backtest=True)[4].rows
    row = next(
        row
        for row in tested
        if (row["year"], row["known_months"], row["line"]) == (2021, 6, "Scope 2 location")
    )
    # told 1200, came out at 1260
    assert (row["nowcast_t"], row["actual_t"]) == (1200 * T, 1260 * T)


def test_a_certificate_of_the_year_lowers_the_market_based_year_end_alone(year):
    book = year(works=FLAT | {2023: [100] * 6})
    book.log(
        "instrument",
        {
            "instrument_id": "gec-1",
            "kind": "GEC",
            "market": "CN",
            "energy": "900",
            "unit": "MWh",
            "vintage": "2023",
            "claim_year": "2023",
            "retired": "2023-06-30",
        },
    )
    market, location = line(book, "Scope 2 market"), line(book)
    assert location["year_end_t"] == 1200 * T
    # the unused 300 MWh find load in the months to come
    assert market["so_far_t"] == 0
    assert market["year_end_t"] == 300 * T


def test_leaks_reckoned_from_appliances_repeat_those_of_the_year_before(year):
    book = year(works=FLAT | {2023: [100] * 6})
    held = {"equipment_id": "c1", "site": "works", "kind": "chiller", "refrigerant": "R-134a"}
    book.log("equipment", held | {"charge": "100", "unit": "kg", "installed_on": "2015-01-01"})
    for number, (day, mass) in enumerate(
        (("2022-03-01", 1), ("2022-10-01", 2), ("2023-03-01", 4)), 1
    ):
        told = {"service_id": f"s{number}", "equipment_id": "c1", "event": "top-up"}
        book.log("service", told | {"serviced_on": day, "mass": str(mass), "unit": "kg"})
    row = line(book, "Scope 1")
    # 4 kg so far and the 2 kg of October before, at 1530 (AR6)
    assert (row["so_far_t"], row["expected_t"]) == (Decimal("6.12"), Decimal("3.06"))


def test_drivers_add_up_to_the_line(year):
    book = year(WORKS, NEW, works=FLAT | {2023: [90] * 3}, new={2023: [310, 280, 310]})
    told, drivers = book.nowcast()[:2]
    total = next(row for row in told.rows if row["line"] == "Scope 1+2 location")
    assert sum(row["year_end_t"] for row in drivers.rows) == total["year_end_t"]


def test_a_bill_told_in_another_unit_now_is_not_expected_twice(year):
    gas = [f"works,natural_gas,{spell(date(2022, m, 1))},1000,m3" for m in range(1, 13)]
    gas += [f"works,natural_gas,{spell(date(2023, m, 1))},38000,MJ" for m in range(1, 7)]
    told = year(works=FLAT | {2023: [100] * 6}, bills=gas).nowcast()[2].rows
    assert [row["unit"] for row in told if row["activity"] == "natural_gas"] == ["MJ"]


def test_a_fuel_bought_now_and_then_is_no_gap(year):
    days = ("2021-02-05", "2021-09-05", "2022-02-05", "2022-09-05")
    bills = [f"works,diesel,{day},{day},500,kg" for day in days]
    bills += ["works,diesel,2023-02-05,2023-02-05,600,kg"]
    told = year(works=FLAT | {2023: [100] * 6}, bills=bills).nowcast()[2].rows
    [row] = [row for row in told if row["activity"] == "diesel"]
    assert (row["so_far"], row["expected"], row["remark"]) == (600, 600, "")


def test_a_closed_year_is_tested_on_as_well(year):
    book = year(
        WORKS,
        '[[statement]]\nyear = 2022\nstatus = "approved"\non = 2023-02-01\n',
        works=FLAT | {2023: [100] * 6},
    )
    book.close("2022")
    assert line(book)["year_end_t"] == 1200 * T


PEAK = '[[target]]\nname = "peak"\nkind = "peak"\nyear = 2022\n'
BUDGET = (
    '[[target]]\nname = "budget"\nkind = "budget"\nsince = 2022\nyear = 2024\nbudget_t = 2100\n'
)


def test_it_says_whether_the_year_passes_the_highest_one(year):
    notes = year(WORKS, PEAK, works=FLAT | {2023: [110] * 6}).nowcast()[0].notes
    # 1320 x 0.5703 = 752.796 against 1200 x 0.5703 = 684.36
    assert any("752.8 t" in note and "68.4 t above the highest" in note for note in notes)


def test_it_says_what_it_leaves_of_a_budget(year):
    notes = year(WORKS, BUDGET, works=FLAT | {2023: [100] * 6}).nowcast()[0].notes
    # 2 x 700 - 684.36 = 715.64 until 2023; 2100 - 2 x 684.36 = 731.28
    assert any("31.3 t below the 715.6 t" in note and "leaves 731.3 t" in note for note in notes)


def test_a_year_of_a_budget_without_a_figure_is_missing_and_not_0(year):
    budget = BUDGET.replace("2022", "2021")
    notes = year(WORKS, budget, works={2022: [100] * 12, 2023: [100] * 6}).nowcast()[0].notes
    assert any("leaves is not known, for nothing is recorded of 2021" in note for note in notes)


def test_a_target_of_sites_without_a_figure_is_not_heading_for_0(year):
    of_new = PEAK.replace("peak", "new peaks", 1) + 'sites = ["new"]\n'
    left = NEW.replace("2023-01", "2022-01") + 'left = "2023-01"\nleft_because = "divested"\n'
    book = year(WORKS, left, PEAK, of_new, works=FLAT | {2023: [100] * 6}, new={2022: [70] * 12})
    notes = book.nowcast()[0].notes
    assert any(note.startswith("Peak: 2023 is heading") for note in notes)
    assert not any(note.startswith("New peaks") for note in notes)


YEARLY = (
    '[[quota]]\nname = "works a year"\nsite = "works"\nactivity = "electricity"\n'
    'quantity = 1250\nunit = "MWh"\nper = "year"\n'
)
MONTHLY = (
    YEARLY.replace("works a year", "works a month")
    .replace("1250", "150")
    .replace('per = "year"', 'per = "month"')
)


def test_it_says_how_the_year_stands_to_a_quota(year):
    notes = year(WORKS, YEARLY, works=FLAT | {2023: [110] * 6}).nowcast()[0].notes
    assert any("1,320,000 kWh of electricity, 70,000 kWh above" in note for note in notes)


def test_it_names_the_months_to_come_beyond_a_quota_of_the_month(year):
    years = {2021: SHAPE, 2022: SHAPE, 2023: SHAPE[:6]}
    notes = year(WORKS, MONTHLY, works=years).nowcast()[0].notes
    # July 150 MWh is at it, August 160 beyond
    assert any(note.startswith("Works a month: 2023-08 expected beyond") for note in notes)


def test_four_in_five_years_end_inside_an_interval_made_of_a_few():
    draw = random.Random(20231106)
    inside = 0
    for _ in range(2000):
        off = {Cut(of, of * 100 + 6, 6): draw.gauss(0, 0.05) for of in (2020, 2021, 2022)}
        inside += abs(draw.gauss(0, 0.05)) <= spread(off, 6)
    assert 0.77 < inside / 2000 < 0.83


def test_the_test_of_all_months_changes_nothing_of_the_nowcast(year):
    years = {2020: SHAPE, 2021: SHAPE[::-1], 2022: SHAPE, 2023: SHAPE[:6]}
    book = year(works=years)
    assert book.nowcast(backtest=True)[0].rows == book.nowcast()[0].rows


def test_cuts_of_one_year_count_as_one_year():
    off = {Cut(2021, 202100 + known, known): 0.05 for known in (5, 6, 7)}
    assert spread(off, 6) is None


def test_two_years_of_five_percent_give_student_s_t_of_two():
    off = {Cut(of, of * 100 + 6, 6): each for of, each in ((2021, 0.05), (2022, -0.05))}
    assert spread(off, 6) == pytest.approx(1.886 * 0.05)


def test_the_terminal_tells_it(year, capsys):
    book = year(works=FLAT | {2023: [100] * 6})
    assert carbon(["-C", str(book.folder), "nowcast", "2023", "--backtest"]) == 0
    out = capsys.readouterr().out
    assert "Nowcast of 2023, known until 2023-06" in out
    assert "2 years back-tested" in out or "from 2 years" in out
