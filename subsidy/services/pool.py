"""Who serves in a round: asked by the office, accepted with a declaration of secrecy, sometimes dropped."""

from datetime import datetime

from subsidy.db import db
from subsidy.models import Round, RoundReviewer, User


def enrol(round_: Round, user: User, *, body: str, now: datetime) -> RoundReviewer:
    """Let somebody serve in a round who was asked and answered outside this program (Awb 2:5)."""
    row = RoundReviewer(
        round_id=round_.id,
        user_id=user.id,
        email=user.email,
        name=user.name,
        body=body,
        invited_at=now,
        answer="accepted",
        answered_at=now,
        secrecy_at=now,
    )
    db.session.add(row)
    db.session.flush()
    return row
