"""The reviewer's work once the file is open: score and motivate each criterion, hand in.

What opens and closes the file is the declaration of interests: see `interests`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm.attributes import set_committed_value

from subsidy.db import LOCK, db
from subsidy.models import Application, Review, ReviewScore
from subsidy.services import events
from workflows.definition import Criterion, RoundDefinition
from workflows.permissions import Actor
from workflows.states import ApplicationState


class ReviewClosedError(Exception):
    """Nothing can be written any more: it was handed in, an interest was declared, or the phase is over."""


class ClashError(Exception):
    """Somebody (this person in another window) saved something else since this form was opened."""


@dataclass(frozen=True, slots=True)
class Missing:
    """What a criterion lacks before the review can be handed in: its `score` or its `motivation`."""

    criterion: Criterion
    part: str


class IncompleteError(Exception):
    """Not handed in; what was typed is saved. `missing` says what it takes."""

    def __init__(self, missing: tuple[Missing, ...]) -> None:
        super().__init__(f"{len(missing)} things are missing")
        self.missing = missing


@dataclass(frozen=True, slots=True)
class Draft:
    """What the form holds: per criterion a score (None: not yet) and a motivation, and private notes."""

    scores: Mapping[str, Decimal | None]
    motivations: Mapping[str, str]
    notes: str = ""


def save_draft(review: Review, draft: Draft, *, version: int, now: datetime) -> None:
    """Keep what was typed so far; `version` is that of the review when the form was opened.

    The same content twice is one save. Raises ReviewClosedError, ClashError.
    """
    content = _normal(draft)
    if _take(review, version, content.notes, now):
        _write(review, content)
        db.session.flush()
        return
    _lock(review)
    if not _is_open(review):
        raise ReviewClosedError
    if draft_of(review) != content:
        raise ClashError


def hand_in(  # the form as a whole, and who sends it
    review: Review, draft: Draft, *, definition: RoundDefinition, version: int, actor: Actor, now: datetime
) -> None:
    """Save and hand in: from then on the review counts and cannot be changed.

    Raises ReviewClosedError, ClashError; IncompleteError when a criterion lacks a score or its reasons
    (a score without motivation is not a score), and then the draft is saved.
    """
    state = db.session.scalar(
        select(Application.state)
        .where(Application.id == review.application_id)
        .with_for_update(key_share=True)
    )
    if state != ApplicationState.IN_REVIEW:
        raise ReviewClosedError
    save_draft(review, draft, version=version, now=now)
    missing = missing_in(review, definition)
    if missing:
        raise IncompleteError(missing)
    review.handed_in_at = now
    _record("review.handed_in", review, actor, now)
    db.session.flush()


def draft_of(review: Review) -> Draft:
    """What is stored of a review."""
    scores = {row.criterion: row.score for row in review.scores if row.score is not None}
    motivations = {row.criterion: row.motivation for row in review.scores if row.motivation}
    return Draft(scores, motivations, review.notes)


def missing_in(review: Review, definition: RoundDefinition) -> tuple[Missing, ...]:
    """What a review lacks, in the order of the criteria; a score off the scale is no score."""
    stored = draft_of(review)
    missing = []
    for criterion in definition.rules.criteria:
        score = stored.scores.get(criterion.id)
        if score is None or not criterion.holds(score):
            missing.append(Missing(criterion, "score"))
        if not stored.motivations.get(criterion.id):
            missing.append(Missing(criterion, "motivation"))
    return tuple(missing)


def _normal(draft: Draft) -> Draft:
    scores = {criterion: score for criterion, score in draft.scores.items() if score is not None}
    motivations = {criterion: text.strip() for criterion, text in draft.motivations.items() if text.strip()}
    return Draft(scores, motivations, draft.notes.strip())


# Put together once: autosaving asks it every few seconds, and building costs more than running it.
TAKE = (
    update(Review)
    .where(
        Review.id == bindparam("key"),
        Review.version == bindparam("seen"),
        Review.declared_at.is_not(None),
        Review.conflict.is_(None),
        Review.handed_in_at.is_(None),
        Review.released_at.is_(None),
    )
    .values(
        version=bindparam("new_version"), notes=bindparam("new_notes"), updated_at=bindparam("new_updated_at")
    )
    .returning(Review.id)
    .execution_options(synchronize_session=False)
)


def _take(review: Review, version: int, notes: str, now: datetime) -> bool:
    """Lock the row and move it to the next version, when it still is as the form showed it: in one step."""
    fresh = {"version": version + 1, "notes": notes, "updated_at": now}
    values = {f"new_{name}": value for name, value in fresh.items()}
    if db.session.execute(TAKE, {"key": review.id, "seen": version, **values}).first() is None:
        return False
    for name, value in fresh.items():
        set_committed_value(review, name, value)
    return True


def _is_open(review: Review) -> bool:
    begun = review.declared_at is not None and review.conflict is None
    return begun and review.handed_in_at is None and review.released_at is None


def _write(review: Review, draft: Draft) -> None:
    rows = {row.criterion: row for row in review.scores}
    for criterion in [*draft.scores, *(one for one in draft.motivations if one not in draft.scores)]:
        if criterion not in rows:
            rows[criterion] = ReviewScore(criterion=criterion, position=len(rows))
            review.scores.append(rows[criterion])
    for criterion, row in rows.items():
        row.score = draft.scores.get(criterion)
        row.motivation = draft.motivations.get(criterion)


def _lock(review: Review) -> None:
    """Lock the row and read again what decides."""
    deciding = ["version", "declared_at", "conflict", "handed_in_at", "released_at", "notes", "scores"]
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
