"""What if: a round divided by other rules or another ceiling, kept under a name; no file is touched."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from subsidy.db import Base, Cents, Json, UtcDateTime


class Scenario(Base):
    """A named what-if: `rules` and `ceiling_cents` (euro cents) on the round as it was frozen then."""

    __tablename__ = "scenario"
    __table_args__ = (
        UniqueConstraint("round_id", "name"),
        CheckConstraint("name <> ''", name="named"),
        CheckConstraint("ceiling_cents >= 0", name="ceiling_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    name: Mapped[str] = mapped_column(String(100))
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    ceiling_cents: Mapped[int] = mapped_column(Cents)
    rules: Mapped[dict[str, Any]] = mapped_column(Json)
    frozen_sha256: Mapped[str] = mapped_column(ForeignKey("frozen_round.sha256"))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    made_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ScenarioReport(Base):
    """A comparison of scenarios as a PDF: `content` is all that it is made from, `sha256` that of it as JSON.

    It outlives the scenarios, which can be changed and deleted. `pdf_sha256` is there once a job drew it.
    """

    __tablename__ = "scenario_report"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    pdf_sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_file.sha256"))
    asked_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
