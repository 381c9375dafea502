"""PV plants, storage and data centres in a book: settings, answers, and what always holds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from books import begun
from conftest import load, rows_of, tables_read
from hypothesis import given, settings
from hypothesis import strategies as st

from carbon import settings as book_settings
from carbon.engine import Duck, connect, sql_text
from carbon.errors import CarbonError, SettingsError

D = Decimal
TODAY = date(2026, 11, 20)
GRID = '[policy.electricity]\nCN = "national-statistic"\n'  # 0.5306, residual 0.6096 t/MWh in 2023
SITE = '[[site]]\nname = "works"\nregion = "CN-ZJ"\n'
ROOF = '[[site.meter]]\nname = "roof"\nrole = "pv_generation"\n'
HALL = '[[site.meter]]\nname = "hall"\nrole = "pv_generation"\n'
LATE = '{ state = "sold", since = "2023-05" }'
LATER = '{ state = "kept", since = "2023-06" }'
MONTHS = [f"2023-{month:02}" for month in range(1, 13)]


def plant(*lines: str) -> str:
    return "[[site.pv]]\n" + "".join(f"{line}\n" for line in lines)


@pytest.fixture
def book_of(tmp_path):
    """`book_of(rows, settings...)`: a book with `activity,month,MWh` or `meter activity,...`."""

    def made(rows, *parts, policy=""):
        book = begun(tmp_path / "book", "Acme", "CN-ZJ", TODAY)
        text = '[organisation]\nname = "Acme"\n[policy]\n' + policy + "\n" + GRID + SITE
        (book.folder / "carbon.toml").write_text(text + "".join(parts), encoding="utf-8")
        lines = ["site,meter,activity,month,quantity,unit"]
        for activity, month, energy in rows:
            meter, _, name = f" {activity}".rpartition(" ")
            lines.append(f"works,{meter.strip()},{name},{month},{energy},MWh")
        path = tmp_path / "rows.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        [report] = book.import_files([path])
        assert [each for each in report.problems if each.severity == "error"] == []
        return book

    return made


def every_month(**energy):
    return [(name.replace("__", " "), month, energy[name]) for name in energy for month in MONTHS]


def totals(book):
    row = book.inventory("2023").rows[0]
    return row["scope2_location_t"], row["scope2_market_t"]


def found(book, code):
    return [each for each in book.check() if each.code == code]


# Settings


def read(*parts):
    return book_settings.read('[organisation]\nname = "Acme"\n' + SITE + "".join(parts))


@pytest.mark.parametrize("key", ['pv_certificates = "kept"\n', "pv_capacity_kw = 5\n"])
def test_the_older_keys_and_plants_together_are_refused(key):
    with pytest.raises(SettingsError, match=f"has both {key.split()[0]} and"):
        read(key, plant("capacity_kw = 5"))


def test_the_older_keys_mean_one_own_plant_for_ever():
    [each] = read('pv_certificates = "sold"\npv_capacity_kw = 5\n').site[0].plants()
    assert (each.capacity_kw, each.owner, each.is_sold(199001), each.is_sold(209912)) == (
        5,
        "own",
        True,
        True,
    )


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ((plant('owner = "Sun"'),), "does not say who has its certificates"),
        ((plant('commissioned = "2023-05"', 'retired = "2023-05"'),), "retired after"),
        (
            (plant('certificates = [{ state = "sold", since = "2023-05", until = "2023-05" }]'),),
            "empty",
        ),
        ((plant(f"certificates = [{LATE}, {LATER}]"),), "neither overlap nor be empty"),
        ((plant('meter = "rof"'), ROOF), "nearest: roof"),
        (
            (plant('certificates = "kept"'), plant('certificates = "sold"')),
            "name the meters of each",
        ),
        ((plant('certificates = "gone"'),), "not allowed"),
        ((plant("capacity_kw = 0"),), "greater than 0"),
    ],
)
def test_a_plant_that_cannot_be_is_refused_in_words(said, words):
    with pytest.raises(SettingsError, match=words):
        read(*said)


def test_plants_that_follow_each_other_may_differ():
    said = read(
        plant('retired = "2023-07"', 'owner = "Sun"', 'certificates = "kept"'),
        plant('commissioned = "2023-07"', 'certificates = "sold"'),
    )
    assert len(said.site[0].plants()) == 2


# Certificates and owners


def test_a_year_may_be_sold_in_part(book_of):
    said = plant('certificates = [{ state = "sold", since = "2023-07", until = "2023-10" }]')
    book = book_of(every_month(electricity=100, pv_generation=10), said)
    # 1,200 MWh bought; 3 months of 10 MWh sold
    assert totals(book) == (1200 * D("0.5306"), 1230 * D("0.6096"))


def test_sold_pv_takes_the_grid_average_location_based_where_the_policy_says_so(book_of):
    rows = every_month(electricity=100, pv_generation=10)
    book = book_of(rows, plant('certificates = "sold"'), policy='pv_sold_location = "grid average"')
    assert totals(book) == (1320 * D("0.5306"), 1320 * D("0.6096"))


@pytest.mark.parametrize(("state", "market"), [("kept", 1200), ("sold", 1320)])
def test_a_third_partys_roof_is_bought_at_its_own_rate(book_of, state, market):
    said = plant('owner = "Sun"', f'certificates = "{state}"')
    book = book_of(every_month(electricity=100, pv_generation=10), said)
    assert totals(book) == (1200 * D("0.5306"), market * D("0.6096"))


def test_a_third_partys_roof_is_taken_off_a_total_once(book_of):
    said = plant('owner = "Sun"', 'certificates = "kept"')
    rows = every_month(electricity_including_pv=110, pv_generation=12, pv_export=2)
    assert totals(book_of(rows, said)) == (1200 * D("0.5306"), 1200 * D("0.6096"))


def test_pv_bought_on_the_roof_is_explained_down_to_its_meter(book_of):
    said = plant('owner = "Sun"', 'certificates = "kept"')
    book = book_of(every_month(electricity=100, pv_generation=10, pv_export=4), said)
    told = "\n".join(book.explain("scope2-location 2023-01 pv_generation").lines())
    assert "10,000 kWh generated - 4,000 exported = 6,000 kWh" in told
    assert "burns no fuel" in told
    assert "rows.csv, row 14" in told


def test_of_two_plants_each_is_explained_down_to_its_own_meter(book_of):
    said = (
        plant('meter = "roof"', 'certificates = "sold"'),
        plant('meter = "hall"', 'owner = "Sun"', 'certificates = "kept"'),
    )
    rows = [("roof pv_generation", "2023-01", 60), ("hall pv_generation", "2023-01", 40)]
    book = book_of([*rows, ("pv_export", "2023-01", 10)], *said, ROOF, HALL)
    lines = book.explain("scope2-market 2023").lines()
    told = "\n".join(lines)
    assert "100,000 kWh generated - 10,000 exported = 90,000, by share of generation" in told
    assert "= 54,000 kWh" in told
    assert [line for line in lines if "rows.csv, row" in line] == ["  entry 1: rows.csv, row 2"]


def test_a_closed_year_keeps_its_terms(book_of):
    book = book_of(every_month(electricity=100, pv_generation=10), plant('certificates = "kept"'))
    book.close("2023")
    path = book.folder / "carbon.toml"
    text = path.read_text(encoding="utf-8")
    sold = text.replace('"kept"', '"sold"').replace(
        "[policy]\n", '[policy]\npv_in_energy = false\npv_sold_location = "grid average"\n'
    )
    path.write_text(sold, encoding="utf-8")
    assert totals(book) == (1200 * D("0.5306"), 1200 * D("0.6096"))
    assert found(book, "closed-year-moved") == []


def test_a_closed_year_keeps_what_it_bought_on_its_roof(book_of):
    said = plant('owner = "Sun"', 'certificates = "kept"')
    book = book_of(every_month(electricity=100, pv_generation=10), said)
    book.close("2023")
    assert found(book, "closed-year-moved") == []


# Findings


def test_a_balance_that_does_not_close_is_told_with_its_figures(book_of):
    rows = every_month(pv_generation=10, pv_export=3, pv_self_used=6)
    [each] = found(book_of(rows), "pv-does-not-add-up")
    assert each.message == (
        "PV at works in 2023: 120,000 kWh generated, but 72,000 self-used + 36,000 exported + 0"
        " lost in storage + 0 in store leave 12,000 kWh unexplained"
    )
    assert each.where == "works, 2023-01 to 2023-12"


def test_a_negative_change_in_store_is_no_negative_quantity(book_of):
    book = book_of([("pv_generation", "2023-01", 10), ("storage_change", "2023-01", -1)])
    assert found(book, "negative-quantity") == []


def test_curtailment_that_does_not_fit_the_potential_is_told(book_of):
    rows = every_month(pv_generation=10, pv_potential=13, pv_curtailed=2)
    [each] = found(book_of(rows), "pv-curtailment")
    assert (
        "potential of 156,000 kWh is not the 120,000 generated + 24,000 curtailed" in each.message
    )


def test_generation_before_its_plant_is_told(book_of):
    said = plant('commissioned = "2023-03"')
    [each] = found(book_of(every_month(pv_generation=10), said), "pv-outside-its-plant")
    assert "generated 20,000 kWh while no plant of it runs" in each.message
    assert each.where == "works, 2023-01 to 2023-02"


def test_generation_on_a_meter_that_no_plant_names_is_told(book_of):
    rows = every_month(roof__pv_generation=10, hall__pv_generation=10)
    [each] = found(book_of(rows, plant('meter = "roof"'), ROOF, HALL), "pv-outside-its-plant")
    assert each.message.startswith("PV at hall generated 120,000 kWh on a meter")


def test_more_than_all_hours_of_a_month_at_full_power_is_an_error(book_of):
    rows = [("pv_generation", "2023-02", "67.201"), ("pv_generation", "2023-03", "67.201")]
    [each] = found(book_of(rows, plant("capacity_kw = 100")), "pv-beyond-capacity")
    assert each.severity == "error"  # 100 kW x 672 h = 67,200 kWh in February
    assert "in 2023-02" in each.message


def test_a_yield_is_judged_by_the_sites_other_years(book_of):
    yearly = {2020: 100, 2021: 98, 2022: 60, 2023: 102}
    rows = [
        ("pv_generation", f"{year}-{month:02}", energy)
        for year, energy in yearly.items()
        for month in range(1, 13)
    ]
    book = book_of(rows, plant("capacity_kw = 1000"))
    # 60 x 12 / 1 MW = 720 kWh/kW, the median of the others 1,200
    assert [each.message for each in found(book, "pv-yield")] == [
        "PV at works yielded 720.0 kWh/kW in 2022"
    ]


def test_a_purchase_agreement_for_the_roof_is_not_counted_twice_in_silence(book_of):
    said = plant('owner = "Sun"', 'certificates = "kept"')
    book = book_of(every_month(electricity=100, pv_generation=10), said)
    contract = {"instrument_id": "roof-ppa", "kind": "PPA", "market": "CN", "site": "works"}
    contract |= {"energy": "120", "unit": "MWh", "vintage": "2023", "factor": "0"}
    book.log("instrument", contract | {"retired_on": "2024-03-01", "beneficiary": "Acme"})
    [each] = found(book, "ppa-behind-the-meter")
    assert each.where == "roof-ppa"


# Data centres

IT = '[[site.meter]]\nname = "it"\nrole = "it_load"\n'


def test_a_year_has_the_quotient_of_its_sums(book_of):
    rows = every_month(electricity=100, it__it_load=80)
    rows[0] = ("electricity", "2023-01", 160)
    table = book_of(rows, IT).pue("2023")
    assert [row["pue"] for row in table.rows[:2]] == [D(2), D("1.25")]
    assert table.rows[-1]["pue"] == D(1260) / D(960)
    assert not table.is_blocked


def test_a_month_without_its_meter_is_told_and_not_computed(book_of):
    rows = every_month(electricity=100, it__it_load=80)[:-1]
    december, year = book_of(rows, IT).pue("2023").rows[-2:]
    assert (december["pue"], december["remark"]) == (None, "no IT meter")
    assert (year["pue"], year["remark"]) == (None, "11 of 12 months whole")


def test_a_facility_below_its_it_blocks_the_answer(book_of):
    table = book_of(every_month(electricity=70, it__it_load=80), IT).pue()
    assert table.is_blocked
    assert table.rows[0]["remark"].startswith("error: the facility reads less than its IT")


def test_a_book_without_it_meters_has_no_pue(book_of):
    with pytest.raises(CarbonError, match="no IT load is recorded"):
        book_of(every_month(electricity=70)).pue()


# The energy sheet


def test_the_sheet_agrees_with_the_line_energy(book_of):
    rows = every_month(electricity=100, pv_generation=10)
    book = book_of([*rows, ("heat", "2023-01", 7)])
    carriers, _ = book.energy("2023", by_site=True)
    [line] = book.sql("select sum(mass_g) as g from total where line = 'energy'").rows
    assert carriers.rows[-1]["standard_coal_t"] == line["g"].scaleb(-6)
    energy = {row["carrier"]: row["energy_mwh"] for row in carriers.rows}
    assert (energy["heat"], energy["total"]) == (7, 1327)


def test_own_pv_is_outside_the_sheet_where_the_policy_says_so(book_of):
    rows = every_month(electricity=100, pv_generation=10)
    carriers, electricity = book_of(rows, policy="pv_in_energy = false").energy("2023")
    assert [row["carrier"] for row in carriers.rows] == ["electricity bought", "total"]
    assert electricity.rows[-1]["pv_used_mwh"] == 120


@pytest.mark.parametrize(("state", "share"), [("kept", D(120) / 1320), ("sold", 0)])
def test_only_pv_with_its_certificates_is_renewable(book_of, state, share):
    rows = every_month(electricity=100, pv_generation=10)
    book = book_of(rows, plant(f'certificates = "{state}"'))
    assert round(book.energy("2023")[1].rows[-1]["renewable_share"], 9) == round(share, 9)


def test_certificates_count_as_far_as_they_cover(book_of):
    book = book_of(every_month(electricity=100))
    said = {"instrument_id": "g1", "kind": "GEC", "market": "CN", "energy": "300", "unit": "MWh"}
    said |= {"vintage": "2023", "retired_on": "2024-03-01", "beneficiary": "Acme"}
    book.log("instrument", said)
    assert book.energy("2023")[1].rows[-1]["renewable_share"] == D("0.25")


def test_what_a_third_partys_plant_exports_is_its_owners(book_of):
    said = (
        plant('meter = "roof"'),
        plant('meter = "hall"', 'owner = "Sun"', 'certificates = "kept"'),
    )
    rows = every_month(electricity=100, roof__pv_generation=6, hall__pv_generation=4, pv_export=1)
    row = book_of(rows, *said, ROOF, HALL).energy("2023")[1].rows[-1]
    figures = ("bought_mwh", "pv_generated_mwh", "pv_used_mwh", "exported_mwh")
    # 12 x: used 9 of 10, 3.6 of them bought; of 1 exported 0.6 is the site's own
    assert [row[name] for name in figures] == [D("1243.2"), 72, 108, D("7.2")]


def test_an_export_that_is_not_metered_is_missing_and_not_0(book_of):
    table = book_of(every_month(electricity=100, pv_generation=10)).energy("2023")[1]
    assert table.rows[-1]["exported_mwh"] is None
    assert "PV used is an estimate, for export is not always metered: works." in table.notes


def test_a_year_without_energy_is_not_disclosed(book_of):
    with pytest.raises(CarbonError, match="no energy is recorded for 2021"):
        book_of(every_month(electricity=100)).energy("2021")


# What always holds

kwh = st.integers(0, 10**9).map(lambda value: D(value).scaleb(-3))
SPOT = {"site": "works", "month": 202301, "reporting_year": 2023}
STEPS = (
    *(("pv_month", "pv_month"), ("pv_use_month", "pv_use_month")),
    *(("import_month", "import_month"), ("coverable_month", "coverable_month")),
    ("flow_electricity", "flow/electricity"),
)


def computed(readings, *terms):
    """The relations of PV and its flows, of readings and terms (meter -> owner, sold, grid)."""
    engine = Duck(connect())
    given_rows = {
        "activity_month": [
            SPOT | {"activity": name, "meter": meter, "role": "grid_import", "quantity": energy}
            for (meter, name), energy in readings.items()
        ],
        "site_month": [SPOT],
        "matching_month": [{"month": 202301, "period": 2023}],
        "pv_term": [
            {"site": "works", "meter": meter, "owner": owner, "is_sold": sold, "is_on_grid": grid}
            for meter, owner, sold, grid in terms or (("", "", False, False),)
        ],
    }
    made = {}
    for name, file in STEPS:
        for table in tables_read(sql_text(file)) - set(made) - {name}:
            load(engine, table, given_rows.get(table, []))
        engine.derive(name, sql_text(file))
        made[name] = rows_of(engine, name)
    return made


def grid_kwh(made, accounting):
    """What takes a factor of the grid. [kWh]"""
    return sum(
        row["quantity"]
        for row in made["flow_electricity"]
        if row["accounting"] == accounting and row["topic"] == "electricity"
    )


term = st.tuples(st.sampled_from(["", "Sun"]), st.booleans(), st.booleans())


@settings(max_examples=25, deadline=None)
@given(kwh, kwh, kwh, kwh, kwh, kwh, term)
def test_the_identity_closes(roof, hall, exported, charged, discharged, change, roof_term):
    readings = {
        ("roof", "pv_generation"): roof,
        ("hall", "pv_generation"): hall,
        ("", "pv_export"): exported,
        ("", "storage_charge"): charged,
        ("", "storage_discharge"): discharged,
        ("", "storage_change"): change,
    }
    made = computed(readings, ("", "", False, False), ("roof", *roof_term))
    [row] = made["pv_month"]
    net = row["self_used_kwh"] - row["storage_loss_kwh"]
    parts = net + row["storage_loss_kwh"] + row["exported_kwh"] + row["store_change_kwh"]
    assert parts == roof + hall
    assert row["storage_loss_kwh"] + row["store_change_kwh"] == charged - discharged
    assert sum(each["used_kwh"] for each in made["pv_use_month"]) == row["self_used_kwh"]
    assert sum(each["exported_kwh"] for each in made["pv_use_month"]) == row["exported_kwh"]


@settings(max_examples=25, deadline=None)
@given(kwh, kwh, st.integers(0, 1000), st.integers(0, 1000), term)
def test_exporting_more_pv_never_lowers_scope_2(extra, generated, less, more, terms):
    """At the same use of the site; sums of one grid factor, so in kWh."""
    less, more = sorted((less, more))
    use = generated + extra
    made = [
        computed(
            {
                ("", "electricity_including_pv"): use,
                ("", "pv_generation"): generated,
                ("", "pv_export"): (generated * share).scaleb(-3).quantize(D("0.000001")),
            },
            ("", *terms),
        )
        for share in (less, more)
    ]
    for accounting in ("location", "market"):
        assert grid_kwh(made[0], accounting) <= grid_kwh(made[1], accounting)


@settings(max_examples=25, deadline=None)
@given(kwh, kwh, kwh, term)
def test_sold_certificates_never_lower_market_based(bought, generated, exported, terms):
    owner, _, grid = terms
    readings = {
        ("", "electricity"): bought,
        ("", "pv_generation"): generated,
        ("", "pv_export"): exported,
    }
    kept, sold = (computed(readings, ("", owner, state, grid)) for state in (False, True))
    assert grid_kwh(kept, "market") == bought
    assert grid_kwh(kept, "market") <= grid_kwh(sold, "market")
    assert grid_kwh(kept, "location") <= grid_kwh(sold, "location")
