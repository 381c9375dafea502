"""The projection as a chart of characters: where the years went and where the scenarios go.

`chart` takes lines of yearly values in t CO2e and the years of the targets and gives lines of
text. Recorded years are full marks on an unbroken line, projected years hollow marks on a dashed
one, so the chart reads without colour; a missing year leaves the line open. Lines are drawn with
braille dots, eight to a character, because a slope in whole characters is a staircase.
"""

from __future__ import annotations

from collections.abc import Sequence

from carbon.render.plain import Text
from carbon.tables import Line

HEIGHT = 15  # rows of the plot, about: each step of the axis takes the same number of them
NARROWEST = 48  # below this a chart says less than its table
MARKS = {"actual": "●■◆▲", "projected": "○□◇△▽◁▷☆", "published": "×+*"}
COLOURS = ("cyan", "magenta", "yellow", "green", "blue", "red")
DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))  # of a braille cell: [row][column]
STEPS = (1, 2, 2.5, 5, 10)  # round numbers for the axis
TICKS = 5


def marks(lines: Sequence[Line]) -> list[tuple[str, str]]:
    """The mark and the colour of each line. Lines of the same figures share one mark."""
    chosen: list[tuple[str, str]] = []
    used = dict.fromkeys(MARKS, 0)
    for place, line in enumerate(lines):
        twin = next((n for n in range(place) if _is_same(lines[n], line)), None)
        if twin is not None:
            chosen.append(chosen[twin])
            continue
        signs = MARKS[line.kind]
        colour = COLOURS[sum(used.values()) % len(COLOURS)]
        chosen.append((signs[used[line.kind] % len(signs)], colour))
        used[line.kind] += 1
    return chosen


def chart(lines: Sequence[Line], targets: Sequence[tuple[int, str]], width: int) -> list[Text]:
    """The chart as rows of text, at most `width` wide; empty for fewer than two years."""
    points = [(y, v) for line in lines for y, v in zip(line.years, line.values, strict=True)]
    values = [value for _, value in points if value is not None]
    if len({year for year, value in points if value is not None}) < 2 or width < NARROWEST:
        return []
    years = range(min(year for year, _ in points), max(year for year, _ in points) + 1)
    shown = [(year, label) for year, label in targets if year in years]
    plot = _Plot(years, min(values), max(values), width)
    for year, _ in shown:
        plot.post(year)
    for line, (mark, colour) in reversed(list(zip(lines, marks(lines), strict=True))):
        plot.draw(line, mark, colour)
    return [*plot.labels(shown), *plot.rows(), *plot.axis([year for year, _ in shown])]


def scale(top: float, bottom: float = 0.0) -> tuple[str, float, list[float]]:
    """The axis: its unit, tonnes in one of it, and the ticks from bottom to top. [t CO2e]

    >>> scale(181_000.0)
    ('kt CO2e', 1000.0, [0.0, 50000.0, 100000.0, 150000.0, 200000.0])
    >>> scale(7_301.1)[2]
    [0.0, 2000.0, 4000.0, 6000.0, 8000.0]
    """
    unit, size = ("kt CO2e", 1000.0) if max(top, -bottom) >= 10_000 else ("t CO2e", 1.0)
    if -bottom * 2 * HEIGHT < top:
        bottom = 0.0  # less than half a row below zero would cost a whole step
    reach = max(top, 0.0) - min(bottom, 0.0) or 1.0
    power = 1.0
    while power * 10 <= reach / TICKS:
        power *= 10
    while power > reach / TICKS:
        power /= 10
    step = next(power * n for n in STEPS if power * n * TICKS >= reach)
    first = -_steps_up(-min(bottom, 0.0), step)
    last = max(_steps_up(max(top, 0.0), step), first + 1)
    return unit, size, [step * n for n in range(first, last + 1)]


def _steps_up(reach: float, step: float) -> int:
    """How many steps reach as far."""
    return int(reach / step) + (reach % step > 0)


def _is_same(one: Line, other: Line) -> bool:
    return (one.kind, list(one.years), list(one.values)) == (
        other.kind,
        list(other.years),
        list(other.values),
    )


def _end(row: Sequence[tuple[int, Text]]) -> int:
    left, text = row[-1]
    return left + text.cell_len


def _laid(row: Sequence[tuple[int, Text]]) -> Text:
    """Pieces of text at their places; one that finds its place taken is left out."""
    laid = Text()
    for left, text in sorted(row, key=lambda piece: piece[0]):
        if left >= laid.cell_len:
            laid.append(" " * (left - laid.cell_len)).append_text(text)
    return laid


class _Plot:
    """A grid of characters with dots, posts and marks on it."""

    def __init__(self, years: range, low: float, high: float, width: int) -> None:
        self.years = years
        self.unit, self.size, self.ticks = scale(high, low)
        self.names = [_number(tick / self.size) for tick in self.ticks]
        self.margin = max(map(len, self.names)) + 2
        self.width = width - self.margin - 2  # half of the last year's name stands outside
        steps = len(self.ticks) - 1
        self.last = steps * max(round(HEIGHT / steps), 2)  # the row of the lowest tick
        self.dots = [[0] * self.width for _ in range(self.last + 1)]
        self.signs: dict[tuple[int, int], tuple[str, str]] = {}
        self.colours: dict[tuple[int, int], str] = {}
        self.posts: set[int] = set()

    def column(self, year: int) -> int:
        span = max(len(self.years) - 1, 1)
        inset = 2  # keeps the first mark off the axis
        return inset + round((year - self.years[0]) * (self.width - 1 - inset) / span)

    def height(self, value: float, units: int) -> int:
        """Rows down from the top, in `units` to the whole height."""
        bottom, top = self.ticks[0], self.ticks[-1]
        return round((top - value) / (top - bottom) * units)

    def post(self, year: int) -> None:
        """The upright of a target year."""
        self.posts.add(self.column(year))

    def draw(self, line: Line, mark: str, colour: str) -> None:
        known = dict(zip(line.years, line.values, strict=True))
        if line.kind != "published":
            for year in sorted(known)[:-1]:
                here, there = known[year], known.get(year + 1)
                if here is not None and there is not None:
                    self._stroke((year, here), (year + 1, there), line.kind == "actual", colour)
        for year, value in known.items():
            if value is not None:
                spot = (self.height(value, self.last), self.column(year))
                self.signs[spot] = (mark, colour)

    def _stroke(
        self, start: tuple[int, float], end: tuple[int, float], is_whole: bool, colour: str
    ) -> None:
        """A straight line of dots from one mark to the next; dashed where it is projected."""
        (x1, y1), (x2, y2) = (
            (self.column(year) * 2, self.height(value, self.last) * 4 + 1)
            for year, value in (start, end)
        )
        count = max(abs(x2 - x1), abs(y2 - y1), 1)
        for n in range(count + 1):
            if not is_whole and n % 4 >= 2:
                continue
            x, y = x1 + round((x2 - x1) * n / count), y1 + round((y2 - y1) * n / count)
            spot = (y // 4, x // 2)
            self.dots[spot[0]][spot[1]] |= DOTS[y % 4][x % 2]
            self.colours[spot] = colour

    def labels(self, targets: Sequence[tuple[int, str]]) -> list[Text]:
        """The unit of the axis, and the names of the targets above their posts."""
        room = self.margin + self.width + 2
        by_year: dict[int, list[str]] = {}
        for year, label in targets:
            by_year.setdefault(year, []).append(label)
        rows: list[list[tuple[int, Text]]] = [[(0, Text(self.unit, "dim"))]]
        posts: list[tuple[int, int]] = []
        for year, names in sorted(by_year.items()):
            label = Text(", ".join(names), "bold")
            label.truncate(room - len(self.unit) - 2, overflow="ellipsis")
            post = self.margin + self.column(year)
            left = max(0, min(post - label.cell_len // 2, room - label.cell_len))
            free = (n for n, row in enumerate(rows) if _end(row) + 2 <= left)
            place = next(free, len(rows))
            rows += [[]] if place == len(rows) else []
            rows[place].append((left, label))
            posts.append((place, post))
        for place, post in posts:
            for row in rows[place + 1 :]:
                if all(not left - 1 <= post <= left + text.cell_len for left, text in row):
                    row.append((post, Text("┊", "dim")))
        return [_laid(row) for row in rows]

    def rows(self) -> list[Text]:
        tick_rows = {
            self.height(tick, self.last): name
            for tick, name in zip(self.ticks, self.names, strict=True)
        }
        zero = self.height(0.0, self.last)
        rows = []
        for y in range(self.last + 1):
            row = Text()
            row.append(tick_rows.get(y, "").rjust(self.margin - 2), "dim")
            row.append(" ┤" if y in tick_rows else " │", "dim")
            for x in range(self.width):
                if (y, x) in self.signs:
                    row.append(self.signs[y, x][0], f"bold {self.signs[y, x][1]}")
                elif self.dots[y][x]:
                    row.append(chr(0x2800 + self.dots[y][x]), self.colours[y, x])
                elif x in self.posts:
                    row.append("┊", "dim")
                elif y == zero and self.ticks[0] < 0:
                    row.append("─", "dim")
                else:
                    row.append(" ")
            row.rstrip()
            rows.append(row)
        return rows

    def axis(self, target_years: Sequence[int]) -> list[Text]:
        """The line below, and as many year names as fit: the ends and the targets first."""
        feet = {self.column(year) for year in self.years}
        line = Text(" " * (self.margin - 1) + "└", "dim")
        line.append("".join("┴" if x in feet else "─" for x in range(self.width)), "dim")
        names = [" "] * (self.margin + self.width + 2)
        for year in [self.years[-1], *target_years, self.years[0], *self.years]:
            left = self.margin + self.column(year) - 2
            if all(sign == " " for sign in names[max(left - 1, 0) : left + 5]):
                names[left : left + 4] = str(year)
        return [line, Text("".join(names).rstrip(), "dim")]


def _number(value: float) -> str:
    """A tick as short as it can be said."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,}"
