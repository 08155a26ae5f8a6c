"""Is this letter genuine? Asked by anybody who holds one, with its code or with the file itself.

The answer is a date and nothing more: not whose letter it is, of what kind, or whether another one followed.
A letter that still waits is as unknown as one that never was.
"""

import hashlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import IO

from sqlalchemy import ColumnElement, or_, select

from subsidy.db import db
from subsidy.models import Letter
from subsidy.services import throttle
from subsidy.services.file_store import CHUNK


def find_by_code(code: str, *, machine: str, now: datetime) -> date | None:
    """Return the date of the letter that was sent with this code (see `workflows.letter_codes.code_in`).

    Asking is counted by the address of the machine, known or not: TooManyAttemptsError.
    """
    return _dated(Letter.code == code, machine, now)


def find_by_digest(sha256: str, *, machine: str, now: datetime) -> date | None:
    """Return the date of the letter that was sent as this file (its SHA-256), or with it as translation.

    Asking is counted as for a code.
    """
    return _dated(or_(Letter.sha256 == sha256, Letter.english_sha256 == sha256), machine, now)


def digest_of(file: IO[bytes]) -> str:
    """Return the SHA-256 of a file, read in pieces."""
    digest = hashlib.sha256()
    for piece in _pieces(file):
        digest.update(piece)
    return digest.hexdigest()


def _dated(is_it: ColumnElement[bool], machine: str, now: datetime) -> date | None:
    throttle.attempt(throttle.machine(machine, "verify"), now=now)
    query = select(Letter.dated).where(is_it, Letter.placed_at.is_not(None)).order_by(Letter.id).limit(1)
    return db.session.scalar(query)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(CHUNK):
        yield piece
