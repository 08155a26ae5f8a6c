"""The courtesy translation of a letter: asking for it, and downloading it."""

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from subsidy import clock
from subsidy.access import current_actor, requires
from subsidy.models import Application, Letter
from subsidy.services import letter_opening, letter_translations
from subsidy.services.letter_translations import Standing
from subsidy.views.applicant import bp
from subsidy.views.applicant.papers import send_pdf
from workflows.permissions import Can

HERE = "/aanvragen/<int:application_id>/post/<int:letter_id>"


@bp.post(f"{HERE}/engels")
@requires(Can.INBOX_READ)
def ask_translation(application: Application, letter_id: int) -> ResponseReturnValue:
    """Have a letter translated; who asks again changes nothing."""
    letter = _letter(application, letter_id)
    if letter_translations.ask(letter, now=clock.now()) is Standing.NONE:
        abort(404)
    flash(_("We make the English translation. Come back to this page in a moment."), "success")
    there = url_for("applicant.letter", application_id=application.id, letter_id=letter_id)
    return redirect(f"{there}#english", 303)


@bp.get(f"{HERE}/translation.pdf")
@requires(Can.INBOX_READ)
def translation_file(application: Application, letter_id: int) -> ResponseReturnValue:
    """Download the translation; the letter itself stays unread by it."""
    letter = _letter(application, letter_id)
    if letter.english_sha256 is None:
        abort(404)
    name = f"letter-{application.reference}-{letter.dated}-courtesy-translation.pdf"
    return send_pdf(letter.english_sha256, name)


def _letter(application: Application, letter_id: int) -> Letter:
    found = letter_opening.open_letter(
        application, letter_id, actor=current_actor(), now=clock.now(), records=False
    )
    if found is None:
        abort(404)
    return found
