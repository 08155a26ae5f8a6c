"""Asking people to review: who can, who is passed over, evenly, once."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import Application, Event, Mail, Membership, Review, Round, User
from subsidy.services import assignable, assignment
from subsidy.services.advance import NotAllowedError
from subsidy.services.assignment import AssignmentError
from tests import factories
from tests.conftest import MOMENT
from workflows.kinds import KINDS
from workflows.machine import TransitionError
from workflows.permissions import Actor, Role

DUE = date(2026, 4, 15)
# Above 25,000 euros two reviews are needed, below it one.
LARGE, SMALL = 3_000_000, 1_000_000


@pytest.fixture(autouse=True)
def _in_a_request(app: Flask) -> Iterator[None]:
    """A mail holds addresses of pages, so it is written while a request is answered."""
    with app.test_request_context():
        yield


@pytest.fixture
def round_(app: Flask) -> Round:
    return factories.make_round(phase_by_hand="closed", phase_reason="toets")


@pytest.fixture
def officer(app: Flask) -> Actor:
    return actor_of(factories.make_user(Role.OFFICER))


def eligible(round_: Round, **values: object) -> Application:
    return factories.make_application(round_, "eligible", **{"requested_cents": LARGE, **values})


def reviewer(round_: Round, **values: object) -> User:
    return factories.make_reviewer(round_, **values)


def pairs(round_: Round) -> set[tuple[int, int | None]]:
    rows = db.session.execute(
        select(Review.application_id, Review.reviewer_id)
        .join(Application)
        .where(Application.round_id == round_.id)
    )
    return {(application_id, reviewer_id) for application_id, reviewer_id in rows}


def test_reviewers_are_those_of_the_round_who_take_no_part_in_it(round_: Round) -> None:
    other = factories.make_round()
    one, two = reviewer(round_), reviewer(round_)
    reviewer(round_, body="committee")
    reviewer(other)
    reviewer(round_, disabled_at=MOMENT)
    factories.make_user(Role.REVIEWER)
    factories.serve(factories.make_user(Role.REVIEWER), round_, dropped_at=MOMENT)
    factories.serve(factories.make_user(Role.REVIEWER), round_, answer="declined")
    involved = reviewer(round_)
    factories.make_application(round_, "draft", member=involved)
    factories.make_user(Role.CHAIR)
    found = assignable.find_reviewers(round_)
    assert {each.user.id for each in found} == {one.id, two.id}


def test_load_counts_this_round_alone_and_no_interests(round_: Round) -> None:
    busy, free = reviewer(round_, name="A"), reviewer(round_, name="B")
    factories.make_review(eligible(round_), busy)
    factories.make_review(eligible(round_), busy, score=3)
    factories.make_review(eligible(round_), busy, declared_at=MOMENT, conflict="Familie")
    factories.make_review(eligible(factories.make_round()), free)
    found = assignable.find_reviewers(round_)
    assert [(one.user.id, one.open_here, one.total_here) for one in found] == [
        (free.id, 0, 0),
        (busy.id, 1, 2),
    ]


def test_the_same_organisation_is_seen_whatever_its_spelling(round_: Round) -> None:
    reviewer(round_, organisation="  gemeente   ZOETERMEER ")
    (one,) = assignable.find_reviewers(round_)
    assert one.organisation in assignable.get_file(eligible(round_)).organisations


def test_assigning_asks_each_person_once_and_tells_them(round_: Round, officer: Actor) -> None:
    application, one, two = eligible(round_), reviewer(round_), reviewer(round_)
    made = [
        assignment.assign(application, [one.id, two.id], due_on=DUE, actor=officer, now=MOMENT)
        for _ in range(2)
    ]
    assert made == [2, 0]
    reviews = db.session.scalars(select(Review).order_by(Review.reviewer_id)).all()
    assert [(row.reviewer, row.assigned_by, row.due_at) for row in reviews] == [
        (f"referent-{user.id}", officer.user_id, datetime(2026, 4, 15, 21, 59, tzinfo=UTC))
        for user in (one, two)
    ]
    mails = db.session.scalars(select(Mail).order_by(Mail.id)).all()
    assert [mail.recipient for mail in mails] == [one.email, two.email]
    assert "15 april 2026" in mails[0].body
    events = db.session.scalars(select(Event)).all()
    assert [(event.name, event.facts) for event in events] == [
        ("review.assigned", {"reviewers": [f"referent-{one.id}", f"referent-{two.id}"]})
    ]


def test_who_takes_part_in_the_round_cannot_be_asked(round_: Round, officer: Actor) -> None:
    involved = reviewer(round_)
    other = factories.make_application(round_)
    db.session.add(Membership(application_id=other.id, user_id=involved.id, capacity="view"))
    with pytest.raises(AssignmentError) as error:
        assignment.assign(eligible(round_), [involved.id], due_on=DUE, actor=officer, now=MOMENT)
    assert error.value.code == "not_a_reviewer"
    assert pairs(round_) == set()


def test_who_declared_an_interest_for_the_round_cannot_be_asked_for_that_file(
    round_: Round, officer: Actor
) -> None:
    application, other = eligible(round_), eligible(round_)
    biased = reviewer(round_)
    factories.make_interest(application, biased, capacity="reviewer")
    with pytest.raises(AssignmentError) as error:
        assignment.assign(application, [biased.id], due_on=DUE, actor=officer, now=MOMENT)
    assert error.value.code == "interest"
    assert assignment.assign(other, [biased.id], due_on=DUE, actor=officer, now=MOMENT) == 1


def test_only_what_is_eligible_or_in_review_gets_reviewers(round_: Round, officer: Actor) -> None:
    submitted = factories.make_application(round_)
    with pytest.raises(AssignmentError) as error:
        assignment.assign(submitted, [reviewer(round_).id], due_on=DUE, actor=officer, now=MOMENT)
    assert error.value.code == "not_assignable"


def test_who_has_an_interest_assigns_nobody_and_does_not_see_the_file(round_: Round) -> None:
    user = factories.make_user(Role.OFFICER)
    application, other = eligible(round_), eligible(round_)
    factories.make_review(application, user, declared_at=MOMENT, conflict="Bestuurslid")
    actor = actor_of(user)
    with pytest.raises(NotAllowedError):
        assignment.assign(application, [reviewer(round_).id], due_on=DUE, actor=actor, now=MOMENT)
    assert [file.id for file in assignable.find_files(actor, round_)[0]] == [other.id]
    assignment.assign_evenly(round_, due_on=DUE, actor=actor, now=MOMENT)
    assert {application_id for application_id, person in pairs(round_) if person != user.id} == {other.id}


def test_dividing_is_even_and_doing_it_again_adds_nothing(round_: Round, officer: Actor) -> None:
    files = [eligible(round_) for _ in range(5)] + [eligible(round_, requested_cents=SMALL)]
    people = [reviewer(round_) for _ in range(4)]
    spread = assignment.assign_evenly(round_, due_on=DUE, actor=officer, now=MOMENT)
    assert (spread.made, spread.short) == (11, ())
    found = pairs(round_)
    per_file = [sum(file == one.id for file, _ in found) for one in files]
    assert per_file == [2, 2, 2, 2, 2, 1]
    load = sorted(sum(person == one.id for _, person in found) for one in people)
    assert load == [2, 3, 3, 3]
    mails = db.session.scalars(select(Mail)).all()
    assert sorted(mail.recipient for mail in mails) == sorted(one.email for one in people)
    again = assignment.assign_evenly(round_, due_on=DUE, actor=officer, now=MOMENT)
    assert (again.made, pairs(round_)) == (0, found)


def test_dividing_passes_over_interests_and_own_organisations(round_: Round, officer: Actor) -> None:
    application = eligible(round_)
    biased, own, free = (
        reviewer(round_),
        reviewer(round_, organisation="Gemeente Zoetermeer"),
        reviewer(round_),
    )
    factories.make_review(application, biased, declared_at=MOMENT, conflict="Familie")
    spread = assignment.assign_evenly(round_, due_on=DUE, actor=officer, now=MOMENT)
    assert (spread.made, spread.short) == (1, (application.reference,))
    assert pairs(round_) == {(application.id, biased.id), (application.id, free.id)}
    # An officer who knows better may still ask them.
    assert assignment.assign(application, [own.id], due_on=DUE, actor=officer, now=MOMENT) == 1


def test_an_assignment_goes_back_only_before_it_begins(round_: Round, officer: Actor) -> None:
    application = eligible(round_)
    fresh = factories.make_review(application, reviewer(round_))
    begun = factories.make_review(application, reviewer(round_), declared_at=MOMENT)
    assert assignment.remove(fresh.id, application, actor=officer, now=MOMENT)
    assert not assignment.remove(fresh.id, application, actor=officer, now=MOMENT)
    with pytest.raises(AssignmentError) as error:
        assignment.remove(begun.id, application, actor=officer, now=MOMENT)
    assert error.value.code == "begun"
    assert not assignment.remove(begun.id, eligible(round_), actor=officer, now=MOMENT)
    assert db.session.scalars(select(Review.id)).all() == [begun.id]


def test_the_review_begins_with_enough_reviewers_and_once(round_: Round, officer: Actor) -> None:
    application = eligible(round_)
    factories.make_review(application, reviewer(round_))
    with pytest.raises(AssignmentError) as error:
        assignment.start_review(application, actor=officer, now=MOMENT)
    assert (error.value.code, error.value.params["short"]) == ("too_few", 1)
    factories.make_review(application, reviewer(round_))
    assignment.start_review(application, actor=officer, now=MOMENT)
    assert application.state == "in_review"
    with pytest.raises(TransitionError):
        assignment.start_review(application, actor=officer, now=MOMENT)


def test_reviews_of_a_round_begin_where_they_can(round_: Round, officer: Actor) -> None:
    ready, short = eligible(round_, requested_cents=SMALL), eligible(round_)
    for application in (ready, short):
        factories.make_review(application, reviewer(round_))
    assert assignment.start_reviews(round_, actor=officer, now=MOMENT) == 1
    assert assignment.start_reviews(round_, actor=officer, now=MOMENT) == 0
    assert (ready.state, short.state) == ("in_review", "eligible")


def test_a_kind_without_referents_begins_no_review(app: Flask, officer: Actor) -> None:
    definition = KINDS["netwerk"].model_copy(update={"uses_referents": False})
    application = eligible(factories.make_round(definition=definition))
    with pytest.raises(AssignmentError) as error:
        assignment.start_review(application, actor=officer, now=MOMENT)
    assert error.value.code == "without_referents"
    assert assignment.start_reviews(application.round, actor=officer, now=MOMENT) == 0
    assert application.state == "eligible"
