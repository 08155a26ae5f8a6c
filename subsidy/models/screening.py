"""What the office found about an application before it was assessed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from subsidy.db import Base, Json, UtcDateTime


class FindingRow(Base):
    """One check of the last screening run, in the order of the checks."""

    __tablename__ = "finding"
    __table_args__ = (
        UniqueConstraint("application_id", "check_id"),
        CheckConstraint("outcome IN ('pass', 'warn', 'fail')", name="outcome_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    position: Mapped[int]
    check_id: Mapped[str] = mapped_column(String(63))
    outcome: Mapped[str] = mapped_column(String(4))
    params: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    basis: Mapped[str] = mapped_column(String(200), default="")


class Verdict(Base):
    """The officer's own conclusion, with the reasons; the newest row counts, older ones stay."""

    __tablename__ = "verdict"
    __table_args__ = (
        CheckConstraint("verdict IN ('eligible', 'ineligible')", name="verdict_known"),
        CheckConstraint("motivation <> ''", name="motivated"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), index=True)
    verdict: Mapped[str] = mapped_column(String(10))
    motivation: Mapped[str] = mapped_column(Text)
    officer_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Supplement(Base):
    """The one chance to supplement (Awb 4:5); the unique key keeps it to one."""

    __tablename__ = "supplement"
    __table_args__ = (CheckConstraint("asked <> ''", name="says_what"),)

    application_id: Mapped[int] = mapped_column(
        ForeignKey("application.id", ondelete="CASCADE"), primary_key=True
    )
    asked: Mapped[str] = mapped_column(Text)
    sections: Mapped[list[str]] = mapped_column(Json, default=list)
    requested_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_day: Mapped[date]
    supplied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
