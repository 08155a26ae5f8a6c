"""A round: its dates, its money, and the law that it carries frozen with it."""

from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, validates

from subsidy.db import Base, Cents, Json, UtcDateTime, json_text


class Round(Base):
    """One subsidy round.

    `definition` is the whole RoundDefinition as JSON and `reference_version` the municipalities that it
    counts with; both are frozen at publication (a trigger refuses a change). `promised_cents` is what
    decisions took from the ceiling: the CHECK makes going over it impossible, whatever code asks.
    `definition_digest` follows from the definition and is set with it: a page that knows the digest does
    not load and read 40 kB of JSON again.
    `own_definition` is false when a round file came without one, so that it leaves without one too.
    """

    __tablename__ = "round"
    __table_args__ = (
        CheckConstraint("opens_at < closes_at", name="opens_before_closes"),
        CheckConstraint("ceiling_cents >= 0", name="ceiling_not_negative"),
        CheckConstraint("promised_cents >= 0 AND promised_cents <= ceiling_cents", name="ceiling_kept"),
        CheckConstraint("phase_by_hand IS NULL OR phase_reason <> ''", name="phase_has_reason"),
        CheckConstraint("state IN ('draft', 'published', 'decided', 'evaluated')", name="state_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(63), unique=True)
    kind: Mapped[str] = mapped_column(String(63), index=True)
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(20), server_default="draft")
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    review_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    panel_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ceiling_cents: Mapped[int] = mapped_column(Cents)
    promised_cents: Mapped[int] = mapped_column(Cents, server_default="0", default=0)
    definition: Mapped[dict[str, Any]] = mapped_column(Json, deferred=True)
    definition_digest: Mapped[str] = mapped_column(String(64))
    reference_version: Mapped[str] = mapped_column(ForeignKey("reference_version.version"))
    phase_by_hand: Mapped[str | None] = mapped_column(String(20))
    phase_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    official_publication: Mapped[str] = mapped_column(String(200), default="", server_default="")
    officially_published_on: Mapped[date | None]
    imported: Mapped[bool] = mapped_column(default=False)
    own_definition: Mapped[bool] = mapped_column(default=True)
    references_given: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @validates("definition")
    def _digest(self, _name: str, definition: dict[str, Any]) -> dict[str, Any]:
        self.definition_digest = sha256(json_text(definition).encode()).hexdigest()
        return definition
