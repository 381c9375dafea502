"""A run: one computation of a book, fixed by value, with its relations ready to be asked.

`carry_out` takes a ledger and the texts of a settings version, writes down what fixes the run
(cut-off, settings, library, own factors, code, date of knowledge) and derives every relation.
The same values give the same bytes years later: `carbon.toml` as it stands today plays no part.
"""

from __future__ import annotations

from carbon.run.ahead import TOGETHER, expecting, recorded_months, supposing
from carbon.run.files import code_version, own_factors, scenario_files
from carbon.run.kept import credit_of, view_of
from carbon.run.model import CONSTANT, Run
from carbon.run.recorded import carry_out, repeat
from carbon.run.state import last_complete_year, uncounted

__all__ = [
    "CONSTANT",
    "TOGETHER",
    "Run",
    "carry_out",
    "code_version",
    "credit_of",
    "expecting",
    "last_complete_year",
    "own_factors",
    "recorded_months",
    "repeat",
    "scenario_files",
    "supposing",
    "uncounted",
    "view_of",
]
