"""Indicators beside emissions: what a year is, what adds up, what does not, and no CO2 of it."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from carbon.cli import run
from carbon.errors import CarbonError, SettingsError
from carbon.performance import BUILT_IN, indicators
from carbon.readers import layout

SITES = '[[site]]\nname = "hq"\nregion = "CN-ZJ"\n[[site]]\nname = "plant"\nregion = "CN-ZJ"\n'

# As printed in the appendix of an annual report of 2023, packaging and water. [t]
PACKAGING = """\
packaging,plastics,2021,7893.1,t
packaging,cartons,2021,38477.4,t
packaging,wood,2021,2916.4,t
packaging,metal boxes,2021,166.5,t
packaging,,2021,54950.4,t
packaging,plastics,2023,8762.2,t
packaging,cartons,2023,37413.9,t
packaging,wood,2023,4865.1,t
packaging,metal boxes,2023,195.5,t
packaging,,2023,51236.7,t"""
WATER = """\
water_withdrawal,,2022,2336502.7,t
water_discharge,,2022,1991264.4,t
water_consumption,,2022,276319.6,t
water_withdrawal,,2023,2598300.3,t
water_discharge,,2023,2253223.0,t
water_consumption,,2023,345077.3,t"""


@pytest.fixture
def kept(make, tmp_path):
    """A book that holds lines `indicator,part,period,quantity,unit[,site[,coverage]]`."""

    def made(lines, settings="", denominators=""):
        book = make(SITES, settings, bills={})
        path = tmp_path / "indicators.csv"
        rows = [line + "," * (6 - line.count(",")) for line in lines.splitlines()]
        head = "indicator,part,period,quantity,unit,site,coverage"
        path.write_text("\n".join([head, *rows]), encoding="utf-8")
        paths = [path]
        if denominators:
            paths.append(tmp_path / "denominators.csv")
            paths[1].write_text("metric,period,quantity,unit\n" + denominators, encoding="utf-8")
        for report in book.import_files(paths):
            assert [str(each) for each in report.problems] == []
        return book

    return made


def found(book, code="indicator"):
    return [each for each in book.check() if each.code.startswith(code)]


def rows(book, name, part="", **asked):
    return [
        row
        for row in book.indicators(**asked).rows
        if (row["indicator"], row["part"]) == (name, part)
    ]


def test_published_parts_that_miss_their_total_are_found(kept):
    [problem] = found(kept(PACKAGING))
    # 7,893.1 + 38,477.4 + 2,916.4 + 166.5 = 49,453.4, and 54,950.4 is printed
    assert problem.code == "indicator-parts"
    assert problem.message == (
        "the parts of packaging in 2021 add up to 49,453.4 t, and 54,950.4 t are recorded:"
        " -5,497 t apart"
    )
    assert (problem.file, problem.row) == ("indicators.csv", 6)


def test_published_water_that_is_not_withdrawal_less_discharge_is_found(kept):
    [problem] = found(kept(WATER))
    # 2,336,502.7 - 1,991,264.4 = 345,238.3; of 2023 2,598,300.3 - 2,253,223.0 = 345,077.3
    assert problem.code == "indicator-definition"
    assert "345,238.3 m3, and 276,319.6 m3 are recorded: 68,918.7 m3 apart" in problem.message


@pytest.mark.parametrize(("total", "is_off"), [("17708.4", False), ("17708.7", True)])
def test_parts_may_miss_their_total_by_half_a_unit_each(kept, total, is_off):
    # 3,295.3 + 1,271.7 + 9,432.7 + 2,640.7 + 1,067.9 = 17,708.3, printed with a total of 17,708.4;
    # six figures of a tenth may be off by 6 x 0.05 = 0.3
    parts = ("plastics,2022,3295.3", "wood,2022,1271.7", "paper,2022,9432.7")
    parts += ("metal,2022,2640.7", "others,2022,1067.9", f",2022,{total}")
    book = kept("\n".join(f"recycled_waste,{part},t" for part in parts))
    assert bool(found(book)) is is_off


def test_a_zero_at_the_end_does_not_make_a_figure_less_exact(kept):
    # 9,443.0 is recorded as 9443, and as a tenth beside 13,969.2: at most 4 x 0.05 = 0.2 is slack
    lines = ("municipal,2021,100.1", "ground,2021,9443.0", "ground,2023,13969.2", ",2021,9543.5")
    [problem] = found(kept("\n".join(f"water_withdrawal,{line},t" for line in lines)))
    assert "0.4 m3 apart" in problem.message.replace("-", "")


def test_an_intensity_is_the_printed_one(kept):
    book = kept(PACKAGING + "\n" + WATER, denominators="revenue,2023,89339.9,million RMB")
    [water] = rows(book, "water_withdrawal", years=["2023"])
    [boxes] = rows(book, "packaging", years=["2023"])
    assert round(water["per_revenue"], 2) == Decimal("29.08")
    assert round(boxes["per_revenue"], 2) == Decimal("0.57")


def test_an_estimate_fills_in_what_is_not_recorded_and_says_so(kept):
    # printed: water 110,571.3 t of 5,098 people, wastewater 99,514.2 t, 19.5 t a person
    rule = '[[indicator]]\nname = "water_discharge"\nunit = "t"\nt_per_m3 = 1\n'
    rule += "estimate = { water_withdrawal = 0.9 }\n"
    book = kept("water_withdrawal,,2022,110571.3,t", rule, "people,2022,5098,person")
    [row] = rows(book, "water_discharge")
    assert row["quantity"] == Decimal("99514.17")
    assert row["remark"] == "estimated: 0.9 x water_withdrawal"
    assert round(row["per_people"], 1) == Decimal("19.5")


def test_what_is_recorded_goes_before_its_estimate(kept):
    rule = '[[indicator]]\nname = "water_discharge"\nunit = "m3"\n'
    rule += "estimate = { water_withdrawal = 0.9 }\n"
    book = kept("water_withdrawal,,2022,100,m3\nwater_discharge,,2022,70,m3", rule)
    [row] = rows(book, "water_discharge")
    assert (row["quantity"], row["remark"]) == (70, "")


def test_water_is_read_by_mass_and_by_volume(kept):
    book = kept("water_withdrawal,,2022-01,3,t\nwater_withdrawal,,2022-02,2000,L")
    assert rows(book, "water_withdrawal")[0]["quantity"] == 5


def test_a_unit_of_another_kind_is_refused(make, tmp_path):
    book, path = make(SITES, bills={}), tmp_path / "i.csv"
    path.write_text("indicator,year,quantity,unit\npackaging,2023,5,m3\n", encoding="utf-8")
    [report] = book.import_files([path])
    [problem] = report.problems
    assert (problem.code, report.recorded) == ("wrong-dimension", 0)


def test_an_unknown_indicator_is_refused_with_the_nearest(make, capsys, monkeypatch):
    book = make(SITES, bills={})
    line = "--indicator water_withdrawl --year 2023 --quantity 5 --unit m3"
    assert run(["-C", str(book.folder), "log", "indicator", *line.split()]) == 1
    said = capsys.readouterr().err
    assert "Nearest: water_withdrawal." in said
    assert "[[indicator]]" in said


def test_a_negative_figure_is_refused(make):
    said = {"indicator": "nox", "year": "2023", "quantity": "-1", "unit": "kg"}
    report = make(SITES, bills={}).log("indicator", said)
    assert [each.code for each in report.problems] == ["negative-quantity"]


def test_an_organisation_is_the_sum_of_its_sites(kept):
    book = kept("nox,,2023,2,kg,hq\nnox,,2023,3,kg,plant")
    [row] = rows(book, "NOx")
    assert (row["quantity"], row["remark"]) == (5, "2 sites")
    [site] = rows(book, "NOx", site="plant")
    assert site["quantity"] == 3


def test_sites_with_more_than_their_organisation_are_found(kept):
    [problem] = found(kept("nox,,2023,20,kg,hq\nnox,,2023,30,kg,plant\nnox,,2023,40,kg"))
    assert problem.code == "indicator-sites"


def test_a_year_of_eleven_months_is_told_and_has_no_change_nor_intensity(kept):
    lines = [f"waste,,2023-{month:02},1,t" for month in range(1, 12)] + ["waste,,2022,12,t"]
    book = kept("\n".join(lines), denominators="people,2023,10,person")
    [row] = rows(book, "waste", years=["2023"])
    assert (row["quantity"], row["remark"]) == (11, "11 of 12 months")
    assert (row["change_share"], row["per_people"]) == (None, None)


def test_months_that_are_not_their_year_are_found(kept):
    lines = [f"waste,,2023-{month:02},1.1,t" for month in range(1, 13)] + ["waste,,2023,15.2,t"]
    [problem] = found(kept("\n".join(lines)))
    # 12 x 1.1 = 13.2, and thirteen figures of a tenth may be off by 13 x 0.05 = 0.65
    assert problem.code == "indicator-months"
    assert "-2 t apart" in problem.message


def test_a_change_is_told_on_the_year_before(kept):
    book = kept("waste,,2022,10,t\nwaste,,2023,12,t")
    assert rows(book, "waste", years=["2023"])[0]["change_share"] == Decimal("0.2")


def test_what_it_covers_stands_beside_it(kept):
    book = kept("nonhazardous_waste,,2022,267.3,t,,one tower only")
    assert rows(book, "nonhazardous_waste")[0]["remark"] == "one tower only"


def test_no_figure_of_emissions_moves(make):
    book = make(SITES, bills={("hq", 2023): 10})
    before = [table.rows for table in (book.inventory(), book.project())]
    line = {"indicator": "recycled_waste", "year": "2023", "quantity": "900", "unit": "t"}
    assert book.log("indicator", line | {"site": "hq"}).recorded == 1
    assert [table.rows for table in (book.inventory(), book.project())] == before
    assert book.sql("select * from flow where activity = 'recycled_waste'").rows == []


def test_nothing_that_calculates_reads_them():
    from carbon.engine import sql_text
    from carbon.pipeline import STEPS

    assert not [name for name, file in STEPS if " indicator" in sql_text(file)]


def test_a_figure_is_taken_back_by_what_names_it(kept):
    book = kept("packaging,cartons,2023,5,t,hq")
    book.withdraw("hq packaging cartons 2023")
    with pytest.raises(CarbonError, match="no indicator is recorded"):
        book.indicators()


def test_a_table_on_a_screen_has_its_years_side_by_side(kept, capsys):
    book = kept(WATER)
    assert run(["-C", str(book.folder), "indicators"]) == 0
    lines = capsys.readouterr().out.splitlines()
    [line] = [line for line in lines if "water_discharge" in line]
    assert line.split() == ["water_discharge", "m3", "1,991,264.4", "2,253,223.0", "+13.2"]
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ('name = "a"\nunit = "t"\nequals = { b = 1 }', "names 'b', which is none"),
        ('name = "a"\nunit = "t"\nequals = { a = 1 }', "stands in its own equals"),
        ('name = "a"\nunit = "t"\nestimate = { nox = 1, water_recycled = 1 }', "volume"),
        ('name = "a"\nunit = "tonnage"', "tonnage"),
    ],
)
def test_a_rule_that_means_nothing_is_refused(make, rule, said):
    with pytest.raises(SettingsError, match=said):
        _ = make(SITES, f"[[indicator]]\n{rule}\n", bills={}).settings


def test_estimates_that_rest_on_each_other_are_refused(make):
    rules = "".join(
        f'[[indicator]]\nname = "{name}"\nunit = "t"\nestimate = {{ {other} = 1 }}\n'
        for name, other in (("a", "b"), ("b", "a"))
    )
    with pytest.raises(SettingsError, match="rests on itself"):
        _ = make(SITES, rules, bills={}).settings


def test_every_built_in_indicator_is_known_by_one_name_each():
    words = [word.casefold() for each in BUILT_IN for word in (each.name, *each.names)]
    assert len(set(words)) == len(words)
    assert list(indicators(())) == [each.name for each in BUILT_IN]


def test_a_file_of_indicators_is_told_by_its_heading():
    assert layout(["指标", "分项", "年份", "数量", "单位"]) == "indicator"


def test_the_rules_that_the_page_shows_are_understood(make):
    page = (Path(__file__).parents[1] / "docs" / "goals.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```toml\n(.*?)```", page, flags=re.DOTALL)
    said = make(SITES, *blocks, bills={}).settings
    assert said.policy.goal_threshold == Decimal("0.05")
    assert said.indicators()["packaging_net"].equals == {"packaging": 1, "packaging_returned": -1}
