"""The agenda of a meeting: the order, what is added, what is taken off."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form

from forms.meetings import agenda_form
from subsidy import clock
from subsidy.access import current_actor, requires
from subsidy.models import Application, Meeting
from subsidy.services import agenda as service
from subsidy.services.meetings import MeetingError
from subsidy.services.ranking import ranking_of
from subsidy.views.panel import bp
from subsidy.views.panel.declaring import after_declaring
from subsidy.wording.meetings import meeting_refusal
from workflows.permissions import Can

INVALID = 422


@bp.get("/vergaderingen/<int:meeting_id>/agenda")
@requires(Can.PANEL_ORDER)
@after_declaring
def agenda(meeting: Meeting) -> ResponseReturnValue:
    """Show the agenda with the totals, to change its order or its applications."""
    return _page(meeting, _form(meeting))


@bp.post("/vergaderingen/<int:meeting_id>/agenda")
@requires(Can.PANEL_ORDER)
@after_declaring
def add_to_agenda(meeting: Meeting) -> ResponseReturnValue:
    """Add applications at the end."""
    form = _form(meeting)
    if not form.validate():
        return _page(meeting, form), INVALID
    ids = [int(one) for one in form["applications"].data]
    return _take(meeting, lambda: service.add(meeting, ids, actor=current_actor(), now=clock.now()))


@bp.post("/vergaderingen/<int:meeting_id>/agenda/volgorde")
@requires(Can.PANEL_ORDER)
@after_declaring
def order_agenda(meeting: Meeting) -> ResponseReturnValue:
    """Put the agenda back in the order of the totals."""
    return _take(meeting, lambda: service.order_again(meeting, actor=current_actor(), now=clock.now()))


@bp.post("/vergaderingen/<int:meeting_id>/agenda/<int:application_id>")
@requires(Can.PANEL_ORDER)
@after_declaring
def move_on_agenda(meeting: Meeting, application: Application) -> ResponseReturnValue:
    """Move an application one place, or take it off the agenda."""
    asked, actor, now = request.form.get("move"), current_actor(), clock.now()
    if asked == "remove":
        return _take(meeting, lambda: service.remove(meeting, application, actor=actor, now=now))
    up = asked == "up"
    here = f"item-{application.id}"
    return _take(meeting, lambda: service.move(meeting, application, up=up, actor=actor, now=now), here)


def _take(meeting: Meeting, step: Callable[[], None], anchor: str | None = None) -> ResponseReturnValue:
    try:
        step()
    except MeetingError as error:
        flash(meeting_refusal(error.code, error.params), "error")
    return redirect(url_for("panel.agenda", meeting_id=meeting.id, _anchor=anchor), 303)


def _form(meeting: Meeting) -> Form:
    found = service.candidates(meeting, current_actor())
    typed = request.form if request.method == "POST" else None
    kind = agenda_form([(str(id_), f"{reference} {title}") for id_, reference, title in found])
    return kind(typed)


def _page(meeting: Meeting, form: Form) -> str:
    lines = {line.application_id: line for line in ranking_of(meeting.round).lines}
    return render_template(
        "panel/agenda.html",
        meeting=meeting,
        agenda=service.agenda_of(meeting, current_actor(), ordered=True),
        lines=lines,
        form=form,
    )
