"""The region of one application for the office: what it means, on a map, and earlier awards in it."""

from flask import render_template
from flask.typing import ResponseReturnValue

from subsidy.access import requires
from subsidy.models import Application
from subsidy.services import sent_versions
from subsidy.services.entries.region import stored_region
from subsidy.services.reference import reference_of
from subsidy.services.region_overview import overview_of
from subsidy.views.office import bp
from workflows.permissions import Can


@bp.get("/aanvragen/<int:application_id>/regio")
@requires(Can.APPLICATION_VIEW)
def region(application: Application) -> ResponseReturnValue:
    """Show the region as it was sent in; a page of its own, because the file is opened far more often."""
    application = sent_versions.as_sent(application)
    reference = reference_of(application.round.reference_version)
    return render_template(
        "office/region.html",
        application=application,
        region=overview_of(application, stored_region(application), reference),
    )
