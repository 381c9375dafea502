"""Published examples of power usage effectiveness, from row to ratio."""

from __future__ import annotations

import pytest
from published import prints, published


@pytest.mark.parametrize(("it_mwh", "printed"), [("50", "2.0"), ("62.5", "1.6")])
@published("AdaptivCool, How To Calculate PUE (Power Usage Effectiveness)")
def test_the_share_of_it_gives_the_ratio(worked, it_mwh, printed):
    [row] = worked(f"electricity,100,MWh\nit_load,{it_mwh},MWh").pue().rows
    assert prints(row["pue"], printed)
