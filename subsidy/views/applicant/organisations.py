"""While somebody types who takes part: organisations to choose from, and the room for state aid."""

from flask import abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from forms.applicant_partners import PartnersForm, partner_fields
from forms.choices import Offer
from subsidy import clock
from subsidy.access import allowed, current_actor, requires
from subsidy.models import Application
from subsidy.services.organisations import suggest
from subsidy.services.snapshots import definition_of
from subsidy.views.applicant import bp
from subsidy.views.applicant.entering.partners import partners_figures
from subsidy.wording.spoken import language
from workflows.permissions import Can

LONGEST_QUERY = 200


@bp.get("/aanvragen/<int:application_id>/organisaties")
@requires(Can.APPLICATION_VIEW_OWN)
def organisations(application: Application) -> ResponseReturnValue:  # noqa: ARG001  # asked for its permission
    """Suggest organisations for what was typed (`q`), to who may write in this application now."""
    user_id = current_actor().user_id
    if user_id is None or not _may_write():
        abort(404)
    found = suggest(request.args.get("q", "")[:LONGEST_QUERY], user_id=user_id)
    return jsonify([{"name": one.name, "kvk": one.kvk or ""} for one in found])


@bp.post("/aanvragen/<int:application_id>/staatssteun")
@requires(Can.APPLICATION_VIEW_OWN)
def state_aid(application: Application) -> ResponseReturnValue:
    """Show how much state aid still fits, as it stands on the page; nothing is saved."""
    definition = definition_of(application.round)
    if not (definition.asks_state_aid and _may_write()):
        abort(404)
    offer = Offer(language(), today=clock.today(), asked_cents=application.requested_cents)
    form = type("AidPart", (PartnersForm,), partner_fields(definition, offer))(request.form)
    return render_template("applicant/_aid_room.html", figures=partners_figures(form, offer))


def _may_write() -> bool:
    return allowed(Can.APPLICATION_EDIT) or allowed(Can.APPLICATION_SUPPLEMENT)
