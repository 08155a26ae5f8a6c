"""The application beside the score form: read, write, hand in."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from forms.reviewer import ScoreForm, score_form, text_of
from subsidy import clock
from subsidy.access import current_actor, id_in, requires
from subsidy.models import Review
from subsidy.services import answers, events, reviews, sent_versions, snapshots
from subsidy.services.reference import reference_of
from subsidy.services.reviews import (
    ClashError,
    Draft,
    IncompleteError,
    ReviewClosedError,
)
from subsidy.views.reviewer import bp
from subsidy.wording.spoken import language
from workflows.definition import RoundDefinition
from workflows.permissions import Can
from workflows.regions import Reference

CLASH = 409


@bp.get("/<int:review_id>")
@requires(Can.REVIEW_VIEW_FILE, writes=True)
def file(review: Review) -> ResponseReturnValue:
    """Show the application beside the score form, or beside the review that was handed in."""
    file_id = review.application_id
    events.look("review file", at=clock.now(), user_id=review.reviewer_id, application_id=file_id)
    definition = snapshots.definition_of(review.application.round)
    asked = request.args.get("ontbreekt") is not None
    missing = reviews.missing_in(review, definition) if asked and not review.handed_in_at else ()
    return _file(review, definition, _form(review, definition), missing=missing)


@bp.post("/<int:review_id>")
@requires(Can.REVIEW_WRITE)
def save(review: Review) -> ResponseReturnValue:
    """Save a draft, or save and hand in."""
    definition = snapshots.definition_of(review.application.round)
    form = _form(review, definition, request.form)
    version = request.form.get("version", type=id_in)
    if not form.validate() or version is None:
        return _file(review, definition, form), 422
    criteria = definition.rules.criteria
    draft = Draft(form.scores(criteria), form.motivations(criteria), form.notes.data)
    now = clock.now()
    here = url_for("reviewer.file", review_id=review.id)
    try:
        if "hand_in" in request.form:
            reviews.hand_in(
                review, draft, definition=definition, version=version, actor=current_actor(), now=now
            )
            flash(_("Your review is handed in. Thank you."), "success")
            return redirect(url_for("reviewer.index"), 303)
        reviews.save_draft(review, draft, version=version, now=now)
    except IncompleteError:
        return redirect(f"{here}?ontbreekt=1", 303)
    except ReviewClosedError:
        flash(_("This review can no longer be changed."), "warning")
        return redirect(here if review.handed_in_at else url_for("reviewer.index"), 303)
    except ClashError:
        return _clash(review, definition, form)
    flash(_("Your draft is saved."), "success")
    return redirect(here, 303)


def _reference(review: Review) -> Reference:
    return reference_of(review.application.round.reference_version)


def _form(review: Review, definition: RoundDefinition, typed: MultiDict[str, str] | None = None) -> ScoreForm:
    """The score form with what is stored, or with what was typed."""
    kind = score_form(definition.rules.criteria, language())
    stored = reviews.draft_of(review)
    data: dict[str, object] = {"version": review.version, "notes": stored.notes}
    for criterion in definition.rules.criteria:
        score = stored.scores.get(criterion.id)
        data[kind.score_name(criterion)] = None if score is None else text_of(score)
        data[kind.motivation_name(criterion)] = stored.motivations.get(criterion.id, "")
    return kind(typed, data=data)


def _clash(review: Review, definition: RoundDefinition, form: ScoreForm) -> ResponseReturnValue:
    """Show what was typed here with what was saved elsewhere beside it; saving again is then a choice."""
    form.version.data = str(review.version)
    return _file(review, definition, form, elsewhere=reviews.draft_of(review)), CLASH


def _file(
    review: Review,
    definition: RoundDefinition,
    form: ScoreForm,
    *,
    missing: tuple[reviews.Missing, ...] = (),
    elsewhere: Draft | None = None,
) -> str:
    criteria = definition.rules.criteria
    total = sum(criterion.weight for criterion in criteria)
    application = sent_versions.as_sent(review.application)
    return render_template(
        "reviewer/file.html",
        review=review,
        application=application,
        sections=answers.answers_of(application, definition, _reference(review), for_reviewers=True),
        definition=definition,
        form=form,
        missing=missing,
        text_of=text_of,
        elsewhere=elsewhere,
        stored=reviews.draft_of(review),
        shares={criterion.id: round(100 * criterion.weight / total) for criterion in criteria},
    )
