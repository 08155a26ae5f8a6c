"""The picture of a signature, printed above the name on the letters that its owner signs under a mandate.

An administrator places it, or who holds the mandate does so for themselves; both can take it away. Letters
that were drawn keep what they were drawn with.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import IO, Any, NamedTuple

from sqlalchemy import ColumnElement, exists, or_, select

from subsidy import clock
from subsidy.db import db
from subsidy.models import Mandate, SignatureImage, User
from subsidy.services import events, pictures
from subsidy.services.advance import NotAllowedError
from workflows.permissions import Actor, Can, may

PAGE = 50


class Holder(NamedTuple):
    """Who signs letters, with the digest of the picture of their signature and since when it is there."""

    user_id: int
    name: str
    sha256: str | None
    saved_at: datetime | None


class Page(NamedTuple):
    """Some of who signs letters, and the id after which the next page begins."""

    holders: Sequence[Holder]
    more: int | None


def find(user_id: int) -> SignatureImage | None:
    """Return the picture of somebody's signature."""
    return db.session.get(SignatureImage, user_id)


def digest_for(mandate: Mandate | None) -> str:
    """Return the SHA-256 of the picture that stands on a letter under this mandate; "" when there is none."""
    row = None if mandate is None else find(mandate.user_id)
    return "" if row is None else row.sha256


def signs_letters(user_id: int, *, today: date) -> bool:
    """Whether somebody holds a mandate, today or later."""
    return db.session.scalar(select(_signs(user_id, today))) or False


def place(user: User, file: IO[bytes], *, actor: Actor, now: datetime) -> SignatureImage:
    """Keep the picture of the signature of who holds a mandate, in the place of the one before.

    Raises NotAllowedError (also for who signs nothing) and PictureRefusedError.
    """
    _ask(actor, user.id)
    if not signs_letters(user.id, today=clock.day_of(now)):
        raise NotAllowedError(Can.LETTERHEAD_EDIT)
    stored = pictures.keep(file, now=now)
    events.hold(None)
    row = db.session.get(SignatureImage, user.id, populate_existing=True)
    if row is not None and row.sha256 == stored.sha256:
        return row
    row = db.session.merge(
        SignatureImage(user_id=user.id, sha256=stored.sha256, saved_by=actor.user_id, saved_at=now)
    )
    db.session.flush()
    _tell("signature.picture_placed", user.id, stored.sha256, actor=actor, now=now)
    return row


def take_away(user: User, *, actor: Actor, now: datetime) -> bool:
    """Print no picture any more; false when there was none. Raises NotAllowedError."""
    _ask(actor, user.id)
    events.hold(None)
    row = db.session.get(SignatureImage, user.id, populate_existing=True)
    if row is None:
        return False
    db.session.delete(row)
    db.session.flush()
    _tell("signature.picture_taken_away", user.id, row.sha256, actor=actor, now=now)
    return True


def find_page(*, today: date, after: int | None = None) -> Page:
    """Return who signs letters or has a picture still, in the order of their accounts; one query."""
    query = (
        select(User.id, User.name, SignatureImage.sha256, SignatureImage.saved_at)
        .outerjoin(SignatureImage, SignatureImage.user_id == User.id)
        .where(or_(_signs(User.id, today), SignatureImage.user_id.is_not(None)))
        .order_by(User.id)
        .limit(PAGE + 1)
    )
    if after is not None:
        query = query.where(User.id > after)
    holders = [Holder(*row) for row in db.session.execute(query)]
    return Page(holders[:PAGE], holders[PAGE - 1].user_id if len(holders) > PAGE else None)


def _signs(user_id: Any, today: date) -> ColumnElement[bool]:
    """Whether this account, or the column of one, holds a mandate that is not over."""
    return exists().where(
        Mandate.user_id == user_id,
        Mandate.withdrawn_at.is_(None),
        or_(Mandate.until_day.is_(None), Mandate.until_day >= today),
    )


def _ask(actor: Actor, user_id: int) -> None:
    if actor.user_id != user_id and not may(actor, Can.LETTERHEAD_EDIT):
        raise NotAllowedError(Can.LETTERHEAD_EDIT)


def _tell(name: str, user_id: int, sha256: str, *, actor: Actor, now: datetime) -> None:
    events.append(name, at=now, actor_id=actor.user_id, facts={"user": user_id}, personal={"sha256": sha256})
