"""The pages on factors are what the library says, and the examples on them work.

`python docs/list_factors.py` writes the generated pages; `python tests/test_factor_pages.py` writes
the transcripts of `add-an-edition.md` anew.
"""

from __future__ import annotations

import importlib
import re
import shlex
import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from books import begun
from test_readme import transcript as printed

from carbon.library import load
from carbon.library.faults import lint_own
from carbon.library.files import read_folder
from carbon.library.words import (
    ACCOUNTINGS,
    CONFIDENCES,
    EDITION_COLUMNS,
    FAMILIES,
    GASES_OF_SETS,
    PROPERTIES,
    TOTAL,
)

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = DOCS / "factors"
GUIDE = PAGES / "add-an-edition.md"
FILE = "ours-2023.csv"
BILLS = {("works", 2023): 100, ("berlin", 2023): 20}  # MWh in every month
NAMING = [PAGES / "gaps.md", *sorted((DOCS / "methods").glob("*.md"))]
CODES = {  # problems that the pages tell of
    "blend-basis",
    "fuel-and-distance",
    "install-not-counted",
    "missing-factor",
    "net-or-gross",
    "no-density",
    "no-gwp",
    "no-heating-value",
    "no-leak-rate",
    "other-heating-value",
    "refrigerant-below-zero",
    "refrigerant-incomplete",
    "refrigerant-not-recorded",
    "service-and-entry",
    "unknown-blend",
}
WORDS = {"heat-pumps", "top-up"}  # of the register of equipment
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def library():
    return load()


@pytest.fixture(scope="module")
def made():
    """The script and its parts."""
    sys.path.insert(0, str(DOCS))
    try:
        names = ("coverage", "publishers", "terms", "words")
        parts = {name: importlib.import_module(f"factor_pages.{name}") for name in names}
        return SimpleNamespace(script=importlib.import_module("list_factors"), **parts)
    finally:
        sys.path.remove(str(DOCS))


@pytest.fixture(scope="module")
def pages(made, library):
    return made.script.pages(library)


# The generated pages


def test_every_page_is_what_the_library_says(pages):
    stale = [
        path.relative_to(ROOT).as_posix()
        for path, text in pages.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    assert stale == [], "run `python docs/list_factors.py`"


def test_no_page_of_a_publisher_is_left_over(pages):
    assert set((PAGES / "publishers").iterdir()) <= set(pages)


def test_the_index_counts_what_carbon_factors_sources_counts(library, pages):
    from carbon.catalogue import sources

    values = sum(row["values"] for row in sources(library).rows)
    assert f"| printed values in factor sets | {values:,} |" in pages[PAGES / "README.md"]


@pytest.mark.parametrize("page", sorted(PAGES.rglob("*.md")), ids=lambda page: page.stem)
def test_every_link_leads_to_a_file(page):
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize(
    ("set_id", "said"),
    [
        ("cn-stat-2023", "default"),
        ("cn-stat-residual-2023", "default"),
        ("cn-zj-stat-2023", "by name"),
        ("cn-mee-2023-notice", "by name"),
        ("sa-2021-third-party", "by name"),
        ("jp-shikoku-2024", "by name"),
        ("jp-shikoku-residual-2024", "default"),
        ("hk-clp-2022", "default"),
        ("eu-mrr-diesel", "default, but in CN, GB, US"),
        ("desnz-2025-fuel-diesel", "default"),
        ("uk-ets-2025-natural-gas-oil-production", "by name"),
        ("refrigerant/R-410A", "default"),
        ("desnz-2025-refrigerant-r-134a", "never: compositions are taken"),
        ("gbt2589-coke", "default"),
        ("desnz-2025-hotel-sg", "default"),
        ("sg-bm-2017", "never in an inventory"),
        ("ae-du-2021-loss", "default"),
        ("desnz-2025-heat-onsite", "no activity takes it yet"),
    ],
)
def test_a_page_says_when_a_set_is_taken(made, library, set_id, said):
    assert made.words.taken(library, library.sets[set_id]) == said


@pytest.mark.parametrize(
    ("years", "said"),
    [
        ([2012, 2015, 2016, 2017], "2012, 2015 to 2017"),
        (range(1990, 2061), "any"),
        ([2023], "2023"),
    ],
)
def test_years_are_told_as_runs(made, years, said):
    assert made.words.years_text(years) == said


# The coverage


@pytest.mark.parametrize(
    ("country", "year", "cell"),
    [
        ("CN", 2010, ("◐", "", 1)),  # Shanghai
        ("CN", 2012, ("◐", "", 6)),  # the six grids
        ("CN", 2019, ("○", "", 0)),  # the prescribed factor
        ("CN", 2022, ("●", "■", 37)),  # 30 provinces and seven grids; the residual
        ("CN", 2026, ("·", "", 0)),
        ("DE", 2023, ("●", "w", 0)),  # AIB's residual mix is withheld
        ("DE", 2025, ("○", "w", 0)),  # UBA's consumption
        ("AT", 2024, ("●", "", 0)),  # full disclosure: no residual mix
        ("MY", 2024, ("◐", "", 3)),
        ("GB", 2021, ("·", "", 0)),
        ("US", 2021, ("◐", "w", 27)),
        ("US", 2023, ("●", "w", 78)),  # 27 subregions, 50 states and the district
        ("SA", 2021, ("○", "", 0)),  # a third party's, by name
        ("JP", 2021, ("·", "■", 0)),  # a utility's residual mix
    ],
)
def test_a_cell_of_the_map_says_what_is_printed_for_its_year(made, library, country, year, cell):
    assert tuple(made.coverage.coverage(library)[country][year]) == cell


def test_the_picture_is_drawn_from_the_map(made, library):
    """Bytes differ from one version of matplotlib to the next; what is drawn does not."""
    picture = made.script.PICTURE.read_text(encoding="utf-8")
    said = ElementTree.fromstring(picture).find(".//{http://purl.org/dc/elements/1.1/}description")
    assert said.text.splitlines() == made.coverage.coverage_lines(library)


def test_the_picture_names_every_country_and_year(made, library):
    written = set(_texts(made.script.PICTURE.read_text(encoding="utf-8")))
    countries = {library.regions[code].name for code in made.coverage.coverage(library)}
    assert countries | {str(year) for year in range(2010, 2027)} <= written
    assert set(made.coverage.MARKS.values()) <= written


def test_the_picture_is_drawn_the_same_twice(made, library):
    first, second = (made.coverage.coverage_picture(library) for _ in range(2))
    assert first == second


def _texts(picture: str) -> list[str]:
    return [each.text for each in ElementTree.fromstring(picture).iter() if each.text]


# Licences


def test_of_every_licence_it_is_said_what_it_wants(made, library):
    for source in library.sources.values():
        if source.redistribution != "no" and source.licence != made.words.NONE:
            assert made.terms.terms_of(source).wants


def test_a_licence_that_wants_a_text_has_one(made, library):
    for terms, sources in made.terms.passed_on(library).items():
        assert [source.source_id for source in sources if not source.attribution] == [], terms.title


@pytest.mark.parametrize("page", ["attributions.md", "../../NOTICE"])
def test_every_document_with_a_value_is_named(library, page):
    text = " ".join((PAGES / page).read_text(encoding="utf-8").split())
    used = {each.source_id for each in library.sets.values()}
    assert [name for name in sorted(used) if library.sources[name].title not in text] == []


def test_no_withheld_document_is_in_the_notice(library):
    text = " ".join((ROOT / "NOTICE").read_text(encoding="utf-8").split())
    kept = [each.title for each in library.sources.values() if each.redistribution == "no"]
    assert kept and not [title for title in kept if title in text]


# The gaps


@pytest.mark.parametrize("page", NAMING, ids=lambda page: page.stem)
def test_every_name_on_a_page_is_one_of_the_library(library, page):
    names = set(re.findall(r"`([a-z0-9.]+(?:-[a-z0-9.]+)+)`", page.read_text(encoding="utf-8")))
    known = {*library.sets, *library.withheld, *(each.series for each in library.sets.values())}
    details = {each for activity in library.methods for each in library.details(activity)}
    known |= details | {each.partition("/")[0] for each in details}
    assert names - known - CODES - WORDS == set()


def test_the_page_of_gaps_names_every_withheld_set(library):
    text = (PAGES / "gaps.md").read_text(encoding="utf-8")
    assert [name for name in library.withheld if f"`{name}`" not in text] == []


# How to add an edition


def blocks(kind: str) -> list[str]:
    """The fenced blocks of the guide of one kind."""
    text = GUIDE.read_text(encoding="utf-8")
    return re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL)


@pytest.fixture
def example(make, tmp_path) -> Path:
    """The folder with the book of the guide in it, and the edition beside it."""
    make(*blocks("toml"), bills=BILLS)
    (tmp_path / FILE).write_text(blocks("csv")[0], encoding="utf-8")
    return tmp_path


def test_the_example_has_no_fault(example, library):
    own = {FILE: (example / FILE).read_text(encoding="utf-8")}
    assert [str(each) for each in lint_own(read_folder(None)[0], own, library.sets)] == []


@pytest.mark.parametrize(("old", "new"), [("2.63330", "2.66330"), ("72.42", "75.42")])
def test_a_fault_of_the_guide_is_told_as_it_says(example, library, old, new):
    text = (example / FILE).read_text(encoding="utf-8").replace(old, new)
    [fault] = lint_own(read_folder(None)[0], {FILE: text}, library.sets)
    assert str(fault) in [block.strip() for block in blocks("text")]


def test_the_transcripts_of_the_guide_are_what_the_program_prints(example):
    for written in blocks("console"):
        commands = [line[2:] for line in written.splitlines() if line.startswith("$ ")]
        assert transcript(commands, example) == written


def test_the_guide_names_every_word_that_is_allowed():
    text = GUIDE.read_text(encoding="utf-8")
    allowed = [*EDITION_COLUMNS.split(), *ACCOUNTINGS, *CONFIDENCES, *FAMILIES]
    allowed += [*GASES_OF_SETS, *PROPERTIES, TOTAL]
    assert [word for word in allowed if f"`{word}`" not in text] == []


def transcript(commands: list[str], folder: Path) -> str:
    """What commands print one after the other, on an 80-column terminal without colour."""
    lines = []
    for command in commands:
        lines.append(f"$ {command}")
        program, *rest = shlex.split(command)
        if program == "cp":
            shutil.copy(folder / rest[0], folder / rest[1])
            continue
        said = printed(command.removeprefix("carbon "), folder)
        lines += [line.rstrip() for line in said.splitlines()]
    return "\n".join(lines) + "\n"


def _rewrite() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        book = begun(folder / "book", "Acme", "CN-ZJ", date(2026, 11, 20))
        settings = '[organisation]\nname = "Acme"\n\n' + blocks("toml")[0]
        (book.folder / "carbon.toml").write_text(settings, encoding="utf-8")
        rows = ["site,activity,month,quantity,unit"]
        for (site, year), energy in BILLS.items():
            rows += [f"{site},electricity,{year}-{m:02},{energy},MWh" for m in range(1, 13)]
        (folder / "bills.csv").write_text("\n".join(rows), encoding="utf-8")
        book.import_files([folder / "bills.csv"])
        (folder / FILE).write_text(blocks("csv")[0], encoding="utf-8")

        def block(found: re.Match[str]) -> str:
            commands = [line[2:] for line in found[1].splitlines() if line.startswith("$ ")]
            return f"```console\n{transcript(commands, folder)}```"

        text = GUIDE.read_text(encoding="utf-8")
        GUIDE.write_text(BLOCK.sub(block, text), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    _rewrite()


def test_the_report_names_the_sources_whose_licence_wants_it(made, library):
    for terms, sources in made.terms.passed_on(library).items():
        assert {source.wants_naming for source in sources} <= {terms.is_wanted}, terms.title
