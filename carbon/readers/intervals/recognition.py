"""Which files hold readings, and what their columns are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from carbon.errors import CarbonError
from carbon.layouts import LAYOUTS
from carbon.readers import words
from carbon.readers.columns import layout
from carbon.readers.files import Row, Sheet
from carbon.readers.headings import ours
from carbon.readers.intervals.staging import Beginning, beginning
from carbon.readers.intervals.stamps import Stamps, has_time
from carbon.settings import ColumnMap

NAMING = ("site", "meter", "activity", "detail", "unit", "quality")
READ = frozenset((*NAMING, "start", "end", "quantity"))
LEFT_OUT = frozenset(("evidence", "note", "uncertainty"))  # of a row; those of an entry are its own
STARTS = ("timestamp", "datetime", "interval_start", "start_time", "时间", "数据时间")
LONGEST = 90_000  # of an interval: a day of 25 hours [s]


def recognised(path: Path, column_map: ColumnMap | None = None) -> Beginning | None:
    """The first rows of a file of readings; nothing for any other file."""
    mapped = column_map or ColumnMap()
    begun = beginning(path, mapped)
    if begun is None:
        return None
    sheet = begun.sheet
    names = names_of(sheet, mapped)
    try:
        is_activity = layout(sheet.header, mapped) == "activity"
    except CarbonError:
        return None
    places = [at for at, name in enumerate(names) if name == "start"]
    known = {name for name in names if name in LAYOUTS["activity"].columns}
    if not is_activity or len(places) != 1 or not known <= READ | LEFT_OUT:
        return None
    rows = sheet.rows
    if "time" in names:
        return begun if has_time(_joined(rows, places[0], names.index("time")), "") else None
    starts = [row.cells[places[0]] for row in rows]
    if not has_time(starts, mapped.date_format):
        return None
    if "end" in names and not _are_short(rows, places[0], names.index("end"), mapped):
        return None
    return begun


def names_of(sheet: Sheet, mapped: ColumnMap) -> list[str]:
    """What each column is: as the map says, by its heading, or the time beside a date."""
    theirs = {ours(heading): name for name, heading in mapped.columns.items()}
    names = [theirs.get(ours(heading), ours(heading)) for heading in sheet.header]
    if "start" not in names:
        names = ["start" if name in STARTS else name for name in names]
    if "start" not in names and {"date", "time"} <= set(names):
        names[names.index("date")] = "start"
    return names


def _joined(rows: Sequence[Row], start: int, time: int) -> list[str]:
    return [f"{words.text(row.cells[start])} {words.text(row.cells[time])}" for row in rows]


def _are_short(rows: Sequence[Row], start: int, end: int, mapped: ColumnMap) -> bool:
    """Whether the first intervals that can be read are no longer than a day."""
    stamps = Stamps("start", mapped.model_copy(update={"time_zone": "UTC"}))
    for row in rows:
        try:
            first, last = (stamps.moment(words.text(row.cells[at])).at for at in (start, end))
        except CarbonError:
            continue
        return 0 < last - first <= LONGEST
    return False
