"""What an applicant takes along: the receipt, the letter with the decision."""

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from subsidy import clock
from subsidy.access import current_actor, requires
from subsidy.models import Application
from subsidy.services import answers, file_store, following, letter_opening
from subsidy.services.answers.signatures import signature_words
from subsidy.services.reference import reference_of
from subsidy.services.snapshots import definition_of
from subsidy.views.applicant import bp
from workflows.permissions import Can

PDF = "application/pdf"


@bp.get("/aanvragen/<int:application_id>/ontvangst")
@requires(Can.APPLICATION_VIEW_OWN)
def receipt(application: Application) -> ResponseReturnValue:
    """Confirm what was received and when, with everything that was entered (Awb 2:17)."""
    if application.submitted_at is None:
        abort(404)
    return render_template(
        "applicant/receipt.html",
        application=application,
        own=following.own(application, now=clock.now()),
        sections=(
            *answers.answers_of(
                application,
                definition_of(application.round),
                reference_of(application.round.reference_version),
            ),
            *signature_words(application),
        ),
        receipt=following.receipt_of(application),
    )


@bp.get("/aanvragen/<int:application_id>/ontvangst.pdf")
@requires(Can.APPLICATION_VIEW_OWN, writes=True)
def receipt_pdf(application: Application) -> ResponseReturnValue:
    """Download the receipt, the bytes that were mailed."""
    sha256 = following.receipt_of(application)
    if sha256 is None:
        abort(404)
    if request.method == "GET":
        letter_opening.open_receipt(application, sha256, actor=current_actor(), now=clock.now())
    return send_pdf(sha256, f"ontvangstbevestiging-{application.reference}.pdf")


@bp.get("/aanvragen/<int:application_id>/brief")
@requires(Can.APPLICATION_READ_LETTER, writes=True)
def decision_letter(application: Application) -> ResponseReturnValue:
    """Download the announced decision; that it was read is recorded (Awb 2:17, 2:25)."""
    found = letter_opening.open_decision_letter(
        application, actor=current_actor(), now=clock.now(), records=request.method == "GET"
    )
    if found is None or found.sha256 is None:
        abort(404)
    return send_pdf(found.sha256, f"besluit-{application.reference}.pdf")


@bp.get("/aanvragen/<int:application_id>/brieven/<int:decision_id>")
@requires(Can.APPLICATION_READ_LETTER, writes=True)
def earlier_letter(application: Application, decision_id: int) -> ResponseReturnValue:
    """Download the letter of a decision that was announced, also when another took its place."""
    found = letter_opening.open_decision_letter(
        application,
        actor=current_actor(),
        now=clock.now(),
        decision_id=decision_id,
        records=request.method == "GET",
    )
    if found is None or found.sha256 is None:
        abort(404)
    return send_pdf(found.sha256, f"besluit-{application.reference}-{found.dated}.pdf")


def send_pdf(sha256: str, name: str) -> Response:
    """Send stored bytes, checked against their digest."""
    response = Response(file_store.read(sha256), mimetype=PDF)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "no-store"
    return response
