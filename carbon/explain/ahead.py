"""What stands behind a planned figure: the recorded months it goes on from, and what measures do.

A planned month is a recorded month times its index, plus what the measures add; `planned` gives the
rows of a trace for it, one for each entry of the recorded month, and in words how that month comes
to the planned one. The factor and the product are then those of any other figure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from carbon.engine import sql_text
from carbon.explain.chain import PLANNED, dashed, plain
from carbon.inputs import ACTUAL
from carbon.run import Run, recorded_months
from carbon.scenarios import Load, Measure, Place, Scenario, additions

# Activities whose flows sum several keys of a site, as in carbon/sql/trace.sql.
ANY_METER = ("electricity_including_pv", "pv_generation")
ANY_DETAIL = (*ANY_METER, "electricity", "supplied_to_others", "heat_supplied_to_others")
NOTHING = {
    "entry_id": 0,
    "entry_quantity": Decimal(0),
    "entered_quantity": Decimal(0),
    "start_on": None,
    "end_on": None,
    "quality": PLANNED,
    "note": "",
    "file": "",
    "file_row": 0,
}


def planned(run: Run, scenario: str, flows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows of a trace of planned flows, each with `base_month` and `planned`.

    flows : rows of `emission`, one per flow and gas.
    """
    found = []
    bases = dict(
        run.engine.con.execute(
            "select distinct month, base_month from plan_index where scenario = ?", [scenario]
        ).fetchall()
    )
    for flow in flows:
        base = bases.get(flow["month"], 0)
        keys = [key_id for key_id, load in run.loads.items() if _feeds(Load(*load), flow)]
        said = [line for key_id in keys for line in _index(run, scenario, key_id, flow, base)]
        said += _added(run, scenario, flow, base)
        entries = _entries(run, keys, base, flow["unit"]) or [
            NOTHING | {"entered_unit": flow["unit"]}
        ]
        found += [{**flow, **entry, "base_month": base, "planned": said} for entry in entries]
    return found


def _feeds(load: Load, flow: Mapping[str, Any]) -> bool:
    return (
        (load.site, load.activity) == (flow["site"], flow["activity"])
        and (load.meter == flow["meter"] or load.activity in ANY_METER)
        and (load.detail == flow["detail"] or load.activity in ANY_DETAIL)
    )


def _entries(run: Run, keys: Sequence[int], month: int, unit: str) -> list[dict[str, Any]]:
    """The entries of recorded months, as a trace names them."""
    relation = run.engine.con.execute(
        "select distinct t.entry_id, t.entry_quantity, t.entered_quantity, t.entered_unit,"
        " t.start_on, t.end_on, t.quality, t.note, t.file, t.file_row, t.share_before,"
        f" t.share_until, t.readings, t.last_row from ({sql_text('trace')}) as t"
        " join activity_key as k on k.site = t.site and k.activity = t.activity"
        " join entry_month as e on e.entry_id = t.entry_id and e.key_id = k.key_id"
        " and e.month = t.month"
        " where t.scenario = $scenario and t.month = $month and t.unit = $unit"
        " and list_contains($keys, k.key_id) order by t.entry_id",
        {"scenario": ACTUAL, "month": month, "unit": unit, "keys": list(keys)},
    )
    names = [column[0] for column in relation.description]
    return [dict(zip(names, row, strict=True)) for row in relation.fetchall()]


def _index(
    run: Run, scenario: str, key_id: int, flow: Mapping[str, Any], base: int
) -> Iterator[str]:
    """How a recorded month of a key is multiplied, and by which measures."""
    row = run.engine.con.execute(
        "select p.multiplier, sum(e.quantity) from plan_load as l"
        " join plan_index as p on p.scenario = l.scenario and p.measure_set = l.measure_set"
        " join entry_current_month as e on e.key_id = l.key_id and e.month = p.base_month"
        " where l.scenario = $scenario and l.key_id = $key_id and p.month = $month"
        " and e.unit = $unit group by p.multiplier",
        {
            "scenario": scenario,
            "key_id": key_id,
            "month": flow["month"],
            "unit": flow["unit"],
        },
    ).fetchone()
    if row is None:
        return
    load, (multiplier, recorded) = Load(*run.loads[key_id]), row
    name = f" of {load.meter}" if load.meter and load.meter != flow["meter"] else ""
    yield (
        f"{plain(recorded)} {flow['unit']}{name} recorded in {dashed(base)} x {plain(multiplier)}"
    )
    plan = run.scenarios[scenario]
    for measure in plan.measures:
        if measure.acts_on(load) and (told := _effect(plan, measure, flow, base, run)):
            yield f"  {told}  {measure.name}"


def _effect(plan: Scenario, measure: Measure, flow: Mapping[str, Any], base: int, run: Run) -> str:
    """What one measure multiplies with; nothing where it changes nothing since the base month."""
    now = measure.effect(flow["month"], flow["reporting_year"], plan.base_year)
    then = measure.effect(base, run.last_actual_year, plan.base_year)
    if now == then:
        return ""
    if measure.part is None:
        return f"x {_short(now / then)}"
    name, share = measure.part
    was = f", {_short(then)} in {dashed(base)} already" if then != 1 else ""
    return f"x {_short(now)} on {name}, {_short(share)} of it{was}"


def _added(run: Run, scenario: str, flow: Mapping[str, Any], base: int) -> Iterator[str]:
    """What each measure adds to the planned month."""
    plan, base_year = run.scenarios[scenario], run.last_actual_year
    month = (flow["month"], flow["reporting_year"], base)
    for measure, place, _, unit, quantity in additions(
        plan, run.loads, base_year, [month], lambda: recorded_months(run, base_year)
    ):
        if quantity and unit == flow["unit"] and _feeds(Load(*Place(*place), ""), flow):
            sign = "-" if quantity < 0 else "+"
            yield f"{sign} {plain(abs(quantity))} {unit}  {measure.name}"


def _short(value: Fraction) -> str:
    """A ratio to 12 digits, without trailing zeros."""
    return f"{float(value):.12g}"
