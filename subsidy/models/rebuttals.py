"""The applicant's answer to the reports of the reviewers (wederhoor)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from subsidy.db import Base, Json, UtcDateTime


class Rebuttal(Base):
    """The reports as they were released, without names, and the answer. One per application.

    `last_day` is in time until its end in Amsterdam. The answer counts once it was sent; a text that was
    never sent is not shown to the committee.
    """

    __tablename__ = "rebuttal"
    __table_args__ = (CheckConstraint("sent_at IS NULL OR answer <> ''", name="sent_says_something"),)

    application_id: Mapped[int] = mapped_column(
        ForeignKey("application.id", ondelete="CASCADE"), primary_key=True
    )
    reports: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    released_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    released_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_day: Mapped[date]
    max_words: Mapped[int]
    answer: Mapped[str] = mapped_column(Text, default="", server_default="")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    saved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
