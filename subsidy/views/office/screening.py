"""The check of one application: findings beside what came in, a supplement, a verdict."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Form

from forms.office_files import ELIGIBLE, ReasonForm, supplement_form, verdict_form
from subsidy import clock
from subsidy.access import current_actor, requires
from subsidy.models import Application
from subsidy.services import findings, sent_versions
from subsidy.services import screening as service
from subsidy.services.answers import answers_of
from subsidy.services.completeness import missing
from subsidy.services.deadlines import term_of
from subsidy.services.reference import reference_of
from subsidy.services.screening import ScreeningError
from subsidy.services.snapshots import definition_of
from subsidy.views.office import bp
from subsidy.wording.labels import error_text
from subsidy.wording.office import office_error
from subsidy.wording.values import day, text
from workflows.machine import TransitionError
from workflows.permissions import Can


@bp.get("/aanvragen/<int:application_id>/toets")
@requires(Can.SCREENING_WORK)
def screening(application: Application) -> ResponseReturnValue:
    """Show the findings beside the whole application."""
    return _page(application)


@bp.post("/aanvragen/<int:application_id>/toets/opnieuw")
@requires(Can.SCREENING_WORK)
def screen_again(application: Application) -> ResponseReturnValue:
    """Run the checks anew."""
    try:
        service.screen_again(application, actor=current_actor(), now=clock.now())
    except ScreeningError as error:
        flash(office_error(error.code), "warning")
    else:
        flash(_("The checks ran again."), "success")
    return _back(application)


@bp.post("/aanvragen/<int:application_id>/aanvulling")
@requires(Can.SUPPLEMENT_REQUEST)
def request_supplement(application: Application) -> ResponseReturnValue:
    """Ask once for what is missing."""
    form = _supplement_form(application, request.form)
    if not form.validate():
        return _page(application, supplement=form), 422
    try:
        asked = service.request_supplement(
            application,
            asked=form["asked"].data,
            sections=form["sections"].data,
            actor=current_actor(),
            now=clock.now(),
        )
    except TransitionError as error:
        flash(error_text(error.code, error.params), "warning")
    else:
        flash(_("The supplement is asked, until %(day)s.", day=day(asked.last_day)), "success")
        if application.channel == "paper":
            flash(_("Nobody of this application has an account: send the request by post."), "warning")
    return _back(application)


@bp.post("/aanvragen/<int:application_id>/oordeel")
@requires(Can.SCREENING_VERDICT)
def give_verdict(application: Application) -> ResponseReturnValue:
    """Conclude, with reasons."""
    form = verdict_form()(request.form, prefix="verdict-")
    if not form.validate():
        return _page(application, verdict=form), 422
    try:
        service.give_verdict(
            application,
            form["conclusion"].data,
            motivation=form["motivation"].data,
            actor=current_actor(),
            now=clock.now(),
        )
    except TransitionError as error:
        flash(error_text(error.code, error.params), "warning")
        return _back(application)
    eligible = form["conclusion"].data == ELIGIBLE
    flash(_("Found eligible.") if eligible else _("Found not eligible. A decision has to follow."), "success")
    return redirect(url_for("office.worklist", ronde=application.round.slug, wacht="screen"), 303)


@bp.post("/aanvragen/<int:application_id>/heroverwegen")
@requires(Can.SCREENING_VERDICT)
def reconsider(application: Application) -> ResponseReturnValue:
    """Take the verdict back, with a reason."""
    form = ReasonForm(request.form, prefix="again-")
    if not form.validate():
        return _page(application, again=form), 422
    try:
        service.reconsider(application, reason=form.reason.data, actor=current_actor(), now=clock.now())
    except TransitionError as error:
        flash(error_text(error.code, error.params), "warning")
    except ScreeningError as error:
        flash(office_error(error.code), "warning")
    else:
        flash(_("The verdict is taken back. Give a new one."), "success")
    return _back(application)


def _page(application: Application, **forms: Form) -> str:
    application = sent_versions.as_sent(application)
    definition = definition_of(application.round)
    asked = service.find_supplement(application)
    return render_template(
        "office/screening.html",
        application=application,
        definition=definition,
        sections=answers_of(application, definition, reference_of(application.round.reference_version)),
        findings=findings.findings_of(application),
        missing=missing(application, definition),
        verdicts=service.verdicts_of(application),
        asked=asked,
        term=term_of(application, asked, today=clock.today()),
        supplement_until=service.term_to_supplement(application, now=clock.now()).last_day,
        supplement=forms.get("supplement") or _supplement_form(application),
        verdict=forms.get("verdict") or verdict_form()(prefix="verdict-"),
        again=forms.get("again") or ReasonForm(prefix="again-"),
        invalid=next(iter(forms.values()), None),
    )


def _supplement_form(application: Application, typed: Any = None) -> Form:
    definition = definition_of(application.round)
    sections = [(section.id, text(section.title)) for section in definition.sections]
    lacking = {one.section.id for one in missing(application, definition)} if typed is None else set()
    data = {"sections": [section_id for section_id, _title in sections if section_id in lacking]}
    return supplement_form(sections)(typed, data=data, prefix="supplement-")


def _back(application: Application) -> ResponseReturnValue:
    return redirect(url_for("office.screening", application_id=application.id), 303)
