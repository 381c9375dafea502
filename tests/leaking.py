"""A book of refrigerants, logged line by line: appliances, services and stocks at site `hq`."""

from __future__ import annotations

from functools import partial

import books

from carbon.book import Book

HQ = '[[site]]\nname = "hq"\nregion = "{region}"\n'
POUND_KG = "0.45359237"


def kept(make, *lines: str, policy: str = "", region: str = "CN-ZJ") -> Book:
    """A book with these lines, and `policy` as the text of [policy].

    unit ID KIND REFRIGERANT CHARGE INSTALLED [retired=DAY] [charged=WHERE]
    EVENT of UNIT DAY MASS
    EVENT REFRIGERANT DAY MASS

    A kind is written with _ for a blank, a mass like 5kg or 1.5lb.
    """
    said = f"[policy]\n{policy}\n" if policy else ""
    place = HQ.format(region=region)
    book = make(said, place, bills={})
    for number, line in enumerate(lines, start=1):
        key = ("logged", said, place, *lines[:number])
        books.kept(key, book.folder, partial(log, book, line, number))
    return book


def log(book: Book, line: str, number: int = 99) -> None:
    words = line.split()
    if words[0] == "unit":
        _, name, kind, refrigerant, charge, installed, *more = words
        fields = {"equipment_id": name, "site": "hq", "kind": kind.replace("_", " ")}
        fields |= {"refrigerant": refrigerant, "charge": charge[:-2], "unit": charge[-2:]}
        fields |= {"installed_on": installed}
        for each in more:
            key, _, value = each.partition("=")
            fields["retired_on" if key == "retired" else key] = value
        layout = "equipment"
    elif words[1] == "of":
        event, _, name, day, mass = words
        fields = {"service_id": f"s{number}", "equipment_id": name, "event": event}
        fields |= {"serviced_on": day, "mass": mass[:-2], "unit": mass[-2:]}
        layout = "service"
    else:
        event, refrigerant, day, mass = words
        fields = {"stock_id": f"k{number}", "site": "hq", "refrigerant": refrigerant}
        fields |= {"event": event, "happened_on": day, "mass": mass[:-2], "unit": mass[-2:]}
        layout = "refrigerant_stock"
    report = book.log(layout, fields)
    assert [each for each in report.problems if each.severity == "error"] == []


def results(book: Book, year: str = "2023") -> dict:
    """Of each method: what leaked [kg], None where its evidence is missing."""
    return {row["method"]: row["mass_kg"] for row in book.refrigerants(year).rows}


def used(book: Book, year: str = "2023") -> str:
    return next((row["method"] for row in book.refrigerants(year).rows if row["used"]), "")
