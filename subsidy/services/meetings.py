"""Meetings of the committee of a round: made, opened, attended, closed.

Everything that others in the meeting should see goes through `touch`: their pages ask for the version of the
meeting every one and a half seconds, and fetch what they show when it went up.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, exists, func, or_, select
from sqlalchemy.orm import contains_eager

from subsidy.db import LOCK, db
from subsidy.models import (
    AgendaItem,
    Application,
    Attendance,
    Meeting,
    Recusal,
    Round,
    RoundDeclaration,
    RoundReviewer,
    User,
)
from subsidy.services import events, outbox, reach
from workflows.permissions import Actor, Role

PAGE = 20
CHAIR, MEMBER, SECRETARY = "chair", "member", "secretary"
# The secretary writes down and does not decide.
VOTING = (CHAIR, MEMBER)
# The topic of the job that draws the minutes, and the beginning of its keys.
MINUTES = "minutes"


class MeetingError(Exception):
    """A step in a meeting that is refused: a stable code, and what its words need."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Presence:
    """How many who decide are expected, are there, and have to be there."""

    expected: int
    present: int
    quorum: int

    @property
    def met(self) -> bool:
        """Whether enough people are there to decide."""
        return self.present >= self.quorum


def find_meetings(actor: Actor, *, before: int | None = None) -> tuple[list[Meeting], int | None]:
    """Return the meetings of the rounds in which this person advises or keeps watch, newest first.

    The second value is the id before which the next page ends, if there is one.
    """
    me = actor.user_id
    led = reach.rounds_for(actor, Role.CHAIR, Role.OFFICER, Role.AUDITOR).with_only_columns(Round.id)
    sits = reach.rounds_for(actor, Role.REVIEWER).with_only_columns(Round.id)
    sits = sits.join(RoundReviewer, RoundReviewer.round_id == Round.id).where(
        RoundReviewer.user_id == me,
        RoundReviewer.body == "committee",
        RoundReviewer.answer == "accepted",
        RoundReviewer.dropped_at.is_(None),
    )
    query = (
        select(Meeting)
        .join(Meeting.round)
        .options(contains_eager(Meeting.round))
        .where(or_(Meeting.round_id.in_(led), Meeting.round_id.in_(sits)))
        .order_by(Meeting.id.desc())
        .limit(PAGE + 1)
    )
    found = db.session.scalars(query if before is None else query.where(Meeting.id < before)).all()
    return list(found[:PAGE]), found[PAGE - 1].id if len(found) > PAGE else None


def meetings_of(round_: Round) -> Sequence[Meeting]:
    """Return the meetings of one round, the newest first."""
    return db.session.scalars(
        select(Meeting).where(Meeting.round_id == round_.id).order_by(Meeting.id.desc())
    ).all()


def open_meeting(meeting: Meeting, present: Collection[int], *, actor: Actor, now: datetime) -> None:
    """Open the meeting with these people there; opening twice is once. Raises MeetingError: closed."""
    lock(meeting)
    refuse_closed(meeting)
    if meeting.opened_at is not None:
        return
    meeting.opened_at = now
    for row in roll_of(meeting):
        row.present, row.changed_at = row.user_id in present, now
    db.session.flush()
    here = sorted(row.user_id for row in roll_of(meeting) if row.present)
    record("meeting.opened", meeting, actor=actor, now=now, facts={"present": here})
    touch(meeting)


def attend(meeting: Meeting, user_id: int, *, present: bool, actor: Actor, now: datetime) -> None:
    """Record that somebody came in or left; the same again changes nothing.

    Raises MeetingError: not_open, closed, not_expected.
    """
    lock_open(meeting)
    row = db.session.get(Attendance, (meeting.id, user_id), with_for_update=LOCK)
    if row is None:
        raise MeetingError("not_expected")
    if row.present == present:
        return
    row.present, row.changed_at = present, now
    name = "meeting.arrived" if present else "meeting.left"
    record(name, meeting, actor=actor, now=now, facts={"person": user_id})
    touch(meeting)


def close(meeting: Meeting, *, actor: Actor, now: datetime) -> None:
    """Close the meeting: every application was discussed or put off. Closing twice is once.

    Who left the room for an application can open it again. Raises MeetingError: not_open, items_left.
    """
    lock(meeting)
    if meeting.closed_at is not None:
        return
    if meeting.opened_at is None:
        raise MeetingError("not_open")
    left = db.session.scalar(
        select(func.count())
        .select_from(AgendaItem)
        .where(
            AgendaItem.meeting_id == meeting.id,
            AgendaItem.ended_at.is_(None),
            or_(AgendaItem.put_off == "", AgendaItem.started_at.is_not(None)),
        )
    )
    if left:
        raise MeetingError("items_left", count=left)
    meeting.closed_at = now
    open_recusals = select(Recusal).where(Recusal.meeting_id == meeting.id, Recusal.until_at.is_(None))
    for recusal in db.session.scalars(open_recusals):
        recusal.until_at = now
    record("meeting.closed", meeting, actor=actor, now=now)
    ask_minutes(meeting, now=now)
    touch(meeting)


def ask_minutes(meeting: Meeting, *, now: datetime) -> None:
    """Let a job draw the minutes of a meeting from what is recorded when it runs."""
    outbox.post(MINUTES, f"{MINUTES}:{meeting.id}:{now.isoformat()}", {"meeting_id": meeting.id}, now=now)


def roll_of(meeting: Meeting) -> Sequence[Attendance]:
    """Return who is expected, with their accounts: the chair, the members by name, the secretary."""
    rows = db.session.scalars(
        select(Attendance)
        .join(Attendance.person)
        .options(contains_eager(Attendance.person))
        .where(Attendance.meeting_id == meeting.id)
        .order_by(User.name, User.id)
    ).all()
    order = {CHAIR: 0, MEMBER: 1, SECRETARY: 2}
    return sorted(rows, key=lambda row: order[row.part])


def presence_in(meeting: Meeting, roll: Sequence[Attendance], away: Collection[int] = ()) -> Presence:
    """Count who decides: the chair and the members. `away` are the ids of who left for one application."""
    voting = [row for row in roll if row.part in VOTING]
    here = sum(row.present and row.user_id not in away for row in voting)
    return Presence(len(voting), here, meeting.quorum)


def has_declared(meeting: Meeting, actor: Actor) -> bool:
    """Whether this person reported every interest in what is on the agenda (Awb 2:4); if empty, true.

    What was sent in after they declared is not covered, although its draft had its number before.
    """
    covered = exists().where(
        RoundDeclaration.round_id == meeting.round_id,
        RoundDeclaration.user_id == actor.user_id,
        RoundDeclaration.covers >= Application.id,
        RoundDeclaration.declared_at >= Application.submitted_at,
    )
    uncovered = exists().where(
        AgendaItem.meeting_id == meeting.id, Application.id == AgendaItem.application_id, ~covered
    )
    return not db.session.scalar(select(uncovered))


# Put together once: everybody in a meeting asks it every one and a half seconds.
VERSION = select(Meeting.version).where(Meeting.id == bindparam("key"))


def version_of(meeting_id: int) -> int | None:
    """Return the version of a meeting by one read of its primary key; None when there is no such meeting."""
    return db.session.scalar(VERSION, {"key": meeting_id})


def touch(meeting: Meeting) -> None:
    """Tell everybody in the meeting that something changed."""
    meeting.version = Meeting.version + 1
    db.session.flush()


def lock(meeting: Meeting) -> None:
    """Hold the meeting until the commit, and read it again: one change at a time."""
    db.session.flush()
    db.session.refresh(meeting, with_for_update=LOCK)


def lock_open(meeting: Meeting) -> None:
    """Hold the meeting; raises MeetingError when it is not_open or closed."""
    lock(meeting)
    refuse_closed(meeting)
    if meeting.opened_at is None:
        raise MeetingError("not_open")


def record(
    name: str,
    meeting: Meeting,
    *,
    actor: Actor,
    now: datetime,
    application_id: int | None = None,
    facts: dict[str, object] | None = None,
    personal: dict[str, object] | None = None,
) -> None:
    """Add an event of this meeting to the chain of its round."""
    events.append(
        name,
        at=now,
        actor_id=actor.user_id,
        round_id=meeting.round_id,
        application_id=application_id,
        facts={"meeting": meeting.id, **(facts or {})},
        personal=personal,
    )


def refuse_closed(meeting: Meeting) -> None:
    """Raise MeetingError when the meeting is closed."""
    if meeting.closed_at is not None:
        raise MeetingError("closed")
