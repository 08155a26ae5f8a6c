"""A newer version of the municipalities from a CSV file: checked as a whole before anything is stored.

The columns are those of subsidy/data/municipalities.csv. A further column `former` may hold the codes,
separated by spaces, of municipalities whose whole area became part of the one in the row.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from io import StringIO

from sqlalchemy import select

from subsidy.db import db
from subsidy.models import FormerMunicipality, MunicipalityRow, ReferenceVersion
from subsidy.services import reference
from subsidy.services.file_faults import Fault, FaultyFileError
from subsidy.services.reference import COLUMNS, Former, NewVersion
from workflows.regions import Municipality

FORMER = "former"
CODES = {
    "code": re.compile(r"GM\d{4}", re.ASCII),
    "province_code": re.compile(r"PV\d{2}", re.ASCII),
    "ggd_code": re.compile(r"GG\d{4}", re.ASCII),
    "zk_code": re.compile(r"ZK\d{2}", re.ASCII),
}
NAMES = {"province_code": "province", "ggd_code": "ggd", "zk_code": "zorgkantoor"}
MOST_INHABITANTS = 100_000_000
LONGEST_NAME, LONGEST_VERSION, LONGEST_SOURCE = 100, 40, 500

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Source:
    """What the rows do not tell: the name of the version, where it is from, the day of the counting."""

    version: str
    source: str
    population_date: date | None = None


@dataclass(slots=True)
class _Seen:
    """What earlier rows said, to hold a row against."""

    codes: set[str] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict)


def import_municipalities(content: bytes, source: Source, *, now: datetime) -> NewVersion:
    """Check a file and store it as the active version, in the caller's transaction.

    Former codes of the version that was active lead on to where their successors went. Raises
    FaultyFileError with every fault; the place of one is its line, counted from 1, and its column.
    """
    header, rows, faults = _table(content)
    faults += _source_faults(source)
    if header or not faults:
        faults += _header_faults(header)
    if not faults:
        faults += _row_faults(rows)
    if faults:
        raise FaultyFileError(faults)
    former = {old: row["code"] for row in rows.values() for old in row.get(FORMER, "").split()}
    new = NewVersion(
        source.version,
        source.source,
        source.population_date,
        [_municipality(row) for row in rows.values()],
        _all_former(former, {row["code"] for row in rows.values()}),
    )
    reference.add_version(new, now=now)
    return new


def _source_faults(source: Source) -> Iterator[Fault]:
    if db.session.get(ReferenceVersion, source.version) is not None:
        yield Fault((), "version_taken", {"version": source.version})
    for name, text, longest in (
        ("version", source.version, LONGEST_VERSION),
        ("source", source.source, LONGEST_SOURCE),
    ):
        if not 0 < len(text) <= longest:
            yield Fault((name,), "maxLength", {"asked": longest})


def _table(content: bytes) -> tuple[list[str], dict[int, dict[str, str]], list[Fault]]:
    """Give the header, the rows by line, and the faults of the text as such."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return [], {}, [Fault((), "not_utf8", {"byte": error.start})]
    if "\0" in text:
        return [], {}, [Fault((), "text_unusable")]
    reader = csv.reader(StringIO(text, newline=""))
    header = [name.strip() for name in next(reader, [])]
    rows: dict[int, dict[str, str]] = {}
    faults: list[Fault] = []
    for cells in reader:
        if not cells:
            continue
        if len(cells) > len(header):
            faults.append(Fault((reader.line_num,), "row_length"))
        given = [cell.strip() for cell in cells] + [""] * (len(header) - len(cells))
        rows[reader.line_num] = dict(zip(header, given, strict=False))
    return header, rows, faults


def _header_faults(header: list[str]) -> Iterator[Fault]:
    for name in COLUMNS:
        if name not in header:
            yield Fault((1,), "column_missing", {"name": name})
    for name, count in Counter(header).items():
        if name not in {*COLUMNS, FORMER} or count > 1:
            yield Fault((1, name), "column_unknown", {"name": name})


def _row_faults(rows: Mapping[int, Cells]) -> Iterator[Fault]:
    if not rows:
        yield Fault((), "no_rows")
    seen = _Seen()
    for line, row in rows.items():
        yield from _cell_faults(line, row, seen)
    present = {row["code"] for row in rows.values()}
    former: set[str] = set()
    for line, row in rows.items():
        for code in row.get(FORMER, "").split():
            if CODES["code"].fullmatch(code) is None:
                yield Fault((line, FORMER), "code_pattern", {"code": code})
            elif code in present:
                yield Fault((line, FORMER), "still_present", {"code": code})
            elif code in former:
                yield Fault((line, FORMER), "code_repeated", {"code": code})
            former.add(code)


def _cell_faults(line: int, row: Cells, seen: _Seen) -> Iterator[Fault]:
    for name in COLUMNS:
        value = row[name]
        if not value:
            yield Fault((line, name), "cell_missing", {"name": name})
        elif len(value) > LONGEST_NAME:
            yield Fault((line, name), "maxLength", {"asked": LONGEST_NAME})
        elif name in CODES and CODES[name].fullmatch(value) is None:
            yield Fault((line, name), "code_pattern", {"code": value})
        elif name in NAMES and seen.names.setdefault(value, row[NAMES[name]]) != row[NAMES[name]]:
            yield Fault((line, NAMES[name]), "name_differs", {"code": value})
    if row["inhabitants"] and not _is_count(row["inhabitants"]):
        yield Fault((line, "inhabitants"), "whole_number", {"name": "inhabitants"})
    if row["code"] and row["code"] in seen.codes:
        yield Fault((line, "code"), "code_repeated", {"code": row["code"]})
    seen.codes.add(row["code"])


def _is_count(text: str) -> bool:
    return (
        text.isascii()
        and text.isdecimal()
        and len(text) <= len(str(MOST_INHABITANTS))
        and int(text) <= MOST_INHABITANTS
    )


def _municipality(row: Cells) -> Municipality:
    values = {name: row[name] for name in COLUMNS if name != "inhabitants"}
    return Municipality(**values, inhabitants=int(row["inhabitants"]))


def _all_former(new: Mapping[str, str], present: set[str]) -> list[Former]:
    """Join what the file says with what was known: an older code follows its successor."""
    active = reference.active_version()
    known = reference.reference_of(active)
    names = _names(active)
    leads: dict[str, str] = dict(new)
    for old, successor in known.former.items():
        today = successor if successor in present else new.get(successor)
        if today is not None and old not in present:
            leads.setdefault(old, today)
    return [Former(old, names.get(old, old), today) for old, today in sorted(leads.items())]


def _names(version: str) -> dict[str, str]:
    """Give the names that a version has for present and former codes."""
    names: dict[str, str] = {}
    for table in (FormerMunicipality, MunicipalityRow):
        query = select(table.code, table.name).where(table.version == version)
        names.update(db.session.execute(query).all())
    return names
