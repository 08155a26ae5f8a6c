"""Somebody stops reviewing: what was handed in counts, what was begun is kept, the rest goes back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import Application, Event, GrantRow, Mail, Review, Round, RoundReviewer, User
from subsidy.services import (
    assignable,
    assignment,
    events,
    pool,
    pool_dropping,
    review_lists,
    reviewer_answers,
    reviewer_invitations,
    reviews,
    snapshot_parts,
    standing,
    worklist,
    worklist_queries,
)
from subsidy.services.pool import PoolError, Stand
from subsidy.services.pool_dropping import Left
from subsidy.services.reach import OFFICE, reach_of
from subsidy.services.reviewer_invitations import Terms
from subsidy.services.waits import Wait
from tests.factories import MOMENT, make_application, make_review, make_reviewer, make_round, make_user
from workflows.permissions import Can, Role, may

TODAY = MOMENT.date()


@pytest.fixture
def round_(app: object) -> Round:
    return make_round()


@pytest.fixture
def officer(app: object) -> User:
    return make_user(Role.OFFICER)


@pytest.fixture
def reviewer(round_: Round) -> User:
    return make_reviewer(round_)


def row_of(user: User, round_: Round) -> RoundReviewer:
    query = select(RoundReviewer).filter_by(user_id=user.id, round_id=round_.id)
    return db.session.scalars(query).one()


def four(round_: Round, reviewer: User) -> dict[str, Review]:
    """A review that was not begun, one begun, one handed in, and one with an interest."""
    files = [make_application(round_, "in_review") for _ in range(4)]
    begun = make_review(files[1], reviewer, score=3)
    begun.handed_in_at = None
    return {
        "new": make_review(files[0], reviewer),
        "begun": begun,
        "done": make_review(files[2], reviewer, score=4),
        "interest": make_review(files[3], reviewer, declared_at=MOMENT, conflict="Familie"),
    }


def test_each_review_goes_its_own_way(round_: Round, reviewer: User) -> None:
    of = four(round_, reviewer)
    left = pool_dropping.lay_down(row_of(reviewer, round_), reason=" Ziek ", user=reviewer, now=MOMENT)
    assert left == Left(removed=1, released=1, kept=1)
    rows = {row.id: row for row in db.session.scalars(select(Review))}
    assert of["new"].id not in rows
    assert rows[of["begun"].id].released_at == MOMENT
    assert rows[of["begun"].id].scores
    assert rows[of["done"].id].handed_in_at is not None
    assert rows[of["done"].id].released_at is None
    assert rows[of["interest"].id].released_at is None
    names = list(db.session.scalars(select(Event.name).order_by(Event.id)))
    assert sorted(names) == ["grant.taken", "review.released", "review.unassigned", "reviewer.dropped"]
    assert "Ziek" not in str(db.session.execute(select(Event.facts)).all())
    assert list(events.verify()) == []


def test_the_role_on_the_round_is_gone_and_every_file_closed(round_: Round, reviewer: User) -> None:
    of = four(round_, reviewer)
    pool_dropping.lay_down(row_of(reviewer, round_), reason="Ziek", user=reviewer, now=MOMENT)
    assert db.session.scalars(select(GrantRow).where(GrantRow.user_id == reviewer.id)).all() == []
    actor = actor_of(reviewer)
    for name in ("begun", "done", "interest"):
        target = standing.to_application(actor, of[name].application, now=MOMENT)
        assert not may(actor, Can.REVIEW_VIEW_FILE, target)
        assert not target.serving


def test_stopping_twice_is_stopping_once(round_: Round, reviewer: User, officer: User) -> None:
    row = row_of(reviewer, round_)
    assert pool_dropping.drop(row, reason="Te laat", actor=actor_of(officer), now=MOMENT)
    assert pool_dropping.drop(row, reason="Nog eens", actor=actor_of(officer), now=MOMENT) is None
    assert pool_dropping.lay_down(row, reason="Zelf", user=reviewer, now=MOMENT) is None
    assert row.drop_reason == "Te laat"
    mail = db.session.scalars(select(Mail)).one()
    assert mail.recipient == reviewer.email
    assert "Te laat" in mail.body


def test_the_office_hears_who_stopped_by_themselves(round_: Round, reviewer: User) -> None:
    pool_dropping.lay_down(row_of(reviewer, round_), reason="Ziek", user=reviewer, now=MOMENT)
    mail = db.session.scalars(select(Mail)).one()
    assert mail.recipient != reviewer.email
    assert "Ziek" not in mail.body


@pytest.mark.parametrize(
    ("reason", "answer", "state", "code"),
    [
        (" ", "accepted", "published", "reason_needed"),
        ("Ziek", "declined", "published", "not_serving"),
        ("Ziek", None, "published", "not_serving"),
        ("Ziek", "accepted", "decided", "round_over"),
    ],
)
def test_stopping_is_refused(
    round_: Round, reviewer: User, reason: str, answer: str | None, state: str, code: str
) -> None:
    row = row_of(reviewer, round_)
    row.answer, round_.state = answer, state
    db.session.flush()
    with pytest.raises(PoolError, match=code):
        pool_dropping.lay_down(row, reason=reason, user=reviewer, now=MOMENT)


def test_nobody_stops_for_somebody_else(round_: Round, reviewer: User) -> None:
    with pytest.raises(PoolError, match="not_serving"):
        pool_dropping.lay_down(row_of(reviewer, round_), reason="Weg", user=make_user(), now=MOMENT)


def test_a_released_review_counts_nowhere(round_: Round, reviewer: User, officer: User) -> None:
    begun = four(round_, reviewer)["begun"]
    application, other = begun.application, make_reviewer(round_)
    application.requested_cents = 4_000_000  # two reviews from this amount on
    make_review(application, other, score=5)
    assert assignable.get_file(application).short == 0
    pool_dropping.lay_down(row_of(reviewer, round_), reason="Ziek", user=reviewer, now=MOMENT)
    db.session.expire_all()
    file = assignable.get_file(application)
    assert file.short == 1
    assert reviewer.id not in file.taken()
    assert review_lists.own_list(actor_of(reviewer)) == []
    chosen = select(Application.id).where(Application.id == application.id)
    parts = snapshot_parts.parts_of(chosen)["reviews"][application.id]
    assert [one["reviewer"] for one in parts] == [
        row.reviewer for row in db.session.scalars(select(Review).filter_by(reviewer_id=other.id))
    ]
    counted = select(worklist_queries.reviews_in()).select_from(Application)
    assert db.session.scalar(counted.where(Application.id == application.id)) == 1
    reach = reach_of(actor_of(officer), *OFFICE)
    (item,) = [
        one
        for one in worklist.find_items(reach, reach.rounds, Wait.REVIEW, today=TODAY).items
        if one.id == application.id
    ]
    assert (item.reviews_in, item.reviews_assigned) == (1, 1)
    with pytest.raises(reviews.ReviewClosedError):
        reviews.save_draft(begun, reviews.Draft({}, {}, "nog iets"), version=begun.version, now=MOMENT)
    assert [one.reference for one in pool_dropping.lacking(actor_of(officer), round_)]


def test_even_when_it_were_handed_in_a_released_review_counts_nowhere(round_: Round, reviewer: User) -> None:
    review = make_review(make_application(round_, "in_review"), reviewer, score=4, released_at=MOMENT)
    chosen = select(Application.id)
    assert snapshot_parts.parts_of(chosen)["reviews"][review.application_id] == []
    counted = select(worklist_queries.reviews_in()).select_from(Application)
    assert db.session.scalar(counted.where(Application.id == review.application_id)) == 0


def test_who_comes_back_takes_up_what_they_wrote(round_: Round, reviewer: User, officer: User) -> None:
    begun = four(round_, reviewer)["begun"]
    row, actor = row_of(reviewer, round_), actor_of(officer)
    pool_dropping.drop(row, reason="Ziek", actor=actor, now=MOMENT)
    terms = Terms("referent", None, TODAY + timedelta(days=5))
    later = MOMENT + timedelta(hours=1)
    assert reviewer_invitations.ask_again(row, terms, seen=row.invited_at, actor=actor, now=later)
    assert reviewer_answers.accept(row, reviewer, now=later)
    assert pool.stand_of(row, TODAY) is Stand.ACCEPTED
    made = assignment.assign(begun.application, [reviewer.id], due_on=TODAY, actor=actor, now=later)
    assert made == 1
    db.session.refresh(begun)
    assert begun.released_at is None
    assert begun.scores
    target = standing.to_application(actor_of(reviewer), begun.application, now=later)
    assert may(actor_of(reviewer), Can.REVIEW_VIEW_FILE, target)
