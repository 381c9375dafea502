"""What Monte Carlo costs: 10,000 draws over 50 sites and 5 years, beside the inventory itself.

Makes a book of 50 sites with monthly bills of electricity and gas over five years, computes its
inventory, then the ranges of all totals by both ways, and prints the ratio of the two times and how
far the two ways lie apart. The draws are compared with the floor under them: drawing the same
count of normal numbers and nothing else.

    python benchmarks/uncertainty.py
"""

from __future__ import annotations

import csv
import tempfile
import time
from datetime import date
from pathlib import Path

import numpy

from carbon import uncertainty
from carbon.book import Book

SITES, YEARS = 50, range(2021, 2026)
REGIONS = ("CN-ZJ", "CN-GD", "CN-JS", "GB", "US-EGRID-CAMX")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        book = written(Path(folder))
        with book.run() as run:
            start = time.perf_counter()
            found = uncertainty.model(run)
            told = time.perf_counter()
            gaps = [gap(found, found.of(year, total)) for year in YEARS for total in TOTALS]
            drawn = time.perf_counter()
        again = time.perf_counter()
        book.inventory()
        inventory = time.perf_counter() - again
    names = {name for part in found.parts for name in (part.quantity, part.factor)}
    floor = time.perf_counter()
    numpy.random.default_rng(1).standard_normal((uncertainty.DRAWS, len(names)))
    floor = time.perf_counter() - floor
    print(f"{SITES} sites, {len(YEARS)} years, {len(found.parts):,} parts, {len(names)} errors")
    print(f"parts and errors {told - start:5.2f} s")
    print(f"all draws        {drawn - told:5.2f} s, {(drawn - told) / floor:.1f} x one drawing")
    print(f"together         {drawn - start:5.2f} s, {(drawn - start) / inventory:.1f} x inventory")
    print(f"the two ways lie apart by at most {max(gaps):.2%} of the range")


TOTALS = ("location", "market")


def gap(found: uncertainty.Model, parts: list[uncertainty.Part]) -> float:
    """How far the widths of the two ranges lie apart."""
    added, drawn = uncertainty.propagated(found, parts), uncertainty.simulated(found, parts)
    width = added.below + added.above
    return abs(drawn.below + drawn.above - width) / width


def written(folder: Path) -> Book:
    """A book of many sites, each with its bills."""
    book = Book.init(folder / "book", "Many sites", "CN", date(2026, 1, 31))
    places = [f'[[site]]\nname = "s{n}"\nregion = "{REGIONS[n % 5]}"\n' for n in range(SITES)]
    settings = book.folder / "carbon.toml"
    head = '[organisation]\nname = "Many sites"\n'
    settings.write_text(head + "\n".join(places), encoding="utf-8")
    with open(folder / "bills.csv", "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["site", "activity", "month", "quantity", "unit", "quality"])
        for n in range(SITES):
            for year in YEARS:
                for month in range(1, 13):
                    when, much = f"{year}-{month:02}", 100 + n
                    rows.writerow([f"s{n}", "electricity", when, much, "MWh", "billed"])
                    if n % 5 < 3:
                        rows.writerow([f"s{n}", "natural_gas", when, much, "m3", "metered"])
    [report] = book.import_files([folder / "bills.csv"])
    assert not report.problems, report.problems
    return book


if __name__ == "__main__":
    main()
