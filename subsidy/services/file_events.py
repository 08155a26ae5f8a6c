"""What happened on one file, for who may read its history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from subsidy.db import db
from subsidy.models import Application, Event, EventDetail, User

MOST = 200
# Put together once: building a query costs about as much as running it.
OF_FILE = (
    select(Event.name, Event.at, Event.facts, User.name, EventDetail.body)
    .outerjoin(User, User.id == Event.actor_id)
    .outerjoin(EventDetail, EventDetail.event_id == Event.id)
    .where(Event.application_id == bindparam("file"))
    .order_by(Event.id.desc())
    .limit(MOST)
)


@dataclass(frozen=True, slots=True)
class Happening:
    """One event: what, when, by whom (None: the program), its facts and, unless erased, its words."""

    name: str
    at: datetime
    who: str | None
    facts: Mapping[str, Any]
    words: str


def find_events(application: Application) -> list[Happening]:
    """Return the latest events of a file, oldest first; one query."""
    rows = db.session.execute(OF_FILE, {"file": application.id})
    happened = [
        Happening(name, at, who, facts, _words(detail or {})) for name, at, facts, who, detail in rows
    ]
    return happened[::-1]


def _words(detail: Mapping[str, Any]) -> str:
    """Return what a person wrote with the step."""
    for key in ("reason", "motivation", "asked"):
        if isinstance(detail.get(key), str):
            return str(detail[key])
    return ""
