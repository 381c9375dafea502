"""What the verbs share: the program they belong to, their common options, how an answer is put.

An answer is a table, JSON or CSV, on the screen or in a file.
"""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event, Thread
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from cyclopts import App, Group, Parameter

from carbon import __version__
from carbon.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from carbon.book import Book
    from carbon.book.factors import Catalogue
    from carbon.records import Tell
    from carbon.tables import Report, Table

Answer = TypeVar("Answer")

LONGEST = 20  # rows of one of several tables on the screen
FILE_WIDTH = 100  # of a table written to a file [characters]

START = Group.create_ordered("Start")
RECORD = Group.create_ordered("Record")
LOOK = Group.create_ordered("Look")
FREEZE = Group.create_ordered("Freeze")
AHEAD = Group.create_ordered("Look ahead")
LIBRARY = Group.create_ordered("Factors and data")
FIELDS = Group.create_ordered("Fields")
OPTIONS = Group.create_ordered("Options")

app = App(
    name="carbon",
    help="A carbon ledger: from activity data to inventories, projections and targets.",
    version=__version__,
    help_format="plaintext",
    default_parameter=Parameter(negative=(), show_default=False),
    group_parameters=OPTIONS,
    suppress_keyboard_interrupt=False,
)
app["--help"].group = app["--version"].group = OPTIONS

Folder = Annotated[
    Path | None,
    Parameter(name="-C", help="The book's folder; by default the nearest carbon.toml upward."),
]

AnyYear = Annotated[str, Parameter(help="A reporting year; by default all of them.")]


@Parameter(name="*", group=OPTIONS)
@dataclass(frozen=True)
class Output:
    """How an answer is written.

    Parameters
    ----------
    format
        table, json (docs/json.md) or csv; by default what the name of --out says, else a table.
    out
        Write into this file instead of the screen.
    """

    format: Literal["table", "json", "csv"] | None = None
    out: Path | None = None


SCREEN = Output()


def book_in(folder: Path | None) -> Book:
    from carbon.book import Book

    return Book.open(folder)


def catalogue_in(folder: Path | None) -> Catalogue:
    """The library as a book sees it; as it came with the program where there is no book."""
    from carbon.book import Book
    from carbon.book.factors import Catalogue

    try:
        return Book.open(folder)
    except UsageError:
        if folder:
            raise
        return Catalogue()


def terminal() -> ModuleType:
    from carbon.render import terminal

    return terminal


def form(output: Output) -> str:
    """The form of an answer: as asked, else what the file's name says, else a table."""
    ending = output.out.suffix.lower().removeprefix(".") if output.out else ""
    return output.format or (ending if ending in ("json", "csv") else "table")


def put(table: Table, output: Output) -> None:
    from carbon.render import output as machine

    wanted = form(output)
    if wanted == "table":
        emit(output, lambda console: terminal().print_table(table, console))
    else:
        write(output, machine.as_json(table) if wanted == "json" else machine.as_csv(table))


def put_all(tables: Sequence[Table], output: Output) -> None:
    """Several tables, for machines as one document."""
    from carbon.render import output as machine

    if form(output) == "table":
        emit(output, lambda console: _print_each(tables, console))
        return
    text = machine.all_as_json if form(output) == "json" else machine.all_as_csv
    write(output, text(tables))


def _print_each(tables: Sequence[Table], console: Console) -> None:
    for table in tables:
        terminal().print_table(table, console)


def shortened(table: Table) -> Table:
    """The first rows of a long table, with how to see the others."""
    if len(table.rows) <= LONGEST:
        return table
    more = f"{len(table.rows) - LONGEST:,} more rows: --format csv --out FILE gives all of them."
    return replace(table, rows=table.rows[:LONGEST], notes=[more, *table.notes])


def put_report(report: Report, output: Output) -> None:
    from carbon.render import output as machine

    wanted = form(output)
    if wanted == "table":
        emit(output, lambda console: terminal().print_report(report, console))
    else:
        text = machine.report_as_json if wanted == "json" else machine.report_as_csv
        write(output, text(report))


def emit(output: Output, draw: Callable[[Console], None]) -> None:
    """Draws on the screen, or into a file."""
    if not output.out:
        draw(terminal().console())
        return
    held = io.StringIO()
    draw(terminal().console(held, FILE_WIDTH))
    write(output, held.getvalue())


def write(output: Output, text: str) -> None:
    from carbon.render import output as machine

    if output.out:
        machine.write(output.out, text)
    else:
        sys.stdout.write(text)


def complain(fault: object) -> None:
    """What is wrong or worth a look, on standard error; in a window folded between words."""
    if sys.stderr.isatty():
        terminal().print_lines(str(fault).splitlines(), terminal().console(sys.stderr))
    else:
        print(fault, file=sys.stderr)


@contextmanager
def working(what: str) -> Iterator[None]:
    """Says on a terminal that work is going on, and takes it back."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.text import Text

    with Console(stderr=True).status(Text(what)):
        yield


@contextmanager
def progressing(what: str) -> Iterator[Tell]:
    """The same as `working`, until it is told of long work: then a bar shows how far that is."""
    if not sys.stderr.isatty():
        yield _tell_nobody
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn
    from rich.text import Text

    shown = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(24))
    with Progress(
        *shown, TaskProgressColumn(), console=Console(stderr=True), transient=True
    ) as bar:
        bar.columns = bar.columns[:2]  # no bar as long as nobody knows how far
        task = bar.add_task(str(Text(what)), total=1.0)
        span: list[Any] = []
        done = Event()

        def tell(doing: str, since: float, until: float, asked: Callable[[], float]) -> None:
            bar.columns = (*shown, TaskProgressColumn())
            span[:] = [since, until, asked]
            bar.update(task, description=f"{what}: {doing}", completed=since)

        def follow() -> None:
            while not done.wait(0.1):
                if span:
                    since, until, asked = span
                    part = min(max(asked(), 0.0), 100.0) / 100
                    so_far = bar.tasks[0].completed
                    bar.update(task, completed=max(so_far, since + (until - since) * part))

        following = Thread(target=follow, daemon=True)
        following.start()
        try:
            yield tell
        finally:
            done.set()
            following.join()


def _tell_nobody(what: str, since: float, until: float, asked: Callable[[], float]) -> None:
    """Where there is no terminal."""


def worked_out(folder: Path | None, what: str, ask: Callable[[Book], Answer]) -> Answer:
    """What the book answers, while a terminal says what is being worked out."""
    book = book_in(folder)
    with working(what):
        return ask(book)


def asked(question: str, option: str) -> str:
    """An answer from the terminal. Raises UsageError where there is none to ask."""
    if not sys.stdin.isatty():
        raise wrong(f"{option} is missing", f"add {option} ...")
    answer = ""
    while not answer:
        answer = input(f"{question}: ").strip()
    return answer


def program() -> str:
    """How this program can be called from here: by its name where the shell finds it."""
    found = shutil.which("carbon")
    is_same = found is not None and Path(found).resolve() == Path(sys.argv[0]).resolve()
    return "carbon" if is_same or not Path(sys.argv[0]).exists() else sys.argv[0]


def wrong(message: str, remedy: str) -> UsageError:
    return UsageError("usage", message, remedy=remedy)
