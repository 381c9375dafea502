"""The page of the scenario file says what the models say, and its examples are read."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from carbon.scenarios import KINDS, resolve

DOCS = Path(__file__).parent.parent / "docs"
PAGE = (DOCS / "scenarios.md").read_text(encoding="utf-8")
HEAD = (
    'name = "s"\nbase_year = 2023\nhorizon = 2030\n[[measure]]\nname = "m"\narea = "buildings"\n'
    'stage = "{}"\nsource = "assumption"\n{}'
)


def test_the_page_is_what_the_models_say(monkeypatch):
    monkeypatch.syspath_prepend(str(DOCS))
    import list_scenarios

    try:
        assert list_scenarios.page_text() == PAGE, "run docs/list_scenarios.py"
    finally:
        for name in ("list_scenarios", "list_settings"):
            sys.modules.pop(name, None)


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_of_a_kind_is_read(kind):
    section = PAGE.partition(f"\n### {kind}\n")[2]
    [said, *_] = re.findall(r"```toml\n(.*?)```", section, re.DOTALL)
    stage = "growth" if KINDS[kind].IS_GROWTH else "reduction"
    [scenario] = resolve({"s.toml": HEAD.format(stage, said)})
    assert [each.kind for each in scenario.measures] == [kind]
    assert re.search(r"Worked example: .*\d.*\.\n", section)
