"""A column map proposed by looking at somebody else's file: its headings, its cells, its title.

`propose` gives the map a person would write by hand, no more: what a heading names and its cells
bear out, the unit in a heading, the one site a book has. What cannot be told stays out, and the
file is refused with the reason, for a map that guesses would guess in every file to come.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise

from carbon import units
from carbon.errors import CarbonError
from carbon.layouts import LAYOUTS, TARIFFS
from carbon.readers import wide, words
from carbon.readers.faults import Faults
from carbon.readers.files import Sheet
from carbon.readers.headings import SIGNS, ours, says
from carbon.readers.lookup import unit_of
from carbon.readers.totals import is_total
from carbon.readers.words import Cell, text
from carbon.records import Vocabulary
from carbon.settings import ColumnMap

IN_BRACKETS = re.compile(r"[(（\[【/]\s*([^)）\]】]+?)\s*[)）\]】]?$")
DAYS = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})(?:[ T]([0-9:]+))?")
LOOKED_AT = 200  # rows by which a column is judged


def propose(sheet: Sheet, vocabulary: Vocabulary) -> ColumnMap:
    """The column map of an activity sheet, as far as its headings and cells tell it."""
    months = wide.months(sheet, ColumnMap(), Faults(""))
    columns = _columns(sheet, skipped=set(months))
    found = {name: sheet.header[at] for name, at in columns.items()}
    cells = {name: _column(sheet, at) for name, at in columns.items()}
    if "meter" in columns and not _written(cells.get("site", ())) & _known(vocabulary, "site"):
        for each in (columns, found, cells):  # a customer's name, where the meter tells the site
            each.pop("site", None)
    constants = _constants(sheet, vocabulary, columns, months)
    date_format = _date_format(cells)
    return ColumnMap(
        columns={name: heading for name, heading in found.items() if ours(heading) != name},
        constants=constants,
        words=_words(vocabulary, cells),
        date_format=date_format,
        end_is_exclusive=_ends_where_next_begins(cells, date_format),
    )


def as_toml(name: str, proposed: ColumnMap) -> str:
    """A column map as it stands in carbon.toml."""
    said = proposed.model_dump(exclude_defaults=True)
    tables = {key: value for key, value in said.items() if isinstance(value, dict)}
    head = ["import", name]
    lines = [_table(head), *(f"{key} = {_value(said[key])}" for key in said if key not in tables)]
    for key, value in tables.items():
        nested = {inner: each for inner, each in value.items() if isinstance(each, dict)}
        for inner, each in nested.items() or {"": value}.items():
            lines += ["", _table([*head, key, *filter(None, [inner])])]
            lines += [f"{_key(theirs)} = {_value(our)}" for theirs, our in each.items()]
    return "\n".join(lines) + "\n"


def _table(names: Iterable[str]) -> str:
    return f"[{'.'.join(map(_key, names))}]"


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _value(name)


def _value(value: object) -> str:
    """A value as TOML writes it; JSON escapes are those of TOML, but for one control character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _columns(sheet: Sheet, skipped: set[int]) -> dict[str, int]:
    """Where each column stands: by its own name, else by a word within a heading."""
    layout = LAYOUTS["activity"]
    found: dict[str, int] = {}
    for at, heading in enumerate(sheet.header):
        name = ours(heading)
        if name in layout.columns and at not in skipped and _bears_out(name, sheet, at):
            found.setdefault(name, at)
    for name, signs, bars in SIGNS:
        if name in found:
            continue
        for sign in signs:
            at = next(
                (
                    at
                    for at, heading in enumerate(sheet.header)
                    if at not in skipped | set(found.values())
                    and says(heading, sign, bars)
                    and _bears_out(name, sheet, at)
                ),
                None,
            )
            if at is not None:
                found[name] = at
                break
    return _consistent(found)


def _bears_out(name: str, sheet: Sheet, at: int) -> bool:
    """Whether the cells of a column can be what its heading says."""
    cells = [cell for cell in _column(sheet, at) if text(cell)]
    if not cells:
        return False
    if name in ("quantity", "opening", "closing", "multiplier", *TARIFFS):
        return sum(map(_is_number, cells)) * 2 > len(cells)
    if name in ("start", "end"):
        return sum(map(_is_day, cells)) * 2 > len(cells)
    if name == "unit":
        return sum(map(_is_unit, cells)) * 2 > len(cells)
    if name == "month":
        return sum(map(_is_month, cells)) * 2 > len(cells)
    return True


def _column(sheet: Sheet, at: int) -> list[Cell]:
    return [row.cells[at] for row in sheet.rows[:LOOKED_AT]]


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, int | float) or bool(words.readings(text(cell)))


def _is_day(cell: Cell) -> bool:
    if isinstance(cell, date) or DAYS.fullmatch(text(cell)):
        return True
    try:
        words.moment(cell, "")
    except CarbonError:
        return False
    return True


def _is_month(cell: Cell) -> bool:
    try:
        words.month(cell, "", "", "2000")
    except CarbonError:
        return False
    return True


def _is_unit(cell: Cell) -> bool:
    try:
        units.unit(text(cell))
    except CarbonError:
        return False
    return True


def _consistent(found: dict[str, int]) -> dict[str, int]:
    """Without half a period, one tariff alone, or half of two readings."""
    if ("start" in found) != ("end" in found):
        found.pop("start", None)
        found.pop("end", None)
    if {"start", "end"} <= found.keys():
        found.pop("month", None)
        found.pop("year", None)
    if len(found.keys() & set(TARIFFS)) < wide.FEWEST:
        for name in TARIFFS:
            found.pop(name, None)
    if not {"opening", "closing"} <= found.keys():
        for name in ("opening", "closing", "multiplier"):
            found.pop(name, None)
    return found


def _constants(
    sheet: Sheet, vocabulary: Vocabulary, columns: Mapping[str, int], months: Mapping[int, str]
) -> dict[str, str]:
    """What is the same for every row: unit, activity and site, where the sheet or book tells it."""
    said = " ".join([*sheet.header, *sheet.above, sheet.name, sheet.file])
    found: dict[str, str] = {}
    if "activity" not in columns:
        activity = _activity(said, vocabulary)
        if activity:
            found["activity"] = activity
    if "unit" not in columns:
        activity = found.get("activity", "")
        unit = _unit(sheet, columns, activity, vocabulary)
        if unit:
            found["unit"] = unit
    if "site" not in columns and "meter" not in columns:
        named = [name for name, title in vocabulary.sites.items() if _named(said, name, title)]
        sites = list(vocabulary.sites)
        if len(named) == 1 or len(sites) == 1:
            found["site"] = named[0] if len(named) == 1 else sites[0]
    return found


def _named(said: str, *names: str) -> bool:
    return any(len(name) > 1 and name.casefold() in said.casefold() for name in names)


def _activity(said: str, vocabulary: Vocabulary) -> str:
    """The one activity that a title or heading names, by its longest name there."""
    folded = said.casefold()
    held = {
        (name, other.casefold())
        for name, word in vocabulary.activities.items()
        for other in (name, name.replace("_", " "), *word.names)
        if len(other) > 1 and says(folded, other.casefold(), ())
    }
    widest = [  # 天然气 also holds 气, "natural gas" also "gas"
        name
        for name, other in held
        if not any(other in longer and other != longer for _, longer in held)
    ]
    if len(set(widest)) == 1:
        return widest[0]
    signs = (("electricity", ("电量", "用电", "kwh", "strom")), ("natural_gas", ("燃气", "用气")))
    by_sign = [name for name, each in signs if any(sign in folded for sign in each)]
    known = [name for name in by_sign if name in vocabulary.activities]
    return known[0] if len(known) == 1 and not widest else ""


def _unit(sheet: Sheet, columns: Mapping[str, int], activity: str, vocabulary: Vocabulary) -> str:
    """The unit in the heading of the quantity, or above the table."""
    parts = [columns[name] for name in ("quantity", *TARIFFS, "closing") if name in columns]
    headings = [*(sheet.header[at] for at in parts), *sheet.above]
    for heading in headings:
        bracketed = IN_BRACKETS.search(heading)
        named = re.search(r"单位\s*[:：]?\s*([^\s，,;；)）]+)", heading)
        candidates = [found[1] for found in (bracketed, named) if found]
        candidates += (
            re.findall(r"[A-Za-z][A-Za-z0-9]*", heading) if heading in sheet.header else []
        )
        for candidate in candidates:
            if _counts(candidate, activity, vocabulary):
                return candidate
    return ""


def _counts(unit: str, activity: str, vocabulary: Vocabulary) -> bool:
    """Whether a text is a unit that an activity is counted in."""
    if not _is_unit(unit):
        return False
    if not activity:
        return units.unit(unit).dimension in ("energy", "volume", "mass")
    try:
        unit_of(vocabulary.activities[activity], unit)
    except CarbonError:
        return False
    return True


def _date_format(cells: Mapping[str, Sequence[Cell]]) -> str:
    """Whether days or months come first, where some date can only be read one way."""
    found = [
        match
        for name in ("start", "end", "month")
        for cell in cells.get(name, ())
        if isinstance(cell, str) and (match := DAYS.fullmatch(cell.strip()))
    ]
    if not found:
        return ""
    first, second = max(int(each[1]) for each in found), max(int(each[3]) for each in found)
    shapes = {(each[2], len(each[4]), (each[5] or "").count(":"), bool(each[5])) for each in found}
    if len(shapes) != 1 or (first > 12) == (second > 12):
        return ""
    ((sign, digits, colons, has_time),) = shapes
    days = ("%d", "%m") if first > 12 else ("%m", "%d")
    clock = " %H:%M:%S" if colons == 2 else " %H:%M" if has_time else ""
    return sign.join([*days, "%Y" if digits == 4 else "%y"]) + clock


def _ends_where_next_begins(cells: Mapping[str, Sequence[Cell]], date_format: str) -> bool:
    """Whether most periods end on the very day on which the next begins."""
    spans = []
    for start, end in zip(cells.get("start", ()), cells.get("end", ()), strict=False):
        try:
            spans.append((words.moment(start, "", date_format), words.moment(end, "", date_format)))
        except CarbonError:
            continue
    pairs = list(pairwise(sorted(set(spans))))
    shared = sum(earlier[1] == later[0] < later[1] for earlier, later in pairs)
    return shared >= 2 and shared * 2 > len(pairs)


def _words(
    vocabulary: Vocabulary, cells: Mapping[str, Sequence[Cell]]
) -> dict[str, dict[str, str]]:
    """The one site or meter of a file that the book calls otherwise, where it has but one."""
    found: dict[str, dict[str, str]] = {}
    for name, ours_there in (("site", vocabulary.sites), ("meter", vocabulary.meters)):
        theirs = _written(cells.get(name, ()))
        if len(theirs) == 1 == len(ours_there) and not theirs & _known(vocabulary, name):
            (said,) = {text(cell) for cell in cells[name]} - {""} - _totals(cells[name])
            found[name] = {said: next(iter(ours_there))}
    return found


def _written(cells: Iterable[Cell]) -> set[str]:
    """The words of a column in any case, but for those of totals."""
    cells = list(cells)
    return {text(cell).casefold() for cell in cells if text(cell) not in _totals(cells)} - {""}


def _totals(cells: Iterable[Cell]) -> set[str]:
    return {text(cell) for cell in cells if is_total([cell])}


def _known(vocabulary: Vocabulary, name: str) -> set[str]:
    """The sites or meters of a book, by any of their names."""
    if name == "meter":
        return {each.casefold() for each in vocabulary.meters}
    return {each.casefold() for pair in vocabulary.sites.items() for each in pair}
