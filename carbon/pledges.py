"""What the targets said before: every version of the settings keeps its own.

`pledges` reads them off the ledger, so that a target that is moved or taken out is still judged
as it was meant. What stood for less than a day was a draft, and is left aside.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from carbon import settings
from carbon.errors import SettingsError
from carbon.run import Run
from carbon.settings import Target

DRAFT = timedelta(days=1)


@dataclass(frozen=True)
class Pledge:
    """A target as some versions of the settings said it, and when it was last said so."""

    target: Target
    until: datetime


def pledges(run: Run) -> list[Pledge]:
    """Targets that earlier versions said and this one does not, oldest first."""
    said: dict[str, dict[str, Target] | None] = {}  # by text of carbon.toml
    began: dict[str, tuple[Target, datetime]] = {}
    found: dict[str, Pledge] = {}
    for text, when in run.ledger.said_in("carbon.toml", run.setting_id):
        if text not in said:
            said[text] = _targets(text)
        now = said[text]
        if now is None:
            continue
        for key in began.keys() - now.keys():
            target, since = began.pop(key)
            if when - since >= DRAFT:
                found[key] = Pledge(target, when)
        began |= {key: (each, when) for key, each in now.items() if key not in began}
    gone = [each for key, each in found.items() if key not in began]
    return sorted(gone, key=lambda each: (each.until, each.target.name))


def _targets(text: str) -> dict[str, Target] | None:
    """The targets of a version by what they say; None of one that can no longer be read."""
    try:
        read = settings.read(text)
    except SettingsError:
        return None
    every = [meant(each, read.policy) for each in read.target]
    return {each.model_dump_json(): each for each in every}


def meant(target: Target, policy: settings.Policy) -> Target:
    """A target without what only explains it, and with the base year it takes from the policy."""
    base = policy.base_year_of(target) if target.kind == "reduction" else None
    return target.model_copy(update={"note": "", "base_year": base or None})


def of_target(target: Target, every: Iterable[Pledge], names: Iterable[str]) -> list[Pledge]:
    """The pledges a target is held against: its own, and those of its kind that were taken out.

    names : of the targets there are now.
    """
    known = set(names)
    return [
        each
        for each in every
        if each.target.name == target.name
        or (each.target.name not in known and each.target.kind == target.kind)
    ]
