"""Revenue, staff and the like in the years ahead, and the intensities that divide by them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from carbon.errors import CarbonError, SettingsError, UnitError
from carbon.scenarios import denominators_ahead, resolve

HEAD = 'name = "plan"\nbase_year = 2024\nhorizon = 2026\n'
GROWING = '[[denominator]]\nmetric = "revenue"\nannual_change = 0.25\nsource = "assumption"\n'
STATED = (
    '[[denominator]]\nmetric = "revenue"\nquantity = { 2026 = 3000 }\nunit = "10^4 RMB"\n'
    'source = "assumption"\n'
)
POLICY = '[policy]\nbase_year = 2022\n[policy.electricity]\nCN = "set:cn-mee-2023-notice"\n'
WORKS = '[[site]]\nname = "works"\nregion = "CN-ZJ"\n'  # 0.5703 t/MWh in every year
APPROVED = "".join(
    f'[[statement]]\nyear = {year}\nstatus = "approved"\non = 2025-06-01\n'
    for year in (2022, 2023, 2024)
)
STEADY = {("works", year): 100 for year in (2022, 2023, 2024)}  # 684.36 t a year


def supposed(*texts: str, told=None, unit="million RMB", name="plan"):
    """By year and site, going on from what was told of 2024."""
    found = {each.name: each for each in resolve({f"{n}.toml": t for n, t in enumerate(texts)})}
    return denominators_ahead(found[name], "revenue", unit, 2024, told or {})


def test_a_denominator_goes_on_by_a_yearly_change_from_what_was_told():
    found = supposed(HEAD + GROWING, told={"": Fraction(16)})
    assert found == {2025: {"": 20}, 2026: {"": 25}}


def test_a_denominator_that_nobody_told_does_not_grow():
    assert supposed(HEAD + GROWING) == {}


def test_values_are_linear_from_the_last_year_told_and_in_any_unit_of_their_kind():
    # 3,000 x 10^4 RMB are 30 million; halfway from 16 to 30 lies 23
    found = supposed(HEAD + STATED, told={"": Fraction(16)})
    assert found == {2025: {"": 23}, 2026: {"": 30}}


def test_values_without_a_start_begin_with_their_first_year():
    assert supposed(HEAD + STATED) == {2026: {"": 30}}


def test_a_value_in_another_kind_of_unit_is_refused_with_its_place():
    with pytest.raises(UnitError) as fault:
        supposed(HEAD + STATED.replace("10^4 RMB", "person"))
    assert fault.value.where == "0.toml, denominator 'revenue'"


def test_a_site_of_the_base_is_replaced_and_the_others_stay():
    base = HEAD + GROWING.replace("annual", 'site = ["a", "b"]\nannual')
    own = 'name = "other"\nbased_on = "plan"\n' + GROWING.replace("0.25", '0.5\nsite = "b"')
    told = {"a": Fraction(4), "b": Fraction(4)}
    assert supposed(base, own, told=told, name="other")[2025] == {"a": 5, "b": 6}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GROWING + 'quantity = { 2025 = 1 }\nunit = "RMB"\n', "annual_change or quantity, one of"),
        (GROWING.replace("annual_change = 0.25\n", ""), "annual_change or quantity, one of"),
        (STATED.replace('unit = "10^4 RMB"\n', ""), "a unit goes with its quantity"),
        (GROWING.replace("revenue", "revenu"), "nearest: revenue"),
        (GROWING + STATED, "how revenue of the organisation goes on"),
    ],
)
def test_a_denominator_that_says_too_little_or_too_much_is_refused(text, says):
    with pytest.raises(SettingsError) as fault:
        resolve({"s.toml": HEAD + text})
    assert says in str(fault.value)


@pytest.fixture
def intensity(make):
    """The verdict on so many percent less per revenue in 2026 than in 2022, by a scenario."""

    def judged(percent: int, text: str, draws: int | None = None, per: str = "revenue"):
        aim = (
            f'[[target]]\nname = "aim"\nkind = "reduction"\nyear = 2026\npercent = {percent}\n'
            f'per = "{per}"\n'
        )
        book = make(POLICY, WORKS, APPROVED, aim, bills=STEADY)
        for year, quantity in (("2022", "10"), ("2024", "16")):
            said = {"metric": "revenue", "year": year, "quantity": quantity, "unit": "million RMB"}
            book.log("denominator", said)
        (book.folder / "scenarios" / "plan.toml").write_text(HEAD + text, encoding="utf-8")
        return book.targets("plan", draws=draws)[0][1]

    return judged


def test_an_intensity_ahead_is_on_track_at_the_revenue_that_is_supposed(intensity):
    # 684.36 t at 10 million; 60 % less a million, at 25 million: 68.436 x 0.4 x 25 = 684.36 t
    found = intensity(60, GROWING)
    assert (found.verdict, found.margin_t) == ("on track", 0)


def test_an_intensity_ahead_is_at_risk_by_the_tonnes_beyond_it(intensity):
    # 68.436 x 0.39 x 25 = 667.251 t
    found = intensity(61, GROWING)
    assert (found.verdict, found.gap_t) == ("at risk", Decimal("17.109"))


def test_an_intensity_ahead_without_a_denominator_is_not_provable_and_says_so(intensity):
    found = intensity(60, "")
    assert found.verdict == "not yet provable"
    assert "no [[denominator]] of the scenario supposes the revenue of 2026" in found.reason


def test_a_denominator_that_nobody_told_judges_nothing_and_breaks_nothing(intensity):
    area = STATED.replace("revenue", "floor_area").replace("10^4 RMB", "m2")
    found = intensity(60, area, per="floor_area")
    assert (found.verdict, found.reason) == (
        "no data",
        "No floor_area is recorded for the base year 2022.",
    )


def test_an_intensity_ahead_has_a_probability_at_the_revenue_that_is_supposed(intensity):
    # 684.36 t where 68.436 x 0.2 x 25 = 342.18 t are allowed: no error of a bill is that large
    chance = intensity(80, GROWING, draws=100).chance
    assert (chance.share, chance.note) == (0, "revenue is held at what the scenario supposes")


def test_a_denominator_of_a_site_that_is_none_is_refused_with_the_nearest(intensity):
    with pytest.raises(CarbonError) as fault:
        intensity(60, GROWING + 'site = "wroks"\n')
    assert fault.value.nearest == "works"
    assert "denominator 'revenue' of 'wroks', which is no site" in fault.value.message
