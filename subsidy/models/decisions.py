"""Decisions on applications, and the money that they take from the ceiling."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from subsidy.db import Base, Cents, Json, UtcDateTime
from subsidy.models.applications import Application
from subsidy.models.mandates import Mandate

# In force from its announcement (Awb 3:40) until another is; pending until then.
_IN_FORCE = text("returned_at IS NULL AND replaced_at IS NULL AND (announced_at IS NOT NULL OR imported)")
_PENDING = text("returned_at IS NULL AND announced_at IS NULL AND NOT imported")
_RUNNING = text("finished_at IS NULL")


class Decision(Base):
    """A decision: proposed by one officer, confirmed by another, announced on the day that it names.

    Where it stands follows from its instants (proposed, returned or confirmed, announced), so no second
    truth can drift. What it says is fixed from the proposal on, a trigger refuses every change of it; another
    outcome is another row. A confirmed one is returned only when its announcement date was missed.
    Imported history needs no motivation.

    A later decision on the same application says its `kind`, names the one that it `replaces` and gives a
    `reason`; the old one is replaced when the new one is announced. `mandate_id` is the mandate under which
    it is taken and whose holder signs (Awb 10:10), `frozen_sha256` the round as it was when it was proposed.
    `remedy_of` names the objection, appeal or court order behind an award outside the ceiling (Awb 4:25(3)).
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
        CheckConstraint(
            "kind IN ('first', 'correction', 'withdrawal', 'increase', 'reserve', 'remedy')",
            name="kind_known",
        ),
        CheckConstraint("(kind = 'first') = (replaces_id IS NULL)", name="later_names_the_old"),
        CheckConstraint("kind = 'first' OR reason <> ''", name="later_has_reason"),
        CheckConstraint("(kind = 'remedy') = (remedy_of <> '')", name="remedy_says_of_what"),
        CheckConstraint(
            "replaced_at IS NULL OR announced_at IS NOT NULL", name="replaced_after_announcement"
        ),
        Index(
            "uq_decision_in_force",
            "application_id",
            unique=True,
            sqlite_where=_IN_FORCE,
            postgresql_where=_IN_FORCE,
        ),
        Index(
            "uq_decision_pending",
            "application_id",
            unique=True,
            sqlite_where=_PENDING,
            postgresql_where=_PENDING,
        ),
        Index("ix_decision_round", "round_id", "application_id"),
        Index("ix_decision_replaces_id", "replaces_id"),
        Index("ix_decision_application_id", "application_id"),
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
    kind: Mapped[str] = mapped_column(String(12), default="first", server_default="first")
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    remedy_of: Mapped[str] = mapped_column(String(200), default="", server_default="")
    mandate_id: Mapped[int | None] = mapped_column(ForeignKey("mandate.id"))
    frozen_sha256: Mapped[str | None] = mapped_column(ForeignKey("frozen_round.sha256"))
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
    replaced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    application: Mapped[Application] = relationship()
    mandate: Mapped[Mandate | None] = relationship()


class DecisionReading(Base):
    """That an officer opened the letter of a proposal: what was not read is not confirmed in a batch."""

    __tablename__ = "decision_reading"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    letter_sha256: Mapped[str] = mapped_column(String(64))
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ProposalBatch(Base):
    """The request to propose what the division gives for a whole round; a worker does it.

    `outcome` and `chosen` (references) narrow what is asked for, None for all; `refused` maps a reference to
    a code, with after a colon the reference of the application in the way, where one is. `stopped` is a code
    for why it ended before all was done, `stopped_by` who ended it. In a round one batch runs at a time.
    """

    __tablename__ = "proposal_batch"
    __table_args__ = (
        CheckConstraint("stopped = '' OR finished_at IS NOT NULL", name="stopped_is_over"),
        Index(
            "uq_proposal_batch_running",
            "round_id",
            unique=True,
            sqlite_where=_RUNNING,
            postgresql_where=_RUNNING,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    announce_on: Mapped[date]
    mandate_id: Mapped[int | None] = mapped_column(ForeignKey("mandate.id"))
    outcome: Mapped[str | None] = mapped_column(String(15))
    chosen: Mapped[list[str] | None] = mapped_column(Json)
    asked_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    total: Mapped[int] = mapped_column(default=0, server_default="0")
    proposed: Mapped[int] = mapped_column(default=0, server_default="0")
    refused: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stopped: Mapped[str] = mapped_column(String(40), default="", server_default="")
    stopped_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
