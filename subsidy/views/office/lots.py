"""The lots of a round, and which places in the ranking a lot decided."""

from collections.abc import Sequence

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from subsidy.access import requires
from subsidy.models import Round
from subsidy.services.lots import lots_of
from subsidy.services.snapshots import definition_of
from subsidy.views.office import bp
from workflows.lots import Drawn, draws_lots
from workflows.permissions import Can

PAGE = 100
TIED = "gelijk"


@bp.get("/ronden/<slug>/loting")
@requires(Can.RANKING_VIEW)
def lots(round_: Round) -> ResponseReturnValue:
    """Show the lots in order of the ranking, a hundred to a page; `toon=gelijk` those that decided."""
    if not draws_lots(definition_of(round_).rules):
        abort(404)
    found = lots_of(round_)
    shown = TIED if request.args.get("toon") == TIED else None
    rows = [one for one in found.drawn if shown is None or one.tie is not None]
    start = _start(rows, request.args.get("na", ""))
    return render_template(
        "office/lots.html",
        round_=round_,
        rules=definition_of(round_).rules,
        lots=found,
        rows=rows[start : start + PAGE],
        shown=shown,
        sizes={tie[0].tie: len(tie) for tie in found.ties},
        previous_url=_url(round_, rows, start - PAGE, shown) if start else None,
        next_url=_url(round_, rows, start + PAGE, shown) if start + PAGE < len(rows) else None,
    )


def _start(rows: Sequence[Drawn], after: str) -> int:
    """Give how many rows stand before the page after this reference; 404 for one that is not there."""
    places = {one.reference: number for number, one in enumerate(rows, start=1)}
    if after and after not in places:
        abort(404)
    return places.get(after, 0)


def _url(round_: Round, rows: Sequence[Drawn], start: int, shown: str | None) -> str:
    after = rows[start - 1].reference if start > 0 else None
    return url_for("office.lots", slug=round_.slug, na=after, toon=shown)
