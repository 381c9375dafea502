"""Workbooks that are sent out to be filled in."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from carbon.book.folder import year_of
from carbon.book.recording import Recording
from carbon.errors import UsageError, nearest
from carbon.inputs.calendar import FIRST_YEAR, LAST_YEAR, reporting_year
from carbon.tables import Column, Table
from carbon.template import NAMED, Template, template_of

SHEETS = (
    Column("sheet", "Sheet"),
    Column("layout", "Layout"),
    Column("rows", "To fill in", "rows", "count"),
    Column("recorded", "Recorded", "rows", "count"),
)


class Filling(Recording):
    """What a book hands out to be filled in."""

    def template(
        self,
        path: Path | str,
        year: str = "",
        sites: Sequence[str] = (),
        sheets: Sequence[str] = (),
    ) -> Table:
        """Write a workbook to fill in for a reporting year; gives its sheets.

        year : by default that of last month.
        sites : those it is for; by default all.
        sheets : topics; by default those the book's sites, checklist and ledger call for.

        Raises UsageError for a file that is there already, for it may be filled in.
        """
        from carbon.render.fillable import as_xlsx

        path = Path(path)
        _check_name(path)
        _check_words("site", sites, self.settings.sites(), "list them under [[site]]")
        _check_words("sheet", sheets, NAMED, f"write one of {', '.join(NAMED)}")
        wanted = year_of(year, f"carbon template {path} --year 2025") if year else self._due()
        if not FIRST_YEAR <= wanted <= LAST_YEAR:
            raise UsageError(
                "not-a-year",
                f"{wanted} is no year that is counted",
                looked_for=f"{FIRST_YEAR} to {LAST_YEAR}",
                remedy=f"carbon template {path} --year {self._due()}",
            )
        with self._ledger() as ledger:
            words = self._vocabulary(ledger)
            asked = (wanted, sites, sheets, self.today)
            made = template_of(ledger, self.settings, self.library, words, *asked)
        _write(path, as_xlsx(made))
        return _sheets(path, made)

    def _due(self) -> int:
        """The reporting year of last month, which is the one whose bills are there."""
        last: date = self.today.replace(day=1) - timedelta(days=1)
        starts = self.settings.organisation.reporting_year_starts
        return reporting_year(last.year * 100 + last.month, starts)


def _check_name(path: Path) -> None:
    """Raises UsageError for a file that cannot be, or must not be, written."""
    if path.suffix.lower() != ".xlsx":
        raise UsageError(
            "not-a-workbook",
            f"{path} is no name of a workbook",
            looked_for="a name that ends in .xlsx",
            remedy=f"carbon template {path.with_suffix('.xlsx')}",
        )
    if path.exists():
        raise UsageError(
            "file-exists",
            f"{path} is there already, and may be filled in",
            remedy="name another file, or move this one away",
        )


def _check_words(what: str, asked: Sequence[str], known: Sequence[str], remedy: str) -> None:
    """Raises UsageError for a word that is not known."""
    for name in asked:
        if name not in known:
            raise UsageError(
                f"unknown-{what}",
                f"no {what} is called {name!r}",
                looked_for=", ".join(known),
                nearest=nearest(name, known),
                remedy=remedy,
            )


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, never over another."""
    scratch = path.with_name(f"{path.name}.part")
    scratch.write_bytes(data)
    try:
        os.link(scratch, path)
    except FileExistsError:
        _check_name(path)
    except OSError:  # a disk without links
        os.replace(scratch, path)
    finally:
        scratch.unlink(missing_ok=True)


def _sheets(path: Path, made: Template) -> Table:
    """What a workbook holds, and what to do with it."""
    rows = [
        {
            "sheet": page.topic.title,
            "layout": page.topic.layout,
            "rows": page.open_rows,
            "recorded": len(page.rows) - page.open_rows,
        }
        for page in made.pages
    ]
    notes = [f"Send {path} out. When it comes back: carbon import {path}"]
    if not rows:
        notes = [f"Nothing is expected of {made.year}: name what is wanted with --sheet."]
    return Table("template", f"{path}, to be filled in for {made.year}", SHEETS, rows, notes)
