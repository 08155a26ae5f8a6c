"""An application: who applies together, for which region, for what, and with which budget."""

import secrets
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from subsidy.db import Base, Cents, Json, UtcDateTime
from subsidy.models.rounds import Round
from workflows.states import ApplicationState

if TYPE_CHECKING:
    from subsidy.models.collaboration import Membership
    from subsidy.models.people import User
    from subsidy.models.screening import Supplement

STATES = tuple(state.value for state in ApplicationState)


def new_key() -> str:
    """Name a participation: random, so that two people who add a partner at once make two names."""
    return secrets.token_hex(8)


class Application(Base):
    """One application to one round. A draft has no reference yet and may be incomplete.

    `version` grows with every save. `state` is written by services/advance.py alone. `set_aside` keeps
    the answers to questions that are not asked any more, until the application is sent in: they are no
    answers, but come back when the question does. `regiobeeld_from` is file, link or award;
    `copied_from` is the reference of the application that this one began as a copy of.
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
    regiobeeld_from: Mapped[str | None] = mapped_column(String(10))
    answers: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    set_aside: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default="{}")
    copied_from: Mapped[str | None] = mapped_column(String(40))
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
    aid: Mapped[list["AidReceived"]] = relationship(
        order_by="AidReceived.position", cascade="all, delete-orphan"
    )
    other_money: Mapped[list["OtherMoney"]] = relationship(
        order_by="OtherMoney.position", cascade="all, delete-orphan"
    )
    members: Mapped[list["Membership"]] = relationship(order_by="Membership.id", cascade="all, delete-orphan")


class Participation(Base):
    """An organisation that takes part, in one domain; the domain belongs to the participation.

    `key` names the participation within its application as long as it stands in the form, so that
    members, signatures and budget lines know it whatever its place or name becomes. Name and numbers are
    those of this application; `organisation_id` says which organisation that is.
    """

    __tablename__ = "participation"
    __table_args__ = (
        UniqueConstraint("application_id", "position"),
        Index("ix_participation_organisation", "organisation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    position: Mapped[int]
    lead: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str] = mapped_column(String(200))
    domain: Mapped[str] = mapped_column(String(20))
    kvk: Mapped[str | None] = mapped_column(String(8))
    contact: Mapped[str] = mapped_column(String(200), default="", server_default="")
    key: Mapped[str] = mapped_column(String(16), default=new_key, server_default="")
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    rsin: Mapped[str | None] = mapped_column(String(9))
    iban: Mapped[str | None] = mapped_column(String(34))
    postcode: Mapped[str | None] = mapped_column(String(7))


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
    """One line of the budget; `kind` is cost, own (contribution) or cofinancing.

    `participation_key` is the partner that makes the cost or gives the money, `year` counts from 1 for the
    first year of the project, `source` says who else pays; all three may be unknown.
    """

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
    participation_key: Mapped[str | None] = mapped_column(String(16))
    year: Mapped[int | None]
    source: Mapped[str | None] = mapped_column(String(63))


class AidReceived(Base):
    """State aid that a participant got earlier: de-minimis (EU 2023/2831) or SGEI (EU 2023/2832)."""

    __tablename__ = "aid_received"
    __table_args__ = (
        UniqueConstraint("application_id", "position"),
        CheckConstraint("amount_cents >= 0", name="amount_not_negative"),
        CheckConstraint("regulation IN ('de_minimis', 'sgei')", name="regulation_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    position: Mapped[int]
    participation_key: Mapped[str | None] = mapped_column(String(16))
    regulation: Mapped[str] = mapped_column(String(10))
    granted_on: Mapped[date | None]
    grantor: Mapped[str] = mapped_column(String(200), default="", server_default="")
    amount_cents: Mapped[int] = mapped_column(Cents)


class OtherMoney(Base):
    """Public money from elsewhere for the same activities; `source` is a code such as iza or spuk."""

    __tablename__ = "other_money"
    __table_args__ = (
        UniqueConstraint("application_id", "position"),
        CheckConstraint("amount_cents >= 0", name="amount_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    position: Mapped[int]
    source: Mapped[str] = mapped_column(String(63))
    description: Mapped[str] = mapped_column(String(300), default="", server_default="")
    amount_cents: Mapped[int] = mapped_column(Cents)


class Attachment(Base):
    """A file that the collaboration added, for one question of the form. Bytes live in StoredFile.

    `scan` is unscanned (no scanner here), waiting, clean or infected.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        CheckConstraint("scan IN ('unscanned', 'waiting', 'clean', 'infected')", name="scan_known"),
        Index("ix_attachment_sha256", "sha256"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), index=True)
    question: Mapped[str] = mapped_column(String(63))
    file_name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"))
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    scan: Mapped[str] = mapped_column(String(10), default="unscanned", server_default="unscanned")
    scanned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    application: Mapped[Application] = relationship(back_populates="attachments")
    uploader: Mapped["User | None"] = relationship(viewonly=True, lazy="joined")

    @property
    def sent_in(self) -> bool:
        """Whether it was part of what was sent in, and so stays."""
        sent = self.application.completed_at or self.application.submitted_at
        return sent is not None and self.uploaded_at <= sent
