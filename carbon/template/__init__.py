"""The workbook to fill in: what each site is to report in a year, laid out from the book itself.

`template_of` gives its sheets as plain data: topics that the book's sites, checklist and ledger
call for, headings with what they mean and what may be chosen, and a row for each bill that is
likely to come. `render.fillable` makes an XLSX of it, `readers` takes it back without a column map.
"""

from __future__ import annotations

from carbon.template.book import template_of
from carbon.template.model import Choice, Heading, Page, Row, Template
from carbon.template.topics import NAMED, TOPICS, Topic

__all__ = [
    "NAMED",
    "TOPICS",
    "Choice",
    "Heading",
    "Page",
    "Row",
    "Template",
    "Topic",
    "template_of",
]
