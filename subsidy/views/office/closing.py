"""Closing a round: a checklist with what remains, and then no change but by new decisions."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from subsidy import clock
from subsidy.access import current_actor, requires
from subsidy.models import Round
from subsidy.services import closing as service
from subsidy.services import decisions, ledger, rounds
from subsidy.views.office import bp
from subsidy.wording.labels import error_text
from workflows.machine import TransitionError
from workflows.permissions import Can
from workflows.states import RoundState


@bp.get("/ronden/<slug>/afsluiten")
@requires(Can.ROUND_CLOSE)
def closing(round_: Round) -> ResponseReturnValue:
    """Show what is still to be done, and whether the money and the chain hold."""
    if round_.state != RoundState.PUBLISHED:
        return _back(round_)
    return _page(round_)


@bp.post("/ronden/<slug>/afsluiten")
@requires(Can.ROUND_CLOSE)
def close_round(round_: Round) -> ResponseReturnValue:
    """Close a round of which every decision was announced; a second click finds it closed."""
    try:
        rounds.close(round_, actor=current_actor(), now=clock.now(), today=clock.today())
    except TransitionError as error:
        if round_.state == RoundState.PUBLISHED:
            return _page(round_, refusal=error_text(error.code, error.params), status=422)
        flash(error_text(error.code, error.params), "info")
    else:
        flash(_("The round is closed with its decisions."), "success")
    return _back(round_)


def _page(round_: Round, *, refusal: str | None = None, status: int = 200) -> ResponseReturnValue:
    now, today = clock.now(), clock.today()
    return (
        render_template(
            "office/close.html",
            round_=round_,
            left=service.remaining(round_, now=now, today=today),
            named=service.named(round_, today=today),
            checked=service.check(round_),
            progress=decisions.progress(round_, today=today),
            left_cents=ledger.left_of(round_),
            refusal=refusal,
        ),
        status,
    )


def _back(round_: Round) -> ResponseReturnValue:
    return redirect(url_for("office.round", slug=round_.slug), 303)
