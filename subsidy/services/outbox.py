"""The outbox: work to do later, written with the change that caused it.

The table is the truth and RQ only the engine, because a task that is handed to a queue after the
commit is lost when the process dies in between, and one handed over before the commit may run for a
change that never happened. Losing Redis loses nothing: the scheduler drains the table anyway.
"""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, update

from subsidy.db import db, insert_into
from subsidy.models import OutboxRow

LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 8


class HopelessError(Exception):
    """Trying this work again cannot help; the message says why, for the officer who sees it."""


class PutOffError(Exception):
    """This work waits for a person or for other work; its handler put it off, and no attempt was used."""


@dataclass(frozen=True, slots=True)
class Work:
    """A claimed piece of work; `lease` proves the claim when it is finished."""

    id: int
    topic: str
    key: str
    payload: Mapping[str, Any]
    attempts: int
    lease: str


def post(
    topic: str, key: str, payload: Mapping[str, Any], *, now: datetime, due_at: datetime | None = None
) -> None:
    """Write work into the current transaction. The same key twice is one piece of work."""
    db.session.execute(
        insert_into(OutboxRow)
        .values(topic=topic, key=key, payload=dict(payload), created_at=now, due_at=due_at or now)
        .on_conflict_do_nothing(index_elements=["key"])
    )
    db.session.info["outbox_posted"] = True


def waiting(now: datetime) -> ColumnElement[bool]:
    """What may be claimed: due, not finished, and not leased to a worker that is still within its lease."""
    return and_(
        OutboxRow.done_at.is_(None),
        OutboxRow.dead_at.is_(None),
        OutboxRow.due_at <= now,
        or_(OutboxRow.leased_until.is_(None), OutboxRow.leased_until < now),
    )


def claim(*, now: datetime, limit: int, lease: timedelta = LEASE) -> list[Work]:
    """Lease up to `limit` rows to the caller, who commits before working. Two claimers never get one row."""
    token = secrets.token_hex(16)
    chosen = (
        select(OutboxRow.id)
        .where(waiting(now))
        .order_by(OutboxRow.due_at, OutboxRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("chosen")  # a subquery PostgreSQL may run again for each row, and so take more than the limit
    )
    rows = db.session.execute(
        update(OutboxRow)
        .where(OutboxRow.id.in_(select(chosen.c.id)), waiting(now))
        .values(lease=token, leased_until=now + lease, attempts=OutboxRow.attempts + 1)
        .returning(OutboxRow.id, OutboxRow.topic, OutboxRow.key, OutboxRow.payload, OutboxRow.attempts)
        .execution_options(synchronize_session=False)
    )
    found = [Work(row.id, row.topic, row.key, row.payload, row.attempts, token) for row in rows]
    return sorted(found, key=lambda work: work.id)


def finish(work: Work, *, now: datetime) -> bool:
    """Mark it done; false when the lease had passed to another worker."""
    return _close(work, done_at=now, last_error="")


def retry_later(work: Work, error: str, *, now: datetime) -> bool:
    """Back off: 30 s, 1, 2, 4 ... minutes; after MAX_ATTEMPTS it is dead, and an officer sees it."""
    if work.attempts >= MAX_ATTEMPTS:
        return _close(work, dead_at=now, last_error=error)
    delay = timedelta(seconds=30 * 2 ** (work.attempts - 1))
    return _close(work, due_at=now + delay, last_error=error)


def release(work: Work) -> bool:
    """Give back work that its handler put off (`put_off`), as if it had not been claimed."""
    return _close(work, attempts=work.attempts - 1)


def give_up(work: Work, error: str, *, now: datetime) -> bool:
    """Trying again cannot help (the payload is wrong): dead at once, with the reason."""
    return _close(work, dead_at=now, last_error=error)


def revive(row: OutboxRow, *, now: datetime) -> None:
    """An officer lets a dead row try again."""
    row.dead_at = None
    row.attempts = 0
    row.due_at = now
    db.session.info["outbox_posted"] = True


def hasten(key: str, *, now: datetime) -> None:
    """Let work that waits for its moment, or that died, be done now; what is done stays done."""
    db.session.execute(
        update(OutboxRow)
        .where(OutboxRow.key == key, OutboxRow.done_at.is_(None))
        .where((OutboxRow.due_at > now) | OutboxRow.dead_at.is_not(None))
        .values(due_at=now, dead_at=None, attempts=0)
        .execution_options(synchronize_session=False)
    )
    db.session.info["outbox_posted"] = True


def again(keys: Collection[str], *, now: datetime) -> int:
    """Let work be done now, also what was done, gave up or waits: for handlers that look what is left to do.

    Returns how many there are.
    """
    rows = db.session.scalars(
        update(OutboxRow)
        .where(OutboxRow.key.in_(keys))
        .values(due_at=now, done_at=None, dead_at=None, attempts=0)
        .returning(OutboxRow.id)
        .execution_options(synchronize_session=False)
    ).all()
    db.session.info["outbox_posted"] = True
    return len(rows)


def put_off(key: str, *, until: datetime) -> None:
    """Let work wait until then; `hasten` or `again` let it go earlier."""
    db.session.execute(
        update(OutboxRow)
        .where(OutboxRow.key == key, OutboxRow.done_at.is_(None))
        .values(due_at=until)
        .execution_options(synchronize_session=False)
    )


def dead_rows(after_id: int | None = None, limit: int = 50) -> Select[OutboxRow]:
    """The dead rows, newest first, paged by key."""
    query = select(OutboxRow).where(OutboxRow.dead_at.is_not(None)).order_by(OutboxRow.id.desc()).limit(limit)
    return query if after_id is None else query.where(OutboxRow.id < after_id)


def count_waiting(*, now: datetime) -> int:
    """How many rows could be claimed now."""
    return db.session.scalar(select(func.count()).select_from(OutboxRow).where(waiting(now))) or 0


def _close(work: Work, **values: Any) -> bool:
    result = db.session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == work.id, OutboxRow.lease == work.lease)
        .values(lease=None, leased_until=None, **values)
        .returning(OutboxRow.id)
        .execution_options(synchronize_session=False)
    )
    return result.first() is not None
