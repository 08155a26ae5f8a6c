"""A form that arrived after its session had ended waits here until its writer has logged in again.

Who brings it is nobody, so it waits under a random secret that only the answer to that form tells, and of
which only the digest is stored. It is limited in size, in number per machine and in time.
"""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete

from subsidy.db import db, json_text
from subsidy.models import ParkedForm
from subsidy.services import throttle
from subsidy.services.drafting import Typed

WAITS = timedelta(hours=24)
MOST_BYTES = 2 * 1024 * 1024


class NotParkedError(Exception):
    """This form is too large to wait for its writer."""


def park(path: str, typed: Typed, *, machine: str, now: datetime) -> str:
    """Let a form for the page at `path` wait; gives the secret that gets it back.

    Lets go of what waited too long. Raises NotParkedError, TooManyAttemptsError.
    """
    if len(json_text(typed).encode()) > MOST_BYTES:
        raise NotParkedError
    throttle.attempt(throttle.machine(machine, "park"), now=now)
    too_old = delete(ParkedForm).where(ParkedForm.parked_at < now - WAITS)
    db.session.execute(too_old.execution_options(synchronize_session=False))
    secret = secrets.token_urlsafe(24)
    db.session.add(ParkedForm(token_digest=_digest(secret), path=path, typed=typed, parked_at=now))
    db.session.flush()
    return secret


def find(secret: str, path: str, *, now: datetime) -> ParkedForm | None:
    """Give the form that waits for who opens this page with this secret."""
    if not secret:
        return None
    form = db.session.get(ParkedForm, _digest(secret))
    fits = form is not None and form.path == path and form.parked_at >= now - WAITS
    return form if fits else None


def let_go(secret: str, path: str) -> None:
    """Let go of a form that is stored now."""
    if secret:
        mine = delete(ParkedForm).where(ParkedForm.token_digest == _digest(secret), ParkedForm.path == path)
        db.session.execute(mine.execution_options(synchronize_session=False))


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
