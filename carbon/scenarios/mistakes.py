"""A mistake in a scenario file, as every part of the package tells it."""

from __future__ import annotations

from collections.abc import Iterable

from carbon.errors import SettingsError, nearest


def mistake(
    scenario: str, file: str, says: str, word: str, known: Iterable[str], remedy: str = ""
) -> SettingsError:
    """word : what stands in the file and is wrong, or is near to what is `known`."""
    known = list(known)
    return SettingsError(
        "scenario",
        f"scenario {scenario!r} {says}",
        where=file,
        looked_for=", ".join(known),
        nearest=nearest(word, known),
        remedy=remedy or f"mend {word!r} in the file",
    )
