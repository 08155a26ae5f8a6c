"""Proposing a decision in the place of the one in force: one page, that asks what its kind needs."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.later_decisions import LaterForm, Offered, later_form
from forms.rows import change_rows
from subsidy import clock
from subsidy.access import current_actor, requires
from subsidy.documents.decision_letters import content_for
from subsidy.documents.letter_values import LetterError
from subsidy.models import Application, Decision
from subsidy.services import decisions, interest_rounds, later_decisions, mandates, reserve
from subsidy.services.decisions import DecisionError
from subsidy.services.proposal import Proposal, coded_of, proposed_day
from subsidy.views.office import bp, composing
from subsidy.views.office.composing import criteria_titles
from subsidy.views.office.proposals import declare_first
from subsidy.wording.decisions import decision_refusal
from subsidy.wording.spoken import language
from workflows import later
from workflows.codes import Ground
from workflows.machine import TransitionError
from workflows.mandates import DecisionKind
from workflows.permissions import Can
from workflows.snapshot import Decision as Outcome

INVALID = 422
ADDRESSES: Mapping[DecisionKind, str] = MappingProxyType(
    {
        DecisionKind.CORRECTION: "correctie",
        DecisionKind.WITHDRAWAL: "intrekking",
        DecisionKind.INCREASE: "verhoging",
        DecisionKind.RESERVE: "reservelijst",
        DecisionKind.REMEDY: "herstel",
    }
)
"""How each kind is called in the address of its page."""
# The field that a refusal is about, beside those of every proposal.
AT = {
    "coded_needed": "coded",
    "increase_lowers": "amount",
    "more_than_free": "amount",
    "reason_needed": "reason",
    "remedy_needed": "remedy_of",
}
# The step was taken, by a second click or by somebody else.
OVERTAKEN = {"already_proposed", "no_decision", "not_announced_yet", "imported_decision"}


@bp.route("/aanvragen/<int:application_id>/besluit/nieuw/<what>", methods=["GET", "POST"])
@requires(Can.DECISION_PROPOSE)
def propose_later(application: Application, what: str) -> ResponseReturnValue:
    """Propose a correction, a withdrawal, a higher amount, a move up, or a decision after a remedy."""
    kind = next((one for one, address in ADDRESSES.items() if address == what), None)
    if kind is None:
        abort(404)
    old = later_decisions.find_in_force(application)
    past = _overtaken(application, old, kind)
    if old is None or past is not None:
        flash(decision_refusal(past or "no_decision"), "info")
        return _back(application)
    if request.method == "GET" and not _declared(application):
        return declare_first(application.round)
    begun = _begin(application, old, kind)
    form = _form(application, old, begun)
    asked = change_rows(form, add=request.form.get("add"), remove=request.form.get("remove"))
    if request.method == "GET" or asked:
        return _page(application, old, kind, form), 200
    refused = None if form.validate() else ""
    if refused is None:
        refused = _propose(application, form, old, begun)
    if refused in OVERTAKEN:
        flash(decision_refusal(refused), "info")
    elif refused is not None:
        return _page(application, old, kind, form), INVALID
    else:
        flash(_("The decision is proposed; its letter is being made."), "success")
    return _back(application)


def _overtaken(application: Application, old: Decision | None, kind: DecisionKind) -> str | None:
    """Give the code of why nothing of this kind can be proposed on what stands now, or None."""
    standing = decisions.find_current(application)
    if standing is None:
        return "no_decision"
    if old is None or standing.id != old.id:
        return "already_proposed"
    if kind in later_decisions.kinds_for(old, application.requested_cents):
        return None
    return "imported_decision" if old.imported else "kind_impossible"


def _propose(application: Application, form: LaterForm, old: Decision, begun: Proposal) -> str | None:
    """Propose what was typed; give the code of a refusal, which then stands at its field."""
    try:
        decision = later_decisions.propose_later(
            application, _typed(form, old, begun), actor=current_actor(), now=clock.now()
        )
        content_for(decision)
    except (DecisionError, TransitionError) as error:
        _tell(form, error.code, decision_refusal(error.code, error.params), error.params)
        return error.code
    except LetterError:
        _tell(form, "letter_incomplete", decision_refusal("letter_incomplete"), {})
        return "letter_incomplete"
    return None


def _declared(application: Application) -> bool:
    return application.id in interest_rounds.covered_ids(application.round, current_actor().user_id)


def _tell(form: LaterForm, code: str, words: str, params: Mapping[str, object]) -> None:
    """Say a refusal at the field that it is about; above the form where it is about none."""
    if code in composing.OF_PAYMENTS and "payments" in form:
        form.miss_payments(words, when=str(params.get("when", "")))
        return
    name = {**composing.AT, **AT}.get(code, "")
    if name in form:
        form[name].errors = [words]
    else:
        form.form_errors.append(words)


def _page(application: Application, old: Decision, kind: DecisionKind, form: LaterForm) -> str:
    from_the_list = kind in later.FROM_THE_LIST
    return render_template(
        "office/later_decision.html",
        application=application,
        round_=application.round,
        old=old,
        basis=decisions.basis_of(old),
        kind=kind,
        given=decisions.kind_of(old, application.requested_cents),
        form=form,
        titles=criteria_titles(application.round),
        here=_here(application, kind),
        blank=composing.blank_payment(form) if "payments" in form else None,
        reserve_list=reserve.list_of(application.round, today=clock.today()) if from_the_list else None,
    )


def _begin(application: Application, old: Decision, kind: DecisionKind) -> Proposal:
    """Give what the form begins with: what the old decision says, and what the reserve list allows."""
    most = None
    if kind in later.FROM_THE_LIST:
        entries = reserve.list_of(application.round, today=clock.today()).entries
        mine = (one.standing for one in entries if one.application_id == application.id)
        most = next((one.amount_cents for one in mine), None)
    return later_decisions.suggest_later(
        old, kind, announce_on=proposed_day(clock.today()), most_cents=most or None
    )


def _form(application: Application, old: Decision, begun: Proposal) -> LaterForm:
    """Make the form, filled with what it begins with or with what was typed."""
    titles = {one.id: one.title for one in decisions.basis_of(old).criteria}
    titles |= {one: title for one, title in criteria_titles(application.round).items() if one in titles}
    thresholds = {one.id for one in decisions.basis_of(old).criteria if one.threshold is not None}
    made = later_form(
        begun.kind,
        Offered(
            criteria=titles,
            grounds=composing.grounds_of(titles, thresholds),
            coded=composing.coded_options(begun.kind),
            signers=composing.signer_options(
                mandates.find_usable(application.round, besides=current_actor().user_id)
            ),
            language=language(),
        ),
    )
    return made(request.form if request.method == "POST" else None, data=composing.data_of(begun))


def _typed(form: LaterForm, old: Decision, begun: Proposal) -> Proposal:
    """Read the form; `begun` is what it began with. What goes with another outcome is left out."""
    basis, kind = decisions.basis_of(old), begun.kind
    outcome = Outcome(str(form.given("outcome") or begun.outcome.value))
    said = replace(
        begun,
        outcome=outcome,
        announce_on=form["announce_on"].data,
        amount_cents=0,
        ground=str(form.given("ground") or "") or None,
        reasons={**begun.reasons, **form.reasons(one.id for one in basis.criteria)},
        finding_reasons=basis.finding_reasons if outcome is Outcome.REJECTED else {},
        motivation=form.motivation.data or "",
        extra=form.extra_typed(),
        coded=coded_of(form.codes()),
        reserve_place=None,
        list_until=None,
        starts_on=None,
        conditions=(),
        obligations=(),
        payments=(),
        reason=form.reason.data or "",
        remedy_of=str(form.given("remedy_of") or ""),
        mandate_id=form.mandate_id(),
    )
    if outcome is Outcome.REJECTED:
        place, until = form["reserve_place"].data, form["list_until"].data
        return replace(said, reserve_place=place, list_until=until)
    if outcome is not Outcome.AWARDED:
        return said
    amount = form["amount"].data or 0
    return replace(
        said,
        amount_cents=amount,
        ground=_ground_of(said.ground, kind, whole=amount >= basis.requested_cents),
        starts_on=form["starts_on"].data,
        conditions=form.conditions_typed(),
        obligations=form.obligations_typed(),
        payments=composing.payments_typed(form, amount, begun, weeks=basis.payment_weeks),
    )


def _ground_of(typed: str | None, kind: DecisionKind, *, whole: bool) -> str | None:
    """A whole award has no ground; a part out of money that came free is a part for want of more."""
    if whole:
        return None
    return Ground.CEILING.value if kind in later.FROM_THE_LIST else typed


def _here(application: Application, kind: DecisionKind) -> str:
    return url_for("office.propose_later", application_id=application.id, what=ADDRESSES[kind])


def _back(application: Application) -> ResponseReturnValue:
    return redirect(url_for("office.decision", application_id=application.id), 303)
