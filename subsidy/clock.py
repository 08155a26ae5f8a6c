"""The one place that reads the clock.

What counts for a deadline is the first reading for a request: when it reached our server, before it waited
for a thread (subsidy/punctual.py tells), before its form is read and before it waits for any lock. Everything
a request does happens at that instant. What it waited in a proxy before us, nobody here can know.
"""

from contextvars import ContextVar
from datetime import UTC, date, datetime
from typing import cast

from flask import current_app, g, has_request_context

from workflows.calendar_nl import AMSTERDAM, day_of

__all__ = ["AMSTERDAM", "ARRIVED_AT", "day_of", "note_arrival", "now", "read", "today"]

# When the request in hand reached the server; None where the server does not tell.
ARRIVED_AT: ContextVar[datetime | None] = ContextVar("arrived_at", default=None)


def now() -> datetime:
    """The instant at which this request arrived; outside a request the present."""
    if not has_request_context():
        return read()
    if "received_at" not in g:
        g.received_at = ARRIVED_AT.get() or read()
    return cast("datetime", g.received_at)


def note_arrival() -> None:
    """Read the clock before anything of a request is read: a form that comes in slowly came in time."""
    now()


def read() -> datetime:
    """A fresh reading, aware UTC. Tests set CLOCK to a function of their own."""
    clock = current_app.config.get("CLOCK")
    return clock() if clock else datetime.now(UTC)


def today() -> date:
    """The date in Amsterdam: a legal term is a date there."""
    return day_of(now())
