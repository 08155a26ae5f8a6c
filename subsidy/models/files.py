"""Bytes that the system keeps, stored once by their content."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
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


class PageImage(Base):
    """A page of a stored document as a picture, for reading on screen; numbers count from 1."""

    __tablename__ = "page_image"

    sha256: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    image_sha256: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"))
    width: Mapped[int]
    height: Mapped[int]


class PagesMade(Base):
    """That the pages of a stored document were drawn; `problem` is a code when they could not be."""

    __tablename__ = "pages_made"

    sha256: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"), primary_key=True)
    pages: Mapped[int]
    problem: Mapped[str] = mapped_column(String(30), default="", server_default="")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
