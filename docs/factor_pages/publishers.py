"""One page a publisher: its documents, its editions, what they hold, what a book takes of it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from carbon.errors import counted
from carbon.inputs import DEFAULT_SERIES
from carbon.library import FactorSet, Library, Source, Withheld
from carbon.library.files import COLUMNS, read_folder, read_rows
from carbon.library.words import CONFIDENCES, FAMILIES
from factor_pages.words import (
    MADE_BY,
    NONE,
    places_text,
    policy_key,
    table,
    taken,
    years_of,
    years_text,
)

NAMES = 30  # of topics in one cell


class Publisher(NamedTuple):
    """A publisher, and what the library has of it."""

    name: str
    documents: list[Source]
    sets: list[FactorSet]
    withheld: list[Withheld]
    potentials: dict[tuple[str, str], int]
    instruments: list[str]

    @property
    def slug(self) -> str:
        return slug(self.name)

    @property
    def values(self) -> int:
        return sum(len(each.printed) for each in self.sets)

    @property
    def licences(self) -> str:
        return " / ".join(dict.fromkeys(each.licence for each in self.documents))

    @property
    def folders(self) -> set[str]:
        """The folders of the editions it stands in."""
        return {each.edition.partition("/")[0] for each in self.sets} - {"blends"}


def slug(name: str) -> str:
    """A publisher's name as a file name."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def publishers(known: Library) -> list[Publisher]:
    """Every publisher of a document the library names, in order of name."""
    documents: dict[str, list[Source]] = defaultdict(list)
    for source in known.sources.values():
        if source.licence != NONE:
            documents[source.publisher].append(source)
    sets: dict[str, list[FactorSet]] = defaultdict(list)
    for each in known.sets.values():
        sets[known.sources[each.source_id].publisher].append(each)
    found = []
    for name in sorted(documents, key=str.lower):
        own = {each.source_id for each in documents[name]}
        found.append(
            Publisher(
                name,
                sorted(documents[name], key=lambda each: (each.published_on, each.source_id)),
                sets[name],
                [each for each in known.withheld.values() if each.source_id in own],
                {key: count for key, count in gwp_counts().items() if key[0] in own},
                [each.kind for each in known.instruments.values() if each.source_id in own],
            )
        )
    return found


def publisher_page(known: Library, each: Publisher, every: Collection[Publisher]) -> str:
    """The page of one publisher."""
    parts = [f"# {each.name}\n\n{MADE_BY}\n\n{_summary(known, each)}\n"]
    kin = [
        f"[{other.name}]({other.slug}.md)"
        for other in every
        if other is not each and other.folders & each.folders
    ]
    if kin:
        parts.append(f"\nIn the same folders of editions: {'; '.join(kin)}.\n")
    parts += ["\n## Documents\n\n", _documents(each)]
    if each.sets:
        parts += ["\n## Editions\n\n", _editions(each), "\n## What it holds\n\n"]
        parts += [_holdings(known, each.sets), _settings(known, each.sets)]
    if each.potentials:
        rows = sorted((gwp, f"`{one}`", count) for (one, gwp), count in each.potentials.items())
        parts += ["\n## Global warming potentials\n\n", table("GWP set|document|values#", rows)]
    if each.instruments:
        parts.append(f"\n## Instruments\n\nTold by it: {', '.join(each.instruments)}.\n")
    if each.withheld:
        parts += ["\n## Withheld\n\n", _withheld(known, each.withheld)]
    return "".join(parts)


def _summary(known: Library, each: Publisher) -> str:
    if each.sets:
        places = places_text(known, {one.region for one in each.sets}, whole=False)
        level = Counter(part.confidence for one in each.sets for part in one.printed)
        sure = ", ".join(f"{level[name]:,} {name}" for name in CONFIDENCES if level[name])
        return (
            f"{counted(each.values, 'printed value')} in {counted(len(each.sets), 'set')};"
            f" {places}; {years_of(each.sets)}. Confidence of the values: {sure}."
        )
    if each.potentials:
        return f"{sum(each.potentials.values()):,} global warming potentials, no factor set."
    if each.withheld:
        return "No value of it stands in the library: its licence forbids to pass them on."
    return "No value of it stands in the library: it is named as the authority of a rule."


def _documents(each: Publisher) -> str:
    counts: Counter[str] = Counter()
    for one in each.sets:
        counts[one.source_id] += len(one.printed)
    rows = [
        (
            f"{source.title} (`{source.source_id}`)" + (f". {source.note}" if source.note else ""),
            source.published_as or "undated",
            counts[source.source_id] or "",
            source.licence,
        )
        for source in each.documents
    ]
    said = table("document|published|values#|licence", rows)
    wanted = dict.fromkeys(one.attribution for one in each.documents if one.attribution)
    if wanted:
        said += "\nTo name it by ([what its licence wants](../attributions.md)):\n\n"
        said += "".join(f"- {text}\n" for text in wanted)
    return said


def _editions(each: Publisher) -> str:
    """Editions with what their files say; those that say the same are told together."""
    values: Counter[str] = Counter()
    for one in each.sets:
        values[one.edition] += len(one.printed)
    alike: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for edition in sorted(values):
        year = _year_in(edition)
        told = header(edition)
        meaning = told.meaning.replace(year, "YEAR") if year else told.meaning
        alike[edition.replace(year, "YEAR") if year else edition, meaning, told.doubts].append(
            edition
        )
    lines = []
    for (_, meaning, doubts), names in alike.items():
        years = [_year_in(name) for name in names]
        said = meaning.replace("YEAR", years_text(map(int, years)) if all(years) else "")
        count = sum(values[name] for name in names)
        listed = ", ".join(f"`{name}`" for name in names)
        lines.append(f"- {listed} ({counted(count, 'value')}): {said}")
        lines[-1] += f" Doubts: {doubts}\n" if doubts else "\n"
    return "".join(lines)


def _year_in(edition: str) -> str:
    """The year that is a folder of an edition's name."""
    found = re.search(r"/((?:19|20)\d\d)/", edition)
    return found[1] if found else ""


def _holdings(known: Library, sets: Iterable[FactorSet]) -> str:
    """Topics by their first two segments, /* for more; those alike in all else share a row."""
    groups: dict[tuple[str, str, str, str], list[FactorSet]] = defaultdict(list)
    for each in sets:
        _, *rest = each.topic.split("/")
        name = "".join(rest[:1]) + "/*" * (len(rest) > 1)
        groups[each.family, name, each.series, taken(known, each)].append(each)
    rows: dict[tuple[str, ...], list[tuple[str, int]]] = defaultdict(list)
    for (family, name, series, use), several in groups.items():
        places = places_text(known, {each.region for each in several})
        count = sum(len(each.printed) for each in several)
        rows[family, places, years_of(several), series, use].append((name, count))
    lines = []
    for (family, places, years, series, use), names in sorted(
        rows.items(), key=lambda item: (FAMILIES.index(item[0][0]), item[0][1:])
    ):
        topics = sorted(name for name, _ in names if name)
        said = f"`{family}`" + (f": {_shortened(topics)}" if topics else "")
        count = sum(number for _, number in names)
        lines.append((said, places, years, f"`{series}`", count, use))
    return table("topics|places|years|series|values#|taken", lines)


def _shortened(names: list[str]) -> str:
    if len(names) <= NAMES:
        return ", ".join(names)
    return f"{', '.join(names[: NAMES // 3])} and {len(names) - NAMES // 3} more"


def _settings(known: Library, sets: Iterable[FactorSet]) -> str:
    """What to write in `carbon.toml` for the series that no book takes by itself."""
    named: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for each in sets:
        if taken(known, each) == "by name" and each.family in DEFAULT_SERIES:
            named[each.family, policy_key(known, each)][each.series] = None
    if not named:
        return ""
    lines = []
    for (family, country), series in sorted(named.items()):
        choice = " or ".join(f'`"{one}"`' for one in sorted(series))
        lines.append(f"- `[policy.{family}]`: `{country} =` {choice}\n")
    head = "By name in `carbon.toml`; a list names several, in order of preference:"
    return f"\n{head}\n\n" + "".join(lines)


def _withheld(known: Library, several: Iterable[Withheld]) -> str:
    rows = [
        (
            f"`{each.withheld_id}`",
            each.topic,
            places_text(known, each.regions),
            years_text(range(each.first_year, each.last_year + 1)),
            each.where_to_get,
            each.note,
        )
        for each in several
    ]
    said = table("name|of|places|years|where to get it|note", rows)
    return f"{said}\n`carbon factors show NAME` prints the file that brings a value into a book.\n"


class Header(NamedTuple):
    """What an edition file says of itself before its first row."""

    meaning: str
    doubts: str


@lru_cache(maxsize=1)
def texts() -> Mapping[str, str]:
    """Every file of the library."""
    return read_folder(None)[0]


def header(edition: str) -> Header:
    """The comment at the head of an edition, or of the compositions."""
    file = "blends.csv" if edition == "blends" else f"editions/{edition}.csv"
    meaning, doubts = [], ""
    for line in texts()[file].splitlines():
        if not line.startswith("#"):
            break
        said = line.lstrip("# ")
        if said.startswith("Doubts: "):
            doubts = said.removeprefix("Doubts: ")
        elif not said.startswith(("Source: ", "Licence: ", "Attribution: ")):
            meaning.append(said)
    return Header(" ".join(meaning), "" if doubts == "none." else doubts)


def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of a table of the library."""
    return [row for _, row in read_rows(texts()[name], name, COLUMNS[name])]


def gwp_counts() -> dict[tuple[str, str], int]:
    """How many potentials a document gives: (source, GWP set) -> count."""
    return Counter((row["source_id"], row["gwp_set"]) for row in rows_of("gwp.csv"))
