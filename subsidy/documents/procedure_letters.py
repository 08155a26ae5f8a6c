"""The job that draws a letter of the procedure: once, stored under its digest, and put in the file.

The notification of it waits for that; the digest goes into the chain of events.
"""

from collections.abc import Mapping
from typing import Any

from flask import current_app
from sqlalchemy import select

import config
from subsidy import clock
from subsidy.db import db, reading
from subsidy.documents.letterhead import letterhead
from subsidy.documents.procedure_frame import Frame
from subsidy.documents.procedure_letter import ProcedureContent, render_procedure_letter
from subsidy.documents.procedure_text import compose
from subsidy.models import Letter, Mail
from subsidy.services import events, file_store, letters, outbox
from subsidy.services.procedure_facts import read_facts
from workflows.correspondence import ProcedureKind

MEDIA_TYPE = "application/pdf"
PLACED = "application.letter_placed"


def make_procedure_letter(payload: Mapping[str, Any]) -> None:
    """Outbox handler: draw a letter, store it and place it; no transaction is open while it draws.

    Safe to run twice: what was drawn is not drawn again, and of two who draw at once the first counts.
    """
    with reading():
        letter = db.session.get_one(Letter, payload["letter_id"])
        content = None if letter.sha256 is not None else content_of(letter)
        db.session.commit()
    if content is None:
        return
    stored = file_store.put(render_procedure_letter(content), media_type=MEDIA_TYPE, now=clock.read())
    place(letter, stored.sha256)
    db.session.commit()


def place(letter: Letter, sha256: str) -> bool:
    """Put the bytes that were drawn in the file of the applicant, and let the notifications go.

    In the caller's transaction. False when another worker was first.
    """
    if not letters.keep_drawn(letter, sha256):
        return False
    now = clock.read()
    letters.place(letter, at=now)
    events.append(
        PLACED,
        at=now,
        actor_id=None,
        round_id=letter.round_id,
        application_id=letter.application_id,
        facts={"letter": letter.id, "kind": letter.kind, "sha256": sha256},
    )
    for key in db.session.scalars(select(Mail.key).where(Mail.letter_id == letter.id)):
        outbox.hasten(f"mail:{key}", now=now)  # it may have come too early, or too often
    return True


def content_of(letter: Letter) -> ProcedureContent:
    """Return the final letter of a row that was ordered."""
    settings: config.Settings = current_app.config["SETTINGS"]
    application = letter.application
    return compose(
        read_facts(letter.kind, letter.facts),
        Frame(
            kind=ProcedureKind(letter.kind),
            code=letter.code,
            office=letterhead(),
            portal=settings.base_url,
            reference=application.reference or "",
            round_title=application.round.title,
            dated=letter.dated,
            created_at=letter.created_at,
        ),
    )
