"""The agenda of a meeting: which applications, in which order, how far each is.

It begins with the order of the totals. Who may not see how the files compare gets it by reference, and nobody
finds a file on it from which they are barred: a gap says nothing in a list by reference.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from subsidy.db import LOCK, db
from subsidy.models import AgendaItem, Application, Meeting
from subsidy.services import calculations, meetings
from subsidy.services.meetings import MeetingError
from subsidy.services.reach import hidden_from
from workflows.meetings import order_of_agenda
from workflows.permissions import Actor
from workflows.states import ApplicationState

WAITING, UNDER_DISCUSSION, DISCUSSED, PUT_OFF = "waiting", "under_discussion", "discussed", "put_off"
BEFORE_ADVICE = (ApplicationState.ELIGIBLE, ApplicationState.IN_REVIEW, ApplicationState.REBUTTAL)
# What a committee can talk about; an application that was advised on may come back.
CAN_BE_DISCUSSED = (*BEFORE_ADVICE, ApplicationState.ADVISED)
STARTS_WITH = (ApplicationState.IN_REVIEW, ApplicationState.REBUTTAL)


@dataclass(frozen=True, slots=True)
class Entry:
    """One application on the agenda; `status`: waiting, under_discussion, discussed or put_off."""

    application_id: int
    reference: str
    title: str
    state: str
    status: str
    started_at: datetime | None
    ended_at: datetime | None
    put_off: str

    @property
    def advised(self) -> bool:
        """Whether the committee advised on it, now or before."""
        return self.state not in BEFORE_ADVICE


def status_of(item: AgendaItem) -> str:
    """How far an application is in this meeting."""
    if item.started_at is not None and item.ended_at is None:
        return UNDER_DISCUSSION
    if item.put_off:
        return PUT_OFF
    return WAITING if item.started_at is None else DISCUSSED


def agenda_of(meeting: Meeting, actor: Actor, *, ordered: bool) -> list[Entry]:
    """Return what this person may see of the agenda; by reference when not `ordered`. Two queries."""
    hidden = set(hidden_from(actor))
    rows = db.session.execute(
        select(
            AgendaItem,
            Application.reference,
            Application.title,
            Application.state,
        )
        .join(Application, Application.id == AgendaItem.application_id)
        .where(AgendaItem.meeting_id == meeting.id)
        .order_by(AgendaItem.position if ordered else Application.reference, Application.id)
    )
    return [
        Entry(
            application_id=item.application_id,
            reference=reference or "",
            title=title,
            state=state,
            status=status_of(item),
            started_at=item.started_at,
            ended_at=item.ended_at,
            put_off=item.put_off,
        )
        for item, reference, title, state in rows
        if item.application_id not in hidden
    ]


def applications_of(meeting: Meeting) -> frozenset[int]:
    """Return which applications are on the agenda, by id."""
    query = select(AgendaItem.application_id).where(AgendaItem.meeting_id == meeting.id)
    return frozenset(db.session.scalars(query))


def find_item(meeting: Meeting, application: Application) -> AgendaItem | None:
    """Return an application on the agenda of this meeting."""
    return db.session.get(AgendaItem, (meeting.id, application.id))


def lock_item(meeting: Meeting, application: Application) -> AgendaItem:
    """Hold an application on the agenda until the commit; raises MeetingError: not_on_agenda."""
    key = (meeting.id, application.id)
    item = db.session.get(AgendaItem, key, with_for_update=LOCK, populate_existing=True)
    if item is None:
        raise MeetingError("not_on_agenda")
    return item


def under_discussion(meeting: Meeting) -> AgendaItem | None:
    """Return the one application that is under discussion, if there is one."""
    return db.session.scalars(
        select(AgendaItem).where(
            AgendaItem.meeting_id == meeting.id,
            AgendaItem.started_at.is_not(None),
            AgendaItem.ended_at.is_(None),
        )
    ).one_or_none()


def meeting_about(application: Application) -> Meeting | None:
    """Return the newest meeting that has an application on its agenda and is not over yet."""
    return db.session.scalars(
        select(Meeting)
        .join(AgendaItem, AgendaItem.meeting_id == Meeting.id)
        .where(AgendaItem.application_id == application.id, Meeting.confirmed_at.is_(None))
        .order_by(Meeting.id.desc())
        .limit(1)
    ).one_or_none()


def fill(meeting: Meeting, *, actor: Actor, now: datetime) -> int:
    """Put every application in review on the agenda, the highest total first; gives how many."""
    meetings.lock(meeting)
    ids = _in_order(meeting, STARTS_WITH)
    _append(meeting, ids)
    meetings.record("meeting.agenda_made", meeting, actor=actor, now=now, facts={"applications": ids})
    return len(ids)


def candidates(meeting: Meeting, actor: Actor) -> Sequence[tuple[int, str, str]]:
    """Return id, reference and title of what could be added; two queries."""
    on_it = select(AgendaItem.application_id).where(AgendaItem.meeting_id == meeting.id)
    rows = db.session.execute(
        select(Application.id, Application.reference, Application.title)
        .where(
            Application.round_id == meeting.round_id,
            Application.state.in_(CAN_BE_DISCUSSED),
            Application.id.not_in(on_it),
        )
        .order_by(Application.reference)
    )
    hidden = set(hidden_from(actor))
    return [(id_, reference or "", title) for id_, reference, title in rows if id_ not in hidden]


def add(meeting: Meeting, ids: Collection[int], *, actor: Actor, now: datetime) -> None:
    """Add applications at the end; what is on the agenda already stays where it is.

    Raises MeetingError: closed, not_discussable.
    """
    _lock_changeable(meeting)
    known = _places(meeting)
    wanted = [id_ for id_ in dict.fromkeys(ids) if id_ not in known]
    found = db.session.scalars(
        select(Application.id).where(
            Application.id.in_(wanted),
            Application.round_id == meeting.round_id,
            Application.state.in_(CAN_BE_DISCUSSED),
        )
    ).all()
    if len(found) != len(wanted):
        raise MeetingError("not_discussable")
    if not wanted:
        return
    _append(meeting, wanted)
    _changed(meeting, actor, now, added=wanted)


def remove(meeting: Meeting, application: Application, *, actor: Actor, now: datetime) -> None:
    """Take an application off the agenda, as long as nothing was said about it; twice is once.

    Raises MeetingError: closed, already_discussed.
    """
    _lock_changeable(meeting)
    item = find_item(meeting, application)
    if item is None:
        return
    if item.started_at is not None or item.put_off:
        raise MeetingError("already_discussed")
    db.session.delete(item)
    db.session.flush()
    _number(list(_places(meeting).values()))
    _changed(meeting, actor, now, removed=[application.id])


def move(meeting: Meeting, application: Application, *, up: bool, actor: Actor, now: datetime) -> None:
    """Move an application one place; at the end of the list nothing changes.

    Raises MeetingError: closed, not_on_agenda.
    """
    _lock_changeable(meeting)
    items = list(_places(meeting).values())
    place = next((n for n, one in enumerate(items) if one.application_id == application.id), None)
    if place is None:
        raise MeetingError("not_on_agenda")
    other = place + (-1 if up else 1)
    if not 0 <= other < len(items):
        return
    items[place], items[other] = items[other], items[place]
    _number(items)
    _changed(meeting, actor, now, order=[one.application_id for one in items])


def order_again(meeting: Meeting, *, actor: Actor, now: datetime) -> None:
    """Put the agenda back in the order of the totals of now. Raises MeetingError: closed."""
    _lock_changeable(meeting)
    places = _places(meeting)
    ranked = [id_ for id_ in _in_order(meeting, None) if id_ in places]
    _number([places[id_] for id_ in ranked])
    _changed(meeting, actor, now, order=ranked)


def _lock_changeable(meeting: Meeting) -> None:
    meetings.lock(meeting)
    if meeting.closed_at is not None:
        raise MeetingError("closed")


def _places(meeting: Meeting) -> dict[int, AgendaItem]:
    items = db.session.scalars(
        select(AgendaItem)
        .where(AgendaItem.meeting_id == meeting.id)
        .order_by(AgendaItem.position, AgendaItem.application_id)
        .execution_options(populate_existing=True)
    )
    return {item.application_id: item for item in items}


def _number(items: Sequence[AgendaItem]) -> None:
    for position, item in enumerate(items):
        item.position = position


def _append(meeting: Meeting, ids: Sequence[int]) -> None:
    last = db.session.scalar(select(func.max(AgendaItem.position)).where(AgendaItem.meeting_id == meeting.id))
    start = 0 if last is None else last + 1
    for position, id_ in enumerate(ids, start=start):
        db.session.add(AgendaItem(meeting_id=meeting.id, application_id=id_, position=position))
    db.session.flush()


def _in_order(meeting: Meeting, states: Collection[str] | None) -> list[int]:
    """Return the ids of the applications of the round in these states (all: None), highest total first."""
    query = select(Application.reference, Application.id).where(
        Application.round_id == meeting.round_id, Application.reference.is_not(None)
    )
    found = db.session.execute(query if states is None else query.where(Application.state.in_(states)))
    ids = {reference: id_ for reference, id_ in found if reference is not None}
    order = order_of_agenda(calculations.rank_round(meeting.round)) if ids else ()
    return [ids[reference] for reference in order if reference in ids]


def _changed(meeting: Meeting, actor: Actor, now: datetime, **facts: list[int]) -> None:
    meetings.record("meeting.agenda_changed", meeting, actor=actor, now=now, facts=dict(facts))
    meetings.touch(meeting)
