"""What a heading means: the columns of the six layouts, and the words people write above them.

A heading is recognised in any case, with any blanks, in English or Chinese. `recognised` tells how
many cells of a row are headings, by which the header is found where a title stands above it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

REGISTER = ("opening", "closing", "multiplier")
TARIFFS = ("sharp", "peak", "flat", "valley", "deep_valley")


@dataclass(frozen=True)
class Layout:
    """The columns of a file. `key` is the column that no other layout has."""

    name: str
    key: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    periods: tuple[tuple[str, ...], ...] = ()  # any one of these groups
    parts: tuple[str, ...] = ()  # what a quantity may be worked out of

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column, each once."""
        period = (name for group in self.periods for name in group)
        return tuple(dict.fromkeys((*self.required, *period, *self.optional, *self.parts)))

    @property
    def told(self) -> tuple[str, ...]:
        """The columns a message lists."""
        return tuple(name for name in self.columns if name not in self.parts)


LAYOUTS: Mapping[str, Layout] = {
    layout.name: layout
    for layout in (
        Layout(
            "activity",
            "activity",
            ("site", "activity", "quantity", "unit"),
            ("meter", "detail", "quality", "uncertainty", "evidence", "note"),
            (("start", "end"), ("month",), ("year",)),
            (*REGISTER, *TARIFFS),
        ),
        Layout(
            "instrument",
            "instrument_id",
            ("instrument_id", "kind", "market", "energy", "unit", "vintage"),
            ("claim_year", "site", "retired_on", "beneficiary", "factor", "evidence", "note"),
        ),
        Layout(
            "credit",
            "credit_id",
            ("credit_id", "standard", "kind", "vintage", "mass", "unit"),
            ("claim_year", "project", "retired_on", "evidence", "note"),
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
            ("retired_on", "note"),
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
    "vintage_year": "vintage",
    "energy_kwh": "energy",
    "factor_g_per_kwh": "factor",
    "上期示数": "opening",
    "上次示数": "opening",
    "起码": "opening",
    "起度": "opening",
    "previous_reading": "opening",
    "opening_reading": "opening",
    "本期示数": "closing",
    "本次示数": "closing",
    "止码": "closing",
    "止度": "closing",
    "current_reading": "closing",
    "closing_reading": "closing",
    "倍率": "multiplier",
    "综合倍率": "multiplier",
    "ct_ratio": "multiplier",
    "尖": "sharp",
    "尖峰": "sharp",
    "峰": "peak",
    "高峰": "peak",
    "平": "flat",
    "平段": "flat",
    "谷": "valley",
    "低谷": "valley",
    "off_peak": "valley",
    "深谷": "deep_valley",
}


def ours(heading: str) -> str:
    """The column a heading names, in any case and with any blanks.

    >>> ours("  Claim Year ")
    'claim_year'
    """
    name = "_".join(heading.replace("_", " ").casefold().split())
    return OTHER_NAMES.get(name, name)


def recognised(cells: Iterable[str], others: Iterable[str] = ()) -> int:
    """How many cells are headings, each meaning once; `others` are those a column map names."""
    known = {name for layout in LAYOUTS.values() for name in layout.columns}
    wanted = {ours(each) for each in others}
    names = {ours(cell) for cell in cells if cell}
    return len(names & (known | wanted))
