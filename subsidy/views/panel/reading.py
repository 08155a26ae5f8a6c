"""The application itself for the committee: what was entered, and its files page by page."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from subsidy import clock
from subsidy.access import requires
from subsidy.models import Application, Attachment, Meeting
from subsidy.services import answers, events, sent_versions
from subsidy.services.answers import ShownFile
from subsidy.services.reference import reference_of
from subsidy.services.snapshots import definition_of
from subsidy.views.attached import download, find_attachment, pages_of, picture
from subsidy.views.panel import bp
from subsidy.views.panel.item import ITEM, find
from workflows.permissions import Can


@bp.get(f"{ITEM}/lezen")
@requires(Can.PANEL_FILE, writes=True)
def read(meeting: Meeting, application: Application) -> ResponseReturnValue:
    """Show the application as it was sent in, as reviewers read it."""
    find(meeting, application)
    _look("panel file", application)
    sent = sent_versions.as_sent(application)
    reference = reference_of(application.round.reference_version)
    return render_template(
        "panel/read.html",
        meeting=meeting,
        application=application,
        sections=answers.answers_of(sent, definition_of(application.round), reference, for_reviewers=True),
    )


@bp.get(f"{ITEM}/bijlagen/<int:attachment_id>")
@requires(Can.PANEL_FILE, writes=True)
def attachment(meeting: Meeting, application: Application, attachment_id: int) -> ResponseReturnValue:
    """Download a file of the application; never shown inside a page."""
    found, shown = _find(meeting, application, attachment_id)
    _look("attachment", application)
    return download(found, name=shown.file_name)


@bp.get(f"{ITEM}/bijlagen/<int:attachment_id>/lezen")
@requires(Can.PANEL_FILE, writes=True)
def read_attachment(meeting: Meeting, application: Application, attachment_id: int) -> ResponseReturnValue:
    """Read a file of the application on screen, page by page."""
    found, shown = _find(meeting, application, attachment_id)
    reading = pages_of(found)
    _look("attachment", application)
    return render_template(
        "panel/attachment.html", meeting=meeting, application=application, file=shown, reading=reading
    )


@bp.get(f"{ITEM}/bijlagen/<int:attachment_id>/bladzijden/<int:number>")
@requires(Can.PANEL_FILE)
def attachment_page(
    meeting: Meeting, application: Application, attachment_id: int, number: int
) -> ResponseReturnValue:
    """Show a page of a file as a picture; the look was logged with the page that holds it."""
    found, _shown = _find(meeting, application, attachment_id)
    return picture(found, number)


def _find(meeting: Meeting, application: Application, attachment_id: int) -> tuple[Attachment, ShownFile]:
    """Give a file, and as what it is shown; 404 for what reviewers of this round do not see."""
    find(meeting, application)
    found = find_attachment(application, attachment_id)
    shown = answers.file_for_reviewers(found, definition_of(application.round))
    if shown is None:
        abort(404)
    return found, shown


def _look(what: str, application: Application) -> None:
    events.look(what, at=clock.now(), user_id=current_user.id, application_id=application.id)
