"""What the committee agreed on: scores that go before the reviewers' mean, and the order of priority."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from subsidy.db import Base, Json, UtcDateTime


class PanelAdvice(Base):
    """The advice on one application. `scores` maps a criterion to its agreed score, as exact text.

    `score_reasons` maps a criterion to why its agreed score is another than the mean of the reviewers,
    `priority_reason` says why the place in the order departs from the score.
    """

    __tablename__ = "panel_advice"
    __table_args__ = (CheckConstraint("priority IS NULL OR priority >= 1", name="priority_positive"),)

    application_id: Mapped[int] = mapped_column(
        ForeignKey("application.id", ondelete="CASCADE"), primary_key=True
    )
    scores: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    priority: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(Text)
    score_reasons: Mapped[dict[str, str]] = mapped_column(Json, default=dict, server_default="{}")
    priority_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
