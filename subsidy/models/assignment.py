"""A proposal for who reviews what, computed by a job, adjusted by hand, and then confirmed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from subsidy.db import Base, Json, UtcDateTime


class AssignmentProposal(Base):
    """One run of the solver for a round; `result` holds loads, what could not be met, and the bound."""

    __tablename__ = "assignment_proposal"
    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting', 'ready', 'failed', 'confirmed', 'dropped')", name="state_known"
        ),
        Index("ix_assignment_proposal_round", "round_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    state: Mapped[str] = mapped_column(String(10), default="waiting", server_default="waiting")
    due_on: Mapped[date]
    settings: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    result: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class ProposedPair(Base):
    """A reviewer for an application in a proposal, with the codes of the reasons why.

    `origin`: `kept` is an assignment that exists already, `proposed` the solver's, `by_hand` an officer's.
    """

    __tablename__ = "proposed_pair"
    __table_args__ = (
        UniqueConstraint("proposal_id", "application_id", "user_id"),
        CheckConstraint("origin IN ('kept', 'proposed', 'by_hand')", name="origin_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("assignment_proposal.id", ondelete="CASCADE"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    origin: Mapped[str] = mapped_column(String(10))
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
