"""Verbs on performance: indicators."""

from __future__ import annotations

from carbon.cli.verbs.shared import (
    LOOK,
    SCREEN,
    Folder,
    Output,
    app,
    form,
    put,
    put_all,
    worked_out,
)


@app.command(group=LOOK, sort_key=12)
def indicators(*years: str, site: str = "", folder: Folder = None, output: Output = SCREEN) -> None:
    """Water, packaging, waste, exhaust: by year, with change and intensity.

    Parameters
    ----------
    years
        Reporting years; by default all of them.
    site
        Only of this site; by default the whole organisation.
    """
    from carbon.indicators import SHOWN, shown

    table = worked_out(folder, "adding up", lambda book: book.indicators(years, site=site))
    tables = shown(table, len(years) or SHOWN) if form(output) == "table" else [table]
    put_all(tables, output) if len(tables) > 1 else put(tables[0], output)
