"""What a reader of a scenario should know: measures that overlap, and measures that do nothing.

`interactions` gives sentences, `rivals` pairs, `findings` problems (no module has that name, for it
would hide the function in the package). None changes a figure: what a measure does not do is a
fact about the plan, which only its author can mend.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from carbon.errors import Problem
from carbon.scenarios.kinds import Measure
from carbon.scenarios.loads import PURCHASED, Load
from carbon.scenarios.model import Scenario


def interactions(scenario: Scenario, keys: Mapping[int, Sequence[str]]) -> list[str]:
    """One sentence for each load that several measures act on together: they multiply.

    Measures on sub-loads apart from each other are left out: those do add up.
    """
    said: dict[str, None] = {}
    for key_id in sorted(keys):
        load = Load(*keys[key_id])
        acting = [
            measure
            for measure in scenario.measures
            if not measure.IS_GROWTH and measure.acts_on(load)
        ]
        parts = [measure.part[0] if measure.part else "" for measure in acting]
        if len(acting) > 1 and ("" in parts or len(set(parts)) < len(parts)):
            names = ", then ".join(
                f"{measure.name} (on {part})" if part else measure.name
                for measure, part in zip(acting, parts, strict=True)
            )
            said[f"{load.site}, {load.activity}: {names}; their savings do not add up"] = None
    return list(said)


def findings(
    scenario: Scenario, keys: Mapping[int, Sequence[str]], base_year: int
) -> list[Problem]:
    """Measures that change nothing, or are taken as done already; each with why."""
    loads = [Load(*key) for key in keys.values()]
    where = f"{scenario.file}, scenario {scenario.name}"
    found = [
        Problem(
            "measures-exclusive",
            "warning",
            f"measures {one!r} and {other!r} stand instead of one another, and both are done",
            where=where,
            remedy=f'without = ["{other}"] in a scenario based on this one, or take it out',
        )
        for one, other in rivals(scenario)
    ]
    for measure in scenario.measures:
        if measure.ratios:
            found.append(_verified(measure, where))
        hit = measure.touched(loads)
        if hit is None:
            continue
        missing = sorted(set(measure.acts_at) - {load.site for load in hit})
        if not hit or missing:
            code, severity = "measure-without-load", "warning"
            at = ", ".join(missing) or "anywhere"
            message = f"measure {measure.name!r} changes nothing at {at}: no load is recorded"
            remedy = "record the load, or take the site out of the measure"
        elif all(load.activity in PURCHASED and not load.is_bill for load in hit):
            code, severity = "measure-on-sub-meter", "warning"
            message = f"measure {measure.name!r} acts on sub-meters alone, which no bill follows"
            remedy = (
                "name the sub_load and its share of the bill instead of the meter"
                if measure.MULTIPLIES
                else "leave the meter out: then it is taken off the bill"
            )
        elif measure.start and measure.start // 100 <= base_year and not measure.IS_GROWTH:
            code, severity = "measure-in-base-year", "note"
            message = (
                f"measure {measure.name!r} starts in or before {base_year}: "
                "what it does by then is taken as recorded in that year's months"
            )
            remedy = "move its start if it came later"
        else:
            continue
        found.append(Problem(code, severity, message, where=where, remedy=remedy))
    return found


def rivals(scenario: Scenario) -> list[tuple[str, str]]:
    """The measures of a scenario that stand instead of one another, and are all in it."""
    names = {measure.name for measure in scenario.measures}
    pairs = {
        tuple(sorted((measure.name, other)))
        for measure in scenario.measures
        for other in measure.instead_of
        if other in names
    }
    return sorted(pairs)


def _verified(measure: Measure, where: str) -> Problem:
    """What stands instead of an estimate, and what goes on after it."""
    last = max(measure.ratios)
    told = ", ".join(
        f"{measure.verified[year]} in {year}, {float(ratio):.2f} of its estimate"
        for year, ratio in measure.ratios.items()
    )
    return Problem(
        "measure-verified",
        "note",
        f"measure {measure.name!r} was verified: {told}; years after {last} go on with that share",
        where=where,
        remedy="state what was measured in later years, once it is",
    )
