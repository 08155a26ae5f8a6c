"""Sending in under pressure, and what a draft lacks."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from subsidy.db import db
from subsidy.documents import receipts
from subsidy.models import Application, Event, Mail, Round, User
from subsidy.services import applications, completeness, entries, file_store, following, reference, snapshots
from subsidy.services.applications import ClashError, IncompleteError, NotWritableError
from subsidy.services.completeness import Status
from subsidy.services.deadlines import decision_term_of
from subsidy.services.entries import (
    BudgetEntry,
    BudgetItem,
    Entry,
    ParticipantEntry,
    PartnersEntry,
    RegionEntry,
)
from tests.factories import MOMENT, make_application, make_round, make_user
from workflows.definition import SectionKind
from workflows.kinds import KINDS
from workflows.machine import TransitionError
from workflows.permissions import Actor, Grant, Role


def actor(user: User) -> Actor:
    return Actor(user_id=user.id, grants=frozenset({Grant(Role.APPLICANT)}))


@pytest.fixture
def applicant(app: Flask) -> User:
    return make_user(Role.APPLICANT)


def test_ten_that_send_in_at_once_get_ten_references(real_app: Flask) -> None:
    with real_app.app_context():
        user = make_user(Role.APPLICANT)
        round_ = make_round("netwerk", number=3)
        make_application(round_, reference="NET3-0004")  # an imported one that is there already
        ids = [make_application(round_, "draft", member=user).id for _ in range(10)]
        who = actor(user)
        db.session.commit()

    def send_in(application_id: int) -> str | None:
        with real_app.app_context():
            application = db.session.get_one(Application, application_id)
            applications.submit(application, actor=who, now=MOMENT)
            db.session.commit()
            return application.reference

    with ThreadPoolExecutor(5) as pool:
        given = sorted(str(one) for one in pool.map(send_in, ids))
    assert given == [f"NET3-{number:04d}" for number in (1, 2, 3, 5, 6, 7, 8, 9, 10, 11)]


def test_one_application_sent_in_by_two_at_once_is_sent_in_once(real_app: Flask) -> None:
    with real_app.app_context():
        user = make_user(Role.APPLICANT)
        application_id = make_application(make_round(), "draft", member=user).id
        who = actor(user)
        db.session.commit()

    def send_in(_attempt: int) -> bool:
        with real_app.app_context():
            application = db.session.get_one(Application, application_id)
            try:
                applications.submit(application, actor=who, now=MOMENT)
            except TransitionError:
                db.session.rollback()
                return False
            db.session.commit()
            return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(send_in, range(4))) == [False, False, False, True]
    with real_app.app_context():
        assert db.session.scalars(select(Round.references_given)).one() == 1
        assert db.session.scalars(select(Event.name)).all() == ["application.submitted"]


def test_two_that_save_at_once_never_overwrite_each_other(real_app: Flask) -> None:
    with real_app.app_context():
        application = make_application(make_round(), "draft", member=make_user(Role.APPLICANT))
        definition = snapshots.definition_of(application.round)
        section = next(one for one in definition.sections if one.kind is SectionKind.PROJECT)
        stored = entries.stored_entry(application, section)
        application_id = application.id
        db.session.commit()

    def save(title: str) -> str:
        with real_app.app_context():
            mine = replace(stored, own=replace(stored.own, title=title))  # type: ignore[type-var]
            one = db.session.get_one(Application, application_id)
            try:
                applications.save_section(one, section, mine, seen=stored.fingerprint, now=MOMENT)
            except ClashError:
                db.session.rollback()
                return "clash"
            db.session.commit()
            return title

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(save, ["een", "twee", "drie", "vier"]))
    assert outcomes.count("clash") == 3
    with real_app.app_context():
        (saved,) = [outcome for outcome in outcomes if outcome != "clash"]
        assert db.session.get_one(Application, application_id).title == saved


def test_an_entry_reads_back_as_it_was_written(applicant: User) -> None:
    application = make_application(make_round(), "draft", member=applicant)
    by_kind = {one.kind: one for one in snapshots.definition_of(application.round).sections}
    known = reference.reference_of(application.round.reference_version)
    lead = ParticipantEntry("Stichting", "burgers", "12345678")
    partners = tuple(ParticipantEntry(f"Partner {n}", "overig") for n in range(5))
    lines = tuple(BudgetItem("cost", "personeel", f"Regel {n}", n + 1) for n in range(3))
    for kind, own in (
        (SectionKind.PARTNERS, PartnersEntry(lead, partners)),
        (SectionKind.PARTNERS, PartnersEntry(None, partners[:2])),
        (SectionKind.REGION, RegionEntry("Regio", ("GM0518", "GM0637"), ("WK051801", "WK063701"), 12)),
        (SectionKind.REGION, RegionEntry("Regio", ("GM0637",))),
        (SectionKind.BUDGET, BudgetEntry(100, lines)),
        (SectionKind.BUDGET, BudgetEntry(7, (*lines[1:], BudgetItem("own", "", "Uren", 9)))),
        (SectionKind.BUDGET, BudgetEntry()),
    ):
        entry = Entry(own)
        entries.write_entry(application, by_kind[kind], entry, known)
        db.session.commit()
        db.session.expire_all()
        assert entries.stored_entry(application, by_kind[kind]) == entry
    assert application.cofinancing_cents is None


def test_an_answer_is_taken_away_without_touching_other_sections(applicant: User) -> None:
    application = make_application(
        make_round(), "draft", member=applicant, answers={"approach": "Zo", "goal": "Dit"}
    )
    plan = next(one for one in snapshots.definition_of(application.round).sections if one.id == "plan")
    known = reference.reference_of(application.round.reference_version)
    entries.write_entry(application, plan, Entry(), known)
    db.session.commit()
    db.session.expire_all()
    assert application.answers == {"goal": "Dit"}


def test_a_new_draft_lacks_what_it_cannot_be_sent_in_without(applicant: User) -> None:
    application = applications.start(make_round(), actor=actor(applicant), now=MOMENT)
    definition = snapshots.definition_of(application.round)
    lacking = completeness.missing(application, definition)
    assert [one.code for one in lacking if one.blocking] == [
        "title",
        "months",
        "lead",
        "region_name",
        "municipalities",
        "requested",
    ]
    statuses = {one.section.id: one.status for one in completeness.progress(application, definition)}
    assert statuses["project"] is Status.NOT_STARTED
    assert statuses["attachments"] is Status.OPTIONAL
    with pytest.raises(IncompleteError):
        applications.submit(application, actor=actor(applicant), now=MOMENT)


def test_a_section_is_complete_when_nothing_is_missing(applicant: User) -> None:
    application = make_application(make_round(), "draft", member=applicant)
    definition = snapshots.definition_of(application.round)
    statuses = {one.section.id: one.status for one in completeness.progress(application, definition)}
    assert statuses["project"] is Status.IN_PROGRESS
    project = next(one for one in definition.sections if one.id == "project")
    application.answers = {question.id: "Antwoord" for question in project.questions} | {
        "own_other_money": False
    }
    statuses = {one.section.id: one.status for one in completeness.progress(application, definition)}
    assert statuses["project"] is Status.COMPLETE


def test_an_application_that_was_sent_in_is_not_thrown_away(applicant: User) -> None:
    application = make_application(make_round(), "submitted", member=applicant)
    with pytest.raises(NotWritableError):
        applications.discard(application, actor=actor(applicant), now=MOMENT)


def test_the_term_to_decide_counts_the_days_of_a_supplement() -> None:
    round_ = Round(closes_at=datetime(2026, 3, 31, 12, tzinfo=UTC))
    supplement = applications.Supplement(
        requested_at=datetime(2026, 4, 7, 9, tzinfo=UTC),
        last_day=datetime(2026, 4, 21, tzinfo=UTC).date(),
        supplied_at=datetime(2026, 4, 17, 9, tzinfo=UTC),
    )

    def decide_by(supplement: applications.Supplement | None, delayed_to: date | None = None) -> date:
        return decision_term_of(
            round_,
            KINDS["netwerk"],
            submitted_at=datetime(2026, 3, 10, tzinfo=UTC),
            supplement=supplement,
            today=date(2026, 5, 1),
            delayed_to=delayed_to,
        ).last_day

    assert decide_by(supplement) == decide_by(None) + timedelta(days=9)
    assert decide_by(supplement, date(2026, 10, 1)) == date(2026, 10, 1)
    assert decide_by(supplement, date(2026, 9, 1)) == decide_by(supplement)  # it stood still past that day


def test_a_receipt_is_made_once_whatever_the_number_of_attempts(applicant: User) -> None:
    application = make_application(make_round(), "draft", member=applicant)
    applications.submit(application, actor=actor(applicant), now=MOMENT)
    db.session.commit()
    payload = {"application_id": application.id, "version": application.version}
    receipts.make_receipt(payload)
    receipts.make_receipt(payload)
    (mail,) = db.session.scalars(select(Mail)).all()
    sha256 = following.receipt_of(application)
    assert mail.attachment_sha256 == sha256
    assert sha256 is not None
    assert file_store.read(sha256).startswith(b"%PDF-")
    assert db.session.scalars(select(Event.name).order_by(Event.id)).all() == [
        "application.submitted",
        "application.receipt_made",
    ]


def test_a_receipt_holds_everything_that_was_entered(applicant: User) -> None:
    application = make_application(
        make_round(), "draft", member=applicant, answers={"approach": "Stap voor stap"}
    )
    applications.submit(application, actor=actor(applicant), now=MOMENT)
    db.session.commit()
    content = receipts.content_of(application, applicant)
    rows = {row.label: row.value for section in content.sections for row in section.rows}
    assert "Stap voor stap" in rows.values()
    assert (content.data["title"], content.data["requested_cents"]) == (application.title, 1_000_000)
    assert content.data["answers"] == {"approach": "Stap voor stap"}
    assert content.reference == application.reference
    # Who takes part, and who confirmed that.
    assert [len(table.rows) for one in content.sections for table in one.tables] == [4, 4]
    assert isinstance(content.data["sections"], dict)
    assert list(content.data["sections"]) == [one.id for one in KINDS["netwerk"].sections]
    assert content.created_at == MOMENT
