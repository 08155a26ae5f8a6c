"""The one place that reads the clock.

What counts for a deadline is the first reading for a request, so a request reads it once, when a process
takes it up, before its form is read and before it waits for any lock, and everything it does happens at
that instant. What it waited before that, in the queue of the server or in a proxy that collects a form before
it passes it on, nobody here can know.
"""

from datetime import UTC, date, datetime
from typing import cast

from flask import current_app, g, has_request_context

from workflows.calendar_nl import AMSTERDAM, day_of

__all__ = ["AMSTERDAM", "day_of", "now", "read", "today"]


def now() -> datetime:
    """The instant at which this request arrived; outside a request the present."""
    if not has_request_context():
        return read()
    if "received_at" not in g:
        g.received_at = read()
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
