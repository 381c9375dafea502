"""Verbs that freeze: close, restate."""

from __future__ import annotations

from carbon.cli.verbs.shared import FREEZE, SCREEN, Folder, Output, app, put, worked_out


@app.command(group=FREEZE, sort_key=11)
def close(
    period: str, /, *, note: str = "", incomplete: bool = False, folder: Folder = None
) -> None:
    """Freeze a reporting year: later entries, factors and GWP policies leave it alone.

    Parameters
    ----------
    period
        The reporting year (2023).
    note
        By whose decision, or why.
    incomplete
        Close it although months are missing.
    """
    said = worked_out(
        folder, "closing", lambda book: book.close(period, note=note, incomplete=incomplete)
    )
    print(said)


@app.command(group=FREEZE, sort_key=12)
def restate(
    period: str,
    /,
    *,
    reason: str | None = None,
    incomplete: bool = False,
    folder: Folder = None,
    output: Output = SCREEN,
) -> None:
    """A closed year beside the same year computed anew; with --reason, closed again so.

    Parameters
    ----------
    period
        The reporting year (2023).
    reason
        Why it is restated: an error, a method, a structure. Without it nothing is changed.
    incomplete
        Close it again although months are missing.
    """
    table = worked_out(
        folder,
        "computing the year anew",
        lambda book: book.restate(period, reason=reason, incomplete=incomplete),
    )
    put(table, output)
