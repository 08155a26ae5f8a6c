"""People who log in, and the roles they hold."""

from datetime import datetime

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from subsidy.db import Base, UtcDateTime


class User(UserMixin, Base):
    """An account. The e-mail address is kept in lower case and confirmed before the first login."""

    __tablename__ = "user_account"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    organisation: Mapped[str] = mapped_column(String(200), default="")
    password_hash: Mapped[str] = mapped_column(String(200))
    session_token: Mapped[str] = mapped_column(String(64))
    locale: Mapped[str] = mapped_column(String(5), default="nl")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    email_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    grants: Mapped[list["GrantRow"]] = relationship(
        back_populates="user", order_by="GrantRow.id", foreign_keys="GrantRow.user_id"
    )

    def get_id(self) -> str:
        """What the session cookie holds; a new session_token ends every session of this account."""
        return f"{self.id}.{self.session_token}"

    @property
    def is_active(self) -> bool:
        """Only a confirmed account that was not switched off may log in."""
        return self.email_confirmed_at is not None and self.disabled_at is None


class GrantRow(Base):
    """A role of a person, for one round or (round_id NULL) for all rounds."""

    __tablename__ = "role_grant"
    __table_args__ = (
        Index("uq_role_grant_one_round", "user_id", "role", "round_id", unique=True),
        Index(
            "uq_role_grant_all_rounds",
            "user_id",
            "role",
            unique=True,
            sqlite_where=text("round_id IS NULL"),
            postgresql_where=text("round_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"), index=True)
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(back_populates="grants", foreign_keys=[user_id])


class LoginThrottle(Base):
    """Failed logins per key (an address of a person or of a machine), so that guessing becomes slow."""

    __tablename__ = "login_throttle"

    key: Mapped[str] = mapped_column(String(300), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    last_failed_at: Mapped[datetime] = mapped_column(UtcDateTime)
