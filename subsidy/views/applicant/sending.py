"""Reading everything back, sending it in, supplementing it, and taking it back."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.applicant import WithdrawForm
from subsidy import clock
from subsidy.access import allowed, current_actor, requires
from subsidy.models import Application
from subsidy.services import answers, applications, completeness, following, signatures
from subsidy.services.applications import IncompleteError, TooLateError
from subsidy.services.hints import hints_for
from subsidy.services.reference import reference_of
from subsidy.services.snapshots import definition_of
from subsidy.views.applicant import bp
from subsidy.views.applicant.remarks import remarks_on
from subsidy.wording.applicant import ANCHORS
from workflows.definition import RoundDefinition
from workflows.machine import TransitionError
from workflows.permissions import Can
from workflows.states import ApplicationState

INVALID = 422


@bp.get("/aanvragen/<int:application_id>/nakijken")
@requires(Can.APPLICATION_VIEW_OWN)
def review(application: Application) -> ResponseReturnValue:
    """Show everything that was entered, what is missing, and what the checks say."""
    return _review(application)


@bp.post("/aanvragen/<int:application_id>/indienen")
@requires(Can.APPLICATION_SUBMIT)
def submit(application: Application) -> ResponseReturnValue:
    """Send the application in; a second click finds it sent in and shows the same page."""
    try:
        applications.submit(application, actor=current_actor(), now=clock.now())
    except TransitionError:
        return _to_page(application)
    except (TooLateError, IncompleteError):
        return _review(application, refused=True), INVALID
    flash(_("Your application was sent in. You get a confirmation of receipt by e-mail."), "success")
    return _to_page(application)


@bp.post("/aanvragen/<int:application_id>/aanvullen")
@requires(Can.APPLICATION_VIEW_OWN)
def supplement(application: Application) -> ResponseReturnValue:
    """Hand in the supplement; a second click finds it handed in."""
    try:
        applications.supplement(application, actor=current_actor(), now=clock.now())
    except TransitionError:
        return _to_page(application)
    except TooLateError:
        flash(_("The term to supplement has passed. Please contact the subsidy office."), "warning")
        return _to_page(application)
    flash(_("Your supplement was sent in. You get a confirmation of receipt by e-mail."), "success")
    return _to_page(application)


@bp.route("/aanvragen/<int:application_id>/intrekken", methods=["GET", "POST"])
@requires(Can.APPLICATION_WITHDRAW)
def withdraw(application: Application) -> ResponseReturnValue:
    """Take the application back, after asking."""
    if not following.can_withdraw(application):
        flash(_("This application can no longer be withdrawn."), "warning")
        return _to_page(application)
    form = WithdrawForm(request.form)
    if request.method == "GET" or not form.validate():
        page = render_template("applicant/withdraw.html", application=application, form=form)
        return page, 200 if request.method == "GET" else INVALID
    applications.withdraw(application, actor=current_actor(), now=clock.now(), reason=form.reason.data)
    flash(_("Your application was withdrawn."), "success")
    return _to_page(application)


def _to_page(application: Application) -> ResponseReturnValue:
    return redirect(url_for("applicant.show", application_id=application.id), 303)


def _change(application: Application, definition: RoundDefinition) -> dict[str, str]:
    """Where each section can be changed, for who may do so now."""
    if not (allowed(Can.APPLICATION_EDIT) or allowed(Can.APPLICATION_SUPPLEMENT)):
        return {}
    return {
        section.id: url_for("applicant.section", application_id=application.id, section_id=section.id)
        for section in applications.writable_sections(application, definition, now=clock.now())
    }


def _review(application: Application, *, refused: bool = False) -> str:
    definition = definition_of(application.round)
    reference = reference_of(application.round.reference_version)
    now = clock.now()
    own = following.own(application, now=now)
    change = _change(application, definition)
    return render_template(
        "applicant/review.html",
        application=application,
        own=own,
        sections=answers.answers_of(application, definition, reference),
        change=change,
        missing=completeness.missing(application, definition),
        remarks=remarks_on(application, definition, now=now) if change else [],
        signing=signatures.standing(application) if signatures.open_to_sign(application) else (),
        anchors=ANCHORS,
        hints=hints_for(application, definition, now=now) if own.state is following.Public.DRAFT else None,
        may_submit=allowed(Can.APPLICATION_SUBMIT) and application.state == ApplicationState.DRAFT,
        may_supplement=allowed(Can.APPLICATION_SUPPLEMENT),
        refused=refused,
    )
