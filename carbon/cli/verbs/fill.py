"""The verb that opens the form, in the terminal or for a browser on this machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter, validators

from carbon.cli.verbs.shared import RECORD, Folder, app, book_in, wrong
from carbon.errors import UsageError, nearest

Port = Annotated[int, Parameter(validator=validators.Number(gte=1024, lte=65535))]
LISTED = 12


@app.command(group=RECORD, sort_key=2)
def form(
    *,
    site: str = "",
    meter: str = "",
    activity: str = "",
    month: str = "",
    serve: bool = False,
    port: Port = 8000,
    folder: Folder = None,
) -> int:
    """Fill in a month line by line, with last month and last year beside.

    Parameters
    ----------
    site
        The site to begin with; by default the first of the book.
    meter
        Show the lines of this meter only.
    activity
        Show the lines of this activity only.
    month
        The month to fill in (2023-07); by default the last one that is over.
    serve
        Show it to a browser on this machine instead, at 127.0.0.1.
    port
        The port it is served at, from 1024 up.
    """
    book = book_in(folder)
    page = book.page(site, month)  # what cannot be opened is told before anything is drawn
    meters = [name for name, place in page.words.meters.items() if place == page.site]
    _check("meter", meter, meters, f" of {page.site}")
    _check("activity", activity, page.words.activities)
    picked = {"site": site, "meter": meter, "activity": activity, "month": month}
    if serve:
        return _served(book.folder, picked, port)
    if not (sys.stdout.isatty() or "TEXTUAL_DRIVER" in os.environ):
        raise wrong("the form needs a terminal", "carbon form in a terminal, or --serve; or log")
    try:
        from carbon.form.app import ALL, FormApp
    except ModuleNotFoundError as fault:
        raise _missing(fault) from None
    name = book.settings.organisation.name
    drawn = FormApp(book.form(site, month), name, meter or ALL, activity or ALL)
    drawn.run()
    return drawn.return_code or 0


def _check(option: str, said: str, known: Collection[str], more: str = "") -> None:
    """Raises UsageError for a word that the book does not know."""
    if said and said not in known:
        raise UsageError(
            f"unknown-{option}",
            f"no {option}{more} is called {said!r}",
            looked_for=", ".join(list(known)[:LISTED]),
            nearest=nearest(said, known),
            remedy=f"--{option} with one of them, or none to see all",
        )


def _served(folder: Path, picked: dict[str, str], port: int) -> int:
    """Serves the form: each tab of the browser starts the same command without --serve."""
    try:
        from carbon.form.serve import serve
    except ModuleNotFoundError as fault:
        raise _missing(fault) from None
    command = [sys.executable, "-m", "carbon.cli", "form", "-C", str(folder.resolve())]
    for option, said in picked.items():
        command += [f"--{option}", said] if said else []

    def say(address: str) -> None:
        print("The form is served to this machine alone. Open it in a browser here:")
        print(f"  {address}")
        print("Ctrl+C ends it.", flush=True)

    serve(command, port, say)
    return 0


def _missing(fault: ModuleNotFoundError) -> UsageError:
    """What to install for the form; a fault of ours stays what it is."""
    if (fault.name or "").partition(".")[0] == "carbon":
        raise fault
    return UsageError(
        "missing-extra",
        f"the form needs {fault.name}, which is not installed",
        remedy="pip install 'carbon[tui]'",
    )
