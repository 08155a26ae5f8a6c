"""What the other reviewers of an application wrote, for who handed in."""

from flask import render_template
from flask.typing import ResponseReturnValue

from forms.reviewer import text_of
from subsidy import clock
from subsidy.access import requires
from subsidy.models import Review
from subsidy.services import events, review_reports, snapshots
from subsidy.views.reviewer import bp
from workflows.permissions import Can


@bp.get("/<int:review_id>/anderen")
@requires(Can.REVIEW_READ_OTHERS, writes=True)
def others(review: Review) -> ResponseReturnValue:
    """Show what others handed in, with their names; never their private notes."""
    who, what = review.reviewer_id, review.application_id
    events.look("reviews of others", at=clock.now(), user_id=who, application_id=what)
    return render_template(
        "reviewer/others.html",
        review=review,
        application=review.application,
        reports=review_reports.reports_of_others(review),
        criteria=snapshots.definition_of(review.application.round).rules.criteria,
        text_of=text_of,
    )
