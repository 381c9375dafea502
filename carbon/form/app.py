"""The form in a terminal, drawn with Textual: pickers, the lines of a month, fields, what is said.

Only what is seen and which key does what stands here; what it means stands in `filling`. The book
is opened for each line that is recorded and closed again, in a thread, so that typing goes on while
another program has it. Texts of the book are drawn as they are, never as markup.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar, TypeAlias

from rich.text import Text
from textual import on, work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.widgets import Footer, Input, Label, Select, Static

from carbon.errors import CarbonError, Problem, visible
from carbon.form.filling import Form, Judgement
from carbon.form.page import Key, Line
from carbon.form.screens import Agree, Keys, NewLine
from carbon.form.table import SIGNS, Lines
from carbon.inputs import month_list
from carbon.settings import QUALITIES

Asked: TypeAlias = tuple[str, Callable[[], Any], Callable[[Any], None], Callable[[str], None]]
ALL = "*"  # every meter, or every activity
STYLES = {"error": "$text-error", "warning": "$text-warning", "note": "$text-muted", "done": ""}
OURS = ("undo", "new_line", "earlier", "later", "again", "keys", "leave")  # ours to withhold
PAGE = 10  # lines that page up and page down go


class Field(Input):
    """A field of the line: enter records it, up and down go to another line.

    It tells the form of each letter itself, one key after another: a message would come late, when
    a fast hand has gone on to the next line.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Record", key_display="↵"),
        Binding("up", "app.go(-1)", "Line", key_display="↑↓"),
        Binding("tab", "app.focus_next", "Field"),
        Binding("down", "app.go(1)", "Line", show=False),
        Binding("pageup", f"app.go(-{PAGE})", show=False),
        Binding("pagedown", f"app.go({PAGE})", show=False),
    ]

    def watch_value(self, value: str) -> None:
        if self.is_mounted and isinstance(self.app, FormApp):
            self.app.write(self.id or "", value)

    async def action_submit(self) -> None:
        if isinstance(self.app, FormApp):
            self.app.submit()


class FormApp(App[None]):
    """The form of a book."""

    ENABLE_COMMAND_PALETTE = False
    CSS_PATH = "app.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+z", "undo", "Undo", priority=True, key_display="^z"),
        Binding("f2", "new_line", "Add", priority=True),
        Binding("f3", "earlier", "Month", priority=True, key_display="f3 f4"),
        Binding("f4", "later", "Later month", priority=True, show=False),
        Binding("f5", "again", "Read again", priority=True, show=False),
        Binding("f1", "keys", "Keys", priority=True),
        Binding("ctrl+q", "leave", "Quit", priority=True, key_display="^q"),
        Binding("ctrl+c", "leave", "Quit", show=False),
    ]

    def __init__(self, form: Form, name: str, meter: str = ALL, activity: str = ALL) -> None:
        super().__init__()
        self.form = form
        self.book_name = name
        self.picked = {"meter": meter, "activity": activity}
        self.at: Key | None = None  # the line that is filled in
        self.asked: deque[Asked] = deque()  # what the book is asked, the first of it right now
        self.last: list[tuple[str, str]] = []  # what was said last: severity and text
        self.table = Lines(form)

    # What is seen

    def compose(self) -> ComposeResult:
        yield Static(id="title")
        with Horizontal(id="pickers"):
            for name in ("site", "meter", "activity"):
                yield Label(name.capitalize())
                value = self.picked.get(name, self.form.page.site)
                options = self._choices(name)
                yield Select(options, value=value, id=name, compact=True, allow_blank=False)
            yield Label("Month")
            yield Input(self.form.month, id="month", compact=True, max_length=7)
        yield self.table
        with Vertical(id="panel"):
            with Horizontal():
                yield from _field("quantity", "Quantity")
                yield from _field("unit", "Unit")
                yield Label("Quality")
                options = [(each, each) for each in QUALITIES if each != "unstated"]
                yield Select(options, id="quality", compact=True, prompt="unstated")
            with Horizontal():
                yield from _field("opening", "Reading: opening")
                yield from _field("closing", "closing")
                yield from _field("multiplier", "times")
            with Horizontal():
                yield from _field("evidence", "Evidence")
                yield from _field("note", "Note")
        with VerticalScroll(id="said", can_focus=False):
            yield Static(id="told")
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self.title = "carbon form"
        self._fill_pickers()
        self._show_lines()
        self.query_one("#quantity").focus()

    def on_resize(self, _: Resize) -> None:
        self._show_lines()

    def _fill_pickers(self) -> None:
        """The choices of the pickers, which are those of the page."""
        page = self.form.page
        place = page.words.sites[page.site] or page.site
        title = " · ".join(("carbon form", self.book_name, place, self.form.month))
        self.query_one("#title", Static).update(Content(visible(title)))
        with self.prevent(Select.Changed, Input.Changed):
            for name, value in {"site": page.site, **self.picked}.items():
                select = self.query_one(f"#{name}", Select)
                select.set_options(self._choices(name))
                select.value = value
            self.query_one("#month", Input).value = self.form.month

    def _choices(self, name: str) -> list[tuple[Text, str]]:
        """What a picker offers, and whatever is picked."""
        page, lines = self.form.page, self.form.lines()
        if name == "site":
            titles = {name: title or name for name, title in page.words.sites.items()}
            return [(Text(visible(title)), name) for name, title in titles.items()]
        known = [str(getattr(each.key, name)) for each in lines]
        told = {"": f"(no {name})", ALL: "all"}
        return [
            (Text(visible(told.get(each, each))), each)
            for each in dict.fromkeys((ALL, *known, self.picked[name]))
        ]

    def _lines(self) -> list[Line]:
        meter, activity = self.picked["meter"], self.picked["activity"]
        return self.form.lines(None if meter == ALL else meter, "" if activity == ALL else activity)

    @property
    def line(self) -> Line | None:
        return self.form.page.line(self.at) if self.at is not None else None

    def _show_lines(self) -> None:
        """The table of lines anew, the cursor where it was."""
        keys = [each.key for each in self._lines()]
        self.at = self.at if self.at in keys else (keys[0] if keys else None)
        self.table.fill(self._lines(), self.at, self.size.width)
        self._show_line()

    def _show_line(self) -> None:
        """The fields of the line at hand, and what is to be said of it."""
        line, panel = self.line, self.query_one("#panel")
        panel.disabled = line is None
        panel.border_title = Content(visible(line.key.name) if line else "no line: F2 adds one")
        if line is None:
            return
        recorded = line.months.get(self.form.page.month)
        with self.prevent(Input.Changed, Select.Changed):
            for field in self.query(Field):
                name = field.id or ""
                if field.value != self.form.value(line, name):
                    field.value = self.form.value(line, name)
                    field.cursor_position = len(field.value)
                field.placeholder = ""
            if recorded and self.form.recorded(line):
                there = f"{recorded.quantity.normalize():f}"
                self.query_one("#quantity", Input).placeholder = there
            quality = self.form.value(line, "quality")
            self.query_one("#quality", Select).value = quality or Select.NULL
        self._tell(self.form.judge(line))

    def _tell(self, judged: Judgement) -> None:
        """What is said of the line, and below what was done last."""
        said = [(each.severity, _told(each)) for each in judged.problems]
        if self.at in self.table.faults:
            said.append(("error", self.table.faults[self.at]))
        said += [each for each in self.last if each not in said]
        parts: list[Content] = []
        for severity, text in said:
            sign = SIGNS.get(severity, "✓")
            parts.append(Content.styled(f"{sign} {visible(text)}", STYLES.get(severity, "")))
        self.query_one("#told", Static).update(Content("\n").join(parts))
        self.query_one("#said").scroll_home(animate=False)

    def _say(self, severity: str, text: str) -> None:
        """What was done, or why it was not; it stands until the next is done."""
        self.last = [(severity, text)]
        line = self.line
        self._tell(self.form.judge(line) if line else Judgement())

    # What is typed

    def write(self, name: str, text: str) -> None:
        """Takes what is typed into a field."""
        line = self.line
        if line is None or self.form.value(line, name) == text:
            return
        self.form.write(line, name, text)
        self.table.faults.pop(line.key, None)
        self.last = []
        self._redraw(line)

    @on(Select.Changed, "#quality")
    def _quality(self, event: Select.Changed) -> None:
        line = self.line
        if line is not None:
            value = "" if event.value is Select.NULL else str(event.value)
            self.form.write(line, "quality", value)
            self._redraw(line)

    def _redraw(self, line: Line) -> None:
        """The row of the line at hand, and what is to be said of it."""
        self.table.redraw(line)
        self._tell(self.form.judge(line))

    @on(Select.Changed, "#meter,#activity")
    def _picked(self, event: Select.Changed) -> None:
        if event.value is not Select.NULL:
            self.picked[event.select.id or ""] = str(event.value)
            self._show_lines()

    @on(Select.Changed, "#site")
    def _site(self, event: Select.Changed) -> None:
        if event.value not in (Select.NULL, self.form.page.site):
            site = str(event.value)
            self.picked = {"meter": ALL, "activity": ALL}
            self._ask("turning the page", lambda: self.form.turn(site=site), self._turned)

    @on(Input.Submitted, "#month")
    def _month(self, event: Input.Submitted) -> None:
        month = event.value.strip()
        wrong = partial(self._say, "error")  # what is typed stays
        self._ask("turning the page", lambda: self.form.turn(month=month), self._turned, wrong)

    @on(Lines.RowSelected)
    def _pointed(self, event: Lines.RowSelected) -> None:
        lines = self._lines()
        if 0 <= event.cursor_row < len(lines) and lines[event.cursor_row].key != self.at:
            self.at = lines[event.cursor_row].key
            self._show_line()

    # What keys do

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The keys of the form rest while something is asked on top of it."""
        return not (action in OURS and len(self.screen_stack) > 1)

    def action_go(self, by: int) -> None:
        """To another line, by so many."""
        lines = self._lines()
        row = max(0, min(self.table.cursor_row + by, len(lines) - 1))
        if lines:
            self.last = []
            self.at = lines[row].key
            self.table.move_cursor(row=row)
            self._show_line()
            self.query_one("#quantity").focus()

    def submit(self) -> None:
        """Records the line, or asks first; goes on where nothing is typed."""
        line = self.line
        if line is None:
            return
        if not self.form.is_begun(line):
            self.action_go(1)
            return
        judged = self.form.judge(line)
        if judged.is_refused:
            self._say("error", "Nothing was recorded. Mend what is typed; it is kept.")
            return
        question = self.form.question(line, judged)
        if question:
            self.push_screen(Agree(question), lambda yes: self._record(line) if yes else None)
        else:
            self._record(line)

    def _record(self, line: Line) -> None:
        """Records a line as it was asked about, and goes on to the next one meanwhile."""

        def recorded() -> str:
            said = self.form.record(line)
            try:
                self.form.turn()
            except CarbonError as fault:  # it is recorded all the same
                said = f"{said}\n{fault}"
            return said

        place = self.form.place(line)

        def refused(said: str) -> None:
            self.table.waiting.discard(place)
            self.table.faults[line.key] = said
            there = self.line
            if there is None or not self.form.is_begun(there):
                self.at = line.key
            self._show_lines()
            self._say("error", said)

        def done(said: str) -> None:
            self.table.waiting.discard(place)
            self.table.faults.pop(line.key, None)
            self._fill_pickers()
            self._show_lines()
            self._say("done", said)

        self.table.waiting.add(place)
        self._redraw(line)
        self.action_go(1)
        self._ask("recording", recorded, done, refused)

    def action_undo(self) -> None:
        def taken_back() -> tuple[str, Key]:
            said, place = self.form.undo()
            self.form.turn(place.site, month_list([place.month]))
            return said, place.key

        def done(answer: tuple[str, Key]) -> None:
            said, self.at = answer
            self._turned(None, said)

        self._ask("taking back", taken_back, done)

    def action_earlier(self) -> None:
        self._ask("turning the page", self.form.earlier, self._turned)

    def action_later(self) -> None:
        self._ask("turning the page", self.form.later, self._turned)

    def action_again(self) -> None:
        self._ask("reading the page", self.form.turn, self._turned)

    def _turned(self, _: Any, said: str = "") -> None:
        self.last = [("done", said)] if said else []
        self._fill_pickers()
        self._show_lines()
        self.query_one("#quantity").focus()

    def action_new_line(self) -> None:
        def added(chosen: tuple[str, str, str] | None) -> None:
            if chosen:
                self.at = self.form.add(*chosen)
                self.picked = {"meter": ALL, "activity": ALL}
                self._turned(None)

        page = self.form.page
        meters = [name for name, site in page.words.meters.items() if site == page.site]
        picked = {name: "" if each == ALL else each for name, each in self.picked.items()}
        self.push_screen(NewLine(page.words, meters, **picked), added)

    def action_keys(self) -> None:
        self.push_screen(Keys())

    def action_leave(self) -> None:
        count = len(self.form.typed)
        if not count:
            self.exit()
            return
        what = "1 line is" if count == 1 else f"{count} lines are"
        question = f"{what} typed and not recorded. Leave without recording?"
        self.push_screen(Agree(question), lambda yes: self.exit() if yes else None)

    # What the book is asked

    def _ask(
        self,
        what: str,
        ask: Callable[[], Any],
        then: Callable[[Any], None],
        refused: Callable[[str], None] | None = None,
    ) -> None:
        """Asks the book in a thread, one thing after another; a fault is said in full."""
        self.asked.append((what, ask, then, refused or self._refused))
        if len(self.asked) == 1:
            self._asking(self.asked[0])
        self._say("note", f"{self.asked[0][0].capitalize()} ...")

    @work(thread=True)
    def _asking(self, asked: Asked) -> None:
        _, ask, then, refused = asked
        try:
            answer = ask()
        except (CarbonError, OSError) as fault:
            self.call_from_thread(self._answered, refused, str(fault))
        else:
            self.call_from_thread(self._answered, then, answer)

    def _answered(self, then: Callable[[Any], None], answer: Any) -> None:
        self.last = []
        then(answer)
        self.asked.popleft()
        if self.asked:
            self._asking(self.asked[0])

    def _refused(self, said: str) -> None:
        self._fill_pickers()
        self._say("error", said)


def _field(name: str, label: str) -> ComposeResult:
    yield Label(label)
    yield Field(id=name, compact=True)


def _told(problem: Problem) -> str:
    """A problem as a file is told it, without its row."""
    return str(problem).partition(": ")[2]
