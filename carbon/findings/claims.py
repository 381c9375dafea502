"""What is claimed and not proved: certificates, credits, sources, years, measures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from carbon import basis, inputs, pipeline, scenarios
from carbon.errors import About, Problem, counted
from carbon.inputs import ACTUAL, months_between
from carbon.records import Credit
from carbon.run import Run
from carbon.targets import credit_use


def refused_credits(run: Run) -> Iterator[Problem]:
    """Credits that lower no net line, and why."""
    recorded = run.credits[ACTUAL]
    for year in sorted({each.claim_year for each in recorded}):
        use = credit_use(recorded, year, run.claimed_on(year))
        waiting = [f"{use.planned_t.normalize():,f} t not retired"] if use.planned_t else []
        for refusal in [*use.refused, *waiting]:
            yield Problem(
                "credit-refused",
                "warning",
                f"not deducted in {year}: {refusal}",
                remedy="carbon log credit ... with its retirement, or for a year it may serve",
                mass_t=_named(refusal, recorded) or use.planned_t,
            )


def _named(refusal: str, credits: Sequence[Credit]) -> Decimal | None:
    """The tonnes of the credit that a refusal names."""
    named = (each.mass_t for each in credits if refusal.startswith(f"{each.credit_id}: "))
    return next(named, None)


def unproved_claims(run: Run) -> Iterator[Problem]:
    """Claims beside the inventory that name no evidence."""
    for each in run.ledger.current("claim", run.cut_off):
        if not each["evidence"]:
            yield Problem(
                "claim-without-evidence",
                "note",
                f"claim {each['claim_id']} of {each['mass_t'].normalize():,f} t names no evidence",
                remedy=f"carbon log claim ... with its evidence, or carbon withdraw"
                f" {each['claim_id']}",
                mass_t=each["mass_t"],
            )


def refused_instruments(run: Run) -> Iterator[Problem]:
    rows = run.rows(
        "select scenario, instrument_id, reporting_year, refused_kwh, reason from instrument_use"
        " where refused_kwh > 0 order by 1, 2, 3"
    )
    for scenario, instrument_id, year, refused, reason in rows:
        yield Problem(
            "instrument-refused",
            "warning" if scenario == ACTUAL else "note",
            f"{refused / 1000:,.1f} MWh of {instrument_id} are not used in {year}: {reason}",
            where=f"scenario {scenario}" if scenario != ACTUAL else "",
            remedy=f"carbon instruments {year} shows every criterion; correct with carbon log"
            " instrument ...",
            about=[About(activity="electricity", quantity=refused)],
        )


def draft_rules(run: Run) -> Iterator[Problem]:
    said = basis.rules_note(run)
    if said:
        yield Problem(
            "draft-rules",
            "warning",
            said,
            remedy='scope2_rules = "2015" under [policy] in carbon.toml, for figures that are'
            " reported",
        )


def unbalanced(run: Run) -> Iterator[Problem]:
    """Electricity that got lost between import, instruments and factors: it never may."""
    for scenario, balance, name, year, open_kwh in sorted(
        pipeline.check(run.engine, "instrument_balance")
    ):
        yield Problem(
            "not-closing",
            "error",
            f"{open_kwh.normalize():,f} kWh of {name} are unaccounted for in {year} ({balance})",
            where=f"scenario {scenario}" if scenario != ACTUAL else "",
            remedy="this is a fault of carbon, not of your data: report it",
            about=[About(activity="electricity", quantity=open_kwh)],
        )


def undisclosed_sources(run: Run) -> Iterator[Problem]:
    sources: dict[str, list[str]] = {}
    for place in run.settings.site:
        for source, said in place.sources.items():
            if said.state == "not disclosed" and place.in_boundary:
                sources.setdefault(source, []).append(place.name)
    for source, places in sorted(sources.items()):
        yield Problem(
            "not-disclosed",
            "note",
            f"{source}: not disclosed at {counted(len(places), 'site')}, missing and not 0",
            where=", ".join(places[:4])
            + (f" and {len(places) - 4} more" if len(places) > 4 else ""),
            remedy=f"carbon log ... for {places[0]}, or state it as zero or excluded in"
            " carbon.toml",
        )


def unusual_years(run: Run) -> Iterator[Problem]:
    for statement in run.settings.statement:
        if statement.note:
            yield Problem(
                "unusual-year",
                "note",
                f"{statement.year}: {statement.note}",
                remedy="think twice before it becomes a base year",
            )


def part_year_base(run: Run) -> Iterator[Problem]:
    """Sites a plan carries on from a part of a year."""
    starts, base = run.settings.organisation.reporting_year_starts, run.last_actual_year
    for place in run.settings.site if run.scenarios else ():
        first = min(month for month, year in inputs.calendar(run.settings) if year == base)
        if (
            place.in_boundary
            and first < place.joined
            and (inputs.reporting_year(place.joined, starts) == base)
        ):
            yield Problem(
                "part-year-base",
                "warning",
                f"{place.name} joined during {base}: the years ahead repeat only the months it was"
                " there",
                where=f"joined {months_between(place.joined, place.joined)}",
                remedy="add a growth measure for its full year to the scenario",
            )


def measures(run: Run) -> Iterator[Problem]:
    """Measures of the scenarios that change nothing, or are taken as done already."""
    seen: set[str] = set()
    for scenario in run.scenarios.values():
        for each in scenarios.findings(scenario, run.loads, run.last_actual_year):
            if each.message not in seen:  # a scenario repeats the measures of its base
                seen.add(each.message)
                yield each
        for said in scenarios.interactions(scenario, run.loads):
            if said not in seen:
                seen.add(said)
                yield Problem(
                    "measures-interact",
                    "note",
                    said,
                    where=f"scenario {scenario.name}",
                    remedy="nothing: the projection multiplies them; do not add up single savings",
                )
