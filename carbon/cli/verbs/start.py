"""Verbs that start a book: demo, init."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from carbon.cli.verbs.shared import (
    SCREEN,
    START,
    Output,
    app,
    asked,
    form,
    program,
    put_report,
    working,
)


@app.command(group=START, sort_key=1)
def demo(
    name: Literal["ai", "maker", "undisclosed"] = "ai",
    /,
    *,
    to: Path | None = None,
    output: Output = SCREEN,
) -> None:
    """Write a sample book and print its report.

    Parameters
    ----------
    name
        ai (a firm with a data centre), maker (plants and PV), undisclosed (most figures missing).
    to
        The folder to write it into; by default carbon-demo-NAME.
    """
    from carbon.book import Book

    folder = to or Path(f"carbon-demo-{name}")
    is_there = (folder / "carbon.toml").exists() and (folder / "ledger.duckdb").exists()
    with working(f"{'opening' if is_there else 'writing'} {folder}"):
        book = Book.open(folder) if is_there else Book.demo(name, folder)
        report = book.report()
    put_report(report, output)
    if not output.out and form(output) == "table":
        called = program()
        print(f"The book is in {folder}{' (it was there already)' if is_there else ''}. Try next:")
        for line in NEXT[name]:
            print(f"  {called} -C {folder} {line}")


NEXT = {
    "ai": ("explain scope2-location 2022", "targets", "check"),
    "maker": ("explain scope2-location 2023", "inventory 2023 --by site", "check"),
    "undisclosed": ("check", "entries", "factors search electricity --region CN"),
}


@app.command(group=START, sort_key=2)
def init(folder: Path, /, *, name: str = "", region: str = "") -> None:
    """Start a new book.

    Parameters
    ----------
    folder
        The folder of the new book.
    name
        The name of the organisation. Asked for on a terminal.
    region
        Where its first site is: CN, CN-SH, DE ... Asked for on a terminal.
    """
    from carbon.book import Book

    name = name or asked("Name of the organisation", "--name")
    region = region or asked("Region of its first site (CN, CN-SH, DE ...)", "--region")
    Book.init(folder, name=name, region=region)
    print(f"A new book is in {folder}. Its settings are in {folder / 'carbon.toml'}. Next:")
    print(f"  {program()} -C {folder} import FILE...")
