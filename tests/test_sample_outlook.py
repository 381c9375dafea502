"""What the sample of a firm with a data centre shows of its targets under three scenarios."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from carbon.book import Book

D = Decimal
# A kilowatt-hour of the mainland in 2030: 570.3 g less 1.84 % a year, eight years long.
GRID_2030 = D("0.5703") * D("0.9816") ** 8


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return Book.demo("ai", tmp_path_factory.mktemp("sample") / "ai", date(2026, 11, 20))


@pytest.fixture(scope="module")
def verdicts(sample):
    return {(name, each.target.kind): each for name, each in sample.targets()}


def test_the_baseline_misses_the_peak_for_the_data_centre_fills_up_until_2027(verdicts):
    found = verdicts["baseline", "peak"]
    assert found.verdict == "at risk"
    assert found.reason.startswith(
        "It would be missed: in scenario baseline the maximum comes in 2027"
    )
    # the data centre alone: 41.5 GWh, 6.5 times in 2025 and 9.759036144578 times in 2027
    grid = D("0.5703") * D("0.9816") ** 3
    at_2025, at_2027 = D("41500") * D("6.5") * grid, D("405000") * grid * D("0.9816") ** 2
    # all other sites on that grid, 5,640, 2,390, 1,510, 845, 355.4, 325 and 270 MWh, lose with it
    others = D("11335.4") * grid * (1 - D("0.9816") ** 2)
    assert abs(found.gap_t - (at_2027 - at_2025 - others)) < 1


def test_path_is_neutral_by_certificates_and_credits_and_says_how_much_is_real(verdicts):
    found = verdicts["path", "neutral"]
    assert found.verdict == "on track"
    assert "planned, not retired" in found.caveats
    facts = found.facts
    assert abs(facts["certificates_t"] - 330_000 * GRID_2030) < 1
    assert facts["certificates_share"] + facts["credits_share"] > D("0.999999")
    assert facts["real_reduction_t"] < 0
    assert "gross is 182,112.0 t more than in 2021" in found.reason


def test_without_what_is_bought_path_is_as_far_from_neutral_as_its_gross(verdicts):
    facts = verdicts["path", "neutral"].facts
    left = facts["gross_location_t"] - facts["certificates_t"] - facts["credits_t"]
    assert -1 < left <= 0


def test_late_certificates_leave_to_credits_what_they_do_not_cover(verdicts):
    path, stress = (verdicts[name, "neutral"].facts for name in ("path", "stress"))
    # 50,000 MWh fewer in 2030
    late = path["certificates_t"] - stress["certificates_t"]
    assert abs(late - 50_000 * GRID_2030) < 1
    assert abs(stress["credits_t"] - path["credits_t"] - late) <= 1


def test_late_certificates_cost_what_credits_cost_more_than_they(sample):
    [summary, *_] = sample.neutrality("2030", "path", "stress")
    missing = {row["scenario"]: row["missing_rmb"] for row in summary.rows}
    # 330,000 MWh at 5 and 27,198 t at 100 RMB; 50,000 MWh fewer, and 24,578 t more
    assert missing["path"] == 330_000 * 5 + 27_198 * 100
    assert missing["stress"] - missing["path"] == 24_578 * 100 - 50_000 * 5
