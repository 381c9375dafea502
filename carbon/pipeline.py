"""The calculation: the order in which relations are derived, and why it is this order.

Inputs are loaded, the SQL of `carbon/sql/` runs file by file, and the coefficients that the
chosen sets need are worked out once, in between. Nothing here knows a unit, a factor or a
method: those are rows. The same steps run on any `Engine`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from carbon.engine import Engine, Row, sql_text

# Relation, and the file it comes from. Each reads only what stands above it.
RECORDED: tuple[tuple[str, str], ...] = (
    ("superseded_entry", "superseded_entry"),
    ("bill_profile", "bill_profile"),
    ("entry_move", "entry_move"),
    ("entry_current_month", "entry_current_month"),
    ("coverage_month", "coverage_month"),
)
UNTIL_PLAN: tuple[tuple[str, str], ...] = (
    ("filled_month", "filled_month"),
    ("recorded_month", "recorded_month"),
    ("refrigerant_term", "refrigerant_term"),
    ("refrigerant_balance", "refrigerant_balance"),
    ("refrigerant_month", "refrigerant_month"),
)
UNTIL_MATCHING: tuple[tuple[str, str], ...] = (
    ("site_month", "site_month"),
    ("metered_month", "metered_month"),
    ("meter_month", "meter_month"),
    ("activity_month", "activity_month"),
    ("pv_month", "pv_month"),
    ("pv_use_month", "pv_use_month"),
    ("import_month", "import_month"),
    ("facility_month", "facility_month"),
    ("heat_supplied_month", "heat_supplied_month"),
    ("delivered_month", "delivered_month"),
    ("loss_choice", "loss_choice"),
    ("coverable_month", "coverable_month"),
    ("import_hour", "import_hour"),
    ("instrument_grain", "instrument_grain"),
    ("instrument_hour", "instrument_hour"),
    ("instrument_refusal", "instrument_refusal"),
    ("instrument_part", "instrument_part"),
)
MATCHING: tuple[tuple[str, str], ...] = (
    ("import_period", "import_period"),
    ("instrument_site", "instrument_site"),
    ("instrument_listed", "instrument_listed"),
    ("instrument_market", "instrument_market"),
    ("hour_used", "hour_used"),
)
UNTIL_CHOICE: tuple[tuple[str, str], ...] = (
    ("instrument_use", "instrument_use"),
    ("covered_month", "covered_month"),
    ("flow_direct", "flow/direct"),
    ("flow_electricity", "flow/electricity"),
    ("flow_energy", "flow/energy"),
    ("flow_refrigerant", "flow/refrigerant"),
    ("flow_loss", "flow/loss"),
    ("flow_supplied", "flow/supplied"),
    ("flow", "flow"),
    ("year_flow", "year_flow"),
    ("refrigerant_need", "refrigerant_need"),
    ("factor_need", "factor_need"),
    ("factor_choice", "factor_choice"),
    ("coefficient_need", "coefficient_need"),
)
AFTER_CHOICE: tuple[tuple[str, str], ...] = (
    ("emission", "emission"),
    ("total", "total"),
)
# Wide, and read once on the way to the totals: worked out there, and kept only for who asks.
DEFINED = frozenset(
    {"activity_month", "delivered_month", "flow", "emission", "flow_direct", "flow_electricity"}
    | {"flow_energy", "flow_refrigerant", "flow_loss", "flow_supplied"}
)
STEPS = RECORDED + UNTIL_PLAN + UNTIL_MATCHING + MATCHING + UNTIL_CHOICE + AFTER_CHOICE

# One file each for every way in which a figure could get lost or stand on sand.
CHECKS: tuple[str, ...] = (
    "activity_outside_boundary",
    "activity_without_method",
    "blend_not_split",
    "flow_without_factor",
    "flow_without_coefficient",
    "flow_not_counted",
    "negative_import",
    "supplied_beyond_purchase",
    "delivery_without_loss",
    "pv_balance",
    "pv_identity",
    "storage_balance",
    "instrument_balance",
    "facility_below_it",
    "sub_above_main",
    "refrigerant_counted_twice",
    "refrigerant_without_record",
    "total_too_large",
)

Coefficients = Callable[[Sequence[Row]], Iterable[Row]]
Fills = Callable[[], Mapping[str, Iterable[Row]]]


def read_ledger(engine: Engine, inputs: Mapping[str, Iterable[Row]], fills: Fills) -> None:
    """Derive what the ledger says at the cut-off, and where it has gaps. A plan starts from it.

    fills : gives the rows of `fill`, `fill_term` and `closed_fill`, from what is recorded.
    """
    _load(engine, inputs)
    _derive(engine, RECORDED)
    _load(engine, fills())
    _derive(engine, UNTIL_PLAN)


def compute(
    engine: Engine, inputs: Mapping[str, Iterable[Row]], coefficients: Coefficients
) -> None:
    """Derive every relation after `read_ledger`.

    inputs : rows of the input relations, by name, in the order of their columns.
    coefficients : gives the rows of `coefficient` that the rows of `coefficient_need` ask for.
    """
    _load(engine, inputs)
    _derive(engine, UNTIL_MATCHING)
    match(engine)
    _derive(engine, UNTIL_CHOICE)
    needed = engine.rows(
        "select set_id, unit, share, part from coefficient_need order by 1, 2, 3, 4"
    )
    engine.load("coefficient", coefficients(needed))
    _derive(engine, AFTER_CHOICE)


def match(engine: Engine) -> None:
    """Match instruments with what was bought: hours first, then months with what those left.

    Both are periods to the same SQL. Where hours were matched it runs once more, with `hour_taken`
    telling what the months lost to them; hours come to the same each time.
    """
    engine.load("hour_taken", ())
    _derive(engine, MATCHING)
    used = engine.rows("select scenario, site, month, used_kwh from hour_used order by 1, 2, 3")
    if used:
        engine.load("hour_taken", used)
        _derive(engine, MATCHING)


def _load(engine: Engine, inputs: Mapping[str, Iterable[Row]]) -> None:
    for relation, rows in inputs.items():
        engine.load(relation, rows)


def _derive(engine: Engine, steps: Sequence[tuple[str, str]]) -> None:
    for relation, file in steps:
        make = engine.define if relation in DEFINED else engine.derive
        make(relation, sql_text(file))


def check(engine: Engine, name: str) -> list[Row]:
    """The rows a check finds: none where all is well."""
    return engine.rows(sql_text(f"check/{name}"))
