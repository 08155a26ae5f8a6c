"""Asking people to review in a round, by mail, with a link that works once.

Of the link only the digest is kept, so who reads the table cannot open one. The secret follows from the key
of this installation and the moment of asking: a reminder can hold the same link as the mail before it.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select

from subsidy import clock
from subsidy.db import LOCK, db
from subsidy.models import Round, RoundReviewer, User
from subsidy.services import events, mail, outbox, standing
from subsidy.services.accounts import normal_email
from subsidy.services.advance import NotAllowedError
from subsidy.services.pool import PoolError, can_be_answered, hold
from subsidy.services.snapshots import definition_of
from workflows.calendar_nl import AMSTERDAM
from workflows.permissions import Actor, Can, may
from workflows.states import RoundState

REMIND_BEFORE = timedelta(days=3)
REMIND_AT = time(9)
# Who was asked less long ago than this is not reminded yet.
LEAST_TIME = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to ask; the name is how the office knows them."""

    email: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """As what somebody is asked (`referent`, `committee`), for how many reviews at most, and until when."""

    body: str
    most_reviews: int | None
    reply_by: date


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many people were asked, and the names of those who had been asked in this round before."""

    asked: int
    known: tuple[str, ...]


def ask(round_: Round, people: Sequence[Person], terms: Terms, *, actor: Actor, now: datetime) -> Outcome:
    """Ask these people to review in a round; who was asked before is left as they are.

    Raises PoolError `not_published`, `body_unknown`, `yourself`; NotAllowedError.
    """
    _permit(round_, actor, now)
    db.session.refresh(round_, with_for_update=LOCK)
    _check(round_, terms)
    asked = {normal_email(one.email): one for one in people}
    accounts = _accounts(asked)
    if any(user.id == actor.user_id for user in accounts.values()):
        raise PoolError("yourself")
    there = {
        row.email: row
        for row in db.session.scalars(
            select(RoundReviewer).where(
                RoundReviewer.round_id == round_.id, RoundReviewer.email.in_(list(asked))
            )
        )
    }
    for email, person in asked.items():
        if email not in there:
            _make(round_, email, person, accounts.get(email), terms, actor, now)
    return Outcome(len(asked) - len(there), tuple(sorted(row.name or row.email for row in there.values())))


def ask_again(
    row: RoundReviewer, terms: Terms, *, seen: datetime | None, actor: Actor, now: datetime
) -> bool:
    """Ask somebody once more: no answer came, they declined, it was withdrawn, or they dropped out.

    `seen` is when the page saw that they were asked last; False when they were asked again since (a double
    click). The old link is dead. Raises PoolError `accepted_already`, `not_published`, `body_unknown`;
    NotAllowedError.
    """
    round_ = row.round
    _permit(round_, actor, now)
    hold(row)
    if row.invited_at != seen:
        return False
    if row.answer == "accepted" and row.dropped_at is None:
        raise PoolError("accepted_already")
    _check(round_, terms)
    row.body, row.most_reviews, row.reply_by = terms.body, terms.most_reviews, terms.reply_by
    row.invited_by, row.invited_at, row.reminded_at = actor.user_id, now, None
    row.answer = row.answered_at = row.secrecy_at = row.dropped_at = row.dropped_by = None
    row.decline_reason = row.drop_reason = ""
    user = row.account or _accounts([row.email]).get(row.email)
    row.user_id = None if user is None else user.id
    _send(row, user, now)
    _record("reviewer.asked_again", row, actor, now, None, **_facts(row))
    return True


def change(row: RoundReviewer, *, body: str, most_reviews: int | None, actor: Actor, now: datetime) -> bool:
    """Change as what somebody serves, or for how many reviews; False when it was so already.

    Raises PoolError `body_unknown`, `gone`; NotAllowedError.
    """
    _permit(row.round, actor, now)
    hold(row)
    if row.dropped_at is not None or row.answer == "declined":
        raise PoolError("gone")
    _check_body(row.round, body)
    if (row.body, row.most_reviews) == (body, most_reviews):
        return False
    row.body, row.most_reviews = body, most_reviews
    _record("reviewer.changed", row, actor, now, body=body, most_reviews=most_reviews)
    return True


def withdraw(row: RoundReviewer, *, actor: Actor, now: datetime) -> bool:
    """Take a request back that nobody answered; False when it was taken back already.

    Raises PoolError `gone` when it was answered; NotAllowedError.
    """
    _permit(row.round, actor, now)
    hold(row)
    if row.answer is not None:
        raise PoolError("gone")
    if row.dropped_at is not None:
        return False
    row.dropped_at, row.dropped_by = now, actor.user_id
    user = row.account
    mail.compose(
        f"reviewer_withdrawn:{row.id}:{_mark(row)}",
        recipient=row.email,
        template="reviewer_withdrawn",
        context={"name": row.name, "round": row.round},
        now=now,
        locale=user.locale if user else "nl",
    )
    _record("reviewer.request_withdrawn", row, actor, now)
    return True


def open_link(token: str, *, now: datetime) -> RoundReviewer | None:
    """Give the request of a link that still works; opening it changes nothing."""
    row = by_link(token)
    return row if row is not None and can_be_answered(row, row.round, clock.day_of(now)) else None


def by_link(token: str) -> RoundReviewer | None:
    """Give the request of a link, also of one that was answered."""
    query = select(RoundReviewer).where(RoundReviewer.token_digest == _digest(token))
    return db.session.scalars(query).one_or_none()


def remind_job(payload: Mapping[str, Any]) -> None:
    """Outbox handler `reviewer_reminder`: no answer yet, and the day to answer is near.

    Answered, withdrawn, asked again or reminded already: nothing to do.
    """
    row = db.session.get(RoundReviewer, payload["request_id"], with_for_update=LOCK)
    now = clock.read()
    if row is None or row.reminded_at is not None or _mark(row) != payload["mark"]:
        return
    if not can_be_answered(row, row.round, clock.day_of(now)):
        return
    row.reminded_at = now
    _compose("reviewer_reminder", row, row.account, now)
    _record("reviewer.reminded", row, None, now)
    db.session.flush()


def _make(
    round_: Round, email: str, person: Person, user: User | None, terms: Terms, actor: Actor, now: datetime
) -> None:
    row = RoundReviewer(
        round_id=round_.id,
        email=email,
        name=(user.name if user and user.email_confirmed_at else person.name.strip()) or email,
        user_id=None if user is None else user.id,
        body=terms.body,
        most_reviews=terms.most_reviews,
        reply_by=terms.reply_by,
        invited_by=actor.user_id,
        invited_at=now,
    )
    db.session.add(row)
    db.session.flush()
    _send(row, user, now)
    personal = {"email": row.email, "name": row.name}
    _record("reviewer.asked", row, actor, now, personal, **_facts(row))


def _send(row: RoundReviewer, user: User | None, now: datetime) -> None:
    """Send a link, and plan the reminder where there is time for one."""
    row.token_digest = _digest(_token(row))
    db.session.flush()
    _compose("reviewer_request", row, user, now)
    if row.reply_by is None:
        return
    due_at = datetime.combine(row.reply_by - REMIND_BEFORE, REMIND_AT, AMSTERDAM).astimezone(UTC)
    if due_at - now >= LEAST_TIME:
        mark = _mark(row)
        outbox.post(
            "reviewer_reminder",
            f"reviewer_reminder:{row.id}:{mark}",
            {"request_id": row.id, "mark": mark},
            now=now,
            due_at=due_at,
        )


def _compose(template: str, row: RoundReviewer, user: User | None, now: datetime) -> None:
    mail.compose(
        f"{template}:{row.id}:{_mark(row)}",
        recipient=row.email,
        template=template,
        context={"asked": row, "round": row.round, "token": _token(row)},
        now=now,
        locale=user.locale if user else "nl",
    )


def _permit(round_: Round, actor: Actor, now: datetime) -> None:
    if not may(actor, Can.POOL_MANAGE, standing.to_round(actor, round_, now=now)):
        raise NotAllowedError(Can.POOL_MANAGE)


def _check(round_: Round, terms: Terms) -> None:
    if round_.state != RoundState.PUBLISHED:
        raise PoolError("not_published")
    _check_body(round_, terms.body)


def _check_body(round_: Round, body: str) -> None:
    if body not in bodies_of(round_):
        raise PoolError("body_unknown")


def bodies_of(round_: Round) -> tuple[str, ...]:
    """Give as what people can serve in a round: its kind may go without referents or committee."""
    definition = definition_of(round_)
    offered = (("referent", definition.uses_referents), ("committee", definition.uses_panel))
    return tuple(body for body, used in offered if used)


def _accounts(emails: Sequence[str] | Mapping[str, Person]) -> dict[str, User]:
    rows = db.session.scalars(select(User).where(User.email.in_(list(emails))))
    return {user.email: user for user in rows}


def _facts(row: RoundReviewer) -> dict[str, object]:
    day = row.reply_by.isoformat() if row.reply_by else None
    return {"body": row.body, "most_reviews": row.most_reviews, "reply_by": day}


def _record(
    name: str,
    row: RoundReviewer,
    actor: Actor | None,
    now: datetime,
    personal: Mapping[str, str] | None = None,
    **facts: object,
) -> None:
    events.append(
        name,
        at=now,
        actor_id=actor.user_id if actor else None,
        round_id=row.round_id,
        facts={"request": row.id, **facts},
        personal=personal,
    )
    db.session.flush()


def _token(row: RoundReviewer) -> str:
    """The secret in the link; the same for one asking, another one when somebody is asked again."""
    moment = row.invited_at.astimezone(UTC).isoformat(timespec="microseconds")
    key = current_app.config["SECRET_KEY"].encode()
    about = f"reviewer-request:{row.id}:{row.email}:{moment}".encode()
    return urlsafe_b64encode(hmac.new(key, about, hashlib.sha256).digest()).decode().rstrip("=")


def _mark(row: RoundReviewer) -> str:
    """What tells one asking from another, in keys of mail and work."""
    return (row.token_digest or "")[:16]


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
