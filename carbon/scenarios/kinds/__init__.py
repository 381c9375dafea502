"""The kinds of measures. Each has a module, and a line in `KINDS`.

`read` makes a measure of a table of a scenario file. A field that means nothing for the kind of
its measure is refused, for a number that is stated and not used looks as if it counted.
"""

from __future__ import annotations

from collections.abc import Mapping

from carbon.errors import nearest
from carbon.scenarios.kinds.avoided import Avoided
from carbon.scenarios.kinds.base import Added, Area, Measure, Stage
from carbon.scenarios.kinds.certificates import Certificates
from carbon.scenarios.kinds.closes import Closes
from carbon.scenarios.kinds.contracts import PPA, Supplier
from carbon.scenarios.kinds.credits import Credits
from carbon.scenarios.kinds.drives import Drives
from carbon.scenarios.kinds.efficiency import Efficiency
from carbon.scenarios.kinds.fleet import Fleet
from carbon.scenarios.kinds.growth import Growth
from carbon.scenarios.kinds.heat import Heat
from carbon.scenarios.kinds.opens import Opens
from carbon.scenarios.kinds.pue import PUE
from carbon.scenarios.kinds.pv import PV
from carbon.scenarios.kinds.refrigerant import Refrigerant
from carbon.scenarios.kinds.saving import Saving
from carbon.scenarios.kinds.station import Station
from carbon.scenarios.kinds.travel import Travel
from carbon.settings.reading import told

__all__ = ["KINDS", "Added", "Area", "Measure", "Stage", "fields_of", "read"]

KINDS: Mapping[str, type[Measure]] = {
    "growth": Growth,
    "opens": Opens,
    "closes": Closes,
    "efficiency": Efficiency,
    "station": Station,
    "drives": Drives,
    "saving": Saving,
    "heat": Heat,
    "pue": PUE,
    "pv": PV,
    "fleet": Fleet,
    "travel": Travel,
    "refrigerant": Refrigerant,
    "certificates": Certificates,
    "ppa": PPA,
    "supplier": Supplier,
    "credits": Credits,
    "avoided": Avoided,
}


def fields_of(kind: type[Measure]) -> list[str]:
    """The keys that a measure of a kind may have, its own first, by their names in its file."""
    fields = {name: field for name, field in kind.model_fields.items() if name not in kind.WITHOUT}
    own = [name for name in fields if name not in Measure.model_fields]
    return [fields[name].alias or name for name in dict.fromkeys([*own, *fields])]


def read(table: object) -> object:
    """A table of a scenario file as the measure it describes.

    Raises ValueError for a kind that is none, a key that means nothing for it, one that lacks.
    """
    if not isinstance(table, dict) or "kind" not in table:
        return table
    kind = KINDS.get(str(table["kind"]))
    if kind is None:
        near = nearest(str(table["kind"]), KINDS)
        raise told(
            f"{table['kind']!r} is not allowed for 'kind'",
            looked_for="one of " + ", ".join(KINDS),
            near=near,
            remedy=f"write {near!r}" if near else "write one of them",
        )
    known, who = fields_of(kind), f"measure {table.get('name')!r}"
    for key in table:
        if key not in known:
            raise _meaningless(kind, key, who)
    stated = set(table)
    needed = [
        (name,)
        for name, field in kind.model_fields.items()
        if field.is_required()
        and not (name in Measure.model_fields and Measure.model_fields[name].is_required())
    ]
    for group in (*needed, *kind.ONE_OF):
        words = tuple(kind.model_fields[name].alias or name for name in group)
        if len(stated & set(words)) != 1:
            fault = "states more than one of" if stated & set(words) else "needs"
            raise told(
                f"{who} of kind {table['kind']} {fault} {' or '.join(words)}",
                remedy=f"state {'one of them' if len(words) > 1 else words[0]} in it",
            )
    return kind.model_validate(table)


def _meaningless(kind: type[Measure], key: str, who: str) -> ValueError:
    """A key that a kind does not have, with what it has."""
    word = next(name for name, each in KINDS.items() if each is kind)
    others = [name for name, each in KINDS.items() if key in fields_of(each)]
    known = fields_of(kind)
    near = "" if others else nearest(key, known)
    remedy = f"write {near!r} instead of {key!r}" if near else "take the key out"
    if others:
        remedy += f"; it belongs to {', '.join(others)}"
    return told(
        f"{who}: {key!r} means nothing for {word}",
        looked_for=", ".join(known),
        near=near,
        remedy=remedy,
    )
