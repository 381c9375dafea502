"""In which order are the relations worked out, and why? Writes `docs/pipeline.md`.

Order and checks come from `carbon/pipeline.py`, grains from `carbon/schema/`, what each relation
reads from its SQL; only the reasons stand here. To add a relation: write its SQL, its step and its
columns, say below why it stands where it stands, and run

    python docs/list_pipeline.py
"""

from __future__ import annotations

from pathlib import Path

import sqlglot
from sqlglot import exp

from carbon.engine import sql_text
from carbon.pipeline import (
    AFTER_CHOICE,
    CHECKS,
    DEFINED,
    MATCHING,
    RECORDED,
    UNTIL_CHOICE,
    UNTIL_MATCHING,
    UNTIL_PLAN,
)
from carbon.schema import RELATIONS

PAGE = Path(__file__).with_name("pipeline.md")
HEAD = """# The order of the relations, and why

Written by `python docs/list_pipeline.py` from `carbon/pipeline.py`, `carbon/schema/` and
`carbon/sql/`; do not edit. A test holds it to them.

Each relation reads only inputs and relations above it, so the whole is worked out in one pass from
top to bottom, on any engine. `entry_month` is not in the list: it is written once a batch, when
entries are recorded (`carbon/sql/entry_month.sql`), because it depends on nothing that a run can
choose. `trace` (`carbon/sql/trace.sql`) and `waterfall` (`carbon/sql/waterfall.sql`) are asked
afterwards, by whoever wants to know why, and `area_month` (`carbon/sql/area_month.sql`) by whoever
wants energy by department.

The relations named *defined* keep their query and not their rows: they are wide, and on the way to
the totals one relation reads them. An answer that asks for one has it worked out, and then kept.
"""
STAGES = (
    (
        "What the ledger says",
        "First, and once: a plan starts from the last complete year, so the recorded months and"
        " their gaps must be known before a scenario can be written as rows.",
        RECORDED,
    ),
    (
        "What a plan and a balance start from",
        "Gaps are known now. Where a book wants them filled, Python says from which recorded months"
        " and by which multiplier, as exact fractions; SQL multiplies.",
        UNTIL_PLAN,
    ),
    (
        "From months to what may be covered",
        "All scenarios in one pass.",
        UNTIL_MATCHING,
    ),
    (
        "What instruments cover",
        "Hours, months and years are periods to the same SQL. Where the draft rules match by the"
        " hour, the stage runs twice: `hour_used` becomes `hour_taken`, and months find what hours"
        " left.",
        MATCHING,
    ),
    (
        "From what is covered to the set that serves it",
        "The stage ends where Python is needed once: a coefficient is an exact fraction of printed"
        " values, and only those that are asked for are worked out.",
        UNTIL_CHOICE,
    ),
    (
        "The one multiplication",
        "With `coefficient` loaded, quantities meet factors, and nothing is rounded again.",
        AFTER_CHOICE,
    ),
)
WHY = {
    "superseded_entry": "what was corrected or withdrawn must be out before anything is summed",
    "bill_profile": "the shape of a bill is that of its meter's readings, as they were known",
    "entry_move": "what readings change of the months that were recorded, before those are summed",
    "entry_current_month": "the only place where entries are summed; from here on a key has one"
    " figure a month",
    "coverage_month": "gaps are judged on what was recorded, before plans fill later months",
    "filled_month": "an estimate rests on recorded months alone, and stands beside them, never"
    " among them",
    "recorded_month": "what is silent and what lies ahead are told apart once, for all balances",
    "refrigerant_term": "the masses of all three balances with their signs, from register, service"
    " and stock",
    "refrigerant_balance": "three results side by side, and the choice among them, before any is"
    " counted",
    "refrigerant_month": "the chosen one, in months, for actual and planned years alike",
    "site_month": "what all flows of a site and month share is worked out once, and joined on at"
    " the waist",
    "metered_month": "plans and boundary come in here, once, so that every method below treats a"
    " planned month and a recorded one alike",
    "meter_month": "what a meter reads, part or whole, is summed once for areas and checks",
    "activity_month": "what is in the figure of a main meter leaves here, before any method adds",
    "pv_month": "self-use must be known before a total that includes PV can be reduced to the"
    " import",
    "pv_use_month": "owner and certificates part the self-use before any method asks for it",
    "import_month": "one kWh for both accountings: PV is taken off"
    " before anything is covered or counted",
    "facility_month": "a data centre's whole is the import and the PV used on site",
    "heat_supplied_month": "what was supplied on is cut to what was bought, before it is taken off",
    "delivered_month": "all that came through a network, net, so that losses know no method",
    "loss_choice": "whether losses take a factor of their own or a share of the carrier's decides"
    " the topic of their flow",
    "coverable_month": "what has no market-based figure is left out, and each month knows its"
    " period of matching",
    "import_hour": "the hours of an import are its months parted, so they follow them",
    "instrument_grain": "by the hour is matched what meets no site that is known by month alone",
    "instrument_hour": "the hours of an instrument are its energy parted, as its meter read",
    "instrument_refusal": "an instrument that fails a criterion takes no turn",
    "instrument_part": "shares part an instrument before any site uses it",
    "import_period": "instruments are matched with a period: by the rules of 2015 a year, by the"
    " draft a month or an hour of it",
    "instrument_site": "the narrowest eligibility first: what is bound to a site can go nowhere"
    " else",
    "instrument_listed": "then lists of sites, which see what the sites' own left open",
    "instrument_market": "the organisation's other certificates see what the narrower ones left",
    "hour_used": "what hours used, the months of their sites have no more",
    "instrument_use": "all tiers together, with what was refused, so that every instrument closes"
    " to zero",
    "covered_month": "after all tiers, the use of a period goes to its months, so that months add"
    " up to it",
    "flow_direct": "quantity times factor, for whatever needs no other arithmetic",
    "flow_electricity": "needs the import and what covers it",
    "flow_energy": "electricity for the energy sheet, from the same import",
    "flow_refrigerant": "from register, service and stock, which are not entries",
    "flow_loss": "from what was delivered, by what serves for its losses",
    "flow_supplied": "after the cut to what was bought, so that Scope 2 and Scope 3 add up to it",
    "flow": "the waist: all methods narrow to it, and nothing below knows a method",
    "year_flow": "what is multiplied alike is summed first: sums of exact products are products of"
    " exact sums, and a year is a twelfth of its months",
    "refrigerant_need": "a result that is not used is shown in tonnes too, and needs a factor",
    "factor_need": "distinct keys are ranked, never the flows themselves",
    "factor_choice": "a set is chosen whole before any gas is looked at",
    "coefficient_need": "the choice says which fractions are worth working out",
    "emission": "the one multiplication; lines outside the scopes part here, gas by gas",
    "total": "from the sums of a year; a test holds it to the sum of `emission`, to the last digit",
}


def page_text() -> str:
    """The page."""
    parts, number = [HEAD], 0
    for title, reason, steps in STAGES:
        parts.append(f"\n## {title}\n\n{reason}\n")
        parts.append("\n| | relation | one row is | reads | why here |\n|---|---|---|---|---|\n")
        for relation, file in steps:
            number += 1
            parts.append(
                f"| {number} | [`{relation}`](../carbon/sql/{file}.sql){kept(relation)}"
                f" | {grain(relation)}"
                f" | {', '.join(reads(file))} | {WHY[relation]} |\n"
            )
    parts.append(
        "\n## Checks\n\nOne file for every way in which a figure could get lost in a join or stand"
        " on sand. Each lists what it finds, and is empty where all is well.\n"
        "\n| check | one row is | reads |\n|---|---|---|\n"
    )
    for name in CHECKS:
        parts.append(
            f"| [`{name}`](../carbon/sql/check/{name}.sql)"
            f" | one per {first_sentence(f'check/{name}')}"
            f" | {', '.join(reads(f'check/{name}'))} |\n"
        )
    return "".join(parts)


def kept(relation: str) -> str:
    """A remark where a relation keeps its query and not its rows."""
    return " (defined)" if relation in DEFINED else ""


def grain(relation: str) -> str:
    """What one row is: the glossary's word, or for a part of `flow` that of its own file."""
    if relation in RELATIONS:
        return RELATIONS[relation].grain
    return f"one per {first_sentence(f'flow/{relation[5:]}')}"


def first_sentence(file: str) -> str:
    """What a file of SQL says of one row."""
    lines = []
    for line in sql_text(file).splitlines():
        if not line.startswith("--"):
            break
        lines.append(line.removeprefix("--").strip())
    said = " ".join(lines).split(". ")[0].split(": a bound")[0].rstrip(".")
    return said.removeprefix("One row per ").replace("|", "\\|")


def reads(file: str) -> list[str]:
    """The relations a file reads, in order of name."""
    tree = sqlglot.parse_one(sql_text(file), dialect="duckdb")
    own = {cte.alias for cte in tree.find_all(exp.CTE)}
    return sorted({table.name for table in tree.find_all(exp.Table)} - own)


if __name__ == "__main__":
    PAGE.write_text(page_text(), encoding="utf-8", newline="\n")
