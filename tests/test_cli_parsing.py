"""The command line: what it reads, what it prints where, and with which exit code."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import ANY

import pytest

from carbon.cli import HELP, run, verbs
from carbon.cli.verbs.shared import complain
from carbon.errors import CarbonError, LedgerError, Problem, UsageError
from carbon.layouts import LAYOUTS
from carbon.tables import Column, Table

INVENTORY = Table(
    "inventory",
    "Emissions by year",
    [Column("year", "Year"), Column("scope1_t", "Scope 1", "t CO2e", "mass")],
    [{"year": 2022, "scope1_t": Decimal("169.6")}],
)


class FakeBook:
    """Remembers what it was asked and answers with what the test gave it."""

    def __init__(self, **answers):
        self.answers = answers
        self.asked = []
        self.opened = []

    def open(self, folder=None):
        self.opened.append(folder)
        return self

    def __getattr__(self, verb):
        def answer(*positional, **named):
            self.asked.append((verb, positional, named))
            given = self.answers[verb]
            if isinstance(given, BaseException):
                raise given
            return given

        return answer


@pytest.fixture
def book(monkeypatch):
    """Puts a fake book in the place of the real one."""

    def put(**answers):
        fake = FakeBook(**answers)
        module = SimpleNamespace(Book=fake)
        monkeypatch.setitem(sys.modules, "carbon.book", module)
        return fake

    return put


def imported(**parts):
    given = {"file": "bills.csv", "recorded": 12, "known": 3, "corrected": 0, "entries": 0}
    given |= {"offered": [], "problems": [], "refused_files": ()}
    return SimpleNamespace(**given | parts)


def test_an_answer_is_exit_code_0(book, capsys):
    book(inventory=INVENTORY)
    assert run(["inventory", "2022"]) == 0
    assert "169.6" in capsys.readouterr().out


def test_a_fault_of_the_data_is_exit_code_1_and_goes_to_standard_error(book, capsys):
    book(inventory=CarbonError("missing-factor", "no factor for [/red]", remedy="add one"))
    assert run(["inventory", "2022"]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == "error[missing-factor]: no factor for [/red]\n  To fix: add one\n"


def test_a_refusal_of_the_ledger_is_exit_code_1(book):
    book(withdraw=LedgerError("withdrawn", "entry 7 is withdrawn already"))
    assert run(["withdraw", "7"]) == 1


def test_a_command_that_names_what_is_not_there_is_exit_code_2(book):
    book(explain=UsageError("unknown-figure", "no figure 'scope9'"))
    assert run(["explain", "scope9", "2022"]) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["inventry"], 'Did you mean "inventory"?'),
        (["inventory", "--formt", "json"], "Did you mean --format?"),
        (["inventory", "--format", "xml"], '"table", "json", "csv"'),
        (["factors", "serch"], 'Did you mean "search"?'),
        (["correct", "seven", "--quantity", "5"], "int"),
        (["log", "--site", "hq"], "--activity"),
        (["explain"], "carbon explain scope2-location 2022"),
        (["correct", "7"], "--quantity"),
    ],
)
def test_a_wrong_command_is_exit_code_2_and_says_what_is_right(book, capsys, words, said):
    book()
    assert run(words) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("error[usage]: ")
    assert said in printed.err


def test_a_fault_of_the_program_shows_no_traceback(book, capsys):
    book(inventory=KeyError("line"))
    assert run(["inventory"]) == 1
    printed = capsys.readouterr().err
    assert printed.startswith("error[internal]: KeyError: 'line'")
    assert "Traceback" not in printed


def test_a_file_that_cannot_be_written_is_exit_code_2(book, capsys, tmp_path):
    book(inventory=INVENTORY)
    assert run(["inventory", "--out", str(tmp_path / "nowhere" / "x.json")]) == 2
    assert capsys.readouterr().err.startswith("error[file]: ")


def test_an_interrupted_command_is_quiet(book, capsys):
    book(inventory=KeyboardInterrupt())
    assert run(["inventory"]) == 130
    assert capsys.readouterr().err == "\n"


def test_a_reader_that_leaves_early_is_no_fault():
    script = (
        "from carbon.cli import run; import sys; sys.exit(max(run(['--help']) for _ in range(999)))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as program:
        program.stdout.readline()
        program.stdout.close()
        assert program.stderr.read() == b""
        assert program.wait() == 0


@pytest.mark.parametrize(
    "words",
    [["-C", "mine", "inventory", "2022"], ["inventory", "-C", "mine", "2022"]],
)
def test_the_book_is_picked_before_the_verb_or_after_it(book, words):
    fake = book(inventory=INVENTORY)
    assert run(words) == 0
    assert [str(folder) for folder in fake.opened] == ["mine"]
    assert fake.asked == [("inventory", ("2022",), {"by": (), "approach": ""})]


def test_an_inventory_is_split_by_several_keys(book):
    fake = book(inventory=INVENTORY)
    run(["inventory", "--by", "site", "--by", "gas"])
    assert fake.asked == [("inventory", ("",), {"by": ("site", "gas"), "approach": ""})]


def test_a_figure_is_the_words_joined(book):
    fake = book(explain=SimpleNamespace(lines=lambda: ["one", "two"]))
    assert run(["explain", "scope1", "2022", "hq"]) == 0
    assert fake.asked == [("explain", ("scope1 2022 hq",), {})]


def test_an_explanation_is_printed_line_by_line_and_never_as_markup(book, capsys):
    book(explain=SimpleNamespace(lines=lambda: ["site [/red] " + "x" * 200, "  [bold]2"]))
    run(["explain", "scope1"])
    assert capsys.readouterr().out == "site [/red] " + "x" * 200 + "\n  [bold]2\n"


def test_json_is_asked_for_by_name_or_by_the_ending_of_the_file(book, capsys, tmp_path):
    book(inventory=INVENTORY)
    run(["inventory", "--format", "json"])
    run(["inventory", "--out", str(tmp_path / "x.json")])
    assert json.loads(capsys.readouterr().out)["layout"] == "carbon/1"
    assert json.loads((tmp_path / "x.json").read_text())["rows"] == [
        {"year": 2022, "scope1_t": 169.6}
    ]


def test_a_line_of_activity_is_logged_with_what_was_said_and_nothing_else(book, capsys):
    fake = book(log=imported(file="", recorded=1, known=0))
    words = "log --site hq --activity electricity --month 2023-07 --quantity -1200 --unit kWh"
    assert run(words.split()) == 0
    said = {"site": "hq", "activity": "electricity", "quantity": "-1200", "unit": "kWh"}
    assert fake.asked == [("log", ("activity", {**said, "month": "2023-07"}), {"again": False})]
    assert capsys.readouterr().out == "1 recorded\n"


def test_a_line_recorded_already_says_how_to_record_it_again(book, capsys):
    book(log=imported(file="", recorded=0, known=1))
    words = "log --site hq --activity electricity --month 2023-07 --quantity 1200 --unit kWh"
    assert run(words.split()) == 0
    assert "--again" in capsys.readouterr().out


def test_a_line_that_says_otherwise_is_offered_as_a_correction(book, capsys):
    class Offer:
        entry_id = 7

        def __str__(self):
            return "entry 7 says 10 kWh"

    book(log=imported(file="", recorded=0, known=0, offered=[Offer()]))
    words = "log --site hq --activity electricity --month 2023-07 --quantity 1200 --unit kWh"
    assert run(words.split()) == 1
    printed = capsys.readouterr().out
    assert "entry 7 says 10 kWh" in printed
    assert "carbon correct 7 --quantity" in printed


@pytest.mark.parametrize(
    ("layout", "options"),
    [
        (
            "instrument",
            "--instrument-id G1 --kind GEC --market CN --energy 4500 --unit MWh"
            " --vintage 2023 --claim-year 2023 --retired-on 2023-12-20",
        ),
        (
            "credit",
            "--credit-id C1 --standard CCER --kind removal --vintage 2022"
            " --claim-year 2023 --mass 95 --unit t",
        ),
        ("denominator", "--metric people --period 2022 --quantity 5098 --unit person"),
        (
            "equipment",
            "--equipment-id E1 --site hq --kind chiller --refrigerant R-134a --charge 180 --unit kg"
            " --installed-on 2016-05-01",
        ),
        (
            "service",
            "--service-id S1 --equipment-id E1 --event top-up --serviced-on 2023-07-18"
            " --mass 12.5 --unit kg",
        ),
        (
            "refrigerant-stock",
            "--stock-id K1 --site hq --refrigerant R-134a --event count --happened-on 2023-12-31"
            " --mass 40 --unit kg",
        ),
    ],
)
def test_other_things_are_logged_under_their_own_name(book, layout, options):
    fake = book(log=imported())
    assert run(["log", layout, *options.split(), "--again"]) == 0
    words = options.split()
    said = {
        name.removeprefix("--").replace("-", "_"): value
        for name, value in zip(words[::2], words[1::2], strict=True)
    }
    assert fake.asked == [("log", (layout.replace("-", "_"), said), {"again": True})]


LOGGED = [each for each in LAYOUTS.values() if not each.is_of_several_lines]


@pytest.mark.parametrize("layout", LOGGED, ids=lambda layout: layout.name)
def test_every_column_of_a_layout_can_be_logged(book, layout):
    fake = book(log=imported())
    said = {name: "yes" if name in layout.flags else f"some {name}" for name in layout.told}
    options = [
        word
        for name, value in said.items()
        for word in (f"--{name.replace('_', '-')}", value)
        if word != "yes"
    ]
    verb = [] if layout.name == "activity" else [layout.name.replace("_", "-")]
    assert run(["log", *verb, *options]) == 0
    assert fake.asked == [("log", (layout.name, said), {"again": False})]


@pytest.mark.parametrize(
    ("name", "column"), [(each.name, name) for each in LOGGED for name in each.required]
)
def test_a_line_without_a_column_it_needs_is_not_logged(book, capsys, name, column):
    fake = book(log=imported())
    layout = LAYOUTS[name]
    verb = [] if name == "activity" else [name.replace("_", "-")]
    options = [
        word
        for each in layout.required
        if each != column
        for word in (f"--{each.replace('_', '-')}", "x")
    ]
    assert run(["log", *verb, *options]) == 2
    assert f"--{column.replace('_', '-')}" in capsys.readouterr().err
    assert fake.asked == []


def test_an_import_of_readings_tells_how_many_entries_they_came_to(book, capsys):
    book(import_files=[imported(recorded=2976, known=0, entries=1)])
    run(["import", "bills.csv"])
    assert capsys.readouterr().out == "bills.csv: 2,976 readings recorded in 1 entry\n"


def test_an_import_tells_of_each_file(book, capsys):
    fake = book(import_files=[imported(offered=["row 4: 10 becomes 12"])])
    assert run(["import", "bills.csv", "b.csv", "--map", "meter", "--accept-good"]) == 0
    named = {"column_map": "meter", "accept_good": True, "accept_corrections": False}
    named |= {"tell": ANY}  # how far it is, for a terminal
    assert fake.asked == [
        ("import_files", ([Path(name)],), named) for name in ("bills.csv", "b.csv")
    ]
    printed = capsys.readouterr().out.splitlines()
    assert printed.count("bills.csv: 12 recorded, 3 already known") == 2
    assert "    row 4: 10 becomes 12" in printed
    assert any("--accept-corrections" in line for line in printed)
    assert not any("--again" in line for line in printed)


def test_a_file_that_cannot_be_read_leaves_the_others_to_be_imported(book, capsys):
    fake = book(import_files=CarbonError("not-a-table", "no table"))
    assert run(["import", "a.csv", "b.csv"]) == 1
    assert len(fake.asked) == 2
    assert capsys.readouterr().err.count("error[not-a-table]: no table") == 2


def test_a_file_with_a_fault_is_exit_code_1(book, capsys):
    fault = Problem("unknown-unit", "error", "no unit 'kwx'", file="bills.csv", row=3)
    book(import_files=[imported(recorded=0, known=0, problems=[fault])])
    assert run(["import", "bills.csv"]) == 1
    printed = capsys.readouterr()
    assert printed.out == "bills.csv: nothing recorded\n"
    assert printed.err == "error[unknown-unit]: no unit 'kwx'\n  bills.csv, row 3\n"


@pytest.mark.parametrize(("severity", "code"), [("error", 1), ("warning", 0), ("note", 0)])
def test_only_an_error_among_the_findings_is_exit_code_1(book, severity, code):
    book(check=[Problem("gap", severity, "a month is missing")])
    assert run(["check"]) == code


def test_a_missing_name_is_not_asked_for_where_there_is_no_terminal(book, capsys, monkeypatch):
    book(init=None)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert run(["init", "mybook"]) == 2
    assert "--name is missing" in capsys.readouterr().err


def test_estimate_wants_a_benchmark_or_a_building_and_not_both(book, capsys):
    book(estimate=None)
    said = ["estimate", "--site", "hq", "--area", "5", "--period", "2023"]
    assert run(said) == 2
    assert (
        run([*said, "--benchmark", "b", "--quantity", "1", "--unit", "kWh", "--of-area", "9"]) == 2
    )
    assert "needs --benchmark, or --quantity" in capsys.readouterr().err


def test_the_help_names_every_verb():
    known = {name for name in verbs.app if not name.startswith("-")}
    named = {line.split()[0] for line in HELP.splitlines() if line.startswith("  ")}
    assert {"import", "inventory", "sql"} <= known
    assert known <= named


def test_help_and_version_load_nothing_large():
    script = (
        "import sys; from carbon.cli import run; run(['--help']); run(['--version']);"
        "print(sorted({'rich', 'cyclopts', 'duckdb', 'pydantic', 'pandas'} & set(sys.modules)))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout
    assert printed.endswith("[]\n")


def test_a_verb_is_parsed_without_the_engine():
    script = (
        "import sys; from carbon.cli import run; run(['log', '--help']);"
        "print(sorted({'duckdb', 'pydantic', 'pandas', 'pint'} & set(sys.modules)))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout
    assert printed.endswith("[]\n")


def test_a_fault_in_a_window_is_folded_between_words(capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "40")
    complain("error[gone]: nothing is there\n  To fix: look for it in the cupboard and under it")
    assert capsys.readouterr().err.splitlines() == [
        "error[gone]: nothing is there",
        "  To fix: look for it in the cupboard",
        "    and under it",
    ]
