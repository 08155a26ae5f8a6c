"""Organisations that take part in applications, each one once."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from subsidy.db import Base, UtcDateTime


class Organisation(Base):
    """An organisation, found by its KvK number or else by its name.

    `name_key` is the name in lower case without what people write differently; it is unique only among
    organisations without a KvK number, because two in the trade register may share a name.
    """

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint("kvk IS NULL OR length(kvk) = 8", name="kvk_whole"),
        Index("ix_organisation_name_key", "name_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200))
    kvk: Mapped[str | None] = mapped_column(String(8), unique=True)
    rsin: Mapped[str | None] = mapped_column(String(9))
    postcode: Mapped[str | None] = mapped_column(String(7))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
