"""Layouts of other people's files, each mapped once."""

from __future__ import annotations

import re
from datetime import timedelta, timezone, tzinfo
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field

from carbon.fields import Written
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


Encoding = Annotated[str, AfterValidator(_encoding), Written("name of an encoding")]
Zone = Annotated[str, AfterValidator(_zone), Written("name of a time zone, or distance from UTC")]


class ColumnMap(Table):
    """The layout of somebody else's file, mapped once."""

    sheet: str = Field(
        "",
        description=(
            "The sheet of a workbook; without it the first, and those with the same header."
        ),
    )
    header_row: Annotated[int, Field(ge=1)] | None = Field(
        None, description="The row of the header; without it it is looked for. [row]"
    )
    encoding: Encoding = Field(
        "",
        description=(
            "The encoding of a text file: `utf-8`, `gb18030`, `latin-1` ...; without it told by"
            " the bytes."
        ),
    )
    delimiter: str = Field(
        "",
        max_length=1,
        description="What stands between two fields; without it told by the header.",
    )
    decimal: Literal["", ".", ","] = Field(
        "", description="The mark before decimals; without it decided by the column."
    )
    columns: dict[str, str] = Field({}, description="Which column is which: ours = theirs.")
    constants: dict[str, str] = Field(
        {}, description="What is the same for every row: our column = the value."
    )
    words: dict[str, dict[str, str]] = Field(
        {}, description='Of a column of ours, their words: theirs = ours. `""` leaves the rows out.'
    )
    end_is_exclusive: bool = Field(
        False, description="The end of a period is the start of the next."
    )
    date_format: str = Field("", description="How days are written: `%d/%m/%Y`.")
    register_digits: Annotated[int, Field(ge=3, le=12)] | None = Field(
        None,
        description="The digits of a register, which rolls over after its last number. [digits]",
    )
    time_zone: Zone = Field(
        "",
        description=(
            "The zone of readings, or of a Green Button file that does not say:"
            " `Europe/Berlin`, `UTC+08:00`."
        ),
    )
