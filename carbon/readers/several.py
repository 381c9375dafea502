"""Which sheets of a file are read: those of a template that came back, else those of one header.

A workbook may hold several layouts, as a template does: the first sheet that has a header and those
with the same one are read, and of every other layout the first sheet that has all its columns and
those like it. What is not read is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from carbon.errors import CarbonError, counted
from carbon.readers.faults import Faults
from carbon.readers.headings import layout_of, recognised

if TYPE_CHECKING:
    from carbon.readers.files import Sheet

ENOUGH = 3  # headings that make a row a header


def read_together(found: Sequence[Sheet], is_mapped: bool, faults: Faults) -> list[Sheet]:
    """The sheets of a file that are read, those alike one after the other; none where none is.

    is_mapped : a column map is of one layout, so the others stay unread.
    """
    filled = [each for each in found if each.rows]
    ours = [each for each in found if each.is_template]
    if ours:
        _tell_others(ours, filled, faults)
        _tell_unfilled(ours, faults)
        return ours
    if not filled:
        return []
    first = next((each for each in filled if recognised(each.header) >= ENOUGH), filled[0])
    groups = [_alike(first, filled)]
    if not is_mapped and layout_of(first.header):
        for each in filled:
            layout = layout_of(each.header, is_whole=True)
            if layout and all(layout != layout_of(group[0].header) for group in groups):
                groups.append(_alike(each, filled))
    chosen = [each for group in groups for each in group]
    for group in groups:
        if len(group) > 1:
            faults.add(_one_header(group), severity="note")
    if len(groups) > 1:
        faults.add(_several_layouts(groups), severity="note")
    _tell_others(chosen, found, faults)
    if len(chosen) == 1:
        first.name = ""
    return chosen


def _alike(first: Sheet, sheets: Iterable[Sheet]) -> list[Sheet]:
    """A sheet and those with the same header."""
    return [each for each in sheets if _names(each) == _names(first)]


def _names(sheet: Sheet) -> list[str]:
    return sorted(filter(None, (heading.casefold() for heading in sheet.header)))


def _tell_others(chosen: Sequence[Sheet], sheets: Sequence[Sheet], faults: Faults) -> None:
    """Names the sheets that are not read."""
    others = [each.name for each in sheets if all(each is not one for one in chosen)]
    if others:
        faults.add(_other_sheets(chosen, others), severity="warning")


def _tell_unfilled(ours: Sequence[Sheet], faults: Faults) -> None:
    """How many rows that a template laid out nobody has filled in."""
    left = [(each, each.unfilled) for each in ours if each.unfilled]
    if left:
        faults.add(_unfilled(left, sum(len(each.rows) for each in ours)), severity="note")


def _one_header(alike: Sequence[Sheet]) -> CarbonError:
    return CarbonError(
        "several-sheets",
        f"{len(alike)} sheets have one header and were all read: "
        + ", ".join(repr(each.name) for each in alike),
        remedy="to read one of them, name it as sheet = ... in a column map",
    )


def _several_layouts(groups: Sequence[Sequence[Sheet]]) -> CarbonError:
    told = (f"{group[0].name!r} ({layout_of(group[0].header)})" for group in groups)
    return CarbonError(
        "several-layouts",
        f"sheets of {len(groups)} layouts were read: " + ", ".join(told),
        remedy="to read one of them, name it as sheet = ... in a column map",
    )


def _other_sheets(chosen: Sequence[Sheet], others: Sequence[str]) -> CarbonError:
    one = len(chosen) == 1 and not chosen[0].is_template
    first = f"only the first sheet, {chosen[0].name!r}, was read" if one else "not all read"
    return CarbonError(
        "other-sheets",
        f"{first}; not read: {', '.join(map(repr, others))}",
        remedy="where they hold activities too, save each as a file of its own, or name it as "
        "sheet = ... in a column map",
    )


def _unfilled(left: Sequence[tuple[Sheet, int]], filled: int) -> CarbonError:
    count = sum(number for _, number in left)
    done = "no row" if not filled else counted(filled, "row")
    told = ", ".join(f"{each.name or each.file} {number:,}" for each, number in left)
    return CarbonError(
        "not-filled-in",
        f"{done} of the template {'is' if filled < 2 else 'are'} filled in; {count:,}"
        f" {'is' if count == 1 else 'are'} not, and no entries ({told})",
        remedy="write 0 where nothing was used; fill in the others when their bills come, and"
        " import the workbook again",
    )
