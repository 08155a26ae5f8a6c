"""A meeting of the committee: who was there, what was discussed, who left the room for what."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from subsidy.db import Base, UtcDateTime
from subsidy.models.people import User
from subsidy.models.rounds import Round

_UNDER_DISCUSSION = text("started_at IS NOT NULL AND ended_at IS NULL")


class Meeting(Base):
    """One meeting of the committee of a round.

    `version` goes up with every change that others in the meeting should see. `quorum` is the number of
    members that has to be present. The minutes are a stored PDF, made when the meeting is closed;
    `minutes_content` is the digest of what they say, by which minutes that are no longer right are known.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        CheckConstraint("quorum >= 0", name="quorum_not_negative"),
        CheckConstraint("confirmed_at IS NULL OR minutes_sha256 IS NOT NULL", name="confirmed_has_minutes"),
        Index("ix_meeting_round", "round_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    title: Mapped[str] = mapped_column(String(200))
    place: Mapped[str] = mapped_column(String(200), default="", server_default="")
    held_on: Mapped[date]
    quorum: Mapped[int]
    chair_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    notes: Mapped[str] = mapped_column(Text, default="", server_default="")
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    minutes_sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_file.sha256"))
    minutes_content: Mapped[str | None] = mapped_column(String(64))
    minutes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    round: Mapped[Round] = relationship()


class Attendance(Base):
    """A person expected at a meeting, as chair, member or secretary, and whether they are there."""

    __tablename__ = "attendance"
    __table_args__ = (CheckConstraint("part IN ('chair', 'member', 'secretary')", name="part_known"),)

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    part: Mapped[str] = mapped_column(String(10))
    present: Mapped[bool] = mapped_column(default=False, server_default="0")
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    person: Mapped[User] = relationship()


class AgendaItem(Base):
    """An application on the agenda. Of one meeting, one application at a time is under discussion.

    `put_off` says why it is left for another meeting; empty when it is not.
    """

    __tablename__ = "agenda_item"
    __table_args__ = (
        CheckConstraint("ended_at IS NULL OR started_at IS NOT NULL", name="ended_was_started"),
        CheckConstraint(
            "put_off = '' OR started_at IS NULL OR ended_at IS NOT NULL", name="put_off_not_discussed"
        ),
        Index(
            "uq_agenda_item_under_discussion",
            "meeting_id",
            unique=True,
            sqlite_where=_UNDER_DISCUSSION,
            postgresql_where=_UNDER_DISCUSSION,
        ),
        Index("ix_agenda_item_application", "application_id"),
    )

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True)
    application_id: Mapped[int] = mapped_column(
        ForeignKey("application.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int]
    deliberation: Mapped[str] = mapped_column(Text, default="", server_default="")
    put_off: Mapped[str] = mapped_column(Text, default="", server_default="")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Recusal(Base):
    """A person who leaves the room for one application; until `until_at` the file is hidden from them.

    `mistaken`: it was recorded by mistake, and they were let back in.
    """

    __tablename__ = "recusal"
    __table_args__ = (
        Index("ix_recusal_user", "user_id", "application_id"),
        Index("ix_recusal_meeting", "meeting_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    from_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mistaken: Mapped[bool] = mapped_column(default=False, server_default="0")

    person: Mapped[User] = relationship(foreign_keys=[user_id])
