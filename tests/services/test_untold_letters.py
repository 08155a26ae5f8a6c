"""Letters that waited for the post while paper was asked: when that ends, somebody is told of them."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from subsidy import jobs
from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import Application, Letter, Mail, User
from subsidy.services import file_store, letters, paper_requests
from subsidy.services.letters import keep_drawn
from tests import factories
from tests.conftest import MOMENT
from workflows.correspondence import ProcedureKind
from workflows.permissions import Role

ADDRESS = "Dorpsstraat 1\n1234 AB Zoetermeer"
DAY = MOMENT.date() + timedelta(days=14)
FACTS: dict[ProcedureKind, dict[str, Any]] = {
    ProcedureKind.SUPPLEMENT: {"sections": ["Plan van aanpak"]},
    ProcedureKind.REBUTTAL: {"most_words": 800},
    ProcedureKind.HEARING: {},
    ProcedureKind.DELAY: {},
    ProcedureKind.WITHDRAWN: {},
    ProcedureKind.RECEIPT: {},
}
WITHOUT_TERM = {ProcedureKind.RECEIPT, ProcedureKind.WITHDRAWN}


@pytest.fixture
def member(app: Flask) -> User:
    assert app.testing
    return factories.make_user(Role.APPLICANT, locale="nl")


@pytest.fixture
def file(member: User) -> Application:
    """An application of which letters go by post."""
    found = factories.make_application(factories.make_round(), "submitted", member=member)
    paper_requests.ask(found, ADDRESS, actor=actor_of(member), now=MOMENT)
    return found


def ordered(file: Application, kind: ProcedureKind, *, is_placed: bool = True) -> Letter:
    last_day = None if kind in WITHOUT_TERM else DAY
    letter = letters.order(
        file, kind, of="1", facts=FACTS[kind], dated=MOMENT.date(), now=MOMENT, last_day=last_day
    )
    if is_placed:
        stored = file_store.put(kind.encode(), media_type="application/pdf", now=MOMENT)
        keep_drawn(letter, stored.sha256)
        letters.place(letter, at=MOMENT)
    return letter


@pytest.mark.parametrize("kind", ProcedureKind)
def test_each_kind_is_told_with_what_it_asks_and_until_when(
    file: Application, member: User, kind: ProcedureKind
) -> None:
    letter = ordered(file, kind)
    assert paper_requests.end(file, actor=actor_of(member), now=MOMENT + timedelta(hours=1))
    (mail,) = db.session.scalars(select(Mail).where(Mail.letter_id == letter.id))
    assert mail.recipient == member.email
    assert file.reference is not None
    assert file.reference in mail.subject
    assert f"/aanvragen/{file.id}/post/{letter.id}" in mail.body
    assert ("24 maart 2026" in mail.body) is (kind not in WITHOUT_TERM)
    assert "None" not in mail.subject + mail.body


def test_it_goes_once_and_the_letter_knows(file: Application, member: User) -> None:
    letter = ordered(file, ProcedureKind.HEARING)
    paper_requests.end(file, actor=actor_of(member), now=MOMENT)
    assert not paper_requests.end(file, actor=actor_of(member), now=MOMENT)
    db.session.commit()
    jobs.drain_here(10)
    db.session.refresh(letter)
    assert letter.notified_at == MOMENT
    (mail,) = db.session.scalars(select(Mail).where(Mail.letter_id == letter.id))
    assert mail.delivery == "sent"


def test_what_was_posted_is_not_told_again(file: Application, member: User) -> None:
    letter = ordered(file, ProcedureKind.DELAY)
    letters.mark_posted(letter, at=MOMENT, by=factories.make_user(Role.OFFICER).id)
    paper_requests.end(file, actor=actor_of(member), now=MOMENT)
    assert db.session.scalars(select(Mail).where(Mail.letter_id == letter.id)).all() == []
