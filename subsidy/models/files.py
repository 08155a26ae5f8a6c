"""Bytes that the system keeps, stored once by their content."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from subsidy.db import Base, UtcDateTime


class StoredFile(Base):
    """The bytes with this SHA-256 lie in the file store; rows that use them name the digest."""

    __tablename__ = "stored_file"
    __table_args__ = (CheckConstraint("length(sha256) = 64", name="sha256_whole"),)

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    stored_at: Mapped[datetime] = mapped_column(UtcDateTime)
