"""What looking ahead costs: 5 scenarios of 50 sites and 25 years, beside SQL written by hand.

Writes a book of many sites (`many_sites.py`), then times in one process, in turn: its actual
inventory, its projection as `carbon project` prints it, the part that projects, the same totals by
hand-written DuckDB SQL and by pandas in floats. No time counts before every total of the engine
equals the hand-written one to the last digit (floats to 1e-9). Machines differ, so ratios are what
to read; CPU counts all threads.

    python benchmarks/projection.py              medians of five rounds
    python benchmarks/projection.py --relations  the CPU time of each relation as well
    python benchmarks/projection.py --steps      and what is done outside of SQL
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from many_sites import BASE, TODAY, written

from carbon import inputs, pipeline, scenarios
from carbon.book import Book
from carbon.engine import Duck, insert_rows, sql_text
from carbon.outlook import projection
from carbon.run import Run, carry_out, supposing
from carbon.schema import Relation

SITES, SCENARIOS, YEARS, MANY = 50, 5, 25, 16
ROUNDS = 5

# What a person would write who has the multipliers, additions and factors as small tables: months
# times multipliers, rounded as the engine says it rounds, summed by year, times a factor. National
# certificates cover what the sites of China buy, at most all of it, and have no emissions.
BY_HAND = """
with planned as (
    select l.scenario, l.key_id, p.month,
        cast(round(e.quantity * p.multiplier, 6) as decimal(17, 6)) as quantity
    from hand_load as l
    join hand_multiplier as p on p.scenario = l.scenario and p.measure_set = l.measure_set
    join hand_month as e on e.key_id = l.key_id and e.month = p.base_month
    union all
    select scenario, key_id, month, quantity from hand_addition
),
by_year as (
    select p.scenario, k.region, k.activity, p.month // 100 as year, sum(p.quantity) as quantity
    from planned as p
    join hand_key as k on k.key_id = p.key_id
    group by p.scenario, k.region, k.activity, p.month // 100
),
gross as (
    select b.scenario, b.year, f.line, f.accounting,
        sum(cast(b.quantity as decimal(17, 6)) * f.co2e_g) as co2e_g
    from by_year as b
    join hand_factor as f
        on f.scenario = b.scenario and f.region = b.region and f.activity = b.activity
        and f.year = b.year
    group by b.scenario, b.year, f.line, f.accounting
),
covered as (
    select c.scenario, c.year,
        cast(least(c.energy_kwh, b.quantity) as decimal(17, 6)) * c.co2e_g as co2e_g
    from hand_certificate as c
    join (
        select scenario, year, sum(quantity) as quantity
        from by_year
        where activity = 'electricity' and region like 'CN-%'
        group by scenario, year
    ) as b on b.scenario = c.scenario and b.year = c.year
)
select g.scenario, g.year, g.line, g.accounting,
    g.co2e_g - case when g.accounting = 'market' then coalesce(c.co2e_g, 0) else 0 end as co2e_g
from gross as g
left join covered as c on c.scenario = g.scenario and c.year = g.year
order by 1, 2, 3, 4
"""

ANSWER = f"""
select scenario, reporting_year, line, accounting, sum(co2e_g) as co2e_g
from total
where reporting_year > {BASE} and line in ('scope1', 'scope2')
group by 1, 2, 3, 4
order by 1, 2, 3, 4
"""

Rows = list[tuple[Any, ...]]


# --- the hand-written answer ---------------------------------------------------------------------


def hand_tables(run: Run) -> None:
    """The small tables that a hand-written answer starts from, taken out of a computed run."""
    con = run.engine.con
    tables = {
        "hand_load": "select * from plan_load",
        "hand_multiplier": "select * from plan_index",
        "hand_month": "select key_id, month, quantity from entry_current_month"
        f" where month // 100 = {BASE}",
        "hand_addition": "select scenario, key_id, month, quantity from plan_addition",
        "hand_key": "select k.key_id, k.activity, s.region from activity_key as k"
        " join hand_site as s on s.site = k.site",
        "hand_factor": "select distinct f.scenario, s.region, f.activity, f.reporting_year as year,"
        " f.line, f.accounting, sum(k.co2e_g) as co2e_g"
        " from (select distinct scenario, site, activity, reporting_year, line, accounting, topic,"
        "  place, policy, factor_year, unit, share, part from flow"
        "  where line in ('scope1', 'scope2') and family <> 'instrument'"
        "  and scenario <> 'actual') as f"
        " join hand_site as s on s.site = f.site"
        " join factor_choice as c on c.scenario = f.scenario and c.topic = f.topic"
        "  and c.place = f.place and c.policy = f.policy and c.factor_year = f.factor_year"
        "  and c.accounting = f.accounting"
        " join coefficient as k on k.set_id = c.set_id and k.unit = f.unit and k.share = f.share"
        "  and k.part = f.part and k.is_in_scopes"
        " group by f.scenario, f.site, s.region, f.activity, f.reporting_year, f.line,"
        " f.accounting",
        "hand_certificate": "select i.scenario, i.claim_year as year,"
        " sum(i.energy_kwh) as energy_kwh, any_value(f.co2e_g) as co2e_g from instrument_input as i"
        " join hand_factor as f on f.scenario = i.scenario and f.year = i.claim_year"
        " and f.region = 'CN-SH' and f.activity = 'electricity' and f.accounting = 'market'"
        " group by i.scenario, i.claim_year",
    }
    places = Relation("hand_site", "", {"site": "varchar", "region": "varchar"})
    con.execute("create or replace temp table hand_site (site varchar, region varchar)")
    insert_rows(con, places, [(each.name, each.region) for each in run.settings.site])
    for name, sql in tables.items():
        con.execute(f"create or replace temp table {name} as {sql}")


def by_pandas(con: Any) -> Callable[[], Rows]:
    """Merge, multiply and group in floats, the frames ready in memory before any time counts."""

    def frame(table: str) -> Any:
        found = con.execute(f"select * from {table}").df()
        return found.astype({c: float for c in found.columns if c in FLOATS})

    load, multiplier, month = frame("hand_load"), frame("hand_multiplier"), frame("hand_month")
    addition, key, factor = frame("hand_addition"), frame("hand_key"), frame("hand_factor")
    certificate = frame("hand_certificate")

    def answer() -> Rows:
        import pandas

        plan = load.merge(multiplier, on=["scenario", "measure_set"])
        plan = plan.merge(
            month,
            left_on=["key_id", "base_month"],
            right_on=["key_id", "month"],
            suffixes=("", "_b"),
        )
        plan["quantity"] *= plan["multiplier"]
        columns = ["scenario", "key_id", "month", "quantity"]
        every = pandas.concat([plan[columns], addition[columns]]).merge(key, on="key_id")
        every["year"] = every["month"] // 100
        year = every.groupby(["scenario", "region", "activity", "year"], as_index=False)[
            "quantity"
        ].sum()
        joined = year.merge(factor, on=["scenario", "region", "activity", "year"])
        joined["co2e_g"] *= joined["quantity"]
        gross = joined.groupby(["scenario", "year", "line", "accounting"])["co2e_g"].sum()
        bought = year[(year["activity"] == "electricity") & year["region"].str.startswith("CN-")]
        limit = bought.groupby(["scenario", "year"])["quantity"].sum()
        for row in certificate.itertuples():
            used = min(row.energy_kwh, limit[row.scenario, row.year])
            gross[row.scenario, row.year, "scope2", "market"] -= used * row.co2e_g
        return [(*name, value) for name, value in gross.items()]

    return answer


FLOATS = ("quantity", "multiplier", "co2e_g", "energy_kwh")


def check_totals(run: Run, others: dict[str, Callable[[], Rows]]) -> int:
    """Raises SystemExit unless all answers agree: decimals exactly, floats to 1e-9."""
    truth = run.rows(ANSWER)
    for name, answer in others.items():
        found = answer()
        if "floats" in name:
            pairs = zip(sorted(found), truth, strict=True)
            same = all(
                a[:4] == b[:4] and abs(a[4] - float(b[4])) <= 1e-9 * float(b[4]) for a, b in pairs
            )
        else:
            same = found == truth
        if not same:
            raise SystemExit(f"{name} gives other totals than the engine: no time counts")
    return len(truth)


# --- measuring -----------------------------------------------------------------------------------


@contextmanager
def contest(book: Book) -> Iterator[tuple[int, dict[str, Callable[[], Any]]]]:
    """How many totals agree, and the contestants over one open ledger."""
    with book.run(book.scenarios) as run:
        hand_tables(run)
        con, wanted = run.engine.con, list(run.scenarios.values())
        hand = {
            "SQL by hand": lambda: con.execute(BY_HAND).fetchall(),
            "pandas, floats": by_pandas(con),
        }
        figures = check_totals(run, hand)
        files = book._files()
        many = [replace(wanted[n % len(wanted)], name=f"try-{n}") for n in range(MANY)]

        def computed(names: list[str]) -> Any:
            return projection(carry_out(run.ledger, files, by="b", today=TODAY, names=names))

        yield (
            figures,
            {
                **hand,
                "carbon, actual inventory": lambda: computed([]),
                "carbon, project": lambda: computed([each.name for each in wanted]),
                "carbon, the part that projects": lambda: supposing(run, wanted).rows(ANSWER),
                "carbon, one more scenario": lambda: supposing(run, wanted[:1]).rows(ANSWER),
                f"carbon, {MANY} more scenarios": lambda: supposing(run, many).rows(ANSWER),
            },
        )


def measured(contestants: dict[str, Callable[[], Any]], rounds: int) -> dict[str, Any]:
    """CPU and wall seconds of every contestant, in turn."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, answer in contestants.items():
            cpu, wall = time.process_time(), time.perf_counter()
            answer()
            times[name].append((time.process_time() - cpu, time.perf_counter() - wall))
    return times


def told(times: dict[str, list[tuple[float, float]]], figures: int) -> str:
    """The figures as a table."""
    middle = {
        name: tuple(statistics.median(column) for column in zip(*pairs, strict=True))
        for name, pairs in times.items()
    }
    hand, actual = middle["SQL by hand"], middle["carbon, actual inventory"]
    lines = [
        f"{figures:,} totals, equal to the last digit. Medians, in turn.",
        "",
        "| | CPU s | x SQL | x inventory | wall s | x SQL | spread |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for name, (cpu, wall) in middle.items():
        spread = max(pair[0] for pair in times[name]) / min(pair[0] for pair in times[name])
        lines.append(
            f"| {name} | {cpu:.3f} | {cpu / hand[0]:.1f} | {cpu / actual[0]:.1f} | {wall:.3f}"
            f" | {wall / hand[1]:.1f} | {spread:.2f}{' noisy' if spread > 2 else ''} |"
        )
    return "\n".join(lines)


def relations(book: Book, rounds: int) -> list[tuple[str, float, int]]:
    """Median CPU seconds and rows of each relation with all scenarios."""
    spent: dict[str, list[float]] = defaultdict(list)
    with book.run(book.scenarios) as run:
        engine = run.engine
        for _ in range(rounds):
            for relation, file in pipeline.STEPS:
                cpu = time.process_time()
                make = engine.define if relation in pipeline.DEFINED else engine.derive
                make(relation, sql_text(file))
                spent[relation].append(time.process_time() - cpu)
        found = []
        for relation, each in spent.items():
            (rows,) = engine.con.execute(f"select count(*) from {relation}").fetchone()
            found.append((relation, statistics.median(each), rows))
    return found


def steps(book: Book) -> dict[str, float]:
    """CPU seconds of what is done outside of the relations, of one projection."""
    spent: dict[str, float] = defaultdict(float)

    def timed(holder: Any, name: str, label: str) -> None:
        real = getattr(holder, name)

        def watched(*given: Any, **also: Any) -> Any:
            cpu = time.process_time()
            try:
                return real(*given, **also)
            finally:
                spent[label] += time.process_time() - cpu

        setattr(holder, name, watched)

    for name in ("plan_loads", "plan_index", "plan_additions", "grid_sets", "plan_instruments"):
        timed(scenarios, name, f"scenarios.{name}")
    for name in ("factor_set", "fuel_part", "topic_taken", "instrument_criterion", "topics"):
        timed(inputs, name, f"inputs.{name}")
    timed(Duck, "load", "rows into the engine")
    timed(Duck, "derive", "relations derived")
    timed(Duck, "define", "relations defined")
    timed(pipeline, "read_ledger", "what the ledger says")
    cpu = time.process_time()
    book.project()
    spent["everything"] = time.process_time() - cpu
    return dict(sorted(spent.items(), key=lambda each: -each[1]))


def peak(folder: Path) -> float:
    """Peak memory of a fresh process that projects once. [MB]"""
    words = [sys.executable, __file__, "--folder", str(folder)]
    done = subprocess.run(words, stdout=subprocess.PIPE, check=True, text=True)
    return float(done.stdout)


def main() -> None:
    """Measure, and print as it goes."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--relations", action="store_true", help="the CPU time of each relation")
    asked.add_argument("--steps", action="store_true", help="what is done outside of SQL")
    asked.add_argument("--rounds", type=int, default=ROUNDS, help="how often each has its turn")
    asked.add_argument("--folder", help=argparse.SUPPRESS)
    said = asked.parse_args()
    if said.folder:
        Book(Path(said.folder), TODAY).project()
        kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(kilobytes / (1e6 if sys.platform == "darwin" else 1e3))
        return
    with tempfile.TemporaryDirectory() as scratch:
        book = written(Path(scratch), SITES, SCENARIOS, YEARS)
        memory = peak(book.folder)  # first: a child counts the memory of its parent as its own
        with contest(book) as (figures, contestants):
            times = measured(contestants, said.rounds)
        print(versions())
        print(f"{SCENARIOS} scenarios x {SITES} sites x {YEARS} years\n\n{told(times, figures)}\n")
        print(f"carbon project, a fresh process: {memory:.0f} MB at its peak")
        if said.relations:
            for relation, cpu, rows in relations(book, said.rounds):
                print(f"    {relation:22} {cpu * 1000:9.1f} ms CPU {rows:12,} rows")
        if said.steps:
            for name, cpu in steps(book).items():
                print(f"    {name:32} {cpu * 1000:9.1f} ms CPU")


def versions() -> str:
    """What was measured, and on what."""
    import duckdb
    import pandas

    from carbon import __version__

    return (
        f"carbon {__version__}, duckdb {duckdb.__version__}, pandas {pandas.__version__},"
        f" Python {platform.python_version()}, {platform.system()} {platform.machine()},"
        f" {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )


if __name__ == "__main__":
    main()
