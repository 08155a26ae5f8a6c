"""The people of a collaboration: members, invitations, signatures, and who works where now."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from subsidy.db import Base, Json, UtcDateTime

CAPACITY = "capacity IN ('view', 'edit', 'sign', 'lead')"


class Membership(Base):
    """A person of the collaboration, and what they may do with this application.

    `participation_key` is the organisation for which they take part; `part` is project_leader or empty.
    """

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("application_id", "user_id"),
        CheckConstraint(CAPACITY, name="capacity_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    capacity: Mapped[str] = mapped_column(String(10))
    participation_key: Mapped[str | None] = mapped_column(String(16))
    part: Mapped[str] = mapped_column(String(20), default="", server_default="")


class Invitation(Base):
    """Somebody asked by e-mail to join; the link works once, and only its digest is kept."""

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint(CAPACITY, name="capacity_known"),
        Index("ix_invitation_application", "application_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(254))
    capacity: Mapped[str] = mapped_column(String(10))
    participation_key: Mapped[str | None] = mapped_column(String(16))
    part: Mapped[str] = mapped_column(String(20), default="", server_default="")
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Signature(Base):
    """A partner's confirmation that it takes part, for one version of the application.

    `terms` holds what was confirmed (amount, partners, contributions) and `terms_digest` its digest;
    `voided_at` is set while the application says something else, with the codes of what changed.
    `statement_scan` is what the virus scan says of an uploaded statement: see Attachment.
    """

    __tablename__ = "signature"
    __table_args__ = (
        CheckConstraint("kind IN ('online', 'uploaded')", name="kind_known"),
        CheckConstraint(
            "statement_scan IN ('unscanned', 'waiting', 'clean', 'infected')", name="statement_scan_known"
        ),
        Index("ix_signature_application", "application_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    participation_key: Mapped[str] = mapped_column(String(16))
    organisation: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(200))
    position: Mapped[str] = mapped_column(String(200))
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    application_version: Mapped[int]
    terms: Mapped[dict[str, object]] = mapped_column(Json, default=dict)
    terms_digest: Mapped[str] = mapped_column(String(64))
    statement_sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_file.sha256"))
    statement_name: Mapped[str | None] = mapped_column(String(200))
    statement_scan: Mapped[str] = mapped_column(String(10), default="unscanned", server_default="unscanned")
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    voided_for: Mapped[list[str]] = mapped_column(Json, default=list)


class Presence(Base):
    """Who had a section open when; older than a minute is gone."""

    __tablename__ = "presence"

    application_id: Mapped[int] = mapped_column(
        ForeignKey("application.id", ondelete="CASCADE"), primary_key=True
    )
    section: Mapped[str] = mapped_column(String(63), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
