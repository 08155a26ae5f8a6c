"""Organisations to choose from while somebody types who takes part."""

from flask import abort, jsonify, request
from flask.typing import ResponseReturnValue

from subsidy.access import allowed, current_actor, requires
from subsidy.models import Application
from subsidy.services.organisations import suggest
from subsidy.views.applicant import bp
from workflows.permissions import Can

LONGEST_QUERY = 200


@bp.get("/aanvragen/<int:application_id>/organisaties")
@requires(Can.APPLICATION_VIEW_OWN)
def organisations(application: Application) -> ResponseReturnValue:  # noqa: ARG001  # asked for its permission
    """Suggest organisations for what was typed (`q`), to who may write in this application now."""
    user_id = current_actor().user_id
    if user_id is None or not (allowed(Can.APPLICATION_EDIT) or allowed(Can.APPLICATION_SUPPLEMENT)):
        abort(404)
    found = suggest(request.args.get("q", "")[:LONGEST_QUERY], user_id=user_id)
    return jsonify([{"name": one.name, "kvk": one.kvk or ""} for one in found])
