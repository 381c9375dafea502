"""What closed years keep: their settings, records, totals and coefficients, as they were closed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from carbon import settings
from carbon.engine import Row
from carbon.errors import SettingsError
from carbon.inputs import Need, View, Views
from carbon.ledger import Closing, Ledger
from carbon.records import Credit, Instrument


def view_of(ledger: Ledger, closing: Closing, now: View) -> View:
    """The settings and the day of knowledge a year was closed with.

    Settings of an earlier program that this one cannot read give way to today's: what a closed
    year comes to is kept by value, and told to have moved where it has.
    """
    row = ledger.run_row(closing.run_id)
    try:
        then = settings.read(ledger.settings_files(row["setting_id"])["carbon.toml"])
    except SettingsError:
        then = now.settings
    return View(then, row["known_on"])


def views_of(ledger: Ledger, now: View, closings: Mapping[int, Closing]) -> Views:
    """Today's view, and that of each closed year.

    Raises SettingsError where years would begin in another month than a closed one did: some
    months would count in two years.
    """
    closed = {year: view_of(ledger, each, now) for year, each in closings.items()}
    starts = now.settings.organisation.reporting_year_starts
    for year, view in sorted(closed.items()):
        kept = view.settings.organisation.reporting_year_starts
        if kept != starts:
            raise SettingsError(
                "year-start-moved",
                f"{year} was closed with reporting years that start in month {kept}, and now they"
                f" would start in month {starts}",
                where="carbon.toml, organisation, reporting_year_starts",
                looked_for=str(kept),
                remedy=f"write {kept} again; another start of the year needs a book of its own",
            )
    return Views(now, closed)


def kept_totals(ledger: Ledger, closings: Mapping[int, Closing]) -> list[Row]:
    """The figures of closed years."""
    return [
        (year, *row.values())
        for year, closing in closings.items()
        for row in ledger.kept_totals(closing.closing_id)
    ]


def current(
    ledger: Ledger,
    table: str,
    cut_off: int,
    closings: Mapping[int, Closing],
    year_of: Callable[[Mapping[str, Any]], int],
) -> list[dict[str, Any]]:
    """What is recorded of each id: in a closed year as it stood at its closing."""
    rows = [row for row in ledger.current(table, cut_off) if year_of(row) not in closings]
    for year, closing in closings.items():
        rows += [row for row in ledger.current(table, closing.cut_off) if year_of(row) == year]
    return rows


def kept_coefficients(ledger: Ledger, closings: Mapping[int, Closing]) -> dict[Need, list[Row]]:
    """What closed years keep: (set, unit, share, part) -> (gas, mass, CO2e, in scopes). [g]"""
    found: dict[Need, list[Row]] = {}
    for closing in closings.values():
        for row in ledger.kept_coefficients(closing):
            key = (closing.kept(row["set_id"]), row["unit"], row["share"], row["part"])
            found.setdefault(key, []).append(
                (row["gas"], row["mass_g"], row["co2e_g"], row["is_in_scopes"])
            )
    return found


def instrument_of(row: Mapping[str, Any]) -> Instrument:
    return Instrument(**{name: row[name] for name in Instrument.__slots__})


def credit_of(row: Mapping[str, Any]) -> Credit:
    """A credit from its row of the ledger."""
    return Credit(**{name: row[name] for name in Credit.__slots__})
