"""The factor library as the book sees it, with its own editions; or as it is, without a book."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from carbon import catalogue, editions, export, library
from carbon.book.folder import Folder
from carbon.catalogue import Sheet, WithheldSheet
from carbon.errors import CarbonError, Problem, UsageError, nearest
from carbon.library.completion import completed
from carbon.library.copying import copy_name, copy_of
from carbon.library.faults import lint_own, untaken
from carbon.library.files import read_folder
from carbon.run import own_factors
from carbon.settings import Policy
from carbon.tables import Table

Sets = dict[str, library.FactorSet]


class Catalogue:
    """What can be asked of the library without a book."""

    @property
    def gwp(self) -> str:
        """The set of warming potentials that answers are given in."""
        return Policy().gwp

    @property
    def library(self) -> library.Library:
        """The factor library that came with the program."""
        return library.load()

    def factors_search(self, text: str, region: str = "", year: int = 0, unit: str = "") -> Table:
        """Factor sets that answer to every word."""
        return catalogue.search(self.library, text, region, year, unit, self.gwp)

    def factors_show(self, set_id: str) -> Sheet | WithheldSheet | Table:
        """One set in full; of one withheld by its licence, where to get it and the file to make;
        of a gas, its warming potentials.

        Raises CarbonError where there is none.
        """
        return shown(self.library, set_id, self.gwp)

    def factors_diff(self, before: str, after: str) -> list[Table]:
        """What two editions, or edition files, print differently."""
        known = self.library
        held = {name: _sets_of(known, name) for name in (before, after)}
        return [editions.changes(held[before], held[after], f"{before} and {after}")]

    def factors_lint(self, file: Path) -> list[Problem]:
        """Every fault of an edition file of one's own."""
        return _faults(_text_of(file), {})

    def factors_sources(self) -> Table:
        """Documents that values come from, with licence and attribution."""
        return catalogue.sources(self.library)

    def factors_export(self, folder: Path, own: bool = False) -> list[Path]:
        """The library as a Frictionless data package in a folder; gives its files."""
        return export.write(self.library, folder, own)


class Factors(Folder, Catalogue):
    """What a book tells of factors."""

    @property
    def gwp(self) -> str:
        return self.settings.policy.gwp

    def factors_show(self, set_id: str) -> Sheet | WithheldSheet | Table:
        """One set in full, as the book sees it: also those its policy completes."""
        known = completed(self.library, self.settings.policy.non_co2, self.today)
        return shown(known, set_id, self.gwp)

    def factors_diff(self, before: str, after: str) -> list[Table]:
        """What two editions print differently, and what the second does to each inventory year.

        Without the second the first stands in its place. A file is replaced by the second, an
        edition of the library goes on serving the years that it alone holds.
        """
        known = self.library
        old, new = _sets_of(known, before), _sets_of(known, after)
        replaced = old if Path(before).suffix == ".csv" else {}
        return [*super().factors_diff(before, after), self._effect(new, old, replaced)]

    def factors_lint(self, file: Path) -> list[Problem]:
        """Every fault of an edition file in its place among the book's own, and of those.

        It stands in the place of the one of its name, which may be itself.
        """
        return _faults(_text_of(file), own_factors(self._files()))

    def factors_try(self, file: Path) -> Table:
        """What an edition file would do to each inventory year, were it in the book's factors/.

        A file of its name that is there already is what it would replace.
        """
        known = self.library
        new = _sets_of(known, str(file))
        there = self.folder / "factors" / file.name
        old: Sets = {}
        if not (there.exists() and there.samefile(file)):
            own = f"own/{file.stem}"
            old = {name: each for name, each in known.sets.items() if each.edition == own}
        return self._effect(new, old, old)

    def factors_copy(self, set_id: str, place: str = "", year: int = 0) -> Path:
        """Write an own edition from a set of the library, to be edited; gives its file.

        place : the site, meter or region it is for, else that of the set.
        year : the one year it is for, else the years of the set.

        Raises UsageError for a set or a place that is none, and where the file is there already.
        """
        known, path = self.library, self.folder / "factors" / f"{copy_name(set_id)}.csv"
        if set_id not in known.sets:
            raise _unknown("set", set_id, known.sets, f"carbon factors search {set_id}")
        places = {*self.settings.sites(), *self.settings.meters(), *known.regions}
        if place and place not in places and not known.is_elsewhere(place):
            raise _unknown("site, meter or region", place, places, "name one of carbon.toml")
        if path.exists():
            raise UsageError(
                "copied-already",
                f"{path} is there already",
                remedy="edit it; or move it away first",
            )
        each = known.sets[set_id]
        years = (year, year) if year else (each.first_year, each.last_year)
        path.parent.mkdir(exist_ok=True)
        path.write_text(copy_of(known, set_id, place or each.region, years), encoding="utf-8")
        return path

    def factors_used(self) -> Table:
        """Documents behind the inventory of this book, with licence and attribution."""
        with self.run() as run:
            used = [row[0] for row in run.rows("select distinct set_id from emission")]
            return catalogue.sources(run.library, [name.partition("@")[0] for name in used])

    def _effect(self, new: Sets, old: Sets, replaced: Collection[str]) -> Table:
        """The inventory years with the old sets in the place of the new, and the other way round;
        closed years computed anew.

        replaced : sets that the new ones do not stand beside.
        """
        known = self.library
        bare = editions.joined(editions.without(known, new), old)
        full = editions.joined(editions.without(known, replaced), new)
        with self._trial(bare) as before:
            totals, closed = editions.totals(before), set(before.ledger.closings())
        with self._trial(full) as after:
            return editions.effect(totals, editions.totals(after), closed)


def _faults(mine: dict[str, str], beside: dict[str, str]) -> list[Problem]:
    """Faults of a file among the others of a book; of its own topics those no activity takes."""
    texts = read_folder(None)[0]
    found = lint_own(texts, beside | mine, library.load().sets)
    return found + untaken(texts, mine)


def _unknown(what: str, said: str, known: Iterable[str], remedy: str) -> UsageError:
    close = nearest(said, known)
    return UsageError(
        f"unknown-{what.partition(',')[0]}",
        f"there is no {what} {said!r}",
        nearest=close,
        remedy=f"write {close}" if close else remedy,
    )


def shown(known: library.Library, set_id: str, gwp: str) -> Sheet | WithheldSheet | Table:
    """What a library tells of a set, a withheld set, a refrigerant or a gas."""
    if set_id in known.withheld:
        return catalogue.withheld_sheet(known, set_id)
    if set_id in known.gases and set_id not in known.sets:
        return catalogue.gas_table(known, set_id)
    if f"refrigerant/{set_id}" in known.sets:
        set_id = f"refrigerant/{set_id}"
    return catalogue.sheet(known, set_id, gwp)


def _sets_of(known: library.Library, name: str) -> Sets:
    """The sets of an edition of the library, or of a file. Raises CarbonError for neither."""
    path = Path(name)
    if path.suffix != ".csv":
        return editions.of_edition(known, name)
    own = _text_of(path)
    faults = lint_own(read_folder(None)[0], own, library.load().sets)
    if faults:
        raise CarbonError(
            faults[0].code,
            faults[0].message,
            where=faults[0].place(),
            remedy=f"carbon factors lint {name} tells every fault",
        )
    read = library.load(own=own)
    return {key: each for key, each in read.sets.items() if each.edition == f"own/{path.stem}"}


def _text_of(path: Path) -> dict[str, str]:
    """The text of an edition file under its name. Raises UsageError where it cannot be read."""
    try:
        return {path.name: path.read_text(encoding="utf-8")}
    except (OSError, UnicodeDecodeError) as fault:
        raise UsageError(
            "unreadable", f"{path} cannot be read: {fault}", remedy="name a CSV file saved as UTF-8"
        ) from None
