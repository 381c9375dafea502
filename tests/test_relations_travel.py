"""Trips that lead elsewhere than their names say: without radiative forcing, in another country."""

from __future__ import annotations

AIR = {"activity": "air_travel", "method": "direct", "line": "scope3", "topic": "travel/air"}
AIR |= {"family": "travel", "is_detailed": True}
HOTEL = {"activity": "hotel_night", "method": "direct", "line": "scope3", "topic": "travel/hotel"}


def flown(month=202301, detail="domestic", **other):
    said = {"site": "hq", "activity": "air_travel", "month": month, "unit": "pkm", "quantity": 1}
    return said | {"detail": detail} | other


def taken(detail="domestic", topic="travel/air", **other):
    return {"topic": topic, "detail": detail, "first_month": 190001} | other


def test_a_flight_takes_the_topic_that_the_policy_leads_to(relation):
    [row] = relation(
        "flow_direct",
        activity_month=[flown()],
        method=[AIR],
        topic_taken=[taken(taken="travel/air/domestic/without-rf")],
    )
    assert (row["topic"], row["place"]) == ("travel/air/domestic/without-rf", "hq")


def test_a_flight_takes_it_in_the_months_of_the_policy_alone(relation):
    rows = relation(
        "flow_direct",
        activity_month=[flown(202312), flown(202401)],
        method=[AIR],
        topic_taken=[taken(taken="other", first_month=202401)],
    )
    assert {row["month"]: row["topic"] for row in rows} == {
        202312: "travel/air/domestic",
        202401: "other",
    }


def test_a_night_abroad_takes_the_place_it_names(relation):
    [row] = relation(
        "flow_direct",
        activity_month=[flown(activity="hotel_night", detail="@FR")],
        method=[HOTEL],
        topic_taken=[taken("@FR", "travel/hotel", taken="travel/hotel", place="@FR")],
    )
    assert (row["topic"], row["place"]) == ("travel/hotel", "@FR")


def test_a_trip_of_another_detail_stays_where_it_is(relation):
    [row] = relation(
        "flow_direct",
        activity_month=[flown(detail="short-haul")],
        method=[AIR],
        topic_taken=[taken("domestic", taken="other", place="@FR")],
    )
    assert (row["topic"], row["place"]) == ("travel/air/short-haul", "hq")
