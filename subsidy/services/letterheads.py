"""The letterhead of the office: who it is on what it sends, in versions that stay as they were.

The newest is in force for every letter that is drawn after it; what was drawn keeps what it was drawn with.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, NamedTuple

from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Letterhead, User
from subsidy.services import events, pictures
from subsidy.services.advance import NotAllowedError
from workflows.permissions import Actor, Can, may

PAGE = 20


class LetterheadError(Exception):
    """A letterhead is not taken: `changed_meanwhile` by somebody else, `logo_without_text`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a letterhead is to say; the address has one line a part.

    `logo` is a file with another logo; without one the present logo stays, unless it is to go.
    """

    name: str
    address: str
    email: str
    phone: str = ""
    website: str = ""
    logo: IO[bytes] | None = None
    without_logo: bool = False
    logo_text: str = ""


class Version(NamedTuple):
    """A letterhead with who saved it."""

    letterhead: Letterhead
    saved_by: str


class Page(NamedTuple):
    """Some versions, the newest first, and the id after which the next page begins."""

    versions: Sequence[Version]
    more: int | None


def find_newest() -> Letterhead | None:
    """Return the letterhead in force; None where the settings of the installation hold."""
    return db.session.scalars(select(Letterhead).order_by(Letterhead.id.desc()).limit(1)).one_or_none()


def save(wanted: Wanted, *, seen: int | None, actor: Actor, now: datetime) -> Letterhead:
    """Put another letterhead in force; the one that says exactly this already is given back as it is.

    `seen` is the version that the page showed. Raises NotAllowedError, LetterheadError, PictureRefusedError.
    """
    if not may(actor, Can.LETTERHEAD_EDIT):
        raise NotAllowedError(Can.LETTERHEAD_EDIT)
    logo = None if wanted.logo is None else pictures.keep(wanted.logo, now=now).sha256
    events.hold(None)
    old = find_newest()
    if logo is None and old is not None and not wanted.without_logo:
        logo = old.logo_sha256
    new = Letterhead(
        name=wanted.name,
        address=wanted.address,
        email=wanted.email,
        phone=wanted.phone,
        website=wanted.website,
        logo_sha256=logo,
        logo_text=wanted.logo_text if logo else "",
        saved_by=actor.user_id,
        saved_at=now,
    )
    if new.logo_sha256 and not new.logo_text:
        raise LetterheadError("logo_without_text")
    if old is not None and _says(old) == _says(new):
        return old
    if seen != (None if old is None else old.id):
        raise LetterheadError("changed_meanwhile")
    db.session.add(new)
    db.session.flush()
    events.append(
        "letterhead.changed",
        at=now,
        actor_id=actor.user_id,
        facts={"letterhead": new.id, "logo_sha256": new.logo_sha256},
    )
    return new


def find_page(*, after: int | None = None) -> Page:
    """Return the versions, the newest first; one query."""
    query = (
        select(Letterhead, User.name)
        .join(User, User.id == Letterhead.saved_by)
        .order_by(Letterhead.id.desc())
        .limit(PAGE + 1)
    )
    if after is not None:
        query = query.where(Letterhead.id < after)
    rows = [Version(letterhead, name) for letterhead, name in db.session.execute(query)]
    return Page(rows[:PAGE], rows[PAGE - 1].letterhead.id if len(rows) > PAGE else None)


def _says(one: Letterhead) -> tuple[str | None, ...]:
    return (one.name, one.address, one.email, one.phone, one.website, one.logo_sha256, one.logo_text)
