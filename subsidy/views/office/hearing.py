"""Hearing an applicant before a decision, in the office: asking, and writing down what they say."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Form

from forms.hearing import MOUTH, open_form, written_down_form
from subsidy import clock
from subsidy.access import allowed, current_actor, id_in, requires
from subsidy.models import Application, Round
from subsidy.services import announcements, hearing_answers, hearing_list, hearings, screening
from subsidy.services.deadlines import term_of
from subsidy.services.hearings import HearingError, Plan
from subsidy.views.office import bp
from subsidy.wording.hearing import AT_FIELD, ground_options, hearing_refusal
from workflows.hearing import Stage
from workflows.permissions import Can

INVALID = 422


@bp.get("/ronden/<slug>/zienswijzen")
@requires(Can.APPLICATION_LIST)
def hearings_of(round_: Round) -> ResponseReturnValue:
    """List the applications of a round that were asked for their view, the latest first."""
    before = request.args.get("voor", type=id_in)
    page = hearing_list.find_lines(round_, current_actor(), now=clock.now(), before=before)
    return render_template(
        "office/hearings.html",
        round_=round_,
        lines=page.lines,
        first_url=url_for("office.hearings_of", slug=round_.slug) if before else None,
        next_url=url_for("office.hearings_of", slug=round_.slug, voor=page.next_before)
        if page.next_before
        else None,
    )


@bp.get("/aanvragen/<int:application_id>/zienswijze")
@requires(Can.HEARING_VIEW)
def hearing(application: Application) -> ResponseReturnValue:
    """Show what was asked and what came back, and the form to ask."""
    return _page(application)


@bp.post("/aanvragen/<int:application_id>/zienswijze")
@requires(Can.HEARING_MANAGE)
def open_hearing(application: Application) -> ResponseReturnValue:
    """Ask the applicant for their view on what the office intends."""
    form = _open_form(application, typed=True)
    if not form.validate():
        return _page(application, asking=form), INVALID
    plan = Plan(
        grounds=tuple(form["grounds"].data),
        intention=form["intention"].data,
        data=form["differs"].data,
        last_day=form["last_day"].data,
    )
    try:
        hearings.open_hearing(application, plan, actor=current_actor(), now=clock.now())
    except HearingError as error:
        _blame(form, error)
        return _page(application, asking=form), INVALID
    if announcements.find_addresses(application.id):
        flash(_("The applicant was asked for a view, with a notification by e-mail."), "success")
    else:
        flash(_("The request is ready. Print it and send it by post: nobody gets it by e-mail."), "warning")
    return redirect(_here(application), 303)


@bp.post("/aanvragen/<int:application_id>/zienswijze/antwoord")
@requires(Can.HEARING_MANAGE)
def write_hearing_down(application: Application) -> ResponseReturnValue:
    """Keep what the applicant said to an officer, or sent on paper."""
    form = written_down_form()(request.form)
    if not form.validate():
        return _page(application, noting=form), INVALID
    try:
        hearing_answers.write_down(
            application,
            form["hearing"].data,
            form["answer"].data,
            received_on=form["received_on"].data,
            by_mouth=form["way"].data == MOUTH,
            actor=current_actor(),
            now=clock.now(),
        )
    except HearingError as error:
        _blame(form, error)
        return _page(application, noting=form), INVALID
    flash(_("The view is in the file."), "success")
    return redirect(_here(application), 303)


@bp.get("/aanvragen/<int:application_id>/zienswijze/papier")
@requires(Can.HEARING_MANAGE)
def hearing_on_paper(application: Application) -> ResponseReturnValue:
    """Show what an applicant without an account gets by post, to print."""
    found = hearings.find(application)
    if not found:
        abort(404)
    return render_template("office/hearing_paper.html", application=application, hearing=found[-1])


def _open_form(application: Application, *, typed: bool = False) -> Form:
    kind = open_form(ground_options(hearings.offered(application)))
    last_day = hearings.term_of(application, now=clock.now()).last_day
    return kind(request.form) if typed else kind(data={"last_day": last_day})


def _blame(form: Form, error: HearingError) -> None:
    """Say what is refused at the field where it can be mended, else above the form."""
    message = hearing_refusal(error.code, error.params)
    name = AT_FIELD.get(error.code, "")
    if name in form:
        form[name].errors = [message]
    else:
        form.form_errors.append(message)


def _here(application: Application) -> str:
    return url_for("office.hearing", application_id=application.id)


def _page(application: Application, *, asking: Form | None = None, noting: Form | None = None) -> str:
    now = clock.now()
    found = hearings.shown(application, now=now)
    newest = found[0] if found else None
    manages = allowed(Can.HEARING_MANAGE)
    notes = newest is not None and manages and hearing_answers.takes_answers(application, newest.hearing)
    return render_template(
        "office/hearing.html",
        application=application,
        hearings=found,
        asking=asking or _open_form(application),
        may_open=manages
        and hearings.can_open(application)
        and (newest is None or newest.stage is not Stage.OPEN),
        noting=noting
        or written_down_form()(
            data={"hearing": newest.hearing.id if newest else 0, "received_on": clock.today()}
        ),
        may_note=notes,
        term=hearings.term_of(application, now=now),
        decide_by=term_of(application, screening.find_supplement(application), today=clock.today()).last_day,
        reachable=bool(announcements.find_addresses(application.id)),
    )
