"""Key figures on a window of months: like with like, or not at all; and at the same weather."""

from __future__ import annotations

from calendar import monthrange
from decimal import Decimal

import pytest

from carbon import weather
from carbon.cli import run
from carbon.errors import CarbonError, UsageError

SITE = '[[site]]\nname = "hq"\nregion = "CN-ZJ"\n'
WINDOW = "2023-08..2023-12"


@pytest.fixture
def booked(make, tmp_path):
    """A book of bills by month [kWh] and denominators `metric,period,quantity,unit[,site]`."""

    def made(bills, *denominators, settings=SITE):
        book = make(settings, bills={})
        lines = [f"hq,electricity,{m // 100}-{m % 100:02},{kwh},kWh" for m, kwh in bills.items()]
        for name, head, rows in (
            ("bills", "site,activity,month,quantity,unit", lines),
            ("den", "metric,period,quantity,unit,site", denominators),
        ):
            if not rows:
                continue
            path = tmp_path / f"{name}.csv"
            whole = [row if row.count(",") == 4 else row + "," for row in rows]
            path.write_text("\n".join([head, *whole]), encoding="utf-8")
            [report] = book.import_files([path])
            assert [str(each) for each in report.problems] == []
        return book

    return made


def months(*years):
    return [year * 100 + month for year in years for month in range(1, 13)]


BILLS = {month: 1000 if month < 202300 else 1100 for month in months(2022, 2023)}
PEOPLE = ("people,2022,50,person", "people,2023,55,person")


def test_a_window_is_held_against_the_same_months_a_year_before(booked):
    before, now = booked(BILLS, *PEOPLE).kpi("electricity", "people", WINDOW).rows
    # five months: 5,000 kWh of 50 people, 5,500 kWh of 55
    assert (before["window"], before["value"]) == ("2022-08 to 2022-12", 100)
    assert (now["window"], now["value"]) == ("2023-08 to 2023-12", 100)
    assert before["change_share"] == 0


def test_the_change_is_that_of_a_hand_calculation(booked):
    people = ("people,2022,50,person", "people,2023,60,person")
    before, _ = booked(BILLS, *people).kpi("electricity", "people", WINDOW).rows
    # 5,500 / 60 on 5,000 / 50
    assert round(before["change_share"], 6) == Decimal("-0.083333")


def test_people_of_the_months_are_averaged_and_output_is_added_up(booked):
    people = [f"people,{year}-{m:02},{50 + m},person" for year in (2022, 2023) for m in (8, 9)]
    output = [f"output,{year}-{m:02},{m},cameras" for year in (2022, 2023) for m in (8, 9)]
    book = booked(BILLS, *people, *output)
    assert book.kpi("electricity", "people", "2023-08..2023-09").rows[0]["denominator"] == (
        Decimal("58.5")
    )
    row = book.kpi("electricity", "output", "2023-08..2023-09").rows[0]
    assert (row["denominator"], row["denominator_unit"]) == (17, "cameras")


def test_a_month_goes_before_its_year(booked):
    book = booked(BILLS, *PEOPLE, "people,2023-08,40,person")
    assert book.kpi("electricity", "people", "2023-08").rows[1]["denominator"] == 40


def test_revenue_of_a_year_serves_the_whole_year_and_no_part_of_it(booked):
    revenue = ("revenue,2022,200000000,RMB", "revenue,2023,220,million RMB")
    book = booked(BILLS, *revenue)
    row = book.kpi("electricity", "revenue", "2023").rows[0]
    assert (row["denominator"], row["denominator_unit"]) == (200, "million RMB")
    assert row["value"] == 60  # 12,000 kWh of 200 million
    with pytest.raises(CarbonError, match="no revenue of organisation is recorded for 2023-08"):
        book.kpi("electricity", "revenue", WINDOW)


def test_a_window_that_is_not_whole_names_its_months(booked):
    bills = {month: kwh for month, kwh in BILLS.items() if month not in (202209, 202311)}
    with pytest.raises(CarbonError) as told:
        booked(bills, *PEOPLE).kpi("electricity", "people", WINDOW)
    assert told.value.code == "window-not-whole"
    assert told.value.where == "hq, electricity: 2022-09, 2023-11"


def test_months_that_are_not_whole_are_left_out_of_both_years(booked):
    bills = {month: kwh for month, kwh in BILLS.items() if month not in (202209, 202311)}
    table = booked(bills, *PEOPLE).kpi("electricity", "people", WINDOW, common=True)
    assert [row["quantity"] for row in table.rows] == [3000, 3300]
    assert table.rows[0]["window"] == "2022-08, 2022-10, 2022-12"
    assert any("2022-09, 2023-11" in note for note in table.notes)


def test_an_estimate_in_place_of_a_bill_is_not_compared(booked):
    bills = {month: kwh for month, kwh in BILLS.items() if month != 202311}
    book = booked(bills, *PEOPLE, settings=SITE + '[[fill]]\nmethod = "neighbours"\n')
    with pytest.raises(CarbonError) as told:
        book.kpi("electricity", "people", WINDOW)
    assert told.value.where == "hq, electricity: 2023-11"


def test_nothing_in_common_is_refused(booked):
    bills = {month: kwh for month, kwh in BILLS.items() if month > 202300}
    with pytest.raises(CarbonError, match="cannot be compared"):
        booked(bills, *PEOPLE).kpi("electricity", "people", WINDOW, common=True)


def test_emissions_and_energy_have_key_figures_too(booked):
    book = booked(BILLS, *PEOPLE)
    assert book.kpi("energy", "people", "2023").rows[0]["quantity"] == 12  # MWh
    [total] = book.sql(
        "select cast(sum(co2e_g) as double) / 1e6 as t from total where scenario = 'actual'"
        " and reporting_year = 2023 and line = 'scope2' and accounting = 'location'"
    ).rows
    row = book.kpi("emissions", "people", "2023").rows[1]
    assert float(row["quantity"]) == pytest.approx(total["t"])


def test_it_energy_is_the_it_load_where_no_denominator_says_it(booked):
    book = booked(BILLS)
    for month in (202208, 202308):
        said = {"site": "hq", "activity": "it_load", "month": f"{month // 100}-08"}
        assert book.log("activity", said | {"quantity": "500", "unit": "kWh"}).recorded == 1
    values = [row["value"] for row in book.kpi("electricity", "it_energy", "2023-08").rows]
    assert values == [2, Decimal("2.2")]


def test_an_organisation_without_a_figure_has_the_sum_of_its_sites(booked):
    book = booked(BILLS, "people,2022,50,person,hq", "people,2023,55,person,hq")
    table = book.kpi("electricity", "people", "2023-08")
    assert table.rows[1]["denominator"] == 55
    assert "people of the organisation is the sum of its sites." in table.notes


@pytest.mark.parametrize("window", ["2023-13", "soon", "2022-01..2023-06", "2023-06..2023-01"])
def test_a_window_that_cannot_be_is_refused(booked, window):
    with pytest.raises(UsageError) as told:
        booked(BILLS, *PEOPLE).kpi("electricity", "people", window)
    assert told.value.code == "not-a-window"


def test_a_denominator_there_is_none_of_is_told_with_the_command(booked, capsys):
    book = booked(BILLS, *PEOPLE)
    words = "kpi electricity --per floor_area --window 2023-08"
    assert run(["-C", str(book.folder), *words.split()]) == 1
    assert "carbon log denominator --metric floor_area" in capsys.readouterr().err


# Weather


def degree_days(year, month, scale=1):
    """Heating and cooling degree days of a made-up place. [K d]"""
    heating = {1: 320, 2: 280, 3: 180, 4: 70, 11: 90, 12: 260}.get(month, 0)
    cooling = {5: 40, 6: 120, 7: 230, 8: 240, 9: 110}.get(month, 0)
    return heating * scale, cooling * scale


def weathered(saved="1", skip=()):
    """Bills of 100 kWh a day, 5 a heating and 8 a cooling degree day; 2023 had a fifth more of
    both, and used `saved` times that. And the degree days."""
    bills, days = {}, []
    for month in months(2022, 2023):
        year, of_year = divmod(month, 100)
        is_later = year == 2023
        heating, cooling = degree_days(year, of_year, Decimal("1.2") if is_later else 1)
        use = 100 * monthrange(year, of_year)[1] + 5 * heating + 8 * cooling
        bills[month] = use * (Decimal(saved) if is_later else 1)
        if month not in skip:
            when = f"{year}-{of_year:02}"
            days.append(f"heating_degree_days,{when},{heating},K d,hq")
            days.append(f"cooling_degree_days,{when},{cooling},K d,hq")
    return bills, days


def test_a_saving_is_seen_through_the_weather(booked):
    bills, days = weathered("0.9")
    table = booked(bills, *PEOPLE, *days).kpi("electricity", "people", "2023")
    raw, adjusted, _ = table.rows
    # made without noise, so the model is the rule: 2023 would have used 1 / 0.9 of what it did,
    # and 55 people used what 50 had
    assert round(adjusted["change_share"], 9) == round(Decimal("0.9") * 50 / 55 - 1, 9)
    assert raw["change_share"] > adjusted["change_share"]
    [told] = [note for note in table.notes if note.startswith("Weather")]
    assert "100.0 kWh a day + 8.000 kWh per cooling K d + 5.000 kWh per heating K d" in told
    assert "R2 1.000, adjusted 1.000, CV(RMSE) 0.0%" in told


def test_part_of_a_year_is_adjusted_by_the_twelve_months_before_it(booked):
    bills, days = weathered("1")
    table = booked(bills, *PEOPLE, *days).kpi("electricity", "people", "2023-08")
    # 100 x 31 + 8 x 240 x 1.2 = 5,404 kWh at the weather of August 2023
    assert round(table.rows[1]["quantity"], 6) == 5404
    assert "2022-08 to 2023-07" in table.notes[-1] + table.notes[-2]


def test_fewer_than_twelve_months_are_not_normalised_and_named(booked):
    bills, days = weathered(skip=(202203,))
    table = booked(bills, *PEOPLE, *days).kpi("electricity", "people", "2023")
    assert len(table.rows) == 2
    [told] = [note for note in table.notes if note.startswith("Not normalised")]
    assert "2022-03 lack use or degree days, and a fit takes 12 months" in told


def test_degree_days_in_two_units_are_not_mixed(booked):
    bills, days = weathered()
    days[0] = days[0].replace("K d", "F d")
    table = booked(bills, *PEOPLE, *days).kpi("electricity", "people", "2023")
    assert any("degree days are in F d, K d" in note for note in table.notes)


def test_degree_days_are_no_intensity_of_the_report(booked):
    book = booked(BILLS, *PEOPLE, "heating_degree_days,2023,1500,K d")
    assert {row["metric"] for row in book.report().intensity.rows} == {"people"}


def year_of(heating):
    return [weather.Month(30, {"heating_degree_days": each}) for each in heating]


HEATING = [300, 250, 200, 100, 20, 0, 0, 0, 30, 110, 210, 280]


def test_a_model_has_the_fit_of_a_hand_calculation():
    # 30 days each, so the line through month totals: noise of +10 and -10 in turn
    used = [3000 + 2 * h + (10 if n % 2 else -10) for n, h in enumerate(HEATING)]
    fit = weather.fitted(year_of(HEATING), used)
    n, mean_x, mean_y = 12, sum(HEATING) / 12, sum(used) / 12
    sxx = sum((x - mean_x) ** 2 for x in HEATING)
    sxy = sum((x - mean_x) * (y - mean_y) for x, y in zip(HEATING, used, strict=True))
    slope = sxy / sxx
    left = sum((y - mean_y - slope * (x - mean_x)) ** 2 for x, y in zip(HEATING, used, strict=True))
    total = sum((y - mean_y) ** 2 for y in used)
    assert fit.slopes["heating_degree_days"] == pytest.approx(slope)
    assert fit.r2 == pytest.approx(1 - left / total)
    assert fit.adjusted_r2 == pytest.approx(1 - left / total * (n - 1) / (n - 2))
    assert fit.cv_rmse == pytest.approx((left / (n - 2)) ** 0.5 / mean_y)


def test_a_slope_below_zero_is_no_model():
    assert weather.fitted(year_of(HEATING), [3000 - 2 * each for each in HEATING]) is None


def test_use_that_never_changes_is_not_explained():
    assert weather.fitted(year_of(HEATING), [3000.0] * 12) is None


def test_eleven_months_are_no_fit():
    with pytest.raises(ValueError, match="12 months"):
        weather.fitted(year_of(HEATING)[:11], [1.0] * 11)


def test_weather_beyond_the_fit_is_told(booked):
    bills, days = weathered()
    table = booked(bills, *PEOPLE, *days).kpi("electricity", "people", "2023")
    assert any("more degree days than any month of the fit" in note for note in table.notes)
