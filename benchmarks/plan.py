"""How long a plan of 200 measures over 25 years takes to a gap of 1 %.

    python benchmarks/plan.py [MEASURES] [YEARS]

Each measure may begin in any year; three targets (a peak, a ceiling that falls to a fifth, a budget
of tonnes a twentieth below it), a budget of money a year, needs, exclusions, certificates and
credits. The goal is under 10 s on two cores.
"""

from __future__ import annotations

import random
import sys
from time import perf_counter, process_time

from carbon.planning import Ceiling, Option, Peak, Problem, Purchase, Sum, solve

GAP, LIMIT = 0.01, 60.0


def case(measures: int, span: int, seed: int = 6) -> Problem:
    draw = random.Random(seed)
    years = range(2026, 2026 + span)
    base = {year: 100_000.0 * 1.01 ** min(n, 10) for n, year in enumerate(years)}
    options = []
    for n in range(measures):
        saves = draw.lognormvariate(0, 0.8) * 400
        capex = saves * draw.uniform(500, 6000)
        opex = capex * draw.uniform(-0.08, 0.04)
        for start in years:
            lasting = [year for year in years if year >= start]
            options.append(
                Option(
                    f"m{n}",
                    start,
                    {year: opex + (capex if year == start else 0) for year in lasting},
                    {
                        "location": {year: saves * 0.985 ** (year - 2026) for year in lasting},
                        "net": {year: saves * 0.985 ** (year - 2026) for year in lasting},
                    },
                )
            )
    names = [f"m{n}" for n in range(measures)]
    falling = {year: base[year] * (1 - 0.8 * n / (span - 1)) for n, year in enumerate(years)}
    last = years[-1]
    return Problem(
        years=years,
        without={"location": base, "net": base},
        options=options,
        purchases=[
            *(Purchase("certificates", y, 180.0, 40_000.0, {"net": 0.5}, 0.001) for y in years),
            *(Purchase("credits", y, 900.0, 30_000.0, {"net": 1.0}) for y in years),
        ],
        ceilings=[Ceiling("falling", "net", year, most) for year, most in falling.items()],
        sums=[Sum("together", "net", tuple(years), 0.95 * sum(falling.values()))],
        peaks=[Peak("peak", "location", 101_000.0, years[:5], years[5:])],
        needs=[tuple(draw.sample(names, 2)) for _ in range(measures // 10)],
        exclusions=[tuple(draw.sample(names, 2)) for _ in range(measures // 10)],
        budget=dict.fromkeys(years, 40_000_000.0),
        rate=0.06,
        base=last - span,
    )


def main() -> None:
    measures, span = (int(each) for each in (sys.argv[1:] + ["200", "25"][len(sys.argv) - 1 :]))
    for seed in range(3):
        problem = case(measures, span, seed)
        began, busy = perf_counter(), process_time()
        found = solve(problem, GAP, LIMIT)
        print(
            f"seed {seed}: {measures} measures x {span} years, {len(problem.options):,} options:"
            f" {found.status}, gap {found.gap:.2%} (asked {GAP:.0%}),"
            f" {len(found.chosen)} chosen, {perf_counter() - began:.1f} s,"
            f" {process_time() - busy:.1f} s of one core (limit {LIMIT:.0f} s)"
        )


if __name__ == "__main__":
    main()
