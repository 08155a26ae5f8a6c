"""What was sent in stays: kept at every sending in, read by the office, and put back when a supplement fails.

While a supplement is awaited the collaboration writes in its application. The office and the reviewers go on
reading what was sent; what was not handed in within the term is as if it was never written (Awb 4:5).
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from subsidy.db import db
from subsidy.models import Application, SentVersion
from subsidy.services.reference import reference_of
from subsidy.services.sent_content import apart, content_of, newest_of, write_content
from subsidy.services.snapshots import definition_of
from workflows.states import ApplicationState

# What the collaboration does not write in its form.
NOT_SAID = (
    "id",
    "round_id",
    "reference",
    "state",
    "channel",
    "copied_from",
    "started_by",
    "created_at",
    "submitted_at",
    "completed_at",
    "deadline_at",
    "round",
    "supplement",
)


def keep(application: Application, *, now: datetime) -> None:
    """Keep what the application says at this version, in the caller's transaction; once is enough."""
    db.session.flush()
    key = {"application_id": application.id, "version": application.version}
    if db.session.get(SentVersion, key) is None:
        content = content_of(application, definition_of(application.round))
        db.session.add(SentVersion(**key, content=content, made_at=now))
        db.session.flush()


def restore(application: Application, *, now: datetime) -> bool:
    """Let the application say again what was sent in, in the caller's transaction, which holds the lock.

    Files added since are taken out of it. False when nothing was kept, or nothing was changed.
    """
    sent = find_newest(application)
    if sent is None or sent.version == application.version:
        return False
    definition = definition_of(application.round)
    write_content(application, sent.content, definition, reference_of(application.round.reference_version))
    kept = {one["id"] for one in sent.content["attachments"]}
    application.attachments = [one for one in application.attachments if one.id in kept]
    application.version += 1
    application.updated_at = now
    db.session.flush()
    return True


def find_newest(application: Application) -> SentVersion | None:
    """Give the newest version that was kept, or None."""
    query = (
        select(SentVersion)
        .where(SentVersion.application_id == application.id)
        .order_by(SentVersion.version.desc())
        .limit(1)
    )
    return db.session.scalars(query).one_or_none()


def as_sent(application: Application) -> Application:
    """Give the application as the office reads it: while a supplement is awaited, as it was sent in.

    Then it is a reading beside the stored one, with the same number and no place in the session: for pages,
    never to change. One query, and none in any other state.
    """
    if application.state != ApplicationState.SUPPLEMENT_REQUESTED:
        return application
    sent = newest_of([application.id]).get(application.id)
    if sent is None:
        return application
    reference = reference_of(application.round.reference_version)
    reading = apart(sent.content, definition_of(application.round), reference)
    for name in NOT_SAID:
        set_committed_value(reading, name, getattr(application, name))
    set_committed_value(reading, "version", sent.version)
    set_committed_value(reading, "updated_at", sent.made_at)
    kept = {one["id"] for one in sent.content["attachments"]}
    set_committed_value(reading, "attachments", [one for one in application.attachments if one.id in kept])
    return reading
