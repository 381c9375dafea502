"""What does the factor library cost? Ratios within one run, against reading the same files plainly.

    python benchmarks/library.py

Prints, for each step, how many times the process time of its floor it takes. The floor of loading
is csv.reader over the same text, that of a search a scan of every set's words, that of filling a
book's engine DuckDB's own read_csv of the exported table.
"""

from __future__ import annotations

import csv
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from carbon import catalogue, export, inputs, library
from carbon.engine import Duck, connect
from carbon.library.files import read_folder

ROUNDS = 7


def spent(work: Callable[[], object]) -> float:
    """The least process time of several rounds. [s]"""
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def main() -> None:
    texts, _ = read_folder(None)
    known = library.load()

    def plain() -> None:
        for text in texts.values():
            list(csv.reader(line for line in text.splitlines() if not line.startswith("#")))

    def loaded() -> None:
        library._published.cache_clear()
        library.load()

    said = [
        " ".join(
            [each.set_id, each.topic, each.series, each.region, *(p.unit for p in each.printed)]
        )
        for each in known.sets.values()
    ]

    def scanned() -> None:
        [text for text in said if all(word in text for word in ("natural", "gas"))]

    def indexed() -> None:
        library._published.cache_clear()
        catalogue.search(library.load(), "natural gas", year=2024)

    def searched() -> None:
        catalogue.search(known, "natural gas", year=2024)

    known.search("warm")
    with tempfile.TemporaryDirectory() as folder:
        export.write(known, Path(folder))
        con = connect()

        def read() -> None:
            con.execute(f"create or replace table plain as from '{folder}/factors.csv'")

        def filled() -> None:
            Duck(con).load("factor_printed", inputs.factor_printed(known))

        floor, scan, table = spent(plain), spent(scanned), spent(read)
        count = sum(len(each.printed) for each in known.sets.values())
        print(f"{len(known.sets):,} sets, {count:,} printed values")
        print(f"load the library            {spent(loaded) / floor:6.1f} x csv.reader")
        print(f"load, index and search      {spent(indexed) / floor:6.1f} x csv.reader")
        print(f"search again                {spent(searched) / scan:6.1f} x a scan of every text")
        print(f"every value into DuckDB     {spent(filled) / table:6.1f} x read_csv")


if __name__ == "__main__":
    main()
