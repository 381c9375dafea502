"""What a reader of a scenario should know: measures that overlap, and measures that do nothing.

`interactions` gives sentences, `findings` problems (no module has that name, for it would hide the
function in the package). Neither changes a figure: what a measure does
not do is a fact about the plan, which only its author can mend.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from carbon.errors import Problem
from carbon.scenarios.effects import PURCHASED, Load, acts_on
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
            if measure.kind != "growth" and acts_on(measure, load)
        ]
        parts = [measure.sub_load for measure in acting]
        if len(acting) > 1 and ("" in parts or len(set(parts)) < len(parts)):
            names = ", then ".join(
                f"{measure.name} (on {measure.sub_load})" if measure.sub_load else measure.name
                for measure in acting
            )
            said[f"{load.site}, {load.activity}: {names}; their savings do not add up"] = None
    return list(said)


def findings(
    scenario: Scenario, keys: Mapping[int, Sequence[str]], base_year: int
) -> list[Problem]:
    """Measures that change nothing, or are taken as done already; each with why."""
    loads = [Load(*key) for key in keys.values()]
    found = []
    for measure in scenario.measures:
        if measure.kind in ("certificates", "credits"):
            continue
        if measure.kind in ("growth", "efficiency", "pue"):
            hit = [load for load in loads if acts_on(measure, load)]
        else:
            hit = [load for load in loads if load.site in measure.site]
        missing = sorted(set(measure.site) - {load.site for load in hit})
        if not hit or missing:
            code, severity = "measure-without-load", "warning"
            where = ", ".join(missing) or "anywhere"
            message = f"measure {measure.name!r} changes nothing at {where}: no load is recorded"
            remedy = "record the load, or take the site out of the measure"
        elif all(load.activity in PURCHASED and not load.is_bill for load in hit):
            code, severity = "measure-on-sub-meter", "warning"
            message = f"measure {measure.name!r} acts on sub-meters alone, which no bill follows"
            remedy = "name the sub_load and its share of the bill instead of the meter"
        elif measure.start and measure.start // 100 <= base_year and measure.kind != "growth":
            code, severity = "measure-in-base-year", "note"
            message = (
                f"measure {measure.name!r} starts in or before {base_year}: "
                "what it does by then is taken as recorded in that year's months"
            )
            remedy = "move its start if it came later"
        else:
            continue
        found.append(
            Problem(
                code,
                severity,
                message,
                where=f"{scenario.file}, scenario {scenario.name}",
                remedy=remedy,
            )
        )
    return found
