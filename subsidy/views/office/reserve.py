"""The reserve list of a round: what is free, who is next, and why."""

from flask import render_template
from flask.typing import ResponseReturnValue

from subsidy import clock
from subsidy.access import requires
from subsidy.models import Round
from subsidy.services import reserve
from subsidy.views.office import bp
from workflows.permissions import Can


@bp.get("/ronden/<slug>/reservelijst")
@requires(Can.LEDGER_VIEW)
def reserve_list(round_: Round) -> ResponseReturnValue:
    """Show the places in their order, with what is free and whose turn it is."""
    today = clock.today()
    return render_template(
        "office/reserve.html", round_=round_, found=reserve.list_of(round_, today=today), today=today
    )
