"""Mail against a real SMTP server: each arrives, each under its own stable id."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask

from subsidy import jobs
from subsidy.db import db
from subsidy.models import Mail
from subsidy.services import file_store, mail, outbox
from tests.conftest import MOMENT, Clock


class Sink:
    """An SMTP server that keeps what it gets, and refuses what it is told to."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.refuse = 0
        self.refused: set[str] = set()

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Refuse the addresses that nobody has."""
        if address in self.refused:
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep one message."""
        if self.refuse:
            self.refuse -= 1
            return "451 try again later"
        message = message_from_bytes(envelope.content or b"", policy=policy.default)  # type: ignore[arg-type]
        self.messages.append(message)  # type: ignore[arg-type]
        return "250 kept"


@contextmanager
def listening() -> Iterator[tuple[Sink, str]]:
    """Run a real SMTP server on this machine; gives it and its address."""
    sink = Sink()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield sink, f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()


@pytest.fixture
def sink(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    """Let the application mail through a real SMTP server."""
    with listening() as (sink, url):
        monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], smtp_url=url))
        yield sink


@pytest.fixture
def note(app: Flask, tmp_path: Path) -> str:
    """Provide a mail template of the test's own."""
    folder = tmp_path / "email"
    folder.mkdir()
    (folder / "note.txt").write_text(
        "Bericht {{ number }}\nBeste collega,\nDit is € {{ number }}.\n", "utf-8"
    )
    assert app.jinja_loader is not None
    app.jinja_loader.searchpath.append(str(tmp_path))  # type: ignore[attr-defined]
    return "note"


def compose(number: int, template: str = "note") -> Mail:
    """Write mail number so and so."""
    return mail.compose(
        f"note:{number}",
        recipient=f"persoon{number}@voorbeeld.nl",
        template=template,
        context={"number": number},
        now=MOMENT,
    )


def test_every_mail_arrives_once_under_its_own_id(sink: Sink, note: str) -> None:
    for number in range(30):
        compose(number)
        compose(number)
    db.session.commit()
    jobs.drain_here(300)
    jobs.drain_here(300)
    assert len(sink.messages) == 30
    assert len({message["Message-ID"] for message in sink.messages}) == 30
    first = min(sink.messages, key=lambda message: message["To"])
    assert (first["Subject"], first.get_content().replace("\r\n", "\n")) == (
        "Bericht 0",
        "Beste collega,\nDit is € 0.\n",
    )


def test_refused_mail_goes_later_under_the_same_id(sink: Sink, note: str, clock: Clock) -> None:
    sink.refuse = 1
    expected = compose(1).message_id
    db.session.commit()
    jobs.drain_here(300)
    assert sink.messages == []
    clock.now += timedelta(minutes=1)
    jobs.drain_here(300)
    assert [message["Message-ID"] for message in sink.messages] == [expected]


def test_crash_between_sending_and_marking_shows_as_uncertain(
    sink: Sink, note: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = compose(1)
    db.session.commit()
    send, seen = mail._transport, []

    def die_after_sending(message: EmailMessage, settings: object) -> None:
        send(message, settings)  # type: ignore[arg-type]
        message = "the machine stops here"  # type: ignore[assignment]
        raise SystemExit(message)

    def note_delivery(message: EmailMessage, settings: object) -> None:
        seen.append(db.session.get_one(Mail, row.id).delivery)
        send(message, settings)  # type: ignore[arg-type]

    monkeypatch.setattr(mail, "_transport", die_after_sending)
    with pytest.raises(SystemExit):
        jobs.drain_here(300)
    db.session.rollback()
    monkeypatch.setattr(mail, "_transport", note_delivery)
    clock.now += outbox.LEASE + timedelta(seconds=1)
    jobs.drain_here(300)
    assert seen == ["uncertain"]
    assert len(sink.messages) == 2
    assert len({message["Message-ID"] for message in sink.messages}) == 1
    assert db.session.get_one(Mail, row.id).delivery == "sent"


def test_attachment_travels_along(sink: Sink, note: str) -> None:
    stored = file_store.put(b"%PDF-1.7 inhoud", media_type="application/pdf", now=MOMENT)
    row = compose(1)
    row.attachment_sha256, row.attachment_name = stored.sha256, "besluit.pdf"
    db.session.commit()
    jobs.drain_here(300)
    (attachment,) = sink.messages[0].iter_attachments()
    assert (attachment.get_filename(), attachment.get_content()) == ("besluit.pdf", b"%PDF-1.7 inhoud")


def test_line_breaks_in_a_subject_add_no_header(sink: Sink, note: str, tmp_path: Path) -> None:
    (tmp_path / "email" / "note.txt").write_text("Over {{ number }}\r\nBcc: iemand@voorbeeld.nl\n", "utf-8")
    compose(1)
    db.session.commit()
    jobs.drain_here(300)
    assert sink.messages[0]["Bcc"] is None


def test_development_mail_becomes_a_file(
    app: Flask, note: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], var_dir=tmp_path))
    compose(7)
    db.session.commit()
    jobs.drain_here(300)
    files = list((tmp_path / "mail").glob("*.eml"))
    assert [message_from_bytes(file.read_bytes())["To"] for file in files] == ["persoon7@voorbeeld.nl"]
