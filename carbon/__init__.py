"""A carbon ledger: Scope 1 and 2 inventories from activity data, projected against targets."""

from __future__ import annotations

__version__ = "0.1.0"
__all__ = ["Book", "CarbonError", "__version__"]


def __getattr__(name: str) -> object:
    """Heavy modules are imported when they are used."""
    if name == "Book":
        from carbon.book import Book

        return Book
    if name == "CarbonError":
        from carbon.errors import CarbonError

        return CarbonError
    raise AttributeError(f"module 'carbon' has no attribute {name!r}")
