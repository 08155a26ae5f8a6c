"""Letting another sign a proposal, when its mandate ended or who holds it is away."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.mandates import SignerForm, signer_form
from subsidy import clock
from subsidy.access import current_actor, requires
from subsidy.models import Application, Decision
from subsidy.services import decisions, resigning
from subsidy.services.decisions import DecisionError
from subsidy.views.office import bp, composing
from subsidy.views.office.proposals import declare_first
from subsidy.wording.decisions import decision_refusal
from workflows.permissions import Can

INVALID = 422
# The step was taken, or there is nothing left to sign: the page of the decision shows what stands.
OVERTAKEN = {"signs_already", "already_confirmed", "announcement_missed", "no_decision"}


@bp.get("/aanvragen/<int:application_id>/besluit/ondertekenaar")
@requires(Can.DECISION_PROPOSE)
def signer(application: Application) -> ResponseReturnValue:
    """Ask who is to sign, of those whose mandate covers the proposal."""
    waiting = _waiting(application)
    return _back(application) if waiting is None else _page(waiting, _form(waiting))


@bp.post("/aanvragen/<int:application_id>/besluit/ondertekenaar")
@requires(Can.DECISION_PROPOSE)
def let_sign(application: Application) -> ResponseReturnValue:
    """Draw the proposal anew with another who signs."""
    waiting = _waiting(application)
    if waiting is None:
        flash(decision_refusal("already_confirmed"), "info")
        return _back(application)
    form = _form(waiting)
    chosen = str(form["mandate"].data or "")
    # What a second click sends is no longer among the choices: it signs already.
    if chosen != str(waiting.mandate_id) and not form.validate():
        return _page(waiting, form), INVALID
    try:
        resigning.let_sign(application, mandate_id=int(chosen), actor=current_actor(), now=clock.now())
    except DecisionError as error:
        if error.code == "declaration_needed":
            return declare_first(application.round)
        if error.code in OVERTAKEN:
            flash(decision_refusal(error.code), "info")
            return _back(application)
        form.form_errors.append(decision_refusal(error.code, error.params))
        return _page(waiting, form), INVALID
    flash(_("The proposal is made again with another signature; its letter is being made."), "success")
    return _back(application)


def _waiting(application: Application) -> Decision | None:
    """Give the proposal that waits for its confirmation, if there is one."""
    found = decisions.find_current(application)
    return found if found is not None and not found.imported and found.confirmed_at is None else None


def _form(waiting: Decision) -> SignerForm:
    offered = resigning.find_signers(waiting, now=clock.now())
    sent = request.form if request.method == "POST" else None
    return signer_form(composing.signer_options(offered))(sent)


def _page(waiting: Decision, form: SignerForm) -> str:
    application = waiting.application
    return render_template(
        "office/signer.html", application=application, round_=application.round, waiting=waiting, form=form
    )


def _back(application: Application) -> ResponseReturnValue:
    return redirect(url_for("office.decision", application_id=application.id), 303)
