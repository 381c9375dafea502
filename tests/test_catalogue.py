"""The factor library as its users meet it: found, shown, compared, linted, exported."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path

import pytest

from carbon import catalogue
from carbon.book.factors import Catalogue
from carbon.errors import CarbonError, UsageError
from carbon.library import EDITION_COLUMNS, load

WORKS = '[[site]]\nname = "works"\nregion = "CN-ZJ"\n'
OWN = "works-2023,electricity,works,own,2023,2023,location,CO2,0.4,tCO2/MWh,contract,page 1,high,"


@pytest.fixture(scope="module")
def known():
    return load()


def edition(path: Path, *rows: str) -> Path:
    path.write_text("\n".join([",".join(EDITION_COLUMNS.split()), *rows]) + "\n", "utf-8")
    return path


def found(table) -> list[str]:
    return [row["set_id"] for row in table.rows]


# How much there is


def test_the_library_prints_more_than_twelve_thousand_values_of_twenty_five_publishers(known):
    assert sum(len(each.printed) for each in known.sets.values()) >= 12_000
    assert len({known.sources[each.source_id].publisher for each in known.sets.values()}) >= 25


# Finding


@pytest.mark.parametrize("text", ["electricity zhejiang", "电力 浙江", "electrcity zhejiang"])
def test_a_grid_is_found_in_english_in_chinese_and_past_a_slip(known, text):
    assert "cn-zj-stat-2023" in found(catalogue.search(known, text, year=2023))


def test_the_plainest_topic_comes_first(known):
    names = found(catalogue.search(known, "diesel desnz", region="GB", year=2024))
    assert names[0] == "desnz-2024-fuel-diesel"


def test_a_search_for_a_unit_gives_only_sets_that_serve_it(known):
    litres = found(catalogue.search(known, "diesel", region="GB", year=2024, unit="L"))
    gross = found(catalogue.search(known, "diesel", region="GB", year=2024, unit="kWh (gross)"))
    assert "desnz-2024-fuel-diesel" in litres
    assert "desnz-2024-fuel-diesel" not in gross  # forecourt biogenic CO2 is printed net only
    assert "desnz-2024-fuel-diesel-mineral" in gross


def test_a_search_keeps_to_its_region_and_those_above(known):
    table = catalogue.search(known, "electricity", region="US-EGRID-CAMX", year=2023)
    assert {row["region"] for row in table.rows} == {"US-EGRID-CAMX", "US", "WORLD"}


def test_a_search_in_an_unknown_region_is_refused(known):
    with pytest.raises(UsageError, match="'CHN' is no region"):
        catalogue.search(known, "electricity", region="CHN")


def test_a_search_in_a_country_of_which_there_is_nothing_says_what_to_do(known):
    with pytest.raises(UsageError, match="NG is the code of a place") as caught:
        catalogue.search(known, "electricity", region="NG")
    assert caught.value.code == "no-factor-there"
    assert "--region WORLD" in caught.value.remedy


def test_an_own_set_is_found_in_a_country_of_which_the_library_has_nothing(tmp_path):
    own = edition(tmp_path / "ours.csv", OWN.replace("works", "NG"))
    known = load(own={"ours.csv": own.read_text("utf-8")})
    assert found(catalogue.search(known, "electricity", region="NG")) == ["NG-2023"]


def test_a_code_of_the_european_union_is_led_to_that_of_iso(known):
    with pytest.raises(UsageError) as caught:
        catalogue.search(known, "electricity", region="UK")
    assert caught.value.nearest == "GB"


@pytest.mark.parametrize(
    ("said", "name"),
    [("台灣", "tw-2025"), ("臺灣 電力", "tw-2025"), ("韓國 電力", "kr-2022")],
)
def test_traditional_signs_find_what_simplified_ones_do(known, said, name):
    assert name in found(catalogue.search(known, said))


def test_what_a_licence_withholds_is_found_and_says_so(known):
    table = catalogue.search(known, "residual mix germany")
    assert {row["printed"] for row in table.rows} == {"withheld by its licence"}
    assert "aib-residual-mix-2023" in found(table)


# One set in full


def test_a_sheet_derives_what_one_unit_emits(known):
    """42.652 GJ/t x 20.2 tC/TJ x 0.98 x 44/12 = 3.0959 t/t."""
    sheet = catalogue.sheet(known, "gbt2589-aligned-diesel")
    assert "1 kg: 3,095.91 g CO2e" in [what for what, _ in sheet.derived]


def test_a_sheet_sets_the_years_of_its_series_side_by_side(known):
    sheet = catalogue.sheet(known, "cn-stat-2022")
    assert [(each.first_year, grams) for each, grams in sheet.neighbours] == [
        (2021, Decimal("556.8")),
        (2022, Decimal("536.6")),
        (2023, Decimal("530.6")),
    ]


def test_a_gas_shows_its_potential_in_every_set(known):
    """IPCC AR4 to AR6 on HFC-32: 675, 677, with carbon cycle feedback 817, and 771."""
    table = catalogue.gas_table(known, "HFC-32")
    assert {row["gwp_set"]: row["value"] for row in table.rows} == {
        "AR4": "675",
        "AR5": "677",
        "AR5-feedback": "817",
        "AR6": "771",
    }


def test_a_sheet_tells_the_doubts_of_its_edition(known):
    sheet = catalogue.sheet(known, "ph-min-om-2015-2017")
    assert "no grid average was found" in sheet.heading.doubts


def test_a_refrigerant_is_shown_by_its_own_name():
    assert Catalogue().factors_show("R-410A").factors.set_id == "refrigerant/R-410A"


def test_a_sheet_names_the_activities_that_take_the_set(known):
    assert "electricity" in catalogue.sheet(known, "cn-stat-2022").activities
    assert catalogue.sheet(known, "desnz-2024-freight-rail").activities == []


def test_a_mistyped_set_is_refused_with_the_nearest(known):
    with pytest.raises(UsageError) as caught:
        catalogue.sheet(known, "cn-sta-2022")
    assert caught.value.nearest == "cn-stat-2022"


def test_a_refrigerant_in_small_letters_is_led_to_its_own_name():
    with pytest.raises(UsageError) as caught:
        Catalogue().factors_show("r-410a")
    assert caught.value.nearest == "R-410A"


def test_one_value_of_one_publisher_is_counted_in_the_singular(known):
    one = next(each for each in known.sets.values() if len(each.printed) == 1)
    assert catalogue.sources(known, [one.set_id]).notes == ["1 printed value from 1 publisher."]


FILLED = {"VALUE": "400.5", "TABLE": "table 2", "REGION": "DE", "FUEL": "diesel", "YEAR": "2023"}


def filled(file: str, **others: str) -> str:
    """The file of a withheld set with something in the place of every blank."""
    for blank, value in (FILLED | others).items():
        file = file.replace(blank, value)
    return file


def test_the_file_of_every_withheld_set_is_sound_once_its_blanks_are_filled(known, tmp_path):
    for each in known.withheld.values():
        path = tmp_path / "bought.csv"
        path.write_text(filled(each.file()), "utf-8")
        assert [str(fault) for fault in Catalogue().factors_lint(path)] == []


def test_the_file_of_a_withheld_set_is_of_its_year_and_of_no_country_yet(known):
    row = known.withheld["aib-residual-mix-2025"].file().splitlines()[1]
    assert row.startswith("aib-residual-mix-2025-REGION,electricity,REGION,residual-mix,2025,2025,")


def test_every_blank_of_a_withheld_set_is_explained_and_stands_in_its_file(known):
    for name, each in known.withheld.items():
        then = dict(catalogue.withheld_sheet(known, name).facts)["then"]
        assert [word for word in each.blanks if word not in then or word not in each.file()] == []
    iea = known.withheld["iea-country-factors"]
    assert [*iea.blanks] == ["VALUE", "TABLE", "REGION", "YEAR"]


def test_a_withheld_set_is_named_for_its_country_before_what_serves_there(known):
    then = dict(catalogue.withheld_sheet(known, "iea-country-factors").facts)["then"]
    assert "[policy.electricity] COUNTRY = ['iea', 'grid-average']" in then
    assert "default =" not in then  # which would take the factors of every other country away


# What an edition changes


def test_two_editions_are_compared_value_by_value(known):
    [table] = Catalogue().factors_diff("desnz/2024/electricity", "desnz/2025/electricity")
    moved = {(row["topic"], row["quantity"]): row for row in table.rows}
    row = moved["electricity", "CO2"]  # printed as 0.20493 and 0.17489 kg per kWh
    assert (row["before"], row["after"]) == (Decimal("0.20493"), Decimal("0.17489"))


def grid(set_id: str, years: str, value: str, accounting: str = "all") -> str:
    first, _, last = years.partition("-")
    years = f"{first},{last or first}"
    return f"{set_id},electricity,CN,,{years},{accounting},CO2,{value},kgCO2/kWh,paper,page 1,high,"


@pytest.fixture
def compared(tmp_path):
    """`compared(before, after)`: the rows of two files, each given by its rows, and the note."""

    def rows(before: list[str], after: list[str]) -> tuple[list[tuple], str]:
        files = [edition(tmp_path / "old.csv", *before), edition(tmp_path / "new.csv", *after)]
        [table] = Catalogue().factors_diff(*map(str, files))
        keys = ("years", "accounting", "before", "after")
        return [tuple(row[key] for key in keys) for row in table.rows], table.notes[0]

    return rows


def test_editions_of_the_same_years_are_compared_year_by_year(compared):
    stays = grid("b", "2023", "0.4")
    rows, note = compared([grid("a", "2022", "0.5"), stays], [grid("a", "2022", "0.9"), stays])
    assert rows == [("2022", "all", Decimal("0.5"), Decimal("0.9"))]
    assert note == "1 value moved, 0 came, 0 went, 1 stayed."


def test_a_value_for_one_method_is_not_compared_with_one_for_the_other(compared):
    stays = grid("b", "2023", "0.4", "location")
    before, after = (grid("a", "2023", value, "market") for value in ("0.5", "0.8"))
    rows, _ = compared([before, stays], [after, stays])
    assert rows == [("2023", "market", Decimal("0.5"), Decimal("0.8"))]


def test_of_editions_of_different_years_the_last_is_compared_with_the_last(compared):
    rows, note = compared(
        [grid("a", "2021", "0.7"), grid("b", "2022", "0.6")], [grid("c", "2024", "0.5")]
    )
    assert rows == [
        ("2022 -> 2024", "all", Decimal("0.6"), Decimal("0.5")),
        ("2021", "all", Decimal("0.7"), None),
    ]
    assert note == "1 value moved, 0 came, 1 went, 0 stayed."


def test_years_of_one_value_are_one_row(compared):
    rows, _ = compared([grid("a", "2020-2023", "0.7")], [grid("c", "2022-2025", "0.5")])
    assert rows == [
        ("2020-2021", "all", Decimal("0.7"), None),
        ("2022-2023", "all", Decimal("0.7"), Decimal("0.5")),
        ("2024-2025", "all", None, Decimal("0.5")),
    ]


def test_an_edition_is_compared_with_itself_and_nothing_moves():
    [table] = Catalogue().factors_diff("desnz/2024", "desnz/2024")
    assert table.rows == []


def test_an_edition_nobody_has_is_refused_with_the_nearest():
    with pytest.raises(UsageError) as caught:
        Catalogue().factors_diff("mee/national-statistic", "mee/national-statistics")
    assert caught.value.nearest == "mee/national-statistic"


def test_a_file_shows_what_it_would_do_to_the_book_before_it_is_adopted(make, tmp_path):
    book = make(WORKS, bills={("works", 2023): 100})
    table = book.factors_try(edition(tmp_path / "works.csv", OWN))
    location = next(row for row in table.rows if row["line"] == "Scope 2, location-based")
    # 1,200 MWh at 0.5306 and at 0.4 t/MWh
    assert (location["before_t"], location["after_t"]) == (Decimal("636.72"), Decimal(480))
    assert book.inventory("2023").rows[0]["scope2_location_t"] == Decimal("636.72")


def test_a_closed_year_is_said_to_keep_its_figures(make, tmp_path):
    book = make(WORKS, bills={("works", 2023): 100})
    book.close("2023")
    runs = book.sql("select * from run").rows
    table = book.factors_try(edition(tmp_path / "works.csv", OWN))
    assert any("2023 is closed and keeps its figures" in note for note in table.notes)
    assert book.sql("select * from run").rows == runs  # a trial is no run


def test_an_edition_that_serves_nothing_moves_nothing(make, tmp_path):
    book = make(WORKS, bills={("works", 2023): 100})
    row = OWN.replace("electricity,works,", "electricity,DE,")
    table = book.factors_try(edition(tmp_path / "works.csv", row))
    assert (table.rows, table.notes) == ([], ["No inventory year of this book moves."])


def test_in_a_book_a_comparison_ends_with_the_inventory(make):
    book = make(WORKS, bills={("works", 2023): 100})
    _, effect = book.factors_diff("mee/national-prescribed", "mee/national-statistic")
    row = effect.rows[0]
    assert (row["before_t"], row["after_t"]) == (None, Decimal("636.72"))


def test_without_a_revision_the_file_it_follows_stands_in_its_place(make, tmp_path):
    book = make(WORKS, bills={("works", 2023): 100})
    old = edition(book.folder / "factors" / "mine.csv", OWN)
    new = edition(tmp_path / "new.csv", OWN.replace(",0.4,", ",0.3,"))
    _, effect = book.factors_diff(str(old), str(new))
    row = next(row for row in effect.rows if row["line"] == "Scope 2, location-based")
    # 1,200 MWh at 0.4 and at 0.3 t/MWh; without either it were 636.72 t
    assert (row["before_t"], row["after_t"]) == (Decimal(480), Decimal(360))


def test_a_file_is_tried_in_the_place_of_the_one_of_its_name(make, tmp_path):
    book = make(WORKS, bills={("works", 2023): 100})
    there = edition(book.folder / "factors" / "works.csv", OWN)
    new = edition(tmp_path / "works.csv", OWN.replace(",0.4,", ",0.3,"))
    for file, figures in ((new, (480, 360)), (there, (Decimal("636.72"), 480))):
        rows = book.factors_try(file).rows
        row = next(row for row in rows if row["line"] == "Scope 2, location-based")
        assert (row["before_t"], row["after_t"]) == figures


# Linting a file of one's own


def test_a_file_without_a_fault_has_none(tmp_path):
    assert Catalogue().factors_lint(edition(tmp_path / "works.csv", OWN)) == []


def test_every_fault_of_a_file_is_told_with_its_row(tmp_path):
    bad = OWN.replace("tCO2/MWh", "tCO2").replace("works-2023", "cn-stat-2023")
    faults = Catalogue().factors_lint(edition(tmp_path / "works.csv", OWN, bad))
    assert {(fault.code, fault.row) for fault in faults} == {
        ("repeated", 3),
        ("unknown-unit", 3),
        ("overlap", 3),
    }


def test_a_file_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "own.csv"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="cannot be read"):
        Catalogue().factors_lint(path)


# Sources and export


def test_every_source_with_values_states_a_licence(known):
    table = catalogue.sources(known)
    assert all(row["licence"] for row in table.rows)
    assert sum(row["values"] for row in table.rows) == sum(
        len(each.printed) for each in known.sets.values()
    )


def test_the_sources_of_a_book_are_those_behind_its_inventory(make):
    book = make(WORKS, bills={("works", 2023): 100})
    names = {row["source_id"] for row in book.factors_used().rows}
    assert names == {"mee-nbs-2023-statistic", "gbt-2589"}


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    folder = tmp_path_factory.mktemp("package")
    Catalogue().factors_export(folder)
    return folder


def test_the_package_is_valid_to_frictionless(package):
    from frictionless import Package

    report = Package(str(package / "datapackage.json")).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "note"])[:5]
    assert report.stats["tasks"] == 6


def test_a_package_with_a_broken_cell_is_not(package, tmp_path):
    from frictionless import Package

    for path in package.iterdir():
        text = path.read_text(encoding="utf-8")
        (tmp_path / path.name).write_text(text.replace(",2023,2023,", ",2023,later,", 1), "utf-8")
    assert not Package(str(tmp_path / "datapackage.json")).validate().valid


def test_the_package_holds_every_value_as_printed(package, known):
    with (package / "factors.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == sum(len(each.printed) for each in known.sets.values())
    one = next(row for row in rows if row["set_id"] == "cn-mee-2022-notice")
    assert (one["value"], one["unit"]) == ("0.5810", "tCO2/MWh")


def test_the_package_states_a_licence_for_every_source(package):
    described = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    assert all(source["licence"] for source in described["sources"])


def test_an_own_edition_leaves_the_book_only_when_asked(make, tmp_path):
    book = make(WORKS, bills={("works", 2023): 100})
    edition(book.folder / "factors" / "works.csv", OWN)
    for own, count in ((False, 0), (True, 1)):
        folder = tmp_path / str(own)
        book.factors_export(folder, own=own)
        text = (folder / "factors.csv").read_text(encoding="utf-8")
        assert text.count("works-2023") == count


def test_a_package_is_not_written_into_a_book(make):
    book = make(WORKS, bills={("works", 2023): 100})
    with pytest.raises(UsageError, match="holds a book"):
        book.factors_export(book.folder)


@pytest.mark.parametrize("name", ["factors.csv", "datapackage.json"])
def test_a_package_does_not_replace_what_someone_else_wrote(tmp_path, name):
    (tmp_path / name).write_text('{"name": "mine"}', "utf-8")
    with pytest.raises(UsageError, match="is not replaced"):
        Catalogue().factors_export(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_package_is_not_written_into_a_file(tmp_path):
    (tmp_path / "taken").write_text("", "utf-8")
    with pytest.raises(UsageError, match="is not replaced"):
        Catalogue().factors_export(tmp_path / "taken")


def test_a_package_replaces_the_one_written_before(tmp_path):
    first = Catalogue().factors_export(tmp_path)
    first[0].write_text("", "utf-8")
    assert Catalogue().factors_export(tmp_path) == first
    assert first[0].stat().st_size > 0


def test_every_printed_value_can_be_asked_for_in_sql(make):
    book = make(WORKS, bills={("works", 2023): 100})
    query = "select value, publisher from factor_printed where set_id = 'cn-mee-2022-notice'"
    [row] = book.sql(query).rows
    assert row["value"] == "0.5810"


@pytest.mark.parametrize("name", ["FACTOR_PRINTED", "Factor_Printed"])
def test_the_printed_values_are_found_however_they_are_spelt(make, name):
    book = make(WORKS, bills={("works", 2023): 100})
    [row] = book.sql(f"select count(*) as count from {name}").rows
    assert row["count"] > 10_000


def test_columns_of_one_name_are_all_kept(make):
    book = make(WORKS, bills={("works", 2023): 100})
    table = book.sql("select 1 as month, 2 as month, 3 as other, 4 as month")
    assert [column.key for column in table.columns] == ["month", "month_2", "other", "month_3"]
    assert list(table.rows[0].values()) == [1, 2, 3, 4]


# What a licence withholds


@pytest.fixture
def german(make):
    site = '[[site]]\nname = "werk"\nregion = "DE"\n'
    return make(site, bills={("werk", 2023): 100})


def test_the_report_says_which_residual_mix_is_withheld_and_what_serves_meanwhile(german):
    notes = [note for note in german.report().inventory.notes if "residual-mix" in note]
    [note] = notes
    assert "Association of Issuing Bodies (AIB) publishes a residual-mix for DE 2023" in note
    assert "de-eea-2023 serves meanwhile" in note
    assert "carbon factors show aib-residual-mix-2023" in note


def test_the_explanation_says_so_of_the_market_based_figure_alone(german):
    [market] = german.explain("scope2-market 2023 werk 2023-05").chains
    [location] = german.explain("scope2-location 2023 werk 2023-05").chains
    assert "aib-net.org" in market.withheld
    assert location.withheld == ""


def test_a_residual_mix_brought_in_by_the_book_serves_and_ends_the_note(german, known):
    sheet = catalogue.withheld_sheet(known, "aib-residual-mix-2023")
    text = filled(sheet.file, VALUE="700")
    (german.folder / "factors" / "aib.csv").write_text(text, encoding="utf-8")
    row = german.inventory("2023").rows[0]
    assert row["scope2_market_t"] == 1200 * Decimal("0.7")
    assert not [note for note in german.inventory("2023").notes if "withheld" in note]
    assert "withheld-factor" not in {problem.code for problem in german.check()}


def test_a_missing_grid_factor_names_who_publishes_one_under_licence(make):
    site = '[[site]]\nname = "plant"\nregion = "NG"\n'
    book = make(site, bills={("plant", 2023): 1})
    [fault] = [each for each in book.check() if each.code == "missing-factor"][:1]
    assert "iea" in fault.remedy
    with pytest.raises(CarbonError):
        book.close("2023")


# The verbs


def printed(capsys, *words: str) -> str:
    from carbon.cli import run

    assert run(list(words)) == 0
    return capsys.readouterr().out


def test_diff_in_a_book_ends_with_what_it_does_to_the_years(make, capsys):
    book = make(WORKS, bills={("works", 2023): 100})
    said = printed(
        capsys,
        *("-C", str(book.folder), "factors", "diff"),
        *("mee/national-prescribed", "mee/national-statistic"),
    )
    assert "electricity · CN · national-statistic" in said
    assert "What it does to the inventory" in said
    assert "636.7" in said


def test_diff_for_machines_is_one_document_of_two_tables(make, capsys):
    book = make(WORKS, bills={("works", 2023): 100})
    said = printed(
        capsys,
        *("-C", str(book.folder), "factors", "diff", "--format", "json"),
        *("mee/national-prescribed", "mee/national-statistic"),
    )
    assert [each["table"] for each in json.loads(said)["tables"]] == [
        "edition_change",
        "edition_effect",
    ]


def test_lint_in_a_book_tells_the_effect(make, capsys, tmp_path):
    book = make(WORKS, bills={("works", 2023): 100})
    path = edition(tmp_path / "works.csv", OWN)
    said = printed(capsys, "-C", str(book.folder), "factors", "lint", str(path))
    assert "no fault" in said
    assert "480.0" in said


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("cn-stat-2023", "530.6"),
        ("aib-residual-mix-2023", "withheld by its licence"),
        ("HFC-32", "771"),
    ],
)
def test_show_works_without_a_book(capsys, monkeypatch, tmp_path, name, shown):
    monkeypatch.chdir(tmp_path)
    assert shown in printed(capsys, "factors", "show", name)


def test_search_sources_and_export_work_without_a_book(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert "cn-stat-2023" in printed(
        capsys, "factors", "search", "national-statistic", "electricity"
    )
    assert "Open Government Licence" in printed(capsys, "factors", "sources")
    assert "datapackage.json" in printed(capsys, "factors", "export", "package")


# Sets of the book's own


def test_a_refrigerant_of_the_books_own_can_be_recorded(make):
    book = make(WORKS, bills={("works", 2023): 100})
    row = "ours,refrigerant/R-466A,WORLD,,1990,2060,all,CO2e,733,kg CO2e/kg,maker,sheet,high,"
    edition(book.folder / "factors" / "ours.csv", row)
    said = {"site": "works", "activity": "refrigerant", "detail": "R-466A", "month": "2023-05"}
    assert book.log("activity", said | {"quantity": "2", "unit": "kg"}).recorded == 1
    assert book.inventory("2023").rows[0]["scope1_t"] == Decimal("1.466")


def test_an_own_set_for_a_place_nobody_knows_is_a_finding(make):
    book = make(WORKS, bills={("works", 2023): 100})
    edition(book.folder / "factors" / "ours.csv", OWN.replace(",works,", ",wroks,"))
    [found] = [each for each in book.check() if each.code == "own-factor-nowhere"]
    assert found.nearest == "works"


def test_electricity_of_the_world_serves_no_place_and_nothing_looks_there(make):
    book = make('[[site]]\nname = "plant"\nregion = "NG"\n', bills={("plant", 2023): 1})
    edition(book.folder / "factors" / "ours.csv", OWN.replace(",works,own,", ",WORLD,own,"))
    found = {each.code: each for each in book.check()}
    assert "'WORLD', no grid" in found["own-factor-nowhere"].message
    assert found["missing-factor"].looked_for == "plant, then NG, valid in 2023"


def test_a_factor_beyond_belief_is_a_finding_and_the_rest_is_computed(make):
    book = make(WORKS, bills={("works", 2023): 100})
    head = "dense,fuel/diesel,CN,,2023,2023,all"
    values = ("CO2,2000000,kg/GJ", "heating_value,50000,MJ/kg")
    rows = [f"{head},{value},maker,sheet,high," for value in values]
    edition(book.folder / "factors" / "ours.csv", *rows)
    said = {"site": "works", "activity": "diesel", "month": "2023-05"}
    book.log("activity", said | {"quantity": "2", "unit": "kg"})
    assert "factor-too-large" in {each.code for each in book.check()}
    assert book.inventory("2023").rows[0]["scope2_location_t"] == Decimal("636.72")


# Net or gross


UK = '[[site]]\nname = "plant"\nregion = "GB"\n'
GAS = {"site": "plant", "activity": "natural_gas", "month": "2024-05", "quantity": "1000"}


@pytest.mark.parametrize("region", ["GB", "US"])
def test_energy_of_gas_that_says_neither_net_nor_gross_is_refused(make, region):
    book = make(UK.replace("GB", region), bills={})
    [fault] = book.log("activity", GAS | {"unit": "kWh"}).problems
    assert (fault.code, "kWh (gross)" in fault.looked_for) == ("net-or-gross", True)


def test_where_no_set_serves_a_fuel_none_is_said_to_be_printed_for_both(make):
    book = make(UK.replace("GB", "NG"), bills={})
    [fault] = book.log("activity", GAS | {"activity": "coke_oven_gas", "unit": "kWh"}).problems
    assert fault.code == "net-or-gross"
    assert "no factor of plant is known that would tell" in fault.message
    assert "are printed" not in fault.message


@pytest.mark.parametrize(
    ("unit", "tonnes"),
    [
        # DESNZ 2024, kg CO2 per kWh gross 0.18253, net 0.20223; CH4 0.00028 and 0.00031 by AR5 28,
        # N2O 0.00009 and 0.0001 by AR5 265, both taken to AR6 (29.8, 273)
        ("kWh (gross)", 0.18253 + 0.00028 / 28 * 29.8 + 0.00009 / 265 * 273),
        ("kWh (net)", 0.20223 + 0.00031 / 28 * 29.8 + 0.0001 / 265 * 273),
    ],
)
def test_gross_and_net_energy_take_their_own_factors(make, unit, tonnes):
    book = make(UK, bills={})
    book.log("activity", GAS | {"unit": unit})
    assert float(book.inventory("2024").rows[0]["scope1_t"]) == pytest.approx(tonnes, rel=1e-9)


def test_a_book_may_say_once_what_plain_energy_means(make):
    book = make('[policy]\nfuel_energy = "gross"\n', UK, bills={})
    assert book.log("activity", GAS | {"unit": "kWh"}).recorded == 1
    assert book.entries().rows[0]["unit"] == "kWh (gross)"


def test_in_china_plain_energy_is_net_as_its_tables_are(make):
    book = make('[[site]]\nname = "plant"\nregion = "CN"\n', bills={})
    assert book.log("activity", GAS | {"unit": "kWh"}).recorded == 1
    assert book.entries().rows[0]["unit"] == "kWh"


def test_a_sheet_leaves_what_is_outside_the_scopes_out_of_its_sum():
    derived = catalogue.sheet(load(), "gb-desnz-2024").derived
    # CO2 204.93 g, CH4 0.9/28 x 29.8, N2O 1.22/265 x 273; 115.07 g of biogenic CO2 beside
    assert derived[0][0] == "1 kWh: 207.145 g CO2e"
    assert [text.endswith("; outside of scopes") for _, text in derived] == [False] * 3 + [True]
