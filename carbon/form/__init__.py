"""The form: a month at a site filled in line by line, with what is known of each line beside it.

`page` says what lines there are and what is recorded of them, `filling` holds what is typed, judges
it and records it through the book, `app` draws it in a terminal with Textual, and `serve` shows
the same to a browser on this machine. Only the last two need more than the program itself.
"""

from carbon.form.filling import Form
from carbon.form.page import Line, Page, page_of

__all__ = ["Form", "Line", "Page", "page_of"]
