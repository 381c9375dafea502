"""The SQL of the calculation keeps to the subset that every engine reads alike, and gives alike.

Each rule is a function from a parsed query and its text to what it found; each has a bad example.
A construct that no rule knows is refused, so that a new one is tried on every engine first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import sqlglot
from sqlglot import exp

from carbon.engine import SQL

FILES = sorted(SQL.rglob("*.sql"))

ALLOWED = {
    # queries
    *("Select", "From", "Join", "Where", "Group", "Having", "Union", "With", "CTE", "Distinct"),
    *("Table", "TableAlias", "Alias", "Column", "Identifier", "Star"),
    # windows
    *("Window", "WindowSpec", "Order", "Ordered", "RowNumber"),
    # values
    *("Literal", "Null", "Boolean", "Cast", "DataType", "DataTypeParam", "Paren", "Case", "If"),
    *("Add", "Sub", "Mul", "Div", "Neg", "DPipe"),
    # truths
    *("And", "Or", "Not", "Is", "In", "EQ", "NEQ", "GT", "GTE", "LT", "LTE"),
    # functions
    *("Sum", "Min", "Max", "Count", "Round", "Floor"),
}
TYPES = ("decimal", "double")


def lint(text: str) -> list[str]:
    """Everything that a file of SQL may not say."""
    found = [name for name, rule in TEXT_RULES.items() if rule(_without_comments(text))]
    if not re.match(r"-- (One row|One: )", text):
        found.append("first line")
    statements = sqlglot.parse(text, dialect="duckdb")
    if len(statements) != 1:
        return [*found, "one statement"]
    for name, rule in TREE_RULES.items():
        found += [name for _ in rule(statements[0])]
    return sorted(set(found))


def _without_comments(text: str) -> str:
    return re.sub(r"--[^\n]*|'(?:[^']|'')*'", " ", text).lower()


TEXT_RULES = {
    "colon cast": lambda text: "::" in text,
    "template": lambda text: bool(re.search(r"[{}?$;]|%s", text)),
    "double quotes": lambda text: '"' in text or "`" in text,
    "group by all": lambda text: bool(re.search(r"\b(group|order)\s+by\s+all\b", text)),
    "star exclude": lambda text: bool(re.search(r"\*\s*(exclude|except|replace|rename)\b", text)),
    "order of nulls": lambda text: bool(re.search(r"\bnulls\s+(first|last)\b", text)),
    "string type": lambda text: bool(re.search(r"\bas\s+(string|varchar|text)\b", text)),
    "asof": lambda text: bool(re.search(r"\basof\b", text)),
    "dates": lambda text: bool(re.search(r"\b(interval|current_date|now|extract)\b", text)),
}


def unknown(tree: exp.Expr) -> Iterator[exp.Expr]:
    """Constructs and functions that are not on the list."""
    return (node for node in tree.walk() if type(node).__name__ not in ALLOWED)


def types(tree: exp.Expr) -> Iterator[exp.Expr]:
    """Types that engines name or size differently."""
    return (
        node
        for node in tree.find_all(exp.DataType)
        if node.sql(dialect="duckdb").lower().split("(")[0] not in TYPES
    )


def division(tree: exp.Expr) -> Iterator[exp.Expr]:
    """Division of anything but doubles, or one whose quotient is not floored."""
    for node in tree.find_all(exp.Div):
        both = all(_is_double(side) for side in (node.this, node.expression))
        if not both or not node.find_ancestor(exp.Floor):
            yield node


def doubles(tree: exp.Expr) -> Iterator[exp.Expr]:
    """A double that is neither floored nor merely compared: it would reach a result."""
    for node in tree.find_all(exp.Cast):
        if _is_double(node) and not node.find_ancestor(exp.Floor, exp.Where):
            yield node


def fractions(tree: exp.Expr) -> Iterator[exp.Expr]:
    """A literal with a point, which is a decimal here and a double there, beside no double."""
    for node in tree.find_all(exp.Literal):
        if node.is_string or not re.search(r"[.eE]", node.this):
            continue
        top = node
        while isinstance(top.parent, exp.Binary | exp.Paren):
            top = top.parent
        if not any(_is_double(each) for each in top.find_all(exp.Cast)):
            yield node


def sums(tree: exp.Expr) -> Iterator[exp.Expr]:
    """A sum that is not cast to its width, or is taken over a product that is not."""
    for node in tree.find_all(exp.Sum):
        cast = node.find_ancestor(exp.Cast, exp.Having, exp.Select)
        if isinstance(cast, exp.Select) or isinstance(node.this, exp.Mul | exp.Round):
            yield node


def products(tree: exp.Expr) -> Iterator[exp.Expr]:
    """A rounded product that is not cast back, and so has another width on each engine."""
    for node in tree.find_all(exp.Round):
        if not isinstance(node.find_ancestor(exp.Cast, exp.Select), exp.Cast):
            yield node


def running(tree: exp.Expr) -> Iterator[exp.Expr]:
    """A window without an order where it needs one, or with a frame left to the engine."""
    for node in tree.find_all(exp.Window):
        order, frame = node.args.get("order"), node.args.get("spec")
        if isinstance(node.this, exp.RowNumber):
            if not order:
                yield node
        elif order and (not frame or str(frame.args.get("kind")).upper() != "ROWS"):
            yield node


def ordering(tree: exp.Expr) -> Iterator[exp.Expr]:
    """An order of the result: relations have none, and who reads one sorts it."""
    return (node for node in tree.find_all(exp.Order) if not isinstance(node.parent, exp.Window))


def subqueries(tree: exp.Expr) -> Iterator[exp.Expr]:
    """`in (select ...)`, which engines plan and treat NULL in differently."""
    return (node for node in tree.find_all(exp.In) if node.args.get("query"))


def unions(tree: exp.Expr) -> Iterator[exp.Expr]:
    """A union that drops equal rows: two equal quantities are two quantities."""
    return (node for node in tree.find_all(exp.Union) if node.args.get("distinct"))


def joins(tree: exp.Expr) -> Iterator[exp.Expr]:
    """A join by comma or by column names, or of a kind beyond inner, left and cross."""
    for node in tree.find_all(exp.Join):
        kind, side = node.args.get("kind") or "", node.args.get("side") or ""
        stated = node.args.get("on") or kind == "CROSS"
        if not stated or side not in ("", "LEFT") or kind not in ("", "CROSS", "INNER"):
            yield node


TREE_RULES = {
    "unknown": unknown,
    "type": types,
    "division": division,
    "double": doubles,
    "fraction": fractions,
    "sum": sums,
    "product": products,
    "window": running,
    "order": ordering,
    "subquery": subqueries,
    "union": unions,
    "join": joins,
}


def _is_double(node: exp.Expr) -> bool:
    return isinstance(node, exp.Cast) and node.to.is_type("double")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SQL)))
def test_the_sql_keeps_to_the_portable_subset(path):
    assert lint(path.read_text(encoding="utf-8")) == []


BAD = {
    "first line": "select a from t",
    "one statement": "select a from t; select b from t",
    "colon cast": "select a::double from t",
    "template": "select a from t where b = {{ b }}",
    "double quotes": 'select "a" from t',
    "group by all": "select a from t group by all",
    "star exclude": "select * exclude (a) from t",
    "order of nulls": "select row_number() over (order by a nulls last) as n from t",
    "string type": "select cast(a as string) as a from t",
    "asof": "select t.a from t asof join u on t.a = u.a and t.d >= u.d",
    "dates": "select a + interval 1 day as b from t",
    "type": "select cast(a as float) as a from t",
    "division": "select a / b as c from t",
    "double": "select cast(a as double) as c from t",
    "fraction": "select a * 0.5 as c from t",
    "sum": "select sum(a * b) as c from t",
    "product": "select round(a * b, 6) as c from t",
    "window": "select cast(sum(a) over (order by b) as decimal(17, 6)) as c from t",
    "order": "select a from t order by a",
    "subquery": "select a from t where a in (select b from u)",
    "union": "select a from t union select a from u",
    "join": "select t.a from t join u using (a)",
}
UNKNOWN = {
    "not exists": "select a from t where not exists (select b from u)",
    "power": "select power(a, 2) as b from t",
    "integer division": "select a // 2 as b from t",
    "a remainder": "select a % 2 as b from t",
    "qualify": "select a from t qualify row_number() over (order by a) = 1",
    "a list": "select [a] as b from t",
    "a struct": "select {'a': a} as b from t",
    "a function of dates": "select date_trunc('month', a) as b from t",
    "a function nobody tried": "select median_of(a) as b from t",
    "an average": "select avg(a) as b from t",
    "coalesce": "select coalesce(a, 0) as b from t",
    "a limit": "select a from t limit 1",
    "a lambda": "select list_transform(a, x -> x) as b from t",
    "between": "select a from t where a between 1 and 2",
    "a pattern": "select a from t where b like 'x%'",
    "grouping sets": "select a from t group by rollup (a)",
    "a parameter": "select a from t where b = ?",
    "a change": "delete from t",
}


@pytest.mark.parametrize("rule", BAD)
def test_the_lint_catches_a_bad_example_of_each_rule(rule):
    head = "" if rule == "first line" else "-- One row per example.\n"
    assert rule in lint(head + BAD[rule])


def test_every_rule_has_a_bad_example():
    assert set(BAD) | {"unknown"} == {*TEXT_RULES, *TREE_RULES, "first line", "one statement"}


@pytest.mark.parametrize("what", UNKNOWN)
def test_the_lint_refuses_what_is_not_known_to_be_portable(what):
    assert "unknown" in lint("-- One row per example.\n" + UNKNOWN[what])


@pytest.mark.parametrize(
    "good",
    [
        "select cast(floor(cast(a as double) / cast(b as double) * 10 + 0.5) as decimal(9, 0))"
        " as c from t",
        "select a from t where cast(a as double) > 0.5",
        "select cast(sum(a) as decimal(38, 18)) as b from t as t group by c",
        "select a, '; -- \"::\" {' as b from t",
        "select a from t union all select a from u",
    ],
)
def test_the_lint_leaves_good_sql_alone(good):
    assert lint("-- One row per example.\n" + good) == []
