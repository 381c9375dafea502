"""A text of TOML read as settings, and its first mistake told as a person would.

A mistake names file, table, key, what was found, what is allowed and the nearest valid word.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticCustomError

from carbon.errors import SettingsError, nearest
from carbon.settings.model import Settings

TOLD = "told"  # a mistake that says itself what is near and what to do


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
        tables = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as fault:
        raise SettingsError(
            "not-toml",
            f"{file} is not valid TOML: {fault}",
            where=file,
            remedy="text stands in quotes, a list in [ ], and each table starts with [name]",
        ) from None
    try:
        return model.model_validate(tables)
    except ValidationError as fault:
        raise _mistake(model, fault, file) from None


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
        reason = first["msg"].removeprefix("Value error, ")
        message = f"{reason}{more}"
        found = first["input"]
        remedy = (
            f"change {first['loc'][-1]} = {found!r}"
            if first["loc"] and isinstance(found, str | int | float | bool | Decimal)
            else "mend it in the file"
        )
    return SettingsError(
        "settings",
        message,
        where=f"{file}, {spot}" if spot else file,
        looked_for=looked_for,
        nearest=near,
        remedy=remedy,
    )


def _spot(location: Sequence[int | str]) -> str:
    """Where a mistake stands: 'site 2, meter 1, role'."""
    parts: list[str] = []
    for part in location:
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
