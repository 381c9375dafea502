"""The marginal abatement cost as a picture: a bar a measure, as wide as its tonnes, as high as they
cost.

The table of the curve goes in. `svg` gives a drawing for a page, `bars` a small one of characters.
Both number the bars as the table does, stand negative costs below the axis, and cut a bar that is
much dearer than nearly all tonnes, with its price beside it: it would flatten all others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from carbon.errors import visible
from carbon.render.plain import Text
from carbon.tables import Table

STEPS = (1, 2, 2.5, 5, 10)  # round numbers for an axis
NEARLY_ALL = 0.95  # of the tonnes fit into the picture whole
HEADROOM = 1.25
CHOSEN, LEFT = "chosen", "left out"
EIGHTHS = " ▁▂▃▄▅▆▇█"
HEIGHT = 10  # rows of characters
NARROWEST = 40

# the drawing
WIDTH, PLOT_LEFT, PLOT_RIGHT, PLOT_TOP, PLOT_HEIGHT = 960, 92, 936, 96, 360
LABEL_ROOM, LABEL_ROW, LABELS = 20, 15, 4  # of the numbers over the bars
LETTER = 7.0  # the width of one, about
KEY_ROW, LONGEST_NAME = 20, 54
FILL = {CHOSEN: "#1f7a8c", LEFT: "#c3cbd3"}
EDGE = {CHOSEN: "#14535f", LEFT: "#8b97a3"}


@dataclass(frozen=True)
class Bar:
    """A measure of the curve."""

    rank: int
    measure: str
    year: int
    mass_t: float  # what it takes off after those before it
    price: float  # of such a tonne [RMB/t]
    choice: str


def bars_of(table: Table) -> list[Bar]:
    """The measures that take something off, in the order of the curve."""
    return [
        Bar(
            row["rank"],
            row["measure"],
            row["year"],
            float(row["after_t"]),
            float(row["after_rmb_per_t"]),
            row["choice"],
        )
        for row in table.rows
        if row["after_rmb_per_t"] is not None
    ]


def axis(low: float, high: float, count: int) -> list[float]:
    """Round ticks from below the lowest value, or 0, to above the highest.

    >>> axis(-3214.0, 950.0, 5)
    [-4000.0, -3000.0, -2000.0, -1000.0, 0.0, 1000.0]
    """
    low, high = min(low, 0.0), max(high, 0.0)
    reach = (high - low) or 1.0
    power = 10.0 ** (len(f"{reach / count:.0f}") - 1) if reach >= count else 0.01
    while power > reach / count:
        power /= 10
    while power * 10 <= reach / count:
        power *= 10
    step = next(power * n for n in STEPS if power * n * count >= reach)
    first, last = -int(-low / step), int(high / step)
    first -= first * step > low
    last += last * step < high
    return [step * n for n in range(first, max(last, first + 1) + 1)]


def reach(bars: Sequence[Bar]) -> tuple[float, float]:
    """The prices the picture spans: those of nearly all tonnes whole, dearer ones cut."""
    whole = sum(bar.mass_t for bar in bars)
    held, limit = 0.0, 0.0
    for bar in sorted(bars, key=lambda each: abs(each.price)):
        if held >= NEARLY_ALL * whole and abs(bar.price) > limit * 2 * HEADROOM:
            break
        held, limit = held + bar.mass_t, abs(bar.price)
    limit *= HEADROOM
    kept = [max(-limit, min(limit, bar.price)) for bar in bars]
    return min([0.0, *kept]), max([0.0, *kept])


def _number(value: float) -> str:
    text = f"{value:,.0f}" if abs(value) >= 10 or value == int(value) else f"{value:,.2f}"
    return text.replace("-", "\N{MINUS SIGN}")


# --- characters ---


def bars(table: Table, width: int) -> list[Text]:
    """The curve as rows of text; empty where it has no two bars or no room."""
    found = bars_of(table)
    names = [_number(price) for price in (*reach(found), 0.0)] if found else []
    margin = max(map(len, names), default=0) + 2
    room = width - margin
    if len(found) < 2 or room < max(NARROWEST, 3 * len(found)):
        return []
    low, high = reach(found)
    widths = _widths([bar.mass_t for bar in found], room)
    below = round(HEIGHT * -low / ((high - low) or 1.0))
    below = max(below, 1) if low < 0 else 0
    above = max(HEIGHT - below, 1) if high > 0 else 0
    scale = max(high / above if above else 0.0, -low / below if below else 0.0) or 1.0
    rows = [Text("RMB/t", "dim")]
    rows += [_row(found, widths, n, scale, margin, high, n == above - 1) for n in range(above)][
        ::-1
    ]
    rows.append(_feet(found, widths, margin))
    rows += [_row(found, widths, -n, scale, margin, low, n == below) for n in range(1, below + 1)]
    total = sum(bar.mass_t for bar in found)
    said = f"█ chosen  ░ left out  {_number(total)} t CO2e wide"
    rows.append(Text(" " * margin + said, "dim"))
    cut = [bar for bar in found if not low <= bar.price <= high]
    for bar in cut:
        rows.append(Text(" " * margin + f"{bar.rank} is cut: {_number(bar.price)} RMB/t", "dim"))
    return rows


def _widths(masses: Sequence[float], room: int) -> list[int]:
    """Characters of each bar, two at least, one blank after each."""
    free, whole = room - 3 * len(masses), sum(masses)
    widths, used, so_far = [], 0, 0.0
    for mass in masses:
        so_far += mass
        upto = round(free * so_far / whole)
        widths.append(2 + upto - used)
        used = upto
    return widths


def _row(
    bars: Sequence[Bar],
    widths: Sequence[int],
    level: int,
    scale: float,
    margin: int,
    end: float,
    is_last: bool,
) -> Text:
    """A row of bars: level 0 stands on the axis, -1 hangs below it."""
    row = Text((_number(end) if is_last else "").rjust(margin - 2), "dim")
    row.append(" ┤" if is_last else " │", "dim")
    for bar, wide in zip(bars, widths, strict=True):
        full = bar.price / scale - level if level >= 0 else -bar.price / scale - (-level - 1)
        filled = 0.0 if (bar.price > 0) != (level >= 0) else max(0.0, min(1.0, full))
        row.append(_block(filled, level >= 0, bar.choice) * wide + " ", _colour(bar))
    row.rstrip()
    return row


def _block(filled: float, is_above: bool, choice: str) -> str:
    if choice != CHOSEN:
        return "░" if filled >= 0.25 else " "
    if not is_above:  # there are no eighths that hang
        return "█" if filled >= 0.75 else "▀" if filled >= 0.2 else " "
    return EIGHTHS[round(filled * 8)] if filled else " "


def _colour(bar: Bar) -> str:
    return "cyan" if bar.choice == CHOSEN else "dim"


def _feet(bars: Sequence[Bar], widths: Sequence[int], margin: int) -> Text:
    """The axis with the number of each bar."""
    row = Text("0".rjust(margin - 2), "dim")
    row.append(" ┼", "dim")
    for bar, wide in zip(bars, widths, strict=True):
        row.append(str(bar.rank).center(wide, "─")[:wide] + "─", "bold")
    return row


# --- a drawing ---


def svg(table: Table, title: str) -> str:
    """The curve as a drawing. Text of the book is escaped, and nothing is fetched."""
    found = bars_of(table)
    low, high = reach(found) if found else (0.0, 1.0)
    ticks = axis(low, high, 6)
    plot = _Drawing(found, ticks)
    bottom = plot.top + PLOT_HEIGHT
    key = bottom + 66
    height = key + KEY_ROW * (len(found) + 1) + 34 + 16 * len(table.notes)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}"'
        f' height="{height}" font-family="Helvetica, Arial, sans-serif" font-size="13"'
        ' fill="#1d2a35" role="img">',
        f"<title>{_text(title)}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="24" y="36" font-size="19" font-weight="bold">{_text(title)}</text>',
        '<text x="24" y="60" fill="#51606d">Each bar is as wide as the tonnes its measure takes off'
        " after those left of it, and as high as what one of them costs.</text>",
        '<text x="24" y="86" fill="#51606d">RMB/t CO2e</text>',
        *plot.grid(),
        *plot.bars(),
        *plot.labels(),
        *plot.feet(bottom),
        *_key(found, key),
    ]
    foot = key + KEY_ROW * (len(found) + 1) + 14
    for n, note in enumerate(table.notes):
        parts.append(
            f'<text x="24" y="{foot + 16 * n}" font-size="12" fill="#51606d">{_text(note)}</text>'
        )
    return "\n".join([*parts, "</svg>", ""])


def _text(said: str) -> str:
    return escape(visible(said))


class _Drawing:
    """Bars on their axes. [px]"""

    def __init__(self, bars: Sequence[Bar], ticks: Sequence[float]) -> None:
        self.found, self.ticks = bars, ticks
        self.whole = sum(bar.mass_t for bar in bars) or 1.0
        self.spans, self.rows = self._placed()
        self.top = PLOT_TOP + (max(self.rows, default=0) + 1) * LABEL_ROW

    def _placed(self) -> tuple[list[tuple[float, float]], list[int]]:
        """Where each bar begins and ends, and in which row over it its number finds room."""
        spans, rows, so_far, taken = [], [], 0.0, [-1e9] * LABELS
        for bar in self.found:
            spans.append((self.x(so_far), self.x(so_far + bar.mass_t)))
            so_far += bar.mass_t
            middle = sum(spans[-1]) / 2
            free = (n for n in range(LABELS) if taken[n] + LABEL_ROOM <= middle)
            rows.append(next(free, LABELS - 1))
            taken[rows[-1]] = middle
        return spans, rows

    def x(self, mass: float) -> float:
        return PLOT_LEFT + (PLOT_RIGHT - PLOT_LEFT) * mass / self.whole

    def y(self, price: float) -> float:
        price = max(self.ticks[0], min(self.ticks[-1], price))
        return self.top + PLOT_HEIGHT * (self.ticks[-1] - price) / (self.ticks[-1] - self.ticks[0])

    def grid(self) -> Iterator[str]:
        for tick in self.ticks:
            y, is_axis = self.y(tick), tick == 0
            yield (
                f'<line x1="{PLOT_LEFT}" x2="{PLOT_RIGHT}" y1="{y:.1f}" y2="{y:.1f}"'
                f' stroke="{"#1d2a35" if is_axis else "#e3e8ec"}"/>'
            )
            yield (
                f'<text x="{PLOT_LEFT - 10}" y="{y + 4.5:.1f}" text-anchor="end"'
                f' fill="#51606d">{_number(tick)}</text>'
            )

    def bars(self) -> Iterator[str]:
        for bar, (left, right) in zip(self.found, self.spans, strict=True):
            zero, end = self.y(0.0), self.y(bar.price)
            top, tall = min(zero, end), max(abs(zero - end), 1.0)
            said = (
                f"{bar.rank} {bar.measure}, from {bar.year}: {_number(bar.mass_t)} t at"
                f" {_number(bar.price)} RMB/t, {bar.choice}"
            )
            yield (
                f'<rect x="{left:.1f}" y="{top:.1f}" width="{max(right - left, 0.8):.1f}"'
                f' height="{tall:.1f}" fill="{FILL[bar.choice]}" stroke="{EDGE[bar.choice]}"'
                f' stroke-width="0.8"><title>{_text(said)}</title></rect>'
            )
            if not self.ticks[0] <= bar.price <= self.ticks[-1]:
                yield from self._cut(bar, left, right)

    def labels(self) -> Iterator[str]:
        """The number of each bar over it, with its name where that is no wider than the bar."""
        for bar, (left, right), row in zip(self.found, self.spans, self.rows, strict=True):
            said = f"{bar.rank} {bar.measure}"
            fits = row == 0 and len(said) * LETTER < right - left
            yield from self._label(bar, (left + right) / 2, row, said if fits else str(bar.rank))

    def _label(self, bar: Bar, middle: float, row: int, said: str) -> Iterator[str]:
        """A number; of neighbours too close to each other in steps."""
        over = self.y(max(bar.price, 0.0)) - 6
        y = over - row * LABEL_ROW
        if row:
            yield (
                f'<line x1="{middle:.1f}" x2="{middle:.1f}" y1="{over + 3:.1f}" y2="{y + 3:.1f}"'
                ' stroke="#8b97a3" stroke-width="0.7"/>'
            )
        yield (
            f'<text x="{middle:.1f}" y="{y:.1f}" text-anchor="middle" font-size="12"'
            ' font-weight="bold" stroke="#ffffff" stroke-width="3" paint-order="stroke">'
            f"{_text(said)}</text>"
        )

    def _cut(self, bar: Bar, left: float, right: float) -> Iterator[str]:
        """A gap across a bar that goes on beyond the picture."""
        y = self.y(bar.price) + (14 if bar.price > 0 else -14)
        yield (
            f'<path d="M {left - 3:.1f} {y + 3:.1f} L {right + 3:.1f} {y - 3:.1f}" stroke="#ffffff"'
            ' stroke-width="4"/>'
        )

    def feet(self, bottom: float) -> Iterator[str]:
        """The axis of tonnes."""
        for tick in axis(0.0, self.whole, 6):
            if tick <= self.whole:
                x = self.x(tick)
                yield (
                    f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{bottom}" y2="{bottom + 5}"'
                    ' stroke="#8b97a3"/>'
                )
                yield (
                    f'<text x="{x:.1f}" y="{bottom + 20}" text-anchor="middle"'
                    f' fill="#51606d">{_number(tick)}</text>'
                )
        yield (
            f'<text x="{PLOT_RIGHT}" y="{bottom + 38}" text-anchor="end" fill="#51606d">t CO2e'
            " taken off, one after the other</text>"
        )


def _key(bars: Sequence[Bar], top: float) -> Iterator[str]:
    """What each number stands for."""
    ends = {62: "start", 500: "end", 640: "end", 790: "end"}
    heads = zip(ends.items(), ("measure", "from", "t CO2e", "RMB/t"), strict=True)
    for (x, anchor), head in heads:
        yield f'<text x="{x}" y="{top}" text-anchor="{anchor}" fill="#51606d">{head}</text>'
    for n, bar in enumerate(bars, start=1):
        y = top + KEY_ROW * n
        name = bar.measure
        name = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
        cells = (name, str(bar.year), _number(bar.mass_t), _number(bar.price))
        yield (
            f'<rect x="24" y="{y - 10}" width="10" height="10" fill="{FILL[bar.choice]}"'
            f' stroke="{EDGE[bar.choice]}" stroke-width="0.8"/>'
        )
        yield f'<text x="40" y="{y}" font-weight="bold" font-size="12">{bar.rank}</text>'
        for (x, anchor), cell in zip(ends.items(), cells, strict=True):
            yield f'<text x="{x}" y="{y}" text-anchor="{anchor}">{_text(cell)}</text>'
        yield f'<text x="820" y="{y}" fill="#51606d">{bar.choice}</text>'
