"""Who was asked in a round, with what they know and did; and who can be asked besides.

Each list costs the same number of queries for any number of people.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import case, exists, func, literal, or_, select, tuple_

from subsidy.db import db
from subsidy.models import Application, GrantRow, Review, ReviewerProfile, Round, RoundReviewer, User
from subsidy.services.pool import Stand, stand_of
from subsidy.services.reach import hidden_from
from workflows.permissions import Actor, Role

PAGE = 50
# So many people fit in a list to choose from; who is not in it is asked by address.
MOST_CANDIDATES = 1000


@dataclass(frozen=True, slots=True)
class Past:
    """What somebody did in other rounds: how many they serve or served in, and reviews handed in late."""

    rounds: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who was asked in a round; reviews are those in this round."""

    row: RoundReviewer
    stand: Stand
    organisation: str
    profile: ReviewerProfile | None
    open_reviews: int
    handed_in: int
    past: Past


class Page(NamedTuple):
    """A page of a list, and the id after which the next page begins, if there is one."""

    members: list[Member]
    next_after: int | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody with an account who reviewed before, or holds the role."""

    user: User
    profile: ReviewerProfile | None
    past: Past


def find_members(
    actor: Actor, round_: Round, *, today: date, after: int | None = None, limit: int = PAGE
) -> Page:
    """Give who was asked in a round, by name; files that this person may not see are not counted."""
    key = (func.lower(RoundReviewer.name), RoundReviewer.id)
    query = select(RoundReviewer).where(RoundReviewer.round_id == round_.id)
    if after is not None:
        name = db.session.scalar(select(key[0]).where(RoundReviewer.id == after)) or ""
        query = query.where(tuple_(*key) > tuple_(literal(name), literal(after)))
    rows = db.session.scalars(query.order_by(*key).limit(limit + 1)).all()
    shown = rows[:limit]
    return Page(_members(actor, round_, shown, today), shown[-1].id if len(rows) > limit else None)


def get_member(actor: Actor, row: RoundReviewer, *, today: date) -> Member:
    """Give one of them."""
    return _members(actor, row.round, [row], today)[0]


def count_stands(round_: Round, *, today: date) -> Counter[Stand]:
    """Count who was asked in a round by where they stand; one query."""
    columns = (RoundReviewer.answer, RoundReviewer.dropped_at.is_not(None), RoundReviewer.reply_by)
    rows = db.session.execute(
        select(*columns, func.count()).where(RoundReviewer.round_id == round_.id).group_by(*columns)
    )
    found: Counter[Stand] = Counter()
    for answer, dropped, reply_by, number in rows:
        if dropped:
            found[Stand.DROPPED if answer == "accepted" else Stand.WITHDRAWN] += number
        elif answer:
            found[Stand(answer)] += number
        else:
            found[Stand.OVERDUE if reply_by is not None and today > reply_by else Stand.ASKED] += number
    return found


def find_candidates(actor: Actor, round_: Round) -> list[Candidate]:
    """Give who reviewed before or holds the role and was not asked in this round, by name."""
    role = exists().where(
        GrantRow.user_id == User.id, GrantRow.role.in_([Role.REVIEWER.value, Role.CHAIR.value])
    )
    before = exists().where(RoundReviewer.user_id == User.id, RoundReviewer.answer == "accepted")
    here = exists().where(
        RoundReviewer.round_id == round_.id,
        or_(RoundReviewer.user_id == User.id, RoundReviewer.email == User.email),
    )
    users = db.session.scalars(
        select(User)
        .where(
            or_(role, before),
            ~here,
            User.disabled_at.is_(None),
            User.email_confirmed_at.is_not(None),
            User.id != actor.user_id,
        )
        .order_by(func.lower(User.name), User.id)
        .limit(MOST_CANDIDATES)
    ).all()
    ids = [user.id for user in users]
    profiles, pasts = _profiles(ids), _pasts(round_, ids)
    return [Candidate(user, profiles.get(user.id), pasts.get(user.id, Past())) for user in users]


def _members(actor: Actor, round_: Round, rows: Sequence[RoundReviewer], today: date) -> list[Member]:
    ids = [row.user_id for row in rows if row.user_id is not None]
    people = db.session.execute(select(User.id, User.organisation).where(User.id.in_(ids)))
    organisations = {person.id: person.organisation for person in people}
    profiles, pasts, work = _profiles(ids), _pasts(round_, ids), _work(actor, round_, ids)
    return [
        Member(
            row=row,
            stand=stand_of(row, today),
            organisation=organisations.get(row.user_id or 0, ""),
            profile=profiles.get(row.user_id or 0),
            open_reviews=work.get(row.user_id or 0, (0, 0))[0],
            handed_in=work.get(row.user_id or 0, (0, 0))[1],
            past=pasts.get(row.user_id or 0, Past()),
        )
        for row in rows
    ]


def _profiles(ids: Collection[int]) -> dict[int, ReviewerProfile]:
    rows = db.session.scalars(select(ReviewerProfile).where(ReviewerProfile.user_id.in_(ids)))
    return {row.user_id: row for row in rows}


def _work(actor: Actor, round_: Round, ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Count the reviews that somebody has to do here, and those handed in."""
    handed_in = func.sum(case((Review.handed_in_at.is_not(None), 1), else_=0))
    rows = db.session.execute(
        select(Review.reviewer_id, func.count(), handed_in)
        .join(Application, Application.id == Review.application_id)
        .where(
            Application.round_id == round_.id,
            Application.id.not_in(hidden_from(actor)),
            Review.reviewer_id.in_(ids),
            Review.conflict.is_(None),
            Review.released_at.is_(None),
        )
        .group_by(Review.reviewer_id)
    )
    return {user_id: (total - done, done) for user_id, total, done in rows}


def _pasts(round_: Round, ids: Collection[int]) -> dict[int, Past]:
    served = db.session.execute(
        select(RoundReviewer.user_id, func.count().label("number"))
        .where(
            RoundReviewer.user_id.in_(ids),
            RoundReviewer.round_id != round_.id,
            RoundReviewer.answer == "accepted",
            RoundReviewer.dropped_at.is_(None),
        )
        .group_by(RoundReviewer.user_id)
    )
    rounds = {row.user_id: row.number for row in served}
    handed_in_late = db.session.execute(
        select(Review.reviewer_id, func.count().label("number"))
        .join(Application, Application.id == Review.application_id)
        .where(
            Review.reviewer_id.in_(ids),
            Review.handed_in_at > Review.due_at,
            Application.round_id != round_.id,
        )
        .group_by(Review.reviewer_id)
    )
    late = {row.reviewer_id: row.number for row in handed_in_late}
    return {id_: Past(rounds.get(id_, 0), late.get(id_, 0)) for id_ in ids}
