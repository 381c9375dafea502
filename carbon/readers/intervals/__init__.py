"""Readings of meters by the quarter-hour or the like, millions of rows: a second way into the book.

`recognised` tells such a file by the time of day in its start column; `Intervals` reads it in the
ledger's own connection, so that no row becomes an object of Python. Each distinct site, meter, unit
and time is understood once, by the very functions that read any other file, and the rows are judged
in SQL. Good rows stand in `reading_new`, the others in `refusal` with their reasons.
"""

from carbon.readers.intervals.reading import Intervals
from carbon.readers.intervals.recognition import recognised
from carbon.readers.intervals.staging import Beginning

__all__ = ["Beginning", "Intervals", "recognised"]
