"""Proposing decisions: a whole round from the division, or one application with its own reasons."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from forms.decisions import BatchForm, ProposalForm, proposal_form
from subsidy import clock
from subsidy.access import current_actor, requires
from subsidy.documents.decision_letters import content_for
from subsidy.documents.letter_text import LetterError
from subsidy.models import Application, Round
from subsidy.services import basis as bases
from subsidy.services import decisions, interest_rounds, proposing
from subsidy.services.basis import Basis
from subsidy.services.decisions import DecisionError
from subsidy.services.proposal import Proposal, proposed_day, suggest
from subsidy.services.snapshots import definition_of
from subsidy.views.office import bp
from subsidy.wording.decisions import decision_refusal
from subsidy.wording.labels import ground_label
from subsidy.wording.spoken import language
from workflows.codes import Ground
from workflows.machine import TransitionError
from workflows.permissions import Can
from workflows.snapshot import Decision as Outcome
from workflows.terms import not_processed_term

MOST_TOLD = 10


@bp.route("/ronden/<slug>/besluiten/voorstellen", methods=["GET", "POST"])
@requires(Can.DECISIONS_MANAGE)
def propose_all(round_: Round) -> ResponseReturnValue:
    """Propose what the division gives, for every application without a decision."""
    if request.method == "GET" and interest_rounds.count_uncovered(round_, current_actor().user_id):
        return declare_first(round_)
    form = BatchForm(_sent(), data={"announce_on": proposed_day(clock.today())})
    if request.method == "GET" or not form.validate():
        return _batch(round_, form, status=200 if request.method == "GET" else 422)
    announce_on = form["announce_on"].data
    if announce_on < clock.today():
        form.announce_on.errors = [decision_refusal("announce_date_past")]
        return _batch(round_, form, status=422)
    batch = proposing.propose_all(round_, announce_on=announce_on, actor=current_actor(), now=clock.now())
    flash(
        ngettext(
            "%(num)d decision is proposed; its letter is being made.",
            "%(num)d decisions are proposed; their letters are being made.",
            batch.proposed,
        ),
        "success" if batch.proposed else "info",
    )
    for reference, code in batch.refused[:MOST_TOLD]:
        flash(f"{reference}: {decision_refusal(code)}", "warning")
    if len(batch.refused) > MOST_TOLD:
        flash(_("%(count)s more could not be proposed.", count=len(batch.refused) - MOST_TOLD), "warning")
    return redirect(url_for("office.decisions", slug=round_.slug), 303)


@bp.route("/aanvragen/<int:application_id>/besluit/voorstel", methods=["GET", "POST"])
@requires(Can.DECISION_PROPOSE)
def propose(application: Application) -> ResponseReturnValue:
    """Propose a decision on one application, beginning with what the division and the reports give."""
    if decisions.find_current(application) is not None:
        if request.method == "POST":
            flash(decision_refusal("already_proposed"), "info")
        return redirect(url_for("office.decision", application_id=application.id), 303)
    if request.method == "GET" and application.id not in interest_rounds.covered_ids(
        application.round, current_actor().user_id
    ):
        return declare_first(application.round)
    basis = bases.gather(application.round)[application.id]
    form = _form(application, basis, _sent())
    if request.method == "GET" or not form.validate():
        return _proposal(application, basis, form, status=200 if request.method == "GET" else 422)
    try:
        decision = proposing.propose(
            application, _typed(form, basis), actor=current_actor(), now=clock.now(), basis=basis
        )
        content_for(decision)
    except (DecisionError, TransitionError) as error:
        form.form_errors.append(decision_refusal(error.code, error.params))
        return _proposal(application, basis, form, status=422)
    except LetterError:
        form.form_errors.append(decision_refusal("letter_incomplete"))
        return _proposal(application, basis, form, status=422)
    flash(_("The decision is proposed; its letter is being made."), "success")
    return redirect(url_for("office.decision", application_id=application.id), 303)


def declare_first(round_: Round) -> ResponseReturnValue:
    """Lead who did not declare their interests to the page where they do."""
    flash(decision_refusal("declaration_needed"), "warning")
    return redirect(url_for("office.own_interests", slug=round_.slug), 303)


def _sent() -> MultiDict[str, str] | None:
    """What was typed; nothing when the page is only asked for."""
    return request.form if request.method == "POST" else None


def criteria_titles(round_: Round) -> dict[str, str]:
    """Give the titles of the criteria by id, in which grounds are told."""
    spoken = language()
    return {one.id: one.label.in_language(spoken) for one in definition_of(round_).rules.criteria}


def _batch(round_: Round, form: BatchForm, *, status: int) -> ResponseReturnValue:
    progress = decisions.progress(round_, today=clock.today())
    return render_template("office/propose_all.html", round_=round_, form=form, progress=progress), status


def _proposal(
    application: Application, basis: Basis, form: ProposalForm, *, status: int
) -> ResponseReturnValue:
    supplement = basis.supplement
    ended = None if supplement is None else supplement.concluded_on or supplement.until
    return (
        render_template(
            "office/propose.html",
            application=application,
            basis=basis,
            form=form,
            titles=criteria_titles(application.round),
            not_processed_before=None if ended is None else not_processed_term(ended).last_day,
        ),
        status,
    )


def _form(application: Application, basis: Basis, typed: MultiDict[str, str] | None) -> ProposalForm:
    """Make the form, filled with the suggestion or with what was typed."""
    titles = criteria_titles(application.round)
    made = proposal_form(titles, _grounds(titles), language=language())
    suggested = suggest(basis, announce_on=proposed_day(clock.today()))
    reasons = {ProposalForm.reason_name(one): text for one, text in suggested.reasons.items()}
    return made(
        typed,
        data={
            "outcome": suggested.outcome.value,
            "amount": suggested.amount_cents or None,
            "ground": suggested.ground or "",
            "motivation": suggested.motivation,
            "missing": "\n".join(suggested.missing),
            "reserve_place": suggested.reserve_place,
            "list_until": suggested.list_until,
            "starts_on": suggested.starts_on,
            "announce_on": suggested.announce_on,
            **reasons,
        },
    )


def _grounds(titles: dict[str, str]) -> list[tuple[str, object]]:
    """Give every ground with its words; one per criterion in place of the criterion in general."""
    codes: list[str] = []
    for ground in Ground:
        codes += [f"{ground}:{one}" for one in titles] if ground is Ground.CRITERION else [ground.value]
    return [(code, ground_label(code, titles)) for code in codes]


def _typed(form: ProposalForm, basis: Basis) -> Proposal:
    """Read the form; what goes with another outcome than the one chosen is left out."""
    outcome = Outcome(form["outcome"].data)
    awarded, rejected = outcome is Outcome.AWARDED, outcome is Outcome.REJECTED
    amount = (form["amount"].data or 0) if awarded else 0
    whole = awarded and amount == basis.requested_cents
    return Proposal(
        outcome=outcome,
        announce_on=form["announce_on"].data,
        amount_cents=amount,
        ground=None if whole else form["ground"].data or None,
        reasons=form.reasons(one.id for one in basis.criteria),
        motivation=form.motivation.data or "",
        departure=form.departure.data or "",
        missing=tuple((form.missing.data or "").splitlines()) if outcome is Outcome.NOT_PROCESSED else (),
        reserve_place=form["reserve_place"].data if rejected else None,
        list_until=form["list_until"].data if rejected else None,
        starts_on=form["starts_on"].data if awarded else None,
    )
