"""The form as it is drawn: driven by keys alone, in a terminal of 80 columns and 24 rows."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import DataTable, Select

from carbon.book import Book
from carbon.form.app import FormApp
from carbon.form.screens import Agree
from carbon.ledger import Ledger

ROOT = Path(__file__).parent.parent
SITE = """
[[site]]
name = "hq"
title = "[red]Head[/red] office"
region = "CN-ZJ"
[[site.meter]]
name = "m1"
[[site.meter]]
name = "m2"
"""
Steps = Callable[[Pilot], Awaitable[None]]


@pytest.fixture
def book(make, tmp_path: Path) -> Book:
    """Thirteen months of m1 around 50 MWh, none of m2."""
    made = make(SITE, bills={})
    months = [f"2022-{month:02}" for month in range(1, 13)] + ["2023-01"]
    rows = ["site,meter,activity,month,quantity,unit"]
    rows += [f"hq,m1,electricity,{month},{50 + at % 5},MWh" for at, month in enumerate(months)]
    path = tmp_path / "m1.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    made.import_files([path])
    return made


def driven(book: Book, steps: Steps, size: tuple[int, int] = (80, 24)) -> FormApp:
    """The form of February 2023 after these steps."""
    app = FormApp(book.form("hq", "2023-02"), "Acme")

    async def drive() -> None:
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await steps(pilot)

    asyncio.run(drive())
    return app


def keyed(book: Book, *keys: str) -> tuple[FormApp, list[str]]:
    """The form after these keys, and what the screen said then; + waits for the book."""
    seen: list[str] = []

    async def press(pilot: Pilot) -> None:
        for key in keys:
            await (settled(pilot) if key == "+" else pilot.press(key))
        await settled(pilot)
        seen.extend(screen(pilot))

    return driven(book, press), seen


async def settled(pilot: Pilot) -> None:
    """Until the book has been asked all it is to be asked."""
    while True:
        await pilot.pause()
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        if not pilot.app.asked:
            return


def screen(pilot: Pilot) -> list[str]:
    """What the screen shows, line by line."""
    strips = pilot.app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip).rstrip() for strip in strips]


def shown(lines: list[str], words: str) -> bool:
    """Whether words stand on the screen, wherever the lines break."""
    inside = [line.strip(" │") for line in lines]
    return words in " ".join(" ".join(inside).split())


def recorded(book: Book) -> list[tuple[str, str]]:
    """Quantity and unit of what counts of February 2023, by meter."""
    rows = book.entries(since="2023-02", until="2023-02").rows
    return [(row["meter"], f"{row['quantity'].normalize():f} {row['unit']}") for row in rows]


def test_last_year_last_month_and_this_month_stand_beside_each_line(book: Book):
    _, seen = keyed(book)
    [head] = [line for line in seen if "Meter and activity" in line]
    [m1] = [line for line in seen if "m1 electricity" in line and "MWh" in line]
    assert head.split()[3:6] == ["2022-02", "2023-01", "2023-02"]
    assert m1.split() == ["m1", "electricity", "51", "52", "MWh"]


def test_the_keys_stand_in_the_footer_at_80_columns(book: Book):
    _, seen = keyed(book)
    for hint in ("↑↓ Line", "↵ Record", "tab Field", "^z Undo", "f2 Add", "f3 f4 Month", "^q Quit"):
        assert hint in seen[-1]
    assert max(map(len, seen)) <= 80


def test_a_usual_figure_and_enter_are_recorded_and_the_next_line_follows(book: Book):
    app, seen = keyed(book, *"51", "enter")
    assert recorded(book) == [("m1", "51 MWh")]
    assert shown(seen, "✓ Entry 14 recorded: 2023-02 of m1 electricity.")
    assert app.at is not None and app.at.meter == "m2"


def test_the_next_line_is_typed_while_the_first_is_on_its_way(book: Book):
    keyed(book, *"51", "enter", *"7", "enter")
    assert recorded(book) == [("m1", "51 MWh"), ("m2", "7 kWh")]


def test_a_warning_shows_while_typing(book: Book):
    _, seen = keyed(book, *"290")
    assert shown(seen, "! 290,000 kWh in 2023-02, where 52,000 are usual")
    assert any("! typed" in line for line in seen)


def test_an_odd_figure_is_recorded_once_it_is_agreed(book: Book):
    async def steps(pilot: Pilot) -> None:
        await pilot.press(*"290", "enter")
        assert shown(screen(pilot), "Record it all the same?")
        await pilot.press("escape", "enter", "enter")  # the first choice is no
        await settled(pilot)
        assert recorded(book) == []
        await pilot.press("enter", "y")
        await settled(pilot)

    driven(book, steps)
    assert recorded(book) == [("m1", "290 MWh")]


def test_an_unknown_unit_is_refused_and_what_is_typed_stays(book: Book):
    app, seen = keyed(book, *"51", "tab", *"MWhh", "enter")
    assert shown(seen, "✗ 'MWhh' is not a unit known here")
    assert shown(seen, "Nearest: MWh.")
    assert recorded(book) == []
    assert app.form.value(app.form.page.line(app.at), "unit") == "MWhh"


def test_a_recorded_month_is_corrected_once_it_is_agreed(book: Book):
    async def steps(pilot: Pilot) -> None:
        await pilot.press(*"51", "enter")
        await settled(pilot)
        await pilot.press("up", *"52", "enter")
        await pilot.pause()
        assert shown(screen(pilot), "Entry 14 says 51 MWh. Shall it say 52 MWh from now on?")
        assert recorded(book) == [("m1", "51 MWh")]
        await pilot.press("y")
        await settled(pilot)

    driven(book, steps)
    assert recorded(book) == [("m1", "52 MWh")]
    assert len(book.entries(since="2023-02", everything=True).rows) == 2


def test_a_recorded_month_is_shown_with_its_figure(book: Book):
    _, seen = keyed(book, *"51", "enter", "+", "up")
    assert shown(seen, "· entry 14 says 51 MWh")
    [m1] = [line for line in seen if "m1 electricity" in line and "MWh" in line]
    assert m1.split()[2:] == ["51", "52", "51", "MWh", "recorded"]


def test_undo_takes_the_last_line_back_and_puts_what_was_typed_in_its_field(book: Book):
    app, seen = keyed(book, *"51", "enter", *"7", "enter", "+", "ctrl+z")
    assert recorded(book) == [("m1", "51 MWh")]
    assert shown(seen, "Entry 15 (7 kWh of electricity at hq) is withdrawn")
    assert app.at is not None and app.at.meter == "m2"
    assert app.form.value(app.form.page.line(app.at), "quantity") == "7"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_killed_while_typing_it_has_lost_nothing_that_was_confirmed(book: Book):
    seen = Terminal(book, "--site", "hq", "--month", "2023-02")
    seen.until("Quantity")
    seen.type("51\r")
    seen.until("Entry 14 recorded")
    seen.type("7777")
    seen.until("7,777")
    seen.kill()
    assert recorded(book) == [("m1", "51 MWh")]
    assert len(book.entries(everything=True).rows) == 14


class Terminal:
    """`carbon form` in a pseudo-terminal of 80 columns and 24 rows."""

    def __init__(self, book: Book, *options: str) -> None:
        import fcntl
        import pty
        import struct
        import termios

        self.master, end = pty.openpty()
        fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        command = [sys.executable, "-m", "carbon.cli", "form", "-C", str(book.folder), *options]
        env = os.environ | {"TERM": "xterm-256color", "PYTHONPATH": str(ROOT)}
        self.program = subprocess.Popen(command, stdin=end, stdout=end, stderr=end, env=env)
        os.close(end)

    def until(self, words: str) -> None:
        """Reads until the words have been drawn."""
        drawn = b""
        while words.encode() not in drawn:
            assert select.select([self.master], [], [], 60)[0], drawn.decode(errors="replace")
            drawn += os.read(self.master, 65536)

    def type(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def kill(self) -> None:
        self.program.send_signal(signal.SIGKILL)
        self.program.wait()
        os.close(self.master)


def test_a_book_in_use_is_told_in_full_and_the_line_can_be_recorded_later(book: Book, monkeypatch):
    monkeypatch.setattr("carbon.ledger.LOCK_TIMEOUT", 0.05)
    seen: list[str] = []
    opened, enough = threading.Event(), threading.Event()

    def other_program() -> None:
        with Ledger.open(book.folder / "ledger.duckdb"):
            opened.set()
            enough.wait(20)

    async def steps(pilot: Pilot) -> None:
        holding = threading.Thread(target=other_program)
        holding.start()
        opened.wait(20)
        await pilot.press(*"51", "enter")
        await settled(pilot)
        seen.extend(screen(pilot))
        enough.set()
        holding.join()
        await pilot.press("enter")
        await settled(pilot)

    driven(book, steps)
    assert shown(seen, "✗ error[book-in-use]: another program is using this book")
    assert shown(seen, "To fix: close the other command, notebook or program")
    assert any("51 MWh" in " ".join(line.split()) and "✗ typed" in line for line in seen)
    assert recorded(book) == [("m1", "51 MWh")]


def test_a_line_is_added_by_keys_alone(book: Book):
    keys = ["f2", "tab", "enter", *"refr", "enter", "tab", "enter", *"R-410", "enter"]
    app, _ = keyed(book, *keys, "tab", "enter", "+", *"2", "tab", *"kg", "enter")
    assert app.at is not None and app.at == ("", "refrigerant", "R-410A")
    assert recorded(book) == [("", "2 kg")]


def test_site_meter_and_activity_are_chosen_by_keys_alone(book: Book):
    async def steps(pilot: Pilot) -> None:
        pilot.app.query_one("#quantity").focus()
        for _ in range(3):
            await pilot.press("shift+tab")
        assert pilot.app.focused is pilot.app.query_one("#meter")
        await pilot.press("enter", "down", "down", "enter")
        await settled(pilot)
        assert pilot.app.query_one("#lines", DataTable).row_count == 1
        assert pilot.app.query_one("#meter", Select).value == "m2"

    driven(book, steps)


def test_a_month_is_turned_to_or_typed(book: Book):
    async def steps(pilot: Pilot) -> None:
        for key, month in (("f3", "2023-01"), ("f4", "2023-02"), ("f4", "2023-03")):
            await pilot.press(key)
            await settled(pilot)
            assert pilot.app.form.month == month
        await pilot.press("shift+tab", *"2022-13", "enter")
        await settled(pilot)
        assert shown(screen(pilot), "a month is written like 2023-07, not '2022-13'")
        assert pilot.app.form.month == "2023-03"
        await pilot.press("backspace", "backspace", *"06", "enter")  # what was typed is there
        await settled(pilot)
        assert pilot.app.form.month == "2022-06"

    driven(book, steps)


def test_leaving_with_a_line_that_is_not_recorded_is_asked_about(book: Book):
    async def steps(pilot: Pilot) -> None:
        await pilot.press(*"51", "ctrl+q")
        assert isinstance(pilot.app.screen, Agree)
        await pilot.press("ctrl+z", "f4")  # keys of the form rest meanwhile
        assert isinstance(pilot.app.screen, Agree)
        await pilot.press("n", "ctrl+q", "y")
        await pilot.pause()
        assert pilot.app._exit

    app = driven(book, steps)
    assert app.form.month == "2023-02"


def test_words_of_the_book_are_drawn_as_they_are(book: Book):
    _, seen = keyed(book)
    assert "[red]Head[/red] office" in seen[0]


def test_a_wide_terminal_shows_the_same(book: Book):
    async def steps(pilot: Pilot) -> None:
        await pilot.press(*"51", "enter")
        await settled(pilot)
        assert max(len(line) for line in screen(pilot)) <= 120
        assert "recorded" in " ".join(screen(pilot))

    driven(book, steps, (120, 40))


def test_a_meter_without_lines_says_how_to_add_one(book: Book):
    seen: list[str] = []
    form = book.form("hq", "2023-02")
    app = FormApp(form, "Acme", activity="it_load")

    async def drive() -> None:
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            seen.extend(screen(pilot))
            await pilot.press("7", "enter")

    asyncio.run(drive())
    assert shown(seen, "no line: F2 adds one")
