"""A year of quarter-hours of 100 meters into the book, beside DuckDB reading the same file.

    python benchmarks/readings.py            3.5 million rows, three times, about a minute
    python benchmarks/readings.py --meters 10

Each contestant is a process of its own, in turn. DuckDB makes a table of the file as it guesses its
types, in a database file and in memory, and checks nothing; the book reads the file with all checks
and records it. Before a time counts, the ledger's months must equal sums of DuckDB's own table.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median

import duckdb

ROWS = """
copy (
    select
        'site-' || lpad(cast(m // 10 as varchar), 2, '0') as site,
        'meter-' || lpad(cast(m as varchar), 3, '0') as meter,
        'electricity' as activity,
        strftime(timestamp '2023-01-01' + to_minutes(15 * i), '%Y-%m-%d %H:%M') as start,
        cast(hash(m * 40000 + i) % 80000 as decimal(12, 0)) * 0.001 as quantity,
        'kWh' as unit
    from range({meters}) as t(m), range(35040) as r(i)
    order by {order}
) to '{path}' (header)
"""
ORDERS = {"meter by meter": "m, i", "time by time": "i, m"}
SUMS = """
select meter, year(start) * 100 + month(start) as month, sum(cast(quantity as decimal(17, 6)))
from {table} group by 1, 2 order by 1, 2
"""
TURNS = 3


def book(folder: Path, file: Path, meters: int) -> None:
    """Import the file into a new book."""
    from carbon.book import Book

    lines = ['[organisation]\nname = "Benchmark"\n']
    for site in range(-(-meters // 10)):
        lines.append(f'[[site]]\nname = "site-{site:02}"\nregion = "CN-ZJ"\n')
        for meter in range(site * 10, min(site * 10 + 10, meters)):
            lines.append(f'[[site.meter]]\nname = "meter-{meter:03}"\n')
    (folder / "carbon.toml").write_text("\n".join(lines), encoding="utf-8")
    [report] = Book(folder, date(2024, 6, 1)).import_files([file])
    assert report.recorded == meters * 35040, report


def duck(folder: Path, file: Path, database: str) -> None:
    """Read the file into a table, as DuckDB does by itself."""
    with duckdb.connect(database) as con:
        con.execute(f"create table reading as select * from read_csv('{file}')")


CONTESTANTS = {
    "DuckDB, in memory": lambda folder, file, _: duck(folder, file, ":memory:"),
    "DuckDB, into a file": lambda folder, file, _: duck(folder, file, str(folder / "duck.db")),
    "carbon import": book,
}


def child(name: str, folder: Path, file: Path, meters: int) -> None:
    """One contestant in this process: what it cost, as JSON."""
    if name == "carbon import":
        import carbon.book  # noqa: F401, not part of what is measured
    wall, cpu = time.perf_counter(), time.process_time()
    CONTESTANTS[name](folder, file, meters)
    print(
        json.dumps(
            {
                "wall": time.perf_counter() - wall,
                "cpu": time.process_time() - cpu,
                "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
        )
    )


def measured(name: str, file: Path, meters: int, check: bool) -> dict[str, float]:
    """What a contestant costs in a fresh process."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        command = [sys.executable, __file__, "--child", name, made, str(file), str(meters)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        if check:
            compare(folder, file)
        return json.loads(done.stdout)


def compare(folder: Path, file: Path) -> None:
    """The ledger's months must be those of DuckDB's own table."""
    with duckdb.connect() as con:
        wanted = con.execute(SUMS.format(table=f"read_csv('{file}')")).fetchall()
    with duckdb.connect(str(folder / "ledger.duckdb"), read_only=True) as con:
        found = con.execute(
            "select k.meter, m.month, m.quantity from entry_month as m"
            " join entry_key as k on k.key_id = m.key_id order by 1, 2"
        ).fetchall()
    if found != wanted:
        raise SystemExit("the months of the ledger are not those of the file")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--meters", type=int, default=100)
    parser.add_argument("--child", nargs=4)
    asked = parser.parse_args()
    if asked.child:
        name, folder, file, meters = asked.child
        child(name, Path(folder), Path(file), int(meters))
        return
    with tempfile.TemporaryDirectory() as made:
        for order, by in ORDERS.items():
            file = Path(made) / "readings.csv"
            duckdb.execute(ROWS.format(meters=asked.meters, order=by, path=file))
            rows, size = asked.meters * 35040, file.stat().st_size >> 20
            print(f"\n{rows:,} rows, {size} MiB, {order}, load {os.getloadavg()[0]:.1f}")
            taken: dict[str, list[dict[str, float]]] = {name: [] for name in CONTESTANTS}
            for turn in range(TURNS):
                for name, times in taken.items():
                    is_book = name == "carbon import"
                    times.append(measured(name, file, asked.meters, is_book and not turn))
            costs = {
                name: {key: median(each[key] for each in times) for key in times[0]}
                for name, times in taken.items()
            }
            ours = costs["carbon import"]
            print(f"{'':22}{'wall s':>8}{'CPU s':>8}{'MB':>6}{'import takes, wall':>20}{'CPU':>6}")
            for name, cost in costs.items():
                print(
                    f"{name:22}{cost['wall']:8.2f}{cost['cpu']:8.2f}{cost['mb']:6.0f}"
                    f"{ours['wall'] / cost['wall']:19.2f}x{ours['cpu'] / cost['cpu']:5.2f}x"
                )


if __name__ == "__main__":
    main()
