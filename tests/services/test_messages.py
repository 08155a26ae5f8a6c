"""Messages in a file: sent once, told by mail without the words, read by whom when."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import (
    Application,
    Event,
    EventDetail,
    Mail,
    Membership,
    Message,
    MessageReading,
    OutboxRow,
    User,
)
from subsidy.services import events, inbox, incoming, messages
from subsidy.services.messages import UnreachableError
from subsidy.services.reach import OFFICE, reach_of
from tests import factories
from tests.conftest import MOMENT, QueryCount
from workflows.permissions import Role

LATER = MOMENT + timedelta(hours=1)


@pytest.fixture
def member(app: Flask) -> User:
    return factories.make_user(Role.APPLICANT)


@pytest.fixture
def officer(app: Flask) -> User:
    return factories.make_user(Role.OFFICER)


@pytest.fixture
def application(member: User) -> Application:
    return factories.make_application(factories.make_round(), member=member)


def send(
    application: Application,
    author: User,
    body: str = "Hoe staat het?",
    *,
    office: bool,
    seen: int | None = 0,
) -> Message:
    return messages.send(application, body, from_office=office, seen=seen, actor=actor_of(author), now=MOMENT)


def mails() -> list[Mail]:
    return list(db.session.scalars(select(Mail).order_by(Mail.id)))


def test_the_mail_tells_of_the_message_and_not_what_it_says(
    application: Application, member: User, officer: User
) -> None:
    message = send(application, officer, "Uw begroting klopt niet.", office=True)
    (mail,) = mails()
    assert (mail.key, mail.recipient) == (f"message:{message.id}:{member.id}", member.email)
    assert f"/aanvragen/{application.id}/berichten" in mail.body
    assert "begroting" not in mail.subject + mail.body
    assert db.session.scalar(select(OutboxRow.topic).where(OutboxRow.key == f"mail:{mail.key}")) == "mail"


def test_every_member_with_a_confirmed_address_is_told(application: Application, officer: User) -> None:
    partner = factories.make_user(Role.APPLICANT)
    unconfirmed = factories.make_user(Role.APPLICANT, email_confirmed_at=None)
    gone = factories.make_user(Role.APPLICANT, disabled_at=MOMENT)
    for user in (partner, unconfirmed, gone):
        db.session.add(Membership(application_id=application.id, user_id=user.id, capacity="view"))
    db.session.flush()
    send(application, officer, office=True)
    assert len(mails()) == 2
    assert partner.email in {one.recipient for one in mails()}


def test_the_office_is_told_at_its_address(app: Flask, application: Application, member: User) -> None:
    send(application, member, office=False)
    assert [one.recipient for one in mails()] == [app.config["SETTINGS"].office_email]


def test_a_second_press_sends_nothing_and_a_later_repeat_does(application: Application, member: User) -> None:
    first = send(application, member, "Ja.", office=False, seen=0)
    assert send(application, member, "Ja.", office=False, seen=0) is first
    assert len(mails()) == 1
    assert send(application, member, "Nee.", office=False, seen=0) is not first
    assert send(application, member, "Ja.", office=False, seen=first.id) is not first
    assert db.session.scalar(select(func.count()).select_from(Message)) == 3


def test_the_same_words_of_another_person_are_another_message(application: Application, member: User) -> None:
    partner = factories.make_user(Role.APPLICANT)
    assert send(application, member, "Ja.", office=False) is not send(
        application, partner, "Ja.", office=False
    )


def test_who_has_no_address_cannot_be_written_to(officer: User) -> None:
    on_paper = factories.make_application(factories.make_round())
    assert not messages.can_be_reached(on_paper)
    with pytest.raises(UnreachableError):
        send(on_paper, officer, office=True)


def test_the_chain_holds_the_message_and_stays_whole_when_its_words_are_erased(
    application: Application, member: User
) -> None:
    message = send(application, member, "Mijn naam is Jansen.", office=False)
    db.session.flush()
    event = db.session.scalars(select(Event).where(Event.name == "message.sent")).one()
    assert event.facts == {"message": message.id, "from_office": False}
    assert event.detail is not None
    assert event.detail.body == {"body": "Mijn naam is Jansen."}
    assert list(events.verify()) == []
    db.session.delete(db.session.get_one(EventDetail, event.id))
    db.session.flush()
    assert list(events.verify()) == []


def test_a_message_is_read_once_by_each_person_of_the_other_side(
    application: Application, member: User, officer: User
) -> None:
    message = send(application, officer, office=True)
    assert inbox.count_unread_in(application, member.id).messages == 1
    assert inbox.unread_per_application(member.id) == {application.id: 1}
    own = messages.page_of(application, user_id=officer.id, for_office=True)
    messages.mark_read(own.letters, user_id=officer.id, now=MOMENT)
    assert own.letters[0].readings == ()
    for moment in (MOMENT, LATER):
        page = messages.page_of(application, user_id=member.id, for_office=False)
        messages.mark_read(page.letters, user_id=member.id, now=moment)
    reading = db.session.scalars(select(MessageReading)).one()
    assert (reading.message_id, reading.user_id, reading.read_at) == (message.id, member.id, MOMENT)
    assert inbox.count_unread_in(application, member.id).messages == 0
    assert inbox.unread_per_application(member.id) == {}
    (seen,) = messages.page_of(application, user_id=officer.id, for_office=True).letters
    assert [(one.name, one.at) for one in seen.readings] == [(member.name, MOMENT)]


def test_two_tabs_that_open_it_at_once_are_one_reading(
    application: Application, member: User, officer: User
) -> None:
    send(application, officer, office=True)
    page = messages.page_of(application, user_id=member.id, for_office=False)
    messages.mark_read(page.letters, user_id=member.id, now=MOMENT)
    messages.mark_read(page.letters, user_id=member.id, now=LATER)
    assert db.session.scalars(select(MessageReading.read_at)).all() == [MOMENT]


def test_what_one_officer_read_no_longer_waits_for_the_office(application: Application, member: User) -> None:
    send(application, member, office=False)
    officers = [factories.make_user(Role.OFFICER) for _ in range(2)]
    assert messages.count_unread_by_office(application) == 1
    page = messages.page_of(application, user_id=officers[0].id, for_office=True)
    messages.mark_read(page.letters, user_id=officers[0].id, now=MOMENT)
    assert messages.count_unread_by_office(application) == 0
    (letter,) = messages.page_of(application, user_id=officers[1].id, for_office=True).letters
    assert letter.unread


@pytest.mark.parametrize("delivery", ["waiting", "uncertain", "sent"])
def test_the_sender_sees_how_the_notification_fares(
    application: Application, officer: User, delivery: str
) -> None:
    send(application, officer, office=True)
    db.session.execute(update(Mail).values(delivery=delivery))
    (letter,) = messages.page_of(application, user_id=officer.id, for_office=True).letters
    assert letter.deliveries == (delivery,)


def test_a_notification_that_was_given_up_failed(application: Application, officer: User) -> None:
    send(application, officer, office=True)
    db.session.execute(update(OutboxRow).where(OutboxRow.topic == "mail").values(dead_at=MOMENT))
    (letter,) = messages.page_of(application, user_id=officer.id, for_office=True).letters
    assert letter.deliveries == ("failed",)


def test_pages_follow_by_key_and_miss_nothing(application: Application, member: User) -> None:
    sent = [
        Message(
            application_id=application.id,
            from_office=False,
            author_id=member.id,
            body=f"Bericht {number}",
            sent_at=MOMENT,
        )
        for number in range(2 * messages.PAGE + 1)
    ]
    db.session.add_all(sent)
    db.session.flush()
    found: list[str] = []
    before: int | None = None
    while True:
        page = messages.page_of(application, user_id=member.id, for_office=False, before=before)
        found += [one.body for one in page.letters]
        before = page.next_before
        if before is None:
            break
    assert found == [one.body for one in reversed(sent)]


def test_a_page_costs_the_same_for_one_and_for_three(
    application: Application, member: User, officer: User
) -> None:
    for number in (1, 3):
        while len(messages.page_of(application, user_id=member.id, for_office=False).letters) < number:
            send(application, officer, f"Bericht {len(mails())}", office=True)
        with QueryCount() as counted:
            messages.page_of(application, user_id=member.id, for_office=False)
        assert counted.count == 3


def test_the_office_finds_unread_files_of_its_own_rounds_longest_waiting_first(
    application: Application, member: User, officer: User
) -> None:
    other = factories.make_application(application.round, member=factories.make_user(Role.APPLICANT))
    conflicted = factories.make_application(application.round, member=factories.make_user(Role.APPLICANT))
    factories.make_review(conflicted, officer, declared_at=MOMENT, conflict="Familie")
    for file in (other, application, conflicted):
        send(file, member, office=False)
    send(other, member, "En nog iets.", office=False)
    actor = actor_of(officer)
    reach = reach_of(actor, *OFFICE)
    rounds = incoming.rounds_to_answer(reach, actor)
    assert [(one.application_id, one.number) for one in incoming.find_files(reach, rounds).files] == [
        (other.id, 2),
        (application.id, 1),
    ]
    assert incoming.counts(reach, rounds) == (3, 0)
    first = incoming.find_files(reach, rounds).files[0]
    assert [one.application_id for one in incoming.find_files(reach, rounds, after=first.first_id).files] == [
        application.id
    ]


def test_who_cannot_answer_has_nothing_waiting(application: Application, member: User) -> None:
    send(application, member, office=False)
    chair = actor_of(factories.make_user(Role.CHAIR))
    assert incoming.rounds_to_answer(reach_of(chair, *OFFICE), chair) == []
