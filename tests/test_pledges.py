"""A target that is moved or taken out is still judged as it was meant."""

from __future__ import annotations

from datetime import date

import duckdb

from carbon.book import Book

TODAY = date(2026, 11, 20)
POLICY = '[policy.electricity]\nCN = "set:cn-mee-2023-notice"\n'
WORKS = '[[site]]\nname = "works"\nregion = "CN-ZJ"\n'
RISING = {("works", 2022): 100, ("works", 2023): 110, ("works", 2024): 120}
CUT = '[[target]]\nname = "cut"\nkind = "reduction"\nyear = 2024\nbase_year = 2022\npercent = 5\n'


def changed(book: Book, old: str, new: str, days: int = 40) -> list[str]:
    """What stands beside the one verdict once a text of the settings, so many days old, is
    another."""
    book.targets()
    with duckdb.connect(str(book.folder / "ledger.duckdb")) as con:
        con.execute("update batch set recorded_at = recorded_at - to_days(?)", [days])
    path = book.folder / "carbon.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    [(_, found)] = Book.open(book.folder, today=TODAY).targets()
    return [each for each in found.caveats if each.startswith(("moved", "taken out"))]


def test_a_moved_target_keeps_its_old_verdict(make):
    [said] = changed(make(POLICY, WORKS, CUT, bills=RISING), "year = 2024", "year = 2030")
    assert "it said reduction 5 % by 2024 on 2022 before, by which: missed" in said


def test_a_target_taken_out_is_told_beside_one_of_its_kind(make):
    [said] = changed(make(POLICY, WORKS, CUT, bills=RISING), 'name = "cut"\n', 'name = "new"\n')
    assert said.startswith("taken out on ")
    assert said.endswith("cut (reduction 5 % by 2024 on 2022), by which: missed")


def test_a_base_year_moved_in_the_policy_moves_the_target(make):
    policy = f"[policy]\nbase_year = 2022\n{POLICY}"
    book = make(policy, WORKS, CUT.replace("base_year = 2022\n", ""), bills=RISING)
    [said] = changed(book, "base_year = 2022", "base_year = 2023")
    assert "it said reduction 5 % by 2024 on 2022 before" in said


def test_a_target_moved_to_another_line_says_which_it_was(make):
    book = make(POLICY, WORKS, CUT, bills=RISING)
    [said] = changed(book, "percent = 5", 'percent = 5\nline = "market"')
    assert "reduction 5 % by 2024 on 2022, location-based before" in said


def test_what_stood_for_less_than_a_day_was_a_draft(make):
    book = make(POLICY, WORKS, CUT, bills=RISING)
    assert changed(book, "year = 2024", "year = 2030", days=0) == []


def test_another_note_moves_no_target(make):
    book = make(POLICY, WORKS, CUT, bills=RISING)
    assert changed(book, "percent = 5", 'percent = 5\nnote = "by the board"') == []


def test_a_target_set_back_as_it_was_has_not_moved(make):
    book = make(POLICY, WORKS, CUT, bills=RISING)
    assert len(changed(book, "year = 2024", "year = 2030")) == 1
    assert changed(book, "year = 2030", "year = 2024", days=0) == []
