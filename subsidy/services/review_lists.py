"""What a reviewer sees before and around a file: their own list, and the outline for a declaration."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, func, select, true

from subsidy.db import db
from subsidy.models import (
    Application,
    Membership,
    Participation,
    Review,
    ReviewScore,
    Round,
    RoundReviewer,
    User,
)
from workflows.permissions import Actor, Role, rounds_of
from workflows.states import ApplicationState, RoundState


@dataclass(frozen=True, slots=True)
class Assigned:
    """One application on a reviewer's list; `scored` of `criteria` have a score and reasons.

    `over`: the decisions of its round are out, and with that the access to the file. Who is not `serving` in
    the round has to accept the request first.
    """

    review_id: int
    reference: str
    title: str
    state: str
    round_title: str
    due_at: datetime | None
    declared: bool
    interest: bool
    handed_in_at: datetime | None
    scored: int
    criteria: int
    over: bool
    serving: bool

    @property
    def open(self) -> bool:
        """Whether the reviewer still has something to do."""
        waits = not self.interest and self.handed_in_at is None and not self.over
        return waits and self.state == ApplicationState.IN_REVIEW


@dataclass(frozen=True, slots=True)
class Outline:
    """Who is behind an application: all that a reviewer may see before declaring no interest."""

    organisations: tuple[tuple[str, str, bool], ...]
    people: tuple[str, ...]


def own_list(actor: Actor) -> list[Assigned]:
    """The reviews assigned to this person in rounds where they hold the role, what is due first on top."""
    rounds = rounds_of(actor, Role.REVIEWER, Role.CHAIR)
    scored = (
        select(func.count())
        .select_from(ReviewScore)
        .where(
            ReviewScore.review_id == Review.id,
            ReviewScore.score.is_not(None),
            ReviewScore.motivation.is_not(None),
        )
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            Review.id,
            Review.due_at,
            Review.declared_at,
            Review.conflict,
            Review.handed_in_at,
            Application.reference,
            Application.title,
            Application.state,
            Application.round_id,
            scored.label("scored"),
        )
        .join(Application, Application.id == Review.application_id)
        .where(
            Review.reviewer_id == actor.user_id,
            Review.released_at.is_(None),
            true() if rounds is None else Application.round_id.in_(rounds),
        )
        .order_by(Review.handed_in_at.is_not(None), Review.due_at, Review.id)
    ).all()
    serving = exists().where(
        RoundReviewer.round_id == Round.id,
        RoundReviewer.user_id == actor.user_id,
        RoundReviewer.answer == "accepted",
        RoundReviewer.dropped_at.is_(None),
    )
    known = {
        row.id: row
        for row in db.session.execute(
            select(
                Round.id,
                Round.title,
                Round.definition["rules"]["criteria"].label("criteria"),
                Round.state,
                serving.label("serving"),
            ).where(Round.id.in_({row.round_id for row in rows}))
        )
    }
    return [
        Assigned(
            review_id=row.id,
            reference=row.reference or "",
            title=row.title,
            state=row.state,
            round_title=known[row.round_id].title,
            due_at=row.due_at,
            declared=row.declared_at is not None,
            interest=row.conflict is not None,
            handed_in_at=row.handed_in_at,
            scored=row.scored,
            criteria=len(known[row.round_id].criteria or ()),
            over=known[row.round_id].state in {RoundState.DECIDED, RoundState.EVALUATED},
            serving=known[row.round_id].serving,
        )
        for row in rows
    ]


def outline(application: Application) -> Outline:
    """The organisations (name, domain, whether it leads) and the people of an application."""
    parties = db.session.execute(
        select(Participation.name, Participation.domain, Participation.lead, Participation.contact)
        .where(Participation.application_id == application.id)
        .order_by(Participation.position)
    ).all()
    members = db.session.scalars(
        select(User.name)
        .join(Membership, and_(Membership.user_id == User.id, Membership.application_id == application.id))
        .order_by(Membership.id)
    ).all()
    named = [*members, *(party.contact for party in parties if party.contact)]
    return Outline(
        organisations=tuple((party.name, party.domain, party.lead) for party in parties),
        people=tuple(dict.fromkeys(named)),
    )
