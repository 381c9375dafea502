"""A text of TOML read as settings, and its first mistake told as a person would.

A mistake names file, table, key, what was found, what is allowed and the nearest valid word.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticCustomError

from carbon.errors import SettingsError, nearest
from carbon.settings.model import Settings

TOLD = "told"  # a mistake that says itself what is near and what to do
MOST_DIGITS = 100  # before or after the point of a number
WANTED = {  # by the first word of pydantic's name of a mistake
    "int": "a whole number",
    "decimal": "a number, without quotes",
    "float": "a number, without quotes",
    "string": "a text in quotes",
    "bool": "true or false",
    "tuple": "a list",
    "list": "a list",
}


def told(message: str, *, looked_for: str = "", near: str = "", remedy: str = "") -> ValueError:
    """A mistake for a validator to raise that knows what was looked for and what is near."""
    parts = {"message": message, "looked_for": looked_for, "near": near, "remedy": remedy}
    return PydanticCustomError(TOLD, "{message}", parts)


def read(text: str, file: str = "carbon.toml") -> Settings:
    """The settings a text holds. Raises SettingsError naming file, table, key and remedy."""
    return checked(Settings, text, file)


def checked(model: type[BaseModel], text: str, file: str) -> Any:
    """A TOML text as a `model`. Raises SettingsError for the first mistake, counting the others."""
    try:
        tables = tomllib.loads(text, parse_float=_number)
    except tomllib.TOMLDecodeError as fault:
        raise SettingsError(
            "not-toml",
            f"{file} is not valid TOML: {fault}",
            where=file,
            remedy="text stands in quotes, a list in [ ], and each table starts with [name]",
        ) from None
    except ValueError as fault:  # of a number
        raise _too_long(text, file, str(fault)) from None
    try:
        return model.model_validate(tables)
    except ValidationError as fault:
        raise _mistake(model, fault, file) from None


def _number(text: str) -> Decimal:
    """A number as it is written. Raises ValueError for one that nothing could count with."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError(text) from None
    if value.is_finite() and is_too_long(value):
        raise ValueError(text)
    return value


def is_too_long(value: Decimal) -> bool:
    """Whether a finite number has more digits before or after its point than anything has."""
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    return max(abs(value.adjusted()), abs(exponent)) > MOST_DIGITS


def _too_long(text: str, file: str, number: str) -> SettingsError:
    """number : as it is written; of a whole number what Python says of it."""
    lines = enumerate(text.splitlines(), start=1)
    at = next((n for n, line in lines if number in line or re.search(r"\d{1000}", line)), 0)
    return SettingsError(
        "settings",
        f"{file} has a number of more than {MOST_DIGITS} digits before or after its point",
        where=f"{file}, line {at}" if at else file,
        remedy="write a number that something can be counted with",
    )


def _mistake(model: type[BaseModel], fault: ValidationError, file: str) -> SettingsError:
    """The first mistake of a validation, as a person would say it."""
    errors = fault.errors()
    first = errors[0]
    spot = _spot(first["loc"])
    more = f" ({len(errors) - 1} more after it)" if len(errors) > 1 else ""
    looked_for, near = "", ""
    if first["type"] == "extra_forbidden":
        key = str(first["loc"][-1])
        known = _keys(model, first["loc"][:-1])
        message = f"{file} has a key {key!r} that means nothing here{more}"
        looked_for, near = ", ".join(known), nearest(key, known)
        remedy = f"write {near!r} instead of {key!r}" if near else "take the key out"
    elif first["type"] == TOLD:
        said = first["ctx"]
        message, looked_for, near = f"{said['message']}{more}", said["looked_for"], said["near"]
        remedy = said["remedy"] or "mend it in the file"
    elif first["type"] == "missing":
        message = f"{file} lacks {first['loc'][-1]!r}{more}"
        remedy = f"add {first['loc'][-1]} = ..."
    elif first["type"] == "literal_error":
        allowed = re.findall(r"'([^']+)'", first["ctx"]["expected"])
        found = str(first["input"])
        message = f"{found!r} is not allowed for {first['loc'][-1]!r}{more}"
        looked_for, near = "one of " + ", ".join(allowed), nearest(found, allowed)
        remedy = f"write {near!r}" if near else f"write one of {', '.join(allowed)}"
    else:
        key = next((each for each in reversed(first["loc"]) if _is_key(each)), "")
        wanted = WANTED.get(first["type"].partition("_")[0], "")
        is_kind = first["type"].endswith(("_type", "_parsing", "_from_float"))
        found = first["input"]
        is_plain = isinstance(found, str | int | float | bool | Decimal)
        reason = first["msg"].removeprefix("Value error, ")
        if key and wanted and is_kind:
            reason = f"{key} is {wanted}" + (f", not {_written(found)}" if is_plain else "")
        elif key and first["type"] in ("too_short", "too_long"):
            bounds = first["ctx"]
            most = bounds.get("min_length", bounds.get("max_length"))
            short = "at least" if "min_length" in bounds else "at most"
            items = f"{short} {most} item{'s' * (most != 1)}"
            reason = f"{key} has to have {items}, and has {bounds['actual_length']}"
        elif key:
            reason = reason.replace("Input should be", f"{key} has to be")
        message = f"{reason}{more}"
        remedy = f"change {key} = {_written(found)}" if key and is_plain else "mend it in the file"
    return SettingsError(
        "settings",
        message,
        where=f"{file}, {spot}" if spot else file,
        looked_for=looked_for,
        nearest=near,
        remedy=remedy,
    )


def _written(value: object) -> str:
    """A plain value as a file writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value) if isinstance(value, str) else str(value)


def _is_key(part: int | str) -> bool:
    """Whether a part of a location is a key: no place in a list, and no name of a kind."""
    return isinstance(part, str) and "[" not in part


def _spot(location: Sequence[int | str]) -> str:
    """Where a mistake stands: 'site 2, meter 1, role'."""
    parts: list[str] = []
    for part in location:
        if isinstance(part, str) and not _is_key(part):
            continue
        if isinstance(part, int) and parts:
            parts[-1] += f" {part + 1}"
        else:
            parts.append(str(part))
    return ", ".join(parts)


def _keys(model: type[BaseModel], location: Sequence[int | str]) -> list[str]:
    """The keys a table may have."""
    current = model
    for part in location:
        fields = {field.alias or name: field for name, field in current.model_fields.items()}
        if part in fields:
            current = table_in(fields[part].annotation) or current
    return [field.alias or name for name, field in current.model_fields.items()]


def table_in(kind: Any) -> type[BaseModel] | None:
    """The model of the tables that a key holds, None where it holds plain values."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind
    return next((found for each in get_args(kind) if (found := table_in(each))), None)
