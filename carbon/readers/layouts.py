"""Which of the nine layouts a file has, and where in it each column stands.

A header name is recognised in any case, in English or Chinese, or through a column map. What the
header lacks, holds twice or holds for nothing is told; no column is passed over in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from carbon.errors import CarbonError, nearest
from carbon.readers.faults import Faults
from carbon.readers.files import WHOLE_ROW, Sheet
from carbon.readers.words import Cell, text
from carbon.settings import ColumnMap


@dataclass(frozen=True)
class Layout:
    """The columns of a file. `key` is the column that no other layout has."""

    name: str
    key: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    periods: tuple[tuple[str, ...], ...] = ()  # any one of these groups

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column, each once."""
        period = (name for group in self.periods for name in group)
        return tuple(dict.fromkeys((*self.required, *period, *self.optional)))


LAYOUTS: Mapping[str, Layout] = {
    layout.name: layout
    for layout in (
        Layout(
            "activity",
            "activity",
            ("site", "activity", "quantity", "unit"),
            ("meter", "detail", "quality", "uncertainty", "evidence", "note"),
            (("start", "end"), ("month",), ("year",)),
        ),
        Layout(
            "trip",
            "travellers",
            ("travellers",),
            (
                *("site", "purpose", "mode", "from", "to", "distance", "unit", "class", "return"),
                *("trips", "occupancy", "group", "quality", "evidence", "note"),
            ),
            (("date",), ("start", "end"), ("month",), ("year",)),
        ),
        Layout(
            "instrument",
            "instrument_id",
            ("instrument_id", "kind", "market", "energy", "unit", "vintage"),
            (
                *("claim_year", "site", "allocation", "retired_on", "beneficiary", "factor"),
                *("serials", "conveys_attribute", "credit_id", "net_of_sold", "evidence", "note"),
            ),
        ),
        Layout(
            "credit",
            "credit_id",
            ("credit_id", "standard", "kind", "vintage", "mass", "unit"),
            ("claim_year", "project", "retired_on", "evidence", "note"),
        ),
        Layout(
            "claim",
            "claim_id",
            ("claim_id", "kind", "year", "description", "mass", "unit"),
            ("baseline", "method", "evidence", "note"),
        ),
        Layout(
            "denominator",
            "metric",
            ("metric", "quantity", "unit"),
            ("site", "evidence", "note"),
            (("period",), ("month",), ("year",)),
        ),
        Layout(
            "service",
            "service_id",
            ("service_id", "equipment_id", "event", "serviced_on", "mass", "unit"),
            ("evidence", "note"),
        ),
        Layout(  # after service, which names its equipment as well
            "equipment",
            "equipment_id",
            ("equipment_id", "site", "kind", "refrigerant", "charge", "unit", "installed_on"),
            ("retired_on", "charged", "note"),
        ),
        Layout(
            "refrigerant_stock",
            "stock_id",
            ("stock_id", "site", "refrigerant", "event", "happened_on", "mass", "unit"),
            ("evidence", "note"),
        ),
    )
}

OTHER_NAMES = {
    "站点": "site",
    "场所": "site",
    "活动": "activity",
    "能源": "activity",
    "开始": "start",
    "开始日期": "start",
    "start_on": "start",
    "结束": "end",
    "结束日期": "end",
    "end_on": "end",
    "月份": "month",
    "年份": "year",
    "数量": "quantity",
    "用量": "quantity",
    "单位": "unit",
    "表计": "meter",
    "电表": "meter",
    "明细": "detail",
    "数据质量": "quality",
    "不确定度": "uncertainty",
    "uncertainty_pct": "uncertainty",
    "凭证": "evidence",
    "备注": "note",
    "travelers": "travellers",
    "passengers": "travellers",
    "出行人数": "travellers",
    "出发地": "from",
    "目的地": "to",
    "日期": "date",
    "舱位": "class",
    "往返": "return",
    "距离": "distance",
    "vintage_year": "vintage",
    "energy_kwh": "energy",
    "factor_g_per_kwh": "factor",
    "serial_numbers": "serials",
    "证书编号": "serials",
}


def ours(heading: str) -> str:
    """The column a heading names, in any case and with any blanks.

    >>> ours("  Claim Year ")
    'claim_year'
    """
    name = "_".join(heading.replace("_", " ").casefold().split())
    return OTHER_NAMES.get(name, name)


def layout(header: Sequence[str], column_map: ColumnMap | None = None, file: str = "") -> str:
    """The layout a header has: that of its key column, for one that lacks others is still known.

    Raises CarbonError (unknown-layout) saying what the nearest layout lacks.
    """
    known = {ours(heading) for heading in header}
    if column_map:
        known |= {*column_map.columns, *column_map.constants}
    for each in LAYOUTS.values():
        if each.key in known:
            return each.name
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
    missing = [name for name in each.required if name not in known]
    if each.periods and not any(known.issuperset(group) for group in each.periods):
        missing.append(_periods(each))
    return missing


def _periods(each: Layout) -> str:
    """The ways to write a period: 'start and end, or month, or year'."""
    return ", or ".join(" and ".join(group) for group in each.periods)


@dataclass(frozen=True)
class Columns:
    """Where the columns of a layout stand in a sheet. `pick` gives a row's cells in that order."""

    layout: Layout
    labels: Mapping[str, str]  # how a message calls a column
    places: frozenset[int]  # columns of the sheet that are read
    tail: tuple[str, ...]  # cells that every row has besides: blank, then the constants
    pick: Callable[[Sequence[Cell]], tuple[Cell, ...]]

    def rows(self, sheet: Sheet, faults: Faults) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """Number and cells of every row whose cells can be read; the others are faults."""
        for number, cells in sheet.rows:
            if number in sheet.broken and self._is_broken(sheet, number, cells, faults):
                continue
            yield number, self.pick([*cells, *self.tail])

    def _is_broken(self, sheet: Sheet, number: int, cells: list[Cell], faults: Faults) -> bool:
        spoilt = {
            column: fault
            for column, fault in sheet.broken[number].items()
            if column in self.places or column == WHOLE_ROW
        }
        for fault in spoilt.values():
            faults.add(fault, number, cells)
        return bool(spoilt)


def columns(
    sheet: Sheet, name: str, column_map: ColumnMap | None, faults: Faults
) -> Columns | None:
    """The columns of a sheet, or nothing where one that is needed cannot be found."""
    wanted = LAYOUTS[name]
    mapped = column_map or ColumnMap()
    _check_map(wanted, mapped, faults)
    found = _places(sheet, wanted, mapped, faults)
    missing = _missing(wanted, {*found, *mapped.constants})
    for each in missing:
        faults.add(_missing_column(wanted, each, sheet.header))
    if missing or any(len(places) > 1 for places in found.values()):
        return None
    _tell_unused_periods(wanted, {*found, *mapped.constants}, faults)
    width = len(sheet.header)
    places = {each: taken[0] for each, taken in found.items()}
    constants = {each: width + 1 + at for at, each in enumerate(mapped.constants)}
    labels = {each: _label(each, sheet.header[at]) for each, at in places.items()}
    spots = [{**places, **constants}.get(each, width) for each in wanted.columns]
    return Columns(
        wanted,
        {each: labels.get(each, each) for each in wanted.columns},
        frozenset(places.values()),
        ("", *mapped.constants.values()),
        itemgetter(*spots),
    )


def _check_map(wanted: Layout, mapped: ColumnMap, faults: Faults) -> None:
    """Faults of a column map that names what the layout does not have."""
    for each in [*mapped.columns, *mapped.constants]:
        if each not in wanted.columns:
            faults.add(
                CarbonError(
                    "bad-column-map",
                    f"the column map names {each!r}, which a file of layout {wanted.name} lacks",
                    looked_for="one of " + ", ".join(wanted.columns),
                    nearest=nearest(each, wanted.columns),
                    remedy="correct [import.NAME] in carbon.toml: ours = 'theirs'",
                )
            )


def _places(
    sheet: Sheet, wanted: Layout, mapped: ColumnMap, faults: Faults
) -> dict[str, list[int]]:
    """Where each column stands; faults for those that stand twice or serve nothing."""
    theirs = {ours(heading): name for name, heading in mapped.columns.items()}
    found: dict[str, list[int]] = {}
    unused = []
    for place, heading in enumerate(sheet.header):
        name = theirs.get(ours(heading), ours(heading))
        is_taken = name in mapped.columns and ours(heading) not in theirs
        if name in wanted.columns and not is_taken and name not in mapped.constants:
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
        looked_for=", ".join(wanted.columns),
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
