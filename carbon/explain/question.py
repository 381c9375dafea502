"""The name of a figure, understood: 'scope2-location 2022 xinzhou-tower path', 'entry 17'."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from carbon import leakage
from carbon.errors import UsageError, nearest
from carbon.inputs import ACTUAL
from carbon.run import Run

LINES = {
    "scope1": ("scope1", "all"),
    "scope2": ("scope2", "location"),
    "scope2-location": ("scope2", "location"),
    "scope2-market": ("scope2", "market"),
    "scope3": ("scope3", "all"),
    "outside": ("outside", "all"),
    "energy": ("energy", "all"),
}
TITLES = {
    "scope1": "Scope 1",
    "scope2-location": "Scope 2, location-based",
    "scope2": "Scope 2, location-based",
    "scope2-market": "Scope 2, market-based",
    "scope3": "Scope 3",
    "outside": "Outside the scopes",
    "energy": "Energy in standard coal",
}


@dataclass(frozen=True)
class Question:
    """A figure, understood. Empty parts ask for everything."""

    line: str = ""
    year: int = 0
    month: int = 0
    site: str = ""
    activity: str = ""
    scenario: str = ACTUAL
    entry_id: int = 0


def question(text: str, run: Run) -> Question:
    """What a figure's name asks for. Raises CarbonError for a word that means nothing."""
    found: dict[str, Any] = {}
    places, activities = run.settings.sites(), {*run.library.methods, *leakage.ACTIVITIES}
    words = text.split()
    if len(words) == 2 and words[0] == "entry" and words[1].isdecimal():
        return Question(entry_id=int(words[1]))
    for word in words:
        if word.lower() in LINES:
            found["line"] = word.lower()
        elif re.fullmatch(r"\d{4}", word):
            found["year"] = int(word)
        elif re.fullmatch(r"\d{4}-\d{2}", word):
            found["month"] = int(word.replace("-", ""))
        elif word in places:
            found["site"] = word
        elif word in activities:
            found["activity"] = word
        elif word in run.scenarios:
            found["scenario"] = word
        else:
            known = [*LINES, *places, *activities, *run.scenarios]
            raise UsageError(
                "unknown-figure",
                f"{word!r} names no line, year, site, activity or scenario",
                looked_for=", ".join(LINES) + ", a year, a month, a site, an activity",
                nearest=nearest(word, known),
                remedy="write for example: carbon explain scope2-location 2022",
            )
    if "line" not in found:
        raise UsageError(
            "unknown-figure",
            "the figure names no line to explain",
            looked_for=", ".join(LINES),
            remedy="write for example: carbon explain scope2-location 2022",
        )
    return Question(**found)
