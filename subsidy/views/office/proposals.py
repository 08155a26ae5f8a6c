"""Proposing the decision on one application, with its own reasons."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.proposals import ProposalForm
from forms.rows import change_rows
from subsidy import clock
from subsidy.access import current_actor, requires
from subsidy.documents.decision_letters import content_for
from subsidy.documents.letter_values import LetterError
from subsidy.models import Application, Decision, Round
from subsidy.services import (
    basis_gathering,
    decisions,
    interest_rounds,
    mandates,
    proposing,
    proposing_again,
    wordings,
)
from subsidy.services.basis_gathering import Gathered
from subsidy.services.decisions import DecisionError
from subsidy.services.proposal import Proposal, proposed_day, suggest
from subsidy.views.office import bp, composing
from subsidy.views.office.composing import criteria_titles
from subsidy.wording.decisions import decision_refusal
from workflows.machine import TransitionError
from workflows.permissions import Can
from workflows.terms import not_processed_term

__all__ = ["criteria_titles", "declare_first", "propose"]

FROM_THE_DIVISION = "verdeling"


@dataclass(frozen=True, slots=True)
class Composing:
    """What the page of one proposal is made of: `begun` is what the form began with."""

    application: Application
    gathered: Gathered
    returned: Decision | None
    begun: Proposal
    form: ProposalForm
    signer: str | None


@bp.route("/aanvragen/<int:application_id>/besluit/voorstel", methods=["GET", "POST"])
@requires(Can.DECISION_PROPOSE)
def propose(application: Application) -> ResponseReturnValue:
    """Propose a decision on one application, beginning with what was sent back or the division gives."""
    if decisions.find_current(application) is not None:
        if request.method == "POST":
            flash(decision_refusal("already_proposed"), "info")
        return redirect(url_for("office.decision", application_id=application.id), 303)
    if request.method == "GET" and application.id not in interest_rounds.covered_ids(
        application.round, current_actor().user_id
    ):
        return declare_first(application.round)
    made = _begin(application)
    asked_lines = change_rows(made.form, add=request.form.get("add"), remove=request.form.get("remove"))
    if request.method == "GET" or asked_lines:
        return _page(made), 200
    if not made.form.validate() or not _proposed(made):
        return _page(made), 422
    flash(_("The decision is proposed; its letter is being made."), "success")
    return redirect(url_for("office.decision", application_id=application.id), 303)


def declare_first(round_: Round) -> ResponseReturnValue:
    """Lead who did not declare their interests to the page where they do."""
    flash(decision_refusal("declaration_needed"), "warning")
    return redirect(url_for("office.own_interests", slug=round_.slug), 303)


def _begin(application: Application) -> Composing:
    """Make the form, filled with what was sent back, with the suggestion, or with what was typed."""
    round_, today = application.round, clock.today()
    gathered = basis_gathering.gather(round_)
    basis = gathered[application.id]
    returned = proposing_again.find_returned(application)
    if returned is None or request.args.get("vanaf") == FROM_THE_DIVISION:
        begun = suggest(basis, announce_on=proposed_day(today))
    else:
        begun = proposing_again.proposal_of(returned, today=today)
    usable = mandates.find_usable(round_, besides=current_actor().user_id)
    made = composing.form_for(basis, criteria_titles(round_), usable, begun.kind)
    signer = composing.covered(usable, begun, round_, day=today)
    return Composing(
        application=application,
        gathered=gathered,
        returned=returned,
        begun=begun,
        form=made(request.form if request.method == "POST" else None, data=composing.data_of(begun)),
        signer=None if signer is None else signer.holder.name,
    )


def _proposed(made: Composing) -> bool:
    """Propose what was typed; false when it was refused, which the form then says."""
    form, application = made.form, made.application
    try:
        decision = proposing.propose(
            application,
            composing.typed(form, made.gathered[application.id], made.begun),
            actor=current_actor(),
            now=clock.now(),
            gathered=made.gathered,
        )
        content_for(decision)
    except (DecisionError, TransitionError) as error:
        composing.tell(form, error.code, decision_refusal(error.code, error.params), error.params)
        return False
    except LetterError:
        form.form_errors.append(decision_refusal("letter_incomplete"))
        return False
    return True


def _page(made: Composing) -> str:
    application = made.application
    basis = made.gathered[application.id]
    supplement = basis.supplement
    ended = None if supplement is None else supplement.concluded_on or supplement.until
    return render_template(
        "office/propose.html",
        application=application,
        basis=basis,
        form=made.form,
        blank=composing.blank_payment(made.form),
        returned=made.returned,
        from_division=request.args.get("vanaf") == FROM_THE_DIVISION,
        signer=made.signer,
        titles=criteria_titles(application.round),
        usual=composing.usual_obligations(
            wordings.definition_now(application.round),
            basis,
            made.begun.amount_cents or basis.requested_cents,
        ),
        not_processed_before=None if ended is None else not_processed_term(ended).last_day,
    )
