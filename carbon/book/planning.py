"""Planning: the least-cost choice of a scenario's measures that meets the targets."""

from __future__ import annotations

import re
from dataclasses import replace

from carbon import abatement
from carbon.abatement import Asked
from carbon.book.answers import Answers
from carbon.book.folder import year_of
from carbon.errors import UsageError
from carbon.tables import Table


class Planning(Answers):
    """What a book plans."""

    def measures(self, scenario: str, period: str = "") -> list[Table]:
        """What each measure of a scenario does in a year, alone and in its order, what they lose
        together, and where they stand by area, stage and status.

        period : a planned year; by default that of the next target, else the horizon.
        """
        year = year_of(period, f"carbon measures {scenario} 2030") if period else 0
        with self.run([scenario]) as run:
            known = abatement.together(run, run.scenarios[scenario], self.today, year)
        return abatement.measure_tables(known)

    def plan(self, asked: Asked, write: str = "") -> list[Table]:
        """What to do, from when, and what to buy, so that every target is met at least cost; or,
        where nothing does, what stands in the way.

        write : the name of a scenario to write the plan down as.

        Raises CarbonError where the scenario states no cost of anything that is open, or where a
        scenario to write is there already.
        """
        path = self.folder / "scenarios" / f"{write}.toml"
        if write and not re.fullmatch(r"[\w-]+", write):
            raise UsageError(
                "not-a-name",
                f"{write!r} cannot name a scenario file",
                looked_for="letters, digits, _ and -",
                remedy="--write plan-2030",
            )
        if write and (path.exists() or write in self.scenarios):
            raise UsageError(
                "scenario-exists",
                f"there is a scenario {write!r} already",
                where=str(path),
                remedy="name another one, or delete the file first",
            )
        names = dict.fromkeys([asked.scenario, *([asked.against] if asked.against else [])])
        alike = self._like_for_like()
        with self.run(list(names)) as run:
            plan = abatement.make(run, asked, self.today, alike)
        told = abatement.tables(plan)
        if not write:
            return told
        said = "Nothing was written, since this is no plan."
        if not told[0].is_blocked:
            path.parent.mkdir(exist_ok=True)
            path.write_text(abatement.text(plan, write), encoding="utf-8")
            said = f"Written as scenarios/{write}.toml: carbon project {write}."
        return [replace(told[0], notes=[*told[0].notes, said]), *told[1:]]
