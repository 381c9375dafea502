"""How long `carbon plan` takes on a book, end to end, and where the time goes.

    python benchmarks/plan_book.py [MEASURES] [YEARS]

The sample with a data centre, with measures of several kinds at made-up costs, each of which may
begin in any planned year: so many projections by the engine, a program, and the choice projected.
"""

from __future__ import annotations

import cProfile
import pstats
import random
import sys
import tempfile
from datetime import date
from pathlib import Path
from time import perf_counter, process_time

from carbon.abatement import Asked, make
from carbon.book import Book

FIRST = 2023
SITES = ("lingang-aidc", "xinzhou-tower", "beijing", "shenzhen", "hangzhou", "chengdu")
HEAD = """name = "many"
based_on = "baseline"
horizon = {horizon}
"""
MEASURE = """
[[measure]]
name = "m{n}"
area = "buildings"
stage = "reduction"
kind = "{kind}"
site = "{site}"
activity = "electricity"
{said}
start = "{first}-01"
capex_rmb = {capex}
opex_rmb_per_year = {opex}
source = "assumption"
"""
CREDITS = """
[[measure]]
name = "credits"
area = "daily operation"
stage = "neutralisation"
kind = "credits"
standard = "CCER"
credit_kind = "avoidance"
mass_t = "rest"
years = {years}
price_rmb_per_t = 100
source = "assumption"
"""


def scenario(measures: int, span: int, seed: int = 6) -> str:
    """A scenario of many measures, every third a fixed saving, the others a share of the load."""
    draw, horizon = random.Random(seed), FIRST + span - 1
    said = [HEAD.format(horizon=horizon)]
    for n in range(measures):
        is_saving = n % 3 == 2
        site = SITES[n % len(SITES)] if is_saving else SITES[0]
        said.append(
            MEASURE.format(
                n=n,
                kind="saving" if is_saving else "efficiency",
                site=site,
                said='saving = "20 MWh"' if is_saving else f"cut = 0.0{draw.randint(1, 3)}",
                first=FIRST,
                capex=draw.randint(50_000, 20_000_000),
                opex=draw.randint(-900_000, 50_000),
            )
        )
    return "\n".join([*said, CREDITS.format(years=[*range(2030, horizon + 1)])])


def main() -> None:
    measures, span = (int(each) for each in (sys.argv[1:] + ["20", "10"][len(sys.argv) - 1 :]))
    with tempfile.TemporaryDirectory() as folder:
        book = Book.demo("ai", Path(folder) / "ai", date(2026, 11, 20))
        file = book.folder / "scenarios" / "many.toml"
        file.write_text(scenario(measures, span), encoding="utf-8")
        asked = Asked("many", targets=["Operational neutrality by 2030"])
        profile, began, busy = cProfile.Profile(), perf_counter(), process_time()
        with book.run(["many"]) as run:
            ready = perf_counter()
            profile.enable()
            plan = make(run, asked, book.today)
            profile.disable()
        parts = {
            name: seconds
            for (file, _, name), (_, _, _, seconds, _) in pstats.Stats(profile).stats.items()
            if "abatement" in file + name or (name in ("solve", "supposing") and "carbon" in file)
            if name in ("_effects", "solve", "in_truth", "steps", "supposing")
        }
        print(
            f"{measures} measures x {span} years, {len(plan.problem.options)} options:"
            f" {perf_counter() - began:.1f} s, of the processor {process_time() - busy:.1f} s;"
            f" the book {ready - began:.1f} s, "
            + ", ".join(f"{k} {v:.1f} s" for k, v in parts.items())
        )
        print(f"{len(plan.starts)} chosen, rounds {plan.found.rounds}, missed {plan.found.missed}")


if __name__ == "__main__":
    main()
