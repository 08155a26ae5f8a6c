"""Reading a workbook (xlsx) that people fill in: bounded in every direction, and nothing in it is run.

Before the reader sees a file its parts are unpacked and counted, because a small file can unfold into a
very large one, and one cell far away makes the reader keep room for all cells before it.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from math import isfinite
from typing import IO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from subsidy.services.media_types import OOXML, media_type_of

MOST_BYTES = 2 * 1024 * 1024
MOST_UNPACKED = 30 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS = 20_000, 50
CHUNK = 64 * 1024
LETTERS = 26

Cell = str | Decimal

# Tags of rows and cells as the reader meets them: with any prefix, and with anything between quotes.
_TAG = re.compile(
    rb"""<(?:[^\s<>/:"']+:)?(row|c)(?=[\s/>])((?:[^<>"']++|"[^"<>]*+"|'[^'<>]*+')*+)(>?)""",
)
_PLACE = re.compile(rb"""(?:^|\s)r\s*=\s*["']([A-Z]{0,3})([0-9]{1,7})["']""")
_ANY_PLACE = re.compile(rb"(?:^|\s)r\s*=")
_FORMULA = re.compile(rb"<(?:[^\s<>/:]+:)?f[\s/>]")
_VALUE = re.compile(rb"<(?:[^\s<>/:]+:)?(?:v|t)(?:\s[^<>]*)?>[^<]")
_SHEET = re.compile(rb"""<(?:[^\s<>/:]+:)?sheet\s[^<>]*?\b[\w]+:id\s*=\s*["']([^"'<>]*)["']""")
_RELATION = re.compile(rb"<(?:[^\s<>/:]+:)?Relationship\s[^<>]*>")
_ATTRIBUTE = r"""\b{}\s*=\s*["']([^"'<>]*)["']"""


class WorkbookRefusedError(ValueError):
    """The file cannot be read: too_large, no_workbook, protected or too_wide."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells of one sheet, from A1 on, as text or as a number.

    `uncounted` names the cells with a formula whose outcome is not in the file.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    uncounted: frozenset[str] = frozenset()


def read_workbook(file: IO[bytes], preferred: tuple[str, ...]) -> Sheet:
    """Read the sheet with one of these names, or else the first one.

    Raises WorkbookRefusedError for what is no workbook, or one that holds more than a person fills in.
    """
    file.seek(0, 2)
    if file.tell() > MOST_BYTES:
        raise WorkbookRefusedError("too_large")
    if media_type_of(file) is not OOXML["xl/"]:
        raise WorkbookRefusedError("no_workbook")
    parts = _parts(file)
    file.seek(0)
    try:
        with CalamineWorkbook.from_filelike(file) as workbook:
            names = workbook.sheet_names
            at = next((names.index(name) for name in preferred if name in names), 0)
            rows = tuple(_rows(workbook.get_sheet_by_index(at)))
    except PasswordError as error:
        raise WorkbookRefusedError("protected") from error
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise WorkbookRefusedError("no_workbook") from error
    except BaseException as error:
        # The reader is written in Rust, and what it did not foresee arrives beside all other errors.
        if type(error).__name__ != "PanicException":
            raise
        raise WorkbookRefusedError("no_workbook") from error
    return Sheet(names[at], rows, _uncounted(parts, at))


def cell_name(row: int, column: int) -> str:
    """Name a cell as spreadsheets do; both count from 0: (6, 1) is B7."""
    name, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, LETTERS)
        name = chr(ord("A") + letter) + name
    return f"{name}{row + 1}"


def _parts(file: IO[bytes]) -> dict[str, bytes]:
    """Unpack every part of the file, and look how far its cells reach.

    The length of a part is checked by reading it: what the file says of it need not be true.
    """
    parts: dict[str, bytes] = {}
    left = MOST_UNPACKED
    try:
        file.seek(0)
        with zipfile.ZipFile(file) as archive:
            for entry in archive.infolist():
                with archive.open(entry) as part:
                    content = part.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise WorkbookRefusedError("too_large")
                parts[entry.filename] = content
    except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, RuntimeError, EOFError) as error:
        raise WorkbookRefusedError("no_workbook") from error
    for name, content in parts.items():
        if name.endswith((".xml", ".rels")):
            _check_reach(content)
    return parts


def _check_reach(content: bytes) -> None:
    """Refuse a part whose rows or cells stand further away than a person would put them."""
    if b"\0" in content:  # not UTF-8: we would look past the tags that the reader sees
        raise WorkbookRefusedError("no_workbook")
    row = column = 0
    for tag in _TAG.finditer(content):
        kind, attributes, end = tag.groups()
        place = _PLACE.search(attributes)
        if not end or (place is None and _ANY_PLACE.search(attributes)):
            raise WorkbookRefusedError("no_workbook")
        if kind == b"row":
            row, column = int(place[2]) if place else row + 1, 0
        elif place:
            row, column = int(place[2]), _column(place[1])
        else:
            column += 1
        if row > MOST_ROWS or column > MOST_COLUMNS:
            raise WorkbookRefusedError("too_wide")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * LETTERS + letter - ord("A") + 1
    return number


def _rows(sheet: CalamineSheet) -> Iterator[tuple[Cell, ...]]:
    for row in sheet.to_python(skip_empty_area=False):
        yield tuple(_cell(value) for value in row)


def _cell(value: object) -> Cell:
    """Give a cell as text, or as the shortest number that means the same."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float) and isfinite(value):
        number = Decimal(str(value))
        return number.to_integral_value() if number == number.to_integral_value() else number
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)


def _uncounted(parts: dict[str, bytes], sheet: int) -> frozenset[str]:
    """Name the cells of a sheet with a formula and no outcome, as programs write that never counted."""
    content = parts.get(_part_of(parts, sheet), b"")
    tags = [tag for tag in _TAG.finditer(content) if tag[1] == b"c"]
    ends = [*(tag.start() for tag in tags[1:]), len(content)]
    found = set()
    for tag, end in zip(tags, ends[: len(tags)], strict=True):
        inside = content[tag.end() : end].partition(b"c>")[0]
        place = _PLACE.search(tag[2])
        if place and _FORMULA.search(inside) and not _VALUE.search(inside):
            found.add((place[1] + place[2]).decode())
    return frozenset(found)


def _part_of(parts: dict[str, bytes], sheet: int) -> str:
    """Find the part that holds a sheet; an empty name when the file does not say so in the usual way."""
    identities = _SHEET.findall(parts.get("xl/workbook.xml", b""))
    if sheet >= len(identities):
        return ""
    for relation in _RELATION.findall(parts.get("xl/_rels/workbook.xml.rels", b"")):
        text = relation.decode("utf-8", "replace")
        identity, target = (re.search(_ATTRIBUTE.format(name), text) for name in ("Id", "Target"))
        if identity and target and identity[1].encode() == identities[sheet]:
            return target[1].lstrip("/") if target[1].startswith("/") else f"xl/{target[1]}"
    return ""
