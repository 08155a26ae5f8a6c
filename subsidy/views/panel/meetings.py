"""The meetings of a committee: the list, making one, who is there, opening and closing it."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from subsidy.access import current_actor, id_in, requires
from subsidy.models import Meeting
from subsidy.services import meetings as service
from subsidy.views.panel import bp
from workflows.permissions import Can


@bp.get("/")
@requires(Can.PANEL_LIST)
def index() -> ResponseReturnValue:
    """List the meetings of the rounds in which this person advises or keeps watch."""
    before = request.args.get("voor", type=id_in)
    found, next_before = service.find_meetings(current_actor(), before=before)
    return render_template(
        "panel/index.html",
        meetings=found,
        first_url=url_for("panel.index") if before else None,
        next_url=url_for("panel.index", voor=next_before) if next_before else None,
    )


@bp.get("/vergaderingen/<int:meeting_id>")
@requires(Can.PANEL_VIEW)
def meeting(meeting: Meeting) -> ResponseReturnValue:
    """Show a meeting: who is there, what is on the agenda, what is under discussion."""
    return render_template("panel/meeting.html", meeting=meeting, roll=service.roll_of(meeting))
