"""A review that was handed in is opened again by the office, with a reason, while nothing rests on it yet."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import Application, Decision, Event, EventDetail, Mail, Rebuttal, Review
from subsidy.services import events, review_reports, reviews, snapshots
from subsidy.services.reviews import NotReopenedError
from tests.factories import MOMENT, make_application, make_review, make_round, make_user
from workflows.permissions import Actor, Role

pytestmark = pytest.mark.usefixtures("app")


def handed_in(state: str = "in_review") -> tuple[Review, Actor]:
    application = make_application(make_round(), state)
    review = make_review(application, make_user(Role.REVIEWER, locale="en"), score=4)
    return review, actor_of(make_user(Role.OFFICER))


def test_the_reviewer_writes_again_and_it_does_not_count() -> None:
    review, officer = handed_in()
    reviews.reopen(review, " De score past niet bij de tekst. ", actor=officer, now=MOMENT)
    assert review.handed_in_at is None
    (snapshot,) = snapshots.application_snapshots(review.application.round)
    assert snapshot.reviews == ()
    (event,) = db.session.scalars(select(Event))
    assert (event.name, event.facts) == ("review.reopened", {"review": review.id})
    assert db.session.scalars(select(EventDetail.body)).one() == {
        "reason": "De score past niet bij de tekst."
    }
    (mail,) = db.session.scalars(select(Mail))
    assert "De score past niet bij de tekst." in mail.body
    assert mail.recipient == review.account.email if review.account else False
    assert list(events.verify()) == []
    draft = reviews.draft_of(review)
    reviews.save_draft(review, draft, version=review.version, now=MOMENT)


def test_twice_is_once() -> None:
    review, officer = handed_in()
    reviews.reopen(review, "Reden", actor=officer, now=MOMENT)
    with pytest.raises(NotReopenedError, match="open"):
        reviews.reopen(review, "Reden", actor=officer, now=MOMENT)
    assert len(db.session.scalars(select(Mail)).all()) == 1


def test_a_reason_is_needed() -> None:
    review, officer = handed_in()
    with pytest.raises(NotReopenedError, match="blank"):
        reviews.reopen(review, " \n", actor=officer, now=MOMENT)
    assert review.handed_in_at == MOMENT


@pytest.mark.parametrize("state", ["advised", "rebuttal", "eligible"])
def test_not_outside_the_review(state: str) -> None:
    review, officer = handed_in(state)
    with pytest.raises(NotReopenedError, match="advised"):
        reviews.reopen(review, "Reden", actor=officer, now=MOMENT)


def test_not_when_the_applicant_has_the_reports() -> None:
    review, officer = handed_in()
    db.session.add(
        Rebuttal(
            application_id=review.application_id, released_at=MOMENT, last_day=MOMENT.date(), max_words=500
        )
    )
    with pytest.raises(NotReopenedError, match="released"):
        reviews.reopen(review, "Reden", actor=officer, now=MOMENT)


def test_not_when_a_decision_is_proposed() -> None:
    review, officer = handed_in()
    db.session.add(
        Decision(
            application_id=review.application_id,
            round_id=review.application.round_id,
            outcome="rejected",
            motivation="Daarom.",
            proposed_by=officer.user_id,
            proposed_at=MOMENT,
        )
    )
    with pytest.raises(NotReopenedError, match="proposed"):
        reviews.reopen(review, "Reden", actor=officer, now=MOMENT)


def test_of_an_imported_review_there_is_nobody_to_write() -> None:
    application = make_application(make_round(), "in_review")
    review = make_review(application, None, score=3)
    with pytest.raises(NotReopenedError, match="open"):
        reviews.reopen(review, "Reden", actor=Actor(), now=MOMENT)


def test_reports_show_who_stands_where_and_what_counts() -> None:
    application: Application = make_application(make_round(), "in_review")
    counted = make_review(application, make_user(Role.REVIEWER, name="Anna"), score=4, notes="geheim")
    make_review(application, make_user(Role.REVIEWER), declared_at=MOMENT)
    make_review(application, make_user(Role.REVIEWER), declared_at=MOMENT, conflict="werk")
    make_review(application, make_user(Role.REVIEWER), declared_at=MOMENT, released_at=MOMENT)
    found = review_reports.reports_of(application)
    assert [one.standing for one in found] == ["counted", "open", "interest", "released"]
    assert (found[0].name, found[0].scores["kwaliteit"]) == ("Anna", Decimal(4))
    assert not any(one.scores or one.motivations for one in found[1:])
    assert "geheim" not in repr(found)
    assert review_reports.reports_of_others(counted) == ()
