"""The files of an application, for its reviewer: as a download, and on screen page by page."""

from flask import render_template
from flask.typing import ResponseReturnValue

from subsidy import clock
from subsidy.access import requires
from subsidy.models import Review
from subsidy.services import events
from subsidy.views.attached import download, find_attachment, pages_of, picture
from subsidy.views.reviewer import bp
from workflows.permissions import Can


@bp.get("/<int:review_id>/bijlagen/<int:attachment_id>")
@requires(Can.REVIEW_VIEW_FILE, writes=True)
def attachment(review: Review, attachment_id: int) -> ResponseReturnValue:
    """Download a file of the application; never shown inside a page."""
    found = find_attachment(review.application, attachment_id)
    _look(review)
    return download(found)


@bp.get("/<int:review_id>/bijlagen/<int:attachment_id>/lezen")
@requires(Can.REVIEW_VIEW_FILE, writes=True)
def read_attachment(review: Review, attachment_id: int) -> ResponseReturnValue:
    """Read a file of the application on screen, page by page."""
    found = find_attachment(review.application, attachment_id)
    shown = pages_of(found)
    _look(review)
    return render_template("reviewer/attachment.html", review=review, file=found, reading=shown)


@bp.get("/<int:review_id>/bijlagen/<int:attachment_id>/bladzijden/<int:number>")
@requires(Can.REVIEW_VIEW_FILE)
def attachment_page(review: Review, attachment_id: int, number: int) -> ResponseReturnValue:
    """Show a page of a file as a picture; the look was logged with the page that holds it."""
    return picture(find_attachment(review.application, attachment_id), number)


def _look(review: Review) -> None:
    who, what = review.reviewer_id, review.application_id
    events.look("attachment", at=clock.now(), user_id=who, application_id=what)
