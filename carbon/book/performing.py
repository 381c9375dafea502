"""Performance: indicators beside the inventory."""

from __future__ import annotations

from collections.abc import Sequence

from carbon import indicators
from carbon.book.folder import Folder, year_of
from carbon.tables import Table


class Performing(Folder):
    """What a book says of its performance."""

    def indicators(self, years: Sequence[str] = (), site: str = "") -> Table:
        """Water, packaging, waste and the like by year, with change and intensity; of the whole
        organisation, or of one site."""
        wanted = [year_of(each, "carbon indicators 2022 2023") for each in years]
        with self.run() as run:
            return indicators.indicators(run, wanted, site)
