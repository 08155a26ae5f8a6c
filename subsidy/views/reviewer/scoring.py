"""The application beside the score form: read, write, hand in."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.reviewer import ScoreForm, text_of
from subsidy import clock
from subsidy.access import allowed, requires
from subsidy.models import Review
from subsidy.services import (
    answers,
    events,
    page_images,
    pool_profiles,
    review_drafts,
    review_reports,
    reviews,
    sent_versions,
    snapshots,
)
from subsidy.services.reference import reference_of
from subsidy.services.reviews import ClashError, Draft, IncompleteError, ReviewClosedError
from subsidy.views.parking import park_form
from subsidy.views.reviewer import bp
from subsidy.views.reviewer.declaration import declare_first
from subsidy.views.reviewer.writing import (
    Unsaved,
    choices_between,
    draft_in,
    form_of,
    keep_refused,
    let_go,
    restore,
    store,
    told_again,
)
from subsidy.views.unsaved import Choice, seen_after_choosing
from workflows.definition import RoundDefinition
from workflows.permissions import Can

CONFLICT, INVALID = 409, 422
HAND_IN, INTEREST = "hand_in", "interest"


@bp.get("/<int:review_id>")
@requires(Can.REVIEW_VIEW_FILE, writes=True, first=declare_first)
def file(review: Review) -> ResponseReturnValue:
    """Show the application beside the score form, or beside the review that was handed in."""
    file_id = review.application_id
    events.look("review file", at=clock.now(), user_id=review.reviewer_id, application_id=file_id)
    definition = snapshots.definition_of(review.application.round)
    asked = request.args.get("ontbreekt") is not None
    missing = reviews.missing_in(review, definition) if asked and not review.handed_in_at else ()
    form, unsaved = restore(review, definition)
    return _page(review, definition, form, unsaved, missing)


@bp.post("/<int:review_id>")
@requires(Can.REVIEW_VIEW_FILE, nobody=park_form)
def save(review: Review) -> ResponseReturnValue:
    """Save a draft; or save and hand in; or save and go on to report an interest, which hands in nothing.

    What cannot be saved, because it cannot be read, clashes, or came too late, is kept.
    """
    definition = snapshots.definition_of(review.application.round)
    form = form_of(review, definition, request.form)
    if not form.validate():
        return _refused(review, definition, form, INVALID)
    draft = draft_in(form, definition)
    seen = seen_after_choosing(form.seen.data or "", draft.parts)
    complete = True
    try:
        store(review, draft, definition, seen=seen, hands_in=_then() == HAND_IN)
    except IncompleteError:
        complete = False
    except ReviewClosedError:
        return _closed(review, draft)
    except ClashError as clash:
        choices = choices_between(form, draft, clash.stored, clash.parts)
        return _refused(review, definition, form, CONFLICT, choices)
    let_go(review)
    return redirect(_after(review, complete=complete), 303)


def _then() -> str:
    """Which button was pressed."""
    return request.form.get("then", "")


def _after(review: Review, *, complete: bool) -> str:
    """Where to go after saving."""
    here = url_for("reviewer.file", review_id=review.id)
    then = _then()
    if not complete:
        return f"{here}?ontbreekt=1"
    if then == INTEREST:
        return url_for("reviewer.declaration", review_id=review.id)
    if then == HAND_IN:
        flash(_("Your review is handed in. Thank you."), "success")
        return url_for("reviewer.index")
    flash(_("Your draft is saved."), "success")
    return here


def _closed(review: Review, draft: Draft) -> ResponseReturnValue:
    """Say that it came too late; what it said and is stored nowhere is kept, to be read and copied."""
    if draft != reviews.draft_of(review):
        keep_refused(review)
    flash(_("This review can no longer be changed."), "warning")
    return redirect(url_for("reviewer.file", review_id=review.id), 303)


def _refused(
    review: Review,
    definition: RoundDefinition,
    form: ScoreForm,
    status: int,
    choices: tuple[Choice, ...] = (),
) -> ResponseReturnValue:
    """Show the form again with what was typed, which is kept; who reports an interest goes on to that."""
    kept = keep_refused(review)
    if kept and _then() == INTEREST:
        return redirect(url_for("reviewer.declaration", review_id=review.id), 303)
    return _page(review, definition, form, Unsaved("choose" if choices else "", choices, kept)), status


def _page(
    review: Review,
    definition: RoundDefinition,
    form: ScoreForm,
    unsaved: Unsaved,
    missing: tuple[reviews.Missing, ...] = (),
) -> str:
    criteria = definition.rules.criteria
    total = sum(criterion.weight for criterion in criteria)
    application = sent_versions.as_sent(review.application)
    reference = reference_of(application.round.reference_version)
    sections = answers.answers_of(application, definition, reference, for_reviewers=True)
    editable = allowed(Can.REVIEW_WRITE) and review_drafts.is_open(review)
    lacking = {one.criterion.id for one in reviews.missing_in(review, definition) if one.criterion}
    files = [one for section in sections for _label, files in section.files for one in files]
    return render_template(
        "reviewer/file.html",
        review=review,
        application=application,
        sections=sections,
        readings=page_images.readings_of({one.sha256 for one in files if _can_be_read(one)}),
        definition=definition,
        form=form,
        editable=editable,
        lost=() if editable or not unsaved.told else told_again(form),
        missing=missing,
        done={criterion.id for criterion in criteria} - lacking,
        lay=_is_lay(review),
        beside=() if definition.reviewing.hide_reviewers else review_reports.names_beside(review),
        text_of=text_of,
        unsaved=unsaved,
        stored=reviews.draft_of(review),
        shares={criterion.id: round(100 * criterion.weight / total) for criterion in criteria},
        at=clock.now(),
    )


def _is_lay(review: Review) -> bool:
    profile = None if review.reviewer_id is None else pool_profiles.find_profile(review.reviewer_id)
    return profile is not None and profile.lay


def _can_be_read(file: answers.ShownFile) -> bool:
    return file.scan not in {"waiting", "infected"} and page_images.can_be_drawn(file.media_type)
