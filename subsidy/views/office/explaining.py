"""Why a decision is as it is: what it rests on, worked out, and made again on request."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from subsidy import clock
from subsidy.access import current_actor, requires
from subsidy.documents import charts
from subsidy.documents.explained_figures import places_chart
from subsidy.models import Application, Decision, Round
from subsidy.services import events, explaining, recomputing, wordings
from subsidy.services.decisions import kind_of, stage_of
from subsidy.services.differences import Recomputed
from subsidy.services.explaining import Explanation
from subsidy.views.evaluator import picture_of
from subsidy.views.office import bp
from subsidy.views.office.proposals import criteria_titles
from subsidy.wording import rules as ruled
from workflows.permissions import Can


@bp.get("/aanvragen/<int:application_id>/besluiten/<int:decision_id>/waarom")
@requires(Can.DECISION_EXPLAIN, writes=True)
def explain(application: Application, decision_id: int) -> ResponseReturnValue:
    """Show what a decision rests on; who looks is logged."""
    decision = _decision(application, decision_id)
    return _page(application, decision, "decision explained", explaining.explain(decision))


@bp.post("/aanvragen/<int:application_id>/besluiten/<int:decision_id>/waarom")
@requires(Can.DECISION_EXPLAIN)
def recompute(application: Application, decision_id: int) -> ResponseReturnValue:
    """Make the decision again from what was frozen with it, and show what differs; nothing is stored."""
    decision = _decision(application, decision_id)
    again = recomputing.work_out(decision)
    found = explaining.explain(decision, again.thawed)
    return _page(application, decision, "decision recomputed", found, recomputing.recompute(decision, again))


@bp.get("/ronden/<slug>/waarom/grafieken/<digest>.svg")
@requires(Can.RANKING_VIEW)
def explain_chart(round_: Round, digest: str) -> ResponseReturnValue:
    """Give the picture of where an application stood."""
    return picture_of(_scope(round_), digest)


def _decision(application: Application, decision_id: int) -> Decision:
    """Return the decision on this application; 404 for another one's."""
    found = explaining.find_decision(application.id, decision_id)
    if found is None:
        abort(404)
    return found


def _page(
    application: Application,
    decision: Decision,
    looked: str,
    found: Explanation,
    again: Recomputed | None = None,
) -> ResponseReturnValue:
    events.look(looked, at=clock.now(), user_id=current_actor().user_id, application_id=application.id)
    round_, today = application.round, clock.today()
    titles = criteria_titles(round_)
    chart = places_chart(found.then) if found.then else None
    return render_template(
        "office/explain.html",
        application=application,
        round_=round_,
        decision=decision,
        found=found,
        basis=found.basis,
        then=found.then,
        again=again,
        words_version=wordings.version_of(decision),
        titles=titles,
        division_rules=_division_rules(found, titles),
        stage=stage_of(decision, today=today),
        kind=kind_of(decision, application.requested_cents),
        other_kinds={one.id: kind_of(one, application.requested_cents) for one in found.others},
        other_stages={one.id: stage_of(one, today=today) for one in found.others},
        chart=chart and charts.keep(_scope(round_), chart),
    )


def _division_rules(found: Explanation, titles: dict[str, str]) -> list[str]:
    """Say in words how the money was divided, by the rules as they were frozen."""
    if found.then is None:
        return []
    then = found.then.material.round
    return ruled.division(then.rules, then.ceiling_cents, titles)


def _scope(round_: Round) -> str:
    """Keep these pictures apart from the other figures of the round: fewer people may see them."""
    return f"explained:{round_.slug}"
