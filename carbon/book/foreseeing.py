"""What verdicts hang on: the assumptions that move them, where they turn, how often they hold."""

from __future__ import annotations

from collections.abc import Sequence

from carbon import sensitivity
from carbon.book.answers import Answers
from carbon.tables import Table


class Foreseeing(Answers):
    """What a book says of how sure its years ahead are."""

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
