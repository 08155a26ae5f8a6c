"""Letters whose announcement day went by: jobs propose each decision again with a new date.

A new date is a new last day to object, so it is a new letter and a new confirmation
(services/proposing.renew).
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, select

from subsidy import clock
from subsidy.db import LOCK, db
from subsidy.models import Application, Decision, OutboxRow, Round, User
from subsidy.services import outbox, proposing, standing
from subsidy.services.advance import NotAllowedError
from subsidy.services.decisions import DecisionError
from subsidy.services.grants import actor_of
from subsidy.services.outbox import HopelessError, PutOffError
from subsidy.services.proposal_writing import refuse_past
from workflows.permissions import Actor, Can, may

TOPIC = "renew"
PAGE = 50
NOT_ALLOWED = "not_allowed"


class Missed(NamedTuple):
    """A decision that was not announced on its day; `refused` is the code of why it was not renewed."""

    application_id: int
    reference: str | None
    decision_id: int
    announce_on: date | None
    confirmed: bool
    refused: str


def is_missed(today: date) -> ColumnElement[bool]:
    """Be a proposal, confirmed or not, whose announcement day went by; see decisions.stage_of."""
    return and_(
        ~Decision.imported,
        Decision.announced_at.is_(None),
        Decision.returned_at.is_(None),
        Decision.announce_on < today,
    )


def count(round_: Round, *, today: date) -> int:
    """Count the decisions of a round that need a new date."""
    found = select(func.count()).where(Decision.round_id == round_.id, is_missed(today))
    return db.session.scalar(found) or 0


def find(round_: Round, *, today: date, after: str = "", limit: int = PAGE) -> Sequence[Missed]:
    """Return the decisions of a round that need a new date, by reference; two queries."""
    rows = db.session.execute(
        select(
            Application.id,
            Application.reference,
            Decision.id,
            Decision.announce_on,
            Decision.confirmed_at.is_not(None),
        )
        .join(Application, Application.id == Decision.application_id)
        .where(Decision.round_id == round_.id, is_missed(today), Application.reference > after)
        .order_by(Application.reference)
        .limit(limit)
    ).all()
    refused = _refused()
    return [Missed(*row, refused.get(row[2], "")) for row in rows]


def renew_all(round_: Round, *, announce_on: date, actor: Actor, now: datetime) -> int:
    """Let every decision of a round that missed its day be proposed again for this one; returns how many.

    Asked twice it is done once. Raises NotAllowedError and DecisionError `announce_date_past`.
    """
    if not may(actor, Can.DECISIONS_MANAGE, standing.to_round(actor, round_, now=now)):
        raise NotAllowedError(Can.DECISIONS_MANAGE)
    refuse_past(announce_on, clock.day_of(now))
    # One after the other, so that two officers who ask at once do not wait for each other in a circle.
    db.session.refresh(round_, with_for_update=LOCK)
    ids = db.session.scalars(
        select(Decision.id)
        .where(Decision.round_id == round_.id, is_missed(clock.day_of(now)))
        .order_by(Decision.id)
    ).all()
    payload = {"announce_on": announce_on.isoformat(), "asked_by": actor.user_id}
    keys = {_key(id_, announce_on): id_ for id_ in ids}
    for key, id_ in keys.items():
        outbox.post(TOPIC, key, {"decision_id": id_, **payload}, now=now)
    if keys:
        outbox.again(list(keys), now=now)  # what was refused for this day before is tried once more
    return len(ids)


def renew_job(payload: Mapping[str, Any]) -> None:
    """Outbox handler: propose one decision again, as the officer who asked.

    What was renewed meanwhile is left. Raises HopelessError with the code of a refusal, and PutOffError while
    a notification may be on its way: that is known once the lease of who sends it is over.
    """
    announce_on = date.fromisoformat(payload["announce_on"])
    decision = db.session.get_one(Decision, payload["decision_id"])
    asker = db.session.get_one(User, payload["asked_by"])
    if asker.disabled_at is not None:
        raise HopelessError(NOT_ALLOWED)
    try:
        proposing.renew(
            decision,
            announce_on=announce_on,
            actor=actor_of(asker),
            now=clock.read(),
        )
    except DecisionError as error:
        if error.code == "being_announced":
            outbox.put_off(_key(decision.id, announce_on), until=clock.read() + outbox.LEASE)
            db.session.commit()
            raise PutOffError from error
        if error.code not in {"not_missed", "no_decision"}:
            raise HopelessError(error.code) from error
    except NotAllowedError as error:
        raise HopelessError(NOT_ALLOWED) from error


def _key(decision_id: int, announce_on: date) -> str:
    return f"{TOPIC}:{decision_id}:{announce_on}"


def _refused() -> dict[int, str]:
    """Give why decisions were not renewed, by the id of the decision; what lies dead is little."""
    rows = db.session.execute(
        select(OutboxRow.payload, OutboxRow.last_error)
        .where(OutboxRow.dead_at.is_not(None), OutboxRow.topic == TOPIC)
        .order_by(OutboxRow.id)
    )
    return {payload["decision_id"]: error for payload, error in rows}
