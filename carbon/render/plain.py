"""Text as data: what a book holds is printed, never obeyed.

`Text` is rich's, without markup and with every control character made visible, so that a note
cannot move the cursor, rename the window or hide a figure.
"""

from __future__ import annotations

from typing import Any

from rich.text import Text as RichText

from carbon.errors import visible


class Text(RichText):
    """A text that gives the terminal no orders."""

    def __init__(self, text: str = "", *more: Any, **options: Any) -> None:
        super().__init__(visible(text), *more, **options)
