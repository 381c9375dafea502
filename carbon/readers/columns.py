"""Which of the layouts a file has, and where in it each column stands.

A header name is recognised in any case, in English or Chinese, or through a column map. What the
header lacks, holds twice or holds for nothing is told; no column is passed over in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from carbon.errors import CarbonError, nearest
from carbon.layouts import LAYOUTS, NOT_READ, REGISTER, TARIFFS, Layout
from carbon.readers import wide
from carbon.readers.faults import Faults
from carbon.readers.files import WHOLE_ROW, Sheet
from carbon.readers.headings import layout_of, ours
from carbon.readers.totals import is_total
from carbon.readers.words import POINTS, Cell, Decimals, readings, text
from carbon.settings import ColumnMap


def layout(header: Sequence[str], column_map: ColumnMap | None = None, file: str = "") -> str:
    """The layout a header has: that of its key column, for one that lacks others is still known.

    Raises CarbonError (unknown-layout) saying what the nearest layout lacks.
    """
    known = {ours(heading) for heading in header}
    if column_map:
        known |= {*column_map.columns, *column_map.constants}
    found = layout_of(known)
    if found:
        return found
    near = max(LAYOUTS.values(), key=lambda each: _share(each, known))
    raise CarbonError(
        "unknown-layout",
        f"the header is that of no layout; the nearest, {near.name}, "
        f"also needs {'; '.join(_missing(near, known))}",
        where=file,
        looked_for="a column " + " or ".join(each.key for each in LAYOUTS.values()),
        nearest=near.name,
        remedy="rename the columns in the file, or map them as [import.NAME] in carbon.toml "
        "(header_row = 2 where a title stands above them)",
    )


def _share(each: Layout, known: set[str]) -> float:
    """How much of a layout's required columns is there."""
    return len(known.intersection(each.required)) / len(each.required)


def _missing(each: Layout, known: set[str]) -> list[str]:
    """Required columns that are not there; a period counts as one."""
    known = wide.worked_out(each, known)
    missing = [name for name in each.required if name not in known]
    if each.periods and not any(known.issuperset(group) for group in each.periods):
        missing.append(_periods(each))
    return missing


def _periods(each: Layout) -> str:
    """The ways to write a period: 'start and end, or month, or year'."""
    return ", or ".join(" and ".join(group) for group in each.periods)


SIMPLE = re.compile(r"([1-9][0-9]{0,2}\.[0-9]{3})|[0-9]+\.[0-9]+")  # 1.234 reads two ways
NAMING = frozenset(("site", "meter", "activity", "start", "end", "month", "year"))
NUMBERS = frozenset(("quantity", "uncertainty", "energy", "mass", "charge", "factor", "goal")) | {
    "reading",
    "new_start",
    *REGISTER,
    *TARIFFS,
}


@dataclass(frozen=True)
class Columns:
    """Where the columns of a layout stand in a sheet. `pick` gives a row's cells in that order."""

    layout: Layout
    labels: Mapping[str, str]  # how a message calls a column
    places: Mapping[int, str]  # columns of the sheet that are read
    tail: tuple[str, ...]  # cells that every row has besides: blank, then the constants
    pick: Callable[[Sequence[Cell]], tuple[Cell, ...]]
    present: frozenset[str]  # columns that the sheet or the map has
    decimals: Mapping[str, Decimals]  # how the numbers of a column are written
    months: Mapping[int, str]  # columns that hold the quantity of a month
    words: Mapping[int, Mapping[str, str]]  # of a column: theirs = ours
    total: int | None = None  # the column that holds the sum of the months

    def rows(
        self, sheet: Sheet, faults: Faults, totals: list[tuple[int, Any]] | None = None
    ) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """Number and cells of every row whose cells can be read; the others are faults.

        A row with a column for each month is given once for every month it fills.
        totals : takes the rows that say of themselves that they are totals.
        """
        for number, cells in sheet.rows:
            if totals is not None and self._is_total(cells):
                totals.append((number, self.pick([*cells, *self.tail, "", ""])))
                continue
            if number in sheet.covered:
                self._tell_covered(sheet, number, cells, faults)
            if number in sheet.broken and self._is_broken(sheet, number, cells, faults):
                continue
            if self.words:
                cells = self.translated(cells)
                if cells is None:
                    continue
            if not self.months:
                yield number, self.pick([*cells, *self.tail])
                continue
            if self.total is not None and self._differs(number, cells, faults):
                continue
            for place, month in self.months.items():
                if text(cells[place]):
                    yield number, self.pick([*cells, *self.tail, month, cells[place]])

    def _is_total(self, cells: Sequence[Cell]) -> bool:
        """Whether a row names a total: in a column that names things, or beside a blank one.

        A supplier or a remark of that name makes no row a total.
        """
        if not is_total(cells):
            return False
        names = [cells[place] for place, name in self.places.items() if name in NAMING]
        others = [cell for place, cell in enumerate(cells) if place not in self.places]
        return is_total(names) or (is_total(others) and not all(map(text, names)))

    def _differs(self, number: int, cells: Sequence[Cell], faults: Faults) -> bool:
        """Whether the total of a row is not the sum of its months."""
        months = [cells[place] for place in self.months]
        fault = wide.total_fault(months, cells[self.total or 0], self.decimals.get("quantity", ""))
        if fault:
            faults.add(fault, number, cells)
        return fault is not None

    def translated(self, cells: Sequence[Cell]) -> list[Cell] | None:
        """A row in the book's words; nothing where the map says that it is none of the book's."""
        changed = list(cells)
        for place, words in self.words.items():
            changed[place] = words.get(text(cells[place]), cells[place])
            if changed[place] == "" and text(cells[place]):
                return None
        return changed

    def _is_broken(self, sheet: Sheet, number: int, cells: list[Cell], faults: Faults) -> bool:
        spoilt = {
            column: fault
            for column, fault in sheet.broken[number].items()
            if column in self.places or column in self.months or column == WHOLE_ROW
        }
        for fault in spoilt.values():
            faults.add(fault, number, cells)
        return bool(spoilt)

    def _tell_covered(self, sheet: Sheet, number: int, cells: list[Cell], faults: Faults) -> None:
        """A word merged over rows is that of each; a number merged over rows is nobody's."""
        for column, fault in sheet.covered[number].items():
            name = "quantity" if column in self.months else self.places.get(column)
            if name in NUMBERS:
                sheet.broken.setdefault(number, {})[column] = fault
            elif name:
                faults.add(_filled(name), number, cells, severity="note")


def _filled(name: str) -> CarbonError:
    return CarbonError(
        "merged-cells",
        f"{name} is merged over several cells, and was taken for each of them",
        remedy="where it is not that of every row, unmerge the cells and fill each of them",
    )


def columns(
    sheet: Sheet, name: str, column_map: ColumnMap | None, faults: Faults
) -> Columns | None:
    """The columns of a sheet, or nothing where one that is needed cannot be found."""
    wanted = LAYOUTS[name]
    mapped = column_map or ColumnMap()
    _check_map(wanted, mapped, faults)
    months = wide.months(sheet, mapped, faults) if name == "activity" else {}
    found = _places(sheet, wanted, mapped, months, faults)
    known = {*found, *mapped.constants} | ({"month", "quantity"} if months else set())
    missing = _missing(wanted, known)
    for each in missing:
        faults.add(_missing_column(wanted, each, sheet.header))
    if missing or any(len(places) > 1 for places in found.values()):
        return None
    if not sheet.is_template:  # which has both, and a heading that says so
        _tell_unused_periods(wanted, {*found, *mapped.constants}, faults)
    width = len(sheet.header)
    places = {each: taken[0] for each, taken in found.items()}
    constants = {each: width + 1 + at for at, each in enumerate(mapped.constants)}
    labels = {each: _label(each, sheet.header[at]) for each, at in places.items()}
    last = width + 1 + len(constants)
    unfolded = {"month": last, "quantity": last + 1} if months else {}
    spots = [{**places, **constants, **unfolded}.get(each, width) for each in wanted.columns]
    return Columns(
        wanted,
        {each: labels.get(each, each) for each in wanted.columns},
        {at: each for each, at in places.items()},
        ("", *mapped.constants.values()),
        itemgetter(*spots),
        frozenset(known),
        _decimals(
            sheet,
            mapped,
            {
                **{n: [at] for n, at in places.items()},
                **({"quantity": list(months)} if months else {}),
            },
            faults,
        ),
        months,
        {places[each]: words for each, words in mapped.words.items() if each in places},
        wide.total_column(sheet.header, months),
    )


def _decimals(
    sheet: Sheet, mapped: ColumnMap, places: Mapping[str, Sequence[int]], faults: Faults
) -> dict[str, Decimals]:
    """How each column writes its decimals, as far as the map or the whole file decides."""
    numbers = {name: at for name, at in places.items() if name in NUMBERS}
    if mapped.decimal:
        return dict.fromkeys(numbers, mapped.decimal)
    seen = {name: _seen(sheet, at) for name, at in numbers.items()}
    of_file = {each for styles in seen.values() for each in styles if each in POINTS}
    found: dict[str, Decimals] = {}
    for name, styles in seen.items():
        own = {each for each in styles if each in POINTS} or of_file
        found[name] = own.pop() if len(own) == 1 else "?" if own or sheet.is_local else ""
        decides = styles.get(found[name]) or next(
            (other[found[name]] for other in seen.values() if found[name] in other), ""
        )
        if found[name] == "," or (found[name] == "." and "?" in styles):
            faults.add(_decided(name, found[name], decides), severity="note")
    return found


def _seen(sheet: Sheet, places: Sequence[int]) -> dict[Decimals, str]:
    """The ways in which texts of these columns can be read, each with the first such text."""
    styles: dict[Decimals, str] = {}
    for row in sheet.rows:
        for place in places:
            cell = row.cells[place]
            if not isinstance(cell, str) or cell.isdecimal():
                continue
            simple = SIMPLE.fullmatch(cell)
            if simple and ("?" if simple[1] else ".") in styles:
                continue
            found = readings(cell.strip())
            way = next(iter(found)) if len(found) == 1 else "?"
            if found and len(set(found.values())) == len(found):
                styles.setdefault(way, cell.strip())
    return styles


def _decided(name: str, decimals: Decimals, example: str) -> CarbonError:
    sign = POINTS[decimals]
    return CarbonError(
        "decimals",
        f"{name} is read with a decimal {sign}: {example!r} can be read in no other way",
        remedy=f'if that is wrong, say decimal = "{"." if decimals == "," else ","}" in a '
        "column map",
    )


def _check_map(wanted: Layout, mapped: ColumnMap, faults: Faults) -> None:
    """Faults of a column map that names what the layout does not have."""
    for each in [*mapped.columns, *mapped.constants, *mapped.words]:
        if each not in wanted.columns:
            faults.add(
                CarbonError(
                    "bad-column-map",
                    f"the column map names {each!r}, which a file of layout {wanted.name} lacks",
                    looked_for="one of " + ", ".join(wanted.told),
                    nearest=nearest(each, wanted.columns),
                    remedy="correct [import.NAME] in carbon.toml: ours = 'theirs'",
                )
            )


def _places(
    sheet: Sheet, wanted: Layout, mapped: ColumnMap, months: Mapping[int, str], faults: Faults
) -> dict[str, list[int]]:
    """Where each column stands; faults for those that stand twice or serve nothing."""
    theirs = {ours(heading): name for name, heading in mapped.columns.items()}
    found: dict[str, list[int]] = {}
    unused = []
    has_parts = bool(wanted.parts)
    passed = wide.unmapped_parts(sheet.header, mapped) if has_parts else set()
    for place, heading in enumerate(sheet.header):
        name = theirs.get(ours(heading), ours(heading))
        if place in months or (months and is_total([heading])) or heading.endswith(NOT_READ):
            continue
        is_taken = name in mapped.columns and ours(heading) not in theirs
        if (
            name in wanted.columns
            and not is_taken
            and name not in mapped.constants
            and name not in passed
        ):
            found.setdefault(name, []).append(place)
        elif heading or any(text(row.cells[place]) for row in sheet.rows):
            unused.append(repr(heading) if heading else f"column {place + 1} (without a name)")
    for name, heading in mapped.columns.items():
        if name in wanted.columns and name not in found:
            faults.add(_unmapped(name, heading, sheet.header))
    for name, places in found.items():
        if len(places) > 1:
            faults.add(_duplicate(name, [sheet.header[place] for place in places]))
    if unused:
        faults.add(_unknown_columns(unused, wanted), severity="warning")
    return found


def _unmapped(name: str, heading: str, header: Sequence[str]) -> CarbonError:
    return CarbonError(
        "bad-column-map",
        f"the column map takes {name} from a column {heading!r}, which the file lacks",
        looked_for=repr(heading),
        nearest=nearest(heading, filter(None, header)),
        remedy="correct [import.NAME] in carbon.toml, or its header_row",
    )


def _missing_column(wanted: Layout, name: str, header: Sequence[str]) -> CarbonError:
    return CarbonError(
        "missing-column",
        f"a file of layout {wanted.name} needs a column {name}",
        looked_for=name,
        nearest=nearest(name, filter(None, header)),
        remedy=f"add the column, or map it in carbon.toml: {name.split()[0]} = 'its heading' "
        "under [import.NAME.columns]",
    )


def _duplicate(name: str, headings: Sequence[str]) -> CarbonError:
    return CarbonError(
        "duplicate-column",
        f"{name} stands in {len(headings)} columns: {', '.join(map(repr, headings))}",
        looked_for="each column once",
        remedy="take one of them out, or rename it",
    )


def _unknown_columns(unused: Sequence[str], wanted: Layout) -> CarbonError:
    plural = "s" if len(unused) > 1 else ""
    return CarbonError(
        "unknown-column",
        f"column{plural} not read: {', '.join(unused)}",
        looked_for=", ".join(wanted.told),
        remedy="rename what should be read, or map it in carbon.toml; take out the rest",
    )


def _tell_unused_periods(wanted: Layout, known: set[str], faults: Faults) -> None:
    """A file may state its periods twice; says which statement is read."""
    if {"start", "end", "month"} <= known or {"start", "end", "year"} <= known:
        other = "month" if "month" in known else "year"
        faults.add(
            CarbonError(
                "period-twice",
                f"where a row has start and end, its {other} is not read",
                remedy=f"take {other} out where the two disagree",
            ),
            severity="note",
        )


def _label(name: str, heading: str) -> str:
    """A column as a message calls it, with the file's own heading where that differs."""
    return name if heading.casefold() == name else f"{name} (column {heading!r})"
