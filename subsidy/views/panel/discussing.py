"""Steps around one application in a meeting: begin and end its discussion, put it off, leave the room."""

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.meetings import ReasonForm
from subsidy import clock
from subsidy.access import allowed, current_actor, id_in, requires
from subsidy.models import Application, Meeting
from subsidy.services import deliberation, recusals
from subsidy.services.meetings import MeetingError
from subsidy.views.concluding import INVALID
from subsidy.views.panel import bp
from subsidy.views.panel.item import ITEM, find, leaving_form, page, url_of
from subsidy.wording.meetings import meeting_refusal
from workflows.permissions import Can


@bp.post(f"{ITEM}/bespreken")
@requires(Can.PANEL_DISCUSS)
def discuss(meeting: Meeting, application: Application) -> ResponseReturnValue:
    """Put the application under discussion, or end that."""
    actor, now = current_actor(), clock.now()
    step = deliberation.end if request.form.get("step") == "end" else deliberation.start
    return _take(meeting, application, lambda: step(meeting, application, actor=actor, now=now))


@bp.post(f"{ITEM}/aanhouden")
@requires(Can.PANEL_DISCUSS)
def put_off(meeting: Meeting, application: Application) -> ResponseReturnValue:
    """Leave the application for another meeting, with the reason."""
    find(meeting, application)
    form = ReasonForm(request.form, prefix="putoff-")
    if not form.validate():
        return page(meeting, application, putting_off=form), INVALID
    reason, actor, now = form.reason.data or "", current_actor(), clock.now()
    try:
        deliberation.put_off(meeting, application, reason=reason, actor=actor, now=now)
    except MeetingError as error:
        form.form_errors.append(meeting_refusal(error.code, error.params))
        return page(meeting, application, putting_off=form), INVALID
    return redirect(url_of(meeting, application), 303)


@bp.post(f"{ITEM}/verlaten")
@requires(Can.PANEL_FILE)
def leave(meeting: Meeting, application: Application) -> ResponseReturnValue:
    """Leave the room for this application, or record that somebody does; the file closes for them."""
    find(meeting, application)
    form = leaving_form(meeting, application, typed=True)
    if not form.validate():
        return page(meeting, application, leaving=form), INVALID
    actor, now = current_actor(), clock.now()
    person = int(form["person"].data) if "person" in form else actor.user_id or 0
    try:
        recusals.leave(meeting, application, person, reason=form.reason.data or "", actor=actor, now=now)
    except MeetingError as error:
        form.form_errors.append(meeting_refusal(error.code, error.params))
        return page(meeting, application, leaving=form), INVALID
    if person == actor.user_id:
        flash(_("You left the room for this application. You see it again when its discussion is over."))
        return redirect(url_for("panel.meeting", meeting_id=meeting.id), 303)
    return redirect(url_of(meeting, application), 303)


@bp.post(f"{ITEM}/terug")
@requires(Can.PANEL_DISCUSS)
def come_back(meeting: Meeting, application: Application) -> ResponseReturnValue:
    """Let somebody back in who left by mistake."""
    person = request.form.get("person", 0, type=id_in)
    actor, now = current_actor(), clock.now()
    return _take(
        meeting, application, lambda: recusals.come_back(meeting, application, person, actor=actor, now=now)
    )


def _take(meeting: Meeting, application: Application, step: Callable[[], None]) -> ResponseReturnValue:
    """Take a step and show the application again; a refusal is told there and changes nothing."""
    find(meeting, application)
    if not allowed(Can.PANEL_FILE):
        return redirect(url_for("panel.meeting", meeting_id=meeting.id), 303)
    try:
        step()
    except MeetingError as error:
        flash(meeting_refusal(error.code, error.params), "error")
    return redirect(url_of(meeting, application), 303)
