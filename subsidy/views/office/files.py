"""Files for the office: the letter of a decision, byte for byte, and what applicants attached."""

import hashlib

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from subsidy import clock
from subsidy.access import current_actor, requires
from subsidy.db import db
from subsidy.models import Application, Decision
from subsidy.services import events, file_store, letter_reading
from subsidy.views.attached import download, find_attachment, pages_of, picture
from subsidy.views.office import bp
from subsidy.views.stored import stored_pdf
from subsidy.wording.decisions import decision_refusal
from workflows.permissions import Can

CHUNK = 256 * 1024


@bp.get("/aanvragen/<int:application_id>/besluiten/<int:decision_id>/brief.pdf")
@requires(Can.LETTER_VIEW, writes=True)
def letter(application: Application, decision_id: int) -> ResponseReturnValue:
    """Give the stored letter of a present or earlier decision; who looks is logged."""
    digest = _digest_of(application, decision_id)
    _look("letter", application)
    if request.method == "GET":
        letter_reading.note(decision_id, user_id=current_actor().user_id, now=clock.now())
    return stored_pdf(digest, f"{application.reference}.pdf", save=request.args.get("opslaan") == "1")


@bp.post("/aanvragen/<int:application_id>/besluiten/<int:decision_id>/controle")
@requires(Can.LETTER_VIEW)
def verify_letter(application: Application, decision_id: int) -> ResponseReturnValue:
    """Check the stored letter against its digest, and a copy that somebody holds out, if one is given."""
    digest = _digest_of(application, decision_id)
    try:
        file_store.read(digest)
    except file_store.FileDamagedError:
        flash(decision_refusal("letter_damaged"), "error")
    else:
        flash(_("The stored letter is unchanged: its bytes give the recorded SHA-256."), "success")
    copy = request.files.get("copy")
    if copy is not None and copy.filename:
        found = hashlib.sha256()
        while chunk := copy.stream.read(CHUNK):
            found.update(chunk)
        if found.hexdigest() == digest:
            flash(_("The copy is the letter, byte for byte."), "success")
        else:
            flash(_("The copy is another file than the letter: its SHA-256 differs."), "warning")
    return redirect(url_for("office.decision", application_id=application.id), 303)


@bp.get("/aanvragen/<int:application_id>/bijlagen/<int:attachment_id>")
@requires(Can.APPLICATION_VIEW, writes=True)
def attachment(application: Application, attachment_id: int) -> ResponseReturnValue:
    """Download a file that the applicant added; never shown inside a page."""
    found = find_attachment(application, attachment_id)
    _look("attachment", application)
    return download(found)


@bp.get("/aanvragen/<int:application_id>/bijlagen/<int:attachment_id>/lezen")
@requires(Can.APPLICATION_VIEW, writes=True)
def read_attachment(application: Application, attachment_id: int) -> ResponseReturnValue:
    """Read a file that the applicant added on screen; that somebody looks is logged."""
    found = find_attachment(application, attachment_id)
    shown = pages_of(found)
    _look("attachment", application)
    return render_template("office/attachment.html", application=application, file=found, reading=shown)


@bp.get("/aanvragen/<int:application_id>/bijlagen/<int:attachment_id>/bladzijden/<int:number>")
@requires(Can.APPLICATION_VIEW)
def attachment_page(application: Application, attachment_id: int, number: int) -> ResponseReturnValue:
    """Show a page of a file as a picture; the look was logged with the page that holds it."""
    return picture(find_attachment(application, attachment_id), number)


def _digest_of(application: Application, decision_id: int) -> str:
    digest = db.session.scalar(
        select(Decision.letter_sha256).where(
            Decision.id == decision_id, Decision.application_id == application.id
        )
    )
    if digest is None:
        abort(404)
    return digest


def _look(what: str, application: Application) -> None:
    events.look(what, at=clock.now(), user_id=current_actor().user_id, application_id=application.id)
