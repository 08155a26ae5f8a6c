"""The reviewer's work once the file is open: hand in what was written, and have it opened again.

What opens and closes the file is the declaration of interests: see `interests`. What is being written: see
`review_drafts`.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import exists, select

from subsidy.db import db
from subsidy.models import Application, Rebuttal, Review
from subsidy.services import decisions, events, mail, review_drafts
from subsidy.services.review_drafts import ClashError, Draft, ReviewClosedError, draft_of, save_draft
from workflows.definition import RoundDefinition
from workflows.permissions import Actor
from workflows.reviewing import Missing, missing_from
from workflows.states import ApplicationState

__all__ = [
    "ClashError",
    "Draft",
    "IncompleteError",
    "Missing",
    "NotReopenedError",
    "ReviewClosedError",
    "draft_of",
    "hand_in",
    "missing_in",
    "reopen",
    "save_draft",
]


class IncompleteError(Exception):
    """Not handed in; what was typed is saved. `missing` says what it takes."""

    def __init__(self, missing: tuple[Missing, ...]) -> None:
        super().__init__(f"{len(missing)} things are missing")
        self.missing = missing


class NotReopenedError(Exception):
    """The review stays as it is.

    `code`: `blank` (a reason is needed), `open` (it was not handed in, or not by somebody with an account),
    `released` (the applicant has the reports), `advised` (the committee gave its advice) or `proposed` (a
    decision is).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def hand_in(  # the form as a whole, and who sends it
    review: Review,
    draft: Draft,
    *,
    definition: RoundDefinition,
    version: int | None,
    actor: Actor,
    now: datetime,
    seen: str = "",
) -> None:
    """Save and hand in: from then on the review counts and cannot be changed.

    Raises ReviewClosedError, ClashError; IncompleteError when a criterion lacks a score or its reasons
    (a score without motivation is not a score), and then the draft is saved.
    """
    if _state_locked(review) != ApplicationState.IN_REVIEW:
        raise ReviewClosedError
    save_draft(review, draft, version=version, seen=seen, now=now)
    missing = missing_in(review, definition)
    if missing:
        raise IncompleteError(missing)
    review.handed_in_at = now
    _record("review.handed_in", review, actor, now)
    db.session.flush()


def reopen(review: Review, reason: str, *, actor: Actor, now: datetime) -> None:
    """Let the reviewer write again in a review that was handed in; it counts no more until it is handed in.

    The reviewer gets a mail with the reason. Twice is once. Raises NotReopenedError.
    """
    if not reason.strip():
        raise NotReopenedError("blank")
    state = _state_locked(review)
    review_drafts.lock(review)
    if review.handed_in_at is None or review.account is None:
        raise NotReopenedError("open")
    application = review.application
    if db.session.scalar(select(exists().where(Rebuttal.application_id == application.id))):
        raise NotReopenedError("released")
    if decisions.find_current(application) is not None:
        raise NotReopenedError("proposed")
    if state != ApplicationState.IN_REVIEW:
        raise NotReopenedError("advised")
    review.handed_in_at = None
    review.version += 1
    _record("review.reopened", review, actor, now, {"reason": reason.strip()})
    mail.compose_for(
        [review.account],
        application,
        f"review-reopened:{review.id}:{review.version}",
        template="review_reopened",
        context={"review": review, "reason": reason.strip()},
        now=now,
    )
    db.session.flush()


def missing_in(review: Review, definition: RoundDefinition) -> tuple[Missing, ...]:
    """What a review lacks, in the order of the criteria; a score off the scale is no score."""
    stored = draft_of(review)
    return missing_from(
        definition.rules.criteria,
        definition.reviewing,
        scores={name: score for name, score in stored.scores.items() if score is not None},
        motivations=stored.motivations,
        recommendation=stored.recommendation,
    )


def _state_locked(review: Review) -> str | None:
    """Where the application stands; it stays there until the transaction ends."""
    query = select(Application.state).where(Application.id == review.application_id)
    return db.session.scalar(query.with_for_update(key_share=True))


def _record(
    name: str, review: Review, actor: Actor, now: datetime, personal: Mapping[str, str] | None = None
) -> None:
    events.append(
        name,
        at=now,
        actor_id=actor.user_id,
        round_id=review.application.round_id,
        application_id=review.application_id,
        facts={"review": review.id},
        personal=personal,
    )
