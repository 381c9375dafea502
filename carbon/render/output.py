"""The same tables for machines: JSON in a layout that holds still, and CSV.

`as_json` and `as_csv` give text, `write` puts it into a file whole or not at all. A figure keeps
every digit it has: decimals are written as they are and never pass through a float. Missing is
`null` in JSON and an empty field in CSV, never 0. Text that a spreadsheet would run as a formula
is disarmed in CSV; numbers never are. The layout is told in `docs/json.md`.
"""

from __future__ import annotations

import csv
import io
import json
import math
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbon.errors import Problem, UsageError
from carbon.tables import Column, Line, Report, Table

if TYPE_CHECKING:
    from carbon.targets import Chance, Verdict

LAYOUT = "carbon/1"
ENDINGS = ("", ".txt", ".md", ".json", ".csv")  # of a file an answer is written into
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def as_json(table: Table) -> str:
    """A table in the layout `carbon/1`: one object a row, keys with their units."""
    return _document(_body(table))


def as_csv(table: Table) -> str:
    """A table with its keys, which carry the units, as header."""
    keys = [column.key for column in _told(table)]
    return _lines([keys, *([row[key] for key in keys] for row in table.rows)])


def all_as_json(tables: Sequence[Table]) -> str:
    """Several tables as one document."""
    return _document({"tables": [_body(table) for table in tables]})


def all_as_csv(tables: Sequence[Table]) -> str:
    """Several tables as one list: a line for each value, with its table, row and key."""
    lines: list[list[Any]] = [["table", "row", "key", "value"]]
    for table in tables:
        for number, row in enumerate(table.rows, start=1):
            lines += [[table.name, number, column.key, row[column.key]] for column in _told(table)]
    return _lines(lines)


def report_as_json(report: Report) -> str:
    """The report as one document: its head, and every table of it."""
    head = {
        "report": report.organisation,
        "sample": report.sample,
        "boundary": report.boundary,
        "status": list(report.status),
    }
    return _document({**head, "tables": [_body(table) for table in report_tables(report)]})


def report_as_csv(report: Report) -> str:
    """The report as one list: a line for each value, with its table, row and key."""
    return all_as_csv(report_tables(report))


def report_tables(report: Report) -> list[Table]:
    """Every table of a report, in the order of the page."""
    return [
        report.inventory,
        verdict_table(report.verdicts),
        _line_table(report.lines),
        report.sites,
        report.change,
        report.intensity,
        report.outside,
        report.coverage,
        problem_table(report.problems),
    ]


def verdict_table(verdicts: Sequence[tuple[str, Verdict]]) -> Table:
    """One row per scenario and target."""
    columns = [
        Column("scenario", "Scenario"),
        Column("target", "Target"),
        Column("kind", "Kind"),
        Column("year", "Year"),
        Column("line", "Line"),
        Column("verdict", "Verdict"),
        Column("margin_t", "Margin", "t CO2e", "mass"),
        Column("margin_share", "Margin", kind="share"),
        Column("gap_t", "Gap", "t CO2e", "mass"),
        Column("required_pace_t", "Pace needed a year", "t CO2e", "mass"),
        Column("holds_share", "Probability", kind="share"),
        Column("holds_low_share", "95 % from", kind="share"),
        Column("holds_high_share", "to", kind="share"),
        Column("draws", "Draws", kind="count"),
        Column("seed", "Seed", kind="count"),
        Column("chance_note", "Of the probability"),
        Column("reason", "Reason"),
        Column("caveats", "Caveats"),
    ]
    rows = [
        {
            "scenario": scenario,
            "target": verdict.target.name,
            "kind": verdict.target.kind,
            "year": verdict.target.year,
            "line": verdict.line,
            "verdict": verdict.verdict,
            "margin_t": verdict.margin_t,
            "margin_share": verdict.margin_share,
            "gap_t": verdict.gap_t,
            "required_pace_t": verdict.required_pace_t,
            **_chance(verdict.chance),
            "reason": verdict.reason,
            "caveats": "; ".join(verdict.caveats),
        }
        for scenario, verdict in verdicts
    ]
    return Table("verdict", "Targets", columns, rows)


def _chance(chance: Chance | None) -> dict[str, Any]:
    """The probability of a verdict; nothing where nobody asked for it."""
    return {
        "holds_share": chance and chance.share,
        "holds_low_share": chance and chance.low,
        "holds_high_share": chance and chance.high,
        "draws": chance and chance.draws,
        "seed": chance and chance.seed,
        "chance_note": chance.note if chance else "",
    }


def problem_table(problems: Sequence[Problem]) -> Table:
    """One row per finding."""
    keys = ("severity", "code", "message", "file", "row", "more", "where", "looked_for", "nearest")
    keys += ("remedy", "entry_id", "mass_t", "finding_id", "acknowledged")
    columns = [
        Column(key, key.replace("_", " ").capitalize(), "t CO2e" if key == "mass_t" else "")
        for key in keys
    ]
    rows = [{key: getattr(problem, key) for key in keys} for problem in problems]
    return Table("problem", "Findings", columns, rows)


def _line_table(lines: Sequence[Line]) -> Table:
    """One row per line of the projection and year."""
    columns = [Column("line", "Line"), Column("kind", "Kind"), Column("year", "Year")]
    columns.append(Column("mass_t", "Emissions", "t CO2e", "mass"))
    rows = [
        {"line": line.name, "kind": line.kind, "year": year, "mass_t": value}
        for line in lines
        for year, value in zip(line.years, line.values, strict=True)
    ]
    return Table("projection", "Projection", columns, rows)


def write(path: Path, text: str, endings: Sequence[str] = ENDINGS) -> None:
    """A file written whole or not at all: what stood there stays until the new text is complete."""
    refuse(path, endings)
    folder = path.resolve().parent
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=folder)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        os.chmod(name, path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        os.replace(name, path.resolve())
    finally:
        Path(name).unlink(missing_ok=True)  # gone already where it took its place


def refuse(path: Path, endings: Sequence[str] = ENDINGS) -> None:
    """An answer never replaces a book's own files, nor what is no file. Raises UsageError."""
    is_book = path.name == "carbon.toml" or path.suffix in (".duckdb", ".lock")
    if is_book or (path.exists() and not path.is_file()):
        raise UsageError(
            "out",
            f"{path} is {'a part of a book' if is_book else 'no plain file'} and is not replaced",
            remedy="name another file after --out",
        )
    if path.suffix.lower() not in endings:
        raise UsageError(
            "out",
            f"this answer is not written as {path.suffix!r}",
            looked_for=", ".join(ending or "no ending" for ending in endings),
            remedy="end the name in .csv or .json for another program, .txt for a reader"
            if endings == ENDINGS
            else f"end the name in {' or '.join(endings)}",
        )


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _told(table: Table) -> list[Column]:
    """The columns of a table without pictures of what other columns tell."""
    return [column for column in table.columns if column.kind != "picture"]


def _body(table: Table) -> dict[str, Any]:
    columns = _told(table)
    return {
        "table": table.name,
        "title": table.title,
        "units": {each.key: _unit(each) for each in columns if _unit(each)},
        "rows": [{column.key: row[column.key] for column in columns} for row in table.rows],
        "notes": list(table.notes),
    }


def _unit(column: Column) -> str:
    """The unit of a value as it is written: a share is a fraction, shown in % on a page alone."""
    return "1" if column.kind == "share" else column.unit


def _document(body: Mapping[str, Any]) -> str:
    return _json({"layout": LAYOUT, **body}, "") + "\n"


def _json(value: Any, indent: str) -> str:
    """JSON with a row on a line of its own. Decimals are written digit for digit."""
    inner = indent + "  "
    if isinstance(value, Mapping) and any(isinstance(part, list) for part in value.values()):
        parts = [
            f"{inner}{_json(str(key), '')}: {_json(part, inner)}" for key, part in value.items()
        ]
        return "{\n" + ",\n".join(parts) + f"\n{indent}}}"
    if isinstance(value, Mapping):
        return (
            "{" + ", ".join(f"{_json(str(k), '')}: {_json(v, '')}" for k, v in value.items()) + "}"
        )
    if isinstance(value, list):
        parts = [f"{inner}{_json(part, inner)}" for part in value]
        return "[\n" + ",\n".join(parts) + f"\n{indent}]" if parts else "[]"
    return json.dumps(value) if value is None or isinstance(value, bool) else _scalar(value)


def _scalar(value: Any) -> str:
    number = _digits(value)
    if number is not None:
        return number if number else "null"
    text = value.isoformat() if isinstance(value, date | datetime) else str(value)
    return json.dumps(text, ensure_ascii=False)


def _digits(value: Any) -> str | None:
    """A number as text, without exponent and with no zeros at its end; None for other things.

    One that is not finite is '': there is no figure.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / Decimal(value.denominator)
    if isinstance(value, Decimal):
        text = format(value, "f") if value.is_finite() else ""
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, float):
        return _digits(Decimal(repr(value))) if math.isfinite(value) else ""
    return str(value) if isinstance(value, int) else None


def _lines(rows: Iterable[Sequence[Any]]) -> str:
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\n")
    writer.writerows([_field(value) for value in row] for row in rows)
    return held.getvalue()


def _field(value: Any) -> str:
    """A field: digits for a number, disarmed text for anything else."""
    if value is None:
        return ""
    number = _digits(value)
    if number is not None:
        return number
    if isinstance(value, bool):
        return "true" if value else "false"
    text = value.isoformat() if isinstance(value, date | datetime) else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
