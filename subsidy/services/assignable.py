"""Who can review in a round, and which applications need reviewers.

Who takes part in an application of a round, or reported to be involved in one, reviews none of that round,
and who declared an interest in an application is not asked for it again (Awb 2:4). Other signs of an
interest are for who divides the work to weigh.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import case, exists, func, select
from sqlalchemy.orm import aliased

from subsidy.db import db
from subsidy.models import (
    Application,
    Interest,
    Membership,
    Participation,
    Review,
    Round,
    RoundReviewer,
    User,
)
from subsidy.services.reach import hidden_from, is_live
from subsidy.services.snapshots import definition_of
from workflows.permissions import Actor
from workflows.scoring import reviews_needed
from workflows.states import ApplicationState

PAGE = 50
ASSIGNABLE = (ApplicationState.ELIGIBLE, ApplicationState.IN_REVIEW)


@dataclass(frozen=True, slots=True)
class Reviewer:
    """A person who may review in this round. `open_here`: reviews in it not yet handed in."""

    user: User
    open_here: int
    total_here: int

    @property
    def organisation(self) -> str:
        """The organisation in one spelling, to compare; empty when unknown."""
        return folded(self.user.organisation)


@dataclass(frozen=True, slots=True)
class Assigned:
    """One reviewer on one application."""

    review_id: int
    user_id: int | None
    name: str
    declared: bool
    interest: bool
    handed_in: bool


@dataclass(frozen=True, slots=True)
class File:
    """One application with its reviewers. Amount in euro cents; `organisations` in one spelling."""

    id: int
    reference: str
    title: str
    state: str
    requested_cents: int
    needed: int
    organisations: frozenset[str]
    assigned: tuple[Assigned, ...]

    @property
    def standing(self) -> int:
        """How many reviewers stand: not counting who declared an interest."""
        return sum(not one.interest for one in self.assigned)

    @property
    def short(self) -> int:
        """How many reviewers are still to be found."""
        return max(0, self.needed - self.standing)

    def taken(self) -> frozenset[int]:
        """Return the ids of the people who were asked before, an interest included."""
        return frozenset(one.user_id for one in self.assigned if one.user_id is not None)


def folded(organisation: str) -> str:
    """Return a name of an organisation as it is compared: no case, single spaces."""
    return " ".join(organisation.split()).casefold()


def find_reviewers(round_: Round, *, unseen: Collection[int] = ()) -> list[Reviewer]:
    """Return who may review in this round, least loaded first, without who takes part in it.

    Reviews of the applications in `unseen` are not counted: somebody who may not see these should not read
    from the load of a person who reviews them.
    """
    serving = exists().where(
        RoundReviewer.user_id == User.id,
        RoundReviewer.round_id == round_.id,
        # A member of the committee deliberates on all of them: another body, that reports on none.
        RoundReviewer.body == "referent",
        RoundReviewer.answer == "accepted",
        RoundReviewer.dropped_at.is_(None),
    )
    taking_part = exists().where(
        Membership.user_id == User.id,
        Membership.application_id == Application.id,
        Application.round_id == round_.id,
    )
    of_round, in_round = aliased(Application), aliased(Application)
    involved = exists().where(
        Interest.user_id == User.id,
        Interest.extent == "round",
        is_live(),
        Interest.application_id == in_round.id,
        in_round.round_id == round_.id,
    )
    open_review = case((Review.handed_in_at.is_(None), 1), else_=0)
    load = (
        select(Review.reviewer_id, func.sum(open_review).label("open_here"), func.count().label("total_here"))
        .join(of_round, of_round.id == Review.application_id)
        .where(
            of_round.round_id == round_.id,
            of_round.id.not_in(unseen),
            Review.conflict.is_(None),
            Review.released_at.is_(None),
        )
        .group_by(Review.reviewer_id)
        .subquery()
    )
    rows = db.session.execute(
        select(User, func.coalesce(load.c.open_here, 0), func.coalesce(load.c.total_here, 0))
        .outerjoin(load, load.c.reviewer_id == User.id)
        .where(serving, ~taking_part, ~involved, User.disabled_at.is_(None))
    )
    found = [Reviewer(user, open_here, total) for user, open_here, total in rows]
    return sorted(found, key=lambda one: (one.total_here, one.user.name.casefold(), one.user.id))


def find_files(
    actor: Actor,
    round_: Round,
    *,
    after: str = "",
    limit: int | None = PAGE,
    only: Collection[int] | None = None,
) -> tuple[list[File], str | None]:
    """Return what can be assigned, by reference, after the one named, and where the next page begins.

    All that can be, or of these alone. Files on which this person has an interest are left out. Four
    queries, whatever the number.
    """
    query = (
        select(Application)
        .where(
            Application.round_id == round_.id,
            Application.state.in_(ASSIGNABLE),
            Application.reference > after,
            Application.id.not_in(hidden_from(actor)),
        )
        .order_by(Application.reference)
    )
    if only is not None:
        query = query.where(Application.id.in_(only))
    rows = list(db.session.scalars(query if limit is None else query.limit(limit + 1)))
    shown = rows if limit is None else rows[:limit]
    more = shown[-1].reference if len(rows) > len(shown) else None
    return _files(round_, shown), more


def get_file(application: Application) -> File:
    """Return one application with its reviewers."""
    return _files(application.round, [application])[0]


def _files(round_: Round, rows: Sequence[Application]) -> list[File]:
    ids = [row.id for row in rows]
    rules = definition_of(round_).rules
    organisations: defaultdict[int, set[str]] = defaultdict(set)
    for application_id, name in db.session.execute(
        select(Participation.application_id, Participation.name).where(Participation.application_id.in_(ids))
    ):
        organisations[application_id].add(folded(name))
    assigned: defaultdict[int, list[Assigned]] = defaultdict(list)
    for review in db.session.execute(
        select(
            Review.id,
            Review.application_id,
            Review.reviewer,
            Review.reviewer_id,
            Review.declared_at,
            Review.conflict,
            Review.handed_in_at,
            User.name,
        )
        .outerjoin(User, User.id == Review.reviewer_id)
        .where(Review.application_id.in_(ids), Review.released_at.is_(None))
        .order_by(Review.application_id, Review.position, Review.id)
    ):
        assigned[review.application_id].append(
            Assigned(
                review_id=review.id,
                user_id=review.reviewer_id,
                name=review.name or review.reviewer,
                declared=review.declared_at is not None,
                interest=review.conflict is not None,
                handed_in=review.handed_in_at is not None,
            )
        )
    return [
        File(
            id=row.id,
            reference=row.reference or "",
            title=row.title,
            state=row.state,
            requested_cents=row.requested_cents,
            needed=reviews_needed(rules, row.requested_cents),
            organisations=frozenset(organisations[row.id]),
            assigned=tuple(assigned[row.id]),
        )
        for row in rows
    ]
