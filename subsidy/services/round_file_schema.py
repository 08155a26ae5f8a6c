"""The JSON Schema of a round file: the shape of the format, checked with every fault at its place."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from subsidy.services.file_faults import Fault

if TYPE_CHECKING:
    # Loading it takes a second or more, for every process: only who reads a round file waits for that.
    from jsonschema import ValidationError
    from jsonschema.validators import Draft202012Validator

SCHEMA = Path(__file__).resolve().parent.parent / "data" / "schemas" / "round.schema.json"

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# RFC 3339, section 5.6; the store keeps microseconds, so nothing finer than that.
INSTANT = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(\.\d{1,6})?0*([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)
WITHOUT_OFFSET = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2})?(\.\d+)?", re.ASCII)
# What a keyword says in words is found at the edge, by its name and by what it asked.
ASKED = (
    "type",
    "enum",
    "const",
    "pattern",
    "format",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "minLength",
    "maxLength",
    "minItems",
)


def schema_faults(document: object, part: str | None = None) -> Iterator[Fault]:
    """Give every fault of a document against the schema, or against that of a named part of it."""
    for error in _validator(part).iter_errors(document):
        yield from _faults(error)


@cache
def schema() -> Mapping[str, Any]:
    """Give the schema of the format."""
    content: Mapping[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return content


def instant_of(text: object) -> datetime | None:
    """Read an instant as RFC 3339 has it; None when it is none, or has no offset."""
    if not isinstance(text, str) or INSTANT.fullmatch(text) is None:
        return None
    try:
        return datetime.fromisoformat(text.upper())
    except ValueError:
        return None


def _faults(error: "ValidationError") -> Iterator[Fault]:
    place = tuple(error.absolute_path)
    keyword = str(error.validator)
    asked = error.validator_value
    if keyword == "required":
        name = next(one for one in asked if error.message.startswith(repr(one)))
        yield Fault(place, "required", {"name": name})
    elif keyword == "additionalProperties":
        known = error.schema.get("properties", {})
        yield from (Fault((*place, name), keyword, {}) for name in error.instance if name not in known)
    elif keyword == "format" and asked == "date-time" and WITHOUT_OFFSET.fullmatch(error.instance):
        yield Fault(place, "instant_without_offset", {})
    else:
        yield Fault(place, keyword, {"asked": asked} if keyword in ASKED else {})


@cache
def _validator(part: str | None) -> "Draft202012Validator":
    from jsonschema import FormatChecker
    from jsonschema.validators import Draft202012Validator, extend

    formats = FormatChecker(formats=())
    formats.checks("date-time")(lambda text: not isinstance(text, str) or instant_of(text) is not None)
    formats.checks("date")(lambda text: not isinstance(text, str) or _is_day(text))
    exact = extend(
        Draft202012Validator,
        validators={"pattern": _pattern},
        type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_whole),
    )
    asked = schema() if part is None else schema()["$defs"][part]
    whole = _without_references(asked, schema()["$defs"])
    return exact(whole, format_checker=formats)


def _is_whole(_checker: object, value: object) -> bool:
    """Whole numbers were made int while reading; a bool is no number."""
    return isinstance(value, int) and not isinstance(value, bool)


def _pattern(_validator: object, pattern: str, value: object, _schema: object) -> "Iterator[ValidationError]":
    r"""Match as ECMA 262 does: `$` is the end, in Python it also stands before a last line feed."""
    from jsonschema import ValidationError

    if isinstance(value, str) and _compiled(pattern).search(value) is None:
        yield ValidationError(f"does not match {pattern}")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"(?<!\\)\$", r"\\Z", pattern), re.ASCII)


def _is_day(text: str) -> bool:
    if DAY.fullmatch(text) is None:
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _without_references(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    """Put what a $ref names in its place: looking it up anew for every value costs most of the time."""
    whole = {key: _inlined(part, definitions) for key, part in schema.items() if key not in {"$ref", "$defs"}}
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/$defs/")
        whole = {**_without_references(definitions[name], definitions), **whole}
    return whole


def _inlined(part: object, definitions: Mapping[str, Any]) -> object:
    if isinstance(part, list):
        return [_inlined(one, definitions) for one in part]
    return _without_references(part, definitions) if isinstance(part, dict) else part
