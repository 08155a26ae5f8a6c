"""The job that draws minutes: once per state of what was recorded, stored under their digest."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, update

from subsidy import clock
from subsidy.db import db, reading
from subsidy.documents.minutes import render_minutes
from subsidy.models import Meeting
from subsidy.services import events, file_store
from subsidy.services.minutes import MADE
from subsidy.services.minutes_content import content_of

MEDIA_TYPE = "application/pdf"


def make_minutes(payload: Mapping[str, Any]) -> None:
    """Outbox handler: draw the minutes of a meeting and store them; no transaction is open meanwhile.

    Safe to run twice: minutes that say the same are not made again. Those that were read later stand.
    """
    with reading():
        meeting = db.session.get(Meeting, payload["meeting_id"])
        read_at = clock.read()
        content = None if meeting is None or meeting.confirmed_at is not None else content_of(meeting)
        known = None if meeting is None else meeting.minutes_content
        db.session.commit()
    if meeting is None or content is None or known == content.digest:
        return
    pdf = render_minutes(content, made_at=read_at)
    stored = file_store.put(pdf, media_type=MEDIA_TYPE, now=clock.read())
    first = db.session.execute(
        update(Meeting)
        .where(Meeting.id == payload["meeting_id"], Meeting.confirmed_at.is_(None))
        .where(or_(Meeting.minutes_at.is_(None), Meeting.minutes_at <= read_at))
        .values(
            minutes_sha256=stored.sha256,
            minutes_content=content.digest,
            minutes_at=read_at,
            version=Meeting.version + 1,
        )
        .returning(Meeting.id, Meeting.round_id)
        .execution_options(synchronize_session=False)
    ).first()
    if first is not None:
        events.append(
            MADE,
            at=clock.read(),
            actor_id=None,
            round_id=first.round_id,
            facts={
                "meeting": first.id,
                "minutes_sha256": stored.sha256,
                "content": content.digest,
                "concept": content.concept,
            },
        )
    db.session.commit()
