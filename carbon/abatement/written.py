"""A plan written down as a scenario, which any other verb then reads like one written by hand."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from carbon.abatement.plan import Plan
from carbon.scenarios import Measure, Scenario


def as_scenario(plan: Plan, name: str) -> Scenario:
    """The scenario a plan amounts to."""
    return plan.choices.named(name, plan.starts, plan.amounts)


def text(plan: Plan, name: str) -> str:
    """The file of a plan: what it leaves out of its scenario, and what it does otherwise."""
    said = plan.choices.scenario
    mine = {each.name: each for each in as_scenario(plan, name).measures}
    gone = [each.name for each in said.measures if each.name not in mine]
    cost = plan.found.solution.cost
    lines = [
        f"# Written by carbon plan {said.name}: the least-cost choice it found.",
        f"name = {_value(name)}",
        f"title = {_value(f'Plan from {said.name}: {cost:,.0f} RMB, {plan.rate_said}')}",
        f"based_on = {_value(said.name)}",
    ]
    if gone:
        lines.append(f"without = {_value(gone)}")
    for each in said.measures:
        if each.name in mine and mine[each.name] != each:
            lines += ["", "[[measure]]", *_fields(_priced(mine[each.name], plan))]
    return "\n".join(lines) + "\n"


def _priced(measure: Measure, plan: Plan) -> Measure:
    """A purchase with the price it was weighed at, where that was given beside the file."""
    price = plan.choices.prices.get(measure.name)
    if price is None:
        return measure
    return measure.priced(price, "assumption: given to carbon plan")


def _fields(measure: Measure) -> list[str]:
    stated = measure.model_dump(by_alias=True, include=measure.model_fields_set)
    if "start" in stated and stated["start"] is not None:
        stated["start"] = f"{stated['start'] // 100}-{stated['start'] % 100:02d}"
    return [f"{name} = {_value(value)}" for name, value in stated.items() if value is not None]


def _value(value: Any) -> str:
    """A value as TOML writes it.

    >>> _value({2024: Decimal("1.50"), 2025: Decimal(2)})
    '{ 2024 = 1.5, 2025 = 2 }'
    >>> _value(["a \\"b\\""])
    '["a \\\\"b\\\\""]'
    """
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'"{escaped}"'
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)


def _key(key: object) -> str:
    word = str(key)
    return word if word.replace("_", "").isalnum() and word.isascii() else _value(word)
