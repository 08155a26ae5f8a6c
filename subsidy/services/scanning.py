"""Attachments go past the virus scanner: what it says is noted, and of a virus the collaboration is told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from subsidy import clock
from subsidy.db import db, reading
from subsidy.models import Attachment
from subsidy.services import events, file_store, mail, page_images, virus_scan
from subsidy.services.applications import people_of
from subsidy.services.snapshots import definition_of
from workflows.permissions import SYSTEM

INFECTED_FOUND = "attachment.infected"


def scan_attachment(payload: Mapping[str, Any]) -> None:
    """Outbox handler: scan the bytes of one file, with no transaction open meanwhile.

    Safe to run twice. Raises ScannerError when the scanner does not answer: the file keeps waiting. The
    verdict counts for every file with the same bytes, in whatever application.
    """
    with reading():
        attachment = db.session.get(Attachment, payload["attachment_id"])
        waits = attachment is not None and attachment.scan == "waiting"
        db.session.commit()
    if attachment is None or not waits:
        return
    sha256, media_type = attachment.sha256, attachment.media_type
    db.session.commit()
    with file_store.open_file(sha256) as file:
        virus = virus_scan.virus_in(file)
    now = clock.read()
    if virus is None:
        _note("clean", sha256, "waiting", now=now)
        page_images.post_drawing(sha256, media_type, now=now)
    else:
        for found in _note("infected", sha256, "waiting", "unscanned", "clean", now=now):
            _tell(found, virus, now=now)
    db.session.commit()


def _note(verdict: str, sha256: str, *before: str, now: datetime) -> list[Attachment]:
    """Write the verdict with every file of these bytes that stood so before; gives those files."""
    changed = db.session.scalars(
        update(Attachment)
        .where(Attachment.sha256 == sha256, Attachment.scan.in_(before))
        .values(scan=verdict, scanned_at=now)
        .returning(Attachment.id)
        .execution_options(synchronize_session=False)
    ).all()
    db.session.expire_all()
    query = select(Attachment).where(Attachment.id.in_(changed)).order_by(Attachment.id)
    return list(db.session.scalars(query))


def _tell(attachment: Attachment, virus: str, *, now: datetime) -> None:
    """Write down that a virus was found, and mail every member what to do."""
    application = attachment.application
    events.append(
        INFECTED_FOUND,
        at=now,
        actor_id=SYSTEM.user_id,
        round_id=application.round_id,
        application_id=application.id,
        facts={"sha256": attachment.sha256, "question": attachment.question, "virus": virus[:200]},
        personal={"file": attachment.file_name},
    )
    definition = definition_of(application.round)
    section = next(
        (one for one in definition.sections for each in one.questions if each.id == attachment.question), None
    )
    question = next((one for one in definition.questions if one.id == attachment.question), None)
    for user in people_of(application):
        mail.compose(
            f"infected:{attachment.id}:{attachment.uploaded_at.isoformat()}:{user.id}",
            recipient=user.email,
            template="infected",
            context={
                "user": user,
                "application": application,
                "attachment": attachment,
                "question": question,
                "section": section,
                "removable": not attachment.sent_in,
            },
            now=now,
            application_id=application.id,
            locale=user.locale,
        )
