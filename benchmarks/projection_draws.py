"""What Monte Carlo ahead costs: 10,000 draws over 5 scenarios, 50 sites and 25 years.

Makes a book of 50 sites with their bills and 5 scenarios, lets the engine project what every
assumption does alone (that is told apart: it is done once, however many draws follow), then draws
all years of all scenarios with every assumption and every error off at once, and judges a target in
each draw. The draws are compared with the floor under them: drawing the same count of normal
numbers, and one exponential for each site, year and draw, and nothing else.

    python benchmarks/projection_draws.py       all five scenarios
    python benchmarks/projection_draws.py 1     one of them
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy
from many_sites import BASE, written

from carbon import uncertainty
from carbon.outlook import year_figures
from carbon.sensitivity.assumptions import assumptions
from carbon.sensitivity.courses import responding
from carbon.sensitivity.gaps import gauge
from carbon.sensitivity.odds import drawn
from carbon.sensitivity.projected import Engine
from carbon.settings import Target

SCENARIOS, SITES, YEARS, DRAWS, SEED = 5, 50, 25, 10_000, 2030
AIM = Target(name="half", kind="reduction", year=BASE + YEARS, base_year=BASE, percent=50)


def main(count: int = SCENARIOS) -> None:
    with tempfile.TemporaryDirectory() as folder:
        book = written(Path(folder), SITES, SCENARIOS, YEARS)
        asked, found, spent, names = 0.0, {}, 0.0, set()
        for name in list(book.scenarios)[:count]:
            with book.run([name]) as run:
                figures = year_figures(run, name)
                policy = run.settings.policy
                measured = [(gauge(AIM, figures, book.today, policy, name), figures)]
                scenario, start = run.scenarios[name], time.process_time()
                known = assumptions(scenario, BASE, policy.spread, (), ("credits",))
                courses, _ = responding(
                    Engine(run, ((),)),
                    scenario,
                    known,
                    uncertainty.model(run),
                    range(BASE + 1, scenario.horizon + 1),
                    BASE,
                    book.today,
                )
                asked += time.process_time() - start
            start = time.process_time()
            [found[name]] = drawn(courses, measured, {}, DRAWS, SEED).odds.values()
            spent += time.process_time() - start
            names |= {each.name for each in known} | set(courses.sources)
            share, low, high = (
                100 * each for each in (found[name].share, found[name].low, found[name].high)
            )
            print(f"{name}: holds in {share:.1f} % ({low:.1f} to {high:.1f} %)")
    floor = time.process_time()
    random = numpy.random.default_rng(1)
    for _ in range(count):
        random.standard_normal((DRAWS, len(names)))
        for _ in range(SITES):
            numpy.exp(random.standard_normal((DRAWS, YEARS)))
    floor = time.process_time() - floor
    print(f"{count} scenarios, {SITES} sites, {YEARS} years, {len(names)} assumptions and errors")
    print(f"asked of the engine {asked:6.2f} s of CPU")
    print(
        f"{DRAWS:,} draws        {spent:6.2f} s, {spent / floor:.1f} x the floor of {floor:.2f} s"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
