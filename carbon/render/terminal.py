"""The answers in the terminal: any table, and the report a person would show to their board.

`print_table` and `print_report` take a console and what is to be seen; `console` makes the
console. All text of a book goes through `rich.text.Text`, never through markup, so a site may be
called what it likes. No figure is ever cut or folded: where columns do not fit, each row is
printed as a block of its own. What a colour says, a word or a sign says too.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import IO, Any

from rich import box
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Column as GridColumn
from rich.table import Table as Grid

from carbon.errors import Problem
from carbon.render.chart import chart, marks
from carbon.render.plain import Text
from carbon.tables import Column, Line, Report, Table, shown
from carbon.targets import Verdict

WIDEST = 120  # longer lines are hard to follow
INDENT = 2
GAP = 2  # blanks between columns
TEXT_LEAST = 11  # a column of words folds down to this width
BAR_LEAST = 12
SENTENCE_LEAST = 24  # a narrower sentence stands below its verdict
PROBLEMS_SHOWN = 8
PLAIN_KEYS = ("year", "month", "row", "id", "rank")  # numbers that are names
SITES_SHOWN = 10
FIGURE_GAP = re.compile(r"(?<=\d) (?=(?:t|%|kWh|MWh|years?)\b|%)")
LABEL = re.compile(r" +[a-z]+ {2,}(?=\S)|[^\w\s] (?=\S)")  # before a text: a name, a sign
JOINT = re.compile(r"(?<=\w[/_-])(?=\w)")  # where a long name may break
NUMBERS = ("count", "mass", "share", "number", "exact", "calendar")  # never folded
# A month of a calendar: a field of its colour where it is whole, the letter alone where a part is.
CALENDAR = {
    "M": "green",
    "B": "cyan",
    "C": "blue",
    "E": "yellow",
    "F": "bright_yellow",
    "U": "magenta",
    "-": "red",
}
EIGHTHS = " ▏▎▍▌▋▊▉"

SEVERITY = {"error": ("✖", "red"), "warning": ("▲", "yellow"), "note": ("·", "dim")}
PARTS = (
    ("█", "cyan"),
    ("▓", "cyan"),
    ("▒", "blue"),
    ("░", "yellow"),
    ("·", "dim"),
)  # of a bar of several shares


def console(file: IO[str] | None = None, width: int | None = None) -> Console:
    """A console that colours only a terminal, and nothing where NO_COLOR is set."""
    return Console(
        file=file,
        width=width,
        color_system=None if os.environ.get("NO_COLOR") else "auto",
        highlight=False,
        markup=False,
        emoji=False,
    )


def print_table(table: Table, console: Console) -> None:
    """A table under its title, with its notes below."""
    with trimmed(console):
        section(console, table.title, _shared_unit(table))
        if not table.rows:
            _show(console, Text("nothing to show", "dim"))
        elif _is_by_year(table):
            _show(console, _years(table, _room(console)))
        else:
            _show(console, grid(table, _room(console)))
        _notes(console, table.notes)
        console.print()


def _is_by_year(table: Table) -> bool:
    """The inventory with one row a year: shown as in the report, with bars."""
    return table.name == "inventory" and {"status", "location_t"} <= {c.key for c in table.columns}


def print_lines(lines: Iterable[str], console: Console) -> None:
    """Lines as they are, never read as markup; in a window folded between words."""
    for line in lines:
        console.print(Text(_within(line, console)), soft_wrap=True)


def _within(line: str, console: Console) -> str:
    """A line folded to the window: what follows stands below the text, after a name beside it."""
    if not console.is_terminal:
        return line
    label = LABEL.match(line)
    blank = len(line) - len(line.lstrip())
    text = label.end() if label else blank
    below = " " * (text if label or not blank else blank + INDENT)
    first, *rest = wrapped(line[text:], max(page_of(console) - len(below), 1)).splitlines() or [""]
    return "\n".join([line[:text] + first, *(below + each for each in rest)])


def print_report(report: Report, console: Console) -> None:
    """The whole picture: who and what, the years, the targets, what lies ahead, what to mend."""
    with trimmed(console):
        _head(report, console)
        if report.inventory.rows:
            section(console, report.inventory.title, "t CO2e")
            _show(console, _years(report.inventory, _room(console)))
            _notes(console, report.inventory.notes)
        if report.verdicts:
            section(console, "Targets")
            _show(console, _targets(report.verdicts, _room(console)))
        if report.lines:
            _projection(report, console)
        for table in (
            _largest(report.sites),
            report.change,
            report.intensity,
            report.outside,
            report.coverage,
        ):
            if table.rows:
                section(console, table.title, _shared_unit(table))
                _show(console, grid(table, _room(console), has_bar=table is not report.change))
                _notes(console, table.notes)
        _problems(report.problems, console)
        if report.footnotes:
            section(console, "Notes")
            _show(console, _points(report.footnotes))
        console.print()


def print_verdicts(verdicts: Sequence[tuple[str, Verdict]], console: Console) -> None:
    """Each target with the verdict of every scenario."""
    with trimmed(console):
        section(console, "Targets")
        said = _targets(verdicts, _room(console)) if verdicts else Text("no target is set", "dim")
        _show(console, said)
        console.print()


def print_problems(problems: Sequence[Problem], console: Console) -> None:
    """Every finding in its full form, the gravest first."""
    with trimmed(console):
        for severity, (sign, style) in SEVERITY.items():
            found = [problem for problem in problems if problem.severity == severity]
            if found:
                section(console, f"{severity.capitalize()}s", f"{len(found):,}")
            for problem in found:
                head, *rest = str(problem).splitlines()
                told = Text(_within(f"{sign} {head}", console), f"bold {style}")
                rest = [_within(line, console) for line in [*rest, *_standing(problem)]]
                told.append("".join(f"\n{line}" for line in [*rest, ""]), "not bold default")
                console.print(told, soft_wrap=True)
        if not problems:
            console.print(Text("No findings."))
        console.print()


def _standing(problem: Problem) -> list[str]:
    """Why a finding stands, or how to let it stand."""
    if problem.acknowledged:
        return [f"  Acknowledged by {problem.acknowledged}"]
    if problem.severity == "error":
        return []
    return [f"  Or: carbon acknowledge {problem.finding_id} --reason ..."]


# Parts of a page.


@contextmanager
def trimmed(console: Console) -> Iterator[None]:
    """What is printed inside is written without the blanks rich puts at the ends of lines."""
    with console.capture() as held:
        yield
    console.file.writelines(f"{line.rstrip()}\n" for line in held.get().split("\n")[:-1])
    console.file.flush()


def page_of(console: Console) -> int:
    return min(console.width, WIDEST)


def _room(console: Console) -> int:
    """What a section may fill, inside its indent. [characters]"""
    return page_of(console) - INDENT


def section(console: Console, title: str, aside: str = "") -> None:
    """A title set into a rule, with what holds for the whole section at its right end."""
    width = page_of(console)
    head = Text(title, "bold")
    tail = f" {aside}" if aside else ""
    head.truncate(max(width - cell_len(tail) - 3, 1), overflow="ellipsis")
    head.append(" " + "─" * (width - head.cell_len - cell_len(tail) - 1), "dim")
    console.print()
    console.print(head.append(tail, "dim"), width=width)
    console.print()


def _show(console: Console, what: RenderableType) -> None:
    console.print(Padding(what, (0, 0, 0, INDENT)), width=page_of(console))


def _notes(console: Console, notes: Sequence[str]) -> None:
    if notes:
        console.print()
        _show(console, _points(notes))


def _points(notes: Sequence[str]) -> Grid:
    """Sentences with a point before each, wrapped under themselves."""
    laid = Grid.grid(padding=(0, 1, 0, 0))
    for note in notes:
        laid.add_row(Text("·", "dim"), Text(note, "dim"))
    return laid


def _head(report: Report, console: Console) -> None:
    body = Grid.grid(padding=(0, 2, 0, 0))
    body.add_column(no_wrap=True, style="dim")
    body.add_column(overflow="fold")
    told = [("Sample", report.sample), ("Boundary", report.boundary)]
    told += [("" if n else "Status", line) for n, line in enumerate(report.status)]
    for name, text in told:
        if text:
            body.add_row(Text(name), Text(text))
    title = Text(report.organisation, "bold")
    parts: list[RenderableType] = [title, Text("Greenhouse-gas report", "dim"), Text(), body]
    console.print()
    console.print(
        Panel(Group(*parts), box=box.ROUNDED, border_style="dim", padding=(1, 2)),
        width=page_of(console),
    )


# Tables.


def grid(table: Table, room: int, has_bar: bool = False, gap: int = GAP) -> RenderableType:
    """The rows of a table in columns, or as blocks where the columns do not fit. [characters]

    has_bar : draws the shares as bars too, where there is room for them and for what their parts
        mean; several as parts of one bar.
    """
    columns = [column for column in table.columns if _says_something(column, table)]
    aside = _shared_unit(table)
    heads = [(column.title, _unit(column) if not aside else "") for column in columns]
    cells = [
        [cell(row[column.key], column, table.missing) for column in columns] for row in table.rows
    ]
    figures = [_is_figure(column, table) for column in columns]
    widths = _fitted(figures, heads, cells, room, gap)
    if not widths:
        return _narrowed(table, columns, cells, room, gap)
    shares = [column.key for column in columns if column.kind == "share"]
    left = room - sum(widths) - gap * len(widths)
    laid = Grid(
        box=None, show_header=False, pad_edge=False, padding=(0, gap, 0, 0), collapse_padding=True
    )
    for width, is_number in zip(widths, figures, strict=True):
        laid.add_column(
            width=width, justify="right" if is_number else "left", overflow="fold", vertical="top"
        )
    key = _key_of_bars(columns) if len(shares) > 1 else ""
    if has_bar and shares and left >= max(BAR_LEAST, len(key)):
        laid.add_column(width=left, no_wrap=True)
        drawn = _bars([[row[key] for key in shares] for row in table.rows], left)
        heads.append((key, ""))
        cells = [[*line, text] for line, text in zip(cells, drawn, strict=True)]
    laid.add_row(*_head_cells(heads))
    for line in cells:
        laid.add_row(*map(_folded, line, laid.columns))
    return laid


def _folded(text: Text, column: GridColumn) -> Text:
    if text.spans:  # a bar
        return text
    return Text(wrapped(text.plain, column.width or 1), text.style)


def _narrowed(
    table: Table,
    columns: Sequence[Column],
    cells: Sequence[Sequence[Text]],
    room: int,
    gap: int,
) -> RenderableType:
    """A table too wide for its room: words that all rows share said once, else rows as blocks."""
    shared = [
        (column, cells[0][n].plain)
        for n, column in enumerate(columns)
        if not _is_figure(column, table) and len({line[n].plain for line in cells}) == 1
    ]
    if shared and len(cells) > 1:
        others = [column for column in columns if column not in [known for known, _ in shared]]
        said = ", ".join(f"{column.title.lower()} {value}" for column, value in shared)
        head = Text(f"In all rows: {said}", "dim")
        return Group(head, Text(), grid(replace(table, columns=others), room))
    return grid(table, room, gap=1) if gap > 1 else _blocks(columns, cells)


def _bars(shares: Sequence[Sequence[Any]], width: int) -> list[Text]:
    """A bar for each row: of its one share beside the largest, or of several up to the whole."""
    if len(shares[0]) == 1:
        top = max((float(share or 0) for (share,) in shares), default=0.0) or 1.0
        return [Text(bar(float(share or 0) / top, width), "cyan") for (share,) in shares]
    drawn = []
    for parts in shares:
        line, reach, done = Text(), 0.0, 0
        for share, (sign, style) in zip(parts, PARTS, strict=False):
            reach += float(share or 0)
            line.append(sign * (round(reach * width) - done), style)
            done = max(done, round(reach * width))
        drawn.append(line)
    return drawn


def _key_of_bars(columns: Sequence[Column]) -> str:
    """What the parts of a bar mean: '█ measured  ▒ estimated'."""
    names = [column.title.lower() for column in columns if column.kind == "share"]
    return "  ".join(f"{sign} {name}" for (sign, _), name in zip(PARTS, names, strict=False))


def cell(value: Any, column: Column, missing: str) -> Text:
    """A value as it is read: grouped digits, shares in percent, and a word for what is missing.

    >>> cell(Decimal("30573.55"), Column("total_t", "Total", "t CO2e", "mass"), "none").plain
    '30,573.6'
    >>> cell(None, Column("total_t", "Total", "t CO2e", "mass"), "not disclosed").plain
    'not disclosed'
    """
    if value is None:
        return Text(missing, "dim italic")
    if isinstance(value, bool):
        return Text("yes" if value else "no")
    if isinstance(value, int | Decimal | float | Fraction):
        return Text(_number(value, column))
    if column.kind == "calendar":
        return Text.assemble(*((sign, _shade(sign)) for sign in value))
    if column.kind == "picture":
        return Text.assemble((value, "cyan"))
    if column.key == "file":
        value = str(value).rpartition("/")[2]  # the folder would take a line of its own
    return Text(str(value).replace("\t", " "))


def _shade(sign: str) -> str:
    """The colour of a month."""
    colour = CALENDAR.get(sign.upper(), "")
    if not colour:
        return "dim"
    return f"bold {colour}" if sign.islower() else f"black on {colour}"


def bar(share: float, width: int, sign: str = "█") -> str:
    """A bar of eighths of a character; nothing at all only for nothing."""
    if share <= 0:
        return ""
    if sign != "█":
        return sign * max(round(share * width), 1)
    whole, part = divmod(max(round(min(share, 1.0) * width * 8), 1), 8)
    return "█" * whole + (EIGHTHS[part] if part else "")


def wrapped(text: str, width: int) -> str:
    """Text in lines of a width: a figure stays with its unit, a long name breaks at its joints.

    >>> wrapped("it ends at 3,821.7 t in cn-mee-2023-notice", 20).splitlines()
    ['it ends at 3,821.7 t', 'in', 'cn-mee-2023-notice']
    >>> wrapped("cn-mee-2023-notice", 12).splitlines()
    ['cn-mee-2023-', 'notice']
    """
    lines: list[str] = []
    for paragraph in text.splitlines():
        lines.append("")
        for word in FIGURE_GAP.sub("\u00a0", paragraph).split(" "):
            is_long = cell_len(word) > width
            for n, part in enumerate(JOINT.split(word) if is_long else [word]):
                blank = " " if lines[-1] and not n else ""
                if lines[-1] and cell_len(lines[-1] + blank + part) > width:
                    lines.append(part)
                else:
                    lines[-1] += blank + part
    return "\n".join(lines).replace("\u00a0", " ")


def _number(value: int | Decimal | float | Fraction, column: Column) -> str:
    if column.key == "month" and isinstance(value, int):
        return f"{value // 100}-{value % 100:02}"
    exact = _decimal(value)
    if exact is None:
        return str(value)
    if column.kind == "text" or column.key.rpartition("_")[2] in PLAIN_KEYS:
        return format(exact, "f")
    if column.kind == "exact":
        return f"{exact.normalize():,f}"
    if column.kind == "share":
        exact *= 100
    decimals = 0 if column.kind == "count" else column.decimals
    sign = "+" if "change" in column.key and exact > 0 else ""
    return f"{sign}{shown(exact, decimals) + 0:,f}"  # + 0: no minus before nothing


def _decimal(value: int | Decimal | float | Fraction) -> Decimal | None:
    """The value as a decimal; None where it is not a finite number."""
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / Decimal(value.denominator)
    if isinstance(value, float):
        return Decimal(repr(value)) if math.isfinite(value) else None
    return Decimal(value) if Decimal(value).is_finite() else None


def _is_figure(column: Column, table: Table) -> bool:
    """A column of figures, set to the right: by its kind, or because it holds nothing else."""
    values = [row[column.key] for row in table.rows if row[column.key] is not None]
    figures = (int, Decimal, float, Fraction)
    return column.kind in NUMBERS or (
        bool(values) and all(isinstance(value, figures) for value in values)
    )


def _says_something(column: Column, table: Table) -> bool:
    """A column of words that are all empty is left out, and one that says nothing is missing."""
    silent = ("", None) if not table.missing else ("",)
    return any(row[column.key] not in silent for row in table.rows)


def _unit(column: Column) -> str:
    return "%" if column.kind == "share" else column.unit


def _shared_unit(table: Table) -> str:
    """The unit that all columns of figures share, said once beside the title; else nothing."""
    apart = ("share",) if _is_by_year(table) else ()  # told with the year, not in a column
    figures = [each for each in table.columns if each.kind in NUMBERS and each.kind not in apart]
    units = {_unit(column) for column in figures}
    return units.pop() if len(units) == 1 else ""


def _head_cells(heads: Sequence[tuple[str, str]]) -> list[Text]:
    """Headings with the unit on a line of its own, set to the bottom by rich."""
    has_unit = any(unit for _, unit in heads)
    return [Text(f"{title}\n{unit}" if has_unit else title, "dim") for title, unit in heads]


def _fitted(
    are_figures: Sequence[bool],
    heads: Sequence[tuple[str, str]],
    cells: Sequence[Sequence[Text]],
    room: int,
    gap: int,
) -> list[int]:
    """A width for each column, at which no number is folded; empty where there is none."""
    least, words, whole, spoken = [], [], [], []
    for n, is_figure in enumerate(are_figures):
        title, unit = heads[n]
        texts = [line[n].plain for line in cells]
        word = max((_longest(re.split(r"[ \n]+", text)) for text in texts), default=0)
        least.append(
            max(_longest([*title.split(), unit]), word if is_figure else min(word, TEXT_LEAST))
        )
        words.append(max(least[n], word))
        whole.append(max(least[n], max((_longest(text.splitlines()) for text in texts), default=0)))
        spoken.append(max(whole[n], cell_len(title)))
    free = room - sum(least) - gap * (len(least) - 1)
    if free < 0:
        return []
    widths = list(least)
    for wanted in (words, whole, spoken):  # no word cut, then the cells, then the headings
        while free > 0 and (short := [n for n, w in enumerate(widths) if w < wanted[n]]):
            widths[min(short, key=lambda n: widths[n])] += 1
            free -= 1
    return widths


def _longest(words: Iterable[str]) -> int:
    return max((cell_len(word.strip(" ")) for word in words), default=0)


def _blocks(columns: Sequence[Column], cells: Sequence[Sequence[Text]]) -> RenderableType:
    """Each row as a block of lines, for windows too narrow for columns."""
    laid = Grid.grid(padding=(0, GAP, 0, 0))
    laid.add_column(style="dim", overflow="fold")
    laid.add_column(overflow="fold")
    for number, line in enumerate(cells):
        if number:
            laid.add_row()
        for column, text in zip(columns, line, strict=True):
            unit = _unit(column) if text.plain[-1:].isdigit() else ""
            if text.plain:
                laid.add_row(Text(column.title), text.append(f" {unit}" if unit else "", "dim"))
    return laid


# The report's own sections.

WAYS = (  # of accounting: name, keys of scope 1, scope 2 and the total
    ("location-based", "scope1_t", "scope2_location_t", "location_t"),
    ("market-based", "scope1_t", "scope2_market_t", "market_t"),
    ("after credits", "", "", "net_t"),
    ("as published", "", "", "published_t"),
)
VERDICT = {
    "met": ("✔", "green"),
    "on track": ("→", "green"),
    "at risk": ("▲", "yellow"),
    "missed": ("✖", "red"),
    "not yet provable": ("?", "yellow"),
    "no data": ("·", "dim"),
}


def _years(table: Table, room: int) -> RenderableType:
    """A group of lines for each year: one for each way of accounting, with its bar."""
    mass = Column("mass_t", "", "t CO2e", "mass")
    groups: list[list[tuple[str, list[Text], Any]]] = []
    for row in table.rows:
        groups.append([])
        for way, *keys in WAYS if any(row[way[-1]] is not None for way in WAYS) else ():
            values = [row[key] if key else "" for key in keys]
            if way != "as published" or values[-1] is not None:
                texts = [cell(value, mass, table.missing) for value in values]
                groups[-1].append((way, texts, values[-1]))
    lines = [line for group in groups for line in group]
    figures = [max([9, *(texts[n].cell_len for _, texts, _ in lines)]) for n in range(3)]
    names = max(len(way) for way, *_ in WAYS)
    left = room - names - sum(figures) - GAP * 5
    if left < -GAP:
        return grid(table, room)
    top = max((float(value) for *_, value in lines if value is not None), default=0.0) or 1.0

    def laid(name: Text, texts: Sequence[Text], drawn: Text) -> Text:
        line = Text.assemble(" " * GAP, _set(name, names))
        for text, width in zip(texts, figures, strict=True):
            line.append(" " * GAP).append_text(_set(text, width, is_right=True))
        return line.append(" " * GAP).append_text(drawn)

    heads = [Text(name, "dim") for name in ("Scope 1", "Scope 2", "Total")]
    page = [laid(Text(), heads, Text())] if lines else []
    for row, group in zip(table.rows, groups, strict=True):
        said = row["status"] if group else f"{table.missing}: a gap, not a zero"
        if row.get("estimated_share"):
            said += f", {_percent(row['estimated_share'])} estimated"
        page += [Text()] if page and len(page) > 1 else []
        page.append(Text.assemble((str(row["year"]), "bold"), " " * GAP, (said, "dim")))
        for way, texts, value in group:
            style = "dim" if way == "as published" else ""
            share = float(value) / top if value is not None and left >= BAR_LEAST else 0.0
            drawn = Text(bar(share, left), style or "cyan")
            page.append(laid(Text(way, style), texts, drawn))
    return Group(*page)


def _set(text: Text, width: int, is_right: bool = False) -> Text:
    """A text padded to a width, by cells and not by characters."""
    blanks = Text(" " * max(width - text.cell_len, 0))
    return Text.assemble(blanks, text) if is_right else Text.assemble(text, blanks)


def _projection(report: Report, console: Console) -> None:
    drawn = chart(report.lines, report.target_years, _room(console))
    is_ahead = any(line.kind == "projected" for line in report.lines)
    if not drawn and not is_ahead:
        return
    section(console, "Projection" if is_ahead else "Years so far")
    if drawn:
        _show(console, Group(*drawn, Text()))
    years = [year for line in report.lines for year in line.years]
    recorded = [year for line in report.lines if line.kind == "actual" for year in line.years]
    wanted = {*recorded[-1:], *(year for year, _ in report.target_years), max(years)}
    wanted &= set(years)
    _show(console, grid(_legend(report.lines, sorted(wanted)), _room(console)))
    beyond = [f"{label} ({year})" for year, label in report.target_years if year > max(years)]
    if beyond:
        _notes(console, [f"beyond the last projected year: {', '.join(beyond)}"])


def _legend(lines: Sequence[Line], years: Sequence[int]) -> Table:
    """What each mark of the chart means, with the figures of the years that matter."""
    columns = [Column("mark", ""), Column("name", "t CO2e")]
    columns += [Column(f"mass_{year}_t", str(year), "t CO2e", "mass") for year in years]
    rows: dict[Any, dict[str, Any]] = {}
    for line, (mark, _) in zip(lines, marks(lines), strict=True):
        key = (mark, *line.years, *line.values)
        if key in rows:  # another line of the same figures
            rows[key]["name"] += f" = {line.name.rpartition(', ')[2]}"
            continue
        known = dict(zip(line.years, line.values, strict=True))
        figures = {f"mass_{year}_t": known.get(year, "") for year in years}
        rows[key] = {"mark": mark, "name": line.name, **figures}
    return Table("legend", "", columns, list(rows.values()), missing="no figure")


def _largest(table: Table) -> Table:
    """The first sites of the table, and how to see the others."""
    others = len(table.rows) - SITES_SHOWN
    if others <= 0:
        return table
    more = f"{others} smaller site{'s' * (others > 1)}: carbon inventory --by site"
    return replace(table, rows=table.rows[:SITES_SHOWN], notes=[*table.notes, more])


def _targets(verdicts: Sequence[tuple[str, Verdict]], room: int) -> RenderableType:
    """Each target with the verdict of every scenario: sign and word, then why."""
    by_target: dict[str, dict[tuple[str, ...], list[tuple[str, Verdict]]]] = {}
    for scenario, verdict in verdicts:
        same = (verdict.verdict, verdict.reason, *_beside(verdict), *verdict.caveats)
        judged = by_target.setdefault(verdict.target.name, {})
        judged.setdefault(same, []).append((scenario, verdict))
    names = min(max(cell_len(scenario) for scenario, _ in verdicts), room // 5)
    words = max(len(verdict.verdict) for _, verdict in verdicts) + 2
    reach = room - names - words - GAP * 3 - INDENT
    is_narrow = reach < SENTENCE_LEAST
    blocks: list[RenderableType] = []
    for target, judged in by_target.items():
        laid = Grid.grid(padding=(0, GAP, 0, 0))
        laid.add_column(width=names, overflow="fold")
        laid.add_column(width=None if is_narrow else words)
        for alike in judged.values():
            verdict = alike[0][1]
            sign, style = VERDICT[verdict.verdict]
            scenarios = Text("\n".join(scenario for scenario, _ in alike))
            word = Text(f"{sign} {verdict.verdict}", f"bold {style}")
            figures = _packed(_beside(verdict), room if is_narrow else reach)
            beside = [Text(line, "dim") for line in (*figures, *verdict.caveats)]
            reason = wrapped(verdict.reason, room if is_narrow else reach)
            said = Group(Text(reason), *beside)
            laid.add_row(scenarios, *((Group(word, said),) if is_narrow else (word, said)))
        head = Text.assemble((target, "bold"), (f"  {verdict.judged}", "dim"))
        blocks += [Text()] if blocks else []
        blocks += [head, Padding(laid, (0, 0, 0, INDENT))]
    return Group(*blocks)


def _beside(verdict: Verdict) -> list[str]:
    """The figures beside a verdict: its margin, and what is still needed."""
    told = []
    if verdict.margin_t is not None:
        share = f" ({_percent(verdict.margin_share)})" if verdict.margin_share is not None else ""
        told.append(f"margin {_tonnes(verdict.margin_t)}{share}")
    if verdict.gap_t is not None:
        told.append(f"gap {_tonnes(verdict.gap_t)}")
    if verdict.required_pace_t is not None:
        told.append(f"still needed {_tonnes(verdict.required_pace_t)} less each year")
    return told


def _packed(parts: Sequence[str], room: int) -> list[str]:
    """Parts joined into as few lines as hold them, none of them broken."""
    lines: list[str] = []
    for part in parts:
        if lines and cell_len(lines[-1]) + cell_len(part) + 3 <= room:
            lines[-1] += f" · {part}"
        else:
            lines.append(part)
    return lines


def _tonnes(mass_t: Any) -> str:
    return cell(mass_t, Column("mass_t", "", "t CO2e", "mass"), "").plain + " t"


def _percent(share: Any) -> str:
    return cell(share, Column("share", "", "", "share"), "").plain + " %"


def _problems(problems: Sequence[Problem], console: Console) -> None:
    section(console, "To mend")
    if not problems:
        _show(console, Text("No open problems."))
        return
    rank = list(SEVERITY)
    kinds: dict[str, list[Problem]] = {}
    for problem in sorted(
        problems, key=lambda each: (rank.index(each.severity), -(each.mass_t or 0))
    ):
        kinds.setdefault(problem.code, []).append(problem)
    laid = Grid.grid(padding=(0, GAP, 0, 0))
    laid.add_column(no_wrap=True)
    laid.add_column(overflow="fold")
    for problem, *others in list(kinds.values())[:PROBLEMS_SHOWN]:
        sign, style = SEVERITY[problem.severity]
        laid.add_row(Text(f"{sign} {problem.severity}", style), Text(problem.message))
        for line in problem.place().splitlines():
            laid.add_row("", Text(line, "dim"))
        if problem.mass_t:
            laid.add_row("", Text(f"at stake {problem.stake}", "dim"))
        if others:
            laid.add_row("", Text(f"and {len(others)} more of this kind", "dim"))
        for n, line in enumerate(problem.remedy.splitlines()):
            laid.add_row("", Text(f"{'  ' if n else '→ '}{line}"))
    _show(console, laid)
    more = len(problems) - min(len(kinds), PROBLEMS_SHOWN)
    if more:
        console.print()
        _show(console, Text(f"{more} more: carbon check"))
