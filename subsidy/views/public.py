"""Pages for everyone, without an account: the front door, the rounds, and what is asked in them."""

import json
from importlib import import_module
from pathlib import Path

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import text as sql
from sqlalchemy.exc import SQLAlchemyError

from forms.correspondence import QuestionForm
from forms.lots import LotForm
from subsidy import clock
from subsidy.access import current_actor, public, requires
from subsidy.data import FOLDER
from subsidy.db import db
from subsidy.models import Application, Round
from subsidy.services import call_questions, ceiling, following
from subsidy.services.call_questions import ClosedError
from subsidy.services.calls import Call, call_of, list_calls
from subsidy.services.reference import reference_of
from subsidy.services.snapshots import definition_of
from subsidy.services.throttle import TooManyAttemptsError
from subsidy.views.blank_form import blank_form
from subsidy.views.course import course_of
from subsidy.wording.correspondence import ask_later
from subsidy.wording.rules import conditions, division, kind_titles
from subsidy.wording.values import decimal, instant, money, text
from workflows.lots import draws_lots, recipe
from workflows.permissions import Can
from workflows.rules import Criterion
from workflows.scoring import lot_of

bp = Blueprint("public", __name__)

SCHEMAS = {
    "subsidy-round-1": "round.schema.json",
    "subsidy-decision-1": "decision.schema.json",
}
INVALID, TOO_MANY, UNAVAILABLE = 422, 429, 503


@bp.get("/")
@requires(Can.ROUND_LIST_PUBLIC)
def index() -> ResponseReturnValue:
    """Show what is open now, what is coming, and how applying goes."""
    return render_template("public/index.html", calls=list_calls(clock.now()))


@bp.get("/ronden")
@requires(Can.ROUND_LIST_PUBLIC)
def rounds() -> ResponseReturnValue:
    """List every published round by where it stands."""
    return render_template("public/rounds.html", calls=list_calls(clock.now()))


@bp.get("/ronden/<slug>")
@requires(Can.ROUND_VIEW_PUBLIC)
def round(round_: Round) -> ResponseReturnValue:
    """Show one round: who can apply, for what, until when, and how it goes on."""
    call = call_of(round_, clock.now())
    rules = call.definition.rules
    titles = {one.id: text(one.label) for one in rules.criteria}
    return render_template(
        "public/round.html",
        call=call,
        round=round_,
        drafts=_drafts(round_),
        definition=call.definition,
        conditions=conditions(rules, kind_titles(), _places(call)),
        ceiling_changes=ceiling.find_changes(round_),
        draws_lots=draws_lots(rules),
        division=division(rules, round_.ceiling_cents, titles),
        course=course_of(call),
        in_short=_in_short(call),
        anchors_of=_anchors_of,
        questions=call_questions.find_published(round_),
        changed_at=call_questions.changed_at,
        takes_questions=call_questions.takes_questions(round_, now=clock.now()),
    )


@bp.get("/ronden/<slug>/formulier")
@requires(Can.ROUND_VIEW_PUBLIC)
def form(round_: Round) -> ResponseReturnValue:
    """Show the whole application form, to read before registering."""
    call = call_of(round_, clock.now())
    parts = blank_form(call.definition)
    return render_template("public/form.html", call=call, round=round_, drafts=_drafts(round_), parts=parts)


@bp.get("/ronden/<slug>/loting")
@requires(Can.ROUND_VIEW_PUBLIC)
def lots(round_: Round) -> ResponseReturnValue:
    """Say how lots are drawn in this round, and draw the lot of any reference that somebody types.

    The reference is not looked up: the answer is the same whether there is such an application or not.
    """
    rules = definition_of(round_).rules
    if not draws_lots(rules):
        abort(404)
    asked = "aanvraag" in request.args
    form = LotForm(request.args if asked else None)
    fits = asked and form.validate()
    reference = (form.aanvraag.data or "") if fits else ""
    page = render_template(
        "public/lots.html",
        round=round_,
        rules=rules,
        form=form,
        recipe=recipe(rules, reference or _("REFERENCE")),
        reference=reference,
        lot=lot_of(rules, reference) if reference else None,
    )
    return (page, INVALID) if asked and not fits else page


@bp.get("/ronden/<slug>/vraag")
@requires(Can.QUESTION_ASK)
def ask(round_: Round) -> ResponseReturnValue:
    """Ask a question about the call; one's own questions stand below."""
    return _ask(round_, QuestionForm())


@bp.post("/ronden/<slug>/vraag")
@requires(Can.QUESTION_ASK)
def send_question(round_: Round) -> ResponseReturnValue:
    """Send a question to the office."""
    form = QuestionForm(request.form)
    if not form.validate():
        return _ask(round_, form), INVALID
    try:
        call_questions.ask(round_, form.text.data or "", actor=current_actor(), now=clock.now())
    except ClosedError:
        return _ask(round_, form), INVALID
    except TooManyAttemptsError as error:
        form.form_errors.append(ask_later(error.seconds))
        return _ask(round_, form), TOO_MANY
    flash(_("Your question was sent. You get the answer by e-mail."), "success")
    return redirect(url_for("public.ask", slug=round_.slug), 303)


@bp.get("/toegankelijkheid")
@public
def accessibility() -> ResponseReturnValue:
    """Say how accessible these pages are, and what to do when something does not work."""
    return render_template("public/accessibility.html")


@bp.get("/schemas/<name>.json")
@public
def schema(name: str) -> ResponseReturnValue:
    """Give a JSON Schema: of a round file, or of the decision in a letter. Its `$id` is where it stands."""
    if name not in SCHEMAS:
        abort(404)
    content = json.loads((Path(FOLDER) / "schemas" / SCHEMAS[name]).read_bytes())
    here = f"{current_app.config['SETTINGS'].base_url}{url_for('public.schema', name=name)}"
    body = json.dumps(content | {"$id": here}, ensure_ascii=False, indent=1)
    response = Response(body, mimetype="application/schema+json")
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@bp.get("/gezond")
@public
def health() -> ResponseReturnValue:
    """Tell a monitor whether the program and its database answer: 200, else 503; plain text."""
    try:
        db.session.execute(sql("SELECT 1"))
    except SQLAlchemyError:
        return _plain("database does not answer", UNAVAILABLE)
    return _plain("ok", 200)


def _ask(round_: Round, form: QuestionForm) -> str:
    asker = current_actor().user_id
    return render_template(
        "public/ask.html",
        round=round_,
        form=form,
        takes_questions=call_questions.takes_questions(round_, now=clock.now()),
        own=call_questions.find_own(round_, asker) if asker is not None else (),
    )


def _plain(words: str, status: int) -> Response:
    response = Response(f"{words}\n", status, mimetype="text/plain")
    response.headers["Cache-Control"] = "no-store"
    return response


def _drafts(round_: Round) -> list[Application]:
    """What this person works on already: who comes back by this page must not begin anew by mistake."""
    user_id = current_actor().user_id
    return following.drafts_in(round_, user_id) if user_id else []


def _in_short(call: Call) -> list[dict[str, str]]:
    """Give what most people come to look for."""
    rules = call.definition.rules
    most, months = rules.max_amount_cents, rules.max_months
    facts = [
        (_("Opens"), instant(call.round.opens_at)),
        (_("Closes"), instant(call.round.closes_at)),
        (_("Ceiling"), money(call.round.ceiling_cents)),
        (_("At most for each application"), "" if most is None else money(most)),
        (_("At most this long"), "" if months is None else _("%(months)s months", months=months)),
    ]
    return [{"key": key, "value": value} for key, value in facts if value]


def _anchors_of(criterion: Criterion) -> list[dict[str, str]]:
    """Give what the scores of a criterion mean, best first."""
    best_first = sorted(criterion.anchors, key=lambda one: abs(one.score - criterion.best))
    return [{"key": decimal(float(one.score)), "value": text(one.text)} for one in best_first]


def _places(call: Call) -> list[str]:
    """Give the names of the municipalities to which a round is limited, by name."""
    allowed = call.definition.rules.allowed_municipalities
    if not allowed:
        return []
    reference = reference_of(call.round.reference_version)
    codes = {reference.resolve(code) for code in allowed}
    return sorted(reference.municipalities[code].name for code in codes if code is not None)


import_module("subsidy.views.public_genuine")
