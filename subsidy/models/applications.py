"""An application: who applies together, for which region, for what, and with which budget."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from subsidy.db import Base, Cents, Json, UtcDateTime
from subsidy.models.rounds import Round
from workflows.states import ApplicationState

if TYPE_CHECKING:
    from subsidy.models.screening import Supplement

STATES = tuple(state.value for state in ApplicationState)


class Application(Base):
    """One application to one round. A draft has no reference yet and may be incomplete.

    `version` grows with every save: a form that was opened on an older version is a clash, never a
    silent overwrite. `state` is written by services/advance.py alone.
    """

    __tablename__ = "application"
    __table_args__ = (
        CheckConstraint("requested_cents >= 0", name="requested_not_negative"),
        CheckConstraint(
            "state = 'draft' OR (reference IS NOT NULL AND submitted_at IS NOT NULL AND months IS NOT NULL)",
            name="submitted_is_complete",
        ),
        CheckConstraint(f"state IN ({', '.join(repr(state) for state in STATES)})", name="state_known"),
        CheckConstraint("channel IN ('portal', 'paper', 'import')", name="channel_known"),
        Index("ix_application_round_state", "round_id", "state", "id"),
        Index("ix_application_round_reference", "round_id", "reference"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    reference: Mapped[str | None] = mapped_column(String(40), unique=True)
    state: Mapped[str] = mapped_column(String(20), server_default="draft")
    channel: Mapped[str] = mapped_column(String(10), default="portal", server_default="portal")
    title: Mapped[str] = mapped_column(String(200), default="", server_default="")
    summary: Mapped[str] = mapped_column(Text, default="", server_default="")
    region_name: Mapped[str] = mapped_column(Text, default="", server_default="")
    region_inhabitants: Mapped[int | None]
    requested_cents: Mapped[int] = mapped_column(Cents, default=0, server_default="0")
    cofinancing_cents: Mapped[int | None] = mapped_column(Cents)
    months: Mapped[int | None]
    themes: Mapped[list[str]] = mapped_column(Json, default=list)
    predecessor: Mapped[str | None] = mapped_column(Text)
    regiobeeld: Mapped[str | None] = mapped_column(Text)
    answers: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    started_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deadline_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    round: Mapped[Round] = relationship()
    participations: Mapped[list["Participation"]] = relationship(
        order_by="Participation.position", cascade="all, delete-orphan"
    )
    municipalities: Mapped[list["RegionMunicipality"]] = relationship(
        order_by="RegionMunicipality.position", cascade="all, delete-orphan"
    )
    neighbourhoods: Mapped[list["RegionNeighbourhood"]] = relationship(
        order_by="RegionNeighbourhood.position", cascade="all, delete-orphan"
    )
    budget: Mapped[list["BudgetLine"]] = relationship(
        order_by="BudgetLine.position", cascade="all, delete-orphan"
    )
    attachments: Mapped[list["Attachment"]] = relationship(
        order_by="Attachment.id", cascade="all, delete-orphan", back_populates="application"
    )
    supplement: Mapped["Supplement | None"] = relationship(viewonly=True)
    members: Mapped[list["Membership"]] = relationship(order_by="Membership.id", cascade="all, delete-orphan")


class Participation(Base):
    """An organisation that takes part, in one domain; the domain belongs to the participation."""

    __tablename__ = "participation"
    __table_args__ = (UniqueConstraint("application_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    position: Mapped[int]
    lead: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str] = mapped_column(String(200))
    domain: Mapped[str] = mapped_column(String(20))
    kvk: Mapped[str | None] = mapped_column(String(8))
    contact: Mapped[str] = mapped_column(String(200), default="", server_default="")


class RegionMunicipality(Base):
    """A municipality of the region: the code as given, and today's code that it stands for."""

    __tablename__ = "region_municipality"

    application_id: Mapped[int] = mapped_column(
        ForeignKey("application.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    given_code: Mapped[str] = mapped_column(String(6))
    code: Mapped[str] = mapped_column(String(6), index=True)


class RegionNeighbourhood(Base):
    """A neighbourhood (WK or BU code) when the region is a part of one or more municipalities."""

    __tablename__ = "region_neighbourhood"

    application_id: Mapped[int] = mapped_column(
        ForeignKey("application.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(10))


class BudgetLine(Base):
    """One line of the budget; `kind` is cost, own (contribution) or cofinancing."""

    __tablename__ = "budget_line"
    __table_args__ = (
        UniqueConstraint("application_id", "position"),
        CheckConstraint("amount_cents >= 0", name="amount_not_negative"),
        CheckConstraint("kind IN ('cost', 'own', 'cofinancing')", name="kind_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(15), default="cost", server_default="cost")
    category: Mapped[str] = mapped_column(String(63), default="", server_default="")
    description: Mapped[str] = mapped_column(String(300))
    amount_cents: Mapped[int] = mapped_column(Cents)


class Attachment(Base):
    """A file that the collaboration added, for one question of the form. Bytes live in StoredFile."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), index=True)
    question: Mapped[str] = mapped_column(String(63))
    file_name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"))
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    application: Mapped[Application] = relationship(back_populates="attachments")


class Membership(Base):
    """A person of the collaboration, and what they may do with this application."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("application_id", "user_id"),
        CheckConstraint("capacity IN ('view', 'edit', 'sign')", name="capacity_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    capacity: Mapped[str] = mapped_column(String(10))
