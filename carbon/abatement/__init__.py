"""The least-cost plan of a book: its scenario's measures weighed against its targets.

`choices` says what can be chosen and what it costs, `effects` what each choice does by the engine's
own projection, `rules` what the targets ask for. `plan` puts these to `carbon.planning` until the
targets are met by the projection of the plan itself, `tables` tells it, `written` writes it down
as a scenario.
"""

from __future__ import annotations

from carbon.abatement.choices import Choices, choices
from carbon.abatement.plan import Asked, Plan, make
from carbon.abatement.tables import tables
from carbon.abatement.written import as_scenario, text

__all__ = ["Asked", "Choices", "Plan", "as_scenario", "choices", "make", "tables", "text"]
