"""Whoever compares the files of a meeting reported every interest in them first (Awb 2:4)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from subsidy.access import allowed, current_actor
from subsidy.models import Meeting
from subsidy.services import meetings
from workflows.permissions import Can

View = Callable[..., ResponseReturnValue]


def after_declaring(view: View) -> View:
    """Lead who still has to report their interests to that; an auditor has none to report."""

    @wraps(view)
    def guarded(**arguments: Any) -> ResponseReturnValue:
        meeting: Meeting = arguments["meeting"]
        if allowed(Can.CONFLICT_REPORT) and not meetings.has_declared(meeting, current_actor()):
            return redirect(url_for("office.own_interests", slug=meeting.round.slug), 303)
        return view(**arguments)

    return guarded
