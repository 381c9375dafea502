"""Published examples of uncertainty, with the coefficients as printed."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from published import prints, published

from carbon.pedigree import gsd2
from carbon.uncertainty import HALF_RANGE, Model, Part, Source, propagated


@published("Association pour la transition Bas Carbone, Méthode Bilan Carbone V9, section 4.4.2")
@pytest.mark.parametrize(
    ("coefficients", "printed"),
    [
        # reliability, technical, geographic, temporal, completeness: very poor (1) to very good (5)
        ([1.5, 2, 1.1, 1.5, 1.2], "2.5163566012590954"),
        ([1.5, 2, 1.02, 1.5, 1.02], "2.459659422059095"),
        ([1.2, 2, 1.02, 1, 1.02], "2.0488353976695466"),
    ],
)
def test_uncertainty_factors_make_a_squared_geometric_standard_deviation(coefficients, printed):
    assert gsd2(coefficients) == pytest.approx(float(printed), rel=1e-12)


@published("Association pour la transition Bas Carbone, Méthode Bilan Carbone V9, section 4.4.2")
def test_a_quantity_times_a_factor_has_the_range_of_both():
    quantity, factor = gsd2([1, 2, 1.01, 1.2, 1]), gsd2([1, 1.2, 1.5, 1, 1])
    sources = {
        name: Source(name, math.log(spread) / HALF_RANGE, "printed")
        for name, spread in (("quantity", quantity), ("factor", factor))
    }
    part = Part(2023, "scope1", "all", "quantity", "factor", 1200.0)
    found = propagated(Model([part], sources), [part])
    assert prints(Decimal(found.co2e_t * (1 - found.below)), "516.2597423")
    assert prints(Decimal(found.co2e_t * (1 + found.above)), "2789.2936093")
    assert prints(Decimal(found.above), "1.3244113")
