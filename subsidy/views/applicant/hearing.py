"""The view of the applicant on what the office intends to decide (zienswijze, Awb 4:7 to 4:9)."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from forms.hearing import AnswerForm
from subsidy import clock
from subsidy.access import allowed, current_actor, requires
from subsidy.models import Application, Hearing
from subsidy.services import hearing_answers as service
from subsidy.services import hearings as reading
from subsidy.services import parked
from subsidy.services.hearings import HearingError
from subsidy.views.applicant import bp
from subsidy.views.parking import park_form
from subsidy.views.unsaved import PARKED, parked_secret
from subsidy.wording.hearing import hearing_refusal
from workflows.permissions import Can

CONFLICT, INVALID = 409, 422


@bp.get("/aanvragen/<int:application_id>/zienswijze")
@requires(Can.APPLICATION_VIEW_OWN)
def hearings(application: Application) -> ResponseReturnValue:
    """Show what the office intends, until when, and the view to write or to read."""
    secret = parked_secret()
    waiting = parked.find(secret, _here(application), now=clock.now())
    if waiting is None or not allowed(Can.HEARING_ANSWER):
        return _page(application)
    form = AnswerForm(MultiDict((name, value) for name, value in waiting.typed))
    return _page(application, form, unsaved=True, secret=secret)


@bp.post("/aanvragen/<int:application_id>/zienswijze")
@requires(Can.APPLICATION_VIEW_OWN, nobody=park_form)
def answer_hearing(application: Application) -> ResponseReturnValue:
    """Send the view in."""
    form = AnswerForm(request.form)
    if not reading.find(application):
        abort(404)
    if not allowed(Can.HEARING_ANSWER):
        why = _("You can read this. Somebody else of the collaboration writes and sends the view.")
        return _page(application, typed=form.answer.data or "", why=why), CONFLICT
    if not form.validate():
        return _page(application, form), INVALID
    text, now = form.answer.data or "", clock.now()
    try:
        hearing = service.answer(application, form.hearing.data, text, actor=current_actor(), now=now)
    except HearingError as error:
        why = hearing_refusal(error.code, error.params)
        return _page(application, typed=text, why=why), CONFLICT
    parked.let_go(request.form.get(PARKED, ""), _here(application))
    flash(
        _("Your view was sent in after the term. We keep it, and look whether we can still take it along.")
        if reading.is_late(hearing)
        else _("Your view was sent in. You get a confirmation of receipt by e-mail."),
        "success",
    )
    return redirect(_here(application), 303)


def _here(application: Application) -> str:
    return url_for("applicant.hearings", application_id=application.id)


def _page(
    application: Application,
    form: AnswerForm | None = None,
    *,
    unsaved: bool = False,
    secret: str = "",
    typed: str = "",
    why: str = "",
) -> str:
    found = reading.shown(application, now=clock.now())
    if not found:
        abort(404)
    newest: Hearing = found[0].hearing
    return render_template(
        "applicant/hearing.html",
        application=application,
        hearings=found,
        form=form or AnswerForm(data={"hearing": newest.id}),
        writable=allowed(Can.HEARING_ANSWER) and service.takes_answers(application, newest),
        unsaved=unsaved,
        parked=secret or request.form.get(PARKED, ""),
        typed=typed,
        why=why,
    )
