"""Convening a committee: who can be in a meeting, who is expected, and the quorum."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select

from subsidy.db import db
from subsidy.models import Attendance, GrantRow, Meeting, Round, RoundReviewer, User
from subsidy.services.meetings import (
    CHAIR,
    MEMBER,
    SECRETARY,
    MeetingError,
    lock,
    record,
    refuse_closed,
    roll_of,
    touch,
)
from subsidy.services.snapshots import definition_of
from workflows.meetings import quorum_of
from workflows.permissions import Actor, Role


@dataclass(frozen=True, slots=True)
class Plan:
    """A meeting as it is prepared; ids of accounts. Without a quorum the percentage of the round counts."""

    title: str
    held_on: date
    place: str
    chair_id: int
    member_ids: Collection[int]
    secretary_id: int | None = None
    quorum: int | None = None


def find_committee(round_: Round) -> Sequence[User]:
    """Return who sits on the committee of a round: asked, accepted and not dropped."""
    return db.session.scalars(
        select(User)
        .join(RoundReviewer, RoundReviewer.user_id == User.id)
        .where(
            RoundReviewer.round_id == round_.id,
            RoundReviewer.body == "committee",
            RoundReviewer.answer == "accepted",
            RoundReviewer.dropped_at.is_(None),
        )
        .order_by(User.name, User.id)
    ).all()


def find_holders(round_: Round, role: Role) -> Sequence[User]:
    """Return who holds a role on a round, or on all."""
    held = select(GrantRow.user_id).where(
        GrantRow.role == role.value, or_(GrantRow.round_id.is_(None), GrantRow.round_id == round_.id)
    )
    return db.session.scalars(select(User).where(User.id.in_(held)).order_by(User.name, User.id)).all()


def make(round_: Round, plan: Plan, *, actor: Actor, now: datetime) -> Meeting:
    """Make a meeting with who is expected there; its agenda is filled by `agenda.fill`.

    Raises MeetingError: chair_unknown, member_unknown, secretary_unknown.
    """
    _refuse_strangers(round_, plan)
    meeting = Meeting(
        round=round_,
        title=plan.title,
        place=plan.place,
        held_on=plan.held_on,
        chair_id=plan.chair_id,
        quorum=_quorum(round_, plan),
        made_by=actor.user_id,
        made_at=now,
    )
    db.session.add(meeting)
    db.session.flush()
    _expect(meeting, plan, now)
    record("meeting.made", meeting, actor=actor, now=now, facts=_facts(meeting, plan))
    return meeting


def change(meeting: Meeting, plan: Plan, *, actor: Actor, now: datetime) -> None:
    """Change what was planned, until the meeting is closed; who is there already stays there.

    Raises MeetingError: closed, and those of `make`.
    """
    lock(meeting)
    refuse_closed(meeting)
    _refuse_strangers(meeting.round, plan)
    meeting.title, meeting.place, meeting.held_on = plan.title, plan.place, plan.held_on
    meeting.chair_id, meeting.quorum = plan.chair_id, _quorum(meeting.round, plan)
    _expect(meeting, plan, now)
    record("meeting.changed", meeting, actor=actor, now=now, facts=_facts(meeting, plan))
    touch(meeting)


def _refuse_strangers(round_: Round, plan: Plan) -> None:
    chairs = {one.id for one in find_holders(round_, Role.CHAIR)}
    if plan.chair_id not in chairs:
        raise MeetingError("chair_unknown")
    if not set(plan.member_ids) <= chairs | {one.id for one in find_committee(round_)}:
        raise MeetingError("member_unknown")
    if plan.secretary_id is None:
        return
    if plan.secretary_id not in {one.id for one in find_holders(round_, Role.OFFICER)}:
        raise MeetingError("secretary_unknown")


def _quorum(round_: Round, plan: Plan) -> int:
    if plan.quorum is not None:
        return plan.quorum
    expected = len({*plan.member_ids, plan.chair_id})
    return quorum_of(expected, definition_of(round_).reviewing.quorum_percent)


def _expect(meeting: Meeting, plan: Plan, now: datetime) -> None:
    """Let the roll hold these people; who stays keeps whether they are there."""
    parts = dict.fromkeys(plan.member_ids, MEMBER)
    if plan.secretary_id is not None:
        parts[plan.secretary_id] = SECRETARY
    parts[plan.chair_id] = CHAIR
    for row in roll_of(meeting):
        part = parts.pop(row.user_id, None)
        if part is not None:
            row.part = part
        elif row.present:
            raise MeetingError("person_is_there", person=row.person.name)
        else:
            db.session.delete(row)
    for user_id, part in parts.items():
        db.session.add(Attendance(meeting_id=meeting.id, user_id=user_id, part=part, changed_at=now))
    db.session.flush()


def _facts(meeting: Meeting, plan: Plan) -> dict[str, object]:
    return {
        "held_on": meeting.held_on.isoformat(),
        "quorum": meeting.quorum,
        "chair": plan.chair_id,
        "members": sorted(plan.member_ids),
        "secretary": plan.secretary_id,
    }
