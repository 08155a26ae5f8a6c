"""Letters to applicants: what each says it is, when it was drawn, put in the file, and reached somebody."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from subsidy.db import Base, Json, UtcDateTime
from subsidy.models.applications import Application
from subsidy.models.decisions import Decision

_DRAFT = text("published_at IS NULL")
_NOT_SENT = text("placed_at IS NOT NULL AND notified_at IS NULL AND posted_at IS NULL")
_RUNNING = text("finished_at IS NULL")


class Letter(Base):
    """One letter of the procedure to one applicant, from its order to its reading.

    `key` makes it unique: ordering the same letter twice is one letter. `kind` is a code of
    `workflows.correspondence`, `facts` what its words rest on (a decision has its own basis). It is `dated`
    on the day that it names; until `last_day` the reader can do what `expected` says. `code` is printed on
    it, for who wants to know whether it is genuine.

    It is drawn once (`sha256`), then placed in the file (`placed_at`), and a notification of it is sent
    (`notified_at`, Awb 2:10) or it is posted (`posted_at`). The letter of a decision is placed on the day of
    its announcement. `english_sha256` is its courtesy translation, `wording_id` the words of the round that
    it was made with: none where those of the definition were in force.
    """

    __tablename__ = "letter"
    __table_args__ = (
        CheckConstraint("placed_at IS NULL OR sha256 IS NOT NULL", name="placed_when_drawn"),
        CheckConstraint("notified_at IS NULL OR placed_at IS NOT NULL", name="notified_when_placed"),
        CheckConstraint("posted_at IS NULL OR placed_at IS NOT NULL", name="posted_when_placed"),
        Index("ix_letter_application_id", "application_id", "id"),
        Index("ix_letter_round_id", "round_id", "id"),
        Index("ix_letter_sha256", "sha256"),
        Index("ix_letter_english_sha256", "english_sha256"),
        Index("ix_letter_not_sent", "placed_at", "id", sqlite_where=_NOT_SENT, postgresql_where=_NOT_SENT),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    kind: Mapped[str] = mapped_column(String(20))
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"), unique=True)
    wording_id: Mapped[int | None] = mapped_column(ForeignKey("letter_wording.id"))
    code: Mapped[str] = mapped_column(String(20), unique=True)
    facts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    dated: Mapped[date]
    last_day: Mapped[date | None]
    expected: Mapped[str] = mapped_column(String(20), default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_file.sha256"))
    english_sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_file.sha256"))
    placed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    notified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    posted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    posted_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    mail_run_id: Mapped[int | None] = mapped_column(ForeignKey("mail_run.id"), index=True)

    application: Mapped[Application] = relationship()
    decision: Mapped[Decision | None] = relationship()


class LetterReading(Base):
    """That a person of the collaboration opened a letter, for the first time."""

    __tablename__ = "letter_reading"

    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LetterWording(Base):
    """The words of the letters of one round, in versions; `phrases` is a whole `LetterPhrases` (workflows).

    The newest version that was published is in force. One draft at a time; what was published never changes.
    """

    __tablename__ = "letter_wording"
    __table_args__ = (
        UniqueConstraint("round_id", "version"),
        CheckConstraint("version > 0", name="version_counts"),
        CheckConstraint("(published_at IS NULL) = (published_by IS NULL)", name="published_by_somebody"),
        Index(
            "uq_letter_wording_draft",
            "round_id",
            unique=True,
            sqlite_where=_DRAFT,
            postgresql_where=_DRAFT,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    version: Mapped[int]
    phrases: Mapped[dict[str, Any]] = mapped_column(Json)
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    saved_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Sending(Base):
    """The request to send all confirmed letters of a round for one day; jobs do it, one letter each.

    While `paused_at` is set no letter of that round and day goes. How far it is follows from the decisions.
    """

    __tablename__ = "sending"
    __table_args__ = (
        CheckConstraint("(paused_at IS NULL) = (paused_by IS NULL)", name="paused_by_somebody"),
        UniqueConstraint("round_id", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    day: Mapped[date]
    asked_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    paused_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PaperRequest(Base):
    """That the letters of an application go by post (Awb 2:8), to whom at which address; one line a part."""

    __tablename__ = "paper_request"
    __table_args__ = (CheckConstraint("ended_at IS NULL OR ended_at >= asked_at", name="ends_after_start"),)

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True)
    address: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MailRun(Base):
    """The letters of one round that go by post together: one PDF for the mail room, with a list.

    A job makes both; `posted_at` is when an officer recorded that they went. One run at a time per round.
    """

    __tablename__ = "mail_run"
    __table_args__ = (
        CheckConstraint("posted_at IS NULL OR finished_at IS NOT NULL", name="posted_when_made"),
        Index(
            "uq_mail_run_running",
            "round_id",
            unique=True,
            sqlite_where=_RUNNING,
            postgresql_where=_RUNNING,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    day: Mapped[date]
    asked_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    letters: Mapped[int] = mapped_column(default=0, server_default="0")
    pdf_sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_file.sha256"))
    list_sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_file.sha256"))
    stopped: Mapped[str] = mapped_column(String(40), default="", server_default="")
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    posted_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    posted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Letterhead(Base):
    """The office as it stands on what it sends, in versions: the newest is in force.

    Without any, the settings of the installation hold. The address has one line a part.
    """

    __tablename__ = "letterhead"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(String(254))
    phone: Mapped[str] = mapped_column(String(40), default="", server_default="")
    website: Mapped[str] = mapped_column(String(200), default="", server_default="")
    logo_sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_file.sha256"))
    logo_text: Mapped[str] = mapped_column(String(200), default="", server_default="")
    saved_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SignatureImage(Base):
    """The picture of somebody's signature, printed on the letters that they sign."""

    __tablename__ = "signature_image"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"))
    saved_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
