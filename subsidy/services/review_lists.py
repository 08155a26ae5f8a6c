"""What a reviewer sees before and around a file: their own list, and the outline for a declaration."""

from collections import defaultdict
from collections.abc import Iterable
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
    round_id: int
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


@dataclass(frozen=True, slots=True)
class RoundWork:
    """What one person reviews in one round; `to_do` and `rest` are in the order of the list."""

    title: str
    over: bool
    to_do: tuple[Assigned, ...]
    rest: tuple[Assigned, ...]

    @property
    def counted(self) -> int:
        """How many reviews are asked of this person: not those in which they have an interest."""
        return sum(not one.interest for one in (*self.to_do, *self.rest))

    @property
    def handed_in(self) -> int:
        """How many of them were handed in."""
        return sum(one.handed_in_at is not None for one in self.rest)

    @property
    def due_at(self) -> datetime | None:
        """When the first that is still to do is due."""
        return min((one.due_at for one in self.to_do if one.due_at is not None), default=None)


def by_round(assigned: Iterable[Assigned]) -> list[RoundWork]:
    """Put a list together by round: where something is to do first, what is over last."""
    rounds = defaultdict[int, list[Assigned]](list)
    for one in assigned:
        rounds[one.round_id].append(one)
    work = [
        RoundWork(
            title=ones[0].round_title,
            over=ones[0].over,
            to_do=tuple(one for one in ones if one.open),
            rest=tuple(one for one in ones if not one.open),
        )
        for ones in rounds.values()
    ]
    return sorted(work, key=lambda one: (one.over, not one.to_do))


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
            round_id=row.round_id,
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
