"""Verbs that look ahead: project, targets."""

from __future__ import annotations

from carbon.cli.verbs.shared import (
    AHEAD,
    SCREEN,
    Folder,
    Output,
    app,
    emit,
    form,
    put,
    terminal,
    worked_out,
)


@app.command(group=AHEAD, sort_key=13)
def project(*scenarios: str, folder: Folder = None, output: Output = SCREEN) -> None:
    """The years ahead under each scenario, side by side.

    Parameters
    ----------
    scenarios
        The scenarios; by default all of the book.
    """
    put(worked_out(folder, "projecting", lambda book: book.project(*scenarios)), output)


@app.command(group=AHEAD, sort_key=14)
def targets(*scenarios: str, folder: Folder = None, output: Output = SCREEN) -> None:
    """The verdict on each target: margin, gap and the pace still needed.

    Parameters
    ----------
    scenarios
        The scenarios; by default all of the book.
    """
    from carbon.render.output import verdict_table

    verdicts = worked_out(folder, "judging the targets", lambda book: book.targets(*scenarios))
    if form(output) == "table":
        emit(output, lambda console: terminal().print_verdicts(verdicts, console))
    else:
        put(verdict_table(verdicts), output)
