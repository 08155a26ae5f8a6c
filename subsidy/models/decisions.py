"""Decisions on applications, and the money that they take from the ceiling."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from subsidy.db import Base, Cents, Json, UtcDateTime
from subsidy.models.applications import Application

_CURRENT = text("returned_at IS NULL")


class Decision(Base):
    """A decision: proposed by one officer, confirmed by another, announced on the day that it names.

    Where it stands follows from its instants (proposed, returned or confirmed, announced), so no second
    truth can drift. What it says is fixed from the proposal on, a trigger refuses every change of it; another
    outcome is another row. A confirmed one is returned only when its announcement date was missed.
    Imported history needs no motivation.
    """

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint(
            "outcome IN ('awarded', 'rejected', 'not_processed', 'withdrawn')", name="outcome_known"
        ),
        CheckConstraint("outcome = 'awarded' OR amount_cents = 0", name="only_awards_have_money"),
        CheckConstraint("imported OR outcome <> 'awarded' OR amount_cents > 0", name="award_has_amount"),
        CheckConstraint("imported OR motivation <> ''", name="motivated"),
        CheckConstraint("imported OR proposed_by IS NOT NULL", name="has_proposer"),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> proposed_by", name="four_eyes"),
        CheckConstraint(
            "imported OR confirmed_at IS NULL OR (confirmed_by IS NOT NULL AND letter_sha256 IS NOT NULL)",
            name="confirmed_with_letter",
        ),
        CheckConstraint(
            "returned_at IS NULL OR (announced_at IS NULL AND return_reason <> '')", name="return_reasoned"
        ),
        CheckConstraint(
            "announced_at IS NULL OR imported OR confirmed_at IS NOT NULL", name="confirmed_first"
        ),
        Index(
            "uq_decision_current",
            "application_id",
            unique=True,
            sqlite_where=_CURRENT,
            postgresql_where=_CURRENT,
        ),
        Index("ix_decision_round", "round_id", "application_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    outcome: Mapped[str] = mapped_column(String(15))
    amount_cents: Mapped[int] = mapped_column(Cents, default=0)
    ground: Mapped[str | None] = mapped_column(Text)
    reserve_place: Mapped[int | None]
    motivation: Mapped[str] = mapped_column(Text, default="")
    departure: Mapped[str] = mapped_column(Text, default="", server_default="")
    imported: Mapped[bool] = mapped_column(default=False)
    decided_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    announce_on: Mapped[date | None]
    objection_last_day: Mapped[date | None]
    basis: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    letter_sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_file.sha256"))
    returned_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    returned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    return_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    announced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    application: Mapped[Application] = relationship()


class LedgerLine(Base):
    """Money taken from (positive) or given back to (negative) the ceiling of a round, by one decision."""

    __tablename__ = "ledger_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    cents: Mapped[int] = mapped_column(Cents)
    booked_at: Mapped[datetime] = mapped_column(UtcDateTime)
