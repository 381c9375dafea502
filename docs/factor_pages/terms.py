"""What licences want: the page of attributions, and `NOTICE` at the top of the repository."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from carbon.library import Library, Source
from factor_pages.words import MADE_BY, NONE, table


class Terms(NamedTuple):
    """What licences that begin alike want beside figures made with their values."""

    starts: tuple[str, ...]
    title: str
    wants: str
    is_wanted: bool  # whether a text must stand beside the figures


TERMS = (
    Terms(
        ("OGL-3.0",),
        "Open Government Licence v3.0 (United Kingdom)",
        "The statement below, where possible with a link to"
        " https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/.",
        True,
    ),
    Terms(
        ("Open Government Licence - Canada",),
        "Open Government Licence - Canada",
        "The statement below, where possible with a link to"
        " https://open.canada.ca/en/open-government-licence-canada.",
        True,
    ),
    Terms(
        ("CC BY 4.0",),
        "Creative Commons Attribution 4.0",
        "The text below, a link to https://creativecommons.org/licenses/by/4.0/ where possible, and"
        " that values were changed. The library keeps them as printed; what a program makes of them"
        " (other units, products, sums) is a change.",
        True,
    ),
    Terms(
        ("EEA reuse policy", "EUR-Lex reuse"),
        "Reuse policies of the European Union (Decision 2011/833/EU; CC BY 4.0)",
        "The source, and that values were changed where they were.",
        True,
    ),
    Terms(
        ("data use under section 12a EGovG",),
        "Data of German federal authorities (section 12a EGovG)",
        "The source.",
        True,
    ),
    Terms(
        ("IPCC notice: short excerpt",),
        "Short excerpts by the notice of the IPCC",
        "The source. The excerpt may not grow into the set.",
        True,
    ),
    Terms(
        ("none stated", "no licence stated", "IPCC values as facts"),
        "No licence stated, numbers taken as facts",
        "Nothing that is stated. Single numbers are taken as facts and their source is named:"
        " good practice, and what an assurer asks for.",
        False,
    ),
    Terms(
        ("Crown copyright",),
        "Crown copyright (New Zealand)",
        "Nothing that was seen: no licence stands in the copies the values come from. Single"
        " numbers are taken as facts and their source is named.",
        False,
    ),
    Terms(
        ("compositions as facts", "numbers as facts", "BSD-3-Clause (carrier)"),
        "Numbers as facts, found in free software that carries them",
        "Nothing for the numbers. The software that carries them is under its own licence (BSD,"
        " MIT) and no part of it is in this repository.",
        False,
    ),
    Terms(
        ("US government work",),
        "Works of the United States government",
        "Nothing: they are in the public domain. Naming the source is good practice.",
        False,
    ),
)


def terms_of(source: Source) -> Terms:
    """What a document's licence wants. Raises KeyError for a licence nobody has thought about."""
    for terms in TERMS:
        if source.licence.startswith(terms.starts):
            return terms
    raise KeyError(f"docs/list_factors.py, TERMS: what does {source.licence!r} want?")


def passed_on(known: Library) -> dict[Terms, list[Source]]:
    """Documents whose values or rules stand in the library, by what their licence wants."""
    found: dict[Terms, list[Source]] = {terms: [] for terms in TERMS}
    for source in sorted(
        known.sources.values(), key=lambda one: (one.publisher.lower(), one.title)
    ):
        if source.redistribution != "no" and source.licence != NONE:
            found[terms_of(source)].append(source)
    return found


def attributions_page(known: Library) -> str:
    """The page: what to put beside published figures, by licence."""
    parts = [
        f"# Attributions\n\n{MADE_BY}\n\n"
        "What the licences of the factors want to see beside figures that were made with them, as\n"
        "the licences say it; this is no legal advice. `carbon factors sources --used` lists the\n"
        "documents behind one book's inventory. `NOTICE` says the same of the library's files.\n\n"
        "## A text is wanted\n"
    ]
    is_wanted = True
    for terms, sources in passed_on(known).items():
        if is_wanted and not terms.is_wanted:
            is_wanted = False
            parts.append(UNWANTED)
        parts.append(f"\n### {terms.title}\n\n{terms.wants}\n\n")
        parts.append(_texts(sources) if terms.is_wanted else _named(sources))
    rows = [
        (source.publisher, source.title, source.licence)
        for source in known.sources.values()
        if source.redistribution == "no"
    ]
    parts.append(
        "\n## Not in the library\n\nValues of these documents may not be passed on. Whoever brings"
        " them into a book keeps to\nthe licence they were got under.\n\n"
    )
    parts.append(table("publisher|document|licence", rows))
    return "".join(parts)


UNWANTED = """
## No text is wanted

Where a source of these is named, it is as "Source: publisher, document".
"""


def _texts(sources: Iterable[Source]) -> str:
    """Texts to say, and the documents each is said for."""
    said: dict[str, list[str]] = defaultdict(list)
    for source in sources:
        said[source.attribution].append(f"{source.title} (`{source.source_id}`)")
    return table("text|documents", [(text, "; ".join(titles)) for text, titles in said.items()])


def _named(sources: Iterable[Source]) -> str:
    """Documents by their publishers."""
    rows = [
        (publisher, "; ".join(f"{source.title} (`{source.source_id}`)" for source in several))
        for publisher, several in _by_publisher(sources)
    ]
    return table("publisher|documents", rows)


def notice_text(known: Library) -> str:
    """`NOTICE`: what in the repository is under other terms than the program."""
    parts = [NOTICE_HEAD]
    for terms, sources in passed_on(known).items():
        parts.append(f"\n\n{terms.title}\n{'-' * len(terms.title)}\n")
        wrapped = _wrapped(f"Wanted: {terms.wants}")
        parts.append("\n".join(wrapped) + "\n")
        for publisher, several in _by_publisher(sources):
            parts.append(f"\n  {publisher}\n")
            for source in several:
                parts += [f"{line}\n" for line in _wrapped(f"{source.title}", "    ")]
                parts += [f"{line}\n" for line in _wrapped(f"licence: {source.licence}", "      ")]
                if source.attribution and not source.attribution.startswith("Source: "):
                    parts += [
                        f"{line}\n" for line in _wrapped(f"say: {source.attribution}", "      ")
                    ]
                if "carrier" in source.licence:
                    found = f"carried by: {source.where_found}"
                    parts += [f"{line}\n" for line in _wrapped(found, "      ")]
    return "".join(parts)


NOTICE_HEAD = """carbon

The program, its SQL, its tests, its documentation and its invented samples are licensed under the
Apache License, Version 2.0 (see LICENSE).

Other terms hold for the values below. They were printed by their publishers and stand, as printed,
in emission_factors/ (in an installed package carbon/data/emission_factors/), in the pages made of
them under docs/factors/, and in part in tests/blends_published.csv. Texts to put beside figures
made with them are in docs/factors/attributions.md. docs/published.csv quotes figures of published
company reports, named row by row; they are the companies' own statements.

Where no text to say is given, it is "Source: publisher, document". Documents whose licence forbids
to pass values on are named in emission_factors/withheld.csv without any value.

This file is written by docs/list_factors.py."""


def _by_publisher(sources: Iterable[Source]) -> Iterator[tuple[str, list[Source]]]:
    found: dict[str, list[Source]] = defaultdict(list)
    for source in sources:
        found[source.publisher].append(source)
    yield from found.items()


def _wrapped(text: str, indent: str = "", width: int = 100) -> list[str]:

    return textwrap.wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent + ("  " if indent else ""),
        break_long_words=False,
        break_on_hyphens=False,
    )
