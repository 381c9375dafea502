"""Bills, exports and meter data as others hand them in, each with what must come of it.

Beside every file of `files/` stands a text of its name: entries, refused rows with their reason,
what is told besides, and totals; or the error that keeps the whole file out. No company is real.
"""

from __future__ import annotations

import importlib.util
import random
import tomllib
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbon import readers
from carbon.errors import CarbonError
from carbon.records import ActivityWord, Vocabulary
from carbon.settings import ColumnMap

FILES = Path(__file__).with_name("files")
CASES = sorted(path.with_suffix("") for path in FILES.glob("*.toml"))
TODAY = date(2024, 6, 30)
BOOK = Vocabulary(
    activities={
        "electricity": ActivityWord("electricity", ("kWh",), ("电力", "电")),
        "pv_export": ActivityWord("pv_export", ("kWh",)),
        "natural_gas": ActivityWord("natural_gas", ("MJ", "m3"), ("天然气",)),
    },
    sites={"HQ": "Hangzhou head office", "Plant": "Tonglu plant"},
    meters={"HQ-main": "HQ", "PL-1": "Plant"},
)


def wanted(path):
    """What must come of a file."""
    return tomllib.loads(path.with_name(path.name + ".toml").read_text(encoding="utf-8"))


def got(path, said):
    """What comes of it, in the same form."""
    column_map = ColumnMap.model_validate(said["map"]) if "map" in said else None
    try:
        sheets = readers.read_all(path, column_map)
        reads = [readers.understand("activity", sheet, BOOK, column_map, TODAY) for sheet in sheets]
    except CarbonError as fault:
        assert str(fault).startswith("error[")
        return {"error": fault.code}
    read = readers.together(reads)
    totals = defaultdict(Decimal)
    for each in read.records:
        totals[f"{each.activity} {each.unit}"] += each.quantity
    refused = [
        f"{row} {reason.partition(':')[0]}"
        for one in reads
        for row, reasons in one.refused.items()
        for reason in reasons
    ]
    of_file = [f"0 {p.code}" for p in read.problems if p.severity == "error" and not p.row]
    return {
        "entries": [entry(each) for each in read.records],
        "refused": of_file + refused,
        "told": [p.code for p in read.problems if p.severity != "error"],
        "totals": totals,
    }


def entry(each):
    parts = (each.row, each.site, each.meter, each.activity, each.start_on, each.end_on)
    return " | ".join(map(str, (*parts, f"{each.quantity.normalize():f}", each.unit)))


def plain(line):
    """An entry with its quantity as it comes out, 1200.50 as 1200.5."""
    *parts, quantity, unit = line.split(" | ")
    return " | ".join((*parts, f"{Decimal(quantity).normalize():f}", unit))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_a_file_gives_the_entries_refusals_and_totals_that_stand_beside_it(path):
    said = wanted(path)
    found = got(path, said)
    if "error" in said or "error" in found:
        assert found == {"error": said.get("error")}
        return
    assert found["entries"] == [plain(line) for line in said["entries"]]
    assert sorted(found["refused"]) == sorted(said["refused"])
    assert sorted(found["told"]) == sorted(said["told"])
    assert found["totals"] == {key: Decimal(value) for key, value in said["totals"].items()}


def test_there_are_enough_files_and_none_without_its_expectation():
    files = {path.name for path in FILES.iterdir() if path.suffix != ".toml"}
    assert files == {path.name for path in CASES}
    assert len(files) >= 60


def fuzzing():
    """The script that mutates files, benchmarks/fuzz_readers.py."""
    path = Path(__file__).parents[1] / "benchmarks" / "fuzz_readers.py"
    spec = importlib.util.spec_from_file_location("fuzz_readers", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


FUZZ = fuzzing()
QUICK = [path for path in CASES if path.suffix not in (".xls", ".ods")]  # no other process
BYTES = [path.read_bytes() for path in QUICK]


@given(at=st.integers(0, len(QUICK) - 1), seed=st.integers(0, 2**32))
@settings(max_examples=150, deadline=None)
def test_a_damaged_file_ends_in_records_or_a_message(tmp_path_factory, at, seed):
    path = tmp_path_factory.getbasetemp() / f"damaged{QUICK[at].suffix}"
    path.write_bytes(FUZZ.mutated(BYTES[at], BYTES, random.Random(seed)))
    assert FUZZ.outcome(path, None) != "silent"
