"""Two people in one section: part by part, whose text is the newer, and where both wrote something else.

A part is a field that a section asks by itself, or the answer to one question. A page carries marks of
what it showed of each part (`seen`), so that a text which nobody touched on it is never taken for a change.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, is_dataclass
from hashlib import sha256

Parts = Mapping[str, object]

# Marks are hexadecimal digits: how they are written, then for each part which it is and what it said.
WRITTEN, NAME, VALUE = "1", 8, 12


@dataclass(frozen=True, slots=True)
class Merged:
    """The parts of both together; `theirs` are those that only the other changed, `clashing` both did."""

    parts: dict[str, object]
    theirs: frozenset[str]
    clashing: frozenset[str]


def merge(mine: Parts, stored: Parts, seen: str) -> Merged:
    """Put what was typed together with what is stored now; `seen` marks what the page had shown.

    A part that is in neither is empty. Where both changed a part and differ, it clashes and mine is given.
    """
    shown = _read(seen)
    parts, theirs, clashing = dict[str, object](), set[str](), set[str]()
    for name in dict.fromkeys([*stored, *mine]):
        typed, there = mine.get(name), stored.get(name)
        before = shown.get(_digest(name, NAME), mark_of(None))
        parts[name] = typed
        if typed == there:
            continue
        if mark_of(typed) == before:
            parts[name] = there
            theirs.add(name)
        elif mark_of(there) != before:
            clashing.add(name)
    return Merged(parts, frozenset(theirs), frozenset(clashing))


def marks_of(parts: Parts) -> str:
    """Give the marks of these parts, as a page carries them."""
    return _write({_digest(name, NAME): mark_of(value) for name, value in parts.items()})


def with_marks(seen: str, marks: Mapping[str, str]) -> str:
    """Give the marks of a page with those of some parts, by name, in their place."""
    return _write(_read(seen) | {_digest(name, NAME): mark for name, mark in marks.items()})


def mark_of(value: object) -> str:
    """Give the mark of what a part says."""
    return _digest(json.dumps(value, default=_plain, sort_keys=True), VALUE)


def _plain(value: object) -> object:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else str(value)


def _digest(text: str, length: int) -> str:
    return sha256(text.encode()).hexdigest()[:length]


def _write(marks: Mapping[str, str]) -> str:
    return WRITTEN + "".join(name + mark for name, mark in sorted(marks.items()))


def _read(seen: str) -> dict[str, str]:
    """Read the marks of a page; what is no marks says that nothing was shown."""
    written, marks, length = seen[:1], seen[1:], NAME + VALUE
    if written != WRITTEN or len(marks) % length:
        return {}
    pieces = (marks[start : start + length] for start in range(0, len(marks), length))
    return {piece[:NAME]: piece[NAME:] for piece in pieces}
