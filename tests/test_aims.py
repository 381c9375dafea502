"""What a target may say: by its kind, no more and no less."""

from __future__ import annotations

from pathlib import Path

import pytest

from carbon.errors import SettingsError
from carbon.settings import Settings, read

HEAD = '[organisation]\nname = "Acme"\n'


def settings(target: str, policy: str = "") -> Settings:
    return read(f'{HEAD}{policy}[[target]]\nname = "aim"\nyear = 2030\n{target}')


def refusal(target: str, policy: str = "") -> str:
    with pytest.raises(SettingsError) as fault:
        settings(target, policy)
    return fault.value.message


CUT = 'kind = "reduction"\nbase_year = 2020\n'


def test_a_reduction_takes_the_base_year_of_the_policy():
    said = settings('kind = "reduction"\npercent = 50\n', "[policy]\nbase_year = 2021\n")
    assert said.policy.base_year_of(said.target[0]) == 2021


def test_a_reduction_of_its_own_line_takes_the_base_year_of_that_line():
    policy = "[policy]\nbase_year = { location = 2020, market = 2022 }\n"
    said = settings('kind = "reduction"\npercent = 50\nline = "market"\n', policy)
    assert said.policy.base_year_of(said.target[0]) == 2022


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ('kind = "reduction"\npercent = 50\n', "needs a base_year before 2030"),
        ('kind = "reduction"\npercent = 50\nbase_year = 2030\n', "not after its base year 2030"),
        (CUT, "one of percent, rate or pathway, not by none"),
        (CUT + 'percent = 50\nrate = "1.5C"\n', "not by percent and rate"),
        (CUT + 'rate = "1.5C"\nper = "revenue"\n', "absolute emissions, and takes no per"),
        (CUT + "pathway = { 2025 = 0.8 }\n", "ends in 2025, not in its year 2030"),
        (CUT + "pathway = { 2019 = 1, 2030 = 0.5 }\n", "begins in 2019, not after its base year"),
        (CUT + 'percent = 50\nline = "net"\n', "which credits do not change"),
        ('kind = "peak"\npercent = 50\n', "kind 'peak', and percent is of reduction"),
        ('kind = "budget"\nsince = 2025\n', "one of budget_t, with since, or yearly_t"),
        ('kind = "budget"\nbudget_t = 500\n', "lacks since"),
        ('kind = "budget"\nbudget_t = 500\nsince = 2031\n', "in or before 2030"),
        ('kind = "budget"\nyearly_t = { 2028 = 9, 2030 = 7 }\n', "every year up to its year 2030"),
        ('kind = "ceiling"\n', "lacks metric"),
        ('kind = "ceiling"\nmetric = "energy"\nline = "market"\n', "line is of peak or neutral or"),
    ],
)
def test_a_target_that_says_too_little_or_too_much_is_refused(target, words):
    assert words in refusal(target)


def test_a_pathway_begins_after_the_base_year_of_the_policy():
    target = 'kind = "reduction"\npathway = { 2021 = 0.9, 2030 = 0.5 }\n'
    assert "before 2021" in refusal(target, "[policy]\nbase_year = 2021\n")


def test_the_example_of_the_page_is_read():
    page = (Path(__file__).parent.parent / "docs" / "targets.md").read_text(encoding="utf-8")
    example = page.split("```toml\n")[1].split("```")[0]
    place = '[[site]]\nname = "production"\nregion = "CN-ZJ"\n'
    assert [each.kind for each in read(HEAD + place + example).target] == [
        "reduction",
        "budget",
        "ceiling",
    ]
