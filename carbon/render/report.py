"""The report a person shows to their board: the years, the targets, what lies ahead, what to mend.

What a colour says, a word or a sign says too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from rich import box
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table as Grid

from carbon.errors import Problem
from carbon.render.chart import chart, marks
from carbon.render.grid import BAR_LEAST, GAP, bar, cell, grid, shared_unit
from carbon.render.page import (
    INDENT,
    notes,
    page_of,
    points,
    room_of,
    section,
    show,
    trimmed,
    wrapped,
)
from carbon.render.plain import Text
from carbon.tables import Column, Line, Report, Table
from carbon.targets import Verdict

SENTENCE_LEAST = 24  # a narrower sentence stands below its verdict
PROBLEMS_SHOWN = 8
SITES_SHOWN = 10
SEVERITY = {"error": ("✖", "red"), "warning": ("▲", "yellow"), "note": ("·", "dim")}
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


def print_report(report: Report, console: Console) -> None:
    """The whole picture: who and what, the years, the targets, what lies ahead, what to mend."""
    with trimmed(console):
        _head(report, console)
        if report.inventory.rows:
            section(console, report.inventory.title, "t CO2e")
            show(console, yearly(report.inventory, room_of(console)))
            notes(console, report.inventory.notes)
        if report.verdicts:
            section(console, "Targets")
            show(console, _targets(report.verdicts, room_of(console)))
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
                section(console, table.title, shared_unit(table))
                show(console, grid(table, room_of(console), has_bar=table is not report.change))
                notes(console, table.notes)
        _problems(report.problems, console)
        if report.footnotes:
            section(console, "Notes")
            show(console, points(report.footnotes))
        console.print()


def print_verdicts(verdicts: Sequence[tuple[str, Verdict]], console: Console) -> None:
    """Each target with the verdict of every scenario."""
    with trimmed(console):
        section(console, "Targets")
        said = _targets(verdicts, room_of(console)) if verdicts else Text("no target is set", "dim")
        show(console, said)
        notes(console, _of_chances([verdict for _, verdict in verdicts]))
        console.print()


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


def yearly(table: Table, room: int) -> RenderableType:
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
    drawn = chart(report.lines, report.target_years, room_of(console))
    is_ahead = any(line.kind == "projected" for line in report.lines)
    if not drawn and not is_ahead:
        return
    section(console, "Projection" if is_ahead else "Years so far")
    if drawn:
        show(console, Group(*drawn, Text()))
    years = [year for line in report.lines for year in line.years]
    recorded = [year for line in report.lines if line.kind == "actual" for year in line.years]
    wanted = {*recorded[-1:], *(year for year, _ in report.target_years), max(years)}
    wanted &= set(years)
    show(console, grid(_legend(report.lines, sorted(wanted)), room_of(console)))
    beyond = [f"{label} ({year})" for year, label in report.target_years if year > max(years)]
    if beyond:
        notes(console, [f"beyond the last projected year: {', '.join(beyond)}"])


def _legend(lines: Sequence[Line], years: Sequence[int]) -> Table:
    """What each mark of the chart means, with the figures of the years that matter."""
    columns = [Column("mark", ""), Column("name", "t CO2e")]
    columns += [Column(f"mass_{year}_t", str(year), "t CO2e", "mass") for year in years]
    rows: dict[Any, dict[str, Any]] = {}
    for line, (mark, _) in zip(lines, marks(lines), strict=True):
        key = (mark, *line.years, *line.values)
        if key in rows:  # another line of the same figures
            scenario, _, way = line.name.rpartition(", ")
            is_own = rows[key]["name"].startswith(f"{scenario}, ")
            rows[key]["name"] += f" = {way if is_own else line.name}"
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
        told = (*_chance(verdict), *_beside(verdict), *verdict.caveats)
        same = (verdict.verdict, verdict.reason, *told)
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
            width = reach + (words + GAP if is_narrow else 0)
            odds = [wrapped(line, width) for line in _chance(verdict)]
            figures = _packed(_beside(verdict), width)
            beside = [Text(line, "dim") for line in (*odds, *figures, *verdict.caveats)]
            reason = wrapped(verdict.reason, width)
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


def _chance(verdict: Verdict) -> list[str]:
    """The share of draws in which a target holds; ends of its interval are rounded outward, so
    that a chance nobody saw is not printed as none."""
    chance = verdict.chance
    if chance is None:
        return []
    if chance.share is None or chance.low is None or chance.high is None:
        return [f"no probability: {chance.note}"]
    low, high = _to_tenths(chance.low, ROUND_FLOOR), _to_tenths(chance.high, ROUND_CEILING)
    told = f"probability {_percent(chance.share)} (95 %: {low} to {high} %)"
    return [f"{told}; {chance.note}" if chance.note else told]


def _to_tenths(share: Decimal, rounding: str) -> Decimal:
    """A share in tenths of a percent. [%]"""
    return (share * 100).quantize(Decimal("0.1"), rounding)


def _of_chances(verdicts: Sequence[Verdict]) -> list[str]:
    """How the probabilities come about, or how to get them; nothing where there are none."""
    if any(each.chance is None for each in verdicts):
        return ["The probability of each, in some seconds: carbon targets --odds."]
    chances = [each.chance for each in verdicts if each.chance and each.chance.share is not None]
    if not chances:
        return []
    return [
        f"The probability is the share of {chances[0].draws:,} draws with seed {chances[0].seed} in"
        " which the target holds, when all that is assumed of activity, growth, grid and measures,"
        " and all that was recorded, may be off at once; in brackets, where so many draws leave it."
        " It is no surer than the ranges are and changes no verdict: carbon sensitivity SCENARIO"
        " says what moves it."
    ]


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
        show(console, Text("No open problems."))
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
    show(console, laid)
    more = len(problems) - min(len(kinds), PROBLEMS_SHOWN)
    if more:
        console.print()
        show(console, Text(f"{more} more: carbon check"))
