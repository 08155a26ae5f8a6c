"""What follows from a region, shown anew while somebody picks municipalities."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import Form

from forms.applicant_region import region_fields
from forms.choices import Offer
from subsidy.access import requires
from subsidy.models import Application
from subsidy.services.reference import reference_of
from subsidy.services.snapshots import definition_of
from subsidy.views.applicant import bp
from subsidy.views.applicant.entering.places import AREAS, places_offer
from subsidy.views.applicant.entering.region import region_figures
from workflows.definition import SectionKind
from workflows.permissions import Can


@bp.post("/aanvragen/<int:application_id>/regio")
@requires(Can.APPLICATION_VIEW_OWN)
def region(application: Application) -> ResponseReturnValue:
    """Show what follows from the region as it stands on the page; nothing is saved."""
    definition = definition_of(application.round)
    if all(section.kind is not SectionKind.REGION for section in definition.sections):
        abort(404)
    reference = reference_of(application.round.reference_version)
    offer = places_offer(Offer(), reference, dict.fromkeys(AREAS, ""))
    form = type("RegionPart", (Form,), region_fields(definition, offer))(request.form)
    return render_template(
        "applicant/_region_facts.html", region=region_figures(form, application, reference)
    )
