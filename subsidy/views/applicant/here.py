"""Who else has the section open: asked by a script every so often, and told on the page itself."""

from flask import abort, jsonify
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from subsidy import clock
from subsidy.access import allowed, current_actor, requires
from subsidy.models import Application
from subsidy.services import presence
from subsidy.services.snapshots import definition_of
from subsidy.views.applicant import bp
from workflows.permissions import Can


@bp.post("/aanvragen/<int:application_id>/onderdelen/<section_id>/aanwezig")
@requires(Can.APPLICATION_VIEW_OWN)
def present(application: Application, section_id: str) -> ResponseReturnValue:
    """Note that this person is on the page of a section, and tell who else is."""
    if all(section.id != section_id for section in definition_of(application.round).sections):
        abort(404)
    return jsonify(text=others_here(application, section_id))


def others_here(application: Application, section_id: str) -> str:
    """Note that this person is here, and say who else is; empty when nobody is, and for who only looks."""
    user_id = current_actor().user_id
    if user_id is None or not (allowed(Can.APPLICATION_EDIT) or allowed(Can.APPLICATION_SUPPLEMENT)):
        return ""
    presence.note(application.id, section_id, user_id, now=clock.now())
    names = presence.others(application.id, section_id, user_id, now=clock.now())
    if not names:
        return ""
    return str(
        ngettext(
            "%(names)s works in this part too.",
            "%(names)s work in this part too.",
            len(names),
            names=", ".join(names),
        )
    )
