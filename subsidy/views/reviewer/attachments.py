"""The files of an application, for its reviewer: as a download, and on screen page by page."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from subsidy import clock
from subsidy.access import requires
from subsidy.models import Attachment, Review
from subsidy.services import answers, events, snapshots
from subsidy.services.answers import ShownFile
from subsidy.views.attached import download, find_attachment, pages_of, picture
from subsidy.views.reviewer import bp
from workflows.permissions import Can


@bp.get("/<int:review_id>/bijlagen/<int:attachment_id>")
@requires(Can.REVIEW_VIEW_FILE, writes=True)
def attachment(review: Review, attachment_id: int) -> ResponseReturnValue:
    """Download a file of the application; never shown inside a page."""
    found, shown = _find(review, attachment_id)
    _look(review)
    return download(found, name=shown.file_name)


@bp.get("/<int:review_id>/bijlagen/<int:attachment_id>/lezen")
@requires(Can.REVIEW_VIEW_FILE, writes=True)
def read_attachment(review: Review, attachment_id: int) -> ResponseReturnValue:
    """Read a file of the application on screen, page by page."""
    found, shown = _find(review, attachment_id)
    reading = pages_of(found)
    _look(review)
    return render_template("reviewer/attachment.html", review=review, file=shown, reading=reading)


@bp.get("/<int:review_id>/bijlagen/<int:attachment_id>/bladzijden/<int:number>")
@requires(Can.REVIEW_VIEW_FILE)
def attachment_page(review: Review, attachment_id: int, number: int) -> ResponseReturnValue:
    """Show a page of a file as a picture; the look was logged with the page that holds it."""
    found, _shown = _find(review, attachment_id)
    return picture(found, number)


def _find(review: Review, attachment_id: int) -> tuple[Attachment, ShownFile]:
    """Give a file, and as what it is shown; 404 for what reviewers of this round do not see."""
    found = find_attachment(review.application, attachment_id)
    shown = answers.file_for_reviewers(found, snapshots.definition_of(review.application.round))
    if shown is None:
        abort(404)
    return found, shown


def _look(review: Review) -> None:
    who, what = review.reviewer_id, review.application_id
    events.look("attachment", at=clock.now(), user_id=who, application_id=what)
