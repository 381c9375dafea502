"""Does any damaged file end in anything but records and messages? Mutates the files of tests/files.

Every file is cut, spliced, has bytes and cells exchanged and parts of its package damaged, and is
read as by `carbon import`. A crash, more than ten seconds or more than a gigabyte is a fault.

    PYTHONPATH=. python benchmarks/fuzz_readers.py [--files 5000] [--seed 1]
"""

from __future__ import annotations

import argparse
import io
import random
import re
import resource
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

from carbon import readers
from carbon.engine import connect
from carbon.errors import CarbonError
from carbon.records import ActivityWord, Vocabulary
from carbon.settings import ColumnMap

FILES = Path(__file__).parents[1] / "tests" / "files"
SLOWEST = 10.0  # [s]
LARGEST = 1 << 20  # of memory [KiB]
WORDS = rb"([^\w.+:-]+)"  # what parts them is kept
TODAY = date(2024, 6, 30)
BOOK = Vocabulary(
    activities={
        "electricity": ActivityWord("electricity", ("kWh",), ("电力", "电")),
        "natural_gas": ActivityWord("natural_gas", ("MJ", "m3"), ("天然气", "gas")),
        "pv_export": ActivityWord("pv_export", ("kWh",)),
        "gasoline": ActivityWord("gasoline", ("kg", "MJ", "L"), ("petrol", "汽油")),
    },
    sites={"HQ": "Hangzhou head office", "Plant": "Tonglu plant"},
    meters={"HQ-main": "HQ", "PL-1": "Plant"},
    instrument_kinds={"gec": Decimal(0)},
)
BITS = (
    b"", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b'"', b",", b";", b"\t", b"\n", b"\r", b"9" * 400,
    b"1e999", b"NaN", b"-", b"1,234", b"1.234,5", b"2023-02-30", b"03/04/2024", b"\xb5\xe7",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"<", b">", b"&b;", b"1048576", b"XFD1048576", b"4294967295",
    b"\xe4", "合计".encode(), "１２".encode(), b"[/red]", b"=1+1", b"'", b"%d", b"../../x",
)  # fmt: skip


def readings(chance: random.Random) -> bytes:
    """A file of quarter-hours, as data loggers write it."""
    step = chance.choice((15, 30, 60))
    lines = ["site,meter,activity,start,quantity,unit"]
    for place in range(chance.randint(2, 400)):
        minute = place * step
        stamp = f"2023-0{1 + minute // 40320}-{1 + minute // 1440 % 28:02} {minute // 60 % 24:02}"
        lines.append(f"HQ,HQ-main,electricity,{stamp}:{minute % 60:02},{place % 97}.25,kWh")
    return "\n".join(lines).encode()


def mutated(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """A file with up to eight things wrong with it."""
    package = zipfile.is_zipfile(io.BytesIO(data)) and chance.random() < 0.7
    if package:
        return _repacked(data, lambda part: mutated(part, others, chance), chance)
    if chance.random() < 0.6:
        return _reworded(data, others, chance)
    content = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(content) + 1)
        upto = min(len(content), at + int(chance.expovariate(1 / 20)))
        way = chance.randrange(6)
        if way == 0:
            content[at:upto] = chance.choice(BITS)
        elif way == 1:
            content[at:upto] = content[at:upto] * chance.randint(2, 50)
        elif way == 2:
            other = chance.choice(others)
            start = chance.randrange(len(other) + 1)
            content[at:upto] = other[start : start + chance.randint(1, 200)]
        elif way == 3 and content:
            content[at % len(content)] = chance.randrange(256)
        elif way == 4:
            del content[at:upto]
        else:
            del content[at + chance.randint(0, 2000) :]
    return bytes(content)


def _reworded(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """A file with up to four of its words exchanged, its form left as it is."""
    words = re.split(WORDS, data)
    strange = re.split(WORDS, chance.choice(others)[:20_000])
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(words))
        words[at] = chance.choice(chance.choice((BITS, words, strange)))
    return b"".join(words)


def _repacked(data: bytes, change: Callable[[bytes], bytes], chance: random.Random) -> bytes:
    """A package with one part changed or left out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        hit = chance.choice(old.namelist())
        for name in old.namelist():
            if name != hit:
                new.writestr(name, old.read(name))
            elif chance.random() < 0.9:
                new.writestr(name, change(old.read(name)))
    return out.getvalue()


def outcome(path: Path, column_map: ColumnMap | None) -> str:
    """What became of a file."""
    try:
        begun = readers.recognised(path, column_map)
        if begun is not None:
            with connect() as con:
                read = readers.Intervals(con, begun, BOOK, column_map, TODAY, lambda *_: None)
                told = [str(problem) for problem in read.problems]
                return "readings refused" if told and not read.is_read else "readings"
        sheets = readers.read_all(path, column_map)
        proposed = readers.propose(sheets[0], BOOK)
        readers.as_toml("fuzz", proposed)
        names = [readers.layout(each.header, column_map, each.told) for each in sheets]
        reads = [
            readers.understand(name, each, BOOK, column_map, TODAY)
            for name, each in zip(names, sheets, strict=True)
        ]
        for problem in readers.together(reads).problems:
            str(problem)
        return "records" if any(read.records for read in reads) else "refused rows"
    except CarbonError as fault:
        return fault.code if str(fault) else "silent"


def main() -> int:
    wanted = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    wanted.add_argument("--files", type=int, default=5000)
    wanted.add_argument("--seed", type=int, default=1)
    said = wanted.parse_args()
    chance = random.Random(said.seed)
    paths = [path for path in sorted(FILES.iterdir()) if path.suffix not in (".toml", ".md")]
    originals = [path.read_bytes() for path in paths]
    for number in range(len(paths) // 6):  # they stand in no file, since they are long
        paths.append(Path(f"readings-{number}.csv"))
        originals.append(readings(chance))
    ended: Counter[str] = Counter()
    faults = 0
    slowest = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(said.files):
            at = chance.randrange(len(paths))
            path = Path(folder) / f"file{paths[at].suffix}"
            path.write_bytes(mutated(originals[at], originals, chance))
            column_map = chance.choice((None, None, ColumnMap(time_zone="UTC-05:00")))
            begun = time.perf_counter()
            try:
                ended[outcome(path, column_map)] += 1
            except BaseException as fault:
                if isinstance(fault, KeyboardInterrupt):
                    raise
                faults += 1
                kept = Path(tempfile.gettempdir()) / f"fuzz-{said.seed}-{number}{path.suffix}"
                kept.write_bytes(path.read_bytes())
                print(f"{paths[at].name}, kept as {kept}", file=sys.stderr)
                traceback.print_exc(limit=-3)
            took = time.perf_counter() - begun
            slowest = max(slowest, took)
            if took > SLOWEST:
                faults += 1
                print(f"{paths[at].name}: {took:.1f} s", file=sys.stderr)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{said.files:,} files, {faults} faults, slowest {slowest:.2f} s, {peak >> 10} MiB")
    print(", ".join(f"{code} {count}" for code, count in ended.most_common()))
    return int(faults > 0 or peak > LARGEST)


if __name__ == "__main__":
    sys.exit(main())
