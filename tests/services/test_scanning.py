"""What a virus scanner says, over a real socket, and what follows for the file and its people."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from config import SettingError, from_environment
from subsidy import jobs
from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import Application, Attachment, Event, Mail, Membership, OutboxRow, Signature, User
from subsidy.services import attachments, signatures, signing, virus_scan
from subsidy.services.scanning import scan_attachment, scan_statement
from subsidy.services.signing import Signatory, Statement
from subsidy.services.virus_scan import ScannerError, virus_in
from tests.conftest import Clock
from tests.factories import MOMENT, make_application, make_round, make_user
from tests.services.attached import FakeScanner, attach, fake_scanner, make_pdf
from workflows.kinds import KINDS

SIGNING = KINDS["netwerk"].model_copy(update={"signatures_required": True})
VIRUS = b"stream: Win.Test.EICAR_HDB-1 FOUND\0"


def use_scanner(app: Flask, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], clamd=address))


@pytest.fixture
def scanner(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeScanner]:
    with fake_scanner() as (server, address):
        use_scanner(app, monkeypatch, address)
        yield server


@pytest.fixture
def application(app: Flask) -> Application:
    application = make_application(make_round(), "draft", member=make_user())
    db.session.add(Membership(application_id=application.id, user_id=make_user().id, capacity="edit"))
    db.session.commit()
    return application


def work(topic: str) -> OutboxRow:
    return db.session.scalars(select(OutboxRow).where(OutboxRow.topic == topic)).one()


def topics() -> list[str]:
    return list(db.session.scalars(select(OutboxRow.topic).order_by(OutboxRow.id)))


def test_every_byte_reaches_the_scanner_in_order(scanner: FakeScanner) -> None:
    content = bytes(range(256)) * 1000
    assert virus_in(BytesIO(content)) is None
    assert scanner.got == content


def test_a_scanner_on_a_unix_socket(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with fake_scanner(tmp_path / "clamd.ctl") as (server, address):
        use_scanner(app, monkeypatch, address)
        server.answer = VIRUS
        assert virus_in(BytesIO(b"x")) == "Win.Test.EICAR_HDB-1"


@pytest.mark.parametrize(
    ("answer", "hangs_up_after"),
    [
        (b"", None),
        (b"", 1000),
        (b"INSTREAM size limit exceeded. ERROR\0", 1000),
        (b"UNKNOWN COMMAND\0", None),
        (b"x" * 10_000, None),
    ],
)
def test_no_verdict_is_never_clean(scanner: FakeScanner, answer: bytes, hangs_up_after: int | None) -> None:
    scanner.answer, scanner.hangs_up_after = answer, hangs_up_after
    with pytest.raises(ScannerError):
        virus_in(BytesIO(bytes(10_000_000)))


def test_a_scanner_that_is_silent_is_given_up(scanner: FakeScanner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(virus_scan, "PATIENCE", 0.1)
    scanner.shutdown()  # it still listens, and nobody answers
    with pytest.raises(ScannerError):
        virus_in(BytesIO(b"x"))


def test_without_a_scanner_a_file_is_unscanned_and_drawn(application: Application) -> None:
    assert attach(application, make_pdf()).scan == "unscanned"
    assert topics() == ["pages"]


def test_a_clean_file_is_drawn_after_the_scan(scanner: FakeScanner, application: Application) -> None:
    attachment = attach(application, make_pdf())
    assert (attachment.scan, topics()) == ("waiting", ["scan"])
    application.state, application.reference, application.submitted_at = "submitted", "T-1", MOMENT
    assert attachments.readable(attachment, own=True)
    assert not attachments.readable(attachment, own=False)
    for _ in range(2):  # running twice is fine
        scan_attachment(work("scan").payload)
    assert (attachment.scan, attachment.scanned_at) == ("clean", MOMENT)
    assert topics() == ["scan", "pages"]
    assert attachments.readable(attachment, own=False)
    assert scanner.got == make_pdf()


def test_of_a_virus_everybody_is_told_and_nobody_gets_the_file(
    scanner: FakeScanner, application: Application
) -> None:
    scanner.answer = VIRUS
    attachment = attach(application, make_pdf(), "plan van ons.pdf")
    for _ in range(2):
        scan_attachment(work("scan").payload)
    assert attachment.scan == "infected"
    assert not attachments.readable(attachment, own=True)
    assert "pages" not in topics()
    event = db.session.scalars(select(Event).where(Event.name == "attachment.infected")).one()
    assert event.facts == {
        "sha256": attachment.sha256,
        "question": "support",
        "virus": "Win.Test.EICAR_HDB-1",
    }
    mails = db.session.scalars(select(Mail).order_by(Mail.id)).all()
    people = db.session.scalars(select(User.email).join(Membership).order_by(Membership.id)).all()
    assert [mail.recipient for mail in mails] == list(people)
    assert "plan van ons.pdf" in mails[0].subject
    assert "Steunbrieven van partners" in mails[0].body
    assert f"/aanvragen/{application.id}/onderdelen/attachments" in mails[0].body


def test_the_same_bytes_elsewhere_are_locked_too(scanner: FakeScanner, application: Application) -> None:
    first = attach(application, make_pdf())
    scan_attachment(work("scan").payload)
    assert first.scan == "clean"
    other = make_application(make_round(), "draft", member=make_user())
    scanner.answer = VIRUS
    second = attach(other, make_pdf())
    last = db.session.scalars(select(OutboxRow).order_by(OutboxRow.id.desc()).limit(1)).one()
    scan_attachment(last.payload)
    assert (first.scan, second.scan) == ("infected", "infected")
    told = select(Event.application_id).where(Event.name == "attachment.infected")
    assert set(db.session.scalars(told)) == {application.id, other.id}


def test_a_scanner_that_is_down_lets_the_file_wait(
    app: Flask, monkeypatch: pytest.MonkeyPatch, application: Application, clock: Clock
) -> None:
    with fake_scanner() as (_, address):
        use_scanner(app, monkeypatch, address)
    attachment = attach(application, make_pdf())
    assert jobs.drain_here(300) == 0
    row = work("scan")
    db.session.refresh(row)
    assert (attachment.scan, row.attempts, row.done_at) == ("waiting", 1, None)
    assert row.due_at > clock.now
    assert "the virus scanner does not answer" in row.last_error


def test_a_file_that_was_removed_meanwhile_is_nobodys_work(
    scanner: FakeScanner, application: Application
) -> None:
    attachment = attach(application, make_pdf())
    payload = dict(work("scan").payload)
    attachments.remove(application, attachment.id, {"support"}, now=MOMENT)
    db.session.commit()
    scan_attachment(payload)
    assert scanner.got == b""
    again = attach(application, make_pdf())
    keys = db.session.scalars(select(OutboxRow.key).where(OutboxRow.topic == "scan")).all()
    assert (again.scan, len(keys)) == ("waiting", 1 if again.id == attachment.id else 2)
    assert db.session.scalars(select(Attachment)).all() == [again]


@pytest.fixture
def to_sign(app: Flask) -> Application:
    """A draft in a round that asks every partner to confirm."""
    application = make_application(make_round(definition=SIGNING), "draft", member=make_user())
    db.session.commit()
    return application


def upload_statement(application: Application, content: bytes) -> Signature:
    """Let the leader bring a statement of the second partner."""
    party = application.participations[1]
    leader = db.session.get_one(User, application.members[0].user_id)
    return signing.upload(
        application,
        party.key,
        Signatory("A. Directeur", "directeur"),
        Statement(BytesIO(content), "verklaring.pdf", 1_000_000),
        seen=signatures.terms_of(application, party).digest,
        actor=actor_of(leader),
        now=MOMENT,
    )


class TestASignedStatement:
    def test_without_a_scanner_is_unscanned_and_given_out(self, to_sign: Application) -> None:
        signature = upload_statement(to_sign, make_pdf())
        assert signature.statement_scan == "unscanned"
        assert signatures.statement_readable(signature, own=False)
        assert "scan_statement" not in topics()

    def test_waits_for_its_scan_before_the_office_gets_it(
        self, scanner: FakeScanner, to_sign: Application
    ) -> None:
        signature = upload_statement(to_sign, make_pdf())
        db.session.commit()
        assert signatures.statement_readable(signature, own=True)
        assert not signatures.statement_readable(signature, own=False)
        assert jobs.drain_here(300) == 1
        db.session.refresh(signature)
        assert (signature.statement_scan, scanner.got) == ("clean", make_pdf())
        assert signatures.statement_readable(signature, own=False)

    def test_with_a_virus_counts_no_longer_and_everybody_is_told_once(
        self, scanner: FakeScanner, to_sign: Application
    ) -> None:
        scanner.answer = VIRUS
        signature = upload_statement(to_sign, make_pdf())
        assert [one.state for one in signatures.standing(to_sign)][1] == "signed"
        db.session.commit()
        for _ in range(2):
            scan_statement(work("scan_statement").payload)
        assert signature.statement_scan == "infected"
        assert not signatures.statement_readable(signature, own=True)
        assert [one.state for one in signatures.standing(to_sign)][1] == "missing"
        (mail,) = db.session.scalars(select(Mail)).all()
        assert signature.organisation in mail.subject
        assert f"/aanvragen/{to_sign.id}/" in mail.body
        (event,) = db.session.scalars(select(Event).where(Event.name == "signature.infected")).all()
        assert event.facts["virus"] == "Win.Test.EICAR_HDB-1"
        scanner.answer = b"stream: OK\0"
        again = upload_statement(to_sign, make_pdf() + b"\n")
        scan_statement({"signature_id": again.id})
        assert [one.state for one in signatures.standing(to_sign)][1] == "signed"

    def test_shares_its_verdict_with_an_attachment_of_the_same_bytes(
        self, scanner: FakeScanner, to_sign: Application
    ) -> None:
        signature, attachment = upload_statement(to_sign, make_pdf()), attach(to_sign, make_pdf())
        scanner.answer = VIRUS
        scan_attachment({"attachment_id": attachment.id})
        assert (attachment.scan, signature.statement_scan) == ("infected", "infected")


@pytest.mark.parametrize("address", ["clamav:3310", "unix:clamd.ctl", "tcp://clamav", "http://clamav:3310"])
def test_an_address_that_is_none_is_told_at_the_start(tmp_path: Path, address: str) -> None:
    with pytest.raises(SettingError, match="CLAMD"):
        from_environment({"VAR_DIR": str(tmp_path), "CLAMD": address})
