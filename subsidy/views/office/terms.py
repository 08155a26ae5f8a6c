"""How each term of a file is counted, beside what its letters printed."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from subsidy import clock
from subsidy.access import allowed, requires
from subsidy.models import Application
from subsidy.services import letter_terms
from subsidy.views.office import bp
from workflows.permissions import Can


@bp.get("/aanvragen/<int:application_id>/termijnen")
@requires(Can.APPLICATION_VIEW)
def terms(application: Application) -> ResponseReturnValue:
    """Show the terms to decide, and those of every letter; of a decision's letter for who may read it."""
    if application.submitted_at is None:
        abort(404)
    today = clock.day_of(clock.now())
    not_processed = letter_terms.not_processed_term(application)
    return render_template(
        "office/terms.html",
        application=application,
        accounts=(
            letter_terms.decision_term(application, today=today),
            *(() if not_processed is None else (not_processed,)),
        ),
        of_letters=letter_terms.of_file(application, with_decisions=allowed(Can.LETTER_VIEW)),
    )
