"""The money of a round: its ceiling, every line of the ledger, and changing the ceiling."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.ceiling import CeilingForm, ceiling_form
from subsidy import clock
from subsidy.access import current_actor, id_in, requires
from subsidy.documents import charts, ledger_files
from subsidy.models import Round
from subsidy.services import ceiling, ledger, ledger_lines
from subsidy.services.ceiling import CeilingChangeError, Wanted
from subsidy.services.media_types import OOXML
from subsidy.views.evaluator import download, picture_of
from subsidy.views.office import bp
from subsidy.wording.ledger import CONDITIONS, ceiling_note, ceiling_refusal
from subsidy.wording.spoken import language
from workflows import ceiling as policy
from workflows.ceiling import Condition
from workflows.permissions import Can

INVALID = 422
# Which field a refusal is about; any other is about the whole.
FIELD = {
    "reason_needed": "reason",
    "publication_needed": "publication",
    "not_published_yet": "published_on",
    "same_ceiling": "cents",
    "below_promised": "cents",
    "received_before": "conditions",
}


@bp.get("/ronden/<slug>/plafond")
@requires(Can.LEDGER_VIEW)
def ledger_of(round_: Round) -> ResponseReturnValue:
    """Show how much of the ceiling is promised, and each line of the ledger."""
    after, outside_after = request.args.get("na", type=id_in), request.args.get("buiten", type=id_in)
    within = ledger_lines.find_page(round_, after=after)
    outside = ledger_lines.find_page(round_, outside=True, after=outside_after)
    changes = ceiling.find_changes(round_)
    chart = ledger_files.chart_of(round_, ledger_lines.movements_of(round_), changes)
    return render_template(
        "office/ledger.html",
        round_=round_,
        sums=ledger_lines.sums_of(round_),
        left_cents=ledger.left_of(round_),
        fits=ledger.fits(round_),
        history=ledger_lines.has_history(round_),
        changes=len(changes),
        within=within.lines,
        outside=outside.lines,
        chart=None if chart is None else charts.keep(_scope(round_), chart),
        first_url=url_for("office.ledger_of", slug=round_.slug) if after else None,
        next_url=url_for("office.ledger_of", slug=round_.slug, na=within.more) if within.more else None,
        outside_first_url=url_for("office.ledger_of", slug=round_.slug) if outside_after else None,
        outside_next_url=url_for("office.ledger_of", slug=round_.slug, buiten=outside.more)
        if outside.more
        else None,
    )


@bp.get("/ronden/<slug>/plafond/regels.csv")
@requires(Can.LEDGER_VIEW)
def ledger_csv(round_: Round) -> ResponseReturnValue:
    """Give every line as CSV."""
    lines = ledger_files.csv_of_lines(ledger_lines.all_lines(round_))
    return download(lines, f"{round_.slug}-plafond.csv")


@bp.get("/ronden/<slug>/plafond/regels.xlsx")
@requires(Can.LEDGER_VIEW)
def ledger_workbook(round_: Round) -> ResponseReturnValue:
    """Give every line as a workbook."""
    content = ledger_files.workbook_of_lines(ledger_lines.all_lines(round_))
    response = Response(content, mimetype=OOXML["xl/"].name)
    response.headers.set("Content-Disposition", "attachment", filename=f"{round_.slug}-plafond.xlsx")
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/ronden/<slug>/plafond/grafiek/<digest>.svg")
@requires(Can.LEDGER_VIEW)
def ledger_chart(round_: Round, digest: str) -> ResponseReturnValue:
    """Give the picture of how the ceiling filled."""
    return picture_of(_scope(round_), digest)


@bp.get("/ronden/<slug>/plafond/wijzigen")
@requires(Can.CEILING_CHANGE)
def ceiling_of(round_: Round) -> ResponseReturnValue:
    """Ask for another ceiling, and list the changes that were made."""
    return _page(round_, _form(round_))


@bp.post("/ronden/<slug>/plafond/wijzigen")
@requires(Can.CEILING_CHANGE)
def change_ceiling(round_: Round) -> ResponseReturnValue:
    """Change the ceiling."""
    form = _form(round_)
    if not form.validate():
        return _page(round_, form), INVALID
    wanted = _wanted(form)
    warnings = policy.warnings(ceiling.judged(round_, wanted, now=clock.now()))
    try:
        ceiling.change(round_, wanted, seen_cents=form.seen_cents(), actor=current_actor(), now=clock.now())
    except CeilingChangeError as error:
        words = ceiling_refusal(error.code, error.params)
        if error.code in FIELD:
            form[FIELD[error.code]].errors = [words]
        else:
            form.form_errors.append(words)
        return _page(round_, form), INVALID
    flash(_("The ceiling is changed."), "success")
    for code in warnings:
        flash(ceiling_note(code), "warning")
    return redirect(url_for("office.ceiling_of", slug=round_.slug), 303)


def _form(round_: Round) -> CeilingForm:
    sent = request.form if request.method == "POST" else None
    return ceiling_form(CONDITIONS.items(), language=language())(sent, data={"seen": round_.ceiling_cents})


def _wanted(form: CeilingForm) -> Wanted:
    return Wanted(
        cents=form["cents"].data,
        reason=form.reason.data or "",
        publication=form.publication.data or "",
        published_on=form["published_on"].data,
        conditions=frozenset(Condition(one) for one in form["conditions"].data),
    )


def _page(round_: Round, form: CeilingForm) -> str:
    # What was typed stays; the ceiling that it is compared with is the one that the page shows now.
    form.seen.data = str(round_.ceiling_cents)
    return render_template(
        "office/ceiling.html",
        round_=round_,
        form=form,
        left_cents=ledger.left_of(round_),
        history=ceiling.history_of(round_),
        open=round_.state == "published",
    )


def _scope(round_: Round) -> str:
    """Keep these pictures apart from the other figures of the round: fewer people may see them."""
    return f"ledger:{round_.slug}"
