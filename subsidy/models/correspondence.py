"""Mail that the system sends. Each has one stable Message-ID, so a repeat is recognised as the same."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from subsidy.db import Base, UtcDateTime


class Mail(Base):
    """One mail to one address.

    `delivery` is waiting, sending (marked before it goes), sent, or failed; a row that stays *sending*
    after its worker died is uncertain and goes again under the same Message-ID.
    """

    __tablename__ = "mail"
    __table_args__ = (
        CheckConstraint(
            "delivery IN ('waiting', 'sending', 'uncertain', 'sent', 'failed')", name="delivery_known"
        ),
        Index("ix_mail_application", "application_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    attachment_sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_file.sha256"))
    attachment_name: Mapped[str | None] = mapped_column(String(200))
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    delivery: Mapped[str] = mapped_column(String(10), default="waiting", server_default="waiting")
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
