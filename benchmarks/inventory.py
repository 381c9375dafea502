"""What the engine costs beside plain SQL: a year's inventory over millions of entries.

Writes a ledger of N entries in bulk, then times the same answer (tonnes by site, year and scope)
worked out by this engine, by hand-written DuckDB SQL, by pandas, and the floor under them all, a
bare sum. All run in one process in turn, A-B-A-B, and no time counts before every total of the
engine equals the hand-written one to the last digit. Machines differ, so ratios are what to read.

    python benchmarks/inventory.py              1 and 10 million entries
    python benchmarks/inventory.py --quick      1 million only
    python benchmarks/inventory.py --relations  the CPU time of each relation as well
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bulk_ledger import TODAY, hand_tables, write_ledger

FLOOR = "select sum(quantity) from entry_month"

# Sum first, then one small join: what a person writes who knows that emissions are linear.
SUM_FIRST = """
with by_month as (
    select key_id, month, sum(quantity) as quantity
    from {entries}
    group by key_id, month
)
select k.site, f.year, f.line, sum(cast(b.quantity as decimal(17, 6)) * f.co2e_g) as co2e_g
from by_month as b
join entry_key as k on k.key_id = b.key_id
join hand_site as s on s.site = k.site
join hand_factor as f
    on f.region = s.region and f.activity = k.activity and f.year = b.month // 100
group by k.site, f.year, f.line
order by 1, 2, 3
"""

# The factor joined to every entry: what most people write first.
JOIN_FIRST = """
select k.site, f.year, f.line, sum(m.quantity * f.co2e_g) as co2e_g
from {entries} as m
join entry_key as k on k.key_id = m.key_id
join hand_site as s on s.site = k.site
join hand_factor as f
    on f.region = s.region and f.activity = k.activity and f.year = m.month // 100
group by k.site, f.year, f.line
order by 1, 2, 3
"""

# Entries less those corrected, as a person would leave them out.
CURRENT = """(
    select m.key_id, m.month, m.quantity
    from entry_month as m
    left join (select supersedes from entry where supersedes <> 0) as x on x.supersedes = m.entry_id
    where x.supersedes is null
)"""

ANSWER = """
select site, reporting_year, line, sum(co2e_g) as co2e_g
from total
where line = 'scope1' or (line = 'scope2' and accounting = 'location')
group by site, reporting_year, line
order by 1, 2, 3
"""


@dataclass(frozen=True)
class Case:
    """A ledger to be measured. every : one entry in so many is corrected later, 0 for none."""

    name: str
    entries: int
    sites: int
    every: int = 0
    repeats: int = 5
    with_pandas: bool = False

    @property
    def hand(self) -> dict[str, str]:
        """The hand-written statements."""
        source = CURRENT if self.every else "entry_month"
        return {
            "SQL, sums first": SUM_FIRST.format(entries=source),
            "SQL, joins each entry": JOIN_FIRST.format(entries=source),
        }


READINGS = Case("readings", 1_000_000, 120, repeats=7, with_pandas=True)
CASES = (
    READINGS,
    Case("corrected", 1_000_000, 120, every=100, repeats=7),
    Case("bills", 250_000, 1_737),
    Case("ten million", 10_000_000, 120, repeats=5),
)


# --- the contestants -----------------------------------------------------------------------------


@contextmanager
def contest(case: Case, folder: Path) -> Iterator[dict[str, Callable[[], Any]]]:
    """The contestants over one open ledger, each a function that gives the answer."""
    from carbon import pipeline
    from carbon.engine import sql_text
    from carbon.ledger import Ledger
    from carbon.run import carry_out

    files = {"carbon.toml": (folder / "carbon.toml").read_text(encoding="utf-8")}
    with Ledger.open(folder / "ledger.duckdb") as ledger:
        con = ledger.con
        hand_tables(con, files)

        def whole_run() -> Any:
            return carry_out(ledger, files, by="benchmark", today=TODAY).rows(ANSWER)

        engine = carry_out(ledger, files, by="benchmark", today=TODAY).engine

        def relations() -> Any:
            for relation, file in pipeline.STEPS:
                make = engine.define if relation in pipeline.DEFINED else engine.derive
                make(relation, sql_text(file))
            return engine.rows(ANSWER)

        def asked(sql: str) -> Callable[[], Any]:
            return lambda: con.execute(sql).fetchall()

        found: dict[str, Callable[[], Any]] = {"bare sum": asked(FLOOR)}
        found |= {name: asked(sql) for name, sql in case.hand.items()}
        found |= {"carbon, SQL alone": relations, "carbon, whole run": whole_run}
        if case.with_pandas:
            found["pandas, floats"] = by_pandas(con)
        yield found


def by_pandas(con: Any) -> Callable[[], Any]:
    """Merge, multiply and group in pandas, its frames ready in memory before any time counts."""
    entries = con.execute(
        "select k.site, s.region, k.activity, m.month // 100 as year, m.quantity"
        " from entry_month as m join entry_key as k on k.key_id = m.key_id"
        " join hand_site as s on s.site = k.site"
    ).df()
    factors = con.execute("select * from hand_factor").df()

    def answer() -> Any:
        joined = entries.merge(factors, on=["region", "activity", "year"])
        joined["co2e_g"] = joined["quantity"] * joined["co2e_g"]
        total = joined.groupby(["site", "year", "line"])["co2e_g"].sum()
        return [(*key, value) for key, value in total.items()]

    return answer


def check_totals(contestants: dict[str, Callable[[], Any]]) -> int:
    """Raises SystemExit unless all answers agree: decimals exactly, floats to 1e-9."""
    truth = contestants["SQL, sums first"]()
    for name, answer in contestants.items():
        if name == "bare sum":
            continue
        found = answer()
        if "floats" in name:
            pairs = zip(found, truth, strict=True)
            same = all(abs(a[3] / float(b[3]) - 1) < 1e-9 for a, b in pairs)
        else:
            same = found == truth
        if not same:
            raise SystemExit(f"{name} gives other totals than the hand-written SQL: no time counts")
    return len(truth)


# --- measuring -----------------------------------------------------------------------------------


def measure(case: Case, folder: Path) -> dict[str, Any]:
    """CPU and wall seconds of every contestant, in turn."""
    with contest(case, folder) as contestants:
        figures = check_totals(contestants)
        times: dict[str, list[tuple[float, float]]] = {name: [] for name in contestants}
        for _ in range(case.repeats):
            for name, answer in contestants.items():
                cpu, wall = time.process_time(), time.perf_counter()
                answer()
                times[name].append((time.process_time() - cpu, time.perf_counter() - wall))
    return {"figures": figures, "times": times}


def relation_times(case: Case, folder: Path) -> dict[str, tuple[float, int]]:
    """Median CPU seconds and rows of each relation."""
    from carbon import pipeline
    from carbon.engine import sql_text
    from carbon.ledger import Ledger
    from carbon.run import carry_out

    files = {"carbon.toml": (folder / "carbon.toml").read_text(encoding="utf-8")}
    spent: dict[str, list[float]] = {relation: [] for relation, _ in pipeline.STEPS}
    with Ledger.open(folder / "ledger.duckdb") as ledger:
        engine = carry_out(ledger, files, by="benchmark", today=TODAY).engine
        for _ in range(case.repeats):
            for relation, file in pipeline.STEPS:
                cpu = time.process_time()
                make = engine.define if relation in pipeline.DEFINED else engine.derive
                make(relation, sql_text(file))
                spent[relation].append(time.process_time() - cpu)
        return {
            relation: (
                statistics.median(each),
                engine.rows(f"select count(*) from {relation}")[0][0],
            )
            for relation, each in spent.items()
        }


def peak_memory(case: Case, folder: Path, name: str) -> int:
    """Peak resident memory of this process after one answer. [bytes]"""
    with contest_one(case, folder, name) as answer:
        answer()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


@contextmanager
def contest_one(case: Case, folder: Path, name: str) -> Iterator[Callable[[], Any]]:
    """One contestant, with nothing of the others in memory."""
    from carbon.ledger import Ledger
    from carbon.run import carry_out

    files = {"carbon.toml": (folder / "carbon.toml").read_text(encoding="utf-8")}
    with Ledger.open(folder / "ledger.duckdb") as ledger:
        if name == "carbon, whole run":
            yield lambda: carry_out(ledger, files, by="benchmark", today=TODAY).rows(ANSWER)
            return
        hand_tables(ledger.con, files)
        if name == "pandas, floats":
            yield by_pandas(ledger.con)
        else:
            sql = ({"bare sum": FLOOR} | case.hand)[name]
            yield lambda: ledger.con.execute(sql).fetchall()


# --- the report ----------------------------------------------------------------------------------


def report(case: Case, said: dict[str, Any], peaks: dict[str, int]) -> str:
    """The figures of one case as a table."""
    cpu = {name: [pair[0] for pair in pairs] for name, pairs in said["times"].items()}
    wall = {name: [pair[1] for pair in pairs] for name, pairs in said["times"].items()}
    floor, hand = (
        (statistics.median(cpu[name]), statistics.median(wall[name]))
        for name in ("bare sum", "SQL, sums first")
    )
    lines = [
        f"### {case.name}: {case.entries:,} entries, {case.sites:,} sites"
        + (f", one in {case.every} corrected" if case.every else ""),
        "",
        f"{said['figures']:,} totals, equal to the last digit. Medians of {case.repeats}, in turn.",
        "",
        "| | CPU ms | x SQL | x sum | wall ms | x SQL | spread | peak MB |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name in cpu:
        c, w = statistics.median(cpu[name]), statistics.median(wall[name])
        spread = max(cpu[name]) / min(cpu[name])
        peak = f"{peaks[name] / 1e6:.0f}" if name in peaks else ""
        lines.append(
            f"| {name} | {c * 1000:.1f} | {c / hand[0]:.2f} | {c / floor[0]:.1f} | {w * 1000:.1f}"
            f" | {w / hand[1]:.2f} | {spread:.2f}{' noisy' if spread > 2 else ''} | {peak} |"
        )
    return "\n".join(lines)


def growth(small: dict[str, Any], large: dict[str, Any]) -> str:
    """What nine million more entries cost, the fixed part taken off."""

    def more(name: str) -> float:
        a, b = (statistics.median(p[0] for p in each["times"][name]) for each in (small, large))
        return b - a

    hand = more("SQL, sums first")
    return "CPU of nine million more entries, against SQL that sums first: " + ", ".join(
        f"{name} {more(name) / hand:.2f}"
        for name in ("bare sum", "SQL, joins each entry", "carbon, SQL alone", "carbon, whole run")
    )


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


def child(task: str, case: Case, folder: Path, name: str = "") -> Any:
    """A task in a fresh process, so that one's memory never counts as another's."""
    words = [sys.executable, __file__, "--task", task, "--case", case.name, "--folder", str(folder)]
    done = subprocess.run([*words, "--name", name], stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(done.stdout)


def work(task: str, case: Case, folder: Path, name: str) -> Any:
    """What a fresh process was asked to do."""
    if task == "write":
        return write_ledger(folder, case.entries, case.sites, case.every)
    if task == "measure":
        return measure(case, folder)
    if task == "relations":
        return relation_times(case, folder)
    if task == "memory":
        return peak_memory(case, folder, name)
    return versions()


def main() -> None:
    """Measure, and print as it goes."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--quick", action="store_true", help="1 million entries only")
    asked.add_argument("--relations", action="store_true", help="the CPU time of each relation")
    asked.add_argument("--case", help="one case: " + ", ".join(case.name for case in CASES))
    for hidden in ("--task", "--folder", "--name"):
        asked.add_argument(hidden, help=argparse.SUPPRESS)
    said = asked.parse_args()
    cases = [case for case in CASES if said.case in (None, case.name)]
    if said.task:
        print(json.dumps(work(said.task, cases[0], Path(said.folder), said.name)))
        return
    if said.quick:
        cases = [case for case in cases if case.entries <= READINGS.entries]
    results = {}
    with tempfile.TemporaryDirectory() as scratch:
        print(child("versions", CASES[0], Path(scratch)))
        for case in cases:
            folder = Path(scratch) / case.name
            folder.mkdir()
            progress(f"{case.name}: writing {case.entries:,} entries")
            child("write", case, folder)
            progress(f"{case.name}: timing")
            results[case.name] = child("measure", case, folder)
            progress(f"{case.name}: memory")
            names = [name for name in results[case.name]["times"] if name != "carbon, SQL alone"]
            peaks = {name: child("memory", case, folder, name) for name in names}
            print("\n" + report(case, results[case.name], peaks), flush=True)
            if said.relations:
                for relation, (cpu, rows) in child("relations", case, folder).items():
                    print(f"    {relation:22} {cpu * 1000:9.1f} ms CPU {rows:12,} rows")
    if {"readings", "ten million"} <= results.keys():
        print("\n" + growth(results["readings"], results["ten million"]))


def progress(text: str) -> None:
    """Say where we are, beside the report."""
    print(f"[{time.strftime('%H:%M:%S')}] {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
