"""Development mail: what would have been sent lies in files, and a page reads it."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from flask import current_app

MOST = 50


@dataclass(frozen=True, slots=True)
class SentMail:
    """A mail as it left; `attachments` are names of files."""

    to: str
    subject: str
    sent_at: datetime
    body: str
    attachments: tuple[str, ...]


def newest() -> list[SentMail]:
    """The last fifty mails, the newest first."""
    folder: Path = current_app.config["SETTINGS"].var_dir / "mail"
    files = sorted(folder.glob("*.eml"), key=lambda file: (file.stat().st_mtime_ns, file.name), reverse=True)
    return [_read(file) for file in files[:MOST]]


def _read(file: Path) -> SentMail:
    message = message_from_bytes(file.read_bytes(), _class=EmailMessage, policy=policy.default)
    body = message.get_body(("plain",))
    return SentMail(
        to=message["To"],
        subject=message["Subject"],
        sent_at=parsedate_to_datetime(message["Date"]),
        body=body.get_content() if body else "",
        attachments=tuple(part.get_filename() or "" for part in message.iter_attachments()),
    )
