"""Trial applications of a round: make one, see who scored it and how, remind, close."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from forms.calibration import CalibrationForm
from forms.reviewer import steps_of, text_of
from subsidy import clock
from subsidy.access import current_actor, requires
from subsidy.models import Calibration, Round
from subsidy.services import calibration as service
from subsidy.services import calibration_lists
from subsidy.services.calibration import CalibrationError
from subsidy.services.snapshots import definition_of
from subsidy.views.office import bp
from subsidy.wording.calibration import REFUSALS
from workflows import calibration as comparing
from workflows.certainty_agreement import Undefined
from workflows.permissions import Can

INVALID = 422


@bp.get("/ronden/<slug>/proefaanvragen")
@requires(Can.CALIBRATION_MANAGE)
def calibrations(round_: Round) -> ResponseReturnValue:
    """List the trial applications, with the form for a new one."""
    return _list(round_, CalibrationForm())


@bp.post("/ronden/<slug>/proefaanvragen")
@requires(Can.CALIBRATION_MANAGE)
def open_calibration(round_: Round) -> ResponseReturnValue:
    """Ask everybody who serves in the round to score a case."""
    form = CalibrationForm(request.form)
    if not form.validate():
        return _list(round_, form), INVALID
    try:
        made = service.open_calibration(
            round_,
            title=form.title.data,
            case_text=form.case_text.data,
            due_on=form.day,
            actor=current_actor(),
            now=clock.now(),
        )
    except CalibrationError as error:
        words = str(REFUSALS[error.code])
        if error.code == "due_past":
            form.due_on.errors = [words]
        else:
            form.form_errors.append(words)
        return _list(round_, form), INVALID
    flash(_("The trial application is open. Everybody who reviews in this round gets an e-mail."), "success")
    return redirect(url_for("office.calibration", slug=round_.slug, calibration=made.id), 303)


@bp.get("/ronden/<slug>/proefaanvragen/<int:calibration>")
@requires(Can.CALIBRATION_MANAGE)
def calibration(round_: Round, calibration: int) -> ResponseReturnValue:
    """Show who handed in and how their scores compare, with names."""
    found = _find(round_, calibration)
    people = calibration_lists.people_in(found)
    given = {
        one.user.id: service.scores_of(one.review)
        for one in people
        if one.review is not None and one.handed_in
    }
    criteria = definition_of(round_).rules.criteria
    steps = {one.id: steps_of(one) for one in criteria}
    alpha = comparing.agreement(criteria, list(given.values()))
    return render_template(
        "office/calibration.html",
        round_=round_,
        calibration=found,
        people=people,
        given=given,
        compared=comparing.compare(criteria, list(given.values()), steps),
        alpha=None if isinstance(alpha, Undefined) else alpha,
        text_of=text_of,
        today=clock.today(),
    )


@bp.post("/ronden/<slug>/proefaanvragen/<int:calibration>/herinneren")
@requires(Can.CALIBRATION_MANAGE)
def remind_calibration(round_: Round, calibration: int) -> ResponseReturnValue:
    """Remind who did not hand in."""
    found = _find(round_, calibration)
    try:
        number = service.remind(found, actor=current_actor(), now=clock.now())
    except CalibrationError as error:
        flash(str(REFUSALS[error.code]), "warning")
    else:
        flash(
            ngettext("%(num)d person is reminded today.", "%(num)d people are reminded today.", number),
            "success",
        )
    return _back(round_, found)


@bp.post("/ronden/<slug>/proefaanvragen/<int:calibration>/sluiten")
@requires(Can.CALIBRATION_MANAGE)
def close_calibration(round_: Round, calibration: int) -> ResponseReturnValue:
    """End it, so that everybody may compare."""
    found = _find(round_, calibration)
    service.close(found, actor=current_actor(), now=clock.now())
    flash(_("The trial application is closed. Everybody can now see how the scores compare."), "success")
    return _back(round_, found)


def _list(round_: Round, form: CalibrationForm) -> str:
    return render_template(
        "office/calibrations.html", round_=round_, calibrations=calibration_lists.of_round(round_), form=form
    )


def _find(round_: Round, calibration_id: int) -> Calibration:
    found = calibration_lists.find(round_, calibration_id)
    if found is None:
        abort(404)
    return found


def _back(round_: Round, found: Calibration) -> ResponseReturnValue:
    return redirect(url_for("office.calibration", slug=round_.slug, calibration=found.id), 303)
