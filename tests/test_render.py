"""How answers look: nothing cut, nothing missing read as nothing, user text never as markup."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from rich.cells import cell_len
from rich.console import Console

from carbon import catalogue, library
from carbon.errors import Problem
from carbon.inventory import INVENTORY
from carbon.render import output, terminal
from carbon.render.chart import chart, marks, scale
from carbon.render.grid import cell
from carbon.render.page import WIDEST
from carbon.render.report import VERDICT
from carbon.settings import Target
from carbon.tables import Column, Line, Report, Table
from carbon.targets import Verdict


def mass(key, title):
    return Column(key, title, "t CO2e", "mass")


def year(number, *figures, status="complete, published", estimated=None):
    """A row of the inventory. The figures are those of `tables.INVENTORY`, in order."""
    values = [None if figure is None else Decimal(figure) for figure in figures or [None] * 8]
    keys = [column.key for column in INVENTORY[1:-2]]
    beside = {"estimated_share": estimated, "status": status}
    return {"year": number, **dict(zip(keys, values, strict=True)), **beside}


YEARS = Table(
    "inventory",
    "Inventory by reporting year",
    INVENTORY,
    [
        year(2021, "337.1", "6964.0", "7210.4", "7301.1", "7547.5", "0", "7547.5", "7301.1"),
        year(2022, "169.6", "30404.0", "31480.2", "30573.6", "31649.8", "0", "31649.8", None),
    ],
    ["After credits is not an inventory figure."],
)
PEAK = Target(name="Peak by 2025", kind="peak", year=2025)
NEUTRAL = Target(name="Operational neutrality by 2030", kind="neutral", year=2030)
NET_ZERO = Target(name="Net zero by 2050", kind="net zero", year=2050)
VERDICTS = [
    (
        "baseline",
        Verdict(
            PEAK,
            "baseline",
            "at risk",
            "It would be missed: in scenario baseline the maximum comes in 2030 with 181,900.0 t, "
            "5 years after 2025, 114,500.0 t above the 67,400.0 t of 2025.",
            "location",
            required_pace_t=Decimal("14312.5"),
            gap_t=Decimal("114500.0"),
        ),
    ),
    (
        "path",
        Verdict(
            PEAK,
            "path",
            "on track",
            "The maximum comes in 2025; every later year is lower.",
            "location",
            margin_t=Decimal("2000.0"),
            margin_share=Decimal("0.0333"),
            caveats=("market-based, the highest year is 2026",),
        ),
    ),
    (
        "path",
        Verdict(
            NEUTRAL,
            "path",
            "not yet provable",
            "Planned certificates and credits cover 2030, none of them is retired.",
            "net",
            caveats=("planned, not retired",),
        ),
    ),
    ("path", Verdict(NET_ZERO, "path", "no data", "The projection ends in 2030.", "net")),
]
AHEAD = list(range(2023, 2031))
LINES = [
    Line("actual, location-based", [2021, 2022], [7301.1, 30573.6]),
    Line(
        "baseline, location-based",
        AHEAD,
        [41000.0, 53000.0, 67400.0, 84000.0, 104000.0, 128000.0, 154000.0, 181900.0],
        "projected",
    ),
    Line(
        "path, location-based",
        AHEAD,
        [41000.0, 52000.0, 60000.0, 58000.0, 50000.0, 42000.0, 33000.0, 26000.0],
        "projected",
    ),
    Line(
        "path, after credits",
        AHEAD,
        [41000.0, 52000.0, 55000.0, 45000.0, 30000.0, 20000.0, 8000.0, 0.0],
        "projected",
    ),
]
SITES = Table(
    "sites",
    "Sites, 2022",
    [
        Column("site", "Site"),
        mass("scope1_t", "Scope 1"),
        mass("scope2_location_t", "Scope 2 location"),
        mass("location_t", "Total"),
        Column("share", "Share", "%", "share"),
    ],
    [
        {
            "site": name,
            "scope1_t": Decimal("10.5"),
            "scope2_location_t": Decimal(total) - Decimal("10.5"),
            "location_t": Decimal(total),
            "share": Decimal(total) / Decimal("30573.6"),
        }
        for name, total in [
            ("Lingang data centre", "23667.5"),
            ("Plant [/red]", "2900.1"),
            ("北京办公室", "1100.3"),
        ]
    ],
)
CHANGE = Table(
    "change",
    "Change 2021 to 2022",
    [
        Column("line", "Line"),
        mass("before_t", "2021"),
        mass("after_t", "2022"),
        mass("change_t", "Change"),
        Column("change_share", "Change", "%", "share"),
    ],
    [
        {
            "line": "Scope 1",
            "before_t": Decimal("337.1"),
            "after_t": Decimal("169.6"),
            "change_t": Decimal("-167.5"),
            "change_share": Decimal("-0.4969"),
        },
        {
            "line": "Scope 2 location",
            "before_t": Decimal("6964.0"),
            "after_t": Decimal("30404.0"),
            "change_t": Decimal("23440.0"),
            "change_share": Decimal("3.3659"),
        },
    ],
)
OUTSIDE = Table(
    "outside",
    "Energy, and emissions reported apart",
    [
        Column("year", "Year"),
        Column("import_mwh", "Grid import", "MWh", "number"),
        Column("pv_mwh", "PV generated", "MWh", "number"),
        mass("scope3_t", "Scope 3 travel"),
    ],
    [{"year": 2022, "import_mwh": Decimal("53434.5"), "pv_mwh": None, "scope3_t": None}],
)
INTENSITY = Table(
    "intensity",
    "Intensity, Scope 1+2 location-based",
    [
        Column("year", "Year"),
        Column("metric", "Metric"),
        Column("intensity_t", "Intensity", "t CO2e per unit", "number", decimals=2),
    ],
    [{"year": 2022, "metric": "people", "intensity_t": Decimal("5.997")}],
)
COVERAGE = Table(
    "coverage",
    "Coverage and data quality",
    [
        Column("year", "Year"),
        Column("months", "Months with data"),
        Column("metered", "Metered", "%", "share"),
        Column("estimated", "Estimated", "%", "share"),
    ],
    [{"year": 2022, "months": "141 of 144", "metered": 0.75, "estimated": 0.25}],
)
PROBLEMS = [
    Problem("unstated", "note", "the quality of 12 entries is not stated"),
    Problem("gap", "warning", "chengdu has no electricity for 2022-11", mass_t=Decimal("12.0")),
    Problem("gap", "warning", "xian has no electricity for 2022-12", remedy="carbon import FILE"),
    Problem("missing-factor", "error", "no factor for gas", file="gas.csv", row=14),
]
REPORT = Report(
    organisation="Lumen Intelligence (sample)",
    sample="totals are those of a published report; names, sites and months are invented",
    boundary="operational control; one data centre, one head office, ten offices",
    status=["complete: 2021, 2022", "run 3fa9c2d1, settings version 1"],
    inventory=YEARS,
    verdicts=VERDICTS,
    lines=LINES,
    target_years=[(2025, "Peak by 2025"), (2030, "Operational neutrality by 2030")],
    sites=SITES,
    change=CHANGE,
    outside=OUTSIDE,
    intensity=INTENSITY,
    coverage=COVERAGE,
    problems=PROBLEMS,
    footnotes=["Parts may differ from totals by rounding."],
)


def printed(draw, what, width=80):
    """What is written to a console without colours."""
    file = io.StringIO()
    draw(what, Console(width=width, file=file, color_system=None))
    return file.getvalue()


class Screen(io.StringIO):
    """A terminal."""

    def isatty(self):
        return True


def one(column, value, missing="not disclosed"):
    return Table("one", "One", [column], [{column.key: value}], missing=missing)


# The page.


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120])
def test_no_line_of_the_report_is_wider_than_the_window(width):
    lines = printed(terminal.print_report, REPORT, width).splitlines()
    assert max(map(cell_len, lines)) <= width


def test_a_wide_window_is_not_filled_with_long_lines():
    lines = printed(terminal.print_report, REPORT, 200).splitlines()
    assert max(map(cell_len, lines)) == WIDEST


def test_no_line_ends_in_blanks():
    lines = printed(terminal.print_report, REPORT).splitlines()
    assert [line for line in lines if line != line.rstrip()] == []


def test_every_part_of_the_report_has_its_title():
    page = printed(terminal.print_report, REPORT)
    titles = [line.split(" ──")[0] for line in page.splitlines() if " ──" in line]
    assert titles == [
        "Inventory by reporting year",
        "Targets",
        "Projection",
        "Sites, 2022",
        "Change 2021 to 2022",
        "Intensity, Scope 1+2 location-based",
        "Energy, and emissions reported apart",
        "Coverage and data quality",
        "To mend",
        "Notes",
    ]


def test_a_part_without_rows_is_left_out():
    page = printed(terminal.print_report, replace(REPORT, change=replace(CHANGE, rows=[])))
    assert "Change 2021 to 2022" not in page


def test_a_report_with_nothing_in_it_is_printed():
    nothing = {"inventory": replace(YEARS, rows=[]), "sites": replace(SITES, rows=[])}
    nothing |= {
        "outside": replace(OUTSIDE, rows=[]),
        "coverage": replace(COVERAGE, rows=[]),
        "intensity": replace(INTENSITY, rows=[]),
    }
    nothing |= {"change": replace(CHANGE, rows=[]), "verdicts": [], "lines": [], "problems": []}
    page = printed(terminal.print_report, replace(REPORT, **nothing))
    assert "Lumen Intelligence (sample)" in page
    assert "No open problems." in page


def test_the_printed_page_has_no_escapes():
    assert "\x1b" not in printed(terminal.print_report, REPORT)


@pytest.mark.parametrize(("wish", "is_coloured"), [("", True), ("1", False)])
def test_only_a_terminal_is_coloured_and_not_where_no_color_is_set(monkeypatch, wish, is_coloured):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("NO_COLOR", wish)
    screen = Screen()
    terminal.print_report(REPORT, terminal.console(screen, 80))
    assert ("\x1b" in screen.getvalue()) is is_coloured


def test_a_file_is_written_without_colours():
    file = io.StringIO()
    terminal.print_report(REPORT, terminal.console(file, 80))
    assert "\x1b" not in file.getvalue()


# The inventory.


def rows_of(page, title):
    """The lines of one part of the page."""
    lines = page.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(title))
    end = next((n for n in range(start + 1, len(lines)) if " ──" in lines[n]), len(lines))
    return lines[start + 1 : end]


def test_each_year_shows_both_methods_and_what_remains_after_credits():
    lines = [line.split() for line in rows_of(printed(terminal.print_report, REPORT), "Inventory")]
    assert ["2021", "complete,", "published"] in lines
    figures = [line[:4] for line in lines if line and line[0] in ("location-based", "market-based")]
    assert figures == [
        ["location-based", "337.1", "6,964.0", "7,301.1"],
        ["market-based", "337.1", "7,210.4", "7,547.5"],
        ["location-based", "169.6", "30,404.0", "30,573.6"],
        ["market-based", "169.6", "31,480.2", "31,649.8"],
    ]
    assert [line[2] for line in lines if line[:2] == ["after", "credits"]] == [
        "7,547.5",
        "31,649.8",
    ]


def test_bars_are_proportional_to_the_totals():
    lines = rows_of(printed(terminal.print_report, REPORT, 120), "Inventory")
    lengths = [line.count("█") for line in lines if "market-based" in line]
    assert lengths[1] > 60
    assert lengths[0] == pytest.approx(lengths[1] * 7547.5 / 31649.8, abs=1)


def test_a_year_without_figures_is_a_gap_and_not_a_zero():
    rows = [YEARS.rows[0], year(2022, status="no data"), {**YEARS.rows[1], "year": 2023}]
    page = printed(terminal.print_report, replace(REPORT, inventory=replace(YEARS, rows=rows)))
    lines = rows_of(page, "Inventory")
    place = next(n for n, line in enumerate(lines) if "2022" in line)
    assert lines[place].split() == ["2022", "not", "disclosed:", "a", "gap,", "not", "a", "zero"]
    assert lines[place + 1] == ""


def test_a_book_of_gaps_alone_shows_no_figure():
    rows = [year(2021, status="no data")]
    page = printed(terminal.print_report, replace(REPORT, inventory=replace(YEARS, rows=rows)))
    assert not any("0.0" in line for line in rows_of(page, "Inventory"))


def test_a_year_that_was_not_published_has_no_line_for_it():
    lines = rows_of(printed(terminal.print_report, REPORT), "Inventory")
    assert sum("as published" in line for line in lines) == 1


# Targets.


def test_a_verdict_is_a_sign_and_a_word_with_its_reason():
    page = " ".join(printed(terminal.print_report, REPORT).split())
    assert "baseline ▲ at risk It would be missed" in page
    assert "path → on track The maximum comes in 2025" in page
    assert "path ? not yet provable Planned" in page
    assert "path · no data" in page


def test_a_verdict_says_on_which_line_it_is_judged():
    page = printed(terminal.print_report, REPORT)
    assert "Peak by 2025  judged location-based" in page
    assert "Operational neutrality by 2030  judged after credits" in page


def test_margin_gap_and_pace_stand_beside_the_verdict():
    page = " ".join(printed(terminal.print_report, REPORT, 120).split())
    assert "gap 114,500.0 t · still needed 14,312.5 t less each year" in page
    assert "margin 2,000.0 t (3.3 %)" in page
    assert "market-based, the highest year is 2026" in page


def test_every_word_of_a_verdict_has_its_own_sign():
    signs = [sign for sign, _ in VERDICT.values()]
    assert len(set(signs)) == 6


# The chart.


def text_of(rows):
    return [row.plain for row in rows]


def test_a_chart_fits_its_width():
    for width in (48, 78, 118):
        assert max(row.cell_len for row in chart(LINES, REPORT.target_years, width)) <= width


def test_recorded_and_projected_years_have_different_marks():
    signs = [mark for mark, _ in marks(LINES)]
    assert signs == ["●", "○", "□", "◇"]


def test_lines_of_the_same_figures_share_a_mark():
    twin = replace(LINES[1], name="baseline, market-based")
    assert marks([LINES[1], twin])[0] == marks([LINES[1], twin])[1]


def test_the_target_years_are_marked_and_named():
    rows = text_of(chart(LINES, REPORT.target_years, 78))
    post = rows[-1].index("2025") + 2
    column = [row[post] for row in rows[1:-2]]
    assert column.count("┊") > 10
    assert {sign for sign in column if sign < "\u2800"} == {"┊", "○", "◇"}  # ○ hides □
    assert "Peak by 2025" in rows[0]


def test_a_missing_year_leaves_the_line_open():
    def dots(values):
        rows = text_of(chart([Line("actual", [2020, 2021, 2022], values)], [], 60))
        return sum(0x2800 < ord(sign) <= 0x28FF for row in rows for sign in row)

    assert dots([5000.0, 6000.0, 7000.0]) > 20
    assert dots([5000.0, None, 7000.0]) == 0


def test_the_axis_is_in_kilotonnes_where_tonnes_are_many():
    assert scale(181_900.0)[:2] == ("kt CO2e", 1000.0)
    assert scale(7_301.1)[:2] == ("t CO2e", 1.0)


def test_the_steps_of_the_axis_are_equally_high():
    rows = text_of(chart(LINES, [], 78))
    places = [n for n, row in enumerate(rows) if "┤" in row]
    assert len({after - before for before, after in pairwise(places)}) == 1


@pytest.mark.parametrize("top", [0.0, 0.3, 1.0, 95.0, 7301.1, 10_000.0, 181_900.0, 405e6])
def test_the_axis_reaches_every_value_in_few_round_steps(top):
    ticks = scale(top)[2]
    assert ticks[0] == 0
    assert ticks[-1] >= top
    assert 2 <= len(ticks) <= 7


def test_the_axis_goes_below_zero_where_the_values_do():
    assert scale(1000.0, -500.0)[2][0] <= -500


@pytest.mark.parametrize("values", [[30573.6, None], [None, None]])
def test_fewer_than_two_years_are_no_chart(values):
    line = Line("actual", [2021, 2022], values)
    assert chart([line], [], 80) == []
    assert "Years so far" not in printed(terminal.print_report, replace(REPORT, lines=[line]))


SAID = (
    "    source      Ministry of Ecology and Environment (China), Notice on power-sector reporting"
)


def window(width):
    """A console that takes itself for a terminal."""
    return Console(file=io.StringIO(), width=width, force_terminal=True, color_system=None)


@pytest.mark.parametrize("width", [40, 60, 80])
def test_a_long_line_is_folded_between_words_below_its_text(width):
    terminal.print_lines([SAID], console := window(width))
    first, *rest = console.file.getvalue().splitlines()
    assert " ".join([first, *map(str.strip, rest)]).split() == SAID.split()
    assert rest and all(line.startswith(" " * 16) and line[16] != " " for line in rest)
    assert max(map(len, [first, *rest])) <= width


def test_a_line_for_another_program_is_never_folded():
    console = Console(file=io.StringIO(), width=40)
    terminal.print_lines([SAID], console)
    assert console.file.getvalue() == f"{SAID}\n"


@pytest.mark.parametrize("width", [80, 120])
def test_check_cuts_no_word_at_the_edge_of_the_window(width):
    words = " ".join(["recalculated"] * 20)
    terminal.print_problems([Problem("unusual-year", "note", words, remedy=words)], window(width))
    terminal.print_problems(
        [Problem("unusual-year", "note", words, remedy=words)], console := window(width)
    )
    page = console.file.getvalue()
    assert page.count("recalculated") == 40
    assert max(map(len, page.splitlines())) <= width


def test_a_word_is_not_cut_while_another_column_may_be_narrower():
    page = printed(terminal.print_table, catalogue.gas_table(library.load(), "HFC-32"))
    assert "supplementary" in page


def test_a_figure_stays_on_the_line_of_its_unit():
    for width in range(80, 121):
        lines = rows_of(printed(terminal.print_report, REPORT, width), "Targets")
        assert not [line for line in lines if line.split()[:1] in (["t"], ["t,"], ["years"])]


def test_scenarios_judged_alike_share_a_verdict():
    alike = [(name, replace(VERDICTS[3][1], scenario=name)) for name in ("baseline", "path")]
    page = printed(terminal.print_verdicts, alike)
    assert page.count("The projection ends in 2030.") == 1
    assert "baseline  · no data" in page


def test_a_narrow_window_shows_the_figures_and_no_chart():
    page = printed(terminal.print_report, REPORT, 40)
    assert "┊" not in page
    assert "181,900.0" in page


def test_the_legend_gives_the_figures_of_the_target_years():
    page = printed(terminal.print_report, REPORT)
    line = next(line for line in page.splitlines() if "○  baseline" in line)
    assert line.split()[-2:] == ["67,400.0", "181,900.0"]


# Tables.


def test_a_missing_figure_prints_the_missing_word_and_never_0():
    page = printed(terminal.print_table, one(mass("mass_t", "Mass"), None))
    assert "not disclosed" in " ".join(page.split())
    assert "0" not in page.replace("CO2e", "")


def test_a_zero_prints_as_zero():
    page = printed(terminal.print_table, one(mass("mass_t", "Mass"), Decimal(0)))
    assert "0.0" in page
    assert "disclosed" not in page


def test_user_text_is_never_read_as_markup():
    name = "[bold]Plant[/red] :smile: [link=x]"
    assert name in printed(terminal.print_table, one(Column("site", "Site"), name))
    assert "Plant [/red]" in printed(terminal.print_report, REPORT)


@pytest.mark.parametrize(
    ("column", "value", "shown"),
    [
        (mass("mass_t", "M"), Decimal("30573.65"), "30,573.7"),
        (mass("mass_t", "M"), Decimal("-0.04"), "0.0"),
        (mass("change_t", "M"), Decimal("23440"), "+23,440.0"),
        (Column("share", "S", kind="share"), Decimal("0.77406"), "77.4"),
        (Column("people", "P", kind="count"), 5098, "5,098"),
        (Column("entry_id", "E", kind="count"), 12345, "12345"),
        (Column("year", "Y"), 2022, "2022"),
        (Column("month", "M"), 202207, "2022-07"),
        (Column("quantity", "Q", kind="exact"), Decimal("1200.500000"), "1,200.5"),
        (Column("started_on", "D"), date(2022, 7, 1), "2022-07-01"),
        (Column("factor", "F"), Decimal("0E-18"), "0.000000000000000000"),
        (Column("load", "L", kind="number"), float("nan"), "nan"),
    ],
)
def test_a_value_prints_as_its_column_says(column, value, shown):
    assert cell(value, column, "none").plain == shown


def test_figures_are_set_to_the_right_and_words_to_the_left():
    columns = [Column("site", "Site"), mass("mass_t", "Mass")]
    rows = [{"site": "a", "mass_t": Decimal(5)}, {"site": "bb", "mass_t": Decimal(5000)}]
    lines = printed(terminal.print_table, Table("t", "T", columns, rows)).splitlines()
    assert lines[-3:-1] == ["  a         5.0", "  bb    5,000.0"]


def test_chinese_text_takes_two_cells_a_sign():
    columns = [Column("site", "Site"), mass("mass_t", "Mass")]
    rows = [{"site": "北京", "mass_t": Decimal(5)}, {"site": "Rome", "mass_t": Decimal(5)}]
    lines = printed(terminal.print_table, Table("t", "T", columns, rows)).splitlines()
    assert lines[-3:-1] == ["  北京   5.0", "  Rome   5.0"]


def test_a_unit_all_figures_share_stands_beside_the_title():
    lines = printed(terminal.print_table, one(mass("mass_t", "Mass"), Decimal(1))).splitlines()
    assert lines[1].startswith("One ─")
    assert lines[1].endswith("─ t CO2e")
    assert lines[3] == "  Mass"


def test_different_units_stand_under_their_headings():
    page = printed(terminal.print_table, OUTSIDE).splitlines()
    assert page[3].split() == ["Year", "Grid", "import", "PV", "generated", "Scope", "3", "travel"]
    assert page[4].split() == ["MWh", "MWh", "t", "CO2e"]


def test_where_columns_do_not_fit_each_row_is_a_block_and_no_figure_is_cut():
    columns = [Column("site", "Site"), *(mass(f"m{n}_t", f"Mass {n}") for n in range(9))]
    row = {"site": "Lingang", **{f"m{n}_t": Decimal("123456789.1") for n in range(9)}}
    lines = printed(terminal.print_table, Table("t", "T", columns, [row]), 60).splitlines()
    assert max(map(len, lines)) <= 60
    assert sum("123,456,789.1" in line for line in lines) == 9


def test_what_all_rows_share_is_said_once_where_room_is_short():
    columns = [Column(key, key.title()) for key in ("site", "activity", "file", "evidence")]
    columns.append(Column("quantity", "Quantity", kind="exact"))
    shared = {"site": "Lingang-data-centre", "activity": "electricity"}
    rows = [
        {**shared, "file": f"bills/{n}.csv", "evidence": f"{n}" * 12, "quantity": Decimal(n)}
        for n in (1, 2)
    ]
    lines = printed(terminal.print_table, Table("t", "T", columns, rows), 45).splitlines()
    assert lines[3] == "  In all rows: site Lingang-data-centre,"
    assert lines[-3].split() == ["1.csv", "1" * 12, "1"]


def test_a_column_of_words_that_says_nothing_is_left_out():
    columns = [Column("site", "Site"), Column("meter", "Meter")]
    table = Table("t", "T", columns, [{"site": "a", "meter": ""}, {"site": "b", "meter": ""}])
    assert "Meter" not in printed(terminal.print_table, table)


def test_a_table_without_rows_says_so():
    table = Table("t", "T", [Column("site", "Site")], [])
    assert "nothing to show" in printed(terminal.print_table, table)


# Findings.


def test_the_report_shows_the_gravest_findings_first_and_one_of_a_kind():
    lines = rows_of(printed(terminal.print_report, REPORT), "To mend")
    heads = [line for line in lines if line.startswith(("  ✖", "  ▲", "  ·"))]
    assert [line.split()[1] for line in heads] == ["error", "warning", "note"]
    assert any("and 1 more of this kind" in line for line in lines)
    assert lines[-2] == "  1 more: carbon check"


def test_the_report_shows_at_most_eight_kinds_of_findings():
    many = [Problem(f"code-{n}", "note", f"finding {n}") for n in range(20)]
    lines = rows_of(printed(terminal.print_report, replace(REPORT, problems=many)), "To mend")
    assert sum("finding" in line for line in lines) == 8
    assert "  12 more: carbon check" in lines


def test_check_prints_every_finding_in_the_one_form_of_errors():
    page = printed(terminal.print_problems, PROBLEMS)
    for problem in PROBLEMS:
        assert str(problem) in page
    assert page.index("error[") < page.index("warning[") < page.index("note[")


# For machines.


def test_json_has_a_layout_its_units_and_an_object_a_row():
    document = json.loads(output.as_json(YEARS), parse_float=Decimal)
    assert document["layout"] == "carbon/1"
    assert document["table"] == "inventory"
    assert document["units"]["scope1_t"] == "t CO2e"
    assert document["rows"][1]["scope2_location_t"] == Decimal("30404.0")


def test_a_share_is_said_to_be_a_fraction_since_it_is_written_as_one():
    columns = [
        Column("change_share", "Change", "%", "share"),
        Column("margin_share", "", "", "share"),
    ]
    table = Table("t", "T", columns, [{"change_share": Decimal("0.05"), "margin_share": None}])
    body = json.loads(output.as_json(table))
    assert body["units"] == {"change_share": "1", "margin_share": "1"}
    assert body["rows"][0]["change_share"] == 0.05


def test_keys_of_masses_end_in_their_unit():
    keys = json.loads(output.as_json(YEARS))["rows"][0]
    others = [key for key in keys if not key.endswith("_t")]
    assert others == ["year", "estimated_share", "status"]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("0.1000"), "0.1"),
        (Decimal("0.689780000000000000000000"), "0.68978"),
        (Decimal("100.000"), "100"),
        (Decimal("0E-18"), "0"),
        (100, "100"),
        (Decimal("30404.123456789012345678"), "30404.123456789012345678"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1E-7"), "0.0000001"),
        (0.1, "0.1"),
        (1e-7, "0.0000001"),
        (float("nan"), "null"),
        (None, "null"),
        (True, "true"),
        (2022, "2022"),
        (date(2023, 7, 1), '"2023-07-01"'),
        ('a "b"\n北京', '"a \\"b\\"\\n北京"'),
    ],
)
def test_json_writes_every_value_as_it_is(value, written):
    assert f'{{"x": {written}}}' in output.as_json(one(Column("x", "X"), value))


def test_csv_has_the_keys_as_header_and_leaves_missing_fields_empty():
    text = output.as_csv(replace(OUTSIDE, columns=OUTSIDE.columns[:3]))
    assert text == "year,import_mwh,pv_mwh\n2022,53434.5,\n"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_csv_disarms_text_that_a_spreadsheet_would_run(text):
    assert output.as_csv(one(Column("note", "Note"), text)).splitlines()[1] == "'" + text


@pytest.mark.parametrize("value", [Decimal("-167.5"), -167.5])
def test_csv_leaves_negative_numbers_alone(value):
    assert output.as_csv(one(mass("mass_t", "Mass"), value)) == "mass_t\n-167.5\n"


def test_the_report_in_json_holds_every_table():
    document = json.loads(output.report_as_json(REPORT))
    assert document["layout"] == "carbon/1"
    assert [table["table"] for table in document["tables"]] == [
        "inventory",
        "verdict",
        "projection",
        "sites",
        "change",
        "intensity",
        "outside",
        "coverage",
        "problem",
    ]
    assert document["tables"][1]["rows"][1]["margin_t"] == 2000.0


def test_the_report_in_csv_is_a_line_for_each_value():
    lines = output.report_as_csv(REPORT).splitlines()
    assert lines[0] == "table,row,key,value"
    assert "inventory,2,scope2_location_t,30404" in lines
    assert "outside,1,pv_mwh," in lines


def test_a_file_is_written_whole_and_keeps_its_rights(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("old")
    path.chmod(0o640)
    output.write(path, "new\n")
    assert path.read_text() == "new\n"
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_fails_half_way_leaves_the_old_one(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        output.write(path, "new\ud800")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_six_projected_lines_of_different_figures_each_have_a_mark_and_a_row():
    ahead = [
        Line(f"path {n}, market-based", [2024, 2025], [100.0, 90.0 - n], "projected")
        for n in range(6)
    ]
    page = printed(terminal.print_report, replace(REPORT, lines=ahead))
    legend = [line.split()[0] for line in page.splitlines() if ", market-based  " in line]
    assert len(legend) == len(set(legend)) == 6


def test_a_scenario_with_the_figures_of_another_is_named_on_its_row():
    ahead = [
        Line(f"{name}, location-based", [2024, 2025], [100.0, 90.0], "projected")
        for name in ("path", "stress")
    ]
    page = printed(terminal.print_report, replace(REPORT, lines=ahead), 120)
    assert "path, location-based = stress, location-based" in page
