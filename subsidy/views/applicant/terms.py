"""How we counted: the terms of a letter, and until when the office decides, with every step."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from subsidy import clock
from subsidy.access import requires
from subsidy.models import Application
from subsidy.services import inbox, letter_terms
from subsidy.views.applicant import bp
from workflows.permissions import Can


@bp.get("/aanvragen/<int:application_id>/post/<int:letter_id>/termijn")
@requires(Can.INBOX_READ)
def term(application: Application, letter_id: int) -> ResponseReturnValue:
    """Show how the terms of a letter were counted."""
    now = clock.now()
    item = inbox.find_letter(application, letter_id, user=current_user, now=now)
    if item is None or item.letter is None:
        abort(404)
    accounts = letter_terms.of_letter(item.letter, today=clock.day_of(now))
    if not accounts:
        abort(404)
    return render_template(
        "applicant/term.html", application=application, letter=item.letter, accounts=accounts
    )


@bp.get("/aanvragen/<int:application_id>/beslistermijn")
@requires(Can.INBOX_READ)
def decision_term(application: Application) -> ResponseReturnValue:
    """Show until when the office has to decide, as it stands today."""
    if application.submitted_at is None:
        abort(404)
    account = letter_terms.decision_term(application, today=clock.day_of(clock.now()))
    return render_template("applicant/term.html", application=application, letter=None, accounts=(account,))
