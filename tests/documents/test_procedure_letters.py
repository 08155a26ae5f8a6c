"""Letters of the procedure from the step that orders them to the notification that was sent."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from subsidy import jobs
from subsidy.access import actor_of
from subsidy.db import db
from subsidy.documents import procedure_letters, receipts
from subsidy.models import Application, Event, Letter, Mail, OutboxRow, PaperRequest, User
from subsidy.services import applications, delays, file_store, hearings, letter_orders, mail, screening
from subsidy.services.delays import Plan
from subsidy.services.hearings import Plan as View
from subsidy.services.mail import LetterNotDrawnError
from subsidy.services.procedure_facts import SupplementFacts, read_facts
from tests import factories
from tests.conftest import MOMENT, Clock
from tests.documents.reading import text_of
from tests.services.rebuttals import hearing as reviewed
from workflows.correspondence import EXPECTED, ProcedureKind
from workflows.permissions import Role
from workflows.terms import rebuttal_term, supplement_term

TODAY = MOMENT.date()


@pytest.fixture(autouse=True)
def _in_a_request(app: Flask) -> Iterator[None]:
    """A mail holds addresses of pages, so it is written while a request is answered."""
    with app.test_request_context():
        yield


@pytest.fixture
def officer(app: Flask) -> User:
    assert app.testing
    return factories.make_user(Role.OFFICER)


@pytest.fixture
def member(officer: User) -> User:
    assert officer.id
    return factories.make_user(Role.APPLICANT)


def ask_supplement(officer: User, member: User) -> Application:
    file = factories.make_application(factories.make_round(), member=member)
    screening.request_supplement(
        file, asked="De begroting ontbreekt.", sections=["budget"], actor=actor_of(officer), now=MOMENT
    )
    return file


def ask_view(officer: User, member: User) -> Application:
    file = factories.make_application(factories.make_round(), "advised", member=member)
    plan = View(("wrong_data",), "Wij willen afwijzen.", "De stichting is opgeheven.", date(2026, 3, 24))
    hearings.open_hearing(file, plan, actor=actor_of(officer), now=MOMENT)
    return file


def put_off(officer: User, member: User) -> Application:
    file = factories.make_application(factories.make_round(), "advised", member=member)
    stands = delays.clock_of(file, today=TODAY)
    plan = Plan(stands.ends_on + timedelta(days=14), "De commissie heeft meer tijd nodig.")
    delays.notify(file, plan, actor=actor_of(officer), now=MOMENT)
    return file


def withdraw(officer: User, member: User) -> Application:
    assert officer.id
    file = factories.make_application(factories.make_round(), member=member)
    applications.withdraw(file, actor=actor_of(member), now=MOMENT, reason="")
    return file


ORDERS: Mapping[ProcedureKind, Callable[[User, User], Application]] = {
    ProcedureKind.SUPPLEMENT: ask_supplement,
    ProcedureKind.HEARING: ask_view,
    ProcedureKind.DELAY: put_off,
    ProcedureKind.WITHDRAWN: withdraw,
}


def letter_of(file: Application) -> Letter:
    (letter,) = db.session.scalars(select(Letter).where(Letter.application_id == file.id))
    return letter


def work_of(letter: Letter) -> OutboxRow:
    key = f"procedure_letter:{letter.id}"
    return db.session.scalars(select(OutboxRow).where(OutboxRow.key == key)).one()


def draw(letter: Letter) -> None:
    row = work_of(letter)
    jobs.handler_of(row.topic)(row.payload)


def placed_events(file: Application) -> list[Event]:
    query = select(Event).where(Event.application_id == file.id, Event.name == procedure_letters.PLACED)
    return list(db.session.scalars(query))


@pytest.mark.slow
@pytest.mark.parametrize("kind", ORDERS)
def test_it_is_ordered_once_drawn_once_placed_and_then_told(
    kind: ProcedureKind, officer: User, member: User, clock: Clock
) -> None:
    file = ORDERS[kind](officer, member)
    letter = letter_of(file)
    assert (letter.kind, letter.dated, letter.expected) == (kind, TODAY, EXPECTED[kind])
    assert letter.sha256 is None
    (told,) = db.session.scalars(select(Mail).where(Mail.letter_id == letter.id))
    assert told.recipient == member.email
    assert f"/aanvragen/{file.id}/post/{letter.id}" in told.body
    with pytest.raises(LetterNotDrawnError):
        mail.deliver({"mail_id": told.id})

    clock.now += timedelta(minutes=1)
    draw(letter)
    draw(letter)
    assert letter.sha256 is not None
    assert letter.placed_at == clock.now
    text = text_of(file_store.read(letter.sha256))
    assert file.title in text
    (event,) = placed_events(file)
    assert event.facts == {"letter": letter.id, "kind": kind.value, "sha256": letter.sha256}

    mail.deliver({"mail_id": told.id})
    assert (told.delivery, letter.notified_at) == ("sent", clock.now)


@pytest.mark.slow
def test_the_reports_are_sent_with_a_letter_that_names_them(app: Flask) -> None:
    held = reviewed(app)
    held.release()
    letter = letter_of(held.application)
    term = rebuttal_term(TODAY, 10)
    assert (letter.kind, letter.last_day) == ("rebuttal", term.last_day)
    assert letter.facts["reports"] == 2
    draw(letter)
    assert letter.sha256 is not None
    text = text_of(file_store.read(letter.sha256))
    assert "Beoordeling 2" in text
    assert letter.placed_at is not None


def test_the_facts_are_those_of_the_moment_that_it_was_ordered(officer: User, member: User) -> None:
    file = ask_supplement(officer, member)
    title = file.title
    file.title = "Iets anders, terwijl zij aanvullen"
    db.session.flush()
    letter = letter_of(file)
    facts = read_facts(letter.kind, letter.facts)
    assert isinstance(facts, SupplementFacts)
    assert (facts.title, facts.organisation, facts.attention) == (title, "Gemeente Zoetermeer", member.name)
    assert facts.sections == ("Begroting",)
    assert facts.term == supplement_term(TODAY, 14)
    content = procedure_letters.content_of(letter)
    assert content.subject == f"Vul uw aanvraag aan: {title}"


def test_who_asked_for_paper_gets_it_by_post_and_no_mail(officer: User, member: User) -> None:
    file = factories.make_application(factories.make_round(), "advised", member=member)
    db.session.add(
        PaperRequest(
            application_id=file.id,
            address="Dorpsstraat 1\n2712 AA Zoetermeer",
            asked_by=officer.id,
            asked_at=MOMENT,
        )
    )
    db.session.flush()
    plan = View(("wrong_data",), "Wij willen afwijzen.", "De stichting is opgeheven.", date(2026, 3, 24))
    hearings.open_hearing(file, plan, actor=actor_of(officer), now=MOMENT)
    letter = letter_of(file)
    assert db.session.scalars(select(Mail).where(Mail.letter_id == letter.id)).all() == []
    content = procedure_letters.content_of(letter)
    assert content.addressee.address_lines == ("Dorpsstraat 1", "2712 AA Zoetermeer")


def test_the_day_of_a_hearing_is_accounted_for_only_where_the_round_gave_it(
    officer: User, member: User
) -> None:
    usual = letter_of(ask_view(officer, member))
    assert usual.facts["term"]["last_day"] == "2026-03-24"
    file = factories.make_application(factories.make_round(), "advised", member=member)
    plan = View(("wrong_data",), "Wij willen afwijzen.", "De stichting is opgeheven.", date(2026, 4, 20))
    hearing = hearings.open_hearing(file, plan, actor=actor_of(officer), now=MOMENT)
    chosen = letter_of(file)
    assert (chosen.facts["term"], chosen.last_day) == (None, date(2026, 4, 20))
    again = letter_orders.order_hearing(file, hearing, hearings.term_of(file, now=MOMENT), now=MOMENT)
    assert again.id == chosen.id


def test_an_application_on_paper_is_answered_by_post(officer: User) -> None:
    file = factories.make_application(factories.make_round(), channel="paper")
    screening.request_supplement(
        file, asked="De begroting ontbreekt.", sections=["budget"], actor=actor_of(officer), now=MOMENT
    )
    letter = letter_of(file)
    assert (letter.facts["online"], letter.facts["attention"]) == (False, "")
    assert db.session.scalars(select(Mail).where(Mail.letter_id == letter.id)).all() == []


def test_a_mail_that_came_too_often_goes_when_its_letter_is_there(officer: User, member: User) -> None:
    letter = letter_of(put_off(officer, member))
    (told,) = db.session.scalars(select(Mail).where(Mail.letter_id == letter.id))
    row = db.session.scalars(select(OutboxRow).where(OutboxRow.key == f"mail:{told.key}")).one()
    row.dead_at = MOMENT
    db.session.flush()
    stored = file_store.put(b"%PDF-1.7", media_type="application/pdf", now=MOMENT)
    assert procedure_letters.place(letter, stored.sha256)
    assert not procedure_letters.place(letter, stored.sha256)
    db.session.refresh(row)
    assert (row.dead_at, row.attempts) == (None, 0)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("locale", "asks"),
    [("nl", "of deze brief echt van ons is"), ("en", "whether this letter is really from us")],
)
def test_the_receipt_is_a_letter_with_a_code_in_the_language_of_who_sent_it_in(
    officer: User, member: User, locale: str, asks: str
) -> None:
    assert officer.id
    member.locale = locale
    file = factories.make_application(factories.make_round(), "draft", member=member)
    applications.submit(file, actor=replace(actor_of(member)), now=MOMENT)
    db.session.commit()
    payload = {"application_id": file.id, "version": file.version}
    receipts.make_receipt(payload)
    receipts.make_receipt(payload)
    letter = letter_of(file)
    assert (letter.kind, letter.dated, letter.facts) == ("receipt", TODAY, {"version": file.version})
    assert letter.placed_at == MOMENT
    assert letter.sha256 is not None
    text = text_of(file_store.read(letter.sha256))
    assert asks in text
    (told,) = db.session.scalars(select(Mail).where(Mail.letter_id == letter.id))
    assert told.attachment_sha256 == letter.sha256
    assert f"/post/{letter.id}" in told.body
    mail.deliver({"mail_id": told.id})
    assert letter.notified_at == MOMENT
