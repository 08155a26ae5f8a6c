"""Who reviews which application, the interests they declared, and their scores with reasons."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from subsidy.db import Base, ExactDecimal, Json, UtcDateTime
from subsidy.models.applications import Application
from subsidy.models.people import User


class Review(Base):
    """One reviewer on one application.

    `reviewer` is the name under which the review travels in a round file; `reviewer_id` is the account,
    absent for imported history. A review counts only when no interest was declared and it was handed in.
    `conflict` says what the interest is: in a round file that is all there is of it, here the whole story is
    an `Interest`. `released_at`: the reviewer dropped out before handing in; what they wrote is kept.
    `kept` is the form as it was typed when it could not be stored, with its mark: services/review_drafts.py.
    """

    __tablename__ = "review"
    __table_args__ = (
        UniqueConstraint("application_id", "reviewer"),
        CheckConstraint("conflict IS NULL OR conflict <> ''", name="conflict_says_what"),
        CheckConstraint(
            "reviewer_id IS NULL OR handed_in_at IS NULL OR (declared_at IS NOT NULL AND conflict IS NULL)",
            name="handed_in_after_declaration",
        ),
        Index("ix_review_reviewer_open", "reviewer_id", "handed_in_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    reviewer: Mapped[str] = mapped_column(Text)
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    assigned_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    assigned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    declared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    conflict: Mapped[str | None] = mapped_column(Text)
    conflict_measure: Mapped[str] = mapped_column(Text, default="", server_default="")
    notes: Mapped[str] = mapped_column(Text, default="", server_default="")
    recommendation: Mapped[str] = mapped_column(String(20), default="", server_default="")
    handed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    kept: Mapped[list[Any] | None] = mapped_column(Json, deferred=True)
    kept_mark: Mapped[str] = mapped_column(String(16), default="", server_default="")

    application: Mapped[Application] = relationship()
    account: Mapped[User | None] = relationship(foreign_keys=[reviewer_id])
    scores: Mapped[list["ReviewScore"]] = relationship(
        order_by="ReviewScore.position", cascade="all, delete-orphan", lazy="selectin"
    )


class ReviewScore(Base):
    """The score and the reasons on one criterion. A draft may have one without the other."""

    __tablename__ = "review_score"

    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), primary_key=True)
    criterion: Mapped[str] = mapped_column(Text, primary_key=True)
    position: Mapped[int] = mapped_column(default=0)
    score: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    motivation: Mapped[str | None] = mapped_column(Text)
