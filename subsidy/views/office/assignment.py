"""Asking people for reviews: a proposal for a whole round, or one application by hand."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import Form

from forms.office_assignment import assign_form, proposal_form
from subsidy import clock
from subsidy.access import current_actor, id_in, requires
from subsidy.models import Application, Round
from subsidy.services import assignable, assignment_proposals
from subsidy.services import assignment as service
from subsidy.services.assignable import File, Reviewer
from subsidy.services.assignment import AssignmentError
from subsidy.services.assignment_problem import Choices
from subsidy.services.assignment_proposals import ProposalError
from subsidy.services.interest_warnings import live_interests_in, warnings_in
from subsidy.services.reach import hidden_from
from subsidy.services.snapshots import definition_of
from subsidy.views.office import bp
from subsidy.wording.assignment import proposal_error, sign_text
from subsidy.wording.labels import error_text
from subsidy.wording.office import office_error
from workflows.calendar_nl import day_of
from workflows.interests import CLOSE, Code, Sign
from workflows.machine import TransitionError
from workflows.permissions import Can

USUAL = timedelta(days=21)
BEFORE_PANEL = timedelta(days=7)
INVALID = 422


@bp.get("/ronden/<slug>/toewijzen")
@requires(Can.ROUND_EDIT)
def assignment(round_: Round) -> ResponseReturnValue:
    """Show what needs reviewers, the reviewers with their load, and what can be chosen for a proposal."""
    usual = {
        "due_on": _usual_day(round_),
        "most": definition_of(round_).reviewing.most_per_reviewer,
    }
    return _round_page(round_, _proposal_form()(data=usual))


@bp.post("/ronden/<slug>/toewijzen")
@requires(Can.ROUND_EDIT)
def ask_assignment(round_: Round) -> ResponseReturnValue:
    """Ask for a proposal that divides all reviews which are still to be assigned."""
    form = _proposal_form()(request.form)
    if not form.validate():
        return _round_page(round_, form), INVALID
    choices = Choices(
        due_on=form["due_on"].data,
        most=form["most"].data,
        waived=frozenset(form["waived"].data or ()),
        wants_lay=bool(form["wants_lay"].data),
    )
    try:
        proposal = assignment_proposals.ask(round_, choices, actor=current_actor(), now=clock.now())
    except ProposalError as error:
        form.form_errors.append(proposal_error(error.code))
        return _round_page(round_, form), INVALID
    return redirect(url_for("office.assignment_proposal", slug=round_.slug, proposal_id=proposal.id), 303)


@bp.post("/ronden/<slug>/beoordelen-starten")
@requires(Can.ROUND_EDIT)
def start_reviews(round_: Round) -> ResponseReturnValue:
    """Begin the review of everything that has its reviewers."""
    begun = service.start_reviews(round_, actor=current_actor(), now=clock.now())
    message = ngettext(
        "The review of %(num)d application began.", "The review of %(num)d applications began.", begun
    )
    flash(message, "success" if begun else "info")
    return redirect(url_for("office.assignment", slug=round_.slug), 303)


@bp.route("/aanvragen/<int:application_id>/beoordelaars", methods=["GET", "POST"])
@requires(Can.ASSIGNMENT_MANAGE)
def assign(application: Application) -> ResponseReturnValue:
    """Choose reviewers for one application."""
    file = assignable.get_file(application)
    reviewers = assignable.find_reviewers(application.round, unseen=hidden_from(current_actor()))
    form = _assign_form(application, file, reviewers, request.form or None)
    if request.method == "GET" or not form.validate():
        status = 200 if request.method == "GET" else INVALID
        return _file_page(application, file, reviewers, form), status
    try:
        made = service.assign(
            application,
            [int(one) for one in form["reviewers"].data],
            due_on=form["due_on"].data,
            actor=current_actor(),
            now=clock.now(),
        )
    except AssignmentError as error:
        form.form_errors.append(office_error(error.code, error.params))
        return _file_page(application, file, reviewers, form), INVALID
    flash(ngettext("%(num)d reviewer is asked.", "%(num)d reviewers are asked.", made), "success")
    return _back(application)


@bp.post("/aanvragen/<int:application_id>/beoordelaars/verwijderen")
@requires(Can.ASSIGNMENT_MANAGE)
def unassign(application: Application) -> ResponseReturnValue:
    """Take back an assignment that has not begun."""
    review_id = request.form.get("review", 0, type=id_in)
    try:
        service.remove(review_id, application, actor=current_actor(), now=clock.now())
    except AssignmentError as error:
        flash(office_error(error.code), "warning")
    else:
        flash(_("The assignment is taken back."), "success")
    return _back(application)


@bp.post("/aanvragen/<int:application_id>/beoordelen-starten")
@requires(Can.ASSIGNMENT_MANAGE)
def start_review(application: Application) -> ResponseReturnValue:
    """Begin the review of one application."""
    try:
        service.start_review(application, actor=current_actor(), now=clock.now())
    except TransitionError as error:
        flash(error_text(error.code, error.params), "warning")
    except AssignmentError as error:
        flash(office_error(error.code, error.params), "warning")
    else:
        flash(_("The review began."), "success")
    return _back(application)


def _proposal_form() -> type[Form]:
    weighed = [(code.value, sign_text(code)) for code in Code if code not in CLOSE]
    return proposal_form(weighed, clock.today())


def _round_page(round_: Round, form: Form) -> str:
    actor = current_actor()
    files, more = assignable.find_files(actor, round_, after=request.args.get("na", ""))
    definition = definition_of(round_)
    here = url_for("office.assignment", slug=round_.slug)
    return render_template(
        "office/assignment.html",
        round_=round_,
        definition=definition,
        tiers=sorted((one.from_cents, one.reviews) for one in definition.rules.reviews_by_amount),
        files=files,
        reviewers=assignable.find_reviewers(round_, unseen=hidden_from(actor)),
        proposal=assignment_proposals.find_open(round_),
        form=form,
        first_url=here if request.args.get("na") else None,
        next_url=url_for("office.assignment", slug=round_.slug, na=more) if more else None,
    )


def _file_page(application: Application, file: File, reviewers: list[Reviewer], form: Form) -> str:
    return render_template(
        "office/assign.html",
        application=application,
        definition=definition_of(application.round),
        file=file,
        free=[one for one in reviewers if one.user.id not in file.taken()],
        form=form,
    )


def _assign_form(application: Application, file: File, reviewers: list[Reviewer], typed: Any) -> Form:
    signs = warnings_in(application.round, application_ids={application.id})
    barred = {user_id for file_id, user_id in live_interests_in(application.round) if file_id == file.id}
    people = [
        (str(one.user.id), _about(one, signs.get((application.id, one.user.id), ())))
        for one in reviewers
        if one.user.id not in file.taken() | barred
    ]
    data = {"due_on": _usual_day(application.round)}
    return assign_form(people, clock.today())(typed, data=data)


def _about(reviewer: Reviewer, signs: Sequence[Sign]) -> str:
    """A line about a person: who, from where, how busy, and every sign of an interest."""
    parts = [reviewer.user.name]
    if reviewer.user.organisation:
        parts.append(reviewer.user.organisation)
    parts.append(
        ngettext("%(num)d review in this round", "%(num)d reviews in this round", reviewer.total_here)
    )
    parts += [_("warning: %(warnings)s", warnings=sign_text(one.code)) for one in signs]
    return " · ".join(str(part) for part in parts)


def _usual_day(round_: Round) -> date:
    """Three weeks from now, or a week before the committee when that is sooner; never in the past."""
    usual = clock.today() + USUAL
    if round_.panel_from is not None:
        usual = min(usual, day_of(round_.panel_from) - BEFORE_PANEL)
    return max(usual, clock.today())


def _back(application: Application) -> ResponseReturnValue:
    return redirect(url_for("office.assign", application_id=application.id), 303)
