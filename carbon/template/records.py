"""The rows of records that are known by an id: appliances, service, stock, denominators."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from carbon.ledger import Ledger
from carbon.settings import METRICS
from carbon.template.lines import later
from carbon.template.model import Row

STANDARD = {"people": "person", "floor_area": "m2", "it_energy": "kWh"}  # units of metrics


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


def denominators(
    ledger: Ledger, owners: Collection[str], year: int, months: Sequence[int]
) -> Iterator[Row]:
    """Denominators as last year's, by year or month; where there are none, those everybody has.

    owners : the sites they are of, '' for the organisation.
    """
    held = {
        (each["metric"], each["site"], each["period"]): each
        for each in ledger.current("denominator")
        if each["site"] in owners
    }
    before = {key: each for key, each in held.items() if _ahead(key[2]) in (year, *months)}
    keys = {(metric, site, _ahead(period)) for metric, site, period in before}
    keys |= {key for key in held if key[2] in (year, *months)}
    for metric, site, period in sorted(keys, key=lambda key: (METRICS.index(key[0]), *key)):
        old, new = before.get((metric, site, _behind(period))), held.get((metric, site, period))
        said: dict[str, Any] = {"metric": metric, "site": site, "period": _told(period)}
        said |= {"before": old["quantity"], "before_unit": old["unit"]} if old else {}
        if new:
            said |= {name: new[name] for name in ("quantity", "unit", "evidence", "note")}
        elif old:
            said |= {"unit": old["unit"]}
        yield Row(said, is_recorded=new is not None)
    for site in () if keys else [""] if "" in owners else owners:
        for metric in METRICS:
            said = {"metric": metric, "site": site, "period": str(year)}
            yield Row(said | {"unit": STANDARD.get(metric, "")})


def _ahead(period: int) -> int:
    return later(period, 12) if period > 9999 else period + 1


def _behind(period: int) -> int:
    return later(period, -12) if period > 9999 else period - 1


def _told(period: int) -> str:
    return f"{period // 100}-{period % 100:02d}" if period > 9999 else str(period)
