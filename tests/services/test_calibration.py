"""Trial applications: who is asked, what is kept, and that nothing of it counts."""

from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select

from subsidy.db import db
from subsidy.models import Calibration, CalibrationReview, Event, Mail, OutboxRow, Round, User
from subsidy.services import calibration as service
from subsidy.services import calibration_lists
from subsidy.services.calculations import rank_round
from subsidy.services.calibration import CalibrationError, IncompleteError, Scored
from subsidy.services.snapshots import definition_of
from tests.conftest import MOMENT, Clock
from tests.factories import make_application, make_reviewer, make_round, make_user, serve
from workflows.permissions import Actor, Role

DUE = (MOMENT + timedelta(days=14)).date()


@pytest.fixture
def round_(app: Flask) -> Round:
    return make_round()


@pytest.fixture
def people(round_: Round) -> list[User]:
    return [make_reviewer(round_), make_reviewer(round_, "committee")]


def opened(round_: Round, **changes: object) -> Calibration:
    values = {"title": "Oefening", "case_text": "Een netwerk in Dorp.", "due_on": DUE} | changes
    return service.open_calibration(round_, actor=Actor(user_id=None), now=MOMENT, **values)  # type: ignore[arg-type]


def full(round_: Round, score: int = 3) -> Scored:
    criteria = definition_of(round_).rules.criteria
    words = " ".join(["woord"] * 60)
    return Scored({one.id: Decimal(score) for one in criteria}, {one.id: words for one in criteria})


def hand_in(
    found: Calibration, user: User, given: Scored, version: int = 0, *, done: bool = True
) -> CalibrationReview:
    return service.save(found, given, version=version, hand_in=done, actor=Actor(user_id=user.id), now=MOMENT)


def mails() -> list[str]:
    return list(db.session.scalars(select(Mail.recipient).where(Mail.key.like("calibration:%"))))


def test_everybody_who_serves_is_asked_once(round_: Round, people: list[User]) -> None:
    serve(make_user(Role.REVIEWER), round_, dropped_at=MOMENT)
    serve(make_user(Role.REVIEWER), round_, answer=None, answered_at=None, secrecy_at=None)
    first = opened(round_)
    assert opened(round_) is first
    assert sorted(mails()) == sorted(one.email for one in people)
    assert db.session.scalars(select(Event.name).where(Event.name.like("calibration%"))).all() == [
        "calibration.opened"
    ]


@pytest.mark.parametrize(
    ("state", "changes", "code"),
    [
        ("draft", {}, "not_published"),
        ("decided", {}, "round_over"),
        ("published", {"due_on": (MOMENT - timedelta(days=1)).date()}, "due_past"),
    ],
)
def test_what_cannot_be_opened(app: Flask, state: str, changes: dict[str, object], code: str) -> None:
    with pytest.raises(CalibrationError) as refused:
        opened(make_round(state=state), **changes)
    assert refused.value.code == code
    assert db.session.scalars(select(Calibration)).all() == []


def test_who_did_not_hand_in_is_reminded_once_a_day(round_: Round, people: list[User], clock: Clock) -> None:
    found = opened(round_)
    hand_in(found, people[0], full(round_))
    assert service.remind(found, actor=Actor(user_id=None), now=MOMENT) == 1
    assert service.remind(found, actor=Actor(user_id=None), now=MOMENT) == 1
    assert mails().count(people[1].email) == 2  # the first is that it was opened
    row = db.session.scalars(select(OutboxRow).where(OutboxRow.topic == "calibration_reminder")).one()
    assert row.due_at.date() == DUE - timedelta(days=2)
    clock.now = row.due_at
    service.remind_job(row.payload)
    assert mails().count(people[1].email) == 3
    assert mails().count(people[0].email) == 1


def test_a_closed_one_reminds_nobody(round_: Round, people: list[User]) -> None:
    found = opened(round_)
    before = len(mails())
    for _ in range(2):
        service.close(found, actor=Actor(user_id=None), now=MOMENT)
    service.remind_job({"calibration_id": found.id})
    with pytest.raises(CalibrationError):
        service.remind(found, actor=Actor(user_id=None), now=MOMENT)
    assert len(mails()) == before
    names = db.session.scalars(select(Event.name).where(Event.name == "calibration.closed")).all()
    assert len(names) == 1


def test_a_draft_then_handing_in(round_: Round, people: list[User]) -> None:
    found, (user, _) = opened(round_), people
    given = full(round_)
    first = next(iter(given.scores))
    part = Scored({first: Decimal(2)}, {first: " Omdat. "})
    review = hand_in(found, user, part, done=False)
    assert (review.version, review.scores, review.motivations) == (1, {first: "2"}, {first: "Omdat."})
    assert hand_in(found, user, part, version=0, done=False).version == 1  # the same twice
    with pytest.raises(IncompleteError) as incomplete:
        hand_in(found, user, part, version=1)
    assert {one.part for one in incomplete.value.missing} >= {"score", "motivation"}
    assert review.handed_in_at is None
    assert hand_in(found, user, given, version=1).handed_in_at == MOMENT
    for code, closed in (("handed_in", False), ("closed", True)):
        if closed:
            service.close(found, actor=Actor(user_id=None), now=MOMENT)
        with pytest.raises(CalibrationError) as refused:
            hand_in(found, user, part, version=2)
        assert refused.value.code == code
    assert review.scores == dict.fromkeys(given.scores, "3")


def test_what_was_saved_elsewhere_is_not_overwritten(round_: Round, people: list[User]) -> None:
    found, (user, _) = opened(round_), people
    hand_in(found, user, full(round_, 4), done=False)
    with pytest.raises(CalibrationError) as refused:
        hand_in(found, user, full(round_, 2), version=0, done=False)
    assert refused.value.code == "clash"


def test_nothing_of_it_counts(round_: Round, people: list[User]) -> None:
    make_application(round_, "in_review")
    before = rank_round(round_)
    found = opened(round_)
    for user in people:
        hand_in(found, user, full(round_, 1))
    assert rank_round(round_) == before


def test_lists(round_: Round, people: list[User]) -> None:
    found = opened(round_)
    hand_in(found, people[0], full(round_))
    assert [(one.calibration.id, one.handed_in) for one in calibration_lists.of_round(round_)] == [
        (found.id, 1)
    ]
    assert [one.handed_in for one in calibration_lists.for_person(people[0].id)] == [1]
    assert [one.handed_in for one in calibration_lists.for_person(people[1].id)] == [0]
    assert calibration_lists.for_person(make_user().id) == []
    assert calibration_lists.find(make_round(), found.id) is None
    round_.state = "decided"
    db.session.flush()
    assert calibration_lists.for_person(people[0].id) == []
    assert db.session.scalar(select(func.count()).select_from(CalibrationReview)) == 1
