"""Copies of library sets for editing: an own heating value, carbon content or density.

`copy_of` gives the text of an edition file that says what a set of the library prints, under a name
of its own. Until a value is changed it gives the same figures; what is changed is the
organisation's own measurement, whose place its locator then names.
"""

from __future__ import annotations

import csv
import io

from carbon.library.model import FactorSet, Library
from carbon.library.set_faults import TOTAL
from carbon.library.words import EDITION_COLUMNS


def copy_name(set_id: str) -> str:
    """The name a copy goes by: of its set, and of its file."""
    return "own-" + set_id.replace("/", "-").replace("+", "-")


def copy_of(library: Library, set_id: str, place: str, years: tuple[int, int]) -> str:
    """The edition file of a copy, ready to be edited.

    place : the site, meter or region it is for.
    years : the first and the last it holds for.
    """
    factors, name = library.sets[set_id], copy_name(set_id)
    out = io.StringIO()
    for line in _heading(library, factors):
        out.write(f"# {line}\n")
    table = csv.writer(out, lineterminator="\n")
    table.writerow(EDITION_COLUMNS.split())
    head = (name, factors.topic, place, "", *years, factors.accounting)
    source = library.sources[factors.source_id]
    for part in factors.printed:
        if part.quantity != TOTAL:  # a check on the parts, which a change would break
            where = ", ".join(filter(None, [source.publisher, source.title, part.locator]))
            note = "; ".join(filter(None, [part.note, f"Copied from {set_id}"]))
            value = (part.quantity, part.value, part.unit)
            table.writerow((*head, *value, name, where, part.confidence, note))
    return out.getvalue()


def _heading(library: Library, factors: FactorSet) -> list[str]:
    """What the copy is, and what to do with it."""
    return [
        f"Copied from {factors.set_id} for editing. It serves before the library's sets.",
        f"Source: {library.citation(factors.set_id)}.",
        "Of a value that was measured, change the value, its unit, and its locator (laboratory"
        " report, page), and clear the note.",
        "Take out what contradicts it: a factor per tonne no longer follows from a new heating"
        " value. carbon factors lint tells.",
    ]
