"""How sure an order is, as a job computed it; and how alike reviewers score a trial application."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from subsidy.db import Base, Json, UtcDateTime


class CertaintyRun(Base):
    """One computation for a round; `material_digest` tells whether the scores changed since."""

    __tablename__ = "certainty_run"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'ready', 'failed')", name="state_known"),
        Index("ix_certainty_run_round", "round_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    state: Mapped[str] = mapped_column(String(10), default="waiting", server_default="waiting")
    material_digest: Mapped[str] = mapped_column(String(64))
    result: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Calibration(Base):
    """A trial application that everybody who reviews in a round scores, before the round is reviewed.

    Not an application: it has no applicant, no money and no decision. `case_text` is what they read.
    """

    __tablename__ = "calibration"
    __table_args__ = (Index("ix_calibration_round", "round_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    title: Mapped[str] = mapped_column(String(200))
    case_text: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CalibrationReview(Base):
    """What one reviewer gave the trial application; `scores` maps a criterion to its score as exact text."""

    __tablename__ = "calibration_review"
    __table_args__ = (UniqueConstraint("calibration_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    calibration_id: Mapped[int] = mapped_column(ForeignKey("calibration.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    scores: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    motivations: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    handed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
