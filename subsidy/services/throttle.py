"""Guessing is made slow: after a few attempts each next one has to wait longer.

Counted per address of a person and per address of a machine, whether or not the account exists, so that
the wait tells nothing. An attempt is counted before its outcome is known and the row stays locked until
the commit, so a hundred guesses at once do not all slip through on the same count.
"""

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from subsidy.db import db, insert_into
from subsidy.models import LoginThrottle

LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=2)


class TooManyAttemptsError(Exception):
    """Try again later; `seconds` says when."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"wait {seconds} seconds")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Subject:
    """Who tries: a key that names nobody, and how many attempts are free."""

    key: str
    free: int


def person(email: str) -> Subject:
    """The person at this e-mail address; the key is a digest, since a table of addresses helps a thief."""
    return Subject(f"person:{hashlib.sha256(email.encode()).hexdigest()}", free=5)


def machine(address: str, purpose: str = "login") -> Subject:
    """A machine, for IPv6 its whole /64; more attempts are free, because offices share an address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return Subject(f"{purpose}:unknown", free=50)
    network = ipaddress.ip_network((parsed, 64), strict=False) if parsed.version == 6 else parsed  # noqa: PLR2004
    return Subject(f"{purpose}:{network}", free=50)


def attempt(subject: Subject, *, now: datetime) -> None:
    """Count an attempt; TooManyAttemptsError when it comes too soon, and then it is not counted."""
    row = _locked(subject.key, now)
    if now - row.last_failed_at >= FORGOTTEN_AFTER:
        row.failures = 0
    wait = _wait(row.failures - subject.free)
    # The last attempt may have arrived after this one: who came first need not have the row first.
    left = row.last_failed_at + wait - now
    if wait and left > timedelta():
        raise TooManyAttemptsError(int(left.total_seconds()) + 1)
    row.failures += 1
    row.last_failed_at = max(row.last_failed_at, now)


def succeeded(*subjects: Subject, now: datetime) -> None:
    """Take back the attempt that succeeded; a person starts again from nothing.

    A machine keeps its other failures: else one's own account would buy guesses at those of others.
    """
    for subject in subjects:
        row = _locked(subject.key, now)
        row.failures = 0 if subject.key.startswith("person:") else max(0, row.failures - 1)
    db.session.execute(
        delete(LoginThrottle)
        .where(LoginThrottle.last_failed_at < now - FORGOTTEN_AFTER)
        .execution_options(synchronize_session=False)
    )


def _wait(beyond: int) -> timedelta:
    """How long to wait after the last attempt: 2, 4, 8 ... seconds, at most a quarter of an hour."""
    return timedelta() if beyond < 0 else min(timedelta(seconds=2 ** min(beyond + 1, 20)), LONGEST_WAIT)


def _locked(key: str, now: datetime) -> LoginThrottle:
    db.session.execute(
        insert_into(LoginThrottle).values(key=key, failures=0, last_failed_at=now).on_conflict_do_nothing()
    )
    query = select(LoginThrottle).where(LoginThrottle.key == key).with_for_update(key_share=True)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()
