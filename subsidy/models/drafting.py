"""What was typed and is no part of an application yet, and what an application said when it was sent in."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from subsidy.db import Base, Json, UtcDateTime


class KeptForm(Base):
    """A section as one person typed it, kept because it cannot be read yet or clashes with another.

    `typed` is a list of [name, value] as the browser sent it, `reason` is unreadable or clash.
    """

    __tablename__ = "kept_form"

    application_id: Mapped[int] = mapped_column(
        ForeignKey("application.id", ondelete="CASCADE"), primary_key=True
    )
    section: Mapped[str] = mapped_column(String(63), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    typed: Mapped[list[Any]] = mapped_column(Json, default=list)
    reason: Mapped[str] = mapped_column(String(15))
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ParkedForm(Base):
    """A form that arrived after its session had ended; who logs in and knows its secret gets it back."""

    __tablename__ = "parked_form"
    __table_args__ = (Index("ix_parked_form_parked_at", "parked_at"),)

    token_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    path: Mapped[str] = mapped_column(Text)
    typed: Mapped[list[Any]] = mapped_column(Json, default=list)
    parked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SentVersion(Base):
    """Everything that an application said at a version that was sent in, see services/sent_content.py."""

    __tablename__ = "sent_version"

    application_id: Mapped[int] = mapped_column(
        ForeignKey("application.id", ondelete="CASCADE"), primary_key=True
    )
    version: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
