"""The chair decides on every declared interest, with a reason; on the chair's own, another chair (Awb 2:4).

Upheld: the person stays barred and the measure is settled. Dismissed: the person gets access back, and a
review of theirs is again as it was.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import contains_eager

from subsidy.db import LOCK, db
from subsidy.models import Application, Interest, Rebuttal, Review, Round, User
from subsidy.services import events, mail, standing
from subsidy.services.advance import NotAllowedError
from subsidy.services.reach import hidden_from, rounds_for
from workflows.permissions import Actor, Can, Role, may
from workflows.states import ApplicationState

UPHELD, DISMISSED = "upheld", "dismissed"
PAGE = 50


class InterestDecisionError(Exception):
    """No decision: `decided_already`, `reason_needed` or `outcome_unknown`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def decide(
    interest: Interest, *, outcome: str, reason: str, actor: Actor, now: datetime, measure: str = ""
) -> None:
    """Uphold or dismiss a declared interest and tell the person by mail.

    `measure` is what is settled when it is upheld; empty is the usual one. Of an interest that follows from
    another one the whole is decided. Raises NotAllowedError (no chair, barred from the file, or one's own
    declaration) and InterestDecisionError.
    """
    if outcome not in {UPHELD, DISMISSED}:
        raise InterestDecisionError("outcome_unknown")
    if not reason.strip():
        raise InterestDecisionError("reason_needed")
    if interest.follows_id is not None:
        interest = db.session.get_one(Interest, interest.follows_id)
    application = interest.application
    _lock_files(interest)
    db.session.refresh(interest, attribute_names=["decision"], with_for_update=LOCK)
    if interest.decision is not None:
        raise InterestDecisionError("decided_already")
    target = replace(standing.to_application(actor, application, now=now), owner_id=interest.user_id)
    if not may(actor, Can.CONFLICT_DECIDE, target):
        raise NotAllowedError(Can.CONFLICT_DECIDE)
    for one in (interest, *_following(interest)):
        one.decision, one.decision_reason = outcome, reason.strip()
        one.decision_measure = measure.strip() if outcome == UPHELD else ""
        one.decided_by, one.decided_at = actor.user_id, now
        if outcome == DISMISSED:
            _give_back(one)
        db.session.flush()
        events.append(
            "interest.upheld" if outcome == UPHELD else "interest.dismissed",
            at=now,
            actor_id=actor.user_id,
            round_id=application.round_id,
            application_id=one.application_id,
            facts={"interest": one.id},
            personal={"reason": one.decision_reason, "measure": one.decision_measure},
        )
    _tell(interest, now)


def count_waiting(actor: Actor) -> int:
    """Count what waits for a decision of this chair, over all their rounds; two queries, none for others."""
    if not any(grant.role is Role.CHAIR for grant in actor.grants):
        return 0
    counted = db.session.scalar(
        select(func.count()).select_from(Interest).join(Interest.application).where(*_waiting(actor))
    )
    return counted or 0


def find_waiting(actor: Actor, *, after: int = 0) -> list[Interest]:
    """Return what waits for a decision of this chair, oldest first, at most a page; two queries."""
    query = (
        select(Interest)
        .join(Interest.application)
        .join(Application.round)
        .join(Interest.person)
        .options(
            contains_eager(Interest.application).contains_eager(Application.round),
            contains_eager(Interest.person),
        )
        .where(*_waiting(actor), Interest.id > after)
        .order_by(Interest.id)
        .limit(PAGE + 1)
    )
    return list(db.session.scalars(query))


def _waiting(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    rounds = rounds_for(actor, Role.CHAIR).with_only_columns(Round.id)
    return (
        Interest.decision.is_(None),
        Interest.follows_id.is_(None),
        Interest.user_id != actor.user_id,
        Application.round_id.in_(rounds),
        Application.id.not_in(hidden_from(actor)),
    )


def _lock_files(interest: Interest) -> None:
    """Hold the files of an interest and of what follows from it, in one order for everybody."""
    files = select(Interest.application_id).where(
        or_(Interest.id == interest.id, Interest.follows_id == interest.id)
    )
    db.session.scalars(
        select(Application)
        .where(Application.id.in_(files))
        .order_by(Application.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()


def _following(interest: Interest) -> Sequence[Interest]:
    """Hold the interests that follow from this one, in the other files that this person had reviewed."""
    if interest.extent != "round":
        return ()
    return db.session.scalars(
        select(Interest)
        .where(Interest.follows_id == interest.id, Interest.decision.is_(None))
        .order_by(Interest.id)
        .with_for_update(key_share=True)
    ).all()


def _give_back(interest: Interest) -> None:
    """Open the review of this person again: as a draft, or handed in when it was and still can count.

    It cannot once the committee advised, nor when the reports went to the applicant without it: they did not
    see it.
    """
    review = db.session.scalars(
        select(Review)
        .where(
            Review.application_id == interest.application_id,
            Review.reviewer_id == interest.user_id,
            Review.conflict.is_not(None),
        )
        .with_for_update(key_share=True)
    ).one_or_none()
    if review is None:
        return
    review.conflict, review.conflict_measure = None, ""
    reviewed = interest.application.state in {ApplicationState.IN_REVIEW, ApplicationState.REBUTTAL}
    held = db.session.get(Rebuttal, interest.application_id)
    shown = held is None or any(report["review"] == review.id for report in held.reports)
    if review.released_at is None and reviewed and shown:
        review.handed_in_at = interest.handed_in_at


def _tell(interest: Interest, now: datetime) -> None:
    person = db.session.get_one(User, interest.user_id)
    mail.compose_for(
        [person],
        interest.application,
        f"interest:{interest.id}",
        template="interest_decided",
        context={"interest": interest, "dismissed": interest.decision == DISMISSED},
        now=now,
    )
