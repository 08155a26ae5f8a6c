"""The file of one application for the office: what came in, where it stands, and all that happened."""

from flask import render_template
from flask.typing import ResponseReturnValue

from subsidy import clock
from subsidy.access import allowed, requires
from subsidy.models import Application
from subsidy.services import by_post, file_events, messages, screening, sent_versions, signatures
from subsidy.services.answers import answers_of
from subsidy.services.deadlines import term_of
from subsidy.services.reference import reference_of
from subsidy.services.snapshots import definition_of
from subsidy.views.office import bp
from workflows.application import UNDECIDED
from workflows.permissions import Can


@bp.get("/aanvragen/<int:application_id>")
@requires(Can.APPLICATION_VIEW)
def application(application: Application) -> ResponseReturnValue:
    """Show the file: the application, its terms, its verdicts, its events."""
    application = sent_versions.as_sent(application)
    definition = definition_of(application.round)
    reference = reference_of(application.round.reference_version)
    supplement = screening.find_supplement(application)
    standing = signatures.standing(application)
    return render_template(
        "office/application.html",
        application=application,
        definition=definition,
        sections=answers_of(application, definition, reference),
        supplement=supplement,
        paper=by_post.find_request(application.id),
        undecided=application.state in UNDECIDED,
        term=term_of(application, supplement, today=clock.today()),
        signatures=standing,
        sent_version=signatures.sent_version(application) if any(one.signature for one in standing) else None,
        verdicts=screening.verdicts_of(application),
        unread=messages.count_unread_by_office(application),
        events=file_events.find_events(application) if allowed(Can.EVENTS_VIEW) else [],
    )
