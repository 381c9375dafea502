"""What is wrong or stands on sand in a book, each finding with the command that mends it.

`findings` asks every check of `carbon/sql/check/`, the coverage of the months, the ledger's own
rows and the policy, and gives `Problem`s: errors block an answer, warnings stand beside it,
notes inform. Each is weighed by the tonnes at stake. Nothing found here changes a figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from carbon.errors import Problem
from carbon.findings import (
    boundary,
    claims,
    completeness,
    entries,
    factors,
    goals,
    indicators,
    leaks,
    limits,
    meters,
    networks,
    patterns,
    pv,
)
from carbon.findings.stakes import Stakes
from carbon.run import CONSTANT, Run


def _seen(problem: Problem, known: Mapping[str, Mapping[str, Any]]) -> Problem:
    """The finding, with its acknowledgement. An error is mended, never acknowledged."""
    said = known.get(problem.finding_id)
    if said is None or problem.severity == "error":
        return problem
    when = f"{said['recorded_by']} on {said['recorded_at']:%Y-%m-%d}"
    return replace(problem, acknowledged=f"{when}: {said['reason']}")


SEVERITIES = ("error", "warning", "note")
ASKED = (
    entries.unknown_activity,
    entries.outside_boundary,
    entries.blends,
    entries.double_counts,
    entries.fuel_and_distance,
    factors.missing_factor,
    factors.missing_conversion,
    entries.too_large,
    entries.facility_below_it,
    entries.missing_months,
    entries.negative_import,
    networks.supplied_beyond_purchase,
    networks.loss_not_available,
    networks.loss_twice,
    networks.older_losses,
    entries.only_parts_metered,
    meters.sub_above_main,
    meters.other_unit,
    meters.recorded_on_virtual,
    meters.calibration_overdue,
    meters.control_totals,
    pv.balance,
    pv.identity,
    pv.storage,
    pv.outside_plants,
    pv.impossible_yield,
    pv.above_clear_sky,
    pv.unusual_yield,
    pv.bought_twice,
    pv.planned_surplus,
    pv.planned_yield,
    entries.duplicates,
    entries.overlaps,
    entries.negative_entries,
    patterns.odd_months,
    limits.quotas,
    limits.without_evidence,
    claims.unbalanced,
    claims.draft_rules,
    claims.refused_instruments,
    claims.refused_credits,
    claims.unproved_claims,
    factors.factor_age,
    factors.closed_years,
    factors.residual_mix,
    factors.withheld,
    factors.own_factors_nowhere,
    claims.undisclosed_sources,
    claims.unusual_years,
    claims.measures,
    claims.part_year_base,
    entries.service_without_equipment,
    leaks.counted_twice,
    leaks.without_record,
    leaks.below_zero,
    leaks.incomplete,
    leaks.install_not_counted,
    leaks.unknown_kind,
    boundary.omitted_sites,
    boundary.moved_since_base,
    completeness.checklist,
    indicators.sums,
    goals.goals,
)


def findings(run: Run) -> list[Problem]:
    """Every finding, the gravest and heaviest first; one that somebody lets stand says who, when
    and why. What a scenario at constant factors would say, the scenario itself says."""
    known = {each["finding_id"]: each for each in run.ledger.current("acknowledgement")}
    stakes = Stakes(run)
    found = [each for ask in ASKED for each in ask(run)]
    own = [each for each in found if CONSTANT not in each.where + each.message]
    return sorted((_seen(stakes.weighed(each), known) for each in own), key=_weight)


def _weight(problem: Problem) -> tuple[int, Decimal, str, str]:
    """By severity, then by the tonnes at stake; those that cannot be told come last."""
    stake = Decimal(-1) if problem.mass_t is None else problem.mass_t
    return SEVERITIES.index(problem.severity), -stake, problem.code, problem.message
