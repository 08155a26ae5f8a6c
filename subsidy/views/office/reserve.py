"""The reserve list of a round: what is free, who is next, and why."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from subsidy import clock
from subsidy.access import requires
from subsidy.models import Round
from subsidy.services import reserve
from subsidy.services.reserve import After
from subsidy.views.office import bp
from workflows.permissions import Can


@bp.get("/ronden/<slug>/reservelijst")
@requires(Can.LEDGER_VIEW)
def reserve_list(round_: Round) -> ResponseReturnValue:
    """Show the places in their order, a page at a time, with what is free and whose turn it is."""
    today = clock.today()
    after = request.args.get("na", type=After.read)
    found = reserve.list_of(round_, today=today)
    shown, more = found.page(after)
    here = url_for("office.reserve_list", slug=round_.slug)
    return render_template(
        "office/reserve.html",
        round_=round_,
        found=found,
        shown=shown,
        today=today,
        first_url=f"{here}#lijst" if after else None,
        next_url=url_for("office.reserve_list", slug=round_.slug, na=str(more), _anchor="lijst")
        if more
        else None,
    )
