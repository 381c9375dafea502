"""Which columns may a file have? Writes `docs/columns.md` from `carbon/layouts.py`.

To add a column: write it there with what it says, read it in `carbon/readers`, and run

    python docs/list_layouts.py
"""

from __future__ import annotations

from pathlib import Path

from carbon.layouts import LAYOUTS, Layout

PAGE = Path(__file__).with_name("columns.md")
HEAD = """# The columns of a file

Written by `python docs/list_layouts.py` from `carbon/layouts.py`; do not edit. A test holds it
to that.

A file is told by the column that no other layout has, in **bold**; the order of the columns does
not matter. `carbon log` takes the same as options (`--claim-year` for `claim_year`). What is needed
is marked; of the ways to say a period one is needed, in a file and on the command line. An activity
file whose `start` has a time of day holds [readings](files.md#readings), and needs no `end`.
"""


def page_text() -> str:
    """The page."""
    parts = [HEAD]
    for layout in LAYOUTS.values():
        verb = "log" if layout.name == "activity" else f"log {layout.name.replace('_', '-')}"
        how = "In files alone" if layout.is_of_several_lines else f"`carbon {verb}`"
        parts.append(f"\n## {layout.name}\n\n{how}. {layout.about}\n")
        parts.append("\n| column | needed | what it says |\n|---|---|---|\n")
        for name, says in layout.says.items():
            shown = f"**`{name}`**" if name == layout.key else f"`{name}`"
            parts.append(f"| {shown} | {_needed(layout, name)} | {says} |\n")
        if layout.parts:
            listed = ", ".join(f"`{name}`" for name in layout.parts)
            parts.append(f"\nIn a file the quantity may be worked out of {listed} instead.\n")
    return "".join(parts)


def _needed(layout: Layout, name: str) -> str:
    if name in layout.required:
        return "yes"
    return "one of the periods" if any(name in group for group in layout.periods) else ""


if __name__ == "__main__":
    PAGE.write_text(page_text(), encoding="utf-8", newline="\n")
