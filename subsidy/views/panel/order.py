"""The order of priority of the committee, with the line of the ceiling as the order is now."""

from collections.abc import Callable

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.priorities import OrderForm, PlaceForm
from subsidy import clock
from subsidy.access import allowed, current_actor, id_in, requires
from subsidy.models import Application, Meeting
from subsidy.services import agenda, priorities
from subsidy.services.priorities import PriorityError
from subsidy.services.snapshots import definition_of
from subsidy.views.panel import bp
from subsidy.views.panel.declaring import after_declaring
from subsidy.wording.priorities import priority_refusal
from workflows.permissions import Can

INVALID = 422


@bp.get("/vergaderingen/<int:meeting_id>/volgorde")
@requires(Can.PANEL_RANKING)
@after_declaring
def order(meeting: Meeting) -> ResponseReturnValue:
    """Show the fundable applications in the order that counts now, and where the money ends."""
    return _page(meeting, moved_id=request.args.get("verplaatst", type=id_in))


@bp.post("/vergaderingen/<int:meeting_id>/volgorde/<int:application_id>")
@requires(Can.PANEL_ORDER)
@after_declaring
def place(meeting: Meeting, application: Application) -> ResponseReturnValue:
    """Put an application on a place; a place that departs from the scores first asks for the reason."""
    form = PlaceForm(request.form)
    if not form.validate():
        return _page(meeting, asked=application, form=form, status=INVALID)
    try:
        priorities.place(
            meeting,
            application,
            place=form["place"].data,
            reason=form.reason.data or "",
            token=form.token.data or "",
            actor=current_actor(),
            now=clock.now(),
        )
    except PriorityError as error:
        return _refused(meeting, application, form, error)
    return redirect(_here(meeting, application), 303)


@bp.post("/vergaderingen/<int:meeting_id>/volgorde/<int:application_id>/terug")
@requires(Can.PANEL_ORDER)
@after_declaring
def put_back(meeting: Meeting, application: Application) -> ResponseReturnValue:
    """Put an application back to where its score brings it."""
    token = OrderForm(request.form).token.data or ""

    def step() -> None:
        priorities.put_back(meeting, application, token=token, actor=current_actor(), now=clock.now())

    return _take(meeting, step, _here(meeting, application))


@bp.post("/vergaderingen/<int:meeting_id>/volgorde/wissen")
@requires(Can.PANEL_ORDER)
@after_declaring
def clear_order(meeting: Meeting) -> ResponseReturnValue:
    """Let the scores decide again for all applications."""
    token = OrderForm(request.form).token.data or ""

    def step() -> None:
        priorities.clear(meeting, token=token, actor=current_actor(), now=clock.now())

    return _take(meeting, step, _here(meeting))


def _take(meeting: Meeting, step: Callable[[], None], there: str) -> ResponseReturnValue:
    try:
        step()
    except PriorityError as error:
        return _page(meeting, refusal=priority_refusal(error.code, error.params), status=INVALID)
    return redirect(there, 303)


def _refused(
    meeting: Meeting, application: Application, form: PlaceForm, error: PriorityError
) -> ResponseReturnValue:
    """Show the order as it is, with what was typed; a move that only misses its reason can go on at once."""
    words = priority_refusal(error.code, error.params)
    if error.code == "reason_needed":
        form.reason.flags.required = True
        if "reason" not in request.form:
            # Who pressed a button of the list has done nothing wrong: there was no field for the reason.
            return _page(meeting, asked=application, form=form, asks=words, status=INVALID)
        form.reason.errors = [words]
    else:
        form.form_errors.append(words)
    return _page(meeting, asked=application, form=form, status=INVALID)


def _page(
    meeting: Meeting,
    *,
    asked: Application | None = None,
    form: PlaceForm | None = None,
    asks: str | None = None,
    refusal: str | None = None,
    moved_id: int | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """Show the order. A form that was refused goes on from the order that is shown now."""
    found = priorities.order_of(meeting.round)
    if form is not None:
        form.token.data = found.token
    shut = priorities.refusal(meeting)
    asked_line = next((line for line in found.lines if asked and line.application_id == asked.id), None)
    if form is not None and asked_line is not None and not form.reason.data:
        form.reason.data = asked_line.priority_reason
    definition = definition_of(meeting.round)
    return (
        render_template(
            "panel/order.html",
            meeting=meeting,
            order=found,
            ranking=found.ranking,
            criteria=definition.rules.criteria,
            shows_lead=not definition.reviewing.hide_applicants,
            shut=shut,
            may_change=shut is None and allowed(Can.PANEL_ORDER),
            asked=asked,
            form=form,
            asks=asks,
            refusal=refusal,
            on_agenda=agenda.applications_of(meeting),
            moved=next((line for line in found.lines if line.application_id == moved_id), None),
        ),
        status,
    )


def _here(meeting: Meeting, moved: Application | None = None) -> str:
    return url_for("panel.order", meeting_id=meeting.id, verplaatst=None if moved is None else moved.id)
