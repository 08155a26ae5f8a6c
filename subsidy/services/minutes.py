"""The minutes of a meeting: asked for, read, and confirmed by the chair.

A job draws them from what was recorded when the meeting is closed; before that a concept can be asked for.
The chair confirms the bytes that were read, by their digest. When something they tell changed after they were
made, they are no longer right and are made anew. After the confirmation nothing in the meeting changes.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from sqlalchemy import exists, select

from subsidy.db import db
from subsidy.models import AgendaItem, Meeting, OutboxRow, Recusal, User
from subsidy.services import events, file_store, ledger, meetings, standing
from subsidy.services.advance import NotAllowedError
from subsidy.services.minutes_content import content_of
from workflows.permissions import Actor, Can, may

MADE = "meeting.minutes_made"


class MinutesError(Exception):
    """A step on minutes is refused: a stable code and the particulars that its words need."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = MappingProxyType(params)


class Stage(StrEnum):
    """Where the minutes of a meeting stand."""

    NONE = "none"
    MAKING = "making"
    # Drawn while the meeting ran.
    CONCEPT = "concept"
    # Something that they tell changed since they were made.
    OUTDATED = "outdated"
    READY = "ready"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the minutes stand, and who confirmed them."""

    stage: Stage
    confirmed_by: str


def standing_of(meeting: Meeting) -> Standing:
    """Tell where the minutes of a meeting stand; whether they are still right is worked out now."""
    if meeting.confirmed_at is not None:
        name = db.session.scalar(select(User.name).where(User.id == meeting.confirmed_by))
        return Standing(Stage.CONFIRMED, name or "")
    if _is_being_made(meeting):
        return Standing(Stage.MAKING, "")
    if meeting.minutes_sha256 is None:
        return Standing(Stage.NONE, "")
    content = content_of(meeting)
    if content.digest != meeting.minutes_content:
        return Standing(Stage.OUTDATED, "")
    return Standing(Stage.CONCEPT if content.concept else Stage.READY, "")


def request(meeting: Meeting, *, now: datetime) -> None:
    """Let a job draw the minutes from what is recorded when it runs.

    Raises MinutesError: not_opened, already_confirmed.
    """
    if meeting.confirmed_at is not None:
        raise MinutesError("already_confirmed")
    if meeting.opened_at is None:
        raise MinutesError("not_opened")
    meetings.ask_minutes(meeting, now=now)


def confirm(meeting: Meeting, *, minutes_sha256: str, actor: Actor, now: datetime) -> None:
    """Confirm the minutes that were read; from then on nothing in the meeting changes.

    Two clicks confirm once: the second raises MinutesError `already_confirmed`. Raises NotAllowedError,
    FileDamagedError, and MinutesError: not_closed, none_made, other_minutes, outdated.
    """
    ledger.lock(meeting.round)
    meetings.lock(meeting)
    if meeting.confirmed_at is not None:
        raise MinutesError("already_confirmed")
    target = standing.to_round(actor, meeting.round, now=now)
    if not may(actor, Can.MINUTES_CONFIRM, target) or withheld_from(meeting, actor):
        raise NotAllowedError(Can.MINUTES_CONFIRM)
    if meeting.closed_at is None:
        raise MinutesError("not_closed")
    if meeting.minutes_sha256 is None:
        raise MinutesError("none_made")
    if meeting.minutes_sha256 != minutes_sha256:
        raise MinutesError("other_minutes")
    if content_of(meeting).digest != meeting.minutes_content:
        raise MinutesError("outdated")
    file_store.read(minutes_sha256)
    meeting.confirmed_by, meeting.confirmed_at = actor.user_id, now
    meetings.record(
        "meeting.minutes_confirmed",
        meeting,
        actor=actor,
        now=now,
        facts={"minutes_sha256": minutes_sha256, "content": meeting.minutes_content},
    )
    meetings.touch(meeting)


def withheld_from(meeting: Meeting, actor: Actor) -> bool:
    """Whether this person left the room for an application of this meeting, and so reads no minutes yet.

    The minutes tell what was said then. It ends when the decisions of the round are announced.
    """
    if standing.decisions_announced(meeting.round):
        return False
    left = exists().where(
        Recusal.user_id == actor.user_id,
        Recusal.mistaken.is_(False),
        Recusal.application_id == AgendaItem.application_id,
        AgendaItem.meeting_id == meeting.id,
    )
    return bool(db.session.scalar(select(left)))


def looked(meeting: Meeting, actor: Actor, *, now: datetime) -> None:
    """Log that somebody read the minutes."""
    events.look(f"minutes {meeting.id}", at=now, user_id=actor.user_id)


def _is_being_made(meeting: Meeting) -> bool:
    waits = exists().where(
        OutboxRow.key.startswith(f"{meetings.MINUTES}:{meeting.id}:", autoescape=True),
        OutboxRow.done_at.is_(None),
        OutboxRow.dead_at.is_(None),
    )
    return bool(db.session.scalar(select(waits)))
