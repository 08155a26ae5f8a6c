"""Reference data in the database: versions of the municipalities, of which one is active.

A version never changes once it is there, so a round that names one keeps counting with it; a newer one
is for the rounds that are made after it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from flask import current_app
from sqlalchemy import insert, select, update

from subsidy import clock
from subsidy.data import load_packaged
from subsidy.db import db
from subsidy.models import FormerMunicipality, MunicipalityRow, ReferenceVersion
from workflows.regions import Municipality, Reference

CACHED = "subsidy.references"
COLUMNS = (
    "code",
    "name",
    "province_code",
    "province",
    "ggd_code",
    "ggd",
    "zk_code",
    "zorgkantoor",
    "inhabitants",
)


class UnknownVersionError(LookupError):
    """There is no version of the reference data with this name."""


class VersionExistsError(Exception):
    """A version with this name is there already, and a version never changes."""


class Former(NamedTuple):
    """A code that was used before, and the code of the municipality that its whole area went to."""

    code: str
    name: str
    successor: str


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A whole version to store. The rows are checked already: see services/reference_file.py."""

    version: str
    source: str
    population_date: date | None
    municipalities: Sequence[Municipality]
    former: Sequence[Former]


def reference_of(version: str) -> Reference:
    """Give the municipalities of a version; kept in memory, because a version never changes.

    Raises UnknownVersionError.
    """
    kept: dict[str, Reference] = current_app.extensions.setdefault(CACHED, {})
    if version not in kept:
        row = db.session.get(ReferenceVersion, version)
        if row is None:
            raise UnknownVersionError(version)
        kept[version] = _read(row)
    return kept[version]


def active_version() -> str:
    """Give the name of the version for new rounds; the packaged one is installed where there is none."""
    version = find_active()
    return install_packaged(now=clock.now()) if version is None else version


def find_active() -> str | None:
    """Give the name of the active version, or None."""
    return db.session.scalars(select(ReferenceVersion.version).where(ReferenceVersion.active)).one_or_none()


def versions() -> list[ReferenceVersion]:
    """Give every version, oldest import first."""
    query = select(ReferenceVersion).order_by(ReferenceVersion.imported_at, ReferenceVersion.version)
    return list(db.session.scalars(query))


def install_packaged(*, now: datetime) -> str:
    """Store the version that comes with the program, unless it is there; return its name.

    It becomes active only where no version is.
    """
    packaged = load_packaged()
    if db.session.get(ReferenceVersion, packaged.version) is None:
        former = [
            Former(one.code, one.name, one.successor) for one in packaged.former if one.successor is not None
        ]
        new = NewVersion(
            packaged.version,
            packaged.source,
            packaged.population_date,
            packaged.municipalities,
            former,
        )
        _store(new, now=now, active=find_active() is None)
    return packaged.version


def add_version(new: NewVersion, *, now: datetime) -> None:
    """Store a newer version and make it the active one; rounds keep the version that they name.

    Raises VersionExistsError.
    """
    if db.session.get(ReferenceVersion, new.version) is not None:
        raise VersionExistsError(new.version)
    db.session.execute(update(ReferenceVersion).where(ReferenceVersion.active).values(active=False))
    _store(new, now=now, active=True)


def _store(new: NewVersion, *, now: datetime, active: bool) -> None:
    db.session.add(
        ReferenceVersion(
            version=new.version,
            source=new.source,
            population_date=new.population_date,
            imported_at=now,
            active=active,
        )
    )
    db.session.flush()
    _insert_municipalities(new.version, new.municipalities)
    if new.former:
        rows = [{"version": new.version, **one._asdict()} for one in new.former]
        db.session.execute(insert(FormerMunicipality), rows)


def _insert_municipalities(version: str, municipalities: Iterable[Municipality]) -> None:
    rows = [
        {"version": version, **{column: getattr(one, column) for column in COLUMNS}} for one in municipalities
    ]
    db.session.execute(insert(MunicipalityRow), rows)


def _read(row: ReferenceVersion) -> Reference:
    version = row.version
    columns = [getattr(MunicipalityRow, column) for column in COLUMNS]
    rows = db.session.execute(
        select(*columns).where(MunicipalityRow.version == version).order_by(MunicipalityRow.code)
    )
    former = db.session.execute(
        select(FormerMunicipality.code, FormerMunicipality.successor, FormerMunicipality.name).where(
            FormerMunicipality.version == version
        )
    ).all()
    return Reference.from_rows(
        version,
        (Municipality(*one) for one in rows),
        {code: successor for code, successor, _name in former},
        former_names={code: name for code, _successor, name in former},
        counted_on=row.population_date,
    )
