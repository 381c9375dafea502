"""What does the factor library hold, from whom, and on which terms? Writes the pages that say so.

`docs/factors/README.md`, `coverage.md` with its picture, `attributions.md`, one page a publisher
under `docs/factors/publishers/`, and `NOTICE` are written from `emission_factors/` and from what a
policy means where a book says nothing. `docs/factors/gaps.md` and `add-an-edition.md` are written
by hand. After a change of the library run (matplotlib draws the picture, from the extra `test`)

    python docs/list_factors.py
"""

from __future__ import annotations

from pathlib import Path

from factor_pages.coverage import coverage_page, coverage_picture
from factor_pages.publishers import publisher_page, publishers
from factor_pages.terms import attributions_page, notice_text
from factor_pages.words import MADE_BY, places_text, table, years_of

from carbon.library import Library, load

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "docs" / "factors"
PICTURE = PAGES / "coverage.svg"
NOTICE = ROOT / "NOTICE"
INDEX_LINKS = """
- [Coverage](coverage.md): which electricity factors there are, by country and year; other families.
- [Attributions](attributions.md): the text to put beside figures, by licence.
- [Gaps](gaps.md): what was not found, left out, is withheld, or stands with a doubt.
- [Add an edition](add-an-edition.md): to a book or to the library, in fifteen minutes.
- [Methods](../methods): how a factor is used. [Decisions](../decisions.md): why so.

`carbon factors search WORDS` finds a set, `carbon factors show ID` prints it as published,
`carbon factors sources --used` lists what a book's inventory rests on.
"""


def pages(known: Library) -> dict[Path, str]:
    """Every page of text by its path."""
    every = publishers(known)
    found = {
        PAGES / "README.md": index_page(known),
        PAGES / "coverage.md": coverage_page(known),
        PAGES / "attributions.md": attributions_page(known),
        NOTICE: notice_text(known),
    }
    for each in every:
        path = PAGES / "publishers" / f"{each.slug}.md"
        if path in found:
            raise ValueError(f"two publishers share the page {path.name}")
        found[path] = publisher_page(known, each, every)
    return found


def index_page(known: Library) -> str:
    """The index of the library."""
    every = publishers(known)
    own = [each for each in every if each.sets]
    values = sum(each.values for each in own)
    editions = {each.edition for each in known.sets.values()} - {"blends"}
    places = {each.region for each in known.sets.values()}
    rows = [
        (
            f"[{each.name}](publishers/{each.slug}.md)",
            each.values or "",
            sum(each.potentials.values()) or "",
            places_text(known, {one.region for one in each.sets}, whole=False),
            years_of(each.sets),
            each.licences,
        )
        for each in every
    ]
    facts = [
        ("printed values in factor sets", values),
        ("factor sets", len(known.sets)),
        ("editions, a file each under `emission_factors/editions/`", len(editions)),
        ("publishers of these values", len(own)),
        (
            "documents they were taken from",
            len({each.source_id for each in known.sets.values()}),
        ),
        ("places", len(places)),
        ("refrigerants by composition", len(known.blends)),
        ("global warming potentials over 100 years", len(known.gwp)),
        ("sets withheld by their licence", len(known.withheld)),
    ]
    return (
        f"# The factor library\n\n{MADE_BY}\n\n"
        + table("what|number#", facts)
        + INDEX_LINKS
        + "\n## Publishers\n\nValues are those in factor sets; a potential (GWP) stands in"
        " `emission_factors/gwp.csv`, where that of CO2 and of CO2e is 1 by definition.\n\n"
        + table("publisher|values#|GWPs#|places|years|licence", rows)
    )


def main() -> None:
    known = load()
    written = pages(known)
    (PAGES / "publishers").mkdir(parents=True, exist_ok=True)
    for path in (PAGES / "publishers").glob("*.md"):
        if path not in written:
            path.unlink()
    for path, text in written.items():
        path.write_text(text, encoding="utf-8", newline="\n")
    PICTURE.write_bytes(coverage_picture(known))


if __name__ == "__main__":
    main()
