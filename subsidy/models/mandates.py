"""Who may decide in the name of the authority: on what, up to which amount, from and until which day."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from subsidy.db import Base, Cents, Json, UtcDateTime
from subsidy.models.people import User


class Mandate(Base):
    """A mandate (Awb 10:3 and on): `powers` are codes of workflows/mandates.py.

    `reference` is where it was given (a mandate decision), `function` what the letter says below the name.
    Without `up_to_cents` there is no limit to an award, without `round_id` it holds for all rounds. What it
    says never changes, a trigger sees to it: another mandate is another row, and this one is withdrawn.
    """

    __tablename__ = "mandate"
    __table_args__ = (
        CheckConstraint("reference <> '' AND function <> ''", name="says_where_from"),
        CheckConstraint("up_to_cents IS NULL OR up_to_cents > 0", name="limit_positive"),
        CheckConstraint("until_day IS NULL OR until_day >= from_day", name="ends_after_it_begins"),
        CheckConstraint("given_by IS NULL OR given_by <> user_id", name="given_by_another"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    powers: Mapped[list[str]] = mapped_column(Json)
    up_to_cents: Mapped[int | None] = mapped_column(Cents)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))
    function: Mapped[str] = mapped_column(String(200))
    reference: Mapped[str] = mapped_column(String(200))
    from_day: Mapped[date]
    until_day: Mapped[date | None]
    given_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    holder: Mapped[User] = relationship(foreign_keys=[user_id])
