"""How much of a verdict hangs on what a scenario assumes.

`assumptions` says what is assumed and how far it may be off, `projected` asks the engine what
becomes of the years ahead, `gaps` measures how far a target is missed. On these stand three
answers: what moves a verdict most (`study`), at which value it turns (`turning`), and in which
share of joint draws it holds (`odds`, out of the `response` that `courses` has the engine give and
of the `errors` of what was recorded). `tables` tells them; `chances` puts the last of them beside
the verdicts of `carbon targets`. No figure changes by any of it.
"""

from carbon.sensitivity.chances import with_chances
from carbon.sensitivity.odds import refuse
from carbon.sensitivity.study import DRAWS, SEED, Asked, Study, study
from carbon.sensitivity.tables import tables

__all__ = ["DRAWS", "SEED", "Asked", "Study", "refuse", "study", "tables", "with_chances"]
