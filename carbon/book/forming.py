"""The form: the page of a month at a site, and what is typed into it."""

from __future__ import annotations

from carbon import settings
from carbon.book.correcting import Correcting
from carbon.errors import UsageError, nearest
from carbon.form import Form, Page, page_of
from carbon.inputs import later


class Forming(Correcting):
    """What a book does for its form."""

    def form(self, site: str = "", month: str = "") -> Form:
        """The form of a month at a site, to be filled in; `carbon form` draws it.

        site : by default the first of the book.
        month : like 2023-07; by default the last one that is over.
        """
        return Form(self, site, month)

    def page(self, site: str = "", month: str = "") -> Page:
        """A month at a site line by line, as the ledger stands now."""
        said = self.settings
        places = said.sites()
        site = site or next(iter(places), "")
        if site not in places:
            raise UsageError(
                "unknown-site",
                f"no site is called {site!r}" if site else "carbon.toml names no site",
                looked_for=", ".join(places),
                nearest=nearest(site, places),
                remedy="name one of them" if places else "add one as [[site]]",
            )
        number = _month(month) if month else later(self.today.year * 100 + self.today.month, -1)
        with self._ledger() as ledger:
            rows, closed = ledger.months_at(site), ledger.closings()
            words = self._vocabulary(ledger)
        return page_of(rows, said, self.library, words, site, number, self.today, closed)


def _month(text: str) -> int:
    try:
        return settings.month_number(text)
    except ValueError as fault:
        raise UsageError("not-a-month", str(fault), remedy="write it like 2023-07") from None
