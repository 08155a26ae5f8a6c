"""What is known of an earlier subsidy, told while its reference is typed."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from forms.applicant import section_form
from forms.choices import Offer
from subsidy.access import current_actor, requires
from subsidy.models import Application
from subsidy.services.snapshots import definition_of
from subsidy.views.applicant import bp
from subsidy.views.applicant.entering import project
from subsidy.wording.spoken import language
from workflows.definition import SectionKind
from workflows.permissions import Can


@bp.get("/aanvragen/<int:application_id>/eerder")
@requires(Can.APPLICATION_VIEW_OWN)
def earlier(application: Application) -> ResponseReturnValue:
    """Tell of the references on the page whether they fit: the lines that stand below them, as a fragment."""
    definition = definition_of(application.round)
    section = next((one for one in definition.sections if one.kind is SectionKind.PROJECT), None)
    if section is None:
        abort(404)
    offer = project.project_offer(Offer(language()), definition, current_actor().user_id)
    form = section_form(definition, section, offer)(request.args)
    figures = project.project_figures(form, definition)
    return render_template("applicant/fields/earlier.html", figures=figures)
