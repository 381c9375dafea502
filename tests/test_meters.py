"""The tree of meters in a book: what counts once, what is left over, and what areas add up to."""

from __future__ import annotations

from decimal import Decimal

import pytest
from books import kept
from conftest import TODAY

from carbon import energy, meters
from carbon.book import Book
from carbon.engine import sql_text
from carbon.errors import SettingsError
from carbon.findings.meters import control_totals
from carbon.inputs import expected_key, roles
from carbon.inputs.mains import parts
from carbon.library import load
from carbon.settings import read

D = Decimal
HEAD = '[organisation]\nname = "Acme"\n[[site]]\nname = "hq"\nregion = "CN-ZJ"\n'
BILL = (1, "hq", "", "electricity", "")


def meter(name: str, **said: str) -> str:
    lines = [f'{key} = "{value}"' for key, value in said.items()]
    return "\n".join(["[[site.meter]]", f'name = "{name}"', *lines, ""])


def key(name: str, activity: str = "electricity", number: int = 2):
    return (number, "hq", name, activity, "")


def mains(*meters: str, keys: list) -> dict[str, tuple]:
    """The mains of each meter, nearest first, and whether its use is in theirs."""
    found = parts(read(HEAD + "".join(meters)), keys)
    return {each.meter: (each.mains, each.is_counted) for each in found}


def refused(*meters: str) -> str:
    with pytest.raises(SettingsError) as told:
        read(HEAD + "".join(meters))
    return str(told.value)


# Whose part a meter is.


def test_a_sub_meter_is_part_of_the_meter_it_names():
    keys = [key("main"), key("sub")]
    found = mains(meter("main"), meter("sub", of="main"), keys=keys)
    assert found == {"sub": ((("main", "electricity"),), True)}


def test_a_meter_in_a_third_row_has_both_mains_above_it_nearest_first():
    told = meter("main"), meter("sub", of="main"), meter("leaf", of="sub")
    found = mains(*told, keys=[key("main"), key("sub"), key("leaf")])
    assert found["leaf"][0] == (("sub", "electricity"), ("main", "electricity"))


def test_a_gas_meter_is_no_main_of_an_electricity_meter():
    keys = [key("gas", "natural_gas"), key("sub")]
    assert mains(meter("gas"), meter("sub", of="gas"), keys=keys) == {}


def test_a_main_that_has_no_figure_yet_is_the_main_its_role_says():
    assert mains(meter("main"), meter("sub", of="main"), keys=[key("sub")])["sub"][1]


def test_before_its_main_was_there_a_sub_meter_is_no_part():
    told = HEAD + meter("main", since="2023-07") + meter("sub", of="main")
    [part] = parts(read(told), [key("main"), key("sub")])
    assert (part.first_month, part.left_month) == (202307, 999912)


def test_an_it_meter_is_part_of_its_main_and_its_load_is_no_electricity_bought():
    told = meter("main"), meter("it", of="main", role="it_load")
    found = mains(*told, keys=[key("main"), key("it", "it_load")])
    assert found == {"it": ((("main", "electricity"),), False)}


def test_a_meter_of_the_role_sub_meter_is_part_of_the_one_bill_of_its_site():
    found = mains(meter("sub", role="sub_meter"), keys=[BILL, key("sub")])
    assert found == {"sub": ((("", "electricity"),), True)}


def test_a_meter_of_the_role_sub_meter_is_part_of_the_one_grid_meter_of_its_site():
    told = meter("main"), meter("sub", role="sub_meter")
    assert mains(*told, keys=[key("sub")])["sub"] == ((("main", "electricity"),), True)


def test_of_two_mains_nobody_says_which_a_sub_meter_is_part_of_both():
    told = meter("a"), meter("b"), meter("sub", role="sub_meter")
    assert mains(*told, keys=[key("sub")])["sub"] == ((("", ""),), True)


def test_sub_meters_alone_are_parts_of_nothing():
    told = meter("a", role="sub_meter"), meter("b", role="sub_meter")
    assert mains(*told, keys=[key("a"), key("b")]) == {}


def test_a_scenario_sees_a_part_as_a_sub_meter_and_no_bill():
    said = read(HEAD + meter("main") + meter("sub", of="main") + meter("alone", role="sub_meter"))
    keys = [(1, "hq", "", "diesel", ""), (2, *key("main")[1:]), (3, *key("sub")[1:])]
    assert roles(said, keys, 202301, 202312) == {1: "", 2: "grid_import", 3: "sub_meter"}


def test_a_part_is_not_asked_for_every_month_but_in_those_before_its_main():
    said = read(HEAD + meter("main", since="2023-07") + meter("sub", of="main"))
    rows = expected_key(said, load(), [key("main"), key("sub")])
    assert rows == [
        ("hq", "main", "electricity", 202307, 999912),
        ("hq", "sub", "electricity", 190001, 202307),
    ]


# What is no tree.


@pytest.mark.parametrize(
    ("meters", "told"),
    [
        ([meter("main"), meter("sub", of="mian")], "names 'mian' as of, which is no meter of site"),
        ([meter("main"), meter("sub", of="mian")], "nearest: main"),
        ([meter("a", of="b"), meter("b", of="a")], "meter 'a' is part of itself, by its of"),
        ([meter("a", plus="b"), meter("b", plus="a")], "part of itself, by its plus and minus"),
        ([meter("a"), meter("v", minus="a")], "takes off, and has nothing as plus"),
        ([meter("a"), meter("v", plus="a", minus="a")], "names a meter twice"),
        ([meter("a"), meter("v", plus="a", role="it_load")], "is computed of others"),
        ([meter("a"), meter("v", plus="a"), meter("b", of="v")], "part of a virtual meter that is"),
        (
            [meter("m"), meter("a", of="m"), meter("v", of="m", plus="a")],
            "the sub-meters of 'm' take 'a' off 2 times",
        ),
    ],
)
def test_meters_that_are_no_tree_are_refused(meters, told):
    assert told in refused(*meters)


def test_a_remainder_may_stand_beside_the_sub_meters_it_leaves():
    rest = '[[site.meter]]\nname = "rest"\nof = "m"\nplus = ["m"]\nminus = ["a"]\n'
    assert read(HEAD + meter("m") + meter("a", of="m") + rest).sites()["hq"].meter[2].is_virtual


def test_a_meter_stands_in_the_area_of_its_main():
    area = '[[area]]\nname = "it"\nholds = ["hq/main"]\n'
    said = read(HEAD + meter("main") + meter("sub", of="main") + area)
    assert said.standing("hq", "sub").department == "it"


def test_a_virtual_meter_that_is_part_of_none_stands_in_no_area():
    area = '[[area]]\nname = "it"\nholds = ["hq/v"]\n'
    assert "site 'hq' has no meter 'v'" in refused(meter("a"), meter("v", plus="a"), area)


# A book.

TREE = (
    HEAD
    + meter("main")
    + meter("paint", of="main")
    + meter("it", of="main", role="it_load")
    + meter("rest", of="main", plus="main")
    + meter("gas")
    + meter("boiler", of="gas")
).replace('plus = "main"', 'plus = "main"\nminus = ["paint", "it"]')
AREAS = """
[[area]]
name = "making"
holds = "hq"
[[area]]
name = "paint shop"
part_of = "making"
holds = "hq/paint"
[[area]]
name = "computing"
holds = "hq/it"
"""
READINGS = (
    ("main", "electricity", 100, "MWh"),
    ("paint", "electricity", 40, "MWh"),
    ("it", "it_load", 25, "MWh"),
    ("gas", "natural_gas", 3, "10^4 m3"),
    ("boiler", "natural_gas", 1, "10^4 m3"),
)


@pytest.fixture
def plant(make, tmp_path):
    """A site with sub-meters, an IT meter and a remainder, each read in every month of 2023."""

    def made(*without: str, settings: str = TREE + AREAS, readings=READINGS):
        rows = ["site,meter,activity,month,quantity,unit"]
        rows += [
            f"hq,{name},{activity},2023-{month:02},{quantity},{unit}"
            for name, activity, quantity, unit in readings
            if name not in without
            for month in range(1, 13)
        ]
        path = tmp_path / "readings.csv"
        path.write_text("\n".join(rows) + "\n", encoding="utf-8")

        def new():
            book = make("", bills={})
            (book.folder / "carbon.toml").write_text(settings, encoding="utf-8")
            [report] = book.import_files([path])
            assert [each for each in report.problems if each.severity == "error"] == []

        return kept(("plant", settings, *rows), tmp_path / "book", new, TODAY)

    return made


def bought(book) -> D:
    """Electricity bought in 2023. [MWh]"""
    return book.sql("select sum(energy_kwh) / 1000 as mwh from import_month").rows[0]["mwh"]


def burned(book) -> D:
    """Gas burned in 2023. [m3]"""
    rows = book.sql(
        "select sum(quantity) as m3 from flow where line = 'scope1' and activity = 'natural_gas'"
    ).rows
    return rows[0]["m3"]


def test_sub_meters_add_nothing_to_electricity_or_gas(plant):
    book = plant()
    assert (bought(book), burned(book)) == (12 * 100, 12 * 30_000)


def test_sub_meters_of_a_main_without_figures_are_told_and_not_counted(plant):
    book = plant("main", "it")
    assert book.sql("select * from import_month").rows == []
    [found] = [each for each in book.check() if each.code == "only-a-part-metered"]
    assert "480,000 kWh of electricity on paint in 2023 count nowhere" in found.message
    assert "main has no figure" in found.message


def test_a_site_with_sub_meters_alone_counts_them(plant):
    settings = HEAD + meter("a", role="sub_meter") + meter("b", role="sub_meter")
    readings = (("a", "electricity", 7, "MWh"), ("b", "electricity", 5, "MWh"))
    assert bought(plant(settings=settings, readings=readings)) == 12 * 12


def closed(plant, name: str, **said: str):
    """A closed year of two meters, one of which is described anew afterwards."""
    readings = (("a", "electricity", 7, "MWh"), ("b", "electricity", 5, "MWh"))
    book = plant(settings=HEAD + meter("a") + meter("b"), readings=readings)
    book.close("2023", incomplete=True)
    settings = HEAD + "".join(meter(each, **(said if each == name else {})) for each in "ab")
    (book.folder / "carbon.toml").write_text(settings, encoding="utf-8")
    return Book(book.folder)


def test_a_closed_year_counts_meters_as_its_tree_was(plant):
    assert bought(closed(plant, "b", of="a")) == 12 * 12


def test_a_restatement_names_a_meter_that_became_part_of_another(plant):
    book = closed(plant, "b", of="a")
    assert any("meter b, of" in note and " a now" in note for note in book.restate("2023").notes)


def test_a_policy_that_moves_no_figure_is_no_reason_of_a_restatement(plant):
    book = plant()
    book.close("2023", incomplete=True)
    settings = TREE + AREAS + "[policy]\ngoal_threshold = 0.1\ncontrol_tolerance = 0.1\n"
    (book.folder / "carbon.toml").write_text(settings, encoding="utf-8")
    assert "Nothing that it rests on" in " ".join(Book(book.folder).restate("2023").notes)


def test_pv_generation_of_a_sub_meter_is_not_added_to_its_plants(plant):
    settings = HEAD + meter("pv", role="pv_generation")
    settings += meter("roof", role="pv_generation", of="pv")
    readings = (("pv", "pv_generation", 7, "MWh"), ("roof", "pv_generation", 5, "MWh"))
    book = plant(settings=settings, readings=readings)
    assert book.sql("select sum(generated_kwh) as kwh from pv_month").rows[0]["kwh"] == 84_000


def test_meters_shows_the_tree_with_what_sub_meters_leave(plant):
    rows = plant().meters("2023").rows
    told = {row["meter"]: (row["of"], row["quantity"], row["rest"], row["counts"]) for row in rows}
    assert told == {
        "main": ("", 1_200_000, 0, "yes"),  # 1,200 - 480 - 300, and - 420 of the virtual one
        "paint": ("main", 480_000, None, "in its main"),
        "it": ("main", 300_000, None, "in its main"),
        "rest": ("main", 420_000, None, "computed"),
        "gas": ("", 360_000, 240_000, "yes"),
        "boiler": ("gas", 120_000, None, "in its main"),
    }


def node(rows, department, area=""):
    [row] = [each for each in rows if (each["department"], each["area"]) == (department, area)]
    return row["energy_mwh"]


def test_areas_add_up_to_the_energy_sheet(plant):
    book = plant()
    rows = book.areas().rows
    carriers, _ = book.energy("2023")
    whole = carriers.rows[-1]["energy_mwh"]
    parts = node(rows, "making") + node(rows, "computing") + node(rows, "unassigned")
    assert round(parts, 12) == round(node(rows, "organisation"), 12) == round(whole, 12)
    assert (node(rows, "computing"), node(rows, "making", "paint shop")) == (300, 480)
    inside = node(rows, "making", "paint shop") + node(rows, "making", "other")
    assert round(node(rows, "making"), 12) == round(inside, 12)


def test_a_sub_meter_above_its_main_keeps_what_it_read(plant):
    """The rest of its main is below nothing, and so in sight: 100 - 120 a month."""
    readings = (("main", "electricity", 100, "MWh"), ("paint", "electricity", 120, "MWh"))
    rows = plant(settings=TREE + AREAS, readings=readings).areas().rows
    assert node(rows, "making", "paint shop") == 12 * 120
    assert (node(rows, "making", "other"), node(rows, "organisation")) == (-240, 1200)


def test_electricity_without_a_coefficient_is_in_no_area_nor_in_the_energy_sheet(plant):
    book = plant()
    with book.run() as run:
        run.rows("select count(*) from emission")  # defined until somebody asks
        run.engine.con.execute("delete from emission where line = 'energy' and unit = 'kWh'")
        rows, [carriers, _] = meters.areas(run).rows, energy.sheet(run)
    whole = carriers.rows[-1]["energy_mwh"]
    assert round(node(rows, "organisation"), 12) == round(whole, 12) > 0


def test_gas_of_a_sub_meter_stands_in_its_area_by_the_coefficient_of_its_main(plant):
    boiler = '[[area]]\nname = "heat"\nholds = "hq/boiler"\n'
    book = plant("main", "paint", "it", settings=TREE + boiler)
    rows = book.areas().rows
    # the boiler burns one of the three 10^4 m3
    assert round(node(rows, "heat") * 3, 12) == round(node(rows, "organisation"), 12)


def test_the_months_of_a_year_add_up_to_it(plant):
    rows = plant().areas("2023").rows
    paint = [row for row in rows if row["area"] == "paint shop"]
    months = [row["energy_mwh"] for row in paint if row["month"]]
    assert months == [40] * 12
    assert [row["energy_mwh"] for row in paint if not row["month"]] == [480]


def test_equity_share_parts_areas_too(plant):
    settings = (TREE + AREAS).replace('"Acme"\n', '"Acme"\nconsolidation = "equity share"\n')
    settings = settings.replace('region = "CN-ZJ"\n', 'region = "CN-ZJ"\nshare = 0.5\n')
    assert node(plant(settings=settings).areas().rows, "computing") == 150


def test_a_year_without_energy_is_no_zero(plant):
    from carbon.errors import CarbonError

    with pytest.raises(CarbonError, match="no energy is recorded for 2020"):
        plant().areas("2020")


def test_an_entry_of_a_sub_meter_says_where_it_counts(plant):
    book = plant()
    [paint] = book.entries(meter="paint", until="2023-01").rows
    told = book.explain(f"entry {paint['entry_id']}")
    assert (told.total_g, told.chains) == (0, [])
    assert told.lines()[-1] == "  paint measures a part: its use is in the figure of main."


def test_on_a_screen_sites_stand_above_their_meters_and_those_above_their_parts(plant):
    from carbon.meters import INDENT, shown

    labels = [row["meter"] for row in shown(plant().meters("2023")).rows]
    deep = {"main": 1, "paint": 2, "it": 2, "rest": 2, "gas": 1, "boiler": 2}
    assert labels == ["hq", *(INDENT * depth + name for name, depth in deep.items())]


def test_bills_of_trips_stand_beside_no_meters(plant):
    book = plant()
    said = {"site": "hq", "activity": "diesel", "month": "2023-01", "unit": "kg"}
    assert book.log("activity", said | {"quantity": "5"}).recorded
    trip = {"activity": "rail_travel", "detail": "national", "unit": "pkm", "quantity": "5"}
    assert book.log("activity", said | trip).recorded
    bills = [row["activity"] for row in book.meters("2023").rows if not row["meter"]]
    assert bills == ["diesel"]


def test_a_book_without_areas_is_told_so(plant):
    table = plant(settings=TREE).areas()
    assert "names no [[area]] yet" in table.notes[-1]
    assert node(table.rows, "unassigned") == node(table.rows, "organisation")


# What is found.


def found(book, code: str) -> list:
    return [each for each in book.check() if each.code == code]


OURS = (
    *("sub-above-main", "sub-in-other-unit", "virtual-meter-recorded", "only-a-part-metered"),
    *("calibration-overdue", "control-total"),
)


def test_nothing_is_found_on_meters_that_agree(plant):
    assert [each.code for each in plant().check() if each.code in OURS] == []


def test_sub_meters_above_their_main_are_found_with_what_is_at_stake(plant):
    book = plant()
    said = {"site": "hq", "meter": "paint", "activity": "electricity", "month": "2024-01"}
    book.log("activity", said | {"quantity": "120", "unit": "MWh"})
    book.log("activity", said | {"meter": "main", "quantity": "100", "unit": "MWh"})
    [told] = found(book, "sub-above-main")
    # main 100; paint 120: 20 MWh too much. The remainder has no figure, for the IT meter has none.
    assert "read 120,000 kWh of electricity, 20,000 more than its 100,000" in told.message
    rows = book.sql(
        "select sum(co2e_g) / 1e6 as t from emission where line = 'scope2' and month = 202401"
        " and accounting = 'location'"
    ).rows
    assert float(told.mass_t) == pytest.approx(float(rows[0]["t"]) / 5, abs=0.0005)
    assert told.remedy.startswith("carbon entries --site hq --since 2024-01")


def test_a_sub_meter_in_another_unit_is_found_and_counted_once(plant):
    readings = (("gas", "natural_gas", 3, "10^4 m3"), ("boiler", "natural_gas", 100, "GJ net"))
    settings = HEAD + meter("gas") + meter("boiler", of="gas")
    book = plant(settings=settings, readings=readings)
    [told] = found(book, "sub-in-other-unit")
    assert "boiler reads natural_gas in MJ, and its main gas in m3" in told.message
    assert burned(book) == 360_000


def test_a_virtual_meter_takes_no_reading(plant):
    said = {"site": "hq", "meter": "rest", "activity": "electricity", "month": "2023-01"}
    report = plant().log("activity", said | {"quantity": "1", "unit": "MWh"})
    assert [(each.code, report.recorded) for each in report.problems] == [("virtual-meter", 0)]


def test_what_was_recorded_before_a_meter_became_virtual_is_told(plant):
    book = plant(settings=TREE.replace('plus = "main"\nminus = ["paint", "it"]\n', ""))
    said = {"site": "hq", "meter": "rest", "activity": "electricity", "month": "2023-01"}
    book.log("activity", said | {"quantity": "1", "unit": "MWh"})
    (book.folder / "carbon.toml").write_text(TREE, encoding="utf-8")
    [told] = found(book, "virtual-meter-recorded")
    assert told.severity == "error"
    assert bought(book) == 1200


# The books' today is 2026-11-20.


@pytest.mark.parametrize(
    ("said", "is_due"),
    [
        ("calibration_due = 2026-11-19", True),
        ("calibration_due = 2026-11-20", False),
        ('calibrated_on = 2025-11-19\ncalibration_every = "12 months"', True),
        ('calibrated_on = 2025-11-19\ncalibration_every = "2 years"', False),
        ("calibrated_on = 2000-01-01", False),
    ],
)
def test_a_calibration_overdue_is_found(plant, said, is_due):
    settings = TREE.replace('name = "paint"\n', f'name = "paint"\n{said}\n')
    assert bool(found(plant(settings=settings), "calibration-overdue")) == is_due


def test_a_calibration_overdue_says_what_was_read_since(plant):
    settings = TREE.replace('name = "main"\n', 'name = "main"\ncalibration_due = 2023-10-15\n')
    book = plant(settings=settings)
    [told] = found(book, "calibration-overdue")
    assert "due on 2023-10-15; read on it since: 200,000 kWh of electricity" in told.message
    total = book.inventory("2023").rows[0]["scope2_location_t"]
    assert float(told.mass_t) == pytest.approx(float(total) / 6, abs=0.0005)  # two of twelve months


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('calibration_every = "1 year"', "says calibration_every and not calibrated_on"),
        ('calibrated_on = 2020-01-01\ncalibration_every = "often"', "written like '6 months'"),
        ("calibrated_on = 2020-01-02\ncalibration_due = 2020-01-01", "due before it was done"),
        (
            "calibrated_on = 2020-01-01\ncalibration_due = 2021-01-01\n"
            'calibration_every = "1 year"',
            "keep one",
        ),
        ('plus = "x"\ncalibration_due = 2021-01-01', "nothing to calibrate"),
    ],
)
def test_what_contradicts_itself_on_calibration_is_refused(said, told):
    assert told in refused(meter("x"), f'[[site.meter]]\nname = "main"\n{said}\n')


STATEMENT = {"control_id": "s-1", "site": "hq", "activity": "electricity", "unit": "MWh"}


@pytest.mark.parametrize(
    ("quantity", "is_off"), [("1200", False), ("1206", False), ("1207", True), ("1190", True)]
)
def test_a_statement_that_does_not_add_up_is_found(plant, quantity, is_off):
    book = plant()  # 1,200 MWh, and half a percent more or less
    assert book.log("control_total", STATEMENT | {"year": "2023", "quantity": quantity}).recorded
    assert bool(found(book, "control-total")) == is_off


def test_a_statement_that_does_not_add_up_says_what_is_missing(plant):
    book = plant()
    book.log("control_total", STATEMENT | {"year": "2023", "quantity": "1300"})
    [told] = found(book, "control-total")
    assert told.message == (
        "statement s-1 says 1,300,000 kWh of electricity, and 12 entries of its period make"
        " 1,200,000: -100,000 (-7.7%)"
    )
    total = book.inventory("2023").rows[0]["scope2_location_t"]
    assert float(told.mass_t) == pytest.approx(float(total) / 12, abs=0.0005)
    assert "--activity electricity --since 2023-01 --until 2023-12" in told.remedy


def test_a_statement_of_a_sub_meter_is_held_against_that_meter(plant):
    book = plant()
    book.log("control_total", STATEMENT | {"meter": "paint", "year": "2023", "quantity": "480"})
    assert found(book, "control-total") == []


def test_a_statement_that_ends_within_a_bill_takes_its_days_of_it(plant):
    book = plant("main", "paint", "it")
    said = {"site": "hq", "meter": "main", "activity": "electricity", "unit": "MWh"}
    book.log("activity", said | {"start": "2023-01-01", "end": "2023-01-10", "quantity": "100"})
    book.log("control_total", STATEMENT | {"start": "2023-01-01", "end": "2023-01-04"} | FORTY)
    assert found(book, "control-total") == []


FORTY = {"quantity": "40"}  # four of ten days


def test_the_tolerance_is_a_policy(plant):
    book = plant(settings=TREE + "[policy]\ncontrol_tolerance = 0.1\n")
    book.log("control_total", STATEMENT | {"year": "2023", "quantity": "1300"})
    assert found(book, "control-total") == []


def test_a_statement_can_be_withdrawn(plant):
    book = plant()
    book.log("control_total", STATEMENT | {"year": "2023", "quantity": "1300"})
    book.withdraw("s-1", note="of another site")
    assert found(book, "control-total") == []


def test_a_statement_that_came_after_a_run_is_not_part_of_it(plant):
    book = plant()
    with book.run() as run:
        before = run.run_id
    book.log("control_total", STATEMENT | {"year": "2023", "quantity": "1300"})
    with book.repeat(before) as run:
        assert list(control_totals(run)) == []
    with book.run() as run:
        assert len(list(control_totals(run))) == 1


def test_a_file_of_statements_is_no_file_of_entries(plant, tmp_path):
    path = tmp_path / "statements.csv"
    path.write_text(
        "control_id,site,meter,activity,year,quantity,unit,evidence\n"
        "s-2,hq,main,electricity,2023,1200,MWh,letter 7\n",
        encoding="utf-8",
    )
    book = plant()
    [report] = book.import_files([path])
    assert (report.layout, report.recorded) == ("control_total", 1)
    assert bought(book) == 1200


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"quantity": "-5", "year": "2023"}, "negative-quantity"),
        ({"quantity": "5"}, "missing-column"),
        ({"quantity": "5", "start": "2023-02-01", "end": "2023-01-01"}, "end-before-start"),
        ({"quantity": "5", "year": "2023", "unit": "kg"}, "wrong-dimension"),
        ({"quantity": "5", "year": "2023", "meter": "mian"}, "unknown-meter"),
        ({"quantity": "5", "year": "2023", "activity": "electrcity"}, "unknown-activity"),
    ],
)
def test_a_statement_that_cannot_be_understood_is_refused(plant, said, code):
    report = plant().log("control_total", STATEMENT | said)
    assert (report.recorded, [each.code for each in report.problems]) == (0, [code])


# Quotas.


@pytest.mark.parametrize(
    ("holds", "used"),
    [
        ('meter = "paint"', "40,000"),
        ('meter = "rest"', "35,000"),  # 100 - 40 - 25, of a virtual meter
        ('site = "hq"', "100,000"),  # its main alone
    ],
)
def test_a_quota_is_of_what_its_meter_reads_or_of_what_counts_at_its_site(plant, holds, used):
    quota = '[[quota]]\nname = "q"\nactivity = "electricity"\nquantity = 30\nunit = "MWh"\n'
    book = plant(settings=f'{quota}per = "month"\nsince = "2023-12"\n{holds}\n' + TREE)
    [found] = [each for each in book.check() if each.code == "quota-exceeded"]
    assert f"exceeded in 2023-12: {used} kWh" in found.message


# A total that includes PV, which is reckoned for a site as a whole.

WITH_PV = HEAD + meter("main") + meter("paint", of="main")


def including_pv(plant):
    """A main and its sub-meter, both read with PV in it; the sub-meter's readings are estimates."""
    readings = [(name, "electricity_including_pv", 10, "MWh") for name in ("main", "paint")]
    book = plant("paint", settings=WITH_PV, readings=readings)
    said = {"site": "hq", "meter": "paint", "activity": "electricity_including_pv", "unit": "MWh"}
    book.log("activity", said | {"year": "2023", "quantity": "60", "quality": "estimated"})
    return book


def test_a_total_with_pv_is_traced_to_its_main_alone(plant):
    with including_pv(plant).run() as run:
        rows = run.rows(f"select distinct quality from ({sql_text('trace')}) as t")
    assert rows == [("unstated",)]


def test_an_estimate_of_a_sub_meter_is_no_part_of_a_total_with_pv(plant):
    [row] = including_pv(plant).inventory("2023").rows
    assert row["estimated_share"] == 0
