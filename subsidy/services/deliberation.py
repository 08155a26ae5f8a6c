"""Discussing the applications of a meeting, one at a time: begin, end, put off, and what was said."""

from datetime import datetime

from subsidy.models import AgendaItem, Application, Meeting
from subsidy.services import advice, agenda, meetings, recusals
from subsidy.services.advice import Conclusion
from subsidy.services.meetings import MeetingError
from workflows.permissions import Actor


def start(meeting: Meeting, application: Application, *, actor: Actor, now: datetime) -> None:
    """Put an application under discussion; also one that was discussed or put off before in this meeting.

    What is under discussion already stays so. Who is away for it does not count for the quorum. Raises
    MeetingError: closed, not_open, not_on_agenda, other_under_discussion, no_quorum.
    """
    meetings.lock_open(meeting)
    item = agenda.lock_item(meeting, application)
    current = agenda.under_discussion(meeting)
    if current is not None:
        if current.application_id == application.id:
            return
        raise MeetingError("other_under_discussion")
    left = recusals.left_before(item)
    away = {one.user_id for one in left}
    away |= {one.user_id for one in recusals.away_for(meeting, application.id)}
    if not meetings.presence_in(meeting, meetings.roll_of(meeting), away).met:
        raise MeetingError("no_quorum")
    recusals.renew(left, now=now)
    again = item.started_at is not None
    item.started_at, item.ended_at, item.put_off = now, None, ""
    _record("meeting.discussion_started", meeting, item, actor, now, facts={"again": again})


def end(meeting: Meeting, application: Application, *, actor: Actor, now: datetime) -> None:
    """End the discussion, which opens the file again to who left for it; ending twice is once.

    Raises MeetingError: closed, not_open, not_on_agenda, not_under_discussion.
    """
    meetings.lock_open(meeting)
    item = agenda.lock_item(meeting, application)
    if item.started_at is None:
        raise MeetingError("not_under_discussion")
    if item.ended_at is not None:
        return
    item.ended_at = now
    recusals.end_for(item, now=now)
    _record("meeting.discussion_ended", meeting, item, actor, now)


def put_off(meeting: Meeting, application: Application, *, reason: str, actor: Actor, now: datetime) -> None:
    """Leave an application for another meeting, with the reason; a discussion that goes on ends with it.

    Raises MeetingError: closed, not_open, not_on_agenda, already_discussed, reason_needed.
    """
    meetings.lock_open(meeting)
    item = agenda.lock_item(meeting, application)
    if agenda.status_of(item) == agenda.DISCUSSED:
        raise MeetingError("already_discussed")
    if not reason.strip():
        raise MeetingError("reason_needed")
    if item.put_off == reason.strip():
        return
    if item.started_at is not None and item.ended_at is None:
        item.ended_at = now
    item.put_off = reason.strip()
    recusals.end_for(item, now=now)
    _record("meeting.put_off", meeting, item, actor, now, personal={"reason": item.put_off})


def write_down(
    meeting: Meeting, application: Application, text: str, *, seen: int, actor: Actor, now: datetime
) -> None:
    """Keep what was said about an application, until the minutes are confirmed; the same text twice is once.

    `seen` is the version of the notes that the page showed. Raises MeetingError: not_on_agenda, confirmed,
    and clash when somebody else wrote meanwhile.
    """
    meetings.lock(meeting)
    if meeting.confirmed_at is not None:
        raise MeetingError("confirmed")
    item = agenda.lock_item(meeting, application)
    if item.deliberation == text.strip():
        return
    if item.version != seen:
        raise MeetingError("clash")
    item.deliberation = text.strip()
    item.version += 1
    _record("meeting.noted", meeting, item, actor, now, personal={"deliberation": item.deliberation})


def conclude(
    meeting: Meeting,
    application: Application,
    conclusion: Conclusion,
    *,
    seen: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Record what the committee concluded on an application that was under discussion in this meeting.

    Raises MeetingError: not_open, confirmed, not_on_agenda, not_discussed; and what `advice.record` raises.
    """
    meetings.lock(meeting)
    if meeting.confirmed_at is not None:
        raise MeetingError("confirmed")
    if meeting.opened_at is None:
        raise MeetingError("not_open")
    item = agenda.lock_item(meeting, application)
    if item.started_at is None:
        raise MeetingError("not_discussed")
    advice.record(application, conclusion, actor=actor, now=now, seen=seen)
    meetings.touch(meeting)


def _record(
    name: str,
    meeting: Meeting,
    item: AgendaItem,
    actor: Actor,
    now: datetime,
    *,
    facts: dict[str, object] | None = None,
    personal: dict[str, object] | None = None,
) -> None:
    meetings.record(
        name,
        meeting,
        actor=actor,
        now=now,
        application_id=item.application_id,
        facts=facts,
        personal=personal,
    )
    meetings.touch(meeting)
