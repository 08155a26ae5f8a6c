"""Files for the office: the letter of a decision, byte for byte, and what applicants attached."""

import hashlib

from flask import Response, abort, flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from subsidy import clock
from subsidy.access import current_actor, requires
from subsidy.db import db
from subsidy.models import Application, Decision
from subsidy.services import attachments, events, file_store
from subsidy.views.office import bp
from subsidy.wording.decisions import decision_refusal
from workflows.permissions import Can

CHUNK = 256 * 1024


@bp.get("/aanvragen/<int:application_id>/besluiten/<int:decision_id>/brief.pdf")
@requires(Can.LETTER_VIEW, writes=True)
def letter(application: Application, decision_id: int) -> ResponseReturnValue:
    """Give the stored letter of a present or earlier decision; who looks is logged."""
    digest = _digest_of(application, decision_id)
    _look("letter", application)
    answer = _sent(
        digest, "application/pdf", f"{application.reference}.pdf", download=request.args.get("opslaan") == "1"
    )
    answer.headers["X-Content-SHA256"] = digest
    return answer


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
    found = attachments.find(application, attachment_id)
    if found is None:
        abort(404)
    _look("attachment", application)
    return _sent(found.sha256, found.media_type, found.file_name, download=True)


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


def _sent(sha256: str, media_type: str, name: str, *, download: bool) -> Response:
    answer = send_file(
        file_store.path_of(sha256),
        mimetype=media_type,
        as_attachment=download,
        download_name=name,
        etag=False,
        max_age=0,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
