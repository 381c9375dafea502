"""Verdicts and what they hang on: how often they hold, what moves them, where they turn."""

from __future__ import annotations

from collections.abc import Sequence

from carbon import outlook, sensitivity
from carbon.book.answers import Answers
from carbon.tables import Table
from carbon.targets import Verdict


class Foreseeing(Answers):
    """What a book says of how sure its years ahead are."""

    def targets(
        self, *scenarios: str, draws: int | None = None, seed: int = sensitivity.SEED
    ) -> list[tuple[str, Verdict]]:
        """The verdict on every target under each scenario; all scenarios where none is named.

        draws : in how many joint draws each is tried for its probability; None for none, since that
            takes seconds. With the same seed it is that of `sensitivity`.
        """
        if draws is not None:
            sensitivity.refuse(draws, seed, "targets")
        alike = self._like_for_like()
        with self._looking_ahead(scenarios) as run:
            found = outlook.verdicts(run, self.today, alike)
            if draws is not None:
                found = sensitivity.with_chances(run, found, draws, seed, self.today, alike)
        return found

    def sensitivity(
        self,
        scenario: str,
        targets: Sequence[str] = (),
        draws: int = sensitivity.DRAWS,
        seed: int = sensitivity.SEED,
    ) -> list[Table]:
        """How often the targets hold under a scenario when all it assumes may be off, what moves
        each most, and at which values it turns.

        targets : names; by default all.
        draws, seed : of the Monte Carlo simulation; the same seed gives the same shares.
        """
        asked = sensitivity.Asked(scenario, tuple(targets), draws, seed)
        alike = self._like_for_like()
        with self.run([scenario]) as run:
            return sensitivity.tables(sensitivity.study(run, asked, self.today, alike))
