"""Where the checklist of sources and the entries disagree, and what is left out of a year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from shlex import quote

from carbon import completeness
from carbon.completeness import HAS_ENTRIES, LISTED, NO_ACTIVITY, NO_ENTRY, NOT_STATED, Item
from carbon.errors import Problem, counted, nearest
from carbon.findings.leaks import silent_sources
from carbon.findings.stakes import every
from carbon.inputs import ACTUAL
from carbon.inventory import year_totals
from carbon.run import Run

Listed = Mapping[int, Sequence[Item]]  # by year


def checklist(run: Run) -> Iterator[Problem]:
    """Everything that the checklists of all years with figures ask for."""
    years = sorted(year for (scenario, year) in year_totals(run) if scenario == ACTUAL)
    every_year = {year: completeness.items(run, year) for year in years}
    told = silent_sources(run)  # by their appliances, which is nearer
    listed = {
        year: [each for each in items if (each.site, each.source) not in told]
        for year, items in every_year.items()
    }
    yield from _contradicted(run, listed)
    yield from _left_out(run, every_year)
    yield from _unstated(listed)
    yield from _unknown(run)


def _contradicted(run: Run, listed: Listed) -> Iterator[Problem]:
    """Sources said to be reported without an entry, or said to be none with entries."""
    years: dict[tuple[str, str, str, str], list[str]] = {}
    for year, items in listed.items():
        for each in items:
            if each.said and each.finding in (NO_ENTRY, HAS_ENTRIES, NO_ACTIVITY):
                key = (each.site, each.source, each.said.state, each.finding)
                years.setdefault(key, []).append(str(year))
    for (site, source, state, finding), found in years.items():
        told, remedy = {
            NO_ENTRY: (
                f"{source} of {site} is said to be {state}, and has no entry",
                f"carbon log for {site}, or state it as zero, not disclosed or excluded",
            ),
            HAS_ENTRIES: (
                f"{source} of {site} is said to be {state}, and has entries, which count",
                f"carbon entries --site {quote(site)}, or state it as reported",
            ),
            NO_ACTIVITY: (
                f"{source} of {site} is said to be {state}, and no activity can record it yet",
                "state it as not disclosed, or as excluded with an estimate",
            ),
        }[finding]
        activities = LISTED[source].records(run.library) if source in LISTED else ()
        yield Problem(
            "source-contradicted",
            "warning",
            told,
            where=", ".join(found),
            remedy=remedy,
            about=every(site, sorted(activities)) if finding == HAS_ENTRIES else (),
        )


def _left_out(run: Run, listed: Listed) -> Iterator[Problem]:
    """Exclusions that are material, or of which nobody says why or how much."""
    unknown: dict[tuple[str, str], str] = {}
    for year, items in listed.items():
        found = completeness.exclusions(run, year, items)
        limit = run.views.of(year).settings.policy.materiality
        if found.share is not None and found.share > limit:
            yield Problem(
                "excluded-material",
                "error",
                completeness.told(run, year, found).removesuffix("."),
                where=", ".join(f"{each.source} of {each.site}" for each in found.excluded),
                remedy="carbon log what is excluded, until the rest is below the materiality",
                mass_t=found.estimated_t,
            )
        for each in found.excluded:
            lacks = [
                word
                for word, is_said in (
                    ("reason", each.said and each.said.reason),
                    ("estimated_t", each.said and each.said.estimated_t is not None),
                )
                if not is_said
            ]
            if lacks:
                unknown[each.site, each.source] = " and ".join(lacks)
    for (site, source), lacks in unknown.items():
        yield Problem(
            "excluded-unexplained",
            "warning",
            f"{source} of {site} is excluded without {lacks}",
            remedy=f'{source} = {{ state = "excluded", reason = "...", estimated_t = ... }}',
        )


def _unstated(listed: Listed) -> Iterator[Problem]:
    """Sources that sites of their kind usually have, and of which nothing is said or recorded."""
    year = max(listed, default=0)
    silent = [
        each for each in listed.get(year, ()) if each.finding == NOT_STATED and not each.months
    ]
    if silent:
        names = dict.fromkeys(each.source for each in silent)
        yield Problem(
            "sources-not-stated",
            "note",
            f"{counted(len(silent), 'source')} that such sites usually have are not stated:"
            f" {', '.join(names)}",
            where=f"{counted(len({each.site for each in silent}), 'site')}, {year}",
            remedy="carbon checklist shows them; state each under sources of its site",
        )


def _unknown(run: Run) -> Iterator[Problem]:
    """Names that nobody knows and that look like a source of the list."""
    for place in run.settings.site:
        for name in place.sources:
            close = "" if name in LISTED else nearest(name, LISTED)
            if close:
                yield Problem(
                    "unknown-source",
                    "warning",
                    f"{name!r} of {place.name} is no source of the list, so it is not checked",
                    nearest=close,
                    remedy=f"write {close}",
                )
