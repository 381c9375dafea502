"""What of a year's neutrality is bought and what is reduced; neutrality and its account read it."""

from __future__ import annotations

from typing import Any

from carbon.targets.case import Case, breaks_in
from carbon.targets.figures import YearFigure
from carbon.targets.words import mass, percent, signed


def real_reduction(case: Case, shown: YearFigure) -> tuple[str, dict[str, Any]]:
    """What of a year's neutrality is bought and what is reduced: a sentence, and the figures.

    Real reduction is location-based and gross, against the first complete year that compares;
    held grid factors tell own measures from a cleaner grid.
    """
    alike = case.like_for_like()
    _, compared = breaks_in(alike.actual)
    base = next((each for each in compared if each.is_complete), compared[0])
    gross = shown.location_t
    now = next((each for each in alike.every if each.year == shown.year), shown)
    use = shown.credit_use(case.today)
    credits_t = use.retired_t
    if shown.kind == "projected":
        credits_t += use.planned_t + use.late_t
    reduction = base.location_t - now.location_t
    facts: dict[str, Any] = {
        "year": shown.year,
        "gross_location_t": gross,
        "certificates_t": shown.certificates_t,
        "credits_t": credits_t,
        "certificates_share": shown.certificates_t / gross if gross else None,
        "credits_share": credits_t / gross if gross else None,
        "base_year": base.year,
        "base_gross_location_t": base.location_t,
        "real_reduction_t": reduction,
        "real_reduction_share": reduction / base.location_t if base.location_t else None,
    }
    parts = ""
    if base.constant_factor_t is not None and now.constant_factor_t is not None:
        own = base.constant_factor_t - now.constant_factor_t
        facts |= {"own_reduction_t": own, "grid_reduction_t": reduction - own}
        parts = f" (own measures and growth {signed(-own)}, grid {signed(own - reduction)})"
    if not gross:
        return f"{shown.year} has no gross emissions.", facts
    bought = (
        f"Of the {mass(gross)} gross location-based in {shown.year}, certificates cover "
        f"{percent(facts['certificates_share'])} and credits {percent(facts['credits_share'])}"
    )
    if shown.year == base.year:
        return f"{bought}.", facts
    change = (
        f"{mass(reduction)} ({percent(facts['real_reduction_share'])}) less"
        if reduction > 0 and base.location_t
        else f"{mass(-reduction)} more"
    )
    then = f"{base.year} recalculated" if alike.is_recalculated else f"{base.year}"
    return f"{bought}; gross is {change} than in {then}{parts}.", facts
