"""Links in a mail that prove one reads it: signed, for a limited time, and good for one use.

A link names an account and the session token that it had: choosing a password renews the token, so the
link that was used, and every other one, is dead. No personal data stands in the address.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Literal

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from subsidy.db import LOCK, db
from subsidy.models import User

Purpose = Literal["confirm", "reset"]


class LinkRefusedError(Exception):
    """The link was changed, used before, or is too old; nobody needs to know which."""


def make(purpose: Purpose, user: User, *, now: datetime) -> str:
    """The token for a link that works until `mail_token_hours` from now."""
    hours = current_app.config["SETTINGS"].mail_token_hours
    until = int((now + timedelta(hours=hours)).timestamp())
    return str(_serializer(purpose).dumps([user.id, _fingerprint(user), until]))


def open_link(purpose: Purpose, token: str, *, now: datetime) -> User:
    """The account that the link is for; LinkRefusedError when it does not work (any more)."""
    try:
        user_id, fingerprint, until = _serializer(purpose).loads(token)
    except (BadData, ValueError) as error:
        raise LinkRefusedError from error
    # Locked, so that of a double click only one finds the link still good.
    user = db.session.get(User, user_id, with_for_update=LOCK, populate_existing=True)
    in_time = now <= datetime.fromtimestamp(until, UTC)
    if user is None or user.disabled_at or not in_time or fingerprint != _fingerprint(user):
        raise LinkRefusedError
    return user


def _serializer(purpose: Purpose) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=f"mail-link:{purpose}")


def _fingerprint(user: User) -> str:
    return hashlib.sha256(user.session_token.encode()).hexdigest()[:24]
