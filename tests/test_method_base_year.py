"""Published examples of a recalculated base year, from row to series."""

from __future__ import annotations

from decimal import Decimal

import pytest
from books import begun, kept
from published import published

from carbon.book import Book
from carbon.errors import CarbonError, UsageError
from carbon.library import EDITION_COLUMNS

HEAD = '[organisation]\nname = "Acme"\n[policy]\nbase_year = 2021\n'
FACTOR = "one,electricity,CN,own,2020,2030,location,CO2e,1,tCO2e/MWh,example,as set,high,"
YEARS = (2021, 2022, 2023)


def site(name: str, more: str = "") -> str:
    return f'[[site]]\nname = "{name}"\nregion = "CN-ZJ"\n{more}\n'


@pytest.fixture
def company(tmp_path):
    """`company(settings, a=(25, 30, 30))`: sites that emit so many tonnes in each year."""

    def made(*parts: str, **masses) -> Book:
        text = HEAD + "".join(parts)
        rows = [
            f"{name},electricity,{year},{mass},MWh"
            for name, series in masses.items()
            for year, mass in zip(YEARS, series, strict=True)
            if mass is not None
        ]
        path = tmp_path / "rows.csv"
        path.write_text("\n".join(["site,activity,year,quantity,unit", *rows]), encoding="utf-8")

        def new() -> None:
            book = begun(tmp_path / "book", "Acme", "CN-ZJ")
            (book.folder / "carbon.toml").write_text(text, encoding="utf-8")
            own = f"{','.join(EDITION_COLUMNS.split())}\n{FACTOR}\n"
            (book.folder / "factors" / "one.csv").write_text(own, encoding="utf-8")
            [report] = book.import_files([path])
            assert [each for each in report.problems if each.severity == "error"] == []

        return kept(("company", text, *rows), tmp_path / "book", new)

    return made


def series(book: Book, key: str = "recalculated_t", method: str = "location-based") -> list:
    rows = [row for row in book.base_year()[0].rows if row["method"] == method]
    assert [row["year"] for row in rows] == list(YEARS)
    return [row[key] for row in rows]


ACQUIRED = 'joined = "2023-01"\njoined_because = "acquired"'
DIVESTED = 'left = "2023-01"\nleft_because = "divested"'


@published(
    "WRI/WBCSD, GHG Protocol Corporate Standard, revised edition (2004), chapter 5, figure 6"
)
def test_an_acquired_unit_is_added_back_for_the_years_before(company):
    book = company(
        *(site("a"), site("b"), site("c", ACQUIRED)),
        a=(25, 30, 30),
        b=(25, 30, 30),
        c=(15, 20, 20),
    )
    assert series(book, "reported_t") == [50, 60, 80]
    assert series(book) == [65, 80, 80]


@published(
    "WRI/WBCSD, GHG Protocol Corporate Standard, revised edition (2004), chapter 5, figure 7"
)
def test_a_divested_unit_is_taken_out_of_the_years_before(company):
    book = company(
        *(site("a"), site("b"), site("c", DIVESTED)),
        a=(25, 30, 30),
        b=(25, 30, 30),
        c=(25, 30, None),
    )
    assert series(book, "reported_t") == [75, 90, 60]
    assert series(book) == [50, 60, 60]


@published(
    "WRI/WBCSD, GHG Protocol Corporate Standard, revised edition (2004), chapter 5, figure 8"
)
def test_a_unit_that_did_not_exist_in_the_base_year_leaves_it_alone(company):
    book = company(
        *(site("a"), site("b"), site("c", f'{ACQUIRED}\nexists_since = "2022-01"')),
        a=(25, 30, 30),
        b=(25, 30, 30),
        c=(None, 15, 20),
    )
    assert series(book) == [50, 75, 80]


# What the chapter says besides its figures.


def test_a_unit_acquired_in_the_middle_of_a_year_counts_for_all_of_it(company):
    joined = 'joined = "2022-07"\njoined_because = "acquired"'
    book = company(site("a"), site("c", joined), a=(50, 50, 50), c=(12, 365, 20))
    assert series(book, "reported_t") == [50, 50 + 184, 70]  # July to December have 184 days
    assert series(book) == [62, 415, 70]


@pytest.mark.parametrize(
    "stay", ['joined = "2022-01"', 'left = "2023-01"\nleft_because = "closed"']
)
def test_what_is_built_or_closed_recalculates_nothing(company, stay):
    book = company(site("a"), site("c", stay), a=(50, 50, 50), c=(15, 15, 15))
    assert series(book) == series(book, "reported_t")
    assert "no change of structure since" in book.base_year()[0].notes[0]


@pytest.mark.parametrize(("more", "base"), [("", 50), ("is_reported_elsewhere = true", 65)])
def test_what_is_outsourced_recalculates_unless_it_is_reported_all_along(company, more, base):
    left = f'left = "2023-01"\nleft_because = "outsourced"\n{more}'
    book = company(site("a"), site("c", left), a=(50, 50, 50), c=(15, 15, None))
    assert series(book)[0] == base


@pytest.mark.parametrize(
    ("mass", "verdict"),
    [("2.5", "It stands"), ("2.6", "The recalculated base year and series are to be reported")],
)
def test_the_base_year_is_recalculated_above_five_percent(company, mass, verdict):
    book = company(site("a"), site("c", ACQUIRED), a=(50, 50, 50), c=(mass, 1, 1))
    assert verdict in book.base_year()[0].notes[0]


def test_another_threshold_may_be_set(company):
    policy = "base_year_threshold = 0.1\n"
    book = company(policy, site("a"), site("c", ACQUIRED), a=(50, 50, 50), c=("2.6", 1, 1))
    assert "5.2 %, threshold 10 %. It stands" in book.base_year()[0].notes[0]


def test_small_changes_count_together_and_not_against_each_other(company):
    book = company(
        *(site("a"), site("c", ACQUIRED), site("d", DIVESTED)),
        a=(48, 50, 50),
        c=(2, 2, 2),
        d=(2, 2, None),
    )
    table = book.base_year()[0]
    assert table.rows[0]["change_t"] == 0
    assert "changes of structure move 8.0 %" in table.notes[0]  # (2 + 2) / 50


def test_what_is_not_recorded_before_the_joining_is_told_and_not_invented(company):
    book = company(site("a"), site("c", ACQUIRED), a=(50, 50, 50), c=(None, None, 20))
    [table, moved] = book.base_year()
    assert series(book) == [50, 50, 70]
    assert table.rows[0]["note"] == "base year; without c: nothing is recorded"
    assert "it cannot be judged" in table.notes[0]
    assert moved.rows[0]["note"] == "nothing is recorded for 2021"
    assert moved.rows[0]["location_change_t"] is None


def test_months_that_are_missing_before_the_joining_are_told(company):
    joined = 'joined = "2022-07"\njoined_because = "acquired"'
    book = company(site("a"), site("c", joined), a=(50, 50, 50), c=(None, None, 20))
    said = {"site": "c", "activity": "electricity", "unit": "MWh", "quantity": "5"}
    book.log("activity", said | {"start": "2022-07-01", "end": "2022-12-31"})
    assert book.base_year()[0].rows[1]["note"] == "c lacks 6 months"


def test_a_stake_that_grew_counts_as_it_is_now_in_every_year(company):
    text = '[[entity]]\nname = "venture"\nowned = 0.5\ncontrol = "joint"\n'
    text += '[[entity.stake]]\nsince = "2023-01"\nowned = 1\ncontrol = "both"\n'
    book = company(text, site("a"), site("c", 'entity = "venture"'), a=(50, 50, 50), c=(10, 10, 10))
    edit(book, 'name = "Acme"', 'name = "Acme"\nconsolidation = "equity share"')
    assert series(book, "reported_t") == [55, 55, 60]
    assert series(book) == [60, 60, 60]
    assert book.base_year()[1].rows[0]["reason"] == "stake 50 %, joint, to 100 %, both"


def test_each_method_may_have_a_base_year_of_its_own(company):
    book = company(site("a"), site("c", ACQUIRED), a=(50, 50, 50), c=(15, 20, 20))
    edit(book, "base_year = 2021", "base_year = { location = 2021, market = 2022 }")
    rows = book.base_year()[0].rows
    assert [(row["method"], row["year"]) for row in rows if "base year" in row["note"]] == [
        ("location-based", 2021),
        ("market-based", 2022),
    ]


def test_a_change_since_the_base_year_is_a_note_of_the_check(company):
    book = company(site("a"), site("c", ACQUIRED), a=(50, 50, 50), c=(1, 1, 1))
    [told] = [each for each in book.check() if each.code == "structure-changed"]
    assert told.message.endswith("since the base year: c acquired")


def test_no_base_year_is_assumed(company):
    book = company(site("a"), a=(50, 50, 50))
    edit(book, "base_year = 2021\n", "")
    with pytest.raises(UsageError, match="no base year is set"):
        book.base_year()
    assert book.base_year("2022")[0].rows[0]["year"] == 2022


@pytest.mark.parametrize("year", ["1850", "2020", "2099"])
def test_a_year_without_figures_is_no_base_year(company, year):
    with pytest.raises(CarbonError, match=f"nothing of Scope 1 and 2 is recorded for {year}"):
        company(site("a"), a=(50, 50, 50)).base_year(year)


def test_a_site_that_came_and_went_moves_the_base_year_once(company):
    stay = 'joined = "2022-01"\njoined_because = "acquired"\n' + DIVESTED
    book = company(site("a"), site("c", stay), a=(50, 50, 50), c=(10, 10, None))
    [table, moved] = book.base_year()
    assert series(book) == [50, 50, 50]
    assert "changes of structure move 0.0 %" in table.notes[0]
    assert moved.rows[0]["note"] == "one change together with: divested"


# Closed years.


def edit(book: Book, old: str, new: str) -> None:
    path = book.folder / "carbon.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_closed_base_year_stands_and_its_other_sites_with_it(company):
    book = company(site("a"), site("c", ACQUIRED), a=(50, 50, 50), c=(15, 20, 20))
    book.close("2021")
    own = book.folder / "factors" / "one.csv"
    own.write_text(
        own.read_text(encoding="utf-8").replace("CO2e,1,", "CO2e,0.4,"), encoding="utf-8"
    )
    assert series(book, "reported_t")[0] == 50
    assert series(book)[0] == 50 + 6  # 15 x 0.4: the acquired unit by the factor of today
    assert book.inventory("2021").rows[0]["location_t"] == 50


def test_a_site_once_omitted_asks_for_each_closed_year_to_be_restated(company):
    book = company(site("a"), a=(50, 50, 50), c=(None, None, None))
    book.close("2021", incomplete=True)
    path = book.folder / "carbon.toml"
    omitted = site("c", 'joined = "2021-01"\njoined_because = "omitted"')
    path.write_text(path.read_text(encoding="utf-8") + omitted, encoding="utf-8")
    said = {"site": "c", "activity": "electricity", "year": "2021", "unit": "MWh"}
    book.log("activity", said | {"quantity": "5"})
    assert series(book)[0] == Decimal(55)
    [told] = [each for each in book.check() if each.code == "omitted-site"]
    assert told.remedy.startswith("carbon restate 2021 --reason")
