"""What the totals rest on: how well the factors fit, what they leave out, what a licence withholds.

`notes` gives the sentences that stand under every inventory; `withheld` the published factors that
would have served and may not be passed on, each with what serves meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from carbon.coefficient import UNSPLIT
from carbon.engine import Row
from carbon.errors import counted
from carbon.inputs import DIRECT_LINE, DRAFT, WITHOUT
from carbon.ledger import Kept
from carbon.ledger.closings import MARK
from carbon.library import Withheld
from carbon.run import Run

GROSS = (
    "e.scenario = 'actual' and"
    " (e.line = 'scope1' or (e.line = 'scope2' and e.accounting = 'location'))"
)
EXCEEDS = (
    "Uncovered electricity takes the residual mix, from which sold certificates are taken out, so"
    " that it is dirtier than the grid average; and a contract or supplier may state a factor above"
    " it."
)
OWN, OLDER, WIDER = "own factor", "older year", "wider region"


def stated(set_id: str) -> str:
    """Where the coefficient of a set comes from that is none of the library."""
    if set_id == DIRECT_LINE:
        return "0 g/kWh: the rate of the PV plant on the direct line, which burns no fuel"
    return "stated by the instrument itself"


def figures(run: Run, year: int) -> list[Row]:
    """The figures of a year as its flows make them, closed or not.

    Rows: (site, accounting, line, category, gas, mass, CO2e). [g]
    """
    return run.engine.con.execute(
        "select site, accounting, line, category, gas,"
        " cast(sum(mass_g) as decimal(38, 18)), cast(sum(co2e_g) as decimal(38, 18)) from emission"
        " where scenario = 'actual' and reporting_year = ? group by all order by all",
        [year],
    ).fetchall()


def moved(run: Run) -> list[int]:
    """Closed years that would no longer come to what they were closed with, for all they keep."""
    return [
        year
        for year, closing in sorted(run.closings.items())
        if Kept((), (), figures(run, year)).digest != closing.digest
    ]


def notes(run: Run) -> list[str]:
    """The sentences under an inventory: gases and GWP sets, fit of the factors, withheld sets."""
    rows = run.rows(
        "select c.fit, c.age, e.gas, e.set_id, sum(e.co2e_g) from emission as e"
        " join factor_choice as c on c.scenario = e.scenario and c.topic = e.topic"
        " and c.place = e.place and c.policy = e.policy and c.factor_year = e.factor_year"
        f" and c.accounting = e.accounting where {GROSS} group by all"
    )
    gross = sum((row[4] for row in rows), Decimal(0))
    if not gross:
        return []
    bare = {
        row[0]
        for row in run.rows(
            "select set_id from coefficient group by set_id"
            " having count(distinct gas) = 1 and min(gas) = 'CO2'"
        )
    }
    alone = _share((row[4] for row in rows if row[3] in bare), gross)
    said = [
        f"{_gwp_sets(run)}. Of Scope 1+2, {alone:.1%} rests on factors that print CO2"
        f" alone, {_unsplit(rows, gross)}."
    ]
    fitted = [
        f"{_share((row[4] for row in rows if test in row[0]), gross):.1%} {words}"
        for test, words in (
            (OLDER, f"on factors of an earlier year{_oldest(rows)}"),
            (WIDER, "on factors of a wider region than the site's own"),
            (OWN, "on factors of the book's own"),
        )
        if any(test in row[0] for row in rows)
    ]
    said += [rules_note(run)] if rules_note(run) else []
    said += [
        f"{year} would no longer come to its closed figures, which stand; carbon check tells more."
        for year in moved(run)
    ]
    if fitted:
        first, *others = fitted
        told = "".join(f", {each}" for each in others)
        said.append(f"Of Scope 1+2, {first.replace(' on ', ' rests on ', 1)}{told}.")
    said += _completions(run, rows, gross)
    return said + [each.sentence for each in withheld(run)]


def rules_note(run: Run) -> str:
    """What is to be said wherever a figure follows the draft rules; '' where none does."""
    years = [
        str(year)
        for year, view in sorted(run.views.closed.items())
        if view.settings.policy.scope2_rules == DRAFT
    ]
    if run.settings.policy.scope2_rules != DRAFT and not years:
        return ""
    of = "" if run.settings.policy.scope2_rules == DRAFT else f" of {', '.join(years)}"
    return (
        f"Market-based figures{of} follow the rules {DRAFT!r}: a draft under consultation, not in"
        " force. Instruments are matched by the hour where the meters of both sides tell it, else"
        " by the month."
    )


def _completions(run: Run, rows: Sequence[Row], gross: Decimal) -> list[str]:
    """How much is CH4 and N2O of a second set, and of which."""
    grams: dict[str, Decimal] = {}
    for _, _, gas, set_id, co2e_g in rows:
        each = run.library.sets.get(set_id)
        if each is not None and each.completed_by and gas != "CO2":
            grams[each.completed_by] = grams.get(each.completed_by, Decimal(0)) + co2e_g
    if not grams:
        return []
    whole = _share(grams.values(), gross)
    return [
        f"Of Scope 1+2, {whole:.1%} is CH4 and N2O that the policy takes from another set than the"
        f" CO2 of the fuel: {', '.join(sorted(grams))}."
    ]


def flights(run: Run, years: Sequence[int] = ()) -> list[str]:
    """Whether flights count radiative forcing; nothing where none flew.

    years : only of these; of all where none is named.
    """
    rows = run.rows(
        "select reporting_year, topic, sum(co2e_g) from emission where scenario = 'actual'"
        " and line = 'scope3' and topic like 'travel/air/%' group by 1, 2 order by 1, 2"
    )
    sums: dict[str, Decimal] = {}
    for year, topic, grams in rows:
        if years and year not in years:
            continue
        has_twin = topic + WITHOUT in run.library.topics
        is_less = topic.endswith(WITHOUT) or topic.startswith("travel/air/epa-")
        words = "leave out radiative forcing" if is_less else "count radiative forcing"
        words = words if is_less or has_twin else "do not say whether they count radiative forcing"
        sums[words] = sums.get(words, Decimal(0)) + grams
    told = [f"{grams.scaleb(-6):,.1f} t CO2e of flights {words}" for words, grams in sums.items()]
    return [f"In Scope 3, {'; '.join(told)}."] if told else []


def _gwp_sets(run: Run) -> str:
    """'GWP AR6', and which closed years are told in another set."""
    own = run.settings.policy.gwp
    others: dict[str, list[str]] = {}
    for year, closing in sorted(run.closings.items()):
        if closing.gwp_set != own:
            others.setdefault(closing.gwp_set, []).append(str(year))
    told = (f", but {', '.join(years)} closed with {gwp_set}" for gwp_set, years in others.items())
    return f"GWP {own}{''.join(told)}"


def _unsplit(rows: Sequence[Row], gross: Decimal) -> str:
    """How much was printed only as CO2e, and with which GWP sets it was made."""
    made: dict[str, Decimal] = {}
    for _, _, gas, _, grams in rows:
        if gas.startswith(UNSPLIT):
            said = gas.removeprefix(UNSPLIT).strip(",) ").partition(",")[0]
            name = said or "GWP not stated"
            made[name] = made.get(name, Decimal(0)) + grams
    whole = _share(made.values(), gross)
    parts = ", ".join(f"{name} {grams / gross:.1%}" for name, grams in sorted(made.items()))
    return f"{whole:.1%} on factors printed only as CO2e" + (f" ({parts})" if parts else "")


def _oldest(rows: Sequence[Row]) -> str:
    """The greatest age among the factors of an earlier year."""
    age = max((row[1] for row in rows if OLDER in row[0]), default=0)
    return f" (up to {counted(age, 'year')})" if age else ""


def _share(grams: Iterable[Decimal], gross: Decimal) -> Decimal:
    return sum(grams, Decimal(0)) / gross


@dataclass(frozen=True)
class Missed:
    """A published set that would have served, were it not withheld."""

    withheld: Withheld
    publisher: str
    region: str
    years: tuple[int, ...]
    meanwhile: tuple[str, ...]  # the sets that serve

    @property
    def sentence(self) -> str:
        """Who publishes it, what serves meanwhile, and how to bring it in."""
        years = ", ".join(map(str, self.years))
        return (
            f"{self.publisher} publishes a {self.withheld.series} for {self.region} {years}; its"
            f" licence keeps it out, so {', '.join(self.meanwhile)} serves meanwhile. To bring it"
            f" in: carbon factors show {self.withheld.withheld_id}"
        )


def withheld(run: Run) -> list[Missed]:
    """Withheld sets that would serve the uncovered electricity better than what does."""
    rows = run.rows(
        "select distinct c.place, c.factor_year, c.accounting, c.set_id, c.topic, s.series"
        " from factor_choice as c join factor_set as s on s.set_id = c.set_id"
        ""
        " where c.scenario = 'actual' and c.topic = 'electricity' and c.accounting = 'market'"
        " order by all"
    )
    regions = {each.name: each.region for each in run.settings.site}
    regions |= {name: site.region for name, (site, _) in run.settings.meters().items()}
    found: dict[tuple[str, str], tuple[Withheld, set[int], dict[str, None]]] = {}
    for place, year, accounting, set_id, topic, series in rows:
        if place not in regions or series in ("own", "supplier") or "residual" in series:
            continue
        missed = run.library.withheld_for(topic, regions[place], year, accounting)
        if missed is None:
            continue
        entry = found.setdefault((missed[0].source_id, missed[1]), (missed[0], set(), {}))
        entry[1].add(year)
        entry[2][set_id.partition(MARK)[0]] = None
    return [
        Missed(
            each,
            run.library.sources[each.source_id].publisher,
            region,
            tuple(sorted(years)),
            tuple(sets),
        )
        for (_, region), (each, years, sets) in sorted(found.items())
    ]
