"""The people of a collaboration: who they are, what each may do, and who leads.

An application that is made here always has exactly one leader (penvoerder): nobody is invited as leader,
and the leadership goes from one member to another in one step.
"""

from datetime import datetime

from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Application, Membership, Participation, User
from subsidy.services import mail, standing
from subsidy.services.advance import NotAllowedError
from subsidy.services.holding import lock
from subsidy.services.recording import record
from workflows.permissions import Access, Actor, Can, may

# What a leader can give; the leadership itself is handed over.
GIVEN = (Access.VIEW, Access.EDIT, Access.SIGN)
PROJECT_LEADER = "project_leader"


class MembersError(Exception):
    """A change of the people is refused; the code says why.

    Codes: gone (no member any more), leads (hand the leadership over first), organisation_unknown,
    leads_already, reason_needed.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def list_members(application: Application) -> list[tuple[Membership, User]]:
    """Give the members with their accounts, the first member first; one query."""
    query = (
        select(Membership, User)
        .join(User, User.id == Membership.user_id)
        .where(Membership.application_id == application.id)
        .order_by(Membership.id)
    )
    return [(membership, user) for membership, user in db.session.execute(query)]


def find_member(application: Application, membership_id: int) -> tuple[Membership, User] | None:
    """Give one member of this application."""
    return next((one for one in list_members(application) if one[0].id == membership_id), None)


def membership_of(application: Application, user_id: int | None) -> Membership | None:
    """Give the membership of a person."""
    query = select(Membership).where(
        Membership.application_id == application.id, Membership.user_id == user_id
    )
    return db.session.scalars(query).one_or_none()


def organisations(application: Application) -> list[Participation]:
    """Give the organisations for which somebody can take part, the lead applicant first."""
    return sorted(application.participations, key=lambda one: (not one.lead, one.position))


def change(  # each part of a membership is what it is
    application: Application,
    membership_id: int,
    *,
    capacity: Access,
    participation_key: str | None,
    part: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Change what a member may do and for whom; a leader stays leader.

    Raises MembersError, NotAllowedError.
    """
    hold(application, Can.MEMBERS_MANAGE, actor, now)
    membership, user = _member(application, membership_id)
    check_organisation(application, participation_key)
    given = membership.capacity if membership.capacity == Access.LEAD else Access(capacity).value
    if (membership.capacity, membership.participation_key, membership.part) == (
        given,
        participation_key,
        part,
    ):
        return
    membership.capacity, membership.participation_key, membership.part = given, participation_key, part
    record(application, "member.changed", actor, now, user=user.id, capacity=given)


def remove(application: Application, membership_id: int, *, actor: Actor, now: datetime) -> None:
    """Take a member out; what they wrote and signed stays. The leader cannot be taken out.

    Raises MembersError `leads` or `gone`, NotAllowedError.
    """
    hold(application, Can.MEMBERS_MANAGE, actor, now)
    membership, user = _member(application, membership_id)
    if membership.capacity == Access.LEAD:
        raise MembersError("leads")
    db.session.delete(membership)
    record(application, "member.removed", actor, now, user=user.id)


def hand_over(application: Application, membership_id: int, *, actor: Actor, now: datetime) -> None:
    """Make another member leader; who led goes on as one who may fill in.

    Raises MembersError, NotAllowedError.
    """
    hold(application, Can.MEMBERS_MANAGE, actor, now)
    _give_leadership(application, membership_id, "leadership.handed_over", actor=actor, now=now)


def rescue(application: Application, membership_id: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """Let the office give the leadership to another member, when who led is gone.

    Raises MembersError, NotAllowedError.
    """
    if not reason.strip():
        raise MembersError("reason_needed")
    hold(application, Can.MEMBERS_RESCUE, actor, now)
    _give_leadership(application, membership_id, "leadership.given", actor=actor, now=now, reason=reason)


def check_organisation(application: Application, participation_key: str | None) -> None:
    """Refuse an organisation that does not take part; none at all is fine. Raises MembersError."""
    known = {one.key for one in application.participations}
    if participation_key is not None and participation_key not in known:
        raise MembersError("organisation_unknown")


def hold(application: Application, can: Can, actor: Actor, now: datetime) -> None:
    """Lock the application and ask once more: who led may have handed over while the page was open.

    Raises NotAllowedError, GoneError.
    """
    lock(application)
    if not may(actor, can, standing.to_application(actor, application, now=now)):
        raise NotAllowedError(can)


def _member(application: Application, membership_id: int) -> tuple[Membership, User]:
    found = find_member(application, membership_id)
    if found is None:
        raise MembersError("gone")
    return found


def _give_leadership(
    application: Application,
    membership_id: int,
    event: str,
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> None:
    chosen, leader = _member(application, membership_id)
    if leader.disabled_at is not None:
        raise MembersError("gone")
    if chosen.capacity == Access.LEAD:
        raise MembersError("leads_already")
    before = [one for one in list_members(application) if one[0].capacity == Access.LEAD]
    for membership, _user in before:
        membership.capacity = Access.EDIT.value
    chosen.capacity = Access.LEAD.value
    record(application, event, actor, now, {"reason": reason} if reason else None, to=leader.id)
    for user in (leader, *(user for _membership, user in before if user.disabled_at is None)):
        mail.compose(
            f"leadership:{application.id}:{leader.id}:{user.id}:{int(now.timestamp())}",
            recipient=user.email,
            template="leadership",
            context={"user": user, "application": application, "leader": leader, "reason": reason},
            now=now,
            locale=user.locale,
        )
