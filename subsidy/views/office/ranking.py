"""The ranking of a round, with the line at which the money ends."""

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from subsidy import clock
from subsidy.access import allowed, requires
from subsidy.models import Round
from subsidy.services import certainty, decisions
from subsidy.services.ranking import Ranking, ranking_of
from subsidy.services.snapshots import definition_of
from subsidy.views.office import bp
from workflows.permissions import Can

PAGE = 100


@bp.get("/ronden/<slug>/ranglijst", endpoint="ranking")
@requires(Can.RANKING_VIEW)
def index(round_: Round) -> ResponseReturnValue:
    """Show who stands where and what the division gives now; a hundred to a page, by reference."""
    found = ranking_of(round_)
    start = _start(found, request.args.get("na", ""))
    lines = found.lines[start : start + PAGE]
    more = start + PAGE < len(found.lines)
    return render_template(
        "office/ranking.html",
        round_=round_,
        rules=definition_of(round_).rules,
        shows_certainty=certainty.shown_in(round_) and allowed(Can.CERTAINTY_VIEW),
        ranking=found,
        lines=lines,
        start=start,
        progress=decisions.progress(round_, today=clock.today()),
        previous_url=_url(round_, found, start - PAGE) if start else None,
        next_url=_url(round_, found, start + PAGE) if more else None,
    )


def _start(found: Ranking, after: str) -> int:
    """Give how many lines stand before the page after this reference; 404 for one that is not there."""
    places = {line.ranked.reference: number for number, line in enumerate(found.lines, start=1)}
    if after and after not in places:
        abort(404)
    return places.get(after, 0)


def _url(round_: Round, found: Ranking, start: int) -> str:
    after = found.lines[start - 1].ranked.reference if start > 0 else None
    return url_for("office.ranking", slug=round_.slug, na=after)
