"""The notebook runs from its first cell to its last, and ends where the sample must end."""

from __future__ import annotations

import ast
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "walk.ipynb"


@pytest.fixture(scope="module")
def cells(tmp_path_factory):
    """The code cells after a run in an empty folder."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    folder = tmp_path_factory.mktemp("notebook")
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()
    assert not list(folder.iterdir())
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def printed(cells, source: str) -> str:
    """What the cell whose source holds these words printed, or its last value as text."""
    (cell,) = [each for each in cells if source in each.source]
    return "".join(
        output.get("text") or output["data"]["text/plain"]
        for output in cell.outputs
        if output.output_type in ("stream", "execute_result")
    )


def test_the_notebook_is_stored_without_outputs():
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    assert notebook.metadata.kernelspec.name == "python3"
    assert not any(cell.get("outputs") for cell in notebook.cells)


def test_the_notebook_comes_out_at_the_published_totals(cells):
    """7,301.1 t of 2021 (as recalculated) and 30,573.6 t of 2022: docs/published.csv."""
    rows = [line.split() for line in printed(cells, "agreement").splitlines()[2:]]
    assert rows == [["2021", "7301.1", "7301.1"], ["2022", "30573.6", "30573.6"]]


def test_the_notebook_redoes_a_bill_by_hand(cells):
    assert printed(cells, 'Decimal("570.3")') == "True"


def test_the_notebook_draws_the_three_lines_of_each_scenario(cells):
    (cell,) = [each for each in cells if "plt.show" in each.source]
    assert any("image/png" in output.get("data", {}) for output in cell.outputs)


def test_the_notebook_ends_with_a_verdict_on_every_target(cells):
    """Net zero takes in Scope 3, which this boundary leaves out: not yet provable by any path."""
    verdicts = ast.literal_eval(printed(cells[-1:], "verdict.first"))
    assert len(verdicts) == 6
    assert verdicts["path", "Net zero by 2050"] == "not yet provable"
