"""Accounts: register, log in, forget and change a password. No answer here tells whether an address is known.

Who registers chooses a password only after opening the link in the mail: so nobody can prepare an account
with a password of their own for the address of somebody else.
"""

import hashlib
import secrets
from datetime import datetime
from email.utils import parseaddr

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from subsidy.db import db
from subsidy.models import GrantRow, User
from subsidy.services import events, mail, mail_links, passwords, throttle
from workflows.permissions import Role

# At most one mail of a kind to an address in this time: our forms are no way to fill somebody's mailbox.
MAIL_SECONDS = 300


class LoginRefusedError(Exception):
    """No login: `wrong` for an address and password that do not go together, `disabled` when they do."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class AddressTakenError(Exception):
    """An account with this e-mail address exists."""


def normal_email(email: str) -> str:
    """The address as it is kept: lower case, without spaces or a name around it."""
    return parseaddr(email.strip())[1].lower() or email.strip().lower()


def find_by_email(email: str) -> User | None:
    """The account with this e-mail address."""
    return db.session.scalars(select(User).where(User.email == normal_email(email))).one_or_none()


def register(*, email: str, name: str, organisation: str, locale: str, machine: str, now: datetime) -> None:
    """Send a link to choose a password; an address that has an account gets a mail that says so instead.

    Raises TooManyAttemptsError when this machine asks for too many mails.
    """
    throttle.attempt(throttle.machine(machine, "register"), now=now)
    user = find_by_email(email)
    if user is not None and user.email_confirmed_at is not None:
        _send("already_registered", user, now=now)
        return
    if user is None:
        try:
            user = prepare(email=email, name=name, organisation=organisation, locale=locale, now=now)
        except AddressTakenError:
            return  # the other request of a double click sends the mail
    user.name, user.organisation, user.locale = name.strip(), organisation.strip(), locale
    _send("confirm", user, now=now, token=mail_links.make("confirm", user, now=now))


def prepare(*, email: str, name: str, now: datetime, organisation: str = "", locale: str = "nl") -> User:
    """Make an account that waits for its confirmation; AddressTakenError when there is one."""
    user = User(
        email=normal_email(email),
        name=name.strip(),
        organisation=organisation.strip(),
        locale=locale,
        password_hash=passwords.NOT_CHOSEN,
        session_token=_new_token(),
        created_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(user)
    except IntegrityError as error:
        raise AddressTakenError from error
    return user


def confirm(user: User, *, password: str, name: str, now: datetime) -> None:
    """Finish an account whose owner opened the link in the mail: password, name, and the role of applicant.

    Raises PasswordRefusedError.
    """
    user.password_hash = passwords.hashed(password, email=user.email, name=name)
    user.name = name.strip()
    user.session_token = _new_token()
    user.email_confirmed_at = now
    db.session.flush()
    db.session.add(GrantRow(user=user, role=Role.APPLICANT.value, round_id=None, granted_at=now))
    events.append("account.created", at=now, actor_id=user.id, facts={"user": user.id})
    db.session.flush()


def create(
    *, email: str, name: str, password: str, now: datetime, organisation: str = "", locale: str = "nl"
) -> User:
    """Make a confirmed account at once, without mail: for the demo and the command line.

    Raises AddressTakenError, PasswordRefusedError.
    """
    user = prepare(email=email, name=name, organisation=organisation, locale=locale, now=now)
    confirm(user, password=password, name=name, now=now)
    return user


def is_taken(user: User) -> bool:
    """Whether an account is not for an invitation to finish: finished, switched off, or holding a role.

    Invitations are forwarded; a role that waits for its owner must not go to who got one.
    """
    return user.email_confirmed_at is not None or user.disabled_at is not None or bool(user.grants)


def invited(*, email: str, name: str, password: str, locale: str, now: datetime) -> User:
    """Make the account of somebody whose address was proven by the link in an invitation.

    An account that was asked for earlier and never finished is finished now. Raises PasswordRefusedError;
    AddressTakenError when another request made it meanwhile, or `is_taken`.
    """
    user = find_by_email(email) or prepare(email=email, name=name, locale=locale, now=now)
    if is_taken(user):
        raise AddressTakenError
    confirm(user, password=password, name=name, now=now)
    return user


def log_in(*, email: str, password: str, machine: str, now: datetime) -> User:
    """The account of who may log in; raises LoginRefusedError, TooManyAttemptsError.

    The attempt is counted in the caller's transaction: commit it, also when it failed.
    """
    who, where = throttle.person(normal_email(email)), throttle.machine(machine)
    throttle.attempt(who, now=now)
    throttle.attempt(where, now=now)
    user = find_by_email(email)
    confirmed = user is not None and user.email_confirmed_at is not None
    if not passwords.fits(password, user.password_hash if user and confirmed else None) or user is None:
        raise LoginRefusedError("wrong")
    if user.disabled_at is not None:
        raise LoginRefusedError("disabled")
    user.password_hash = passwords.renewed(password, user.password_hash)
    throttle.succeeded(who, where, now=now)
    events.look("log in", at=now, user_id=user.id)
    return user


def forgot(*, email: str, locale: str, machine: str, now: datetime) -> None:
    """Send a link to choose a new password; an address without an account gets a mail that says so.

    Raises TooManyAttemptsError when this machine asks for too many mails.
    """
    throttle.attempt(throttle.machine(machine, "forgot"), now=now)
    user = find_by_email(email)
    if user is None or user.disabled_at is not None:
        _send("no_account", None, email=normal_email(email), locale=locale, now=now)
    elif user.email_confirmed_at is None:
        _send("confirm", user, now=now, token=mail_links.make("confirm", user, now=now))
    else:
        _send("reset", user, now=now, token=mail_links.make("reset", user, now=now))


def set_password(user: User, *, password: str, now: datetime) -> None:
    """Give an account a new password, which ends every session of it; raises PasswordRefusedError."""
    user.password_hash = passwords.hashed(password, email=user.email, name=user.name)
    user.session_token = _new_token()
    events.append("account.password_changed", at=now, actor_id=user.id, facts={"user": user.id})
    db.session.flush()
    _send("password_changed", user, now=now)


def change_password(user: User, *, current: str, new: str, now: datetime) -> None:
    """Change one's own password.

    Raises LoginRefusedError (the attempt is counted: commit it), TooManyAttemptsError, PasswordRefusedError.
    """
    who = throttle.person(user.email)
    throttle.attempt(who, now=now)
    if not passwords.fits(current, user.password_hash):
        raise LoginRefusedError("wrong")
    throttle.succeeded(who, now=now)
    set_password(user, password=new, now=now)


def disable(user: User, *, actor_id: int | None, now: datetime) -> None:
    """Switch an account off and end its sessions; its history stays. Once is enough."""
    if user.disabled_at is None:
        user.disabled_at = now
        user.session_token = _new_token()
        events.append("account.disabled", at=now, actor_id=actor_id, facts={"user": user.id})
        db.session.flush()


def _send(
    template: str,
    user: User | None,
    *,
    now: datetime,
    email: str = "",
    locale: str = "nl",
    token: str = "",
) -> None:
    address = user.email if user else email
    about = f"{address}:{user.session_token if user else ''}"  # after a change another mail is due at once
    moment = int(now.timestamp()) // MAIL_SECONDS
    mail.compose(
        f"{template}:{hashlib.sha256(about.encode()).hexdigest()[:32]}:{moment}",
        recipient=address,
        template=template,
        context={"name": user.name if user and user.email_confirmed_at else "", "token": token},
        locale=user.locale if user else locale,
        now=now,
    )


def _new_token() -> str:
    return secrets.token_hex(32)
