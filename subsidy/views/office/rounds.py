"""The rounds of the office: the list, and one with how far it is and what to do next."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Form

from forms.office_rounds import phase_form
from subsidy import clock
from subsidy.access import allowed, current_actor, id_in, requires
from subsidy.models import Round
from subsidy.services import (
    closing,
    decisions,
    mandate_warnings,
    reserve,
    round_overview,
    rounds,
    standing,
    worklist,
)
from subsidy.services.reach import Reach, hidden_from
from subsidy.services.rounds import RoundError
from subsidy.services.snapshots import definition_of
from subsidy.services.waits import Wait
from subsidy.views.office import bp
from subsidy.wording.labels import PHASES, error_text
from subsidy.wording.office import office_error
from workflows.kinds import KINDS
from workflows.machine import TransitionError
from workflows.permissions import Can
from workflows.round import BY_HAND
from workflows.states import Phase


@bp.get("/ronden", endpoint="rounds")
@requires(Can.ROUND_VIEW)
def index() -> ResponseReturnValue:
    """List the rounds of this person, latest first."""
    after = request.args.get("na", type=id_in)
    page = round_overview.find_rounds(current_actor(), now=clock.now(), after=after)
    return render_template(
        "office/rounds.html",
        lines=page.lines,
        kinds=KINDS,
        first_url=url_for("office.rounds") if after else None,
        next_url=url_for("office.rounds", na=page.next_after) if page.next_after else None,
    )


@bp.get("/ronden/<slug>", endpoint="round")
@requires(Can.ROUND_VIEW)
def show(round_: Round) -> ResponseReturnValue:
    """Show one round."""
    return _page(round_, _phase_form(round_))


@bp.post("/ronden/<slug>/publiceren")
@requires(Can.ROUND_PUBLISH)
def publish_round(round_: Round) -> ResponseReturnValue:
    """Publish a round: its rules are frozen from now on."""
    try:
        rounds.publish(round_, actor=current_actor(), now=clock.now())
    except TransitionError as error:
        flash(error_text(error.code, error.params), "warning")
    else:
        flash(_("The round is published. Its rules no longer change."), "success")
    return _back(round_)


@bp.post("/ronden/<slug>/fase")
@requires(Can.ROUND_SET_PHASE)
def set_phase(round_: Round) -> ResponseReturnValue:
    """Set the phase by hand, with a reason."""
    form = _phase_form(round_, request.form)
    if not form.validate():
        return _page(round_, form), 422
    try:
        rounds.set_phase(
            round_,
            Phase(form["phase"].data),
            form["reason"].data,
            actor=current_actor(),
            now=clock.now(),
        )
    except RoundError as error:
        flash(office_error(error.code, error.params), "warning")
    else:
        flash(_("The phase is set by hand; the dates are not followed."), "success")
    return _back(round_)


@bp.post("/ronden/<slug>/fase/wissen")
@requires(Can.ROUND_SET_PHASE)
def clear_phase(round_: Round) -> ResponseReturnValue:
    """Let the phase follow the dates again."""
    rounds.clear_phase(round_, actor=current_actor(), now=clock.now())
    flash(_("The phase follows the dates."), "success")
    return _back(round_)


@bp.post("/ronden/<slug>/geevalueerd")
@requires(Can.ROUND_EVALUATE)
def evaluate_round(round_: Round) -> ResponseReturnValue:
    """Say that the evaluation is done."""
    try:
        rounds.mark_evaluated(round_, actor=current_actor(), now=clock.now())
    except TransitionError as error:
        flash(error_text(error.code, error.params), "warning")
    else:
        flash(_("The round is marked as evaluated."), "success")
    return _back(round_)


def _page(round_: Round, form: Form) -> str:
    now, today = clock.now(), clock.today()
    running = round_overview.is_running(round_)
    actor = current_actor()
    waiting: dict[Wait, int | None] = {}
    if running and allowed(Can.APPLICATION_LIST):
        waiting = worklist.counts(Reach((round_,), hidden_from(actor)), [round_])
    return render_template(
        "office/round.html",
        round_=round_,
        definition=definition_of(round_),
        phase=standing.phase_of(round_, now),
        numbers=round_overview.numbers_of(round_, actor),
        progress=decisions.progress(round_, today=today),
        closing=closing.remaining(round_, now=now, today=today) if running else None,
        warnings=rounds.publication_warnings(round_) if round_.state == "draft" else (),
        steps=_next_steps(round_, waiting),
        mandate_warnings=mandate_warnings.warnings_in(round_, now=now)
        if running and allowed(Can.RANKING_VIEW)
        else None,
        next_up=reserve.list_of(round_, today=today).next if allowed(Can.LEDGER_VIEW) else None,
        form=form,
    )


def _next_steps(round_: Round, waiting: dict[Wait, int | None]) -> list[dict[str, Any]]:
    """Give what waits in this round, with the page of each."""
    return [
        {"wait": wait, "count": count, "url": url_for("office.worklist", wacht=wait, ronde=round_.slug)}
        for wait, count in waiting.items()
        if count != 0
    ]


def _phase_form(round_: Round, typed: Any = None) -> Form:
    options = [(phase.value, PHASES[phase]) for phase in BY_HAND]
    data = {"phase": round_.phase_by_hand or "", "reason": round_.phase_reason}
    return phase_form(options)(typed, data=data)


def _back(round_: Round) -> ResponseReturnValue:
    return redirect(url_for("office.round", slug=round_.slug), 303)
