"""Why a figure is what it is: `question` understands its name, `figure` narrows it down, `chain`
writes a product out.
"""

from __future__ import annotations

from carbon.explain.chain import Chain
from carbon.explain.figure import Explanation, explain
from carbon.explain.question import Question

__all__ = ["Chain", "Explanation", "Question", "explain"]
