"""Mail that the system sends, messages in a file, and questions about a call."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from subsidy.db import Base, UtcDateTime


class Mail(Base):
    """One mail to one address. Its Message-ID is stable, so a repeat is recognised as the same.

    A notification of a letter names it (`letter_id`), and does not go before the letter is in the file.
    `delivery` is waiting, sending (marked before it goes), sent, or failed; a row that stays *sending*
    after its worker died is uncertain and goes again under the same Message-ID.
    """

    __tablename__ = "mail"
    __table_args__ = (
        CheckConstraint(
            "delivery IN ('waiting', 'sending', 'uncertain', 'sent', 'failed')", name="delivery_known"
        ),
        Index("ix_mail_application", "application_id", "id"),
        Index("ix_mail_letter_id", "letter_id"),
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
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letter.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    delivery: Mapped[str] = mapped_column(String(10), default="waiting", server_default="waiting")
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Message(Base):
    """A message in the file of an application, from the office or to it."""

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint("body <> ''", name="says_something"),
        Index("ix_message_application", "application_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    from_office: Mapped[bool]
    author_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    body: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MessageReading(Base):
    """That a person opened a message, for the first time."""

    __tablename__ = "message_reading"

    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CallQuestion(Base):
    """A question about a call; once published, everybody reads the question as edited and its answer."""

    __tablename__ = "call_question"
    __table_args__ = (
        CheckConstraint("asked <> ''", name="asks_something"),
        CheckConstraint(
            "published_at IS NULL OR (answer <> '' AND question <> '')", name="published_is_answered"
        ),
        Index("ix_call_question_round", "round_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    asked: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    question: Mapped[str] = mapped_column(Text, default="", server_default="")
    answer: Mapped[str] = mapped_column(Text, default="", server_default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
