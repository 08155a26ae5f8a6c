"""The inbox: what the office sent in one file, or in all files of one's own, and each letter by itself."""

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from subsidy import clock
from subsidy.access import allowed, current_actor, requires
from subsidy.models import Application
from subsidy.services import inbox as service
from subsidy.services import letter_opening, letter_terms, letter_translations
from subsidy.views.applicant import bp
from subsidy.views.applicant.papers import send_pdf
from workflows.correspondence import Reaction
from workflows.letter_codes import printed
from workflows.permissions import Can

# Where a reader goes to do what a letter asks, and who may; an objection goes by the way that it says.
WAYS = {
    Reaction.SUPPLY: ("applicant.show", Can.APPLICATION_SUPPLEMENT),
    Reaction.ANSWER: ("applicant.rebuttal", Can.REBUTTAL_WRITE),
    Reaction.VIEW: ("applicant.hearings", Can.HEARING_ANSWER),
}


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
    now = clock.now()
    item = service.find_letter(application, letter_id, user=current_user, now=now)
    if item is None or item.letter is None or item.asked is None:
        abort(404)
    return render_template(
        "applicant/letter.html",
        application=application,
        item=item,
        letter=item.letter,
        way=_way(application, item.asked.reaction),
        counted=bool(letter_terms.of_letter(item.letter, today=clock.day_of(now))),
        code=printed(item.letter.code),
        english=letter_translations.standing_of(item.letter),
    )


@bp.get("/aanvragen/<int:application_id>/post/<int:letter_id>/brief.pdf")
@requires(Can.INBOX_READ, writes=True)
def letter_file(application: Application, letter_id: int) -> ResponseReturnValue:
    """Download a letter; that it was opened is recorded (Awb 2:17, 2:25)."""
    found = letter_opening.open_letter(
        application, letter_id, actor=current_actor(), now=clock.now(), records=request.method == "GET"
    )
    if found is None or found.sha256 is None:
        abort(404)
    return send_pdf(found.sha256, f"brief-{application.reference}-{found.dated}.pdf")


def _way(application: Application, reaction: Reaction) -> str | None:
    """Where this person can do it; None where somebody else of the collaboration has to, or no page does."""
    endpoint, can = WAYS.get(reaction, (None, None))
    if endpoint is None or can is None or not allowed(can):
        return None
    return url_for(endpoint, application_id=application.id)


def _before() -> service.Cursor | None:
    """Where the page begins; an address that somebody spoiled gives the first page."""
    return request.args.get("voor", type=service.Cursor.read)
