"""Scoring a trial application, and seeing how one's scores compare with those of the others."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from forms.reviewer import ScoreForm, score_form, steps_of, text_of
from subsidy import clock
from subsidy.access import current_actor, id_in, requires
from subsidy.models import Calibration, CalibrationReview, Round
from subsidy.services import calibration as service
from subsidy.services import calibration_lists
from subsidy.services.calibration import CalibrationError, IncompleteError, Scored
from subsidy.services.snapshots import definition_of
from subsidy.views.reviewer import bp
from subsidy.wording.calibration import REFUSALS
from subsidy.wording.spoken import language
from workflows import calibration as comparing
from workflows.permissions import Can

INVALID, CLASH = 422, 409
# Before it closes, two people would read each other's scores from one distribution.
LEAST_TO_COMPARE = 3


@bp.get("/proef/<slug>/<int:calibration>")
@requires(Can.CALIBRATION_SCORE)
def calibration(round_: Round, calibration: int) -> ResponseReturnValue:
    """Show the case beside the score form; once handed in, how the scores compare."""
    found = _find(round_, calibration)
    review = calibration_lists.find_review(found, current_user.id)
    asked = request.args.get("ontbreekt") is not None
    missing = service.missing_in(found, review) if asked and review and not review.handed_in_at else ()
    return _page(round_, found, review, _form(round_, review), missing=missing)


@bp.post("/proef/<slug>/<int:calibration>")
@requires(Can.CALIBRATION_SCORE)
def score_calibration(round_: Round, calibration: int) -> ResponseReturnValue:
    """Save a draft, or save and hand in."""
    found = _find(round_, calibration)
    review = calibration_lists.find_review(found, current_user.id)
    form = _form(round_, review, request.form)
    version = request.form.get("version", type=id_in)
    if not form.validate() or version is None:
        return _page(round_, found, review, form), INVALID
    here = url_for("reviewer.calibration", slug=round_.slug, calibration=found.id)
    criteria = definition_of(round_).rules.criteria
    handing_in = "hand_in" in request.form
    try:
        service.save(
            found,
            Scored(form.scores(criteria), form.motivations(criteria)),
            version=version,
            hand_in=handing_in,
            actor=current_actor(),
            now=clock.now(),
        )
    except IncompleteError:
        return redirect(f"{here}?ontbreekt=1", 303)
    except CalibrationError as error:
        if error.code == "clash":
            return _clash(round_, found, form)
        flash(str(REFUSALS[error.code]), "warning")
        return redirect(here, 303)
    flash(_("Your scores are handed in. Thank you.") if handing_in else _("Your draft is saved."), "success")
    return redirect(here, 303)


def _find(round_: Round, calibration_id: int) -> Calibration:
    found = calibration_lists.find(round_, calibration_id)
    if found is None:
        abort(404)
    return found


def _form(
    round_: Round, review: CalibrationReview | None, typed: MultiDict[str, str] | None = None
) -> ScoreForm:
    """The score form of the round with what is stored, or with what was typed."""
    criteria = definition_of(round_).rules.criteria
    kind = score_form(criteria, language())
    data: dict[str, object] = {"version": review.version if review else 0}
    scores = service.scores_of(review) if review else {}
    for criterion in criteria:
        score = scores.get(criterion.id)
        data[kind.score_name(criterion)] = None if score is None else text_of(score)
        data[kind.motivation_name(criterion)] = review.motivations.get(criterion.id, "") if review else ""
    return kind(typed, data=data)


def _clash(round_: Round, found: Calibration, form: ScoreForm) -> ResponseReturnValue:
    """Show what was typed here with what was saved elsewhere; saving again is then a choice."""
    stored = calibration_lists.find_review(found, current_user.id)
    form.version.data = str(stored.version if stored else 0)
    return _page(round_, found, stored, form, clash=True), CLASH


def _page(
    round_: Round,
    found: Calibration,
    review: CalibrationReview | None,
    form: ScoreForm,
    *,
    missing: tuple[object, ...] = (),
    clash: bool = False,
) -> str:
    definition = definition_of(round_)
    criteria = definition.rules.criteria
    total = sum(criterion.weight for criterion in criteria)
    done = review is not None and review.handed_in_at is not None
    given = calibration_lists.handed_in(found) if done or found.closed_at else []
    may_compare = found.closed_at is not None or len(given) >= LEAST_TO_COMPARE
    return render_template(
        "reviewer/calibration.html",
        round_=round_,
        calibration=found,
        review=review,
        editable=not done and found.closed_at is None,
        form=form,
        missing=missing,
        clash=clash,
        own=service.scores_of(review) if review else {},
        number=len(given),
        compared=comparing.compare(
            criteria, [service.scores_of(one) for one in given], {one.id: steps_of(one) for one in criteria}
        )
        if given and may_compare
        else (),
        criteria=criteria,
        least_words=definition.reviewing.motivation_min_words,
        text_of=text_of,
        today=clock.today(),
        shares={criterion.id: round(100 * criterion.weight / total) for criterion in criteria},
    )
