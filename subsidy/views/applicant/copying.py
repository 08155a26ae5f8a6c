"""Using an earlier application again in a later round."""

from collections.abc import Iterable, Iterator

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from subsidy import clock
from subsidy.access import allowed, current_actor, requires
from subsidy.models import Application
from subsidy.services import copying, standing
from subsidy.services.carrying_over import LeftOut, Why
from subsidy.views.applicant import bp
from subsidy.wording.copying import left_out_text
from subsidy.wording.values import text
from workflows.permissions import Can


@bp.post("/aanvragen/<int:application_id>/overnemen")
@requires(Can.APPLICATION_COPY)
def copy(application: Application) -> ResponseReturnValue:
    """Begin a draft with what this application says; `round` in the form names the round.

    While a decision is not announced this page does not exist, as for one that is still in treatment.
    """
    if not copying.is_over(application):
        abort(404)
    now = clock.now()
    rounds = copying.rounds_for(application, now)
    chosen = next((one for one in rounds if one.slug == request.form.get("round")), None)
    if chosen is None:
        flash(_("This round takes no applications any more."), "warning")
        return redirect(url_for("applicant.show", application_id=application.id), 303)
    target = standing.to_round(current_actor(), chosen, now=now)
    if not allowed(Can.APPLICATION_START, target):
        abort(404)
    copied = copying.copy(application, chosen, actor=current_actor(), now=now)
    if copied.new:
        flash(
            _(
                "This is a new draft in %(round)s with what you wrote before. "
                "Invite the other members again: they and their signatures were not taken over.",
                round=chosen.title,
            ),
            "success",
        )
    for line in _told(copied.left_out):
        flash(line, "warning")
    return redirect(url_for("applicant.show", application_id=copied.draft.id), 303)


def _told(left_out: Iterable[LeftOut]) -> Iterator[str]:
    """Give one sentence for each reason why something was left out."""
    names: dict[Why, list[str]] = {}
    for one in left_out:
        label = one.name or (text(one.question.label) if one.question else "")
        names.setdefault(one.why, []).append(label)
    for why, labels in names.items():
        yield left_out_text(why, labels)
