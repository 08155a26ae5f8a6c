"""Hearing an applicant before a decision that goes against what they said (Awb 4:7)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from subsidy.db import Base, Json, UtcDateTime
from subsidy.models.applications import Application


class Hearing(Base):
    """The office says what it intends and on which data that rests; the applicant may answer until a day.

    `grounds` are codes of workflows/grounds.py. The answer counts once it was sent; `by_mouth` is what was
    said by telephone or at the office, written down by an officer.
    """

    __tablename__ = "hearing"
    __table_args__ = (
        CheckConstraint("intention <> '' AND data <> ''", name="says_what_and_why"),
        CheckConstraint("answered_at IS NULL OR answer <> ''", name="answer_says_something"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), index=True)
    grounds: Mapped[list[str]] = mapped_column(Json)
    intention: Mapped[str] = mapped_column(Text)
    data: Mapped[str] = mapped_column(Text)
    opened_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_day: Mapped[date]
    answer: Mapped[str] = mapped_column(Text, default="", server_default="")
    by_mouth: Mapped[bool] = mapped_column(default=False, server_default="0")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    application: Mapped[Application] = relationship()
