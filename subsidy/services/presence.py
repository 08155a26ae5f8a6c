"""Who works where now, so that people in the same section see each other."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from subsidy.db import db, insert_into
from subsidy.models import Presence, User

SEEN_FOR = timedelta(seconds=60)


def note(application_id: int, section_id: str, user_id: int, *, now: datetime) -> None:
    """Note that this person has the section open."""
    row = insert_into(Presence).values(
        application_id=application_id, section=section_id, user_id=user_id, seen_at=now
    )
    db.session.execute(
        row.on_conflict_do_update(
            index_elements=["application_id", "section", "user_id"],
            set_={"seen_at": now},
        )
    )


def tidy(application_id: int, *, now: datetime) -> None:
    """Forget who left this application."""
    gone = delete(Presence).where(
        Presence.application_id == application_id, Presence.seen_at < now - SEEN_FOR
    )
    db.session.execute(gone.execution_options(synchronize_session=False))


def others(application_id: int, section_id: str, user_id: int, *, now: datetime) -> tuple[str, ...]:
    """Give the names of the others who have this section open, in the order of the alphabet."""
    names = (
        select(User.name)
        .join(Presence, Presence.user_id == User.id)
        .where(
            Presence.application_id == application_id,
            Presence.section == section_id,
            Presence.user_id != user_id,
            Presence.seen_at >= now - SEEN_FOR,
        )
        .order_by(User.name)
    )
    return tuple(db.session.scalars(names))
