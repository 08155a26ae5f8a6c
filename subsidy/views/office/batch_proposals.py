"""Proposing for a whole round: asking for it, following it, reading what came of it."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.decision_batches import EVERYTHING, BatchForm, batch_form
from subsidy import clock
from subsidy.access import current_actor, requires
from subsidy.models import ProposalBatch, Round
from subsidy.services import interest_rounds, letter_drawing, mandates
from subsidy.services import proposal_batches as service
from subsidy.services.decisions import DecisionError
from subsidy.services.proposal import proposed_day
from subsidy.services.proposal_batches import Wish
from subsidy.views.office import bp, composing
from subsidy.views.office.proposals import declare_first
from subsidy.wording.decisions import decision_refusal
from workflows.permissions import Can
from workflows.snapshot import Decision as Outcome

INVALID, CHANGED = 422, 409
HERE = "/ronden/<slug>/besluiten/voorstellen"
MOST_CHOSEN = 2_000


@bp.get(HERE)
@requires(Can.DECISIONS_MANAGE)
def propose_all(round_: Round) -> ResponseReturnValue:
    """Show what can be asked for; `gekozen` in the address names applications that were picked."""
    if interest_rounds.count_uncovered(round_, current_actor().user_id):
        return declare_first(round_)
    return _page(round_, _form(round_))


@bp.post(HERE)
@requires(Can.DECISIONS_MANAGE)
def ask_proposals(round_: Round) -> ResponseReturnValue:
    """Let a worker propose what the division gives."""
    form = _form(round_)
    if not form.validate():
        return _page(round_, form), INVALID
    try:
        batch = service.ask(round_, _wish(form), actor=current_actor(), now=clock.now())
    except DecisionError as error:
        running = service.find_running(round_)
        if error.code == "batch_running" and running is not None:
            flash(decision_refusal("batch_running"), "warning")
            return redirect(_url(round_, running), 303)
        told = decision_refusal(error.code, error.params)
        field = {"announce_date_past": "announce_on", "mandate_too_narrow": "mandate"}.get(error.code)
        if field is None:
            form.form_errors.append(told)
        else:
            form[field].errors = [told]
        return _page(round_, form), INVALID
    return redirect(_url(round_, batch), 303)


@bp.get(f"{HERE}/<int:batch_id>")
@requires(Can.DECISIONS_MANAGE)
def proposal_batch(round_: Round, batch_id: int) -> ResponseReturnValue:
    """Show how far a batch is, and what came of it."""
    batch = _get(round_, batch_id)
    over = batch.finished_at is not None
    failed = letter_drawing.find_failed(round_, today=clock.today()) if over else []
    return render_template(
        "office/proposal_batch.html",
        round_=round_,
        batch=batch,
        asker=service.asker_of(batch),
        refused=service.refused_in(batch),
        waiting=service.count_waiting(round_) if over else 0,
        failed=failed,
        undrawn=len(failed),
    )


@bp.get(f"{HERE}/<int:batch_id>/stand")
@requires(Can.DECISIONS_MANAGE)
def proposal_progress(round_: Round, batch_id: int) -> ResponseReturnValue:
    """Tell a page that waits how far it is; when it is done the whole page comes anew."""
    batch = _get(round_, batch_id)
    page = render_template("office/_proposal_progress.html", round_=round_, batch=batch)
    return page, {} if batch.finished_at is None else {"HX-Refresh": "true"}


@bp.post(f"{HERE}/<int:batch_id>/stoppen")
@requires(Can.DECISIONS_MANAGE)
def stop_proposals(round_: Round, batch_id: int) -> ResponseReturnValue:
    """Stop a batch that runs; what was proposed stays."""
    batch = _get(round_, batch_id)
    if service.cancel(batch, actor=current_actor(), now=clock.now()):
        flash(_("It is stopped. What was proposed already stays as it is."), "success")
    return redirect(_url(round_, batch), 303)


def _get(round_: Round, batch_id: int) -> ProposalBatch:
    return service.find(round_, batch_id) or abort(404)


def _url(round_: Round, batch: ProposalBatch) -> str:
    return url_for("office.proposal_batch", slug=round_.slug, batch_id=batch.id)


def _chosen() -> list[str]:
    """The references that were picked on the list, as they came."""
    return request.values.getlist("gekozen")[:MOST_CHOSEN]


def _form(round_: Round) -> BatchForm:
    made = batch_form(
        composing.signer_options(mandates.find_usable(round_, besides=current_actor().user_id)),
        chosen=bool(_chosen()),
    )
    sent = request.form if request.method == "POST" else None
    return made(sent, data={"announce_on": proposed_day(clock.today()), "outcome": EVERYTHING})


def _wish(form: BatchForm) -> Wish:
    chosen = frozenset(_chosen())
    outcome = None if chosen else form["outcome"].data
    mandate = form["mandate"].data
    return Wish(
        announce_on=form["announce_on"].data,
        mandate_id=int(mandate) if mandate else None,
        outcome=None if outcome in {None, EVERYTHING} else Outcome(outcome),
        references=chosen or None,
    )


def _page(round_: Round, form: BatchForm) -> str:
    chosen = _chosen()
    return render_template(
        "office/propose_all.html",
        round_=round_,
        form=form,
        chosen=service.known_references(round_, chosen) if chosen else None,
        waiting=service.count_waiting(round_),
        last=service.find_last(round_),
    )
