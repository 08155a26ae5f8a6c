"""Mail: written with the change that caused it, sent by a job, once as far as anyone can promise.

A mail has one stable Message-ID per key and is marked *sending* before it goes. When a worker dies in
between, nobody knows whether the server took it: the row becomes *uncertain* and goes again under the
same id, so that a receiving system can recognise the repeat.
"""

import smtplib
from collections.abc import Iterable, Mapping
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from hashlib import sha256
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import select

import config
from subsidy import clock
from subsidy.db import db
from subsidy.models import Application, Letter, Mail, User
from subsidy.services import file_store, letters, outbox


def compose(  # noqa: PLR0913  # the parts of a mail are what they are
    key: str,
    *,
    recipient: str,
    template: str,
    context: Mapping[str, Any],
    now: datetime,
    application_id: int | None = None,
    locale: str = "nl",
    attachment_sha256: str | None = None,
    attachment_name: str | None = None,
    letter_id: int | None = None,
    queued: bool = True,
) -> Mail:
    """Write a mail from templates/email/<template>.txt (first line: subject) into the current transaction.

    The same key twice is one mail. Without `queued` the caller delivers it, because more depends on that.
    With `letter_id` it is a notification of that letter (Awb 2:10), and waits until the letter was drawn; the
    template then gets its address as `letter_url`.
    """
    existing = find(key)
    if existing is not None:
        return existing
    with force_locale(locale):
        # Not render_template: a mail is also written by a job, where there is no request and no reader.
        page = current_app.jinja_env.get_template(f"email/{template}.txt")
        letter_url = _letter_url(application_id, letter_id)
        content = page.render(settings=_settings(), link=link, letter_url=letter_url, **context)
    subject, _, body = content.strip().partition("\n")
    mail = Mail(
        key=key,
        message_id=_message_id(key),
        recipient=recipient,
        subject=" ".join(subject.split())[:300],
        body=body.strip() + "\n",
        application_id=application_id,
        attachment_sha256=attachment_sha256,
        attachment_name=attachment_name,
        letter_id=letter_id,
        created_at=now,
    )
    db.session.add(mail)
    db.session.flush()
    if queued:
        outbox.post("mail", f"mail:{key}", {"mail_id": mail.id}, now=now)
    return mail


def compose_for(  # noqa: PLR0913  # the parts of a mail are what they are
    people: Iterable[User],
    application: Application,
    key: str,
    *,
    template: str,
    now: datetime,
    context: Mapping[str, Any] | None = None,
    attachment_sha256: str | None = None,
    attachment_name: str | None = None,
    letter_id: int | None = None,
) -> None:
    """Write the same mail about an application to each of these people, in the language of each.

    The templates get `user`, `application` and the context; one mail per person and key.
    """
    for user in people:
        compose(
            f"{key}:{user.id}",
            recipient=user.email,
            template=template,
            context={"user": user, "application": application, **(context or {})},
            now=now,
            application_id=application.id,
            locale=user.locale,
            attachment_sha256=attachment_sha256,
            attachment_name=attachment_name,
            letter_id=letter_id,
        )


def find(key: str) -> Mail | None:
    """Return the mail that was written under this key."""
    return db.session.scalars(select(Mail).where(Mail.key == key)).one_or_none()


def copy_to(mail: Mail, key: str, *, recipient: str, now: datetime) -> Mail:
    """Write the same mail to another address under a key of its own; the caller has it delivered."""
    same = ("subject", "body", "application_id", "letter_id", "attachment_sha256", "attachment_name")
    copy = Mail(
        key=key,
        message_id=_message_id(key),
        recipient=recipient,
        created_at=now,
        **{name: getattr(mail, name) for name in same},
    )
    db.session.add(copy)
    db.session.flush()
    return copy


def link(endpoint: str, **values: Any) -> str:
    """The full address of a page, for in a mail."""
    path = current_app.url_map.bind("localhost").build(endpoint, values)
    return _settings().base_url + path


def _letter_url(application_id: int | None, letter_id: int | None) -> str:
    """The address of a letter in the inbox of its file; "" for a mail that speaks of none."""
    if letter_id is None:
        return ""
    return link("applicant.letter", application_id=application_id, letter_id=letter_id)


class LetterNotDrawnError(Exception):
    """The letter that a notification speaks of is not there yet; the outbox tries again."""


def deliver(payload: Mapping[str, Any]) -> None:
    """Outbox handler: send one mail. Raises LetterNotDrawnError for a notification that is too early."""
    mail = db.session.get_one(Mail, payload["mail_id"])
    if mail.delivery == "sent":
        return
    letter = None if mail.letter_id is None else db.session.get_one(Letter, mail.letter_id)
    if letter is not None and letter.sha256 is None:
        raise LetterNotDrawnError(letter.key)
    mail.delivery = "uncertain" if mail.delivery in {"sending", "uncertain"} else "sending"
    message = _message(mail)
    db.session.commit()
    _transport(message, _settings())
    mail.delivery = "sent"
    mail.sent_at = clock.read()
    # The letter of a decision lies in the file from its announcement on, which records this itself.
    if letter is not None and letter.placed_at is not None:
        letters.mark_notified(letter.id, at=mail.sent_at)
    db.session.commit()


def _message_id(key: str) -> str:
    settings = _settings()
    domain = parseaddr(settings.mail_from)[1].rpartition("@")[2] or "localhost"
    unique = sha256(f"{settings.audit_key}:{key}".encode()).hexdigest()[:32]
    return f"<{unique}@{domain}>"


def _message(mail: Mail) -> EmailMessage:
    message = EmailMessage()
    message["From"] = _settings().mail_from
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = mail.message_id
    message.set_content(mail.body)
    if mail.attachment_sha256:
        message.add_attachment(
            file_store.read(mail.attachment_sha256),
            maintype="application",
            subtype="pdf",
            filename=mail.attachment_name or "bijlage.pdf",
        )
    return message


def _transport(message: EmailMessage, settings: config.Settings) -> None:
    if settings.smtp_url:
        _send_by_smtp(message, settings.smtp_url)
        return
    folder = settings.var_dir / "mail"
    folder.mkdir(parents=True, exist_ok=True)
    name = message["Message-ID"].strip("<>").partition("@")[0]
    (folder / f"{name}.eml").write_bytes(message.as_bytes())


def _send_by_smtp(message: EmailMessage, url: str) -> None:
    """Send through smtp://user:password@host:port (STARTTLS where offered) or smtps://..."""
    parts = urlsplit(url)
    host, secure = parts.hostname or "localhost", parts.scheme == "smtps"
    client = smtplib.SMTP_SSL if secure else smtplib.SMTP
    with client(host, parts.port or (465 if secure else 25), timeout=30) as server:
        server.ehlo_or_helo_if_needed()
        if not secure and server.has_extn("starttls"):
            server.starttls()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)


def _settings() -> config.Settings:
    settings: config.Settings = current_app.config["SETTINGS"]
    return settings
