"""The running year to its end: months so far, months to come by their season, and how sure that is.

`nowcast` computes a year whose months are not all known, through the SQL of the inventory, beside
the years before as they would have been told at the same time of the year. `docs/nowcast.md` says
how the months to come are estimated and what the interval means. No figure of it enters the ledger
or the inventory.
"""

from __future__ import annotations

from datetime import date

from carbon.nowcast.tables import shown, tables
from carbon.nowcast.year import make
from carbon.run import Run
from carbon.tables import Table

__all__ = ["nowcast", "shown"]


def nowcast(
    run: Run, today: date, year: int = 0, until: int = 0, backtest: bool = False
) -> list[Table]:
    """The tables of a nowcast: lines, drivers, series, and where asked how good it was before.

    year : 0 for the running one.
    until : the last month that counts as known, 0 for the last one recorded.

    Raises CarbonError where there is nothing to go by, or nothing to expect.
    """
    month = today.year * 100 + today.month
    return tables(make(run, year, until, month, is_tested=backtest), backtest)
