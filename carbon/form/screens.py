"""What the form asks on top of itself: a question, a new line, and the list of its keys."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Footer, Label, Select, Static

from carbon.errors import visible
from carbon.records import Vocabulary

KEYS = """\
Enter         record the line; asks first where it looks odd or corrects
Up, Down      the line above or below; Page Up, Page Down go by ten
Tab           the next field; Shift+Tab the one before
Ctrl+Z        take back what was recorded last: the ledger keeps it
F2            a line for another meter, activity or detail
F3, F4        the month before, the month after; or type it, then Enter
F5            read the page again, where others record too
Ctrl+Q        leave; what was recorded is in the book

Site, Meter and Activity choose what is shown: Enter opens the list,
typing finds in it. Give a quantity, or the readings of the meter
and the ratio of its transformer.
"""


class Agree(ModalScreen[bool]):
    """A question with yes or no. Escape is no."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Yes"),
        Binding("n", "answer(False)", "No"),
        Binding("escape", "answer(False)", "No", show=False),
        Binding("left,right", "app.focus_next", show=False),
    ]

    def __init__(self, question: str) -> None:
        super().__init__()
        self.question = question

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static(Content(visible(self.question)))
            with Horizontal(classes="buttons"):
                yield Button("No  (n)", id="no", compact=True)
                yield Button("Yes  (y)", id="yes", compact=True)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self.query_one("#no").focus()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "yes")

    def action_answer(self, yes: bool) -> None:
        self.dismiss(yes)


class NewLine(ModalScreen[tuple[str, str, str] | None]):
    """Which meter, activity and detail a further line is of."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", "Field"),
        Binding("escape", "leave", "Back"),
    ]

    def __init__(
        self, words: Vocabulary, meters: list[str], meter: str = "", activity: str = ""
    ) -> None:
        super().__init__()
        self.words = words
        self.meters = meters
        self.meter = meter if meter in meters else ""
        self.activity = activity

    def compose(self) -> ComposeResult:
        meters = [(Text(visible(each)), each) for each in self.meters]
        known = self.words.activities.items()
        activities = [(Text(name), name) for name, word in known if not word.is_travel]
        with Vertical(classes="box"):
            yield Label("A further line")
            yield Label("Meter")
            yield Select(meters, id="new-meter", compact=True, prompt="(no meter)")
            yield Label("Activity")
            yield Select(activities, id="new-activity", compact=True, prompt="choose")
            yield Label("Detail")
            yield Select[str]([], id="new-detail", compact=True, prompt="-", disabled=True)
            yield Button("Add", id="add", compact=True)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        if self.meter:
            self.query_one("#new-meter", Select).value = self.meter
        if self.activity:
            self.query_one("#new-activity", Select).value = self.activity

    @on(Select.Changed, "#new-activity")
    def _details(self, event: Select.Changed) -> None:
        detail = self.query_one("#new-detail", Select)
        word = self.words.activities.get(str(event.value))
        known = word.details if word else ()
        detail.set_options([(Text(each), each) for each in known])
        detail.disabled = not known

    @on(Button.Pressed, "#add")
    def _add(self) -> None:
        names = ("meter", "activity", "detail")
        chosen = [self.query_one(f"#new-{name}", Select) for name in names]
        meter, activity, detail = ("" if s.value is Select.NULL else str(s.value) for s in chosen)
        missing = chosen[1] if not activity else chosen[2]
        if not activity or (not missing.disabled and not detail):
            missing.focus()
        else:
            self.dismiss((meter, activity, detail))

    def action_leave(self) -> None:
        self.dismiss(None)


class Keys(ModalScreen[None]):
    """The keys of the form."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,f1,q", "leave", "Back")]

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static(Content(KEYS))
        yield Footer(show_command_palette=False)

    def action_leave(self) -> None:
        self.dismiss(None)
