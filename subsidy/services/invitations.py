"""Asking somebody by e-mail to join a collaboration, with a link that works once.

Of the link only the digest is kept, so who reads the table cannot open one. The mail is not tied to the
application: who may read the mail of a file would otherwise find a working link in it.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Application, Invitation, Membership, User
from subsidy.services import accounts, mail, throttle
from subsidy.services.holding import lock
from subsidy.services.members import GIVEN, check_organisation, hold, list_members, membership_of
from subsidy.services.recording import record
from subsidy.services.throttle import Subject
from workflows.permissions import Access, Actor, Can

VALID = timedelta(days=14)
# A large collaboration can be invited in one go; somebody who mails the whole world cannot.
FREE_PER_PERSON = 60
FREE_PER_ADDRESS = 5
_RANK = {access.value: rank for rank, access in enumerate(Access)}


class InvitationError(Exception):
    """An invitation is refused; codes: member_already, invited_already, capacity_unknown, gone."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotOpenError(Exception):
    """The link was never made, was used, withdrawn, or is too old; nobody needs to know which."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asked, for what: capacity, organisation (key of its participation), part in the project."""

    email: str
    capacity: Access
    participation_key: str | None = None
    part: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """An invitation that can be accepted, with what may be shown of it before that."""

    invitation: Invitation
    application_title: str
    round_title: str
    inviter: str


def invite(
    application: Application,
    asked: Asked,
    *,
    words: str,
    actor: Actor,
    now: datetime,
    can: Can = Can.MEMBERS_MANAGE,
) -> Invitation:
    """Ask somebody to join; the same once more (a double click) is the invitation that is there.

    `can` is the permission by which it is done: the office invites when who led alone is gone.

    Raises InvitationError, MembersError `organisation_unknown`, TooManyAttemptsError, NotAllowedError.
    """
    hold(application, can, actor, now)
    if asked.capacity not in GIVEN:
        raise InvitationError("capacity_unknown")
    check_organisation(application, asked.participation_key)
    email = accounts.normal_email(asked.email)
    if any(user.email == email for _membership, user in list_members(application)):
        raise InvitationError("member_already")
    there = next((one for one in list_open(application, now=now) if one.email == email), None)
    if there is not None and now > there.expires_at:
        there.withdrawn_at = now
    elif there is not None:
        same = (there.capacity, there.participation_key, there.part)
        if same == (asked.capacity.value, asked.participation_key, asked.part):
            return there
        raise InvitationError("invited_already")
    _count(actor, email, now=now)
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        application_id=application.id,
        email=email,
        capacity=asked.capacity.value,
        participation_key=asked.participation_key,
        part=asked.part,
        token_digest=_digest(token),
        invited_by=actor.user_id,
        invited_at=now,
        expires_at=now + VALID,
    )
    db.session.add(invitation)
    db.session.flush()
    record(
        application,
        "member.invited",
        actor,
        now,
        {"email": email},
        invitation=invitation.id,
        capacity=invitation.capacity,
    )
    _send(application, invitation, token, words=words, now=now)
    return invitation


def list_open(application: Application, *, now: datetime) -> list[Invitation]:
    """Give the invitations that nobody answered yet; one query.

    Those that became too old lately (see `expires_at`) are among them: they can be sent again.
    """
    query = (
        select(Invitation)
        .where(
            Invitation.application_id == application.id,
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
            Invitation.expires_at > now - VALID,
        )
        .order_by(Invitation.id)
    )
    return list(db.session.scalars(query))


def send_again(application: Application, invitation_id: int, *, actor: Actor, now: datetime) -> Invitation:
    """Send a new link, which works 14 days from now; the old one is dead.

    Raises InvitationError `gone`, TooManyAttemptsError, NotAllowedError.
    """
    invitation = _held(application, invitation_id, actor, now)
    _count(actor, invitation.email, now=now)
    token = secrets.token_urlsafe(32)
    invitation.token_digest = _digest(token)
    invitation.expires_at = now + VALID
    record(application, "member.invited_again", actor, now, invitation=invitation.id)
    _send(application, invitation, token, words="", now=now)
    return invitation


def withdraw(application: Application, invitation_id: int, *, actor: Actor, now: datetime) -> Invitation:
    """Take an invitation back; its link is dead. Raises InvitationError `gone`, NotAllowedError."""
    invitation = _held(application, invitation_id, actor, now)
    invitation.withdrawn_at = now
    record(application, "member.invitation_withdrawn", actor, now, invitation=invitation.id)
    return invitation


def open_link(token: str, *, now: datetime) -> Opened:
    """Give what may be shown of an invitation; opening it changes nothing. Raises NotOpenError."""
    row = db.session.execute(
        select(Invitation, Application, User.name)
        .join(Application, Application.id == Invitation.application_id)
        .join(User, User.id == Invitation.invited_by)
        .where(Invitation.token_digest == _digest(token))
    ).one_or_none()
    if row is None or not _works(row[0], now):
        raise NotOpenError
    invitation, application, inviter = row
    return Opened(invitation, application.title, application.round.title, inviter)


def accepted_by(token: str, user_id: int | None) -> int | None:
    """Give the id of the application that this person joined with this very link, if they did."""
    if user_id is None:
        return None
    query = select(Invitation.application_id).where(
        Invitation.token_digest == _digest(token), Invitation.accepted_by == user_id
    )
    return db.session.scalars(query).one_or_none()


def accept(token: str, user: User, *, now: datetime) -> int:
    """Make this person a member, once; gives the id of the application. Raises NotOpenError.

    The link is the proof, not the address: people have an account under another address than the one
    that a colleague knows, and forward an invitation to who really does the work. Who invited sees in
    the list of members who came.
    """
    query = select(Invitation).where(Invitation.token_digest == _digest(token))
    invitation = db.session.scalars(query).one_or_none()
    if invitation is None:
        raise NotOpenError
    application = db.session.get_one(Application, invitation.application_id)
    lock(application)
    db.session.refresh(invitation)
    if invitation.accepted_by == user.id:
        return application.id  # the second of a double click
    if not _works(invitation, now):
        raise NotOpenError
    _join(application, invitation, user)
    invitation.accepted_at, invitation.accepted_by = now, user.id
    record(
        application,
        "member.joined",
        Actor(user.id),
        now,
        invitation=invitation.id,
        user=user.id,
        capacity=invitation.capacity,
    )
    return application.id


def _join(application: Application, invitation: Invitation, user: User) -> None:
    """Add a member; who is one already never loses anything by an invitation."""
    there = membership_of(application, user.id)
    if there is None:
        db.session.add(
            Membership(
                application_id=application.id,
                user_id=user.id,
                capacity=invitation.capacity,
                participation_key=invitation.participation_key,
                part=invitation.part,
            )
        )
        return
    there.capacity = max(there.capacity, invitation.capacity, key=_RANK.__getitem__)
    there.participation_key = there.participation_key or invitation.participation_key
    there.part = there.part or invitation.part


def _held(application: Application, invitation_id: int, actor: Actor, now: datetime) -> Invitation:
    """Give an invitation that nobody answered yet; the lock on the application keeps it so."""
    hold(application, Can.MEMBERS_MANAGE, actor, now)
    query = select(Invitation).where(
        Invitation.id == invitation_id, Invitation.application_id == application.id
    )
    fresh = query.execution_options(populate_existing=True)
    invitation = db.session.scalars(fresh).one_or_none()
    if invitation is None or invitation.accepted_at or invitation.withdrawn_at:
        raise InvitationError("gone")
    return invitation


def _works(invitation: Invitation, now: datetime) -> bool:
    return not invitation.accepted_at and not invitation.withdrawn_at and now <= invitation.expires_at


def _count(actor: Actor, email: str, *, now: datetime) -> None:
    """Count a mail to a stranger, for who sends it and for who gets it."""
    throttle.attempt(Subject(f"invites:{actor.user_id}", free=FREE_PER_PERSON), now=now)
    throttle.attempt(Subject(f"invited:{_digest(email)}", free=FREE_PER_ADDRESS), now=now)


def _send(application: Application, invitation: Invitation, token: str, *, words: str, now: datetime) -> None:
    inviter = db.session.get_one(User, invitation.invited_by)
    mail.compose(
        f"invitation:{invitation.id}:{invitation.token_digest[:16]}",
        recipient=invitation.email,
        template="invitation",
        context={
            "inviter": inviter.name,
            "application": application,
            "invitation": invitation,
            "token": token,
            "words": words,
        },
        now=now,
        locale=inviter.locale,
    )


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
