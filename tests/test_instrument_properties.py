"""What holds for any mix of instruments, sites and months: nothing is lost, nothing below zero."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from conftest import load, tables_read
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from carbon.engine import Duck, connect, sql_text
from carbon.pipeline import MATCHING, STEPS, match

D = Decimal
SITES = {"a": "CN", "b": "CN", "c": "CN", "d": "DE"}
MONTHS = (202301, 202302, 202303)
FIRST, LAST = "coverable_month", "flow"
NAMES = [name for name, _ in STEPS]
CHAIN = [
    (name, file)
    for name, file in STEPS[NAMES.index(FIRST) : NAMES.index(LAST) + 1]
    if name == "flow_electricity" or not name.startswith(("flow_", "heat_", "delivered_", "loss_"))
]
OTHERS = {name for name, _ in STEPS if name.startswith("flow_")} - {"flow_electricity"}
ENGINE = Duck(connect())
WAYS = ("market", "site a", "site d", "list a; b", "list b; c", "share 0.3 0.7")

energies = st.sampled_from([D("0.000001"), D("33.333333"), D(100), D(250)])
bills = st.dictionaries(
    st.tuples(st.sampled_from([*SITES]), st.sampled_from(MONTHS)), energies, min_size=1
)
certificates = st.lists(
    st.tuples(energies, st.sampled_from(WAYS), st.integers(1, 3), st.sampled_from(MONTHS)),
    min_size=1,
    max_size=6,
)
# Every way at once, and more of it than there is to cover.
FULL = {(site, month): D(100) for site in ("a", "b", "d") for month in MONTHS[:2]}
EVERY = [(D(130), way, 1, MONTHS[0]) for way in WAYS] + [(D("33.333333"), "market", 2, MONTHS[1])]
QUICK = settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)


def computed(bought, held, is_draft=False, refused=(), hours=None) -> Duck:
    """The relations from the import to the waist, of bills by site and month and instruments.
    Each call works them out anew in the one engine.

    hours : what the meters of sites, and of each instrument's generation, read in two hours.
    """
    engine = ENGINE
    given_rows = inputs(bought, held, is_draft, refused)
    given_rows["hour_share"] = shares(hours or {})
    for each in given_rows["instrument_input"]:
        each["generation_meter"] = each["instrument_id"]
    for _, file in CHAIN:
        for table in tables_read(sql_text(file)) - {*NAMES}:
            load(engine, table, given_rows.get(table, []))
    for table in ("import_month", "site_month", "pv_month", "pv_use_month"):
        load(engine, table, given_rows.get(table, []))
    for name, file in CHAIN:
        if name == LAST:
            for other in OTHERS:
                engine.derive(other, "select * from flow_electricity where false")
        if (name, file) == MATCHING[0]:
            match(engine)
        elif (name, file) not in MATCHING:
            engine.derive(name, sql_text(file))
    return engine


def shares(hours) -> list[dict[str, Any]]:
    """Rows of `hour_share` for every month, of meters that read so much in two hours."""
    return [
        {"site": name if name in SITES else "", "meter": "" if name in SITES else name}
        | {"activity": "electricity" if name in SITES else "offsite_generation", "month": month}
        | {"period": month * 1000 + hour}
        | {"share_before": before, "share_until": until}
        for name, (first, second) in hours.items()
        for month in MONTHS
        for hour, before, until in ((1, D(0), cut(first, second)), (2, cut(first, second), D(1)))
    ]


def cut(first: int, second: int) -> Decimal:
    """The first part of a whole, cut to 12 places."""
    return D(first * 10**12 // (first + second)).scaleb(-12)


def inputs(bought, held, is_draft, refused) -> dict[str, list[dict[str, Any]]]:
    named = [(f"i{n}", *each) for n, each in enumerate(held)]
    return {
        "import_month": [
            {"site": site, "activity": "electricity", "month": month, "reporting_year": 2023}
            | {"energy_kwh": energy}
            for (site, month), energy in bought.items()
        ],
        "site_month": [
            {"site": site, "month": month, "reporting_year": 2023, "market": market}
            for site, market in SITES.items()
            for month in MONTHS
        ],
        "matching_month": [
            {"month": month, "period": month if is_draft else 2023} for month in MONTHS
        ],
        "instrument_input": [
            {"instrument_id": name, "kind_order": order, "energy_kwh": energy, "claim_year": 2023}
            | {"period": month if is_draft else 2023, "market": "DE" if way[-1] == "d" else "CN"}
            | {"site": way[-1] if way.startswith("site") else ""}
            for name, energy, way, order, month in named
        ],
        "instrument_allocation": [row for each in named for row in allocated(each[0], each[2])],
        "instrument_criterion": [
            {"instrument_id": f"i{n}", "criterion": "retired", "turn": 3, "state": "failed"}
            | {"reason": "not retired"}
            for n in refused
        ],
    }


def allocated(name: str, way: str) -> list[dict[str, Any]]:
    if way.startswith("list"):
        sites, shares = way.removeprefix("list ").split("; "), [D(0), D(0)]
    elif way.startswith("share"):
        sites, shares = ["a", "b"], [D(each) for each in way.split()[1:]]
    else:
        return []
    return [
        {"instrument_id": name, "list": way, "turn": turn, "site": site, "share": share}
        for turn, (site, share) in enumerate(zip(sites, shares, strict=True), start=1)
    ]


def flows(engine: Duck, accounting: str, column: str = "topic") -> dict[tuple, Decimal]:
    """Sums of the flow by site, month and a column."""
    return {
        row[:-1]: row[-1]
        for row in engine.rows(
            f"select site, month, {column}, sum(quantity) from flow"
            f" where accounting = '{accounting}' group by all order by all"
        )
    }


@QUICK
@example(FULL, EVERY, False, {1})
@example(FULL, EVERY, True, set())
@given(bills, certificates, st.booleans(), st.sets(st.integers(0, 5), max_size=3))
def test_every_waterfall_closes_to_zero(bought, held, is_draft, refused):
    engine = computed(bought, held, is_draft, [n for n in refused if n < len(held)])
    assert engine.rows(sql_text("check/instrument_balance")) == []


@QUICK
@example(FULL, EVERY, False)
@example(FULL, EVERY, True)
@given(bills, certificates, st.booleans())
def test_location_based_never_moves_when_certificates_or_contracts_change(bought, held, is_draft):
    without = flows(computed(bought, []), "location")
    assert flows(computed(bought, held, is_draft), "location") == without


@QUICK
@example(FULL, EVERY, False)
@example(FULL, EVERY, True)
@given(bills, certificates, st.booleans())
def test_market_based_is_below_zero_at_no_site_and_in_no_month(bought, held, is_draft):
    engine = computed(bought, held, is_draft)
    assert min(flows(engine, "market").values(), default=D(0)) >= 0


@QUICK
@example(FULL, EVERY)
@given(bills, certificates)
def test_the_covered_and_the_uncovered_part_are_what_was_imported(bought, held):
    engine = computed(bought, held)
    whole = flows(engine, "market", "accounting")
    imported = {(*key, "market"): energy for key, energy in bought.items() if energy}
    assert whole == imported


@QUICK
@example(FULL, EVERY)
@given(bills, certificates)
def test_one_more_certificate_never_lessens_what_is_covered(bought, held):
    def covered(several) -> Decimal:
        [(total,)] = computed(bought, several).rows("select sum(used_kwh) from instrument_use")
        return total or D(0)

    assert covered(held) <= covered([*held, (D(50), "market", 1, MONTHS[0])])


# The draft by the hour.

read = st.sampled_from([(1, 0), (0, 1), (1, 1), (1, 2), (997, 3)])
read_hours = st.dictionaries(st.sampled_from([*SITES, *(f"i{n}" for n in range(6))]), read)
# All sites and instruments by the hour, so that generation and use lie apart at some.
APART = {name: (1, 1) for name in SITES} | {f"i{n}": (n % 2, (n + 1) % 2) for n in range(7)}


@QUICK
@example(FULL, EVERY, APART)
@given(bills, certificates, read_hours)
def test_by_the_hour_every_waterfall_closes_to_zero(bought, held, hours):
    engine = computed(bought, held, True, (), hours)
    assert engine.rows(sql_text("check/instrument_balance")) == []
    assert min(flows(engine, "market").values(), default=D(0)) >= 0


@QUICK
@example(FULL, EVERY, APART)
@given(bills, certificates, read_hours)
def test_in_no_hour_is_more_used_than_was_generated_or_bought(bought, held, hours):
    engine = computed(bought, held, True, (), hours)
    tiers = " union all ".join(
        f"select site, instrument_id, period, used_kwh from {tier}"
        for tier in ("instrument_site", "instrument_listed", "instrument_market")
    )
    engine.derive("hour_tier", f"select * from ({tiers}) where period > 999999")
    for bound, key in (("import_hour", "site"), ("instrument_hour", "instrument_id")):
        beyond = engine.rows(
            f"select t.period, t.{key} from hour_tier as t"
            f" left join {bound} as b on b.period = t.period and b.{key} = t.{key}"
            " group by all having sum(t.used_kwh) > coalesce(max(b.energy_kwh), 0)"
            " or min(t.used_kwh) < 0"
        )
        assert beyond == []


@QUICK
@example({("a", MONTHS[0]): D(100)}, [(D(100), "site a", 1, MONTHS[0])], APART)
@example(FULL, [each for each in EVERY if each[1][:4] != "list"], APART)
@given(bills, certificates, read_hours)
def test_hours_never_cover_more_than_their_months(bought, held, hours):
    """Of instruments whose eligibility nests: where lists overlap, greed may lose by the month."""
    nested = [each for each in held if each[1][:4] != "list"]

    def covered(hours) -> Decimal:
        engine = computed(bought, nested, True, (), hours)
        [(total,)] = engine.rows("select sum(used_kwh) from instrument_use")
        return total or D(0)

    assert covered(hours) <= covered({})


def test_the_hours_tried_reach_every_tier():
    bought = {(site, MONTHS[0]): D(100) for site in SITES}
    engine = computed(bought, [(D(40), way, 1, MONTHS[0]) for way in WAYS], True, (), APART)
    tiers = ("instrument_site", "instrument_listed", "instrument_market")
    assert [
        bool(engine.rows(f"select * from {tier} where period > 999999 and used_kwh > 0"))
        for tier in tiers
    ] == [True, True, True]


def test_the_inputs_tried_reach_every_tier():
    bought = {(site, MONTHS[0]): D(100) for site in SITES}
    engine = computed(bought, [(D(40), way, 1, MONTHS[0]) for way in WAYS])
    tiers = ("instrument_site", "instrument_listed", "instrument_market")
    assert [bool(engine.rows(f"select * from {tier} where used_kwh > 0")) for tier in tiers] == [
        True,
        True,
        True,
    ]
