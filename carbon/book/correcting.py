"""Taking back: entries corrected, withdrawn, and what was done undone. Nothing is overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from carbon import readers
from carbon.book.folder import user
from carbon.book.recording import Recording
from carbon.errors import ImportRefused, LedgerError, nearest
from carbon.ledger import KEYS, Ledger
from carbon.ledger.rows import name_of, record_key

WITHDRAWN = "is withdrawn: it stays, and counts no longer."


@dataclass(frozen=True)
class Corrected:
    """A correction: the number of the entry that counts now, and what was done in words."""

    entry_id: int
    said: str

    def __str__(self) -> str:
        return self.said


class Correcting(Recording):
    """What a book does to take back what it recorded."""

    def correct(
        self,
        entry_id: int,
        quantity: str | None = None,
        unit: str | None = None,
        note: str | None = None,
        quality: str | None = None,
        evidence: str | None = None,
    ) -> Corrected:
        """Supersede an entry by one that says something else; what is not given stays."""
        with self._ledger() as ledger:
            old = ledger.entry(entry_id)
            said = fields_of(old)
            given = {"quantity": quantity, "unit": unit, "note": note}
            given |= {"quality": quality, "evidence": evidence}
            said |= {name: text for name, text in given.items() if text is not None}
            new_id = self._supersede(ledger, old, said, note or "")
        return Corrected(
            new_id,
            f"Entry {entry_id} ({_amount(old)}) is superseded by entry {new_id}"
            f" ({said['quantity']} {said['unit']}).",
        )

    def take_back(self, entry_id: int, before: int = 0, note: str = "") -> Corrected:
        """Take back an entry: withdrawn, or superseded by what an earlier entry of its chain said.

        Raises LedgerError where something else has superseded it meanwhile.
        """
        with self._ledger() as ledger:
            entry = ledger.entry(entry_id)
            what = f"Entry {entry_id} ({_amount(entry)})"
            if not before:
                ledger.withdraw(entry_id, by=user(), note=note)
                return Corrected(0, f"{what} {WITHDRAWN}")
            old = ledger.entry(before)
            if old["chain_id"] != entry["chain_id"]:
                raise LedgerError(
                    "another-chain",
                    f"entry {entry_id} does not go back to entry {before}",
                    looked_for=f"an entry that {entry_id} superseded",
                    remedy="`carbon entries --everything` shows what superseded what",
                )
            new_id = self._supersede(ledger, entry, fields_of(old), note)
        return Corrected(
            new_id,
            f"{what} is superseded by entry {new_id}, which says again what entry {before} said"
            f" ({_amount(old)}).",
        )

    def _supersede(
        self, ledger: Ledger, old: Mapping[str, Any], said: Mapping[str, str], note: str
    ) -> int:
        """Record what an entry should have said, read like any other line; gives its number."""
        filled = {name: text for name, text in said.items() if text}
        read = readers.understand("activity", readers.one_row(filled), self._vocabulary(ledger))
        if not read.records:
            raise ImportRefused(
                read.problems,
                message=f"entry {old['entry_id']} was not corrected",
                remedy="mend the values given",
            )
        outcome = ledger.correct(
            old["entry_id"], read.records[0], read.unit_table, by=user(), note=note
        )
        return outcome.entry_ids[0]

    def withdraw(self, name: int | str, note: str = "") -> str:
        """Take back an entry by its number, or another record by its id, or by what names it
        ('people 2023'); says what was done. Raises LedgerError where there is none."""
        with self._ledger() as ledger:
            if str(name).isdecimal():
                old = ledger.entry(int(name))
                ledger.withdraw(int(name), by=user(), note=note)
                what = f"Entry {name} ({_amount(old)})"
            else:
                table, key = _record_of(ledger, str(name))
                ledger.withdraw_record(table, key, by=user(), note=note)
                what = f"{table.capitalize().replace('_', ' ')} {name}"
        return f"{what} {WITHDRAWN}"


def _record_of(ledger: Ledger, name: str) -> tuple[str, tuple[Any, ...]]:
    """The table and key of whatever is known by this id."""
    known: dict[str, tuple[str, tuple[Any, ...]]] = {}
    for table in KEYS:
        keys = [record_key(table, row) for row in ledger.current(table)]
        known |= {name_of(key): (table, key) for key in keys}
    if name not in known:
        raise LedgerError(
            "no-record",
            f"nothing current has the id {name!r}",
            looked_for="certificates, credits, claims, appliances and other records",
            nearest=nearest(name, known),
            remedy="carbon entries lists the numbers of entries",
        )
    return known[name]


def fields_of(entry: Mapping[str, Any]) -> dict[str, str]:
    """What an entry says, field by field as a line says it."""
    said = {
        name: str(entry[name] if entry[name] is not None else "")
        for name in ("site", "meter", "activity", "detail", "quality", "evidence", "note")
    }
    if entry["uncertainty_pct"] is not None:
        said["uncertainty"] = format(entry["uncertainty_pct"].normalize(), "f")
    return said | {
        "start": str(entry["start_on"]),
        "end": str(entry["end_on"]),
        "quantity": format(entry["quantity"].normalize(), "f"),
        "unit": entry["unit"],
    }


def _amount(entry: Mapping[str, Any]) -> str:
    quantity = f"{entry['quantity'].normalize():f} {entry['unit']}"
    return f"{quantity} of {entry['activity']} at {entry['site']}"
