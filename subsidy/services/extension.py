"""A later deadline for one application, given by an officer with a reason (Awb 2:21).

An officer does not see drafts. The applicant reads out the number that stands with the draft, and the
officer sees no more of it than that number. The number ends in four characters that only this program can
make, so a slip of the tongue never gives the time to somebody else.
"""

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from flask import current_app
from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Application, Event, EventDetail, Round, User
from subsidy.services import announcements, events, mail
from workflows.permissions import Actor
from workflows.states import ApplicationState, RoundState

EXTENDED = "application.deadline_extended"
PAGE = 50
# Longer after the closing of a round is more likely a mistyped year than a deadline.
LONGEST = timedelta(days=366)
# Digits and capitals that are not mistaken for one another when read out; what is, is read as its twin.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TWINS = str.maketrans("OIL", "011")
_NUMBER = re.compile(r"(?P<id>[0-9]{1,9})[\s.\-]*(?P<check>[0-9A-Z]{4})")


class ExtensionError(Exception):
    """It cannot be extended like this; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Given:
    """An extension that was given; the reason is empty once it was erased."""

    event_id: int
    number: str
    until: datetime
    reason: str
    officer: str | None
    at: datetime


class Page(NamedTuple):
    """A page of extensions, latest first, and the id before which the next page ends, if there is one."""

    given: list[Given]
    next_before: int | None


def code_of(application: Application) -> str:
    """Return the number that an applicant reads out to the office, such as 1234-K7QM."""
    return _number(application.id)


def extend(  # an extension is for whom, until when, why, and by whom
    round_: Round, number: str, *, until: datetime, reason: str, actor: Actor, now: datetime
) -> Application:
    """Let one draft of this round be sent in until `until` (aware), and tell its members.

    Raises ExtensionError: not_running, unknown_number, sent_in, in_the_past, not_later, too_long. The same
    moment again changes nothing.
    """
    if round_.state != RoundState.PUBLISHED:
        raise ExtensionError("not_running")
    application = _find(round_, number)
    if application.state != ApplicationState.DRAFT:
        raise ExtensionError("sent_in")
    before = application.deadline_at
    if before == until:
        return application
    if until <= now:
        raise ExtensionError("in_the_past")
    if until <= max(filter(None, (round_.closes_at, before))):
        raise ExtensionError("not_later")
    if until > round_.closes_at + LONGEST:
        raise ExtensionError("too_long")
    application.deadline_at = until
    db.session.flush()
    events.append(
        EXTENDED,
        at=now,
        actor_id=actor.user_id,
        round_id=round_.id,
        application_id=application.id,
        facts={"until": until.isoformat(), "before": None if before is None else before.isoformat()},
        personal={"reason": reason},
    )
    _tell_members(application, until, now=now)
    return application


def page_of(round_: Round, *, before: int | None = None) -> Page:
    """Return a page of the extensions given in a round, latest first, before this event; one query."""
    query = (
        select(Event.id, Event.application_id, Event.at, Event.facts, User.name, EventDetail.body)
        .outerjoin(User, User.id == Event.actor_id)
        .outerjoin(EventDetail, EventDetail.event_id == Event.id)
        .where(Event.chain == events.chain_of(round_.id), Event.name == EXTENDED)
        .order_by(Event.id.desc())
        .limit(PAGE + 1)
    )
    rows = db.session.execute(query if before is None else query.where(Event.id < before)).all()
    given = [
        Given(
            event_id=row.id,
            number=_number(row.application_id),
            until=datetime.fromisoformat(row.facts["until"]),
            reason=(row.body or {}).get("reason", ""),
            officer=row.name,
            at=row.at,
        )
        for row in rows[:PAGE]
    ]
    return Page(given, given[-1].event_id if len(rows) > PAGE else None)


def _find(round_: Round, number: str) -> Application:
    """Lock the application with this number; who says another number of the round gets nothing to know."""
    match = _NUMBER.fullmatch(number.strip().upper())
    if match is None:
        raise ExtensionError("unknown_number")
    application_id = int(match["id"])
    if not hmac.compare_digest(match["check"].translate(TWINS), _check(application_id)):
        raise ExtensionError("unknown_number")
    application = db.session.scalars(
        select(Application)
        .where(Application.id == application_id, Application.round_id == round_.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if application is None:
        raise ExtensionError("unknown_number")
    return application


def _number(application_id: int) -> str:
    return f"{application_id}-{_check(application_id)}"


def _check(application_id: int) -> str:
    key = str(current_app.config["SECRET_KEY"]).encode()
    digest = hmac.new(key, f"extension:{application_id}".encode(), hashlib.sha256).digest()
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:4])


def _tell_members(application: Application, until: datetime, *, now: datetime) -> None:
    people: Sequence[User] = announcements.find_addresses(application.id)
    mail.compose_for(
        people,
        application,
        f"extended:{application.id}:{until.isoformat()}",
        template="extended",
        context={"until": until},
        now=now,
    )
