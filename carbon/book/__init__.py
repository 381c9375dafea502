"""A book: one folder an organisation, and every verb of the command line as a method.

`Book.open` finds the folder, `Book.init` and `Book.demo` make one. What a book can do stands in
rooms of its own: `recording`, `correcting`, `forming`, `filling`, `claiming`, `answers`,
`closing`, `performing`, `planning`, `foreseeing`, `factors`; they share the `folder`.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from carbon import library, settings
from carbon.book.answers import Answers
from carbon.book.claiming import Claiming
from carbon.book.closing import ClosedYears
from carbon.book.factors import Factors
from carbon.book.filling import Filling
from carbon.book.folder import LEDGER, SETTINGS
from carbon.book.foreseeing import Foreseeing
from carbon.book.forming import Forming
from carbon.book.performing import Performing
from carbon.book.planning import Planning
from carbon.book.reported import ImportReport
from carbon.demo import write as write_demo
from carbon.errors import ImportRefused, UsageError, nearest
from carbon.ledger import Ledger

__all__ = ["Book", "ImportReport"]

FIRST_SETTINGS = """[organisation]
name = "{name}"

[[site]]
name = "head-office"
title = "Head office"
region = "{region}"
kind = "office"

# A meter says what it measures: grid_import, pv_generation, pv_export, it_load, sub_meter,
# charger, chp; and with of = "head-office-grid" that it measures a part of another.
[[site.meter]]
name = "head-office-grid"
role = "grid_import"

[[target]]
name = "peak by 2025"
kind = "peak"
year = 2025

[[target]]
name = "operational neutrality by 2030"
kind = "neutral"
year = 2030

[[target]]
name = "net zero by 2050"
kind = "net zero"
year = 2050
"""


class Book(
    Forming, Claiming, Filling, Planning, Foreseeing, Answers, ClosedYears, Performing, Factors
):
    """The book in a folder. `Book.open` finds one, `Book.init` and `Book.demo` make one."""

    @classmethod
    def open(cls, folder: Path | str | None = None, today: date | None = None) -> Book:
        """The book in a folder, or in the nearest folder upward that holds a carbon.toml.

        Raises CarbonError where there is none.
        """
        start = Path(folder) if folder else Path.cwd()
        places = [start] if folder else [start, *start.resolve().parents]
        for place in places:
            if (place / SETTINGS).is_file():
                return cls(place, today)
        raise UsageError(
            "no-book",
            f"there is no {SETTINGS} in {start}" + ("" if folder else " or above it"),
            looked_for=f"{start / SETTINGS}",
            remedy="carbon init DIR makes a book, carbon demo writes a sample one,"
            " carbon -C DIR picks another folder",
        )

    @classmethod
    def init(cls, folder: Path | str, name: str, region: str, today: date | None = None) -> Book:
        """A new book with one site. Raises CarbonError where a book is already there."""
        folder = Path(folder)
        if (folder / SETTINGS).exists():
            raise UsageError(
                "book-exists",
                f"{folder} already holds a book",
                where=str(folder / SETTINGS),
                remedy="name another folder, or open this one with carbon -C",
            )
        known = library.load()
        if region not in known.regions and not known.is_elsewhere(region):
            raise UsageError(
                "unknown-region",
                f"{region!r} is no region of the factor library",
                nearest=nearest(region, known.regions),
                remedy="name a country such as CN or DE, or a province such as CN-SH",
            )
        text = FIRST_SETTINGS.format(name=_toml(name), region=_toml(region))
        settings.read(text)
        for part in ("factors", "scenarios"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        (folder / SETTINGS).write_text(text, encoding="utf-8")
        with Ledger.open(folder / LEDGER, create=True):
            return cls(folder, today)

    @classmethod
    def demo(
        cls, name: str = "ai", folder: Path | str | None = None, today: date | None = None
    ) -> Book:
        """A sample book: written, imported and ready."""
        folder = Path(folder or f"carbon-demo-{name}")
        files = write_demo(name, folder)
        with Ledger.open(folder / LEDGER, create=True):
            book = cls(folder, today)
        for report in book.import_files(files):
            blocking = [each for each in report.problems if each.severity == "error"]
            if blocking:
                raise ImportRefused(blocking, message=f"the sample {name!r} does not import")
        return book


def _toml(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
