"""What is wrong or stands on sand in a book, each finding with the command that mends it.

`findings` asks every check of `carbon/sql/check/`, the coverage of the months, the ledger's own
rows and the policy, and gives `Problem`s: errors block an answer, warnings stand beside it,
notes inform. Nothing found here changes a figure.
"""

from __future__ import annotations

from carbon.errors import Problem
from carbon.findings import claims, entries, factors, networks
from carbon.run import Run

SEVERITIES = ("error", "warning", "note")
ASKED = (
    entries.unknown_activity,
    entries.outside_boundary,
    entries.double_counts,
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
    networks.unit_slips,
    entries.only_parts_metered,
    entries.pv,
    entries.pv_yield,
    entries.overlaps,
    entries.negative_entries,
    claims.refused_instruments,
    claims.refused_credits,
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
)


def findings(run: Run) -> list[Problem]:
    """Every finding, the gravest first."""
    every = [problem for ask in ASKED for problem in ask(run)]
    return sorted(
        every, key=lambda each: (SEVERITIES.index(each.severity), each.code, each.message)
    )
