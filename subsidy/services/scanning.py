"""Files go past the virus scanner: what it says is noted, and of a virus the collaboration is told.

Attachments and signed statements alike: a verdict counts for every row with the same bytes.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from subsidy import clock
from subsidy.db import db, reading
from subsidy.models import Application, Attachment, Signature
from subsidy.services import events, file_store, mail, page_images, virus_scan
from subsidy.services.applications import people_of
from subsidy.services.snapshots import definition_of
from workflows.permissions import SYSTEM

INFECTED_FOUND = "attachment.infected"
STATEMENT_INFECTED = "signature.infected"
# What a virus in the same bytes overtakes.
NOT_INFECTED = ("waiting", "unscanned", "clean")


def scan_attachment(payload: Mapping[str, Any]) -> None:
    """Outbox handler: scan the bytes of one file, with no transaction open meanwhile.

    Safe to run twice. Raises ScannerError when the scanner does not answer: the file keeps waiting.
    """
    with reading():
        found = db.session.get(Attachment, payload["attachment_id"])
        sha256 = found.sha256 if found is not None and found.scan == "waiting" else None
        db.session.commit()
    if sha256 is not None:
        _scan(sha256)


def scan_statement(payload: Mapping[str, Any]) -> None:
    """Outbox handler: the same for a statement that a partner signed on paper."""
    with reading():
        found = db.session.get(Signature, payload["signature_id"])
        sha256 = found.statement_sha256 if found is not None and found.statement_scan == "waiting" else None
        db.session.commit()
    if sha256 is not None:
        _scan(sha256)


def _scan(sha256: str) -> None:
    with file_store.open_file(sha256) as file:
        virus = virus_scan.virus_in(file)
    now = clock.read()
    if virus is None:
        for clean in _note("clean", sha256, ("waiting",), now=now):
            page_images.post_drawing(sha256, clean.media_type, now=now)
        _note_statements("clean", sha256, ("waiting",))
    else:
        for found in _note("infected", sha256, NOT_INFECTED, now=now):
            _tell(found, virus, now=now)
        for signature in _note_statements("infected", sha256, NOT_INFECTED):
            _tell_of_statement(signature, virus, now=now)
    db.session.commit()


def _note(verdict: str, sha256: str, before: Collection[str], *, now: datetime) -> list[Attachment]:
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


def _note_statements(verdict: str, sha256: str, before: Collection[str]) -> list[Signature]:
    """Do the same with every signed statement of these bytes."""
    changed = db.session.scalars(
        update(Signature)
        .where(Signature.statement_sha256 == sha256, Signature.statement_scan.in_(before))
        .values(statement_scan=verdict)
        .returning(Signature.id)
        .execution_options(synchronize_session=False)
    ).all()
    db.session.expire_all()
    query = select(Signature).where(Signature.id.in_(changed)).order_by(Signature.id)
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
    mail.compose_for(
        people_of(application),
        application,
        f"infected:{attachment.id}:{attachment.uploaded_at.isoformat()}",
        template="infected",
        context={
            "attachment": attachment,
            "question": question,
            "section": section,
            "removable": not attachment.sent_in,
        },
        now=now,
    )


def _tell_of_statement(signature: Signature, virus: str, *, now: datetime) -> None:
    """Write down that a statement holds a virus and so counts no longer, and mail every member."""
    application = db.session.get_one(Application, signature.application_id)
    events.append(
        STATEMENT_INFECTED,
        at=now,
        actor_id=SYSTEM.user_id,
        round_id=application.round_id,
        application_id=application.id,
        facts={"sha256": signature.statement_sha256, "signature": signature.id, "virus": virus[:200]},
        personal={"file": signature.statement_name},
    )
    mail.compose_for(
        people_of(application),
        application,
        f"infected-statement:{signature.id}",
        template="infected_statement",
        context={"signature": signature},
        now=now,
    )
