"""The drawing of the letter of a proposal: ordered with it, and ordered again where it failed.

A job draws it. When that cannot be, its work lies dead in the outbox, which is where it is read from here.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, String, and_, cast, exists, literal, select, update
from sqlalchemy.orm import aliased

from subsidy import clock
from subsidy.db import db
from subsidy.models import Application, Decision, OutboxRow, Round
from subsidy.services import events, outbox, standing
from subsidy.services.advance import NotAllowedError
from subsidy.services.decisions import get_current
from subsidy.services.interest_rounds import covered_ids, refuse_undeclared
from workflows.permissions import Actor, Can, may

TOPIC = "letter"


class Failed(NamedTuple):
    """An application whose letter could not be drawn."""

    application_id: int
    reference: str


def order(decision: Decision, *, now: datetime) -> None:
    """Order the letter of a proposal in the transaction that makes it; a job draws it."""
    outbox.post(TOPIC, f"{TOPIC}:{decision.id}", {"decision_id": decision.id}, now=now)


def failed(today: date) -> ColumnElement[bool]:
    """Be a proposal whose letter could not be drawn, of which the announcement date did not go by."""
    work = aliased(OutboxRow)
    return and_(
        Decision.letter_sha256.is_(None),
        Decision.returned_at.is_(None),
        Decision.announce_on >= today,
        exists().where(_draws(work), work.dead_at.is_not(None)),
    )


def why_failed(decision: Decision, *, today: date) -> str | None:
    """Give what the job said that could not draw the letter, for who repairs it; None if it did not fail."""
    said = select(OutboxRow.last_error).join(Decision, _draws(OutboxRow))
    return db.session.scalar(said.where(Decision.id == decision.id, failed(today)))


def find_failed(round_: Round, *, today: date) -> Sequence[Failed]:
    """Return the applications of a round whose letters could not be drawn, by reference."""
    rows = db.session.execute(
        select(Application.id, Application.reference)
        .join(Decision, Decision.application_id == Application.id)
        .where(Decision.round_id == round_.id, failed(today))
        .order_by(Application.reference)
    )
    return [Failed(id_, reference or "") for id_, reference in rows]


def draw_again(application: Application, *, actor: Actor, now: datetime) -> bool:
    """Let the letter of a proposal be drawn again; false when it did not fail, or is under way already.

    Raises NotAllowedError and DecisionError: declaration_needed, no_decision.
    """
    if not may(actor, Can.DECISION_PROPOSE, standing.to_application(actor, application, now=now)):
        raise NotAllowedError(Can.DECISION_PROPOSE)
    refuse_undeclared(application, actor)
    decision = get_current(application)
    return bool(_order_again(Decision.id == decision.id, application.round_id, actor=actor, now=now))


def draw_all_again(round_: Round, *, actor: Actor, now: datetime) -> int:
    """Let every letter of a round that failed be drawn again; returns how many.

    Those of applications on which this person declared no interests yet are left. Raises NotAllowedError.
    """
    if not may(actor, Can.DECISIONS_MANAGE, standing.to_round(actor, round_, now=now)):
        raise NotAllowedError(Can.DECISIONS_MANAGE)
    mine = Decision.application_id.in_(covered_ids(round_, actor.user_id))
    return _order_again(and_(Decision.round_id == round_.id, mine), round_.id, actor=actor, now=now)


def _order_again(which: ColumnElement[bool], round_id: int, *, actor: Actor, now: datetime) -> int:
    found = dict(
        db.session.execute(
            select(OutboxRow.id, Decision.id)
            .join(Decision, _draws(OutboxRow))
            .where(which, failed(clock.day_of(now)))
            .order_by(Decision.id)
        ).all()
    )
    # Asked once more of the row itself: of two who click at once, one finds it alive.
    revived = db.session.scalars(
        update(OutboxRow)
        .where(OutboxRow.id.in_(found), OutboxRow.dead_at.is_not(None))
        .values(dead_at=None, attempts=0, due_at=now)
        .returning(OutboxRow.id)
        .execution_options(synchronize_session=False)
    ).all()
    if revived:
        db.session.info["outbox_posted"] = True
        ordered = sorted(found[one] for one in revived)
        events.append(
            "decision.letter_ordered_again",
            at=now,
            actor_id=actor.user_id,
            round_id=round_id,
            facts={"decisions": ordered},
        )
    return len(revived)


def _draws(work: type[OutboxRow]) -> ColumnElement[bool]:
    """Be the work that draws the letter of a decision."""
    return work.key == literal(f"{TOPIC}:").concat(cast(Decision.id, String))
