"""A measure that changes the refrigerant: leaks that end, leaks that begin, a loss between them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from leaking import HQ, log

from carbon.errors import SettingsError, UnitError
from carbon.scenarios import Load, calendar, numbers, plan_leaks, resolve

D = Decimal
HEAD = 'name = "s"\nbase_year = 2023\nhorizon = 2025\n'
CHANGE = """
[[measure]]
name = "new chiller"
area = "buildings"
stage = "reduction"
kind = "refrigerant"
source = "assumption"
site = "hq"
from = "R-410A"
to = "R-32"
charge = "70 kg"
leak_rate = 0.03
start = "2024-04"
"""
SCREENING = '[policy]\nrefrigerant = ["screening"]\n[policy.leak]\ndefault = "epa-screening"\n'
R32 = D(771)  # AR6
R410A = D("0.5") * 771 + D("0.5") * 3740  # half R-32, half R-125: 2,255.5


def scenario(body):
    [found] = resolve({"s.toml": HEAD + body})
    return found


@pytest.fixture
def book_of(make, tmp_path):
    """`book_of(measure, lines, rows, settings)`: a book of 2023 with appliances and entries."""

    def made(body, *lines, rows=(), settings=""):
        book = make(settings, HQ.format(region="CN-ZJ"), bills={("hq", 2023): 100})
        for number, line in enumerate(lines, start=1):
            log(book, line, number)
        if rows:
            path = tmp_path / "leaks.csv"
            head = "site,activity,detail,month,quantity,unit"
            path.write_text("\n".join([head, *rows]), encoding="utf-8")
            [report] = book.import_files([path])
            assert [each for each in report.problems if each.severity == "error"] == []
        (book.folder / "scenarios" / "s.toml").write_text(HEAD + body, encoding="utf-8")
        return book

    return made


def fugitive(book):
    """By year and refrigerant: what leaked and what is planned to leak. [kg CO2e]"""
    with book.run(["s"]) as run:
        rows = run.rows(
            "select reporting_year, detail, sum(co2e_g) from emission"
            " where category = 'fugitive emissions' and line = 'scope1'"
            " and scenario in ('actual', 's') group by 1, 2"
        )
    return {(year, detail): round(mass / 1000, 1) for year, detail, mass in rows if mass}


ENTERED = ["hq,refrigerant,R-410A,2023-06,5,kg"]  # 100 kg at 5 % a year


def test_the_old_leak_ends_and_the_new_one_begins(book_of):
    found = fugitive(book_of(CHANGE, rows=ENTERED))
    assert found[2023, "R-410A"] == round(5 * R410A, 1)  # 11,277.5
    assert (2024, "R-410A") not in found  # June lies after April
    # 70 kg x 3 % / 12 = 0.175 kg a month, nine months, then twelve
    assert found[2024, "R-32"] == round(D("0.175") * 9 * R32, 1)  # 1,214.3
    assert found[2025, "R-32"] == round(D("0.175") * 12 * R32, 1)  # 1,619.1


def test_a_leak_before_the_change_stays(book_of):
    found = fugitive(book_of(CHANGE, rows=["hq,refrigerant,R-410A,2023-02,5,kg"]))
    assert found[2024, "R-410A"] == round(5 * R410A, 1)
    assert (2025, "R-410A") not in found


def test_a_leak_of_the_register_ends_as_well(book_of):
    unit = "unit c1 chiller R-410A 120kg 2019-05-01"
    found = fugitive(book_of(CHANGE, unit, settings=SCREENING))
    whole = found[2023, "R-410A"]
    # three of twelve months before April, each a twelfth
    assert abs(found[2024, "R-410A"] - whole / 4) <= D("0.2")
    assert (2025, "R-410A") not in found
    assert found[2025, "R-32"] == round(D("0.175") * 12 * R32, 1)


def test_one_appliance_of_two_is_changed(book_of):
    units = [f"unit c{n} chiller R-410A 120kg 2019-05-01" for n in (1, 2)]
    found = fugitive(book_of(CHANGE + 'equipment = "c1"\n', *units, settings=SCREENING))
    assert found[2025, "R-410A"] == found[2023, "R-410A"] / 2


def test_the_leak_of_one_appliance_is_cut_by_its_name(book_of):
    units = [f"unit c{n} chiller R-410A 120kg 2019-05-01" for n in (1, 2)]
    text = CHANGE[: CHANGE.index("from =")].replace('"refrigerant"', '"efficiency"')
    text += 'activity = "refrigerant"\nmeter = "c1"\ncut = 0.5\nstart = "2024-01"\n'
    found = fugitive(book_of(text, *units, settings=SCREENING))
    # half of one of two that are alike: three quarters are left
    assert abs(found[2024, "R-410A"] - found[2023, "R-410A"] * 3 / 4) <= D("0.2")


def test_a_share_of_a_sites_leak_goes_on(book_of):
    found = fugitive(book_of(CHANGE + "share = 0.6\n", rows=ENTERED))
    assert found[2024, "R-410A"] == round(5 * D("0.4") * R410A, 1)


def test_half_a_delivery_stops_and_begins_half(book_of):
    found = fugitive(book_of(CHANGE + "delivery = 0.5\n", rows=ENTERED))
    assert found[2025, "R-410A"] == round(5 * D("0.5") * R410A, 1)
    assert found[2025, "R-32"] == round(D("0.175") * 6 * R32, 1)


def test_what_is_not_recovered_is_lost_once_in_the_first_month(book_of):
    body = CHANGE + 'old_charge = "100 kg"\nrecovered = 0.9\n'
    found = fugitive(book_of(body, rows=ENTERED))
    assert found[2024, "R-410A"] == round(10 * R410A, 1)  # 100 kg x 10 %
    assert (2025, "R-410A") not in found


def test_r22_stands_outside_the_scopes_and_its_end_does_not_lower_them(book_of):
    body = CHANGE.replace("R-410A", "R-22")
    book = book_of(body, rows=["hq,refrigerant,R-22,2023-06,5,kg"])
    with book.run(["s"]) as run:
        [(outside,)] = run.rows(
            "select sum(co2e_g) / 1000 from emission where detail = 'R-22' and line = 'outside'"
            " and scenario = 'actual'"
        )
        after = run.rows(
            "select 1 from emission where detail = 'R-22' and scenario = 's' and mass_g > 0"
        )
    assert D(outside) == 5 * 1960  # AR6
    assert after == []
    assert set(fugitive(book)) == {(2024, "R-32"), (2025, "R-32")}


def test_a_refrigerant_that_leaks_nowhere_is_told(book_of):
    book = book_of(CHANGE.replace('from = "R-410A"', 'from = "R-134a"'), rows=ENTERED)
    messages = [each.message for each in book.check() if each.code == "measure-without-load"]
    assert messages == ["measure 'new chiller' changes nothing at hq: no load is recorded"]


def test_a_leak_of_the_register_is_no_missing_load(book_of):
    unit = "unit c1 chiller R-410A 120kg 2019-05-01"
    book = book_of(CHANGE, unit, settings=SCREENING)
    assert not any(each.code == "measure-without-load" for each in book.check())


def test_a_refrigerant_nobody_knows_is_told_with_what_is_near(book_of):
    book = book_of(CHANGE.replace('to = "R-32"', 'to = "R32"'), rows=ENTERED)
    with pytest.raises(SettingsError) as fault, book.run(["s"]):
        pass
    assert "R32" in fault.value.message
    assert fault.value.nearest == "R-32"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('to = "R-410A"\n', "replaces R-410A by itself"),
        ('to = "R-32"\nold_charge = "100 kg"\n', "old_charge and recovered go together"),
        ('to = "R-32"\nshare = 0.6\ndelivery = 2\n', "would stop more than leaks"),
    ],
)
def test_what_cannot_be_said_is_refused(line, told):
    with pytest.raises(SettingsError, match=told):
        scenario(CHANGE.replace('to = "R-32"\n', line))


def test_a_charge_is_a_mass():
    with pytest.raises(UnitError):
        scenario(CHANGE.replace('"70 kg"', '"70 m3"'))


def test_what_may_turn_out_otherwise():
    [measure] = scenario(CHANGE).measures
    assert numbers(measure) == {"charge": D(70), "leak_rate": D("0.03"), "delivery": D(1)}


def test_a_change_within_the_base_year_is_in_its_later_months_already():
    early = scenario(CHANGE.replace("2024-04", "2023-04"))
    leak = Load("hq", "c1", "refrigerant", "R-410A", "")
    months = calendar(2023, 2024)
    rows = {row[4]: row[5] for row in plan_leaks(early, [leak], 2023, months)}
    assert rows[202403] == 0  # March 2023 leaked, March 2024 does not
    assert rows[202405] == 1  # what May 2023 shows goes on
