"""Letting a letter be drawn again that could not be drawn, for one proposal or for a whole round."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from subsidy import clock
from subsidy.access import current_actor, requires
from subsidy.models import Application, Round
from subsidy.services import interest_rounds, letter_drawing
from subsidy.services.decisions import DecisionError
from subsidy.views.office import bp
from subsidy.views.office.proposals import declare_first
from subsidy.wording.decisions import decision_refusal
from workflows.permissions import Can


@bp.post("/aanvragen/<int:application_id>/besluit/brief-opnieuw")
@requires(Can.DECISION_PROPOSE)
def draw_letter_again(application: Application) -> ResponseReturnValue:
    """Let the letter of one proposal be drawn again; a second click finds it under way."""
    try:
        ordered = letter_drawing.draw_again(application, actor=current_actor(), now=clock.now())
    except DecisionError as error:
        if error.code == "declaration_needed":
            return declare_first(application.round)
        flash(decision_refusal(error.code, error.params), "info")
    else:
        _tell(int(ordered))
    return redirect(url_for("office.decision", application_id=application.id), 303)


@bp.post("/ronden/<slug>/besluiten/brieven-opnieuw")
@requires(Can.DECISIONS_MANAGE)
def draw_letters_again(round_: Round) -> ResponseReturnValue:
    """Let all letters of a round that failed be drawn again."""
    if interest_rounds.count_uncovered(round_, current_actor().user_id):
        return declare_first(round_)
    _tell(letter_drawing.draw_all_again(round_, actor=current_actor(), now=clock.now()))
    return redirect(url_for("office.decisions", slug=round_.slug), 303)


def _tell(ordered: int) -> None:
    if ordered:
        told = ngettext(
            "%(num)d letter is being made again.", "%(num)d letters are being made again.", ordered
        )
        flash(told, "success")
    else:
        flash(_("No letter had to be made again. Nothing was done."), "info")
