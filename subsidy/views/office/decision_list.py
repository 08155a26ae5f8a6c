"""The decisions of a round: how far they are, which can be narrowed by stage and outcome, and the ways on."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from subsidy import clock
from subsidy.access import allowed, current_actor, requires
from subsidy.models import Round
from subsidy.services import (
    announcements,
    batch_confirming,
    decision_lists,
    decisions,
    ledger,
    mandate_warnings,
    proposal_batches,
)
from subsidy.views.office import bp
from subsidy.views.office.proposals import criteria_titles
from subsidy.wording.decisions import stage_label
from subsidy.wording.labels import state_label
from workflows.permissions import Can
from workflows.states import RoundState

PAGE = 100
CLOSING = "office.closing"
WAYS = (
    ("office.ledger_of", Can.LEDGER_VIEW, _l("Ceiling and ledger")),
    ("office.reserve_list", Can.LEDGER_VIEW, _l("Reserve list")),
    ("office.scenarios", Can.SCENARIO_VIEW, _l("What if")),
    (CLOSING, Can.ROUND_CLOSE, _l("Close the round")),
)


@bp.get("/ronden/<slug>/besluiten", endpoint="decisions")
@requires(Can.RANKING_VIEW)
def index(round_: Round) -> ResponseReturnValue:
    """List the applications of a round with the decision that stands on each."""
    today = clock.today()
    stage = _known("stand", decision_lists.STAGES)
    outcome = _known("uitkomst", decision_lists.OUTCOMES)
    after = request.args.get("na", "")
    rows = decision_lists.find_rows(
        round_, today=today, stage=stage, outcome=outcome, after=after, limit=PAGE + 1
    )
    shown = rows[:PAGE]
    standing = [row.decision for row in shown if row.decision is not None]
    counts = decision_lists.count_stages(round_, today=today)
    manages = allowed(Can.DECISIONS_MANAGE)

    def here(**narrowed: Any) -> str:
        kept: dict[str, Any] = {"stand": stage or None, "uitkomst": outcome or None}
        return url_for("office.decisions", slug=round_.slug, **{**kept, **narrowed})

    return render_template(
        "office/decisions.html",
        round_=round_,
        rows=shown,
        stage=stage,
        outcome=outcome,
        outcomes=decision_lists.OUTCOMES,
        tabs=[
            ("", _("All"), sum(counts.values()), here(stand=None)),
            *((one, _label(one), count, here(stand=one)) for one, count in counts.items()),
        ],
        titles=criteria_titles(round_),
        stages={
            row.decision.id: decision_lists.UNDRAWN
            if row.undrawn
            else decisions.stage_of(row.decision, today=today)
            for row in shown
            if row.decision is not None
        },
        undrawn=counts.get(decision_lists.UNDRAWN, 0),
        undrawn_url=here(stand=decision_lists.UNDRAWN),
        kind_of=decisions.kind_of,
        mandate_warnings=mandate_warnings.warnings_in(round_, now=clock.now()),
        deliveries=announcements.deliveries_of(standing),
        progress=decisions.progress(round_, today=today),
        by_post=announcements.count_by_post(round_, now=clock.now()),
        left_cents=ledger.left_of(round_),
        to_confirm=batch_confirming.totals(round_, actor=current_actor(), today=today) if manages else None,
        batch=proposal_batches.find_running(round_) if manages else None,
        ways=[
            (label, url_for(endpoint, slug=round_.slug))
            for endpoint, can, label in WAYS
            if allowed(can) and (endpoint != CLOSING or round_.state == RoundState.PUBLISHED)
        ],
        first_url=here() if after else None,
        next_url=here(na=shown[-1].reference) if len(rows) > PAGE else None,
    )


def _known(name: str, values: tuple[str, ...]) -> str:
    asked = request.args.get(name, "")
    return asked if asked in values else ""


def _label(stage: str) -> str:
    if stage == decision_lists.NONE:
        return str(_("No proposal"))
    return str(state_label(stage) if stage == decision_lists.WITHDRAWN else stage_label(stage))
