"""What may `carbon.toml` say? Writes `docs/settings.md` from the models in `carbon/settings/`.

To add a key: write it there with its `description`, the unit of a number in brackets at its end,
and run

    python docs/list_settings.py
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel, BeforeValidator
from pydantic.fields import FieldInfo

from carbon.fields import Written
from carbon.inputs.words import DEFAULT_SERIES
from carbon.settings import FIRST, Policy, Settings
from carbon.settings.reading import table_in

PAGE = Path(__file__).with_name("settings.md")
HEAD = """# The settings of a book

Written by `python docs/list_settings.py` from `carbon/settings/`; do not edit. A test holds it to
that.

Everything that `carbon.toml` may say. It is read by every verb; a key that is not on this page, a
word that is not allowed and a name that nothing has are refused with what is near. Every run keeps
the text as a version, and a closed year is computed with the settings of its day.

```toml
[organisation]
name = "Our company"

[[site]]                    # once a site
name = "works"
region = "CN-ZJ"

[[site.meter]]              # once a meter, below its site
name = "works-main"

[policy]
gwp = "AR6"
```

Words, texts and months stand in quotes; numbers, days, `true` and `false` do not. `a = b` among the
kinds is a table, as `CN = "national-statistic"` below `[policy.electricity]`. A country is its two
letters, or `default` for all others. A share such as 0.05 has the unit 1.
"""
SEE = {
    "organisation": ("boundary", "methods/boundary.md"),
    "entity": ("boundary", "methods/boundary.md"),
    "site": ("boundary", "methods/boundary.md"),
    "site.pv": ("PV", "methods/pv.md"),
    "site.sources": ("completeness", "methods/completeness.md"),
    "site.meter": ("meters", "meters.md"),
    "policy.uncertainty": ("uncertainty", "methods/uncertainty.md"),
    "target": ("targets and verdicts", "targets.md"),
    "fuel_blend": ("blends", "methods/blends.md"),
    "chp": ("combined heat and power", "methods/chp.md"),
    "area": ("departments and key areas", "meters.md#departments-and-key-areas"),
    "indicator": ("other indicators", "goals.md#other-indicators"),
    "fill": ("filling gaps", "filling.md"),
    "import": ("a column map", "files.md#a-column-map"),
}
PLAIN = {str: "text", int: "whole number", Decimal: "number", date: "day, `2023-07-01`"}
BOUNDS = {Ge: ("ge", "at least"), Gt: ("gt", "above"), Le: ("le", "to"), Lt: ("lt", "below")}


class Place(NamedTuple):
    """A table of the file: where it stands, and the model that reads it."""

    path: str
    heading: str
    model: type[BaseModel]


class Key(NamedTuple):
    """A key of a table, in words."""

    name: str
    kind: str
    default: str
    unit: str
    meaning: str


def page_text() -> str:
    """The page."""
    parts = [HEAD, "\n| table | says |\n|---|---|\n"]
    top = {field.alias or name: field for name, field in Settings.model_fields.items()}
    places = list(tables())
    for place in places:
        if place.path in top:
            link = f"[`{place.heading}`](#{anchor(place.heading)})"
            parts.append(f"| {link} | {top[place.path].description} |\n")
    for place in places:
        depth = "##" if place.path in top else "###"
        parts.append(f"\n{depth} `{place.heading}`\n\n{about(place.model)}{_see(place)}\n")
        parts.append("\n| key | is | by default | unit | meaning |\n|---|---|---|---|---|\n")
        for key in keys(place):
            cells = [cell.replace("|", "\\|") for cell in key[1:]]
            parts.append(f"| `{key.name}` | {' | '.join(cells)} |\n")
    return "".join(parts)


def tables(model: type[BaseModel] = Settings, above: str = "") -> Iterator[Place]:
    """Every table of the file below a model, each before those that stand in it."""
    for name, hint in get_type_hints(model, include_extras=True).items():
        inner = table_in(hint)
        if name not in model.model_fields or inner is None:
            continue
        path = above + (model.model_fields[name].alias or name)
        yield Place(path, _heading(path, _bare(hint)), inner)
        yield from tables(inner, f"{path}.")


def keys(place: Place) -> list[Key]:
    """The keys of a table, its name first."""
    hints = get_type_hints(place.model, include_extras=True)
    found = []
    for name, field in place.model.model_fields.items():
        meaning, unit = said(field)
        shown = kind(hints[name], field.metadata, f"{place.path}.{name}")
        silent = default(field)
        if place.model is Policy and not silent and name in DEFAULT_SERIES:
            silent = by_country(DEFAULT_SERIES[name])
        found.append(Key(field.alias or name, shown, silent, unit, meaning))
    return sorted(found, key=lambda key: key.name != "name")


def said(field: FieldInfo) -> tuple[str, str]:
    """Meaning and unit of a key."""
    meaning, _, unit = (field.description or "").removesuffix("]").partition(" [")
    return (meaning, unit) if (field.description or "").endswith("]") else (meaning, "")


def about(model: type[BaseModel]) -> str:
    """What a table says of itself."""
    return " ".join((model.__doc__ or "").split())


def default(field: FieldInfo) -> str:
    """What holds where a key says nothing; '' where its meaning tells."""
    if field.is_required():
        return "**needed**"
    if field.default_factory:
        return ""
    value = list(field.default) if isinstance(field.default, tuple) else field.default
    if value in (None, "", [], {}, FIRST) or isinstance(value, BaseModel):
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    listed = value if isinstance(value, list) else [value]
    return ", ".join(f'`"{each}"`' if isinstance(each, str) else f"`{each}`" for each in listed)


def by_country(series: Mapping[str, Sequence[str]]) -> str:
    """The series of a country, where the settings name none."""
    return "; ".join(f"{key} = {', '.join(f'`{each}`' for each in series[key])}" for key in series)


def kind(hint: Any, metadata: list[Any], path: str) -> str:
    """How a value is written. Raises TypeError for a type that the page has no word for."""
    shape, own = _bare(hint), _metadata(hint)
    written = next((each.words for each in own if isinstance(each, Written)), "")
    if inner := table_in(shape):
        link = f"[table{'s' * (shape is not inner)}](#{anchor(_heading(path, shape))})"
        return f"{written} {link}".strip()
    if written:
        return _bounded(written, metadata)
    args = get_args(shape)
    if get_origin(shape) is Literal:
        return ", ".join(f'`"{word}"`' for word in args if word)
    if get_origin(shape) in (list, tuple):
        is_alone = any(isinstance(each, BeforeValidator) for each in own)
        return f"{'one or a ' * is_alone}list of {_plural(kind(args[0], [], path))}"
    if get_origin(shape) is dict:
        key, value = (kind(each, [], path) for each in args)
        value = f"({value})" if " = " in value else value
        return f"{'name' if key == 'text' else key} = {value}"
    if shape is bool:
        return "`true`, `false`"
    if shape not in PLAIN:
        raise TypeError(f"{path}: how is {shape} written?")
    return _bounded(PLAIN[shape], [*metadata, *own])


def _heading(path: str, shape: Any) -> str:
    """How the head of a table is written."""
    if get_origin(shape) is list:
        return f"[[{path}]]"
    return f"[{path}.NAME]" if get_origin(shape) is dict else f"[{path}]"


def _plural(words: str) -> str:
    return "texts" if words == "text" else words


def _bare(hint: Any) -> Any:
    """A type without what is said beside it, and without None."""
    if get_origin(hint) is Annotated:
        return _bare(get_args(hint)[0])
    if get_origin(hint) in (Union, UnionType):
        others = [each for each in get_args(hint) if each is not type(None)]
        return _bare(others[0]) if len(others) == 1 else hint
    return hint


def _metadata(hint: Any) -> list[Any]:
    """What is said beside a type."""
    if get_origin(hint) in (Union, UnionType):
        return [said for each in get_args(hint) for said in _metadata(each)]
    if get_origin(hint) is not Annotated:
        return []
    own = list(hint.__metadata__)
    return own + [each for field in own if isinstance(field, FieldInfo) for each in field.metadata]


def _bounded(words: str, metadata: list[Any]) -> str:
    """A kind of number with its bounds."""
    said = {type(each): each for each in metadata if type(each) in BOUNDS}
    if Ge in said and Le in said:
        return f"{words}, {said[Ge].ge} to {said[Le].le}"
    told = [
        f"{word} {getattr(said[each], key)}" for each, (key, word) in BOUNDS.items() if each in said
    ]
    return ", ".join([words, *told])


def _see(place: Place) -> str:
    if place.path not in SEE:
        return ""
    word, link = SEE[place.path]
    return f" See [{word}]({link})."


def anchor(text: str) -> str:
    """The anchor of a heading."""
    return "".join(sign for sign in text.lower() if sign.isalnum() or sign in "_-")


if __name__ == "__main__":
    PAGE.write_text(page_text(), encoding="utf-8", newline="\n")
