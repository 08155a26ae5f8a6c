"""A later deadline for one draft: by the number that is read out, with a reason, and for that one alone."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import Application, Event, EventDetail, Mail, Round, User
from subsidy.services import applications, events, extension
from subsidy.services.extension import ExtensionError
from tests import factories
from tests.conftest import MOMENT, QueryCount
from workflows.permissions import Role

AFTER = MOMENT + timedelta(days=22)


@pytest.fixture
def round_(app: Flask) -> Round:
    return factories.make_round()


@pytest.fixture
def member(app: Flask) -> User:
    return factories.make_user(Role.APPLICANT)


@pytest.fixture
def draft(round_: Round, member: User) -> Application:
    return factories.make_application(round_, "draft", member=member)


def extend(
    round_: Round, number: str, until: datetime = AFTER, *, now: datetime = MOMENT, reason: str = "Storing."
) -> Application:
    officer = actor_of(factories.make_user(Role.OFFICER))
    return extension.extend(round_, number, until=until, reason=reason, actor=officer, now=now)


def test_only_that_draft_can_be_sent_in_later(round_: Round, draft: Application, member: User) -> None:
    other = factories.make_application(round_, "draft")
    extend(round_, extension.code_of(draft))
    closed = round_.closes_at + timedelta(seconds=1)
    assert applications.takes_applications(draft, now=closed)
    assert applications.takes_applications(draft, now=AFTER)
    assert not applications.takes_applications(draft, now=AFTER + timedelta(seconds=1))
    assert not applications.takes_applications(other, now=closed)
    (mail,) = db.session.scalars(select(Mail)).all()
    assert mail.recipient == member.email
    assert f"/aanvragen/{draft.id}" in mail.body
    assert "Storing" not in mail.body


@pytest.mark.parametrize("spoken", ["{}", " {} "])
def test_the_number_is_read_as_people_say_it(round_: Round, draft: Application, spoken: str) -> None:
    number = extension.code_of(draft)
    for one in (number, number.lower(), number.replace("-", " "), number.replace("-", "")):
        assert extend(round_, spoken.format(one)) is draft


def test_letters_that_look_like_digits_are_those_digits(round_: Round) -> None:
    for _ in range(200):
        draft = factories.make_application(round_, "draft")
        number, check = extension.code_of(draft).split("-")
        if {"0", "1"} & set(check):
            break
    spoken = check.replace("0", "O").replace("1", "l")
    assert spoken != check
    assert extend(round_, f"{number}-{spoken}") is draft


def test_a_number_cannot_be_guessed_from_another(round_: Round, draft: Application) -> None:
    other = factories.make_application(round_, "draft")
    check = extension.code_of(draft).partition("-")[2]
    assert extension.code_of(other).partition("-")[2] != check
    for wrong in (f"{other.id}-{check}", str(draft.id), "", "x", f"{draft.id}-", "9" * 400, f"0-{check}"):
        with pytest.raises(ExtensionError) as refused:
            extend(round_, wrong)
        assert refused.value.code == "unknown_number"
    assert draft.deadline_at is other.deadline_at is None


def test_another_round_does_not_know_the_number(draft: Application) -> None:
    with pytest.raises(ExtensionError) as refused:
        extend(factories.make_round(), extension.code_of(draft))
    assert refused.value.code == "unknown_number"


@pytest.mark.parametrize(
    ("until", "now", "code"),
    [
        (MOMENT - timedelta(days=1), MOMENT, "in_the_past"),
        (AFTER, AFTER, "in_the_past"),
        (MOMENT + timedelta(days=20), MOMENT, "not_later"),
        (MOMENT + timedelta(days=387), MOMENT, "too_long"),
    ],
)
def test_the_moment_has_to_make_sense(
    round_: Round, draft: Application, until: datetime, now: datetime, code: str
) -> None:
    with pytest.raises(ExtensionError) as refused:
        extend(round_, extension.code_of(draft), until, now=now)
    assert refused.value.code == code
    assert draft.deadline_at is None


def test_a_deadline_is_never_made_earlier(round_: Round, draft: Application) -> None:
    number = extension.code_of(draft)
    extend(round_, number)
    with pytest.raises(ExtensionError) as refused:
        extend(round_, number, AFTER - timedelta(hours=1))
    assert refused.value.code == "not_later"
    assert extend(round_, number, AFTER + timedelta(hours=1)).deadline_at == AFTER + timedelta(hours=1)


def test_what_was_sent_in_needs_no_more_time(round_: Round) -> None:
    with pytest.raises(ExtensionError) as refused:
        extend(round_, extension.code_of(factories.make_application(round_)))
    assert refused.value.code == "sent_in"


def test_a_round_that_was_decided_takes_nothing(round_: Round, draft: Application) -> None:
    round_.state = "decided"
    with pytest.raises(ExtensionError) as refused:
        extend(round_, extension.code_of(draft))
    assert refused.value.code == "not_running"


def test_the_reason_lies_beside_the_event_and_can_be_erased(round_: Round, draft: Application) -> None:
    version = draft.version
    for _ in range(2):
        extend(round_, extension.code_of(draft), reason="De site deed het niet bij Jansen.")
    event = db.session.scalars(select(Event).where(Event.name == extension.EXTENDED)).one()
    assert event.facts == {"until": AFTER.isoformat(), "before": None}
    assert draft.version == version
    (given,) = extension.page_of(round_).given
    assert (given.number, given.until, given.reason) == (
        extension.code_of(draft),
        AFTER,
        "De site deed het niet bij Jansen.",
    )
    db.session.delete(db.session.get_one(EventDetail, event.id))
    db.session.flush()
    db.session.expire_all()
    assert extension.page_of(round_).given[0].reason == ""
    assert list(events.verify()) == []


def test_the_list_costs_one_query_and_pages_by_key(round_: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extension, "PAGE", 2)
    drafts = [factories.make_application(round_, "draft") for _ in range(3)]
    for draft in drafts:
        extend(round_, extension.code_of(draft))
    db.session.refresh(round_)
    with QueryCount() as counted:
        page = extension.page_of(round_)
    assert counted.count == 1
    rest = extension.page_of(round_, before=page.next_before)
    assert [one.number for one in (*page.given, *rest.given)] == [
        extension.code_of(draft) for draft in reversed(drafts)
    ]
    assert rest.next_before is None
