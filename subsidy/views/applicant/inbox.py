"""The inbox: what the office sent in one file, or in all files of one's own, and each letter by itself."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from subsidy import clock
from subsidy.access import current_actor, requires
from subsidy.models import Application
from subsidy.services import inbox as service
from subsidy.services import letter_opening
from subsidy.views.applicant import bp
from subsidy.views.applicant.papers import send_pdf
from workflows.letter_codes import printed
from workflows.permissions import Can


@bp.get("/post")
@requires(Can.APPLICATION_LIST_OWN)
def post() -> ResponseReturnValue:
    """Show what came in over all own applications, the newest first."""
    page = service.page_of_all(current_user, now=clock.now(), before=_before())
    return render_template("applicant/post.html", page=page)


@bp.get("/aanvragen/<int:application_id>/post")
@requires(Can.INBOX_READ)
def inbox(application: Application) -> ResponseReturnValue:
    """Show what came in on one application, the newest first."""
    page = service.page_of(application, user=current_user, now=clock.now(), before=_before())
    return render_template("applicant/inbox.html", application=application, page=page)


@bp.get("/aanvragen/<int:application_id>/post/<int:letter_id>")
@requires(Can.INBOX_READ)
def letter(application: Application, letter_id: int) -> ResponseReturnValue:
    """Say what a letter is, what can be done and until when; the letter itself is its PDF."""
    item = service.find_letter(application, letter_id, user=current_user, now=clock.now())
    if item is None or item.letter is None:
        abort(404)
    return render_template(
        "applicant/letter.html",
        application=application,
        item=item,
        letter=item.letter,
        code=printed(item.letter.code),
    )


@bp.get("/aanvragen/<int:application_id>/post/<int:letter_id>/brief.pdf")
@requires(Can.INBOX_READ, writes=True)
def letter_file(application: Application, letter_id: int) -> ResponseReturnValue:
    """Download a letter; that it was opened is recorded (Awb 2:17, 2:25)."""
    found = letter_opening.open_letter(application, letter_id, actor=current_actor(), now=clock.now())
    if found is None or found.sha256 is None:
        abort(404)
    return send_pdf(found.sha256, f"brief-{application.reference}-{found.dated}.pdf")


def _before() -> service.Cursor | None:
    """Where the page begins; an address that somebody spoiled gives the first page."""
    return request.args.get("voor", type=service.Cursor.read)
