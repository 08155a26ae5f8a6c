"""The chain of events: what happened, provable afterwards, also after personal data was erased.

Each event carries a keyed hash over its facts, the salted digest of its personal part, and the hash of
the event before it. The head of the chain is sealed with the same key, so that a cut tail shows too.
The key lies outside the database (AUDIT_KEY): who can only write the database cannot forge a chain.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import current_app
from sqlalchemy import Row, select

from subsidy.db import db, insert_into, json_text
from subsidy.models import AccessLog, ChainHead, Event, EventDetail

START = "0" * 64
NOTHING = "-"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a chain: which, where, and what."""

    chain: str
    sequence: int
    problem: str


def chain_of(round_id: int | None) -> str:
    """The chain to which an event belongs: one per round, and one for the office itself."""
    return "office" if round_id is None else f"round-{round_id}"


def append(  # the facts of an event are what they are
    name: str,
    *,
    at: datetime,
    actor_id: int | None,
    round_id: int | None = None,
    application_id: int | None = None,
    facts: Mapping[str, Any] | None = None,
    personal: Mapping[str, Any] | None = None,
) -> Event:
    """Add one event to its chain, in the caller's transaction; the head stays locked until the commit.

    `facts` must hold no personal data; `personal` may, and can be erased without breaking the chain.
    """
    head = _locked_head(chain_of(round_id))
    salt = secrets.token_hex(16)
    event = Event(
        chain=head.chain,
        sequence=head.length + 1,
        name=name,
        at=at,
        actor_id=actor_id,
        round_id=round_id,
        application_id=application_id,
        facts=dict(facts or {}),
        detail_digest=_detail_digest(salt, personal) if personal else NOTHING,
    )
    event.digest = _digest(event, head.digest)
    if personal:
        event.detail = EventDetail(salt=salt, body=dict(personal))
    db.session.add(event)
    head.length = event.sequence
    head.digest = event.digest
    head.seal = _seal(head)
    return event


def hold(round_id: int | None) -> None:
    """Let nothing more happen in a round (None: in the office itself) until this transaction ends.

    What is read now was all there was.
    """
    _locked_head(chain_of(round_id))


def look(what: str, *, at: datetime, user_id: int | None, application_id: int | None = None) -> None:
    """Log that somebody looked; not part of the chain."""
    db.session.add(AccessLog(what=what, at=at, user_id=user_id, application_id=application_id))


def verify() -> Iterator[Fault]:
    """Read every chain and tell each change, gap, reordering and cut tail."""
    for head in db.session.scalars(select(ChainHead).order_by(ChainHead.chain)):
        yield from _verify_whole(head)


def faults_of(round_id: int) -> Iterator[Fault]:
    """Tell the same of the chain of one round; a round in which nothing happened yet has none."""
    head = db.session.get(ChainHead, chain_of(round_id))
    if head is not None:
        yield from _verify_whole(head)


def holds(round_id: int) -> bool:
    """Whether the chain of one round is whole."""
    return next(faults_of(round_id), None) is None


def _verify_whole(head: ChainHead) -> Iterator[Fault]:
    if not hmac.compare_digest(head.seal, _seal(head)):
        yield Fault(head.chain, head.length, "the seal on the head does not fit")
    yield from _verify_chain(head)


def _verify_chain(head: ChainHead) -> Iterator[Fault]:
    previous, expected = START, 1
    rows: Iterable[Row[Event, EventDetail | None]] = db.session.execute(
        select(Event, EventDetail)
        .outerjoin(EventDetail, EventDetail.event_id == Event.id)
        .where(Event.chain == head.chain)
        .order_by(Event.sequence)
        .execution_options(yield_per=500)
    )
    for event, detail in rows:
        if event.sequence != expected:
            yield Fault(head.chain, expected, f"event {expected} is missing")
            expected = event.sequence
        elif not hmac.compare_digest(event.digest, _digest(event, previous)):
            yield Fault(head.chain, event.sequence, f"event {event.name} was changed or moved")
        if detail is not None and event.detail_digest != _detail_digest(detail.salt, detail.body):
            yield Fault(head.chain, event.sequence, f"the personal part of event {event.name} was changed")
        previous, expected = event.digest, expected + 1
    if expected - 1 != head.length:
        yield Fault(head.chain, expected, f"{head.length - expected + 1} events at the end are missing")
    elif previous != head.digest:
        yield Fault(head.chain, head.length, "the last event is not the one that the head names")


def _locked_head(chain: str) -> ChainHead:
    query = select(ChainHead).where(ChainHead.chain == chain).with_for_update(key_share=True)
    head = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if head is None:
        empty = ChainHead(chain=chain, length=0, digest=START)
        db.session.execute(
            insert_into(ChainHead)
            .values(chain=chain, length=0, digest=START, seal=_seal(empty))
            .on_conflict_do_nothing()
        )
        head = db.session.scalars(query).one()
    return head


def _digest(event: Event, previous: str) -> str:
    content = {
        "chain": event.chain,
        "sequence": event.sequence,
        "name": event.name,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": event.actor_id,
        "round": event.round_id,
        "application": event.application_id,
        "facts": event.facts,
        "detail": event.detail_digest,
        "previous": previous,
    }
    return _keyed(json_text(content))


def _seal(head: ChainHead) -> str:
    return _keyed(f"{head.chain}:{head.length}:{head.digest}")


def _keyed(content: str) -> str:
    key = bytes.fromhex(current_app.config["AUDIT_KEY"])
    return hmac.new(key, content.encode(), hashlib.sha256).hexdigest()


def _detail_digest(salt: str, body: Mapping[str, Any]) -> str:
    return hashlib.sha256((salt + json_text(body)).encode()).hexdigest()
