"""Noting what happened to one application: to its people and to their signatures."""

from datetime import datetime

from subsidy.db import db
from subsidy.models import Application
from subsidy.services import events
from workflows.permissions import Actor


def record(
    application: Application,
    name: str,
    actor: Actor | None,
    now: datetime,
    personal: dict[str, str] | None = None,
    **facts: object,
) -> None:
    """Append an event about the people of this application; `personal` can be erased later."""
    events.append(
        name,
        at=now,
        actor_id=actor.user_id if actor else None,
        round_id=application.round_id,
        application_id=application.id,
        facts=facts,
        personal=personal,
    )
    db.session.flush()
