"""Interests that people declared (Awb 2:4), and what the chair decided about them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from subsidy.db import Base, Json, UtcDateTime
from subsidy.models.applications import Application
from subsidy.models.people import User

_LIVE = text("decision IS NULL OR decision = 'upheld'")


class Interest(Base):
    """An interest of one person in one application, declared by that person.

    It bars from the moment it is declared; only a chair who dismisses it, with a reason, lifts that.
    `extent` is `round` for who is directly involved: they are kept out of every file of the round.
    `kind` is a code of workflows/interests, `nature` tells it in words. `measure` is what the person
    proposes, `decision_measure` what the chair settled; empty is the usual one: no advice, no
    deliberation, no ranking of this application. `handed_in_at` is when the person had handed in a review,
    which the interest took out of the count.
    """

    __tablename__ = "interest"
    __table_args__ = (
        CheckConstraint("nature <> ''", name="nature_said"),
        CheckConstraint("extent IN ('file', 'round')", name="extent_known"),
        CheckConstraint(
            "decision IS NULL OR (decision IN ('upheld', 'dismissed') AND decision_reason <> ''"
            " AND decided_at IS NOT NULL AND decided_by IS NOT NULL AND decided_by <> user_id)",
            name="decided_by_another_with_reason",
        ),
        Index(
            "uq_interest_live",
            "application_id",
            "user_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index("ix_interest_user", "user_id", "application_id"),
        Index("ix_interest_follows", "follows_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    capacity: Mapped[str] = mapped_column(String(20))
    extent: Mapped[str] = mapped_column(String(10), default="file", server_default="file")
    kind: Mapped[str] = mapped_column(String(20), default="other", server_default="other")
    nature: Mapped[str] = mapped_column(Text)
    measure: Mapped[str] = mapped_column(Text, default="", server_default="")
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    handed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("interest.id", ondelete="CASCADE"))
    decision: Mapped[str | None] = mapped_column(String(10))
    decision_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    decision_measure: Mapped[str] = mapped_column(Text, default="", server_default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    application: Mapped[Application] = relationship()
    person: Mapped[User] = relationship(foreign_keys=[user_id])


class OverriddenWarning(Base):
    """That somebody declared no interest in an application although there were signs of one, and why.

    `warnings` holds the signs as they were then: pairs of a code and what it is about.
    """

    __tablename__ = "overridden_warning"

    application_id: Mapped[int] = mapped_column(
        ForeignKey("application.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    capacity: Mapped[str] = mapped_column(String(20))
    warnings: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RoundDeclaration(Base):
    """That a person of the office or the committee saw who applies in a round and reported every interest.

    `covers` is the highest id of the applications that were shown: what came in later is not declared on.
    """

    __tablename__ = "round_declaration"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    covers: Mapped[int]
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)
