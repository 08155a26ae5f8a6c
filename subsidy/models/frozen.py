"""A round as it was at one moment: what a decision was divided from, kept under its digest."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from subsidy.db import Base, UtcDateTime


class FrozenRound(Base):
    """All that the rules read of a round, as compressed JSON: services/frozen.py writes and reads it.

    `sha256` is that of the JSON before compression. Never changed, never deleted.
    """

    __tablename__ = "frozen_round"
    __table_args__ = (CheckConstraint("length(sha256) = 64", name="sha256_whole"),)

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    frozen_at: Mapped[datetime] = mapped_column(UtcDateTime)
