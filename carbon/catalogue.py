"""The factor library as a catalogue: what there is, one set in full, where it comes from.

Functions take a `Library` and give tables and sheets; none needs a book.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from carbon.coefficient import coefficients, in_scopes, serves
from carbon.errors import FactorError, UnitError, UsageError, counted, nearest
from carbon.inputs import DEFAULT_SERIES
from carbon.library import FactorSet, Library, Source, Withheld
from carbon.library.completion import made_of
from carbon.library.measure import GWP_SETS
from carbon.library.model import Heading
from carbon.library.words import span
from carbon.tables import Column, Table
from carbon.units import unit as unit_named

SHOWN = 40  # sets of a search that are listed
FACTORS = (
    Column("set_id", "Set"),
    Column("topic", "Topic"),
    Column("region", "Region"),
    Column("years", "Years"),
    Column("series", "Series"),
    Column("printed", "As printed"),
    Column("confidence", "Confidence"),
)
PRINTED = (
    Column("quantity", "Quantity"),
    Column("value", "Value as printed"),
    Column("unit", "Unit"),
    Column("locator", "Where"),
    Column("confidence", "Confidence"),
    Column("note", "Note"),
)
SOURCES = (
    Column("source_id", "Source"),
    Column("publisher", "Publisher"),
    Column("title", "Document"),
    Column("published", "Published"),
    Column("values", "Values", kind="count"),
    Column("licence", "Licence"),
    Column("attribution", "Attribution"),
)


# Finding


def search(
    known: Library, text: str, region: str = "", year: int = 0, unit: str = "", gwp: str = "AR6"
) -> Table:
    """Factor sets that answer to every word; those withheld by their licence say so.

    unit : only sets that can serve a quantity in it.

    Raises UnitError for a unit nobody knows, UsageError for an unknown region and for one of
    which there is nothing.
    """
    is_served = not region or region in {each.region for each in known.sets.values()}
    if not is_served and known.is_elsewhere(region):
        raise UsageError(
            "no-factor-there",
            f"{region} is the code of a place, and the library holds no factor of it",
            looked_for=f"factors published for {region}",
            remedy=f"carbon factors search {text} --region WORLD tells of those for any place; add"
            " your own under factors/ of the book",
        )
    if not is_served and region not in known.regions:
        raise UsageError(
            "unknown-region",
            f"{region!r} is no region of the factor library",
            nearest=known.meant(region) or nearest(region, known.regions),
            remedy="carbon factors search with no --region looks everywhere",
        )
    found = known.search(text, region, year)
    if unit:
        canonical = unit_named(unit).canonical
        found = [each for each in found if serves(each, canonical, gwp, known)]
    rows = [_found(each) for each in found[:SHOWN]]
    rows += [_kept_out(each) for each in known.search_withheld(text, region, year)]
    notes = []
    if len(found) > SHOWN:
        more = counted(len(found) - SHOWN, "more set")
        notes.append(f"{more}: add a word, --region, --year or --unit to see them.")
    if not rows:
        notes.append("Nothing answers to all of these words: try fewer, or another language.")
    return Table("factors", f"Factor sets for {text!r}", FACTORS, rows, notes, missing="")


def _found(each: FactorSet) -> dict[str, str]:
    first, *others = each.printed
    more = f" (and {len(others)} more)" if others else ""
    return {
        "set_id": each.set_id,
        "topic": each.topic,
        "region": each.region,
        "years": span(each.first_year, each.last_year),
        "series": each.series,
        "printed": f"{first.quantity} {first}{more}",
        "confidence": each.confidence,
    }


def _kept_out(each: Withheld) -> dict[str, str]:
    return {
        "set_id": each.withheld_id,
        "topic": each.topic,
        "region": ", ".join(each.regions[:3]) + (" ..." if len(each.regions) > 3 else ""),
        "years": span(each.first_year, each.last_year),
        "series": each.series,
        "printed": "withheld by its licence",
        "confidence": "",
    }


# One set in full


@dataclass(frozen=True)
class Sheet:
    """A factor set in full: printed, derived, cited, and its neighbours in time."""

    factors: FactorSet
    source: Source
    place: str
    derived: Sequence[tuple[str, str]]  # what one unit emits, and the equation
    neighbours: Sequence[tuple[FactorSet, Decimal]]  # of the same series, by year, in `per`
    per: str  # the unit the neighbours are compared in
    activities: Sequence[str]
    gwp: str
    heading: Heading | None  # of its edition
    second: str = ""  # the source of CH4 and N2O, where a policy takes them from another set

    def table(self) -> Table:
        """The printed values."""
        each = self.factors
        rows = [part._asdict() for part in each.printed]
        notes = [self.headline, f"Source: {self.citation}", f"Licence: {self.source.licence}"]
        notes += [f"CH4 and N2O: {self.second}"] if self.second else []
        return Table("factor_set", each.set_id, PRINTED, rows, notes, missing="")

    @property
    def headline(self) -> str:
        """What it is a factor of, where and when."""
        each = self.factors
        years = span(each.first_year, each.last_year)
        return (
            f"{each.topic} in {self.place}, {'any year' if years == 'any' else years}, series"
            f" {each.series}, accounting {each.accounting}, edition {each.edition}"
        )

    @property
    def citation(self) -> str:
        """Publisher, document and date."""
        said = f"published {self.source.published_as}" if self.source.published_as else "undated"
        return f"{self.source.publisher}, {self.source.title}, {said}"


def sheet(known: Library, set_id: str, gwp: str = "AR6") -> Sheet:
    """One set in full. Raises UsageError where there is none of that name."""
    if set_id not in known.sets:
        raise UsageError(
            "unknown-set",
            f"there is no factor set, refrigerant or gas {set_id!r}",
            nearest=nearest(set_id, [*known.sets, *known.withheld, *known.gases, *known.blends]),
            remedy=f"carbon factors search {set_id}",
        )
    each = known.sets[set_id]
    per = _own_unit(each)
    region = known.regions.get(each.region)
    return Sheet(
        each,
        known.sources[each.source_id],
        f"{region.name} ({each.region})" if region else each.region,
        _derived(known, each, gwp),
        _neighbours(known, each, per, gwp) if per else (),
        per,
        [
            method.activity
            for method in known.methods.values()
            if method.topic
            and (
                each.topic == method.topic
                or (method.is_detailed and each.topic.startswith(f"{method.topic}/"))
            )
        ],
        gwp,
        known.headings.get(each.edition),
        known.citation(each.completed_by) if each.completed_by else "",
    )


GAS = (
    Column("gwp_set", "GWP set"),
    Column("value", "Over 100 years", "kg CO2e per kg"),
    Column("source", "Source"),
    Column("locator", "Where"),
    Column("confidence", "Confidence"),
    Column("note", "Note"),
)


def gas_table(known: Library, gas: str) -> Table:
    """A gas: whether it is in the scopes, and its warming potential in every set."""
    each = known.gases[gas]
    rows = []
    for gwp_set in GWP_SETS:
        printed = known.potentials.get((gwp_set, gas))
        if printed is not None:
            source = known.sources[printed.source_id]
            cited = {"source": f"{source.publisher}, {source.title}", "gwp_set": gwp_set}
            rows.append(printed._asdict() | cited)
    where = "inside the scopes" if each.is_in_scopes else "reported outside of scopes"
    held = [name for name, parts in known.blends.items() if gas in parts]
    notes = [f"{each.name}, {each.kind}: {where}."]
    if held:
        more = f" and {len(held) - 12} more" if len(held) > 12 else ""
        notes.append(f"In {', '.join(held[:12])}{more}.")
    return Table("gas", gas, GAS, rows, notes, missing="")


@dataclass(frozen=True)
class WithheldSheet:
    """A set its licence withholds: why, where to get it, and the file that brings it in."""

    withheld: Withheld
    facts: Sequence[tuple[str, str]]  # what is said of it
    file: str  # the edition file to make, one row of it

    def table(self) -> Table:
        """What is said of it, one row."""
        columns = [Column(name.replace(" ", "_"), name.capitalize()) for name, _ in self.facts]
        row = {name.replace(" ", "_"): text for name, text in self.facts}
        columns.append(Column("file", "File to make"))
        title = f"{self.withheld.withheld_id}: withheld by its licence"
        return Table("withheld", title, columns, [row | {"file": self.file}], missing="")


def withheld_sheet(known: Library, withheld_id: str) -> WithheldSheet:
    """One withheld set in full."""
    each = known.withheld[withheld_id]
    source = known.sources[each.source_id]
    blanks = ", ".join(f"{word} {meaning}" for word, meaning in each.blanks.items())
    facts = [
        ("published", f"{source.publisher}, {source.title}"),
        ("licence", source.licence),
        ("is", f"{each.topic}, {span(each.first_year, each.last_year)}, series {each.series}"),
        ("places", ", ".join(each.regions)),
        ("note", each.note),
        ("get it", each.where_to_get),
        (
            "then",
            f"make factors/{withheld_id}.csv in the book, with a row for each value. In the row"
            f" below write for {blanks}. {_policy(each)}",
        ),
    ]
    told = [(name, text) for name, text in facts if text]
    return WithheldSheet(each, told, each.file())


def _policy(each: Withheld) -> str:
    """What lets its series serve: in its country alone, and what serves there now after it."""
    if each.accounting == "market":
        return "A residual mix is taken by itself."
    now = DEFAULT_SERIES[each.family]
    others = [f"in {place} {series[0]}" for place, series in now.items() if place != "default"]
    return (
        "Then name its series in carbon.toml, for each COUNTRY by its code and before what serves"
        f" there now: [policy.{each.family}] COUNTRY = ['{each.series}', '{now['default'][0]}'];"
        f" what serves now is {', '.join(others)}."
    )


def _own_unit(each: FactorSet) -> str:
    """The canonical unit a set is first printed for; '' for figures that are no factor."""
    for part in each.printed:
        try:
            measured = part.measure
        except UnitError:
            continue
        if measured.of == "g" and measured.per:
            return measured.per
    return "kg" if each.series == "composition" else ""


def _derived(known: Library, each: FactorSet, gwp: str) -> list[tuple[str, str]]:
    """What one unit emits, for every unit the set is printed for."""
    pers = [part.measure.per for part in each.printed if part.measure.of in ("g", "MJ", "MJ_gross")]
    units = dict.fromkeys(["kg"] if each.series == "composition" else [per for per in pers if per])
    found = []
    for unit in units:
        try:
            made = coefficients(each, unit, gwp, known)
        except (FactorError, KeyError, UnitError):
            continue
        total = in_scopes(made)
        name = "tce" if each.family == "standard_coal" else "CO2e"
        grams = total if name == "CO2e" else sum((part.mass_g for part in made), Fraction(0))
        what = f"1 {unit}: {_plain(grams)} g {name}"
        found += [
            (
                what if number == 0 else "",
                part.equation + ("" if part.is_in_scopes else "; outside of scopes"),
            )
            for number, part in enumerate(made)
        ]
    return found


def _plain(number: Fraction) -> str:
    """Six significant digits, without an exponent.

    >>> _plain(Fraction(2255500)), _plain(Fraction(1, 3))
    ('2,255,500', '0.333333')
    """
    rough = Decimal(f"{float(number):.6g}")
    return f"{rough.quantize(Decimal(1)) if rough == rough.to_integral() else rough:,f}"


def _neighbours(
    known: Library, each: FactorSet, per: str, gwp: str
) -> list[tuple[FactorSet, Decimal]]:
    """The same topic, place and series year by year, the newest edition of each. [g CO2e]"""
    by_year: dict[int, FactorSet] = {}
    for other in known.topics[each.topic]:
        is_kin = (other.region, other.series, other.accounting) == (
            each.region,
            each.series,
            each.accounting,
        )
        held = by_year.get(other.first_year)
        if is_kin and (held is None or held.published_on < other.published_on):
            by_year[other.first_year] = other
    by_year[each.first_year] = each
    found = []
    for year in sorted(by_year):
        try:
            made = coefficients(by_year[year], per, gwp, known)
        except (FactorError, KeyError):
            continue
        is_coal = each.family == "standard_coal"
        grams = sum((part.mass_g for part in made), Fraction(0)) if is_coal else in_scopes(made)
        found.append((by_year[year], Decimal(grams.numerator) / Decimal(grams.denominator)))
    return found


# Sources


def sources(known: Library, used: Collection[str] | None = None) -> Table:
    """Documents values come from, with their licence and the attribution it wants.

    used : only sources of these sets.
    """
    counts: dict[str, int] = {}
    behind = {each for set_id in used or () for each in made_of(known, set_id)}
    for each in known.sets.values():
        if not each.completes and (used is None or each.set_id in behind):
            counts[each.source_id] = counts.get(each.source_id, 0) + len(each.printed)
    rows = [
        {
            "source_id": each.source_id,
            "publisher": each.publisher,
            "title": each.title,
            "published": each.published_as or "undated",
            "values": counts.get(each.source_id, 0),
            "licence": each.licence,
            "attribution": each.attribution,
        }
        for each in sorted(known.sources.values(), key=lambda each: (each.publisher, each.title))
        if each.source_id in counts
        or (used is None and each.redistribution == "no" and each.publisher != "own record")
    ]
    total = sum(counts.values())
    publishers = len({row["publisher"] for row in rows})
    notes = [f"{counted(total, 'printed value')} from {counted(publishers, 'publisher')}."]
    return Table("source", "Sources", SOURCES, rows, notes, missing="")


def attributions(known: Library, used: Collection[str]) -> list[str]:
    """The texts that the licences of some sets want to see beside the figures."""
    found = {}
    for set_id in sorted({each for name in used for each in made_of(known, name)}):
        if set_id in known.sets:
            source = known.sources[known.sets[set_id].source_id]
            if source.wants_naming:
                found[source.attribution] = None
    return list(found)
