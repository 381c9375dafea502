"""The rows of appliances, their service, stock of refrigerant, denominators and indicators."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from carbon.inputs import later
from carbon.ledger import Ledger
from carbon.template.model import Row

STANDARD = {"people": "person", "floor_area": "m2", "revenue": ""}  # metrics, with their unit


def appliances(ledger: Ledger, sites: Collection[str]) -> Iterator[Row]:
    """The register as it stands."""
    for each in ledger.current("equipment"):
        if each["site"] in sites:
            said = {name: each[name] for name in EQUIPMENT}
            said |= {"charge": each["charge_kg"], "unit": "kg"}
            yield Row(said, is_recorded=True)


EQUIPMENT = (
    "equipment_id",
    "site",
    "kind",
    "refrigerant",
    "installed_on",
    "retired_on",
    "charged",
    "note",
)


def service(ledger: Ledger, sites: Collection[str], first: date, last: date) -> Iterator[Row]:
    """Visits of the year, and a row for the next one at each appliance in use."""
    taken = {each["service_id"] for each in ledger.current("service")}
    of: dict[str, list[dict[str, Any]]] = {}
    for each in ledger.current("service"):
        of.setdefault(each["equipment_id"], []).append(each)
    for appliance in ledger.current("equipment"):
        name = appliance["equipment_id"]
        if appliance["site"] not in sites or _is_gone(appliance, first):
            continue
        for each in sorted(of.get(name, []), key=lambda row: row["serviced_on"]):
            if first <= each["serviced_on"] <= last:
                said = {key: each[key] for key in SERVICE}
                yield Row(said | {"mass": each["mass_kg"], "unit": "kg"}, is_recorded=True)
        new = _free(f"{name}-{last.year}", taken)
        yield Row({"service_id": new, "equipment_id": name, "unit": "kg"})


SERVICE = ("service_id", "equipment_id", "event", "serviced_on", "evidence", "note")


def _is_gone(appliance: Mapping[str, Any], first: date) -> bool:
    return appliance["retired_on"] is not None and appliance["retired_on"] < first


def stock(ledger: Ledger, sites: Collection[str], first: date, last: date) -> Iterator[Row]:
    """What happened to the stock in the year, and the count at its end."""
    held = [each for each in ledger.current("refrigerant_stock") if each["site"] in sites]
    taken = {each["stock_id"] for each in held}
    counted = set()
    for each in held:
        if first <= each["happened_on"] <= last:
            said = {key: each[key] for key in STOCK}
            yield Row(said | {"mass": each["mass_kg"], "unit": "kg"}, is_recorded=True)
            if each["event"] == "count" and each["happened_on"] == last:
                counted.add((each["site"], each["refrigerant"]))
    for site, refrigerant in sorted({(each["site"], each["refrigerant"]) for each in held}):
        if (site, refrigerant) not in counted:
            new = _free(f"{site}-{refrigerant}-{last.year}", taken)
            said = {"stock_id": new, "site": site, "refrigerant": refrigerant, "unit": "kg"}
            yield Row(said | {"event": "count", "happened_on": last})


STOCK = ("stock_id", "site", "refrigerant", "event", "happened_on", "evidence", "note")


def _free(name: str, taken: set[str]) -> str:
    """A name nobody has: with a number after it."""
    number = 1
    while f"{name}-{number}" in taken:
        number += 1
    taken.add(f"{name}-{number}")
    return f"{name}-{number}"


def by_period(
    ledger: Ledger,
    table: str,
    names: Sequence[str],
    owners: Collection[str],
    year: int,
    months: Sequence[int],
) -> Iterator[Row]:
    """Denominators or indicators as last year's, by year or month.

    names : what besides site and period makes two of them the same.
    owners : the sites they are of, '' for the organisation.
    """
    held = {
        (*(each[name] for name in names), each["site"], each["period"]): each
        for each in ledger.current(table)
        if each["site"] in owners
    }
    before = {key: each for key, each in held.items() if _ahead(key[-1]) in (year, *months)}
    keys = {(*key[:-1], _ahead(key[-1])) for key in before}
    keys |= {key for key in held if key[-1] in (year, *months)}
    for key in sorted(keys):
        old, new = before.get((*key[:-1], _behind(key[-1]))), held.get(key)
        said: dict[str, Any] = dict(zip((*names, "site"), key[:-1], strict=True))
        said["period"] = _told(key[-1])
        said |= {"before": old["quantity"], "before_unit": old["unit"]} if old else {}
        known = new or old or {}
        said |= {name: known[name] for name in ("unit", "coverage") if name in known}
        said |= {name: new[name] for name in SAID if name in new} if new else {}
        said["quality"] = said.get("quality", "").replace("unstated", "")
        yield Row(said, is_recorded=new is not None)


SAID = ("quantity", "quality", "evidence", "note")


def usual(owners: Collection[str], year: int) -> Iterator[Row]:
    """The denominators of a book that has none yet."""
    for site in [""] if "" in owners else owners:
        for metric, unit in STANDARD.items():
            yield Row({"metric": metric, "site": site, "period": str(year), "unit": unit})


def _ahead(period: int) -> int:
    return later(period, 12) if period > 9999 else period + 1


def _behind(period: int) -> int:
    return later(period, -12) if period > 9999 else period - 1


def _told(period: int) -> str:
    return f"{period // 100}-{period % 100:02d}" if period > 9999 else str(period)
