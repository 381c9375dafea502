"""Layouts of other people's files, each mapped once."""

from __future__ import annotations

import re
from datetime import timedelta, timezone, tzinfo
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field

from carbon.settings.kinds import Table


def _encoding(value: str) -> str:
    try:
        "".encode(value or "utf-8")
        return value
    except (LookupError, ValueError):
        raise ValueError(
            f"no encoding is called {value!r}; write utf-8, utf-16, gb18030, big5 or latin-1"
        ) from None


def time_zone(name: str) -> tzinfo:
    """A time zone by its name or its distance from UTC. Raises ValueError for any other text.

    >>> time_zone("UTC+08:00")
    datetime.timezone(datetime.timedelta(seconds=28800), 'UTC+08:00')
    """
    found = re.fullmatch(r"UTC(?:([+-])(\d{2}):(\d{2}))?", name)
    if found:
        away = timedelta(hours=int(found[2] or 0), minutes=int(found[3] or 0))
        if away < timedelta(hours=15):
            return timezone(-away if found[1] == "-" else away, name)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            f"no time zone is called {name!r}; write one such as America/New_York or UTC-05:00"
        ) from None


def _zone(value: str) -> str:
    if value:
        time_zone(value)
    return value


Encoding = Annotated[str, AfterValidator(_encoding)]
Zone = Annotated[str, AfterValidator(_zone)]


class ColumnMap(Table):
    """The layout of somebody else's file, mapped once."""

    sheet: str = ""  # of a workbook; none: the first, and those with the same header
    header_row: Annotated[int, Field(ge=1)] | None = None  # none: looked for
    encoding: Encoding = ""  # of a text file: utf-8, gb18030, latin-1 ...
    delimiter: Annotated[str, Field(max_length=1)] = ""
    decimal: Literal["", ".", ","] = ""
    columns: dict[str, str] = {}  # ours = theirs
    constants: dict[str, str] = {}  # ours = the same for every row
    words: dict[str, dict[str, str]] = {}  # of a column: theirs = ours; ours = "" leaves rows out
    end_is_exclusive: bool = False
    date_format: str = ""  # %d/%m/%Y
    register_digits: Annotated[int, Field(ge=3, le=12)] | None = None  # of a meter that rolls over
    time_zone: Zone = ""  # of a Green Button file that does not say: America/New_York, UTC+08:00
