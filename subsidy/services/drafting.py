"""What a person typed in a section and what cannot be stored as an answer (yet), kept as it was typed.

It cannot be read, it clashes with what somebody else saved, or the section was closed meanwhile. One text
is kept per person and section. `knows` is the mark of the kept text that a page began with or made itself:
another window of the same person, which never showed it, takes it away no more than somebody else would.
"""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from subsidy.db import db, json_text
from subsidy.models import Application, KeptForm
from subsidy.services.holding import lock

UNREADABLE, CLASH, CLOSED = "unreadable", "clash", "closed"

Typed = list[list[str]]
"""Names and values of fields, in order, as the browser sent them."""


def typed_from(fields: Iterable[tuple[str, str]]) -> Typed:
    """Give fields as they can be stored: no database takes the character zero, which nobody types."""
    return [[part.replace("\0", "") for part in field] for field in fields]


def find(application: Application, section_id: str, user_id: int | None) -> KeptForm | None:
    """Give what is kept of this person in this section; one query."""
    if user_id is None:
        return None
    return db.session.get(KeptForm, (application.id, section_id, user_id))


def mark_of(typed: Typed) -> str:
    """Give the mark by which a page says that it knows this text."""
    return sha256(json_text(typed).encode()).hexdigest()[:16]


def keep(  # whose text of which section it is, and why it is kept
    application: Application,
    section_id: str,
    user_id: int,
    typed: Typed,
    *,
    knows: str,
    reason: str,
    now: datetime,
) -> str | None:
    """Keep this in the place of the text that the page knew, and give its mark.

    None, and nothing is kept, while another text is there that the page did not know. `reason` is
    UNREADABLE, CLASH or CLOSED. Raises GoneError when the draft was thrown away.
    """
    lock(application)
    kept = find(application, section_id, user_id)
    mark = mark_of(typed)
    if kept is None:
        kept = KeptForm(application_id=application.id, section=section_id, user_id=user_id)
        db.session.add(kept)
    elif mark_of(kept.typed) not in {knows, mark}:
        return None
    kept.typed, kept.reason, kept.kept_at = typed, reason, now
    db.session.flush()
    return mark


def let_go(application: Application, section_id: str, user_id: int | None, *, knows: str) -> None:
    """Let go of the kept text that the page knew: it is stored now, or no longer wanted."""
    kept = find(application, section_id, user_id)
    if kept is not None and mark_of(kept.typed) == knows:
        db.session.delete(kept)
        db.session.flush()
