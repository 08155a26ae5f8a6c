"""Interests as data: who declared what, in which application, and that the file closes for them (Awb 2:4).

An interest can be declared at any time until the application is decided, and never loses what was
written: the review stays as it is and no longer counts (code for dealing with personal interests).
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from subsidy.db import LOCK, db
from subsidy.models import Interest, Review
from subsidy.services import events, standing
from workflows.application import FINAL
from workflows.permissions import Actor, Can, Role, may


class DeclarationRefusedError(Exception):
    """No declaration: `declared` or `decided` already, `involved`, or `blank` (an interest says what)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def declare_no_interest(review: Review, *, actor: Actor, now: datetime) -> None:
    """Record that there is no interest, which opens the file; raises DeclarationRefusedError."""
    _lock(review)
    if review.declared_at is not None:
        raise DeclarationRefusedError("declared")
    me = frozenset({actor.user_id or 0})
    target = standing.to_application(actor, review.application, now=now)
    # Who takes part in an application of this round has an interest, whatever they say.
    if not may(actor, Can.REVIEW_VIEW_FILE, replace(target, declared_no_interest=me)):
        raise DeclarationRefusedError("involved")
    review.declared_at = now
    _record("review.no_interest_declared", review, actor, now)
    db.session.flush()


def declare_interest(review: Review, *, nature: str, measure: str, actor: Actor, now: datetime) -> None:
    """Record an interest and the measure that the reviewer proposes; the file closes for them at once.

    A review that was handed in is kept and no longer counts. Raises DeclarationRefusedError.
    """
    if not nature.strip():
        raise DeclarationRefusedError("blank")
    _lock(review)
    if review.conflict is not None:
        raise DeclarationRefusedError("declared")
    if review.application.state in FINAL:
        raise DeclarationRefusedError("decided")
    handed_in = review.handed_in_at is not None
    review.declared_at, review.handed_in_at = now, None
    review.conflict, review.conflict_measure = nature.strip(), measure.strip()
    db.session.add(
        Interest(
            application_id=review.application_id,
            user_id=review.reviewer_id,
            capacity=Role.REVIEWER.value,
            nature=review.conflict,
            measure=review.conflict_measure,
            declared_at=now,
        )
    )
    personal = {"nature": review.conflict, "measure": review.conflict_measure}
    _record("review.interest_declared", review, actor, now, personal, was_handed_in=handed_in)
    db.session.flush()


def _lock(review: Review) -> None:
    """Lock the row and read again what decides."""
    deciding = ["declared_at", "conflict", "handed_in_at"]
    db.session.refresh(review, attribute_names=deciding, with_for_update=LOCK)


def _record(
    name: str,
    review: Review,
    actor: Actor,
    now: datetime,
    personal: Mapping[str, str] | None = None,
    **facts: bool,
) -> None:
    events.append(
        name,
        at=now,
        actor_id=actor.user_id,
        round_id=review.application.round_id,
        application_id=review.application_id,
        facts={"review": review.id, **facts},
        personal=personal,
    )
