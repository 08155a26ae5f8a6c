"""The mail room: what goes by post today in one PDF, each from a right-hand page, and posted at once."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pypdfium2
import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from subsidy import jobs
from subsidy.access import actor_of
from subsidy.db import db
from subsidy.documents.receipts import make_receipt
from subsidy.models import Application, Decision, Event, Letter, MailRun
from subsidy.services import events, file_store, letters, mail_runs, paper_requests, posting
from subsidy.services.advance import NotAllowedError
from subsidy.services.mail_runs import NothingToPostError
from subsidy.services.posting import ReplacedError
from tests.conftest import MOMENT, Clock
from tests.factories import make_user
from tests.services.announced import propose
from tests.services.rounds import Scene, make_scene
from workflows.correspondence import ProcedureKind
from workflows.permissions import Role

pytestmark = pytest.mark.slow

MORNING = datetime(2026, 3, 17, 8, 0, tzinfo=UTC)
ADDRESS = "Stichting Samen\nDorpsstraat 1\n1234 AB Zoetermeer"
SHEET_PAGES = 2


def on_paper(application: Application, scene: Scene, *, now: datetime = MOMENT) -> None:
    paper_requests.ask(application, ADDRESS, actor=scene.proposer, now=now)


def confirmed(*, before: int = 0, after: int = 0, scores: tuple[int, ...] = (5, 4, 3)) -> Scene:
    """Confirm decisions for the 17th; of so many paper was asked before their letter was drawn, or after."""
    scene = make_scene(scores)
    for application in scene.applications[:before]:
        on_paper(application, scene)
    for decision in propose(scene):
        scene.confirm(decision)
    for application in scene.applications[before : before + after]:
        on_paper(application, scene, now=MOMENT + timedelta(hours=1))
    db.session.commit()
    return scene


def text_of(page: pypdfium2.PdfPage) -> str:
    return str(page.get_textpage().get_text_range())


def made(scene: Scene) -> MailRun:
    run = mail_runs.ask(scene.round, actor=scene.proposer, now=MORNING)
    return finished(run)


def finished(run: MailRun) -> MailRun:
    """Make it, as the worker does."""
    db.session.commit()
    jobs.handler_of(mail_runs.TOPIC)({"mail_run_id": run.id})
    db.session.refresh(run)
    assert run.finished_at is not None
    return run


def pages_of(run: MailRun) -> list[str]:
    document = pypdfium2.PdfDocument(file_store.read(run.pdf_sha256 or ""))
    return [text_of(page) for page in document]


def rows_of(run: MailRun) -> list[tuple[object, ...]]:
    book = CalamineWorkbook.from_filelike(BytesIO(file_store.read(run.list_sha256 or "")))
    return [tuple(row) for row in book.get_sheet_by_index(0).to_python()]


@pytest.fixture
def here(app: Flask, clock: Clock) -> Clock:  # the scenes are in its database
    """The morning of the announcement."""
    clock.now = MORNING
    return clock


@pytest.mark.usefixtures("here")
def test_every_letter_starts_on_a_right_hand_page_at_its_address() -> None:
    scene = confirmed(before=1, after=1)
    run = made(scene)
    first, second, _third = scene.applications
    assert run.letters == 2
    pages = pages_of(run)
    assert len(pages) % 2 == 0
    openings = [number for number, text in enumerate(pages) if "Onderwerp:" in text]
    assert [number % 2 for number in openings] == [0, 0]
    drawn_with, drawn_without = (pages[number] for number in openings)
    assert (first.reference or "", "Dorpsstraat 1" in drawn_with) == (first.reference, True)
    assert first.reference is not None
    assert first.reference in drawn_with
    assert "Dorpsstraat 1" not in drawn_without
    sheet = pages[openings[1] - SHEET_PAGES]
    assert "1234 AB Zoetermeer" in sheet
    assert "Onderwerp" not in sheet
    assert pages[openings[1] - 1] == ""
    assert "Postlijst" in pages[0]
    assert "Dorpsstraat 1" in pages[0]
    assert "adresblad" in pages[0]
    headings, *rows = rows_of(run)
    assert headings[1] == "kenmerk"
    assert [(row[0], row[1], row[4], row[8]) for row in rows] == [
        (1, first.reference, "Stichting Samen, Dorpsstraat 1, 1234 AB Zoetermeer", ""),
        (2, second.reference, "Stichting Samen, Dorpsstraat 1, 1234 AB Zoetermeer", "ja"),
    ]


@pytest.mark.usefixtures("here")
def test_the_same_run_twice_is_one_until_something_changes() -> None:
    scene = confirmed(before=2)
    run = mail_runs.ask(scene.round, actor=scene.proposer, now=MORNING)
    assert mail_runs.ask(scene.round, actor=scene.confirmer, now=MORNING).id == run.id
    finished(run)
    assert mail_runs.ask(scene.round, actor=scene.confirmer, now=MORNING).id == run.id
    on_paper(scene.applications[2], scene, now=MORNING + timedelta(minutes=1))
    second = mail_runs.ask(scene.round, actor=scene.proposer, now=MORNING + timedelta(minutes=2))
    assert second.id != run.id
    finished(second)
    assert [one.mail_run_id for one in mail_runs.in_run(second)] == [second.id] * 3
    with pytest.raises(ReplacedError):
        posting.post_run(scene.round, run, actor=scene.proposer, now=MORNING)


@pytest.mark.usefixtures("here")
def test_posted_announces_the_decisions_of_the_run_once() -> None:
    scene = confirmed(before=2)
    (waiting,) = [letters.order(
        scene.applications[0], ProcedureKind.DELAY, of="1",
        facts={"organisation": "Stichting Samen"}, dated=date(2026, 3, 16), now=MOMENT,
    )]  # fmt: skip
    stored = file_store.put(
        file_store.read(db.session.scalars(select(Decision.letter_sha256)).all()[0] or ""),
        media_type="application/pdf",
        now=MOMENT,
    )
    letters.keep_drawn(waiting, stored.sha256)
    db.session.refresh(waiting)
    letters.place(waiting, at=MOMENT)
    run = made(scene)
    assert run.letters == 3
    outcome = posting.post_run(scene.round, run, actor=scene.proposer, now=MORNING)
    assert outcome == (3, 0)
    assert posting.post_run(scene.round, run, actor=scene.confirmer, now=MORNING) == (0, 0)
    told = db.session.scalars(
        select(Event.name).where(Event.name.endswith("posted")).order_by(Event.id)
    ).all()
    assert told == ["decision.posted", "decision.posted", "application.letter_posted"]
    rows = db.session.execute(
        select(Letter.posted_at, Letter.posted_by, Letter.notified_at).where(Letter.mail_run_id == run.id)
    ).all()
    assert {tuple(row) for row in rows} == {(MORNING, scene.proposer.user_id, None)}
    assert (run.posted_at, run.posted_by) == (MORNING, scene.proposer.user_id)
    with pytest.raises(NothingToPostError):
        mail_runs.ask(scene.round, actor=scene.proposer, now=MORNING)
    assert list(events.verify()) == []


@pytest.mark.usefixtures("here")
def test_a_decision_whose_day_went_by_is_not_recorded_as_posted() -> None:
    scene = confirmed(before=1)
    run = made(scene)
    later = MORNING + timedelta(days=1)
    assert posting.post_run(scene.round, run, actor=scene.proposer, now=later) == (0, 1)
    assert db.session.scalars(select(Decision.announced_at)).all() == [None] * 3


@pytest.mark.usefixtures("here")
def test_a_damaged_letter_is_left_out_and_named() -> None:
    scene = confirmed(before=2)
    first, second = mail_runs.to_post(scene.round, MORNING.date())
    file_store.path_of(first.sha256).write_bytes(b"%PDF-1.7 torn")
    run = made(scene)
    assert (run.letters, run.stopped) == (1, "")
    pages = pages_of(run)
    assert "Niet afgedrukt" in pages[0]
    assert f"{first.reference}: " in pages[0]
    assert [row[1:2] + row[9:] for row in rows_of(run)[1:]] == [
        (second.reference, "ja"),
        (first.reference, "nee: bestand beschadigd"),
    ]
    posting.post_run(scene.round, run, actor=scene.proposer, now=MORNING)
    announced = db.session.scalars(
        select(Decision.application_id).where(Decision.announced_at.is_not(None))
    ).all()
    assert announced == [second.application_id]


@pytest.mark.usefixtures("here")
def test_a_run_of_damaged_letters_alone_has_no_pdf() -> None:
    scene = confirmed(before=1)
    (only,) = mail_runs.to_post(scene.round, MORNING.date())
    file_store.path_of(only.sha256).unlink()
    run = made(scene)
    assert (run.letters, run.stopped, run.pdf_sha256) == (0, "nothing", None)
    with pytest.raises(ReplacedError):
        posting.post_run(scene.round, run, actor=scene.proposer, now=MORNING)


@pytest.mark.usefixtures("here")
def test_nothing_to_post_and_who_may_not() -> None:
    scene = confirmed()
    with pytest.raises(NothingToPostError):
        mail_runs.ask(scene.round, actor=scene.proposer, now=MORNING)
    with pytest.raises(NotAllowedError):
        mail_runs.ask(scene.round, actor=actor_of(make_user(Role.CHAIR)), now=MORNING)


@pytest.mark.usefixtures("here")
def test_a_receipt_goes_to_the_organisation_by_name() -> None:
    """The facts of a receipt hold no address, so it gets a sheet: with the name above the street."""
    scene = confirmed(scores=(5,))
    (application,) = scene.applications
    on_paper(application, scene)
    make_receipt({"application_id": application.id, "version": 1})
    run = made(scene)
    lead = next(one.name for one in application.participations if one.lead)
    (receipt,) = [row for row in rows_of(run) if row[5] == "Ontvangstbevestiging"]
    assert receipt[2] == lead
    pages = pages_of(run)
    assert [lead in page for page in pages if "1234 AB Zoetermeer" in page and "Postlijst" not in page] == [
        True,
        True,
    ]
