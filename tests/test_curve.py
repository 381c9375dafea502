"""The marginal abatement cost as a picture: bars as wide as tonnes and as high as their price."""

from __future__ import annotations

import xml.etree.ElementTree as xml
from decimal import Decimal

import pytest

from carbon.cli import run as carbon
from carbon.render.curve import PLOT_LEFT, PLOT_RIGHT, bars, svg
from carbon.tables import Table

SPACE = "{http://www.w3.org/2000/svg}"


def table(*measures: tuple[str, int, int | None], chosen: int = 99) -> Table:
    """A curve of measures: name, tonnes, RMB a tonne; the first ones chosen."""
    rows = [
        {
            "rank": rank,
            "measure": name,
            "choice": "chosen" if rank <= chosen else "left out",
            "year": 2026,
            "after_t": Decimal(mass),
            "after_rmb_per_t": None if price is None else Decimal(price),
        }
        for rank, (name, mass, price) in enumerate(measures, start=1)
    ]
    return Table("abatement_cost", "Marginal abatement cost", (), rows, ["A note."])


def drawn(*measures: tuple[str, int, int | None], **said: int) -> list[dict[str, float | str]]:
    """The bars of a drawing, by its own numbers."""
    root = xml.fromstring(svg(table(*measures, **said), "Curve"))
    return [
        {key: float(each.get(key)) for key in ("x", "y", "width", "height")}
        | {"said": each.find(f"{SPACE}title").text, "fill": each.get("fill")}
        for each in root.iter(f"{SPACE}rect")
        if each.find(f"{SPACE}title") is not None
    ]


def test_a_bar_is_as_wide_as_its_share_of_the_tonnes():
    one, other = drawn(("a", 300, 10), ("b", 100, 20))
    whole = PLOT_RIGHT - PLOT_LEFT
    assert (one["width"], other["width"]) == (pytest.approx(whole * 0.75), whole * 0.25)
    assert other["x"] == one["x"] + one["width"]


def test_a_bar_is_as_high_as_its_price_and_hangs_below_the_axis_where_it_saves_money():
    saves, costs = drawn(("a", 100, -50), ("b", 100, 100))
    assert costs["height"] == pytest.approx(2 * saves["height"], abs=0.2)
    assert costs["y"] + costs["height"] == pytest.approx(saves["y"], abs=0.2)  # the axis


def test_what_is_chosen_and_what_is_left_out_differ_in_colour():
    one, other = drawn(("a", 100, 10), ("b", 100, 20), chosen=1)
    assert one["fill"] != other["fill"]
    assert one["said"].endswith("chosen")
    assert other["said"] == "2 b, from 2026: 100 t at 20 RMB/t, left out"


def test_a_bar_much_dearer_than_nearly_all_tonnes_is_cut():
    *_, plain, dear = drawn(("a", 500, 10), ("b", 480, 20), ("c", 1, 9000))
    # as high as the picture, not 450 times as high as its neighbour
    assert plain["height"] < dear["height"] < 3 * plain["height"]
    assert "9,000 RMB/t" in dear["said"]


def test_a_measure_that_takes_nothing_off_has_no_bar():
    assert [each["said"][0] for each in drawn(("a", 100, 10), ("b", 0, None), ("c", 9, 20))] == [
        "1",
        "3",
    ]


def test_names_of_the_book_are_text_in_the_drawing():
    name = '<script>alert("a & b")</script>'
    root = xml.fromstring(svg(table((name, 100, 10)), name))
    assert not list(root.iter(f"{SPACE}script"))
    assert root.find(f"{SPACE}title").text == name


def test_a_curve_without_any_bar_is_still_a_drawing():
    assert xml.fromstring(svg(table(("a", 0, None)), "Curve")).tag == f"{SPACE}svg"


def test_the_small_form_stands_on_its_axis():
    told = [row.plain for row in bars(table(("a", 100, -50), ("b", 100, 100), chosen=1), 60)]
    axis = next(n for n, row in enumerate(told) if "┼" in row)
    assert "█" not in "".join(told[:axis])  # the chosen one saves and hangs below
    assert "░" in told[axis - 1]
    assert "█" in told[axis + 1]
    assert all(len(row) <= 60 for row in told)
    assert told[1].startswith("100 ┤")


def test_where_there_is_no_room_there_is_no_small_form():
    assert bars(table(("a", 100, 10), ("b", 100, 20)), 30) == []


def test_a_curve_is_drawn_into_an_svg_and_nothing_else(tmp_path, capsys):
    assert carbon(["plan", "could", "--curve", str(tmp_path / "curve.png")]) == 2
    assert ".svg" in capsys.readouterr().err
