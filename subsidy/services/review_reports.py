"""What the reviewers of one application wrote, for who may read it all. Private notes are never in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Application, Review, User
from subsidy.services.review_drafts import draft_of


@dataclass(frozen=True, slots=True)
class Report:
    """One reviewer on one application.

    `standing`: `counted` (handed in), `open` (not handed in yet), `interest` or `released`. Only what counts
    has scores, motivations and a recommendation.
    """

    review_id: int
    reviewer_id: int | None
    name: str
    standing: str
    due_at: datetime | None
    handed_in_at: datetime | None
    scores: Mapping[str, Decimal]
    motivations: Mapping[str, str]
    recommendation: str

    @property
    def counts(self) -> bool:
        """Whether it counts in the total of the application."""
        return self.standing == "counted"

    @property
    def can_be_reopened(self) -> bool:
        """Whether there is somebody here who could write again."""
        return self.counts and self.reviewer_id is not None


def reports_of(application: Application) -> tuple[Report, ...]:
    """Give every reviewer that was asked, in the order of asking; two queries, whatever their number."""
    rows = db.session.execute(
        select(Review, User.name)
        .outerjoin(User, User.id == Review.reviewer_id)
        .where(Review.application_id == application.id)
        .order_by(Review.position, Review.id)
    )
    return tuple(_report(review, name) for review, name in rows)


def reports_of_others(review: Review) -> tuple[Report, ...]:
    """Give what the other reviewers of this application handed in."""
    return tuple(one for one in reports_of(review.application) if one.counts and one.review_id != review.id)


def names_beside(review: Review) -> tuple[str, ...]:
    """Name who else reviews this application, for rounds that do not hide it; one query."""
    rows = db.session.execute(
        select(Review.reviewer, User.name)
        .outerjoin(User, User.id == Review.reviewer_id)
        .where(
            Review.application_id == review.application_id,
            Review.id != review.id,
            Review.conflict.is_(None),
            Review.released_at.is_(None),
        )
        .order_by(Review.position, Review.id)
    )
    return tuple(name or alias for alias, name in rows)


def _report(review: Review, name: str | None) -> Report:
    standing = _standing(review)
    content = draft_of(review) if standing == "counted" else None
    scores = content.scores if content else {}
    return Report(
        review_id=review.id,
        reviewer_id=review.reviewer_id,
        name=name or review.reviewer,
        standing=standing,
        due_at=review.due_at,
        handed_in_at=review.handed_in_at,
        scores={criterion: score for criterion, score in scores.items() if score is not None},
        motivations=content.motivations if content else {},
        recommendation=content.recommendation if content else "",
    )


def _standing(review: Review) -> str:
    if review.conflict is not None:
        return "interest"
    if review.handed_in_at is not None:
        return "counted" if review.released_at is None else "released"
    return "released" if review.released_at is not None else "open"
