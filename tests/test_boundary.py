"""The boundary: shares by approach, what a lease does, and what closed years keep."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbon.cli import run
from carbon.coefficient import rounded
from carbon.errors import SettingsError, UsageError
from carbon.fields import APPROACHES
from carbon.inputs import share_in, standings
from carbon.settings import read

HEAD = '[organisation]\nname = "Acme"\n'
SITE = '[[site]]\nname = "works"\nregion = "CN-ZJ"\n'
JOINT = '[[entity]]\nname = "venture"\nowned = 0.4\ncontrol = "joint"\n'
MWH = Decimal("0.5306") * 12  # 1 MWh a month in Zhejiang, 2023 [t]


def edit(book, old: str, new: str) -> None:
    path = book.folder / "carbon.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def refused(*parts: str) -> SettingsError:
    with pytest.raises(SettingsError) as told:
        read(HEAD + "".join(parts))
    return told.value


def codes(book) -> set[str]:
    return {problem.code for problem in book.check()}


# settings


@pytest.mark.parametrize("owned", ["83", '"a half"', "1.01", "true", '"1/0"', "-0.1"])
def test_what_is_no_share_is_refused(owned):
    assert (
        "a share "
        in refused(f'[[entity]]\nname = "a"\nowned = {owned}\ncontrol = "none"\n').message
    )


@pytest.mark.parametrize("control", ['["none", "joint"]', '["financial", "joint"]', "[]"])
def test_control_that_contradicts_itself_is_refused(control):
    told = refused(f'[[entity]]\nname = "a"\nowned = 0.5\ncontrol = {control}\n')
    assert "cannot be" in told.message


def test_an_entity_says_who_controls_it():
    assert "'a' lacks control" in refused('[[entity]]\nname = "a"\nowned = 0.5\n').message


def test_a_site_of_no_entity_is_refused_with_the_nearest():
    told = refused(JOINT, SITE, 'entity = "ventures"\n')
    assert "names no entity 'ventures'; nearest: venture" in told.message


def test_entities_that_hold_each_other_are_refused():
    text = '[[entity]]\nname = "{}"\nheld_by = "{}"\nowned = 1\ncontrol = "both"\n'
    assert "holds itself" in refused(text.format("a", "b"), text.format("b", "a")).message


def test_a_site_has_an_entity_or_a_share():
    head = HEAD + 'consolidation = "equity share"\n'
    with pytest.raises(SettingsError, match="take one of them out"):
        read(head + JOINT + SITE + 'entity = "venture"\nshare = 0.5\n')


def test_only_an_operating_lease_has_an_exception():
    told = refused(SITE, 'lease = "finance leased"\nlease_exception = "so"\n')
    assert "lease_exception" in told.message


@pytest.mark.parametrize("year", ['"2021"', "1700", "true", "{ loc = 2021 }"])
def test_what_is_no_base_year_is_refused(year):
    assert "a base year is written like 2021" in refused(f"[policy]\nbase_year = {year}\n").message


def test_a_site_does_not_join_before_it_exists():
    told = refused(SITE, 'joined = "2023-01"\nexists_since = "2024-01"\n')
    assert "joined before it exists" in told.message


# shares


def chain(*owned: str, control: str = '"both"') -> str:
    """Entities e1, e2, ..., each held by the one before it."""
    return "".join(
        f'[[entity]]\nname = "e{n}"\nheld_by = "{f"e{n - 1}" if n > 1 else ""}"\n'
        f"owned = {share}\ncontrol = {control}\n"
        for n, share in enumerate(owned, start=1)
    )


def test_equity_shares_of_a_chain_multiply_exactly():
    said = read(HEAD + chain("0.9", '"1/3"', "0.7", '"2/7"'))
    assert share_in(said, "e4", "equity share", 202301) == Fraction(9, 10) * Fraction(
        1, 3
    ) * Fraction(1, 5)


@given(st.lists(st.fractions(0, 1, max_denominator=999), min_size=1, max_size=6))
def test_the_order_of_a_chain_changes_no_share(shares):
    said = [f'"{each.numerator}/{each.denominator}"' for each in shares]
    there, back = (read(HEAD + chain(*each)) for each in (said, said[::-1]))
    found = {share_in(each, f"e{len(said)}", "equity share", 202301) for each in (there, back)}
    assert found == {prod(shares)}


def test_joint_control_counts_the_owned_share_of_what_the_holder_counts():
    said = read(HEAD + chain("0.8", control='"joint"') + JOINT + 'held_by = "e1"\n')
    assert share_in(said, "venture", "financial control", 202301) == Fraction(8, 25)  # 0.8 x 0.4


def test_what_a_holder_does_not_run_runs_nothing_for_the_organisation():
    below = '[[entity]]\nname = "b"\nheld_by = "e1"\nowned = 1\ncontrol = "both"\n'
    said = read(HEAD + chain("0.6", control='"none"') + below)
    assert share_in(said, "b", "operational control", 202301) == 0


@pytest.mark.parametrize(("share", "text"), [("1/3", "0.333333333333"), ("2/3", "0.666666666667")])
def test_a_share_is_rounded_once_to_twelve_places(share, text):
    assert str(rounded(Fraction(share))) == text


def test_a_stake_holds_until_the_next_one():
    text = HEAD.replace("\n", '\nconsolidation = "equity share"\n', 1) + JOINT
    text += '[[entity.stake]]\nsince = "2023-07"\nowned = 1\ncontrol = "both"\n'
    said = read(text + SITE + 'entity = "venture"\n')
    assert [tuple(each) for each in standings(said, said.site[0])] == [
        (190001, 202307, Fraction(2, 5), ""),
        (202307, 999912, Fraction(1), ""),
    ]


def test_a_year_with_two_stakes_counts_each_in_its_months(make):
    more = 'consolidation = "equity share"'
    stake = '[[entity.stake]]\nsince = "2023-07"\nowned = 1\ncontrol = "both"\n'
    book = make(JOINT, stake, SITE, 'entity = "venture"\n', bills={("works", 2023): 1}, more=more)
    assert book.inventory("2023").rows[0]["location_t"] == MWH * Decimal("0.7")  # (0.4 + 1) / 2


# approaches


@pytest.fixture
def venture(make):
    """A wholly owned office and a joint venture's works, each 1 MWh a month."""
    office = SITE.replace("works", "office")
    bills = {("works", 2023): 1, ("office", 2023): 1}
    return make(JOINT, office, SITE, 'entity = "venture"\n', bills=bills)


@pytest.mark.parametrize(
    ("approach", "times"),
    [("operational control", "1"), ("equity share", "1.4"), ("financial control", "1.4")],
)
def test_the_same_ledger_answers_under_each_approach(venture, approach, times):
    [row] = venture.inventory("2023", approach=approach).rows
    assert row["location_t"] == MWH * Decimal(times)


@pytest.mark.parametrize("approach", APPROACHES)
def test_the_sites_add_up_to_the_organisation(venture, approach):
    [whole] = venture.inventory("2023", approach=approach).rows
    parts = venture.inventory("2023", by=["site"], approach=approach).rows
    assert sum(each["scope2_location_t"] for each in parts) == whole["location_t"]


def test_another_approach_changes_neither_entries_nor_runs(venture):
    venture.inventory("2023")
    asked = "select (select count(*) from entry) as entries, (select count(*) from run) as runs"
    before = venture.sql(asked).rows
    venture.inventory("2023", approach="equity share")
    assert venture.sql(asked).rows == before
    assert venture.inventory("2023").rows[0]["location_t"] == MWH


def test_another_approach_says_so_beside_the_figure(venture):
    table = venture.inventory("2023", approach="equity share")
    assert table.title.endswith("equity share")
    assert "The book reports operational control." in table.notes[0]


def test_a_word_that_is_no_approach_is_refused_with_the_nearest(venture):
    with pytest.raises(UsageError) as told:
        venture.inventory(approach="equity")
    assert told.value.nearest == "equity share"


def test_a_bare_share_says_nothing_of_control(make):
    more = 'consolidation = "equity share"'
    book = make(SITE, "share = 0.5\n", bills={("works", 2023): 1}, more=more)
    assert book.inventory("2023").rows[0]["location_t"] == MWH / 2
    with pytest.raises(UsageError, match="what counts of works under financial control"):
        book.inventory(approach="financial control")


def test_what_is_not_controlled_is_told_as_such_and_not_as_a_gap(venture):
    [told] = [each for each in venture.check() if each.code == "outside-boundary"]
    assert told.severity == "note"
    assert "nothing of venture counts then under operational control" in told.message


# leases


LEASED = 'lease = "leased out operating"\n'


def test_what_a_tenant_uses_can_be_explained_down_to_its_bill(make):
    book = make(SITE, LEASED, bills={("works", 2023): 1})
    told = book.explain("scope3 2023 works 2023-05")
    assert told.total_g == Decimal("0.5306") * 10**6
    assert [chain.entry_id for chain in told.chains] == [5]


def test_what_leaks_at_a_leased_site_can_be_explained_down_to_its_service(make):
    book = make(SITE, LEASED, bills={("works", 2023): 1})
    appliance = {"equipment_id": "x", "site": "works", "kind": "chiller", "refrigerant": "R-32"}
    book.log("equipment", appliance | {"charge": "10", "unit": "kg", "installed_on": "2020-01-01"})
    event = {"service_id": "s1", "equipment_id": "x", "event": "top-up", "mass": "2", "unit": "kg"}
    book.log("service", event | {"serviced_on": "2023-05-02"})
    told = book.explain("scope3 2023 works service")
    assert told.total_g == 2 * 771 * 1000  # R-32 by AR6
    assert [chain.quality for chain in told.chains] == ["service s1"]


def test_a_certificate_is_not_spent_on_what_stands_in_scope_3(make):
    office = SITE.replace("works", "office")
    book = make(SITE, LEASED, office, bills={("works", 2023): 1, ("office", 2023): 1})
    said = {"instrument_id": "g", "kind": "GEC", "market": "CN", "energy": "12", "unit": "MWh"}
    said |= {"vintage": "2023", "retired_on": "2024-03-01", "beneficiary": "Acme"}
    book.log("instrument", said)
    [row] = book.inventory("2023").rows
    assert (row["market_t"], row["location_t"]) == (0, MWH)


def test_a_bill_missing_in_scope_3_leaves_the_year_complete(make):
    office = SITE.replace("works", "office")
    book = make(SITE, LEASED, office, bills={("office", 2023): 1})
    assert book.inventory("2023").rows[0]["status"] == "complete, draft"


# closed years


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("owned = 0.4", "owned = 0.9"),
        ('"financial control"', '"equity share"'),
        ('"financial control"', '"operational control"'),
        ('entity = "venture"', 'entity = "venture"\nlease = "operating leased"'),
        ('entity = "venture"', ""),
    ],
)
def test_a_closed_year_keeps_its_figures_when_entities_change(make, old, new):
    book = make(
        JOINT,
        SITE,
        'entity = "venture"\n',
        bills={("works", 2023): 1},
        more='consolidation = "financial control"',
    )
    book.close("2023")
    edit(book, old, new)
    assert book.inventory("2023").rows[0]["location_t"] == MWH * Decimal("0.4")
    assert "closed-year-moved" not in codes(book)


def test_a_closed_year_keeps_a_share_that_no_decimal_says(make):
    third = JOINT.replace("0.4", '"1/3"')
    more = 'consolidation = "equity share"'
    book = make(third, SITE, 'entity = "venture"\n', bills={("works", 2023): 1}, more=more)
    before = book.inventory("2023").rows[0]["location_t"]
    book.close("2023")
    assert book.inventory("2023").rows[0]["location_t"] == before
    assert codes(book) & {"closed-year-moved", "after-closing"} == set()


def test_a_restatement_names_the_stake_that_changed(make):
    more = 'consolidation = "equity share"'
    book = make(JOINT, SITE, 'entity = "venture"\n', bills={("works", 2023): 1}, more=more)
    book.close("2023")
    edit(book, "owned = 0.4", "owned = 0.9")
    table = book.restate("2023")
    assert any("entity venture, owned: 2/5 as closed, 9/10 now" in note for note in table.notes)


def test_a_restatement_names_a_stake_and_a_lease_that_came(make):
    more = 'consolidation = "equity share"'
    book = make(JOINT, SITE, 'entity = "venture"\n', bills={("works", 2023): 1}, more=more)
    book.close("2023")
    stake = '[[entity.stake]]\nsince = "2023-07"\nowned = 1\ncontrol = ["joint", "operational"]\n'
    edit(book, "[[site]]\n", stake + '[[site]]\nlease = "operating leased"\n')
    told = " ".join(book.restate("2023").notes)
    assert "entity venture, owned since 2023-07: nothing as closed, 1 now." in told
    assert "control since 2023-07: nothing as closed, joint and operational now." in told
    assert "site works, lease: nothing as closed, operating leased now." in told


# the command line


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("boundary", "Operational control"),
        ("base-year 2023", "no change of structure since"),
        ("checklist 2023", "not stated"),
        ("inventory --approach", "Inventory by reporting year, equity share"),
    ],
)
def test_each_verb_prints_its_answer(venture, capsys, words, said):
    more = ["equity share"] if "--approach" in words else []
    assert run([*words.split(), *more, "-C", str(venture.folder)]) == 0
    assert said in " ".join(capsys.readouterr().out.split())


def test_both_tables_of_a_base_year_are_one_document_for_machines(venture, capsys):
    assert run(["base-year", "2023", "--format", "json", "-C", str(venture.folder)]) == 0
    tables = json.loads(capsys.readouterr().out)["tables"]
    assert [table["table"] for table in tables] == ["base_year", "structure"]
