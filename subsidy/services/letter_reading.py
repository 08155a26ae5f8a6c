"""Who opened the letter of a proposal: what somebody did not read, they do not confirm in a batch."""

from datetime import datetime

from sqlalchemy import literal, select

from subsidy.db import UtcDateTime, db, insert_into
from subsidy.models import Decision, DecisionReading


def note(decision_id: int, *, user_id: int | None, now: datetime) -> None:
    """Record that this person opened the letter of a proposal that waits, the first time.

    Who proposed it is not recorded, nor is who reads a letter that was confirmed or sent back.
    """
    if user_id is None:
        return
    opened = select(Decision.id, literal(user_id), Decision.letter_sha256, literal(now, UtcDateTime)).where(
        Decision.id == decision_id,
        Decision.letter_sha256.is_not(None),
        Decision.confirmed_at.is_(None),
        Decision.returned_at.is_(None),
        Decision.proposed_by != user_id,
    )
    names = ["decision_id", "user_id", "letter_sha256", "read_at"]
    db.session.execute(insert_into(DecisionReading).from_select(names, opened).on_conflict_do_nothing())
