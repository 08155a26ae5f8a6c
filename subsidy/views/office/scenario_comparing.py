"""Scenarios side by side, with what the rules of the round give: as a page, a workbook and a PDF."""

from collections.abc import Sequence

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from subsidy import clock
from subsidy.access import current_actor, id_in, requires
from subsidy.documents import charts
from subsidy.documents.scenario_figures import charts_of, labels_of
from subsidy.documents.scenario_workbook import workbook_of
from subsidy.models import Round, Scenario
from subsidy.services import scenario_reports, scenario_results
from subsidy.services import scenarios as service
from subsidy.services.scenario_results import MOST_COMPARED, Content, Line
from subsidy.services.scenarios import ScenarioError
from subsidy.views.evaluator import picture_of
from subsidy.views.office import bp
from subsidy.views.stored import stored_pdf
from subsidy.wording.scenarios import scenario_refusal
from workflows.permissions import Can

PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/ronden/<slug>/wat-als/vergelijken")
@requires(Can.SCENARIO_VIEW)
def compare_scenarios(round_: Round) -> ResponseReturnValue:
    """Set at most three scenarios beside the round itself; the largest differences first."""
    ids = _ids(request.args.getlist("s"))
    if not ids or len(ids) > MOST_COMPARED:
        flash(_("Choose one, two or three scenarios to compare."), "warning")
        return redirect(url_for("office.scenarios", slug=round_.slug), 303)
    chosen = _find(round_, ids)
    if len({one.frozen_sha256 for one in chosen}) > 1:
        return render_template("office/scenario_apart.html", round_=round_, chosen=chosen, ids=ids)
    content = scenario_results.content_of(round_, chosen)
    found = scenario_results.compare(content)
    everything = request.args.get("alles") == "1"
    lines = found.lines if everything else found.differing
    start = _start(lines, request.args.get("na", ""))
    scope = _scope(round_)
    more = start + PAGE < len(lines)
    return render_template(
        "office/scenario_compare.html",
        round_=round_,
        chosen=chosen,
        ids=ids,
        found=found,
        labels=labels_of(found),
        everything=everything,
        lines=lines[start : start + PAGE],
        stale=service.digest_of(round_) != content.frozen_sha256,
        standing=scenario_reports.standing_of(content),
        content=content,
        titles={one.id: one.title for way in (found.own, *found.ways) for one in way.rules.criteria},
        charts={name: charts.keep(scope, chart) for name, chart in charts_of(found).items()},
        previous_url=_url(round_, ids, lines, start - PAGE, everything=everything) if start else None,
        next_url=_url(round_, ids, lines, start + PAGE, everything=everything) if more else None,
    )


@bp.get("/ronden/<slug>/wat-als/vergelijken.xlsx")
@requires(Can.SCENARIO_VIEW, writes=True)
def scenarios_workbook(round_: Round) -> ResponseReturnValue:
    """Give the comparison as a workbook, with every application."""
    content = _content(round_, request.args.getlist("s"))
    now = clock.now()
    workbook = workbook_of(scenario_results.compare(content), made_at=now)
    scenario_reports.looked(content.digest, current_actor(), now=now)
    answer = Response(workbook, mimetype=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="wat-als-{round_.slug}.xlsx"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/ronden/<slug>/wat-als/pdf")
@requires(Can.SCENARIO_VIEW)
def make_scenarios_pdf(round_: Round) -> ResponseReturnValue:
    """Let a job draw the comparison as a PDF."""
    given = request.form.getlist("s")
    content = _content(round_, given)
    scenario_reports.ask(round_, content, actor=current_actor(), now=clock.now())
    flash(_("The PDF is being made. This takes a moment."), "message")
    return redirect(url_for("office.compare_scenarios", slug=round_.slug, s=_ids(given)) + "#meenemen", 303)


@bp.get("/ronden/<slug>/wat-als/pdf/<digest>")
@requires(Can.SCENARIO_VIEW, writes=True)
def scenarios_pdf(round_: Round, digest: str) -> ResponseReturnValue:
    """Give the PDF as it is stored."""
    report = scenario_reports.find_report(round_, digest)
    if report is None or report.pdf_sha256 is None:
        abort(404)
    scenario_reports.looked(digest, current_actor(), now=clock.now())
    return stored_pdf(report.pdf_sha256, f"wat-als-{round_.slug}.pdf", save=True)


@bp.post("/ronden/<slug>/wat-als/opnieuw")
@requires(Can.SCENARIO_MANAGE)
def renew_scenarios(round_: Round) -> ResponseReturnValue:
    """Compute these scenarios on the round as it is now, with the same changes."""
    ids = _ids(request.form.getlist("s"))
    chosen = _find(round_, ids)
    try:
        service.renew(chosen, round_, actor=current_actor(), now=clock.now())
    except ScenarioError as error:
        flash(scenario_refusal(error.code), "warning")
        return redirect(url_for("office.scenarios", slug=round_.slug), 303)
    flash(_("The scenarios are computed on the round as it is now."), "success")
    return redirect(url_for("office.compare_scenarios", slug=round_.slug, s=ids), 303)


@bp.get("/ronden/<slug>/wat-als/grafieken/<digest>.svg")
@requires(Can.SCENARIO_VIEW)
def scenarios_chart(round_: Round, digest: str) -> ResponseReturnValue:
    """Give the picture of a chart."""
    return picture_of(_scope(round_), digest)


def _ids(given: Sequence[str]) -> list[int]:
    """Read the ids once each; 404 for what no row can have."""
    try:
        return list(dict.fromkeys(id_in(one) for one in given))
    except ValueError:
        abort(404)


def _find(round_: Round, ids: Sequence[int]) -> list[Scenario]:
    """Give the scenarios, at most three and all of this round; 404 otherwise."""
    chosen = service.find_several(round_, ids[: MOST_COMPARED + 1])
    if not chosen or len(chosen) != len(ids) or len(ids) > MOST_COMPARED:
        abort(404)
    return chosen


def _content(round_: Round, given: Sequence[str]) -> Content:
    """Give what is compared; 404 for scenarios that cannot stand beside each other."""
    chosen = _find(round_, _ids(given))
    if len({one.frozen_sha256 for one in chosen}) > 1:
        abort(404)
    return scenario_results.content_of(round_, chosen)


def _start(lines: Sequence[Line], after: str) -> int:
    """Give how many lines stand before the page after this reference; 404 for one that is not there."""
    places = {line.application.reference: number for number, line in enumerate(lines, start=1)}
    if after and after not in places:
        abort(404)
    return places.get(after, 0)


def _url(round_: Round, ids: Sequence[int], lines: Sequence[Line], start: int, *, everything: bool) -> str:
    after = lines[start - 1].application.reference if start > 0 else None
    address = url_for(
        "office.compare_scenarios", slug=round_.slug, s=ids, na=after, alles=1 if everything else None
    )
    return f"{address}#aanvragen"


def _scope(round_: Round) -> str:
    """Keep these pictures apart from the other figures of the round: fewer people may see them."""
    return f"scenarios:{round_.slug}"
