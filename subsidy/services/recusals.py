"""Who is not in the room for an application: they left for it, or reported an interest in it (Awb 2:4).

Leaving hides the file from that person everywhere, at once, until its discussion is over. Why somebody left
is kept; the pages of the meeting say only that they are away.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from subsidy.db import db
from subsidy.models import AgendaItem, Application, Attendance, Interest, Meeting, Recusal, User
from subsidy.services import agenda, meetings
from subsidy.services.meetings import MeetingError
from subsidy.services.reach import is_live
from workflows.permissions import Actor


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody who is expected in the meeting and takes no part in one application."""

    user_id: int
    name: str
    part: str
    recusal_id: int | None


def away_for(meeting: Meeting, application_id: int) -> list[Away]:
    """Return who of those expected takes no part now in this application, by name. Two queries.

    A declared interest that was not dismissed counts without anybody recording it.
    """
    expected = select(User.id, User.name, Attendance.part).join(Attendance, Attendance.user_id == User.id)
    expected = expected.where(Attendance.meeting_id == meeting.id)
    found = {
        user_id: Away(user_id, name, part, None)
        for user_id, name, part in db.session.execute(
            expected.join(Interest, Interest.user_id == User.id).where(
                Interest.application_id == application_id,
                is_live(),
            )
        )
    }
    left = db.session.execute(
        expected.join(Recusal, Recusal.user_id == User.id)
        .add_columns(Recusal.id)
        .where(Recusal.application_id == application_id, Recusal.until_at.is_(None))
    )
    for user_id, name, part, recusal_id in left:
        found.setdefault(user_id, Away(user_id, name, part, recusal_id))
    return sorted(found.values(), key=lambda one: (one.name, one.user_id))


def leave(
    meeting: Meeting,
    application: Application,
    user_id: int,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Record that somebody leaves the room for an application; the file closes for them at once.

    Again while they are away is once. Raises MeetingError: closed, not_open, not_on_agenda,
    already_discussed, not_attending, reason_needed.
    """
    meetings.lock_open(meeting)
    item = agenda.lock_item(meeting, application)
    if item.ended_at is not None:
        raise MeetingError("already_discussed")
    if not reason.strip():
        raise MeetingError("reason_needed")
    if db.session.get(Attendance, (meeting.id, user_id)) is None:
        raise MeetingError("not_attending")
    if _open(meeting, [application.id], user_id):
        return
    db.session.add(
        Recusal(
            meeting_id=meeting.id,
            application_id=application.id,
            user_id=user_id,
            reason=reason.strip(),
            recorded_by=actor.user_id,
            from_at=now,
        )
    )
    meetings.record(
        "meeting.recused",
        meeting,
        actor=actor,
        now=now,
        application_id=application.id,
        facts={"person": user_id},
        personal={"reason": reason.strip()},
    )
    meetings.touch(meeting)


def come_back(
    meeting: Meeting, application: Application, user_id: int, *, actor: Actor, now: datetime
) -> None:
    """Let somebody back in who left by mistake; who is in already stays. Raises MeetingError: closed."""
    meetings.lock_open(meeting)
    for recusal in _open(meeting, [application.id], user_id):
        recusal.until_at, recusal.mistaken = now, True
        meetings.record(
            "meeting.came_back",
            meeting,
            actor=actor,
            now=now,
            application_id=application.id,
            facts={"person": user_id},
        )
        meetings.touch(meeting)


def end_for(item: AgendaItem, *, now: datetime) -> None:
    """Open the file again to who left for it: its discussion is over."""
    left = select(Recusal).where(
        Recusal.meeting_id == item.meeting_id,
        Recusal.application_id == item.application_id,
        Recusal.until_at.is_(None),
    )
    for recusal in db.session.scalars(left):
        recusal.until_at = now


def left_before(item: AgendaItem) -> Sequence[Recusal]:
    """Return the last recusal of everybody who left when this was discussed earlier in the meeting."""
    left = db.session.scalars(
        select(Recusal)
        .where(
            Recusal.meeting_id == item.meeting_id,
            Recusal.application_id == item.application_id,
            Recusal.mistaken.is_(False),
        )
        .order_by(Recusal.id)
    )
    return list({one.user_id: one for one in left}.values())


def renew(left: Iterable[Recusal], *, now: datetime) -> None:
    """Close the file again for who left for it before: it is taken up once more."""
    for one in left:
        if one.until_at is not None:
            again = Recusal(reason=one.reason, recorded_by=one.recorded_by, from_at=now)
            again.meeting_id, again.application_id = one.meeting_id, one.application_id
            again.user_id = one.user_id
            db.session.add(again)
    db.session.flush()


def _open(meeting: Meeting, application_ids: Collection[int], user_id: int) -> list[Recusal]:
    return list(
        db.session.scalars(
            select(Recusal)
            .where(
                Recusal.meeting_id == meeting.id,
                Recusal.application_id.in_(application_ids),
                Recusal.user_id == user_id,
                Recusal.until_at.is_(None),
            )
            .with_for_update(key_share=True)
        )
    )
