"""What was sent in stays, whatever is written after it."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Application, Attachment, SentVersion, StoredFile, Supplement, User
from subsidy.services import (
    applications,
    attachments,
    entries,
    findings,
    reference,
    screening,
    sent_content,
    sent_versions,
    snapshots,
)
from subsidy.services.answers import answers_of
from subsidy.services.entries import Entry, ProjectEntry, stored_entry
from tests.conftest import Clock, QueryCount
from tests.factories import MOMENT, make_application, make_round, make_user
from workflows.definition import Section, SectionKind
from workflows.permissions import Actor, Grant, Role

TEXT = st.text(st.characters(exclude_categories=["C"]), max_size=20)
SHA = "ab" * 32


@pytest.fixture
def applicant(app: Flask) -> User:
    return make_user(Role.APPLICANT)


@pytest.fixture
def officer(app: Flask) -> User:
    return make_user(Role.OFFICER)


def actor(user: User, role: Role = Role.APPLICANT) -> Actor:
    return Actor(user_id=user.id, grants=frozenset({Grant(role)}))


def section_of(application: Application, kind: SectionKind) -> Section:
    definition = snapshots.definition_of(application.round)
    return next(one for one in definition.sections if one.kind is kind)


def write(application: Application, **changes: Any) -> None:
    """Save the project section with other values, as a person does."""
    section = section_of(application, SectionKind.PROJECT)
    now = stored_entry(application, section)
    assert isinstance(now.own, ProjectEntry)
    own = ProjectEntry(**{name: changes.get(name, getattr(now.own, name)) for name in now.own.__slots__})
    applications.save_section(application, section, Entry(own, now.answers), seen=now.fingerprint, now=MOMENT)


def attach(application: Application, name: str, at: timedelta = timedelta()) -> Attachment:
    db.session.merge(StoredFile(sha256=SHA, media_type="application/pdf", size=3, stored_at=MOMENT))
    file = Attachment(
        question="attachments",
        file_name=name,
        media_type="application/pdf",
        size=3,
        sha256=SHA,
        uploaded_at=MOMENT + at,
    )
    application.attachments.append(file)
    db.session.flush()
    return file


def sent(applicant: User, file_name: str = "plan.pdf", **values: Any) -> Application:
    application = make_application(make_round(), "draft", member=applicant, **values)
    attach(application, file_name)
    applications.submit(application, actor=actor(applicant), now=MOMENT)
    db.session.commit()
    return application


def ask_supplement(application: Application, officer: User) -> Supplement:
    asked = screening.request_supplement(
        application,
        asked="De samenvatting is te kort.",
        sections=["project"],
        actor=actor(officer, Role.OFFICER),
        now=MOMENT,
    )
    db.session.commit()
    return asked


def test_what_is_sent_in_is_kept_at_each_sending_in(applicant: User, officer: User) -> None:
    application = sent(applicant, title="Eerst")
    ask_supplement(application, officer)
    write(application, title="Daarna")
    applications.supplement(application, actor=actor(applicant), now=MOMENT)
    db.session.commit()
    kept = db.session.scalars(select(SentVersion).order_by(SentVersion.version)).all()
    assert [one.content["sections"]["project"]["title"] for one in kept] == ["Eerst", "Daarna"]
    assert [one.version for one in kept] == [1, application.version]


def test_the_office_reads_what_was_sent_while_a_supplement_is_written(applicant: User, officer: User) -> None:
    application = sent(applicant, title="Verzonden", answers={"approach": "Zo", "own_other_money": False})
    ask_supplement(application, officer)
    write(application, title="Half geschreven", months=3, gets_other_money=True)
    attach(application, "nieuw.pdf", timedelta(days=1))
    db.session.commit()

    reading = sent_versions.as_sent(application)
    assert (reading.title, reading.months, reading.id) == ("Verzonden", 6, application.id)
    assert [one.file_name for one in reading.attachments] == ["plan.pdf"]
    assert reading.answers == {"approach": "Zo", "own_other_money": False}
    assert [one.name for one in reading.participations] == [one.name for one in application.participations]
    definition = snapshots.definition_of(application.round)
    known = reference.reference_of(application.round.reference_version)
    words = str(answers_of(reading, definition, known))
    assert "Verzonden" in words
    assert "Half geschreven" not in words
    assert snapshots.application_snapshot(application).title == "Verzonden"
    assert snapshots.application_snapshot(application, as_typed=True).title == "Half geschreven"
    (whole,) = snapshots.application_snapshots(application.round)
    assert (whole.title, whole.months) == ("Verzonden", 6)
    assert application.title == "Half geschreven"
    db.session.commit()
    db.session.expire_all()
    assert db.session.get_one(Application, application.id).title == "Half geschreven"
    assert db.session.scalars(select(Application.id)).all() == [application.id]


def test_a_supplement_that_was_not_handed_in_was_never_written(
    applicant: User, officer: User, clock: Clock
) -> None:
    application = sent(applicant, title="Verzonden", answers={"approach": "Zo"})
    asked = ask_supplement(application, officer)
    before = sent_content.content_of(application, snapshots.definition_of(application.round))
    write(application, title="Half geschreven", months=40, gets_other_money=True)
    attach(application, "nieuw.pdf", timedelta(days=1))
    db.session.commit()
    clock.now = MOMENT + (asked.last_day - MOMENT.date()) + timedelta(days=1)
    screening.expire_supplement_job({"application_id": application.id})
    db.session.commit()
    db.session.expire_all()
    stored = db.session.get_one(Application, application.id)
    assert (stored.state, stored.title, stored.months) == ("submitted", "Verzonden", 6)
    assert sent_content.content_of(stored, snapshots.definition_of(stored.round)) == before
    assert [one.file_name for one in stored.attachments] == ["plan.pdf"]
    screening.expire_supplement_job({"application_id": application.id})
    assert {one.outcome for one in findings.findings_of(stored) if one.check == "months"} == {"pass"}


def test_a_file_that_came_while_sending_in_waited_is_sent_along(applicant: User, officer: User) -> None:
    application = make_application(make_round(), "draft", member=applicant)
    first = attach(application, "plan.pdf", timedelta(seconds=2))
    applications.submit(application, actor=actor(applicant), now=MOMENT)
    assert attachments.readable(first, own=False)
    ask_supplement(application, officer)
    later = attach(application, "later.pdf", timedelta(hours=2, seconds=2))
    assert not attachments.readable(later, own=False)
    applications.supplement(application, actor=actor(applicant), now=MOMENT + timedelta(hours=2))
    assert attachments.readable(later, own=False)


def test_withdrawing_lets_go_of_a_half_written_supplement(applicant: User, officer: User) -> None:
    application = sent(applicant, title="Verzonden")
    ask_supplement(application, officer)
    write(application, title="Half geschreven")
    applications.withdraw(application, actor=actor(applicant), now=MOMENT, reason="")
    db.session.commit()
    db.session.expire_all()
    stored = db.session.get_one(Application, application.id)
    assert (stored.state, stored.title) == ("withdrawn", "Verzonden")


def test_what_came_in_before_versions_were_kept_is_kept_when_a_supplement_is_asked(
    applicant: User, officer: User
) -> None:
    application = make_application(make_round(), member=applicant, title="Van vroeger")
    ask_supplement(application, officer)
    write(application, title="Half geschreven")
    assert sent_versions.as_sent(application).title == "Van vroeger"


def test_reading_what_was_sent_costs_one_query_more_for_any_number(
    applicant: User, officer: User, count_queries: type[QueryCount]
) -> None:
    round_ = make_round()
    counts = []
    for asked in (False, True, True, True):
        application = make_application(round_, member=applicant)
        if asked:
            ask_supplement(application, officer)
        snapshots.application_snapshots(round_)  # the round and the municipalities are read once
        with count_queries() as counted:
            snapshots.application_snapshots(round_)
        counts.append(counted.count)
    assert counts == [8, 9, 9, 9]


@pytest.mark.parametrize("kind", list(sent_content.OWN))
def test_every_entry_comes_back_from_json(kind: SectionKind) -> None:
    """Random values of every field that an entry has, today or later."""
    cls = type(entries.EMPTY[kind].own)
    st.register_type_strategy(str, TEXT)
    st.register_type_strategy(date, st.dates())

    @settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
    @given(st.from_type(cls))
    def comes_back(entry: Any) -> None:
        adapter: TypeAdapter[Any] = sent_content.OWN[kind]
        as_json = adapter.dump_python(entry, mode="json")
        assert adapter.validate_json(adapter.dump_json(entry)) == entry
        assert adapter.validate_python(as_json) == entry

    comes_back()
