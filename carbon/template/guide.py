"""What the first sheet of a template says: how it is filled in, and which sheets there are."""

from __future__ import annotations

from carbon.errors import counted
from carbon.template.model import Template


def steps(template: Template) -> list[tuple[str, str]]:
    """What to do, in the order it is done."""
    first, last = template.first, template.last
    return [
        (
            "1. Type",
            f"A row is a bill from {first} to {last}. Type what it says into the yellow cells;"
            " the pale ones may stay blank. A note on each heading says what is meant.",
        ),
        (
            "2. Leave out",
            "A row without a figure is left out and does no harm. Where nothing was used, write 0.",
        ),
        (
            "3. Other days",
            "Where a bill does not follow the month, fill in start and end as well: they are read"
            " instead.",
        ),
        (
            "4. Add",
            "What has no row goes below the others. Sites, meters, activities and units are chosen"
            " from lists; a site or meter that is not there must be added to the book first.",
        ),
        (
            "5. Compare",
            f"The grey columns show {template.year - 1} for comparison; they are not read back."
            " A change of more than a half is marked. Rows in green are recorded already.",
        ),
        (
            "6. Send back",
            "Keep the headings and the line above them, save the workbook and send it back. It is"
            " read by: carbon import FILE. It may be sent again with more filled in: only what is"
            " new is added, and a changed figure is offered as a correction.",
        ),
    ]


def contents(template: Template) -> list[tuple[str, str]]:
    """The sheets, each with how many rows wait to be filled in."""
    return [
        (
            page.topic.title,
            page.topic.about
            + (f" {counted(page.open_rows, 'row')} laid out." if page.open_rows else ""),
        )
        for page in template.pages
    ]
