"""The list of own applications, a new draft, the page of one application, and throwing a draft away."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from subsidy import clock
from subsidy.access import allowed, current_actor, requires
from subsidy.db import db
from subsidy.models import Application, Round, Supplement
from subsidy.services import applications, completeness, copying, extension, following, inbox, signatures
from subsidy.services.calls import call_of
from subsidy.services.completeness import Status
from subsidy.services.hints import hints_for
from subsidy.services.holding import GoneError
from subsidy.services.snapshots import definition_of
from subsidy.views.applicant import bp
from workflows.definition import RoundDefinition
from workflows.permissions import Can
from workflows.states import ApplicationState


@bp.get("/aanvragen")
@requires(Can.APPLICATION_LIST_OWN)
def index() -> ResponseReturnValue:
    """List the applications of which this person is a member."""
    actor = current_actor()
    rows = following.list_own(actor.user_id, now=clock.now()) if actor.user_id is not None else []
    unread = inbox.unread_per_application(actor.user_id) if actor.user_id is not None else {}
    return render_template("applicant/index.html", rows=rows, unread=unread)


@bp.post("/ronden/<slug>/aanvragen")
@requires(Can.APPLICATION_START)
def start(round_: Round) -> ResponseReturnValue:
    """Start an application in an open round."""
    application = applications.start(round_, actor=current_actor(), now=clock.now())
    return redirect(url_for("applicant.show", application_id=application.id), 303)


@bp.get("/aanvragen/<int:application_id>")
@requires(Can.APPLICATION_VIEW_OWN)
def show(application: Application) -> ResponseReturnValue:
    """The page of one application: the task list of a draft, else where it stands."""
    now = clock.now()
    definition = definition_of(application.round)
    own = following.own(application, now=now)
    if application.state == ApplicationState.DRAFT:
        return _draft(application, definition, own)
    supplement = db.session.get(Supplement, application.id)
    open_sections = {one.id for one in applications.writable_sections(application, definition, now=now)}
    tasks = [one for one in completeness.progress(application, definition) if one.section.id in open_sections]
    told = following.announced_decisions(application)
    steps = following.timeline(application, told)
    return render_template(
        "applicant/status.html",
        application=application,
        own=own,
        told=told,
        today=clock.day_of(now),
        letter_id=inbox.letter_of(told[0]) if told else None,
        steps=steps,
        supplement=supplement,
        reports=any(step.code == "reports_released" for step in steps),
        heard=any(step.code == "hearing_opened" for step in steps),
        tasks=tasks if allowed(Can.APPLICATION_SUPPLEMENT) else [],
        receipt=following.receipt_of(application),
        signing=signatures.standing(application) if signatures.open_to_sign(application) else (),
        unread=inbox.count_unread_in(application, current_actor().user_id or 0),
        later=copying.rounds_for(application, clock.now()) if allowed(Can.APPLICATION_COPY) else [],
        may_withdraw=allowed(Can.APPLICATION_WITHDRAW) and following.can_withdraw(application),
    )


def _draft(application: Application, definition: RoundDefinition, own: following.Own) -> ResponseReturnValue:
    begun = {
        one.section.id
        for one in completeness.progress(application, definition)
        if one.status is not Status.NOT_STARTED
    }
    # Of sections that were begun: an empty form is no failure.
    hints = [
        hint
        for hint in hints_for(application, definition, now=clock.now()).all
        if hint.section is not None and hint.section.id in begun
    ]
    failing = {hint.section.id for hint in hints if hint.failed and hint.section is not None}
    kept = completeness.kept_sections(application)
    tasks = completeness.progress(application, definition, kept | failing)
    unfinished = [one for one in tasks if one.status not in {Status.COMPLETE, Status.OPTIONAL}]
    return render_template(
        "applicant/draft.html",
        application=application,
        call=call_of(application.round, clock.now()),
        own=own,
        tasks=tasks,
        kept=kept,
        todo=unfinished[0] if unfinished else None,
        complete=len(tasks) - len(unfinished),
        hints=hints,
        members=len(application.members),
        signing=signatures.standing(application),
        number=extension.code_of(application),
    )


@bp.route("/aanvragen/<int:application_id>/weggooien", methods=["GET", "POST"])
@requires(Can.APPLICATION_DELETE)
def discard(application: Application) -> ResponseReturnValue:
    """Throw a draft away, after asking."""
    if request.method == "GET":
        return render_template("applicant/discard.html", application=application)
    try:
        applications.discard(application, actor=current_actor(), now=clock.now())
    except GoneError:
        return redirect(url_for("applicant.index"), 303)
    flash(_("The draft was thrown away."), "success")
    return redirect(url_for("applicant.index"), 303)
