"""Relevance against quality, or whichever two criteria the round names: a view for the committee."""

from flask import render_template
from flask.typing import ResponseReturnValue

from subsidy.access import requires
from subsidy.models import Meeting
from subsidy.services import agenda
from subsidy.services.panel_matrix import view_of
from subsidy.services.snapshots import definition_of
from subsidy.views.panel import bp
from subsidy.views.panel.declaring import after_declaring
from workflows.permissions import Can


@bp.get("/vergaderingen/<int:meeting_id>/matrix")
@requires(Can.PANEL_RANKING)
@after_declaring
def matrix(meeting: Meeting) -> ResponseReturnValue:
    """Show every application in its cell, by agreed score or by the mean of the reviewers."""
    return render_template(
        "panel/matrix.html",
        meeting=meeting,
        view=view_of(meeting.round),
        on_agenda=agenda.applications_of(meeting),
        shows_lead=not definition_of(meeting.round).reviewing.hide_applicants,
    )
