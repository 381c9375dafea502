"""The folder of a book: its files as text, its ledger under the lock, and the book computed.

Each call opens the ledger, does one thing and closes it again, so that facility managers and
reports take turns without noticing each other.
"""

from __future__ import annotations

import getpass
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from carbon import library, settings
from carbon.engine import Row
from carbon.errors import CarbonError, UsageError
from carbon.ledger import Ledger
from carbon.run import Run, carry_out, own_factors, repeat, scenario_files
from carbon.scenarios import resolve
from carbon.settings import Settings

SETTINGS, LEDGER = "carbon.toml", "ledger.duckdb"


class Folder:
    """The folder of one organisation."""

    def __init__(self, folder: Path | str, today: date | None = None) -> None:
        self.folder = Path(folder)
        self.today = today or date.today()

    @property
    def settings(self) -> Settings:
        """The settings as `carbon.toml` says them now."""
        return settings.read(self._files()[SETTINGS], str(self.folder / SETTINGS))

    @property
    def library(self) -> library.Library:
        """The factor library with the book's own editions."""
        return library.load(own=own_factors(self._files()))

    @property
    def scenarios(self) -> list[str]:
        """The names of the book's scenarios, bases first."""
        return [each.name for each in resolve(scenario_files(self._files()))]

    @contextmanager
    def run(
        self,
        scenarios: Sequence[str] = (),
        constant_factors: bool = False,
        known: library.Library | None = None,
        open_years: Collection[int] | None = (),
        where_complete: bool = False,
    ) -> Iterator[Run]:
        """The book computed as it stands now; its relations can be asked until the block ends.

        known : another library than that of the program and the book.
        open_years : closed years to compute anew; None for all of them.
        where_complete : leave the scenarios out where no year is complete to start from.
        """
        with self._ledger() as ledger:
            yield carry_out(
                ledger,
                self._files(),
                by=user(),
                today=self.today,
                names=scenarios,
                constant_factors=constant_factors,
                where_complete=where_complete,
                known=known,
                open_years=open_years,
            )

    @contextmanager
    def _trial(
        self,
        known: library.Library | None = None,
        instead: Callable[[Row], Row | None] | None = None,
        as_if: Callable[[Settings], Settings] = lambda said: said,
    ) -> Iterator[Run]:
        """The book computed with another library, other keys or other settings, closed years too,
        and nothing written down."""
        with self._ledger() as ledger:
            yield carry_out(
                ledger,
                self._files(),
                by=user(),
                today=self.today,
                known=known,
                open_years=None,
                is_trial=True,
                instead=instead,
                as_if=as_if,
            )

    @contextmanager
    def repeat(self, run_id: str) -> Iterator[Run]:
        """An earlier run computed again from what it wrote down."""
        with self._ledger() as ledger:
            yield repeat(ledger, run_id)

    @contextmanager
    def _looking_ahead(self, scenarios: Sequence[str] = ()) -> Iterator[Run]:
        """The book with its scenarios; without them where no year is complete to start from."""
        names = scenarios or self.scenarios
        with self.run(names, constant_factors=True, where_complete=True) as run:
            yield run

    def _files(self) -> dict[str, str]:
        """Every file that makes up a version of the settings: text by path."""
        paths = [
            self.folder / SETTINGS,
            *sorted(self.folder.glob("factors/*.csv")),
            *sorted(self.folder.glob("scenarios/*.toml")),
            *sorted(self.folder.glob("weather/*.csv")),
            *sorted(self.folder.glob("weather/*.epw")),
        ]
        found = {}
        for path in paths:
            try:
                found[path.relative_to(self.folder).as_posix()] = path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as fault:
                raise CarbonError(
                    "unreadable", f"{path} cannot be read: {fault}", remedy="save it as UTF-8 text"
                ) from None
        return found

    def _ledger(self) -> Any:
        path = self.folder / LEDGER
        return Ledger.open(path, create=not path.exists())

    def _scenarios_in(self, figure: str) -> list[str]:
        words = set(figure.split())
        return [name for name in self.scenarios if name in words]


def user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def year_of(text: str, example: str) -> int:
    """A reporting year from its four digits. Raises UsageError for anything else."""
    if not (text.isdecimal() and len(text) == 4):
        raise UsageError(
            "not-a-year",
            f"{text!r} is no reporting year",
            looked_for="a year such as 2023",
            remedy=example,
        )
    return int(text)
