"""A proposal for who reviews what: waiting for it, looking at it, changing it by hand, confirming it."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import Form

from forms.office_assignment import adding_form
from subsidy import clock
from subsidy.access import current_actor, id_in, requires
from subsidy.models import AssignmentProposal, Round
from subsidy.services import assignment_lists as lists
from subsidy.services import assignment_proposals as service
from subsidy.services.assignment_lists import Candidate, Row
from subsidy.services.assignment_proposals import Change, ProposalError, WorldChangedError
from subsidy.services.snapshots import definition_of
from subsidy.views.office import bp
from subsidy.wording.assignment import in_the_way, proposal_error, reason_text, sign_text
from subsidy.wording.spoken import language
from workflows.permissions import Can

INVALID, CHANGED = 422, 409
HERE = "/ronden/<slug>/toewijzen/voorstel/<int:proposal_id>"


@bp.get(HERE)
@requires(Can.ROUND_EDIT)
def assignment_proposal(round_: Round, proposal_id: int) -> ResponseReturnValue:
    """Show a proposal, or that it is still being made."""
    return _page(round_, _get(round_, proposal_id))


@bp.get(f"{HERE}/stand")
@requires(Can.ROUND_EDIT)
def assignment_progress(round_: Round, proposal_id: int) -> ResponseReturnValue:
    """Tell a page that waits whether the proposal is there: then the whole page comes anew."""
    proposal = _get(round_, proposal_id)
    page = render_template("office/_assignment_progress.html", round_=round_, proposal=proposal)
    return page, {} if proposal.state == "waiting" else {"HX-Refresh": "true"}


@bp.post(f"{HERE}/bevestigen")
@requires(Can.ROUND_EDIT)
def confirm_assignment(round_: Round, proposal_id: int) -> ResponseReturnValue:
    """Ask everybody as proposed."""
    proposal = _get(round_, proposal_id)
    if proposal.state == "confirmed":  # pressed twice
        return redirect(_url(round_, proposal), 303)
    try:
        made = service.confirm(proposal, version=_version(), actor=current_actor(), now=clock.now())
    except WorldChangedError as error:
        return _page(round_, proposal, error.changes), CHANGED
    except ProposalError as error:
        flash(proposal_error(error.code), "warning")
        return redirect(_url(round_, proposal), 303)
    flash(ngettext("%(num)d review is assigned.", "%(num)d reviews are assigned.", made), "success")
    return redirect(_url(round_, proposal), 303)


@bp.post(f"{HERE}/opnieuw")
@requires(Can.ROUND_EDIT)
def solve_again(round_: Round, proposal_id: int) -> ResponseReturnValue:
    """Ask for the same once more, as things are now."""
    proposal = _get(round_, proposal_id)
    newest = service.ask_again(proposal, actor=current_actor(), now=clock.now())
    return redirect(_url(round_, newest), 303)


@bp.route(f"{HERE}/aanvraag/<int:file_id>", methods=["GET", "POST"])
@requires(Can.ROUND_EDIT)
def adjust_assignment(round_: Round, proposal_id: int, file_id: int) -> ResponseReturnValue:
    """Change by hand who is proposed for one application."""
    proposal = _get(round_, proposal_id)
    row = _row(proposal, round_, file_id)
    if proposal.state != "ready":
        flash(proposal_error("not_ready"), "warning")
        return redirect(_url(round_, proposal), 303)
    found = lists.candidates(proposal, round_, current_actor(), row, now=clock.now())
    form = _form(round_, proposal, found)
    if request.method == "GET" or not form.validate():
        return _file_page(round_, proposal, row, found, form), 200 if request.method == "GET" else INVALID
    try:
        service.add_pair(
            proposal,
            (file_id, int(form["person"].data)),
            version=_version(),
            actor=current_actor(),
            now=clock.now(),
        )
    except ProposalError as error:
        flash(proposal_error(error.code), "warning")
    else:
        flash(_("The person is added to this proposal."), "success")
    return _back(round_, proposal, file_id)


@bp.post(f"{HERE}/aanvraag/<int:file_id>/weghalen")
@requires(Can.ROUND_EDIT)
def remove_from_assignment(round_: Round, proposal_id: int, file_id: int) -> ResponseReturnValue:
    """Take a person out of a proposal."""
    proposal = _get(round_, proposal_id)
    _row(proposal, round_, file_id)  # nothing is said about a file that this person may not see
    person = request.form.get("person", 0, type=id_in)
    try:
        service.remove_pair(
            proposal, (file_id, person), version=_version(), actor=current_actor(), now=clock.now()
        )
    except ProposalError as error:
        flash(proposal_error(error.code), "warning")
    else:
        flash(_("The person is taken out of this proposal."), "success")
    return _back(round_, proposal, file_id)


def _get(round_: Round, proposal_id: int) -> AssignmentProposal:
    return service.find(round_, proposal_id) or abort(404)


def _row(proposal: AssignmentProposal, round_: Round, file_id: int) -> Row:
    return lists.row_of(proposal, round_, current_actor(), file_id) or abort(404)


def _version() -> int:
    return request.form.get("version", 0, type=id_in)


def _form(round_: Round, proposal: AssignmentProposal, found: list[Candidate]) -> Form:
    themes = _themes(round_)
    people = [(str(one.load.user_id), _about(one, themes)) for one in found if one.can_be_added]
    return adding_form(people)(request.form or None, data={"version": proposal.version})


def _about(one: Candidate, themes: dict[str, str]) -> str:
    """A line about a person: who, from where, what they know, how full, and what stands in the way."""
    parts = [one.load.name]
    if one.load.organisation:
        parts.append(one.load.organisation)
    parts += [reason_text(reason, themes) for reason in one.reasons]
    parts.append(_("%(num)s of %(most)s reviews", num=one.load.total, most=one.load.most))
    parts += [str(_("warning: %(warnings)s", warnings=sign_text(sign.code))) for sign in one.signs]
    if one.obstacle in {"away", "language"}:
        parts.append(in_the_way(one.obstacle))
    return " · ".join(parts)


def _themes(round_: Round) -> dict[str, str]:
    return {one.value: one.label.in_language(language()) for one in definition_of(round_).themes}


def _page(round_: Round, proposal: AssignmentProposal, changes: tuple[Change, ...] = ()) -> str:
    if proposal.state in {"waiting", "failed", "dropped"}:
        return render_template(
            "office/assignment_waiting.html",
            round_=round_,
            proposal=proposal,
            newest=service.find_open(round_) if proposal.state == "dropped" else None,
        )
    after = request.args.get("na", "")
    overview = lists.overview(proposal, round_, current_actor(), after=after)
    further = overview.next_after
    return render_template(
        "office/assignment_proposal.html",
        round_=round_,
        proposal=proposal,
        overview=overview,
        themes=_themes(round_),
        changes=changes,
        first_url=_url(round_, proposal) if after else None,
        next_url=f"{_url(round_, proposal)}?na={further}" if further else None,
    )


def _file_page(
    round_: Round, proposal: AssignmentProposal, row: Row, found: list[Candidate], form: Form
) -> str:
    return render_template(
        "office/assignment_adjust.html",
        round_=round_,
        proposal=proposal,
        row=row,
        barred=[one for one in found if not one.can_be_added],
        some=any(one.can_be_added for one in found),
        themes=_themes(round_),
        form=form,
    )


def _url(round_: Round, proposal: AssignmentProposal) -> str:
    return url_for("office.assignment_proposal", slug=round_.slug, proposal_id=proposal.id)


def _back(round_: Round, proposal: AssignmentProposal, file_id: int) -> ResponseReturnValue:
    return redirect(
        url_for("office.adjust_assignment", slug=round_.slug, proposal_id=proposal.id, file_id=file_id), 303
    )
