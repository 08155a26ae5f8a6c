"""While a supplement is written, the office and the reviewers read what was sent in."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from subsidy.db import db
from subsidy.models import Application, Attachment, User
from subsidy.services import applications, file_store, screening
from subsidy.services.entries import Entry, PartnersEntry, stored_entry
from subsidy.services.snapshots import definition_of
from tests.factories import MOMENT, make_application, make_review, make_round, make_user
from workflows.definition import SectionKind
from workflows.permissions import Actor, Grant, Role

LogIn = Callable[[User | Role], FlaskClient]
DAY = timedelta(days=1)


def file_of(application: Application, name: str, *, later: bool = False) -> Attachment:
    stored = file_store.put(name.encode(), media_type="application/pdf", now=MOMENT)
    file = Attachment(
        question="attachments",
        file_name=name,
        media_type="application/pdf",
        size=3,
        sha256=stored.sha256,
        uploaded_at=MOMENT + DAY if later else MOMENT - DAY,
    )
    application.attachments.append(file)
    db.session.flush()
    return file


@pytest.fixture
def supplemented(app: Flask) -> Application:
    """Sent in with a partner and a file; while supplementing the partner goes and a file comes."""
    applicant, officer = make_user(Role.APPLICANT), make_user(Role.OFFICER)
    who = Actor(user_id=applicant.id, grants=frozenset({Grant(Role.APPLICANT)}))
    application = make_application(make_round(), "draft", member=applicant, title="Zoals verzonden")
    file_of(application, "verzonden.pdf")
    applications.submit(application, actor=who, now=MOMENT)
    screening.request_supplement(
        application,
        asked="Wie doen er mee?",
        sections=["project", "partners"],
        actor=Actor(user_id=officer.id, grants=frozenset({Grant(Role.OFFICER)})),
        now=MOMENT,
    )
    section = next(
        one for one in definition_of(application.round).sections if one.kind is SectionKind.PARTNERS
    )
    now = stored_entry(application, section)
    assert isinstance(now.own, PartnersEntry)
    fewer = Entry(PartnersEntry(now.own.lead), now.answers)
    applications.save_section(application, section, fewer, seen=now.fingerprint, now=MOMENT + DAY)
    application.title = "Half geschreven"
    file_of(application, "nieuw.pdf", later=True)
    applications.touch(application, now=MOMENT + DAY)
    db.session.commit()
    return application


@pytest.mark.parametrize("page", ["", "/toets"])
def test_the_office_reads_what_was_sent(as_user: LogIn, supplemented: Application, page: str) -> None:
    text = as_user(Role.OFFICER).get(f"/bureau/aanvragen/{supplemented.id}{page}").text
    for there in ("Zoals verzonden", "Bewonersraad Zoetermeer"):
        assert there in text
    for not_there in ("Half geschreven", "nieuw.pdf"):
        assert not_there not in text


def test_the_worklist_shows_what_was_sent(as_user: LogIn, supplemented: Application) -> None:
    slug = supplemented.round.slug
    text = as_user(Role.OFFICER).get(f"/bureau/?ronde={slug}&wacht=supplement").text
    assert "Zoals verzonden" in text
    assert "Half geschreven" not in text


def test_its_own_people_read_what_they_write(as_user: LogIn, supplemented: Application) -> None:
    owner = db.session.get_one(User, supplemented.started_by or supplemented.members[0].user_id)
    text = as_user(owner).get(f"/aanvragen/{supplemented.id}/nakijken").text
    assert "Half geschreven" in text
    assert "Bewonersraad Zoetermeer" not in text


def status(client: FlaskClient, address: str) -> int:
    with client.get(address) as answer:
        return answer.status_code


def test_a_file_that_was_not_handed_in_is_for_its_own_people(
    as_user: LogIn, supplemented: Application
) -> None:
    old, new = supplemented.attachments
    owner = db.session.get_one(User, supplemented.members[0].user_id)
    at = f"aanvragen/{supplemented.id}/bijlagen"
    office, own = as_user(Role.OFFICER), as_user(owner)
    assert [status(office, f"/bureau/{at}/{one.id}") for one in (old, new)] == [200, 404]
    assert [status(own, f"/{at}/{one.id}") for one in (old, new)] == [200, 200]


def test_a_reviewer_reads_what_was_sent(as_user: LogIn, supplemented: Application) -> None:
    reviewer = make_user(Role.REVIEWER)
    review = make_review(supplemented, reviewer, declared_at=MOMENT)
    text = as_user(reviewer).get(f"/beoordelen/{review.id}").text
    assert "Zoals verzonden" in text
    assert "Half geschreven" not in text
