"""Pages of the evaluator: the figures of one round and of all that this person may see.

Every query starts from the person: a round in which they take part, or have an interest before its
decisions are announced, is in no total (Awb 2:4).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module

from flask import Blueprint, Response, abort, render_template, send_file, stream_with_context
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from subsidy.access import allowed, current_actor, requires
from subsidy.documents import charts, tables
from subsidy.documents.figures import Figure, figure_of, names_of
from subsidy.models import Round
from subsidy.services import certainty, reach, statistics
from subsidy.services.figures.cases import Case, cases_of
from subsidy.services.figures.counting import count
from subsidy.services.figures.table import Table
from workflows.permissions import Can

bp = Blueprint("evaluator", __name__, url_prefix="/cijfers")

FOR_EVER = 365 * 24 * 3600
ALL_ROUNDS = "alle-rondes"


@dataclass(frozen=True, slots=True)
class Section:
    """Figures that belong together, in the order of the page."""

    id: str
    title: LazyString
    figures: tuple[str, ...]


SECTIONS = (
    Section("rondes", _l("Rounds"), ("rounds", "kinds")),
    Section("verloop", _l("From application to award"), ("funnel", "outcomes", "grounds", "checks")),
    Section("geld", _l("Money"), ("money", "awards")),
    Section(
        "samenwerking",
        _l("Who applies together"),
        ("domains", "domain-mixes", "domain-numbers", "leads", "bridges", "themes"),
    ),
    Section("regios", _l("Regions"), ("ggd", "province", "zorgkantoor", "scales", "blank-spots")),
    Section("beoordeling", _l("Assessment"), ("totals", "criteria", "interests")),
    Section("proces", _l("Time and follow-up"), ("received", "lead-times", "pathway", "returning")),
)


@bp.get("")
@requires(Can.STATISTICS_VIEW)
def index() -> ResponseReturnValue:
    """Show the figures of all rounds together."""
    rounds = statistics.rounds_within(current_actor())
    cases = cases_of(rounds)
    found = statistics.tables_of_rounds(rounds, cases)
    page = _page(rounds, cases, found, scope=_scope(rounds))
    return render_template("evaluator/index.html", **page)


@bp.get("/<slug>")
@requires(Can.STATISTICS_VIEW)
def round(round_: Round) -> ResponseReturnValue:
    """Show the figures of one round."""
    cases = cases_of([round_])
    found = statistics.tables_of_round(round_, cases)
    page = _page([round_], cases, found, scope=round_.slug)
    shows_certainty = certainty.shown_in(round_) and allowed(Can.CERTAINTY_VIEW)
    return render_template("evaluator/round.html", round=round_, shows_certainty=shows_certainty, **page)


@bp.get("/tabellen/<name>.csv")
@requires(Can.STATISTICS_EXPORT)
def table(name: str) -> ResponseReturnValue:
    """Give one table over all rounds as CSV."""
    rounds = statistics.rounds_within(current_actor())
    return _csv_of(statistics.tables_of_rounds(rounds, cases_of(rounds)), name, ALL_ROUNDS)


@bp.get("/<slug>/tabellen/<name>.csv")
@requires(Can.STATISTICS_EXPORT)
def round_table(round_: Round, name: str) -> ResponseReturnValue:
    """Give one table of one round as CSV."""
    return _csv_of(statistics.tables_of_round(round_, cases_of([round_])), name, round_.slug)


@bp.get("/aanvragen.csv")
@requires(Can.STATISTICS_EXPORT)
def applications() -> ResponseReturnValue:
    """Give every application of all rounds as CSV."""
    return _csv_of_applications(statistics.rounds_within(current_actor()), ALL_ROUNDS)


@bp.get("/<slug>/aanvragen.csv")
@requires(Can.STATISTICS_EXPORT)
def round_applications(round_: Round) -> ResponseReturnValue:
    """Give every application of one round as CSV."""
    return _csv_of_applications([round_], round_.slug)


@bp.get("/evaluatie.json")
@requires(Can.STATISTICS_EXPORT)
def evaluation() -> ResponseReturnValue:
    """Give the figures that `flask round evaluate` prints, over the rounds of this person."""
    rounds = statistics.rounds_within(current_actor())
    return statistics.evaluation_of(rounds, cases_of(rounds))


@bp.get("/grafieken/<digest>.svg")
@requires(Can.STATISTICS_VIEW)
def chart(digest: str) -> ResponseReturnValue:
    """Give the picture of a chart over all rounds."""
    return picture_of(_scope(statistics.rounds_within(current_actor())), digest)


@bp.get("/<slug>/grafieken/<digest>.svg")
@requires(Can.STATISTICS_VIEW)
def round_chart(round_: Round, digest: str) -> ResponseReturnValue:
    """Give the picture of a chart of one round."""
    return picture_of(round_.slug, digest)


def _page(
    rounds: Sequence[Round], cases: Sequence[Case], found: Mapping[str, Table], *, scope: str
) -> dict[str, object]:
    names = names_of(rounds)
    figures = {name: figure_of(one, names) for name, one in found.items() if one.rows}
    sections = [
        (section.id, section.title, [figures[name] for name in section.figures if name in figures])
        for section in SECTIONS
    ]
    return {
        "sections": [section for section in sections if section[2]] if cases else [],
        "counted": count(cases),
        "ceiling_cents": sum(one.ceiling_cents for one in statistics.with_decisions(rounds, cases)),
        "charts": _kept(scope, figures),
        "kind": names["kind"],
    }


def _kept(scope: str, figures: Mapping[str, Figure]) -> dict[str, str]:
    """Write down what the charts of a page show; give the digest that each picture is asked for by."""
    return {name: charts.keep(scope, one.chart) for name, one in figures.items() if one.chart is not None}


def _scope(rounds: Sequence[Round]) -> str:
    """Name a set of rounds, for the charts that are drawn over them together; no slug has a comma."""
    return ",".join(["rounds", *(one.slug for one in rounds)])


def picture_of(scope: str, digest: str) -> ResponseReturnValue:
    """Give a picture that was kept in this scope; 404 for any other."""
    path = charts.find_svg(scope, digest)
    if path is None:
        abort(404)
    response = send_file(path, mimetype="image/svg+xml")
    response.headers["Cache-Control"] = f"private, max-age={FOR_EVER}, immutable"
    return response


def _csv_of(found: Mapping[str, Table], name: str, of: str) -> ResponseReturnValue:
    if name not in found:
        abort(404)
    return download(tables.csv_of_table(found[name]), f"{of}-{name}.csv")


def _csv_of_applications(rounds: Sequence[Round], of: str) -> ResponseReturnValue:
    """Give the applications without those on which this person has an interest: its content stays closed."""
    hidden = frozenset(reach.hidden_from(current_actor()))
    cases = [one for one in cases_of(rounds) if one.id not in hidden]
    slugs = {one.id: one.slug for one in rounds}
    return download(tables.csv_of_cases(cases, slugs), f"{of}-aanvragen.csv")


def download(lines: Iterator[str], name: str) -> Response:
    """Give lines of CSV as a file to keep."""
    response = Response(stream_with_context(lines), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


import_module("subsidy.views.evaluator_certainty")
