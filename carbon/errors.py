"""What can go wrong, said so that a person can mend it.

A `CarbonError` stops the work: the command or the book cannot be understood. A `Problem`
is a fault in the data: it is collected, stored in the relation `problem` and reported
together with all the others. Both print in one form: what, where, what was looked for,
what is near, what to do.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal


class CarbonError(Exception):
    """A fault that stops the work; its text is the whole message a person reads.

    code : the short name of the fault, as in ``error[unknown-unit]``.
    message : what is wrong, in one sentence.
    where : file and row, or table and key.
    looked_for : what was tried, in order.
    nearest : the valid word or value closest to what was found.
    remedy : what to do; a command where there is one.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        where: str = "",
        looked_for: str = "",
        nearest: str = "",
        remedy: str = "",
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.where = where
        self.looked_for = looked_for
        self.nearest = nearest
        self.remedy = remedy

    def __str__(self) -> str:
        return told(
            "error", self.code, self.message, self.where, self.looked_for, self.nearest, self.remedy
        )


class UsageError(CarbonError):
    """A command that cannot be carried out as it was given; the data has no part in it."""


class UnitError(CarbonError):
    """A unit that is unknown, ambiguous or of the wrong dimension."""


class FactorError(CarbonError):
    """An emission factor or edition that is missing, malformed or out of range."""


class SettingsError(CarbonError):
    """A mistake in `carbon.toml` or a scenario file."""


class BelowZero(SettingsError):
    """Plans that leave less than nothing of what is used. The message is of the first of them.

    scenarios : the names of all of them, of those computed together.
    """

    def __init__(self, message: str, scenarios: Iterable[str], **parts: str) -> None:
        super().__init__("plan-below-zero", message, **parts)
        self.scenarios = frozenset(scenarios)


class LedgerError(CarbonError):
    """A change the ledger refuses: a missing entry, a second withdrawal, a locked book."""


class ImportRefused(CarbonError):
    """A file that holds blocking faults; nothing of it was recorded. `problems` lists them all."""

    def __init__(self, problems: list[Problem], **parts: str) -> None:
        super().__init__("import-refused", **parts)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join([*(str(problem) for problem in self.problems), super().__str__()])


@dataclass(frozen=True)
class About:
    """What a finding is about, so that its tonnes can be told. Empty parts mean all there is.

    how : ``counted`` weighs what its months emit, ``recorded`` what is recorded in them and counts
        nowhere, ``missing`` what they would usually emit.
    quantity : so much of the activity instead, in its canonical unit.
    entry_id : this entry instead.
    """

    site: str = ""
    meter: str = ""
    activity: str = ""
    months: frozenset[int] = frozenset()
    first: int = 0  # or all months from a first
    last: int = 0  # to a last one
    set_id: str = ""
    how: Literal["counted", "recorded", "missing"] = "counted"
    quantity: Decimal | None = None
    entry_id: int = 0


@dataclass(frozen=True, order=True)
class Problem:
    """A fault found in the data. Grain: one per fault; `more` counts further rows of the same.

    severity : ``error`` blocks an answer, ``warning`` stands beside it, ``note`` informs.
    mass_t : emissions at stake, None where they cannot be told. [t CO2e]
    about : whose emissions these are, where they are still to be weighed.
    """

    code: str
    severity: str
    message: str
    where: str = ""
    looked_for: str = ""
    nearest: str = ""
    remedy: str = ""
    entry_id: int = 0
    file: str = ""
    row: int = 0
    more: int = 0
    mass_t: Decimal | None = None
    acknowledged: str = ""  # by whom, when and why it stands, '' while it is open
    about: Sequence[About] = field(default=(), compare=False, repr=False)

    @property
    def finding_id(self) -> str:
        """A name for this very finding: another figure in its message makes it another finding.

        >>> Problem("gap", "warning", "hq has no electricity for 2023-05").finding_id
        'f9e7e7ec'
        """
        said = "\0".join((self.code, self.message, self.file, str(self.row)))
        return "f" + hashlib.sha256(said.encode()).hexdigest()[:7]

    def __str__(self) -> str:
        return told(
            self.severity,
            self.code,
            self.message,
            self.place(),
            self.looked_for,
            self.nearest,
            self.remedy,
            self.stake,
        )

    @property
    def stake(self) -> str:
        """The emissions at stake in words, '' where they cannot be told."""
        if self.mass_t is None:
            return ""
        places = 1 if self.mass_t >= 1 else 3
        return f"about {self.mass_t:,.{places}f} t CO2e" if self.mass_t else "nothing, 0 t CO2e"

    def place(self) -> str:
        """File and row where they are known, then whatever else says where."""
        spot = ""
        if self.file:
            spot = f"{self.file}, row {self.row}" if self.row else self.file
            if self.more:
                spot += f" (and {self.more} more row{'s' if self.more > 1 else ''})"
        return "\n".join(part for part in (spot, self.where) if part)


def told(
    severity: str,
    code: str,
    message: str,
    where: str = "",
    looked_for: str = "",
    nearest: str = "",
    remedy: str = "",
    stake: str = "",
) -> str:
    """The one form in which every fault is printed."""
    lines = [f"{severity}[{code}]: {message}"]
    lines += [f"  {line}" for line in where.splitlines()]
    lines += [f"  Looked for {looked_for}."] if looked_for else []
    lines += [f"  Nearest: {nearest}."] if nearest else []
    lines += [f"  At stake: {stake}"] if stake else []
    lines += [f"  To fix: {remedy}"] if remedy else []
    return visible("\n".join(lines))


# A terminal obeys control characters; data must not be able to give it orders.
CONTROLS = {
    code: "\N{REPLACEMENT CHARACTER}"
    for code in (*range(32), *range(127, 160))
    if chr(code) not in "\n\t"
}


def visible(text: str) -> str:
    """A text with every control character but line breaks and tabs made visible."""
    return text.translate(CONTROLS)


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word closest to what was typed, or nothing where none is close.

    One that differs in capitals alone is the closest; of several, that which comes first.

    >>> nearest("r-410a", ["R-410B", "R-410A"])
    'R-410A'
    """
    by_lower: dict[str, str] = {}
    for name in known:
        by_lower.setdefault(name.lower(), name)
    if word.strip().lower() in by_lower:
        return by_lower[word.strip().lower()]
    close = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[close[0]] if close else ""


def counted(count: int, one: str, many: str = "") -> str:
    """A number of things, in words: '1 month', '1,200 months', '2 entries'."""
    return f"{count:,} {one}" if count == 1 else f"{count:,} {many or one + 's'}"
