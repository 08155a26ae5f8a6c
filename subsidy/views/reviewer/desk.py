"""The list of what is assigned to a reviewer."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from subsidy import clock
from subsidy.access import current_actor, requires
from subsidy.services import calibration_lists, pool_requests, review_lists
from subsidy.views.reviewer import bp
from workflows.permissions import Can


@bp.get("/")
@requires(Can.REVIEW_LIST_OWN)
def index() -> ResponseReturnValue:
    """List what is assigned to this person."""
    rounds = review_lists.by_round(review_lists.own_list(current_actor()))
    requests = pool_requests.requests_of(current_user, today=clock.today())
    return render_template(
        "reviewer/index.html",
        rounds=rounds,
        requests=requests,
        calibrations=calibration_lists.for_person(current_user.id),
        at=clock.now(),
    )
