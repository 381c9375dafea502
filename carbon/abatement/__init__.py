"""The measures of a scenario: what they do together, and the least-cost plan of them.

`choices` says what can be chosen and what it costs, `effects` what each choice does by the engine's
own projection, `rules` what the targets ask for. `plan` puts these to `carbon.planning` until the
targets are met by the projection of the plan itself, `tables` tells it, `written` writes it down
as a scenario. `interaction` takes the measures as they are stated, each alone and all together,
and `measures` tells it.
"""

from __future__ import annotations

from carbon.abatement.choices import Choices, choices
from carbon.abatement.interaction import Together, together
from carbon.abatement.measures import measure_tables
from carbon.abatement.plan import Asked, Plan, make
from carbon.abatement.tables import tables
from carbon.abatement.written import as_scenario, text

__all__ = [
    "Asked",
    "Choices",
    "Plan",
    "Together",
    "as_scenario",
    "choices",
    "make",
    "measure_tables",
    "tables",
    "text",
    "together",
]
