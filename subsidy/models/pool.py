"""Who can review: what they know, and for which round they were asked."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from subsidy.db import Base, Json, UtcDateTime
from subsidy.models.people import User
from subsidy.models.rounds import Round


class ReviewerProfile(Base):
    """What a reviewer knows and can take on, as they say themselves.

    `known_municipalities` (CBS codes) they know; `own_municipalities` they live or work in, which is a
    reason to ask for an interest. `away` holds pairs of ISO days (first, last) on which they cannot review.
    """

    __tablename__ = "reviewer_profile"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    kvk: Mapped[str | None] = mapped_column(String(8))
    lay: Mapped[bool] = mapped_column(default=False, server_default="0")
    themes: Mapped[list[str]] = mapped_column(Json, default=list)
    domains: Mapped[list[str]] = mapped_column(Json, default=list)
    known_municipalities: Mapped[list[str]] = mapped_column(Json, default=list)
    own_municipalities: Mapped[list[str]] = mapped_column(Json, default=list)
    languages: Mapped[list[str]] = mapped_column(Json, default=list)
    most_reviews: Mapped[int | None]
    away: Mapped[list[list[str]]] = mapped_column(Json, default=list)
    about: Mapped[str] = mapped_column(Text, default="", server_default="")
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RoundReviewer(Base):
    """Somebody asked to review in one round, as a referent or as a member of the committee.

    Accepting includes the declaration of secrecy (Awb 2:5), once per round. Who accepted and was not
    dropped serves in the round. Of the link in the mail only a digest is kept.
    """

    __tablename__ = "round_reviewer"
    __table_args__ = (
        UniqueConstraint("round_id", "email"),
        UniqueConstraint("round_id", "user_id"),
        CheckConstraint("body IN ('referent', 'committee')", name="body_known"),
        CheckConstraint("answer IS NULL OR answer IN ('accepted', 'declined')", name="answer_known"),
        CheckConstraint(
            "answer IS NULL OR answer <> 'accepted' OR (user_id IS NOT NULL AND secrecy_at IS NOT NULL)",
            name="accepted_with_secrecy",
        ),
        Index("ix_round_reviewer_user", "user_id"),
        Index("ix_round_reviewer_email", "email"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(200), default="", server_default="")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    body: Mapped[str] = mapped_column(String(10))
    most_reviews: Mapped[int | None]
    reply_by: Mapped[date | None]
    token_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    invited_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str | None] = mapped_column(String(10))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decline_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    secrecy_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dropped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dropped_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    drop_reason: Mapped[str] = mapped_column(Text, default="", server_default="")

    round: Mapped[Round] = relationship()
    account: Mapped[User | None] = relationship(foreign_keys=[user_id])
