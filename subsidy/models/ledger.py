"""The money of a round: what decisions took from its ceiling, and how the ceiling itself was changed."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from subsidy.db import Base, Cents, UtcDateTime


class LedgerLine(Base):
    """Money that one decision took from the ceiling of a round, or gave back to it; in euro cents.

    A trigger keeps `round.promised_cents` the sum of the promised and released lines, so the CHECK on it
    holds whatever code asks. `outside` is for an award after objection, appeal or a court order, which is
    tested against the original moment and not against what is left now (Awb 4:25(3)). A line belongs to a
    confirmed decision and is never changed.
    """

    __tablename__ = "ledger_line"
    __table_args__ = (
        CheckConstraint(
            "(kind = 'promised' AND cents > 0) OR (kind = 'released' AND cents < 0) "
            "OR (kind = 'outside' AND cents <> 0)",
            name="kind_fits",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    cents: Mapped[int] = mapped_column(Cents)
    booked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CeilingChange(Base):
    """The ceiling of a published round, raised or lowered, with its official publication (Awb 4:27, 4:28).

    A trigger refuses another ceiling without such a row.
    """

    __tablename__ = "ceiling_change"
    __table_args__ = (
        CheckConstraint("before_cents <> after_cents", name="changes"),
        CheckConstraint("reason <> '' AND publication <> ''", name="reasoned_and_published"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    before_cents: Mapped[int] = mapped_column(Cents)
    after_cents: Mapped[int] = mapped_column(Cents)
    reason: Mapped[str] = mapped_column(Text)
    publication: Mapped[str] = mapped_column(String(200))
    published_on: Mapped[date]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
