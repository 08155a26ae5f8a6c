"""JSON with exact numbers: 0.1 is one tenth, and what cannot be kept exactly is a fault, not a guess.

The reader never stops at the first fault, keeps where each one is, and does no work that grows with the
size of a number: 1E999999999 is refused before anyone writes it out.
"""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import JsonValue

from subsidy.services.file_faults import Fault, Place

DEEPEST = 60
LONGEST_NUMBER = 60
GREATEST_EXPONENT = 40


class Repeating(dict[str, Any]):
    """An object in which some keys came more than once."""

    repeated: tuple[str, ...] = ()


class Unusable:
    """Stands where a number was that no field can hold."""

    def __init__(self, text: str) -> None:
        self.text = text[:LONGEST_NUMBER]


def read(content: bytes) -> tuple[Any, list[Fault]]:
    """Read a JSON document in UTF-8, with or without a byte order mark.

    Whole numbers are int, others Decimal. With faults the document is as far as it could be read, and
    None stands for what could not.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return None, [Fault((), "not_utf8", {"byte": error.start})]
    try:
        document = json.loads(
            text,
            parse_int=_whole,
            parse_float=_decimal,
            parse_constant=Unusable,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as error:
        params: dict[str, JsonValue] = {"line": error.lineno, "column": error.colno, "reason": error.msg}
        return None, [Fault((), "not_json", params)]
    except RecursionError:
        return None, [Fault((), "too_deep", {"deepest": DEEPEST})]
    holder = [document]
    faults = list(_settled(holder))
    return holder[0], faults


def write(value: object, indent: str = "\n") -> str:
    """Write JSON, one space per level, with every Decimal as the number that it is."""
    deeper = indent + " "
    if isinstance(value, Decimal):
        digits = format(value, "f")
        return digits.rstrip("0").rstrip(".") if "." in digits else digits
    if isinstance(value, Mapping) and value:
        members = (
            f"{json.dumps(str(key), ensure_ascii=False)}: {write(one, deeper)}" for key, one in value.items()
        )
        return "{" + deeper + f",{deeper}".join(members) + indent + "}"
    if isinstance(value, list | tuple) and value:
        return "[" + deeper + f",{deeper}".join(write(one, deeper) for one in value) + indent + "]"
    return json.dumps(value, ensure_ascii=False)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    names = [name for name, _ in pairs]
    repeating = Repeating(members)
    repeating.repeated = tuple(name for name in members if names.count(name) > 1)
    return repeating


def _whole(text: str) -> int | Unusable:
    return int(text) if len(text) <= GREATEST_EXPONENT else Unusable(text)


def _decimal(text: str) -> int | Decimal | Unusable:
    try:
        value = Decimal(text) if len(text) <= LONGEST_NUMBER else None
    except InvalidOperation:
        value = None
    if value is None or abs(value.adjusted()) > GREATEST_EXPONENT:
        return 0 if value == 0 else Unusable(text)
    return int(value) if value == value.to_integral_value() else value


def _settled(holder: list[Any]) -> Iterator[Fault]:
    """Walk through everything below `holder[0]`, tell the faults and put None where one is."""
    todo: list[tuple[dict[str, Any] | list[Any], Any, Place]] = [(holder, 0, ())]
    while todo:
        parent, key, place = todo.pop()
        value = parent[key]
        if isinstance(value, str):
            if not _storable(value):
                parent[key] = None
                yield Fault(place, "text_unusable", {})
        elif isinstance(value, Unusable):
            parent[key] = None
            yield Fault(place, "number_unusable", {"number": value.text})
        elif isinstance(value, dict | list):
            if len(place) > DEEPEST:
                parent[key] = None
                yield Fault(place, "too_deep", {"deepest": DEEPEST})
                continue
            if isinstance(value, Repeating):
                yield from (Fault((*place, name), "key_repeated", {"name": name}) for name in value.repeated)
            if isinstance(value, dict):
                for name in [name for name in value if not _storable(name)]:
                    del value[name]
                    yield Fault(place, "text_unusable", {})
            members = value.items() if isinstance(value, dict) else enumerate(value)
            todo.extend((value, name, (*place, name)) for name, _ in members)


def _storable(text: str) -> bool:
    """Tell whether a database can keep it: no NUL, no half of a surrogate pair."""
    if text.isascii():
        return "\0" not in text
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text
