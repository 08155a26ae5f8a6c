"""Reference data: the municipalities of one version, with the regions that they belong to."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from subsidy.db import Base, UtcDateTime

_ACTIVE = text("active")


class ReferenceVersion(Base):
    """One version of the municipalities; never changed after it was imported. One version is active."""

    __tablename__ = "reference_version"
    __table_args__ = (
        Index(
            "uq_reference_version_active",
            "active",
            unique=True,
            sqlite_where=_ACTIVE,
            postgresql_where=_ACTIVE,
        ),
    )

    version: Mapped[str] = mapped_column(String(40), primary_key=True)
    source: Mapped[str] = mapped_column(String(500))
    population_date: Mapped[date | None]
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    active: Mapped[bool]


class MunicipalityRow(Base):
    """One municipality in one version. `inhabitants` as counted on the version's population date."""

    __tablename__ = "municipality"

    version: Mapped[str] = mapped_column(ForeignKey("reference_version.version"), primary_key=True)
    code: Mapped[str] = mapped_column(String(6), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    province_code: Mapped[str] = mapped_column(String(6))
    province: Mapped[str] = mapped_column(String(100))
    ggd_code: Mapped[str] = mapped_column(String(6))
    ggd: Mapped[str] = mapped_column(String(100))
    zk_code: Mapped[str] = mapped_column(String(6))
    zorgkantoor: Mapped[str] = mapped_column(String(100))
    inhabitants: Mapped[int]


class FormerMunicipality(Base):
    """A code that was used before, and the municipality of this version that it became."""

    __tablename__ = "former_municipality"

    version: Mapped[str] = mapped_column(ForeignKey("reference_version.version"), primary_key=True)
    code: Mapped[str] = mapped_column(String(6), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    successor: Mapped[str] = mapped_column(String(6))
