"""Neutrality as an account: gross, what certificates cover, what credits offset, and the rest.

`neutrality` gives the accounts of a year, or of all from the target's on, under each scenario:
which units count and which are missing, by when and at what price, and what of it is really
reduced. `docs/neutrality.md` explains each line. No figure of an inventory is made here.
"""

from __future__ import annotations

from datetime import date

from carbon.base_year import Comparison
from carbon.errors import CarbonError
from carbon.inventory import year_totals
from carbon.neutrality.account import accounts
from carbon.neutrality.tables import shown, tables
from carbon.run import CONSTANT, Run
from carbon.tables import Table

__all__ = ["neutrality", "shown"]


def neutrality(
    run: Run, today: date, year: int = 0, alike: Comparison | None = None
) -> list[Table]:
    """Years, accounts, units and missing units.

    year : 0 for all years from that of the neutrality target on.

    Raises CarbonError for a year that is neither recorded nor projected.
    """
    known = sorted({of for name, of in year_totals(run) if not name.endswith(CONSTANT)})
    aims = [each.year for each in run.settings.target if each.kind == "neutral"]
    first = min(aims, default=known[0] if known else 0)
    wanted = [of for of in known if of == year] if year else [of for of in known if of >= first]
    if not wanted:
        raise CarbonError(
            "no-figure",
            f"{year or first} is neither recorded nor projected: there is no account to give",
            looked_for=f"reporting year {year or first}, of the ledger or a scenario",
            nearest=", ".join(map(str, known)),
            remedy="write a scenario whose horizon reaches it (docs/scenarios.md)"
            if year or first
            else "carbon import FILE... or carbon log",
        )
    return tables(run, accounts(run, wanted, today, alike), today)
