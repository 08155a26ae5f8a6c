"""What happened, as a chain that survives erasure; and who merely looked."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from subsidy.db import Base, Json, UtcDateTime


class ChainHead(Base):
    """The end of one chain: how many events it has and the keyed hash of the last. Locked while appending."""

    __tablename__ = "chain_head"

    chain: Mapped[str] = mapped_column(String(63), primary_key=True)
    length: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(64))


class Event(Base):
    """One thing that happened. `facts` holds no personal data; that lies erasably in EventDetail."""

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("chain", "sequence"),
        Index("ix_event_application", "application_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chain: Mapped[str] = mapped_column(ForeignKey("chain_head.chain"))
    sequence: Mapped[int]
    name: Mapped[str] = mapped_column(String(63))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None]
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))
    application_id: Mapped[int | None]
    facts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    detail_digest: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))

    detail: Mapped["EventDetail | None"] = relationship(back_populates="event", uselist=False)


class EventDetail(Base):
    """The personal part of an event. Deleting the row leaves the chain whole: it holds a salted digest."""

    __tablename__ = "event_detail"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True)
    salt: Mapped[str] = mapped_column(String(32))
    body: Mapped[dict[str, Any]] = mapped_column(Json)

    event: Mapped[Event] = relationship(back_populates="detail")


class AccessLog(Base):
    """Who looked at what (Awb 2:17, 2:25: the burden of proof of delivery and reading is the authority's)."""

    __tablename__ = "access_log"
    __table_args__ = (Index("ix_access_log_application", "application_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[int | None]
    application_id: Mapped[int | None]
    what: Mapped[str] = mapped_column(String(200))
