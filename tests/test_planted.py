"""On a clean book `carbon check` finds nothing; each planted fault gives one finding and no other.

The faults stand in `tests/planted/`, one file a code: what is changed in the clean book, and the
whole text of the finding. The clean book is one site that bought 100 to 111 MWh a month in 2023, at
a factor of 1 t/MWh, so that tonnes at stake are MWh.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from books import begun
from published import HEAD as EDITION

from carbon import pipeline
from carbon.book import Book
from carbon.ledger import Ledger

HERE = Path(__file__).parent / "planted"
FINDINGS = Path(pipeline.__file__).parent / "findings"
TODAY = date(2026, 11, 20)
PLANTED = {path.stem: path for path in sorted(HERE.glob("*.toml"))}
COLUMNS = "site,meter,activity,detail,month,quantity,unit,quality,evidence"
FACTORS = (
    "electricity,CO2e,1,tCO2e/MWh,location",
    "electricity,CO2e,1,tCO2e/MWh,market",
    "grid_loss/electricity,CO2e,0.1,tCO2e/MWh",
)
# What carries its own code: the factor's unit does not lead to that of the entry.
OF_FACTORS = "no-density"


def edition(rows: list[str]) -> str:
    """An edition of the site's own factors: `topic,quantity,value,unit`, accounting, last year."""
    lines = [EDITION]
    for row in rows:
        topic, quantity, value, unit, *said = row.split(",")
        accounting, until = (*said, *("all", "2024")[len(said) :])
        where = f"own/{topic}/{accounting},{topic},hq,own,2020,{until},{accounting}"
        lines.append(f'{where},{quantity},{value},"{unit}",example,as printed,high,')
    return "\n".join(lines) + "\n"


def planted(folder: Path, fault: dict[str, Any]) -> Book:
    """The clean book with a fault in it."""
    book = begun(folder / "book", "Acme", "CN-ZJ", TODAY)
    (book.folder / "carbon.toml").write_text(settings(fault), encoding="utf-8")
    factors = fault.get("factors_instead", [*FACTORS, *fault.get("factors", ())])
    (book.folder / "factors" / "own.csv").write_text(edition(factors), encoding="utf-8")
    for name, text in fault.get("scenarios", {}).items():
        (book.folder / "scenarios" / f"{name}.toml").write_text(text, encoding="utf-8")
    bills = {f"2023-{month:02}": str(99 + month) for month in range(1, 13)}
    bills |= fault.get("bills", {})
    place = fault.get("meter", "")
    rows = [
        f"hq,{place},electricity,,{month},{energy},MWh,billed,bill"
        for month, energy in bills.items()
        if energy
    ]
    record(book, folder / "bills.csv", [*rows, *fault.get("rows", ())])
    for layout, *several in fault.get("log", ()):
        for said in several:
            report = book.log(layout, said)
            assert [each.message for each in report.problems if each.severity == "error"] == []
    for act in fault.get("acts", ()):
        book = ACTS[act](book, folder)
    return book


def settings(fault: dict[str, Any]) -> str:
    """The settings of the clean book, and what the fault changes in them."""
    head = fault.get("organisation", "")
    sources = fault.get("sources", 'refrigerants = "not applicable"')
    region = fault.get("region", "CN-ZJ")
    site = f'[[site]]\nname = "hq"\nregion = "{region}"\nsources = {{ {sources} }}\n'
    return f'[organisation]\nname = "Acme"\n{head}\n{site}' + fault.get("settings", "")


def record(book: Book, path: Path, rows: list[str]) -> None:
    path.write_text("\n".join([COLUMNS, *rows]), encoding="utf-8")
    [report] = book.import_files([path])
    assert [str(each) for each in report.problems if each.severity == "error"] == []


# What no file can plant.


def close(book: Book, _: Path) -> Book:
    book.close("2023", incomplete=True)
    return book


def late(book: Book, folder: Path) -> Book:
    """A bill that comes after the year was closed."""
    record(book, folder / "late.csv", ["hq,,diesel,,2023-05,100,kg,billed,bill"])
    return book


def tampered(book: Book, _: Path) -> Book:
    """A closed figure that nothing makes."""
    with Ledger.open(book.folder / "ledger.duckdb") as ledger:
        ledger.con.execute("update closing set digest = 'abcdef012345'")
        ledger.con.execute(
            "update closing_total set co2e_g = co2e_g + 1000000 where accounting = 'location'"
            " and line = 'scope2'"
        )
    return book


def renamed_site(book: Book, _: Path) -> Book:
    return resaid(book, '"annex"', '"annexe"')


def forgotten_meter(book: Book, _: Path) -> Book:
    return resaid(book, '[[site.meter]]\nname = "m1"\n', "")


def reblended(book: Book, _: Path) -> Book:
    """A blend that was told by mass, and is told by volume since."""
    return resaid(book, 'basis = "mass"', 'basis = "volume"')


def resaid(book: Book, old: str, new: str) -> Book:
    path = book.folder / "carbon.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    return book


def omitted(book: Book, folder: Path) -> Book:
    """Under control all the time, and left out until now."""
    path = book.folder / "carbon.toml"
    text = path.read_text(encoding="utf-8")
    more = '[[site]]\nname = "annex"\nregion = "CN-ZJ"\njoined_because = "omitted"\n'
    more += 'sources = { refrigerants = "zero", electricity = "zero" }\n'
    path.write_text(text + more, encoding="utf-8")
    return book


def astray(book: Book, _: Path) -> Book:
    """A factor of a place that nobody has."""
    path = book.folder / "factors" / "own.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("fuel/diesel,hq,", "fuel/diesel,hk,"), encoding="utf-8")
    return book


def unknown(book: Book, _: Path) -> Book:
    """An activity of a later version of the program."""
    with Ledger.open(book.folder / "ledger.duckdb") as ledger:
        ledger.con.execute("update entry_key set activity = 'fusion' where activity = 'diesel'")
    return book


def forgotten(book: Book, _: Path) -> Book:
    """An appliance taken back without its service."""
    with Ledger.open(book.folder / "ledger.duckdb") as ledger:
        ledger.withdraw_record("equipment", "ac-1", by="me", note="")
    return book


def computed(book: Book, _: Path) -> Book:
    """A meter that was read, and is computed since."""
    return resaid(book, 'name = "rest"\nof = "main"\n', 'name = "rest"\nplus = ["main"]\n')


def taken_on(book: Book, _: Path) -> Book:
    """A month over its goal that somebody works on, longer than said."""
    book.case_update(
        "hq/electricity/2023-12", owner="Li", cause="a valve", action="mend it", due="2024-01-31"
    )
    return book


def unsaid_indicator(book: Book, _: Path) -> Book:
    return resaid(book, '[[indicator]]\nname = "paper"\nunit = "t"\n', "")


ACTS: dict[str, Callable[[Book, Path], Book]] = {
    each.__name__: each
    for each in (
        close,
        late,
        tampered,
        renamed_site,
        forgotten_meter,
        reblended,
        omitted,
        astray,
        unknown,
        forgotten,
        computed,
        taken_on,
        unsaid_indicator,
    )
}


def told(problem) -> str:
    """The whole text, without what differs by the day of the test."""
    return str(replace(problem, message=problem.message.replace(f"{date.today()}", "TODAY")))


def test_on_a_clean_book_check_finds_nothing(tmp_path):
    assert [str(each) for each in planted(tmp_path, {}).check()] == []


@pytest.mark.parametrize("code", PLANTED)
def test_one_planted_fault_is_one_finding(tmp_path, monkeypatch, code):
    fault = tomllib.loads(PLANTED[code].read_text(encoding="utf-8"), parse_float=Decimal)
    for name, rows in fault.get("checks", {}).items():
        answer(monkeypatch, name, [tuple(row) for row in rows])
    found = planted(tmp_path, fault).check()
    assert [told(each) for each in found] == [fault["finding"].strip()]
    assert [each.code for each in found] == [code.partition(".")[0]]


def answer(monkeypatch: pytest.MonkeyPatch, name: str, rows: list[tuple]) -> None:
    """Let a check of the SQL find rows that no input of a book can bring about."""
    ask = pipeline.check
    monkeypatch.setattr(
        pipeline, "check", lambda engine, each: rows if each == name else ask(engine, each)
    )


def raised() -> set[str]:
    """Every code that the findings can raise."""
    files = [*FINDINGS.glob("*.py"), FINDINGS.parent / "scenarios" / "remarks.py"]
    found = set()
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Problem", "Oddity"):
                found |= codes(node.args[0])
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).startswith("(code"):
                found |= codes(node.value.elts[0])
    return found


def codes(node: ast.expr) -> set[str]:
    """The words an argument can be: itself, or either of two."""
    if isinstance(node, ast.IfExp):
        return codes(node.body) | codes(node.orelse)
    return {node.value} if isinstance(node, ast.Constant) else set()


def test_every_finding_is_planted():
    assert raised() - {name.partition(".")[0] for name in PLANTED} == set()


def test_nothing_is_planted_that_no_finding_raises():
    extra = {name.partition(".")[0] for name in PLANTED} - raised()
    assert extra == {"drop", "spike", OF_FACTORS}  # named by a variable
