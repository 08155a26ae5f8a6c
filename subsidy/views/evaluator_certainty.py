"""How sure the order of a round is: beside the ranking, for who may see it where the round allows it."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from subsidy import clock
from subsidy.access import current_actor, id_in, requires
from subsidy.db import db
from subsidy.documents import charts, tables
from subsidy.documents.certainty_figures import charts_of
from subsidy.models import CertaintyRun, Round, User
from subsidy.services import certainty as service
from subsidy.services.figures.certainty import tables_of
from subsidy.services.snapshots import definition_of
from subsidy.views.evaluator import bp, download, picture_of
from subsidy.wording.values import text
from workflows.certainty import Placed
from workflows.permissions import Can

PAGE = 100


@bp.get("/<slug>/zekerheid")
@requires(Can.CERTAINTY_VIEW)
def certainty(round_: Round) -> ResponseReturnValue:
    """Show the last computation, or an earlier one; a hundred applications to a page, by reference."""
    runs = _runs(round_)
    run = _chosen(runs)
    newest = run is not None and run is _finished(runs)
    found = service.result_of(run) if run else None
    criteria = {one.id: text(one.label) for one in definition_of(round_).rules.criteria}
    after = request.args.get("na", "")
    lines, start = _lines(found.applications if found else (), after)
    return render_template(
        "evaluator/certainty.html",
        round=round_,
        runs=[one for one in runs if one.state == service.READY],
        run=run,
        state=runs[0].state if runs else None,
        by=db.session.get(User, run.asked_by) if run and run.asked_by else None,
        stale=newest and run is not None and run.material_digest != service.digest_of(round_),
        newest=newest,
        found=found,
        criteria=criteria,
        reviewers=sorted(found.reviewers, key=lambda one: (one.effect is None, one.effect)) if found else (),
        lines=lines,
        next_after=lines[-1].reference if found and start + PAGE < len(found.applications) else None,
        charts={
            name: charts.keep(_scope(round_), chart) for name, chart in charts_of(found, criteria).items()
        }
        if found
        else {},
    )


@bp.post("/<slug>/zekerheid")
@requires(Can.CERTAINTY_VIEW)
def ask_certainty(round_: Round) -> ResponseReturnValue:
    """Let a job compute it for the scores as they are now."""
    _runs(round_)
    run = service.ask(round_, actor=current_actor(), now=clock.now())
    if run.state == service.READY:
        flash(_("Nothing changed since the last computation."), "message")
    return redirect(url_for("evaluator.certainty", slug=round_.slug), 303)


@bp.get("/<slug>/zekerheid/<int:run>/<name>.csv")
@requires(Can.CERTAINTY_VIEW)
def certainty_table(round_: Round, run: int, name: str) -> ResponseReturnValue:
    """Give one table of a computation as CSV."""
    found = next((one for one in _runs(round_) if one.id == run and one.state == service.READY), None)
    known = tables_of(service.result_of(found)) if found else {}
    if name not in known:
        abort(404)
    return download(tables.csv_of_table(known[name]), f"{round_.slug}-{name}.csv")


@bp.get("/<slug>/zekerheid/grafieken/<digest>.svg")
@requires(Can.CERTAINTY_VIEW)
def certainty_chart(round_: Round, digest: str) -> ResponseReturnValue:
    """Give the picture of a chart."""
    _runs(round_)
    return picture_of(_scope(round_), digest)


def _runs(round_: Round) -> list[CertaintyRun]:
    """Give the computations; where the round does not show them there is no such page."""
    if not service.shown_in(round_):
        abort(404)
    return service.runs_of(round_)


def _finished(runs: list[CertaintyRun]) -> CertaintyRun | None:
    return next((one for one in runs if one.state == service.READY), None)


def _chosen(runs: list[CertaintyRun]) -> CertaintyRun | None:
    """Give the computation that is asked for, else the last that is ready; 404 for one that is not there."""
    wanted = request.args.get("berekening", type=id_in)
    if wanted is None:
        return _finished(runs)
    found = next((one for one in runs if one.id == wanted and one.state == service.READY), None)
    if found is None:
        abort(404)
    return found


def _lines(applications: tuple[Placed, ...], after: str) -> tuple[tuple[Placed, ...], int]:
    """Give the page after this reference, and what comes before it; 404 for one that is not there."""
    places = {one.reference: number for number, one in enumerate(applications, start=1)}
    if after and after not in places:
        abort(404)
    start = places.get(after, 0)
    return applications[start : start + PAGE], start


def _scope(round_: Round) -> str:
    """Keep these pictures apart from the other figures of the round: fewer people may see them."""
    return f"certainty:{round_.slug}"
