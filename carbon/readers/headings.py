"""What a heading means: the columns of the layouts, and the words people write above them.

A heading is recognised in any case, with any blanks, in English or Chinese. `recognised` tells how
many cells of a row are headings, by which the header is found where a title stands above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from carbon.layouts import LAYOUTS, Layout
from carbon.readers.words import month_heading

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
    "指标": "indicator",
    "部门": "node",
    "目标": "goal",
    "目标值": "goal",
    "分项": "part",
    "覆盖范围": "coverage",
    "对账单号": "control_id",
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
    "serial_numbers": "serials",
    "证书编号": "serials",
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
    "示数": "reading",
    "读数": "reading",
    "表码": "reading",
    "meter_reading": "reading",
    "register_reading": "reading",
    "抄表日期": "date",
    "reading_date": "date",
    "read_date": "date",
    "reading_on": "date",
    "事件": "event",
    "新表示数": "new_start",
    "新表起码": "new_start",
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


def layout_of(header: Iterable[str], is_whole: bool = False) -> str:
    """The layout whose key column a header has, '' where it has none.

    is_whole : only where no other column that the layout needs is missing.
    """
    known = {ours(heading) for heading in header}
    found = next((each for each in LAYOUTS.values() if each.key in known), None)
    if found is None or (is_whole and not found.is_whole(known)):
        return ""
    return _narrower(found, known).name


def _narrower(found: Layout, known: set[str]) -> Layout:
    """A layout that has the key of this one among its columns, and a key of its own besides."""
    return next(
        (
            each
            for each in LAYOUTS.values()
            if each is not found
            and {found.key, each.key} <= known & {*each.columns}
            and each.is_whole(known)
        ),
        found,
    )


def recognised(cells: Iterable[str], others: Iterable[str] = ()) -> int:
    """How many cells are headings, each meaning once; `others` are those a column map names."""
    known = {name for layout in LAYOUTS.values() for name in layout.columns}
    wanted = {ours(each) for each in others}
    filled = [cell for cell in cells if cell]
    return len({ours(cell) for cell in filled} & (known | wanted)) + _months(filled)


def _months(cells: Sequence[str]) -> int:
    """How many cells head the columns of months; two dates beside each other do not."""
    months = {cell for cell in cells if len(cell) <= LONGEST and month_heading(cell)}
    days = {cell for cell in months if cell.endswith("-01") and len(cell) == 10}
    months -= days if len(days) < 4 else set()
    return len(months) if len(months) > 1 else 0


# Words within a heading, the most telling first: column, words; words after "but" forbid it.
SIGNS_TEXT = """
multiplier: 倍率; multiplier; ct ratio; meter constant
opening: 上期示数; 上次示数; 上月示数; 起码; 起度; 起始示数; 期初; 上月表底 but 日期
opening: previous read; opening; start read; from read; alter stand but date
closing: 本期示数; 本次示数; 本月示数; 止码; 止度; 截止示数; 期末; 本月表底 but 日期
closing: current read; present read; closing; end read; neuer stand but date
sharp: 尖峰; 尖段; 尖电; 尖时 but 价; 费; 元
peak: 峰段; 峰电; 高峰; 峰时; 峰 but 价; 费; 元; 尖; 需量
peak: on-peak; on peak; peak kwh; peak usage but off; demand; price
flat: 平段; 平电; 平时; 平 but 价; 费; 元; 均; 平方; 平米
flat: shoulder; mid-peak; flat but demand; price
deep_valley: 深谷 but 价; 费; 元
valley: 谷段; 谷电; 低谷; 谷时; 谷 but 价; 费; 元
valley: off-peak; off peak; valley but demand; price
start: 开始; 起始; 起日; 上次抄表; 上期抄表 but 示数
start: start; from; begin; previous read date; von; début; du but reading
end: 结束; 截止; 终止; 止日; 本次抄表; 本期抄表 but 示数
end: end; to date; to; until; read date; bis; fin; au but reading
month: 月份; 账期; 年月; 账单月; 抄表月; 所属期
month: bill month; month; period; monat; mois but start; end
year: 年度; 年份
year: year; jahr
meter: 表号; 户号; 用户编号; 计量点; 电表; 表计; 水表; 气表; 资产编号; 表编号
meter: meter; mpan; mprn; nmi; zähler; compteur; account n but read; type
site: 站点; 场所; 地点; 门店; 厂区; 园区; 项目; 户名; 用户名称; 公司 but 编号
site: site; location; building; premise; facility; standort; bâtiment
activity: 能源类; 能源种; 能源品; 品种; 油品; 用能类型; 介质
activity: fuel; commodity; energy type; utility type; energieträger; énergie
quantity: 总电量; 合计电量; 总用电量; 用电量; 用气量; 耗量; 消耗量; 用量; 电量 but 价; 费
quantity: 加油量; 数量; 用热量; 热量; 气量 but 价; 费; 单位
quantity: consumption; usage; quantity; verbrauch; menge; consommation but cost
quantity: kwh; energy used; volume; therms; units used but rate; price; cost
unit: 计量单位; 单位 but 价
unit: unit; uom; einheit; unité but price; cost; used
evidence: 发票; 账单号; 单据; 凭证; invoice; bill n; rechnung; facture but 日
note: 备注; 说明; comment; remark; bemerkung
"""


def _signs(line: str) -> tuple[str, list[str], list[str]]:
    name, _, said = line.partition(": ")
    signs, _, bars = said.partition(" but ")
    return name, signs.split("; "), bars.split("; ") if bars else []


SIGNS = [_signs(line) for line in SIGNS_TEXT.split("\n") if line]
SHORT = 3  # letters of a word that must stand alone
LONGEST = 30  # characters of a heading


def says(heading: str, sign: str, bars: Sequence[str]) -> bool:
    """Whether a heading holds a word: Chinese anywhere, Latin at the start of a word."""
    folded = " ".join(heading.replace("_", " ").casefold().split())
    if any(bar in folded for bar in bars):
        return False
    if not sign.isascii():
        return sign in folded
    ends = r"\b" if len(sign) <= SHORT else ""  # `to` is not `total`
    return bool(re.search(rf"\b{re.escape(sign)}{ends}", folded))


def likely(cells: Iterable[str]) -> int:
    """How many columns the cells of a row may be headings of, by the words within them."""
    short = [cell for cell in cells if 0 < len(cell) <= LONGEST]
    found = {name for name, signs, bars in SIGNS for sign in signs if _any(short, sign, bars)}
    return len(found)


def _any(cells: Sequence[str], sign: str, bars: Sequence[str]) -> bool:
    return any(says(cell, sign, bars) for cell in cells)
