"""Small books judged end to end: what a verdict may rest on, and what it may not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from books import begun

from carbon.book import Book
from carbon.errors import CarbonError, FactorError, SettingsError
from carbon.inputs import ACTUAL
from carbon.ledger import Ledger
from carbon.outlook import year_figures

TODAY = date(2026, 11, 20)
POLICY = '[policy.electricity]\nCN = "set:cn-mee-2023-notice"\n'  # 0.5703 t/MWh in every year
WORKS = '[[site]]\nname = "works"\nregion = "CN-ZJ"\n'
PEAK = '[[target]]\nname = "peak"\nkind = "peak"\nyear = 2022\n'
NEUTRAL = '[[target]]\nname = "neutral"\nkind = "neutral"\nyear = 2023\n'


def approved(*years: int) -> str:
    return "".join(
        f'[[statement]]\nyear = {year}\nstatus = "approved"\non = 2024-06-01\n' for year in years
    )


def verdict(book: Book) -> str:
    [(_, found)] = book.targets()
    return found.verdict


FALLING = {("works", 2022): 100, ("works", 2023): 90, ("works", 2024): 80}


def test_a_peak_with_two_lower_approved_years_is_met(make):
    book = make(POLICY, WORKS, PEAK, approved(2022, 2023, 2024), bills=FALLING)
    assert verdict(book) == "met"


def test_a_missing_month_keeps_a_peak_from_being_met(make):
    book = make(POLICY, WORKS, PEAK, approved(2022, 2023, 2024), bills=FALLING)
    book.withdraw(1)
    assert verdict(book) != "met"


def test_a_declared_site_without_any_bill_keeps_a_peak_from_being_met(make):
    silent = '[[site]]\nname = "silent"\nregion = "CN-SH"\n'
    book = make(POLICY, WORKS, silent, PEAK, approved(2022, 2023, 2024), bills=FALLING)
    assert verdict(book) != "met"


def test_electricity_without_a_factor_keeps_a_peak_from_being_met(make):
    abroad = '[[site]]\nname = "abroad"\nregion = "AE"\n'
    bills = FALLING | {("abroad", year): 1 for year in (2022, 2023, 2024)}
    book = make(POLICY, WORKS, abroad, PEAK, approved(2022, 2023, 2024), bills=bills)
    assert verdict(book) != "met"


SOLD = '[[site]]\nname = "sold"\nregion = "CN-SH"\nleft = "2023-01"\nleft_because = "divested"\n'


def test_a_peak_made_by_divesting_a_site_vanishes_once_the_years_are_recalculated(make):
    # with the site sold 150, 90, 95 a month; without it, as the firm now is, 80, 90, 95
    bills = {("works", 2022): 80, ("works", 2023): 90, ("works", 2024): 95, ("sold", 2022): 70}
    book = make(POLICY, WORKS, SOLD, PEAK, approved(2022, 2023, 2024), bills=bills)
    assert verdict(book) == "missed"


def test_a_peak_that_stands_without_the_divested_site_is_met(make):
    bills = FALLING | {("sold", 2022): 50}
    book = make(POLICY, WORKS, SOLD, PEAK, approved(2022, 2023, 2024), bills=bills)
    [(_, found)] = book.targets()
    assert found.verdict == "met"
    assert found.facts["peak_t"] == Decimal("684.36")  # 12 x 100 MWh x 0.5703, not 150
    assert "earlier years recalculated for changes of structure" in found.caveats


def test_an_acquired_site_without_its_earlier_bills_keeps_a_peak_from_being_met(make):
    bought = '[[site]]\nname = "bought"\nregion = "CN-SH"\njoined = "2024-01"\n'
    bought += 'joined_because = "acquired"\n'
    bills = FALLING | {("bought", 2024): 5}
    book = make(POLICY, WORKS, bought, PEAK, approved(2022, 2023, 2024), bills=bills)
    [(_, found)] = book.targets()
    assert found.verdict == "not yet provable"
    assert found.reason.startswith("Not comparable: boundary changes between 2023 and 2024")


def test_an_acquired_site_whose_earlier_bills_are_there_compares(make):
    bought = '[[site]]\nname = "bought"\nregion = "CN-ZJ"\njoined = "2024-01"\n'
    bought += 'joined_because = "acquired"\n'
    bills = FALLING | {("bought", year): 5 for year in (2022, 2023, 2024)}
    book = make(POLICY, WORKS, bought, PEAK, approved(2022, 2023, 2024), bills=bills)
    [(_, found)] = book.targets()
    # 12 x 105 MWh x 0.5703 in 2022, as if the site had always been there
    assert (found.verdict, found.facts["peak_t"]) == ("met", Decimal("718.578"))


def test_a_part_without_the_divested_site_is_judged_as_recorded(make):
    part = PEAK + 'sites = ["works"]\n'
    bills = FALLING | {("sold", 2022): 50}
    book = make(POLICY, WORKS, SOLD, part, approved(2022, 2023, 2024), bills=bills)
    [(_, found)] = book.targets()
    assert (found.verdict, found.caveats[-1]) == ("met", "sub-boundary: works")


def test_a_reduction_made_by_divesting_a_site_is_none(make):
    cut = '[[target]]\nname = "cut"\nkind = "reduction"\nyear = 2024\nbase_year = 2022\n'
    bills = {("works", 2022): 80, ("works", 2023): 80, ("works", 2024): 80, ("sold", 2022): 80}
    book = make(
        POLICY, WORKS, SOLD, cut + "percent = 50\n", approved(2022, 2023, 2024), bills=bills
    )
    [(_, found)] = book.targets()
    assert (found.verdict, found.facts["reduction_share"]) == ("missed", 0)


def test_a_closed_site_is_organic_and_does_not(make):
    gone = '[[site]]\nname = "gone"\nregion = "CN-SH"\nleft = "2023-01"\nleft_because = "closed"\n'
    bills = FALLING | {("gone", 2022): 50}
    book = make(POLICY, WORKS, gone, PEAK, approved(2022, 2023, 2024), bills=bills)
    assert verdict(book) == "met"


def test_a_switch_of_grid_series_keeps_a_peak_from_being_met(make):
    # 0.6101 is prescribed until 2020, the statistic begins in 2021 with 0.5568
    switched = '[policy.electricity]\nCN = ["national-statistic", "national-prescribed"]\n'
    bills = {("works", 2020): 100, ("works", 2021): 101, ("works", 2022): 101}
    peak = PEAK.replace("2022", "2020")
    book = make(switched, WORKS, peak, approved(2020, 2021, 2022), bills=bills)
    assert verdict(book) != "met"


def test_a_series_no_set_carries_is_refused_with_the_nearest(make):
    misspelt = '[policy.electricity]\nCN = "national-statistics"\n'
    with pytest.raises(SettingsError, match="Nearest: national-statistic"):
        make(misspelt, WORKS, bills={("works", 2022): 1}).inventory()


def certificate(book: Book, energy: str, **fields: str) -> None:
    said = {
        "instrument_id": "gec",
        "kind": "绿证",
        "market": "CN",
        "energy": energy,
        "unit": "MWh",
        "vintage": "2023",
        "claim_year": "2023",
        "retired_on": "2024-01-10",
    }
    [*errors] = (p for p in book.log("instrument", said | fields).problems if p.severity == "error")
    assert errors == []


YEAR = {("works", 2023): 100}  # 1,200 MWh


def test_certificates_retired_before_the_claim_make_a_year_neutral(make):
    book = make(POLICY, WORKS, NEUTRAL, approved(2023), bills=YEAR)
    certificate(book, "1200")
    assert verdict(book) == "met"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("retired_on", "2024-09-01"),  # after the claim of 1 June
        ("retired_on", ""),
        ("vintage", "2021"),
        ("vintage", "2024"),
        ("beneficiary", "somebody else"),
    ],
)
def test_a_certificate_that_fails_a_criterion_makes_nothing_neutral(make, field, value):
    book = make(POLICY, WORKS, NEUTRAL, approved(2023), bills=YEAR)
    certificate(book, "1200", **{field: value})
    assert verdict(book) != "met"
    assert "instrument-refused" in [problem.code for problem in book.check()]


def test_certificates_cover_no_part_of_the_heat(make):
    book = make(POLICY, WORKS, NEUTRAL, bills={("works", 2023): 10})
    steam = {"site": "works", "activity": "steam", "year": "2023", "quantity": "1000", "unit": "GJ"}
    book.log("activity", steam)
    certificate(book, "60")
    with book.run() as run:
        [year] = year_figures(run, ACTUAL)
    # 60 of 120 MWh at 0.5703 t/MWh; the steam is not covered
    assert year.certificates_t == 60 * Decimal("0.5703")


def test_a_certificate_of_china_covers_nothing_elsewhere(make):
    abroad = '[[site]]\nname = "works"\nregion = "SG"\n'
    book = make(abroad, NEUTRAL, approved(2023), bills=YEAR)
    certificate(book, "1200", market="SG")
    assert verdict(book) != "met"


def credit(book: Book, mass: str, **fields: str) -> None:
    said = {
        "credit_id": "c",
        "standard": "CCER",
        "kind": "avoidance",
        "vintage": "2022",
        "claim_year": "2023",
        "mass": mass,
        "unit": "t",
        "retired_on": "2024-01-10",
    }
    book.log("credit", said | fields)


def test_credits_retired_before_the_claim_make_a_year_neutral(make):
    book = make(POLICY, WORKS, NEUTRAL, approved(2023), bills=YEAR)
    credit(book, "685")  # 1,200 MWh x 0.5703 = 684.36 t
    assert verdict(book) == "met"


def test_credits_of_the_organisation_make_no_single_site_neutral(make):
    part = NEUTRAL + 'sites = ["works"]\n'
    book = make(POLICY, WORKS, part, approved(2023), bills=YEAR)
    credit(book, "685")
    assert verdict(book) != "met"


def test_a_credit_that_is_refused_says_why(make):
    book = make(POLICY, WORKS, NEUTRAL, approved(2023), bills=YEAR)
    credit(book, "685", vintage="2015")
    said = [problem.message for problem in book.check() if problem.code == "credit-refused"]
    assert said == ["not deducted in 2023: c: generated in 2015, more than 5 years before 2023"]


def test_a_share_of_the_equity_counts_that_share(make):
    half = WORKS + 'share = "0.5"\n'
    book = make(POLICY, half, bills=YEAR, more='consolidation = "equity share"')
    # half of 1,200 MWh x 0.5703 t/MWh
    assert book.inventory("2023").rows[0]["scope2_location_t"] == Decimal("342.18")


def test_a_share_under_control_is_refused(make):
    half = WORKS + 'share = "0.5"\n'
    with pytest.raises(SettingsError, match="equity share"):
        make(POLICY, half, bills=YEAR)


def test_each_month_takes_its_own_year_where_the_policy_says_so(make):
    said = '[policy]\nfactor_year = "{}"\n[policy.electricity]\nCN = "national-statistic"\n'
    bills = {("works", 2022): 1, ("works", 2023): 1}
    book = make(said.format("calendar year"), WORKS, bills=bills, more="reporting_year_starts = 4")
    # April to December 2022 at 0.5366, January to March 2023 at 0.5306
    expected = 9 * Decimal("0.5366") + 3 * Decimal("0.5306")
    assert book.inventory("2022").rows[0]["scope2_location_t"] == expected


def test_pv_whose_certificates_were_sold_takes_the_market_factor(make):
    sold = WORKS + 'pv_certificates = "sold"\n'
    book = make(POLICY, sold, bills=YEAR)
    book.log(
        "activity",
        {
            "site": "works",
            "activity": "pv_generation",
            "month": "2023-06",
            "quantity": "10",
            "unit": "MWh",
        },
    )
    row = book.inventory("2023").rows[0]
    assert row["scope2_location_t"] == 1200 * Decimal("0.5703")
    assert row["scope2_market_t"] == 1210 * Decimal("0.5703")


def test_a_plan_that_saves_more_than_a_site_buys_is_refused(make):
    book = make(POLICY, WORKS, bills=YEAR)
    (book.folder / "scenarios" / "path.toml").write_text(
        'name = "path"\nbase_year = 2023\nhorizon = 2025\n[[measure]]\nname = "much"\n'
        'area = "buildings"\nstage = "reduction"\nkind = "saving"\nsite = "works"\n'
        'activity = "electricity"\nstart = "2024-01"\nsaving = "9999 MWh"\nsource = "assumption"\n',
        encoding="utf-8",
    )
    with pytest.raises(SettingsError, match="less than no electricity in 2024"):
        book.project("path")


def test_two_books_never_share_a_run(make, tmp_path):
    book = make(POLICY, WORKS, bills=YEAR)
    other = begun(tmp_path / "other", "Other", "CN-ZJ", TODAY)
    with book.run() as run, other.run() as second:
        assert run.run_id != second.run_id


def test_a_litre_without_a_density_is_refused_when_it_is_entered(make):
    book = make(POLICY, WORKS, bills=YEAR)
    said = {"site": "works", "activity": "diesel", "month": "2023-05", "quantity": "9", "unit": "L"}
    report = book.log("activity", said)
    assert (report.recorded, [problem.code for problem in report.problems]) == (0, ["no-density"])


def test_a_litre_is_taken_where_the_book_brings_a_density(make):
    book = make(POLICY + '[policy.fuel]\nCN = ["ndrc-2015"]\n', WORKS, bills=YEAR)
    head = "set_id,topic,region,series,first_year,last_year,accounting,quantity,value,unit,"
    rows = [head + "source_id,locator,confidence,note"]
    values = (("CO2", "3", "tCO2/t"), ("density", "0.8", "kg/L"))
    rows += [
        f"own-diesel,fuel/diesel,CN,,2020,2030,all,{name},{value},{unit},our test,p. 1,high,"
        for name, value, unit in values
    ]
    (book.folder / "factors" / "fuel.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    said = {"site": "works", "activity": "diesel", "month": "2023-05", "unit": "L"}
    book.log("activity", said | {"quantity": "1000"})
    # 1,000 L x 0.8 kg/L x 3 t/t
    assert book.inventory("2023").rows[0]["scope1_t"] == Decimal("2.4")


def test_a_service_event_without_its_appliance_is_an_error(make):
    book = make(POLICY, WORKS, bills=YEAR)
    kinds = {"equipment_id": "ac-1", "site": "works", "kind": "unit", "refrigerant": "R-32"}
    book.log("equipment", kinds | {"charge": "5", "unit": "kg", "installed_on": "2020-01-01"})
    event = {"service_id": "s1", "equipment_id": "ac-1", "event": "top-up", "mass": "1"}
    book.log("service", event | {"unit": "kg", "serviced_on": "2023-05-05"})
    assert "service-without-equipment" not in [problem.code for problem in book.check()]
    with Ledger.open(book.folder / "ledger.duckdb") as ledger:
        ledger.withdraw_record("equipment", "ac-1", by="me", note="")
    assert "service-without-equipment" in [problem.code for problem in book.check()]


def test_leaks_of_the_base_year_go_on_in_a_plan(make):
    book = make(POLICY, WORKS, bills=YEAR)
    kinds = {"equipment_id": "ac-1", "site": "works", "kind": "unit", "refrigerant": "R-32"}
    book.log("equipment", kinds | {"charge": "5", "unit": "kg", "installed_on": "2020-01-01"})
    event = {"service_id": "s1", "equipment_id": "ac-1", "event": "top-up", "mass": "2"}
    book.log("service", event | {"unit": "kg", "serviced_on": "2023-05-05"})
    (book.folder / "scenarios" / "still.toml").write_text(
        'name = "still"\nbase_year = 2023\nhorizon = 2024\n', encoding="utf-8"
    )
    # HFC-32, AR6: 2 kg x 771
    rows = {row["year"]: row["scope1_t"] for row in book.project("still").rows}
    assert rows == {2023: Decimal("1.542"), 2024: Decimal("1.542")}


def still(book: Book) -> None:
    """A scenario in which nothing changes."""
    (book.folder / "scenarios" / "still.toml").write_text(
        'name = "still"\nbase_year = 2024\nhorizon = 2026\n', encoding="utf-8"
    )


@pytest.mark.parametrize(
    ("region", "policy", "more"),
    [
        ("GB", "", ""),  # prints biogenic CO2 beside, which is outside the scopes
        ("IN", "", ""),
        ("IN", '[policy]\nfactor_year = "financial year"\n', "reporting_year_starts = 4"),
        ("GB", '[policy]\nfactor_year = "calendar year"\n', ""),
        ("AU-NSW", "", "reporting_year_starts = 7"),
    ],
)
def test_a_plan_in_which_nothing_changes_repeats_its_base_year(make, region, policy, more):
    site = f'[[site]]\nname = "works"\nregion = "{region}"\n'
    book = make(policy, site, bills={("works", 2023): 100, ("works", 2024): 100}, more=more)
    still(book)
    table = book.project("still").rows
    lines = ("scope2_location_t", "scope2_market_t")
    first, *_ = ahead = [row for row in table if row["scenario"] == "still"]
    [base] = [
        row for row in table if (row["scenario"], row["year"]) == ("actual", first["year"] - 1)
    ]
    assert {tuple(row[line] for line in lines) for row in ahead} == {
        tuple(base[line] for line in lines)
    }


def test_a_plan_from_a_closed_year_repeats_it_as_well(make):
    book = make('[[site]]\nname = "works"\nregion = "GB"\n', bills={("works", 2024): 100})
    book.close("2024")
    still(book)
    base, *ahead = [row["scope2_location_t"] for row in book.project("still").rows]
    assert ahead == [base, base]


def test_a_part_of_the_organisation_is_judged_on_its_own_sites(make):
    growing = '[[site]]\nname = "growing"\nregion = "CN-SH"\n'
    bills = FALLING | {("growing", 2022): 1, ("growing", 2023): 100, ("growing", 2024): 200}
    part = PEAK + 'sites = ["works"]\n'
    book = make(POLICY, WORKS, growing, part, approved(2022, 2023, 2024), bills=bills)
    assert verdict(book) == "met"


def test_an_incomplete_actual_year_is_not_hidden_behind_a_projection(make):
    bills = FALLING | {("works", 2025): 300}
    book = make(POLICY, WORKS, PEAK, approved(2022, 2023, 2024), bills=bills)
    book.withdraw(48)  # December 2025
    (book.folder / "scenarios" / "still.toml").write_text(
        'name = "still"\nbase_year = 2024\nhorizon = 2027\n', encoding="utf-8"
    )
    assert verdict(book) == "at risk"


def test_a_country_the_library_has_nothing_of_lacks_a_factor_and_blocks_nothing_else(make):
    abroad = '[[site]]\nname = "lagos"\nregion = "NG"\n'
    book = make(POLICY, WORKS, abroad, bills=YEAR | {("lagos", 2023): 1})
    assert book.inventory("2023").rows[0]["scope2_location_t"] == 1200 * Decimal("0.5703")
    [problem, *_] = [each for each in book.check() if each.code == "missing-factor"]
    assert "no factor for electricity at lagos, 2023" in problem.message


def test_the_book_may_bring_a_factor_for_such_a_country(make):
    abroad = '[[site]]\nname = "lagos"\nregion = "NG-LA"\n'
    book = make(POLICY, abroad, bills={("lagos", 2023): 1})
    head = "set_id,topic,region,series,first_year,last_year,accounting,quantity,value,unit,"
    row = "own,electricity,lagos,,2023,2023,location,CO2,0.4,kgCO2/kWh,our test,p. 1,high,\n"
    text = head + "source_id,locator,confidence,note\n" + row
    (book.folder / "factors" / "grid.csv").write_text(text, encoding="utf-8")
    assert book.inventory("2023").rows[0]["scope2_location_t"] == 12 * Decimal("0.4")


def test_a_part_of_a_known_country_that_does_not_exist_is_refused(make):
    with pytest.raises(FactorError, match="CN-XX"):
        make('[[site]]\nname = "works"\nregion = "CN-XX"\n', bills=YEAR).inventory()


def test_a_financial_year_takes_the_factor_of_the_year_it_began_in(make):
    """India's factors are by the year from April: January to March 2023 belong to 2022."""
    site = '[[site]]\nname = "works"\nregion = "IN"\n'
    bills = {("works", 2023): 1}
    book = make('[policy]\nfactor_year = "financial year"\n', site, bills=bills)
    with book.run() as run:
        chosen = run.rows("select distinct factor_year, set_id from factor_choice order by 1, 2")
        flows = run.rows(
            "select month, factor_year from flow where accounting = 'location' order by 1"
        )
    assert [year for _, year in flows] == [2022] * 3 + [2023] * 9
    assert {set_id for year, set_id in chosen if year == 2022} != set()


def test_a_limit_of_age_refuses_an_older_factor(make):
    site = '[[site]]\nname = "works"\nregion = "AE-DU"\n'  # the newest year is 2021
    free = make(site, bills={("works", 2025): 1})
    assert free.inventory("2025").rows[0]["scope2_location_t"] > 0
    path = free.folder / "carbon.toml"
    path.write_text("[policy]\nmax_factor_age = 3\n" + path.read_text(encoding="utf-8"), "utf-8")
    assert "missing-factor" in {problem.code for problem in free.check()}


def test_a_state_without_a_grid_of_its_own_takes_the_nation_unless_that_is_refused(make):
    site = '[[site]]\nname = "works"\nregion = "US-CA"\n'
    book = make(site, bills={("works", 2023): 1})
    with book.run() as run:
        [(set_id, fit)] = run.rows(
            "select distinct set_id, fit from factor_choice where topic = 'electricity'"
            " and accounting = 'location'"
        )
    assert (set_id[:8], fit) == ("us-egrid", "wider region")
    path = book.folder / "carbon.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text("[policy]\nregion_fallback = false\n" + text, encoding="utf-8")
    assert "missing-factor" in {problem.code for problem in book.check()}


# What reaches no total is told, and keeps a year from being complete.

HEAD_OF_EDITION = (
    "set_id,topic,region,series,first_year,last_year,accounting,quantity,value,unit,source_id,"
    "locator,confidence,note\n"
)


def test_electricity_lost_market_based_alone_is_told(make, monkeypatch):
    """Nothing sound makes such a set, so the faults it is refused for are looked over."""
    monkeypatch.setattr("carbon.library.lint_own", lambda *_: [])
    book = make(WORKS, bills={("works", 2023): 1})
    row = "ours,electricity,works,supplier,2023,2023,market,CO2,0.4,kgCO2/kg,our test,p. 1,high,\n"
    (book.folder / "factors" / "ours.csv").write_text(HEAD_OF_EDITION + row, encoding="utf-8")
    table = book.inventory("2023")
    assert "NOT ALL COUNTED" in table.rows[0]["status"]
    assert "12,000 kWh of electricity at works, market-based" in table.notes[0]
    with pytest.raises(CarbonError, match="not all counted"):
        book.close("2023")


def test_what_is_lost_in_a_year_that_expects_no_bill_is_told(make):
    """R-505 holds HCFC-31, of which AR5 gives no potential."""
    site = WORKS + 'sources = { electricity = "zero" }\n'
    book = make('[policy]\ngwp = "AR5"\n', site, bills={})
    said = {"site": "works", "activity": "refrigerant", "month": "2025-03", "unit": "kg"}
    for detail in ("R-505", "R-32"):
        book.log("activity", said | {"detail": detail, "quantity": "1000"})
    table = book.inventory("2025")
    assert table.is_blocked
    assert table.rows[0]["status"] == "no bills expected, NOT ALL COUNTED"
    with pytest.raises(CarbonError, match="not all counted"):
        book.close("2025")


def test_each_year_tells_how_its_own_factor_fits(make):
    years = (2023, 2024, 2025)
    book = make(WORKS, bills={("works", year): 1 for year in years})
    told = [book.explain(f"scope2-location {year} {year}-05").chains[0].fit for year in years]
    assert told == [
        "wider region, found at country",
        "older year of a wider region by 1 a, found at country",
        "older year of a wider region by 2 a, found at country",
    ]


@pytest.mark.parametrize("region", ["CN", "GB", "DE"])
def test_every_activity_can_be_recorded_or_is_refused_in_words(make, tmp_path, region):
    book = make(f'[[site]]\nname = "works"\nregion = "{region}"\n', bills={})
    known = book.library
    rows = ["site,activity,detail,month,quantity,unit"]
    for each in known.methods.values():
        details = known.details(each.activity) or ("",)
        rows += [f"works,{each.activity},{details[0]},2024-05,3,{unit}" for unit in each.units]
    path = tmp_path / "every.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    [report] = book.import_files([path], accept_good=True)
    assert report.recorded > 10
    assert book.inventory("2024").rows
    assert "internal" not in {problem.code for problem in book.check()}
