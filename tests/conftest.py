"""Fixtures: a relation worked out from rows in sight, on every engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlglot
from books import begun, kept
from published import edition
from sqlglot import exp

from carbon.book import Book
from carbon.engine import CONFIG, Duck, Engine, connect, sql_text
from carbon.fusion import Fusion
from carbon.ledger import BATCH_INPUT
from carbon.pipeline import CHECKS, STEPS
from carbon.schema import FLOW_PART, FOREVER, RELATIONS, Relation

# One thread a worker: on rows as few as these, several spend a third of the time on each other.
# test_engines and test_sensitivity give themselves more; a `carbon` in a process has all cores.
CONFIG["threads"] = "1"

FILES = dict(STEPS) | {name: f"check/{name}" for name in CHECKS}
KINDS = RELATIONS | BATCH_INPUT | {"flow_part": FLOW_PART}

# What a column says where a test says nothing: whatever changes no result.
NEUTRAL = {
    "scenario": "actual",
    "kind": "record",
    "unit": "kWh",
    "canonical_unit": "kWh",
    "batch_id": 1,
    "share": Decimal(1),
    "part": Decimal(1),
    "share_until": Decimal(1),
    "multiplier": Decimal(1),
    "factor": Decimal(1),
    "is_recorded": True,
    "is_in_scopes": True,
    "left_month": FOREVER,
    "max_above": 99,
    "last_year": 9999,
    "cut_off": 999,
    "known_on": date(2100, 1, 1),
    "gwp_set": "AR6",
}
MONTHS = [year * 100 + month for year in range(2021, 2027) for month in range(1, 13)]


def month_rows(cut_off: int = 999, **others: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Rows of `month` from 2021 to 2026; `others` say more of one, named like m202301."""
    return [
        {"month": month, "reporting_year": month // 100, "cut_off": cut_off}
        | dict(others.get(f"m{month}", {}))
        for month in MONTHS
    ]


# Relations that have these rows where a test gives none.
GIVEN = {
    "run_option": [{}],
    "scenario": [{}],
    "month": month_rows(),
    "factor_month": [{"month": month, "factor_year": month // 100} for month in MONTHS],
    "matching_month": [{"month": month, "period": month // 100} for month in MONTHS],
}

Rows = Sequence[Mapping[str, Any]]


@pytest.fixture(params=["duckdb", "datafusion"])
def engine(request: pytest.FixtureRequest):
    """Each engine in turn."""
    if request.param == "datafusion":
        yield Fusion()
        return
    con = connect()
    con.execute("set threads = 1")
    yield Duck(con)
    con.close()


@pytest.fixture
def calendar() -> Callable[..., list[dict[str, Any]]]:
    """`calendar(cut_off, m202301={...})`: rows of `month`."""
    return month_rows


@pytest.fixture
def relation(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[dict]]:
    """`relation(name, **tables)`: the rows of a relation or check, from rows of what it reads."""
    for name, each in (BATCH_INPUT | {"flow_part": FLOW_PART}).items():
        monkeypatch.setitem(RELATIONS, name, each)

    def derived(name: str, **tables: Rows) -> list[dict]:
        sql = sql_text(FILES.get(name, name))
        reads = tables_read(sql)
        assert set(tables) <= reads, f"{name} does not read {sorted(set(tables) - reads)}"
        for table in sorted(reads):
            load(engine, table, tables.get(table, GIVEN.get(table, [])))
        engine.derive(name, sql)
        return rows_of(engine, name)

    return derived


def load(engine: Engine, table: str, rows: Rows) -> None:
    """Load rows into an engine; the methods' parts of `flow` have one shape."""
    glossary = "flow_part" if table.startswith("flow_") else table
    engine.load(glossary, [row_of(KINDS[glossary], row) for row in rows])
    if glossary != table:
        engine.derive(table, f"select * from {glossary}")


def row_of(kind: Relation, said: Mapping[str, Any]) -> tuple:
    """A whole row, in the order of its columns, with what the test says and neutral values."""
    assert set(said) <= set(kind.columns), f"{kind.name} has no {set(said) - set(kind.columns)}"
    return tuple(
        _exact(said.get(column, neutral(kind.name, column, of)), of)
        for column, of in kind.columns.items()
    )


def neutral(table: str, column: str, kind: str) -> Any:
    """The value of a column that a test does not mention."""
    if (table, column) == ("factor_set", "scenario"):
        return ""  # a published set, supposed by no scenario
    if column in NEUTRAL:
        return NEUTRAL[column]
    return {
        "varchar": "",
        "boolean": False,
        "date": date(2020, 1, 1),
        "timestamp": datetime(2020, 1, 1),
    }.get(kind, Decimal(0) if kind.startswith("decimal") else 0)


def _exact(value: Any, kind: str) -> Any:
    return Decimal(value) if kind.startswith("decimal") else value


@cache
def tables_read(sql: str) -> frozenset[str]:
    """The relations a query reads."""
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    own = {cte.alias for cte in tree.find_all(exp.CTE)}
    return frozenset(table.name for table in tree.find_all(exp.Table)) - own


def rows_of(engine: Engine, name: str) -> list[dict]:
    """The rows of a derived relation, in one order on every engine."""
    columns = columns_of(engine, name)
    rows = engine.rows(f"select {', '.join(columns)} from {name}")
    return [dict(zip(columns, row, strict=True)) for row in sorted(rows, key=repr)]


def columns_of(engine: Engine, name: str) -> dict[str, str]:
    """Names and types of a derived relation's columns, in order."""
    if isinstance(engine, Duck):
        told = engine.con.execute(f"describe {name}").fetchall()
        return {row[0]: row[1].replace(",", ", ").lower() for row in told}
    schema = engine.context.table(name).schema()
    return {field.name: str(field.type).replace("decimal128", "decimal") for field in schema}


TODAY = date(2026, 11, 20)
HEAD = '[organisation]\nname = "Acme"\n{more}\n'


@pytest.fixture
def make(tmp_path: Path):
    """A book of these settings, with a bill of so many MWh in every month of a site and year."""

    def made(*parts: str, bills: dict, more: str = "") -> Book:
        text = HEAD.format(more=more) + "".join(parts)
        rows = ["site,activity,month,quantity,unit"]
        for (site, year), energy in bills.items():
            rows += [f"{site},electricity,{year}-{m:02},{energy},MWh" for m in range(1, 13)]
        path = tmp_path / "bills.csv"
        if bills:
            path.write_text("\n".join(rows), encoding="utf-8")

        def new() -> None:
            book = begun(folder, "Acme", "CN-ZJ", TODAY)
            (folder / "carbon.toml").write_text(text, encoding="utf-8")
            if bills:
                [report] = book.import_files([path])
                assert [each for each in report.problems if each.severity == "error"] == []

        folder = tmp_path / "book"
        return kept(("made", text, *rows), folder, new, TODAY)

    return made


@pytest.fixture
def worked(tmp_path: Path):
    """`worked(rows, *factors)`: a book at site `hq` that holds the rows of a worked example.

    rows : lines `activity,quantity,unit` of 2023, with `,detail` where the activity needs one.
    factors : lines `topic,quantity,value,unit` as `published.edition` takes them, at the site.
    settings : more of carbon.toml.
    """

    def made(rows: str, *factors: str, settings: str = "", site: str = "") -> Book:
        book = begun(tmp_path / "book", "Acme", "CN-ZJ", TODAY)
        place = site or '[[site]]\nname = "hq"\nregion = "CN-ZJ"\n'
        text = HEAD.format(more="") + place + settings
        (book.folder / "carbon.toml").write_text(text, encoding="utf-8")
        if factors:
            own = book.folder / "factors" / "example.csv"
            own.write_text(edition(*factors, region="hq"), encoding="utf-8")
        lines = ["site,year,activity,quantity,unit,detail"]
        lines += [f"hq,2023,{row.strip()}" for row in rows.strip().splitlines()]
        short = [line + "," if line.count(",") == 4 else line for line in lines]
        path = tmp_path / "rows.csv"
        path.write_text("\n".join(short) + "\n", encoding="utf-8")
        [report] = book.import_files([path])
        assert [each for each in report.problems if each.severity == "error"] == []
        return book

    return made
