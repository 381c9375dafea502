"""Bills split by the readings of their own meter, from rows to rows."""

from __future__ import annotations

from decimal import Decimal as D

BILL = {"entry_id": 1, "batch_id": 1, "key_id": 1, "first_day": 11, "last_day": 14}
# The bill has days 11 and 12 in January, 13 and 14 in February; by days it is split in halves.
HALVES = [
    {"entry_id": 1, "batch_id": 1, "key_id": 1, "month": month, "is_split": True, "quantity": 50}
    for month in (202301, 202302)
]


def day(number, quantity, **other):
    """A whole day of readings of entry 9, in batch 2."""
    month = 202301 if number <= 12 else 202302
    said = {"entry_id": 9, "batch_id": 2, "key_id": 1, "day": number, "month": month}
    return said | {"quantity": quantity, "covered_s": 86400, "day_s": 86400} | other


DAYS = [day(10, 70), day(11, 10), day(12, 20), day(13, 30), day(14, 60), day(15, 80)]


def shares(rows):
    return [(row["month"], row["share_before"], row["share_until"]) for row in rows]


def profile(relation, calendar, days, cut_off=2, **months):
    return relation(
        "bill_profile",
        metered_bill=[BILL],
        entry_month=HALVES,
        month=calendar(cut_off, **months),
        reading_day=days,
    )


def test_a_bill_has_the_shape_of_what_its_meter_read_on_its_days(relation, calendar):
    # 10 + 20 of 120 in January: a quarter
    assert sorted(shares(profile(relation, calendar, DAYS))) == [
        (202301, D(0), D("0.25")),
        (202302, D("0.25"), D(1)),
    ]


def test_one_day_without_readings_and_the_bill_is_split_by_days(relation, calendar):
    assert profile(relation, calendar, [each for each in DAYS if each["day"] != 13]) == []


def test_a_day_that_lacks_an_hour_is_not_read_whole(relation, calendar):
    lacking = [each | {"covered_s": 82800} if each["day"] == 13 else each for each in DAYS]
    assert profile(relation, calendar, lacking) == []


def test_a_day_of_23_hours_is_whole_with_23_hours_read(relation, calendar):
    short = {"covered_s": 82800, "day_s": 82800}
    days = [each | short if each["day"] == 13 else each for each in DAYS]
    assert len(profile(relation, calendar, days)) == 2


def test_a_day_read_in_two_files_is_whole(relation, calendar):
    parts = [day(13, 10, covered_s=36000), day(13, 20, covered_s=50400, entry_id=10, batch_id=2)]
    days = [each for each in DAYS if each["day"] != 13] + parts
    assert sorted(shares(profile(relation, calendar, days)))[0] == (202301, D(0), D("0.25"))


def test_readings_of_nothing_or_of_less_than_nothing_give_no_shape(relation, calendar):
    assert profile(relation, calendar, [each | {"quantity": 0} for each in DAYS]) == []
    fed_in = [each | {"quantity": -50} if each["day"] == 11 else each for each in DAYS]
    assert profile(relation, calendar, fed_in) == []


def test_readings_that_came_after_the_cut_off_are_not_known(relation, calendar):
    assert profile(relation, calendar, DAYS, cut_off=1) == []


def test_a_closed_month_of_a_bill_holds_its_open_month_to_what_was_known(relation, calendar):
    """January was closed at batch 1, the readings came in batch 2."""
    closed = {"m202301": {"cut_off": 1}}
    assert profile(relation, calendar, DAYS, cut_off=2, **closed) == []


def test_superseded_readings_give_no_shape(relation, calendar):
    rows = relation(
        "bill_profile",
        metered_bill=[BILL],
        entry_month=HALVES,
        month=calendar(2),
        reading_day=DAYS,
        superseded_entry=[{"entry_id": 9, "cut_off": 2}],
    )
    assert rows == []


def test_a_bill_leaves_its_days_for_its_shape_and_stays_whole(relation, calendar):
    rows = relation(
        "entry_move",
        metered_bill=[BILL],
        entry_month=HALVES,
        month=calendar(2),
        bill_profile=[
            {"entry_id": 1, "month": 202301, "share_before": "0", "share_until": "0.333333333333"},
            {"entry_id": 1, "month": 202302, "share_before": "0.333333333333", "share_until": "1"},
        ],
    )
    # 100 x 0.333333333333 = 33.333333 instead of 50
    assert sorted((row["month"], row["quantity"]) for row in rows) == [
        (202301, D("-16.666667")),
        (202302, D("16.666667")),
    ]


def test_readings_count_on_the_days_without_a_bill_alone(relation, calendar):
    of_readings = {"entry_id": 9, "batch_id": 2, "key_id": 1, "month": 202301, "quantity": 100}
    rows = relation(
        "entry_move",
        metered_bill=[BILL, BILL | {"entry_id": 2}],  # two bills of a day take it away once
        entry_month=[of_readings],
        month=calendar(2),
        reading_day=[each for each in DAYS if each["month"] == 202301],
    )
    assert [(row["entry_id"], row["quantity"]) for row in rows] == [(9, D(-30))]


def test_a_bill_that_is_withdrawn_takes_no_readings_away(relation, calendar):
    rows = relation(
        "entry_move",
        metered_bill=[BILL],
        entry_month=[{"entry_id": 9, "batch_id": 2, "key_id": 1, "month": 202301}],
        month=calendar(3),
        reading_day=DAYS,
        superseded_entry=[{"entry_id": 1, "cut_off": 3}],
    )
    assert rows == []


def test_a_bill_recorded_after_a_month_was_closed_leaves_its_readings_counted(relation, calendar):
    rows = relation(
        "entry_move",
        metered_bill=[BILL | {"batch_id": 3}],
        entry_month=[{"entry_id": 9, "batch_id": 2, "key_id": 1, "month": 202301}],
        month=calendar(3, m202301={"cut_off": 2}),
        reading_day=DAYS,
    )
    assert rows == []


def test_what_moved_is_in_the_figure_of_the_month(relation):
    [row] = relation(
        "entry_current_month",
        entry_month=[{"entry_id": 1, "month": 202301, "quantity": 50}],
        entry_move=[{"entry_id": 1, "month": 202301, "quantity": "-16.666667"}],
    )
    assert row["quantity"] == D("33.333333")
