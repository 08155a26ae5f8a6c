"""Making a round from a kind, and changing it while it is in preparation."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.office_rounds import OF_REVIEW, RoundForm, round_form
from forms.rules import PLAIN
from subsidy import clock
from subsidy.access import current_actor, requires
from subsidy.models import Round
from subsidy.services import rounds
from subsidy.services.rounds import RoundError, RoundValues
from subsidy.services.snapshots import definition_of
from subsidy.views.office import bp
from subsidy.wording.office import office_error, rule_options
from subsidy.wording.spoken import language
from subsidy.wording.values import text
from workflows.definition import RoundDefinition
from workflows.kinds import KINDS
from workflows.permissions import Can
from workflows.rules import Rules
from workflows.states import RoundState


@bp.route("/ronden/nieuw", methods=["GET", "POST"])
@requires(Can.ROUND_CREATE)
def create_round() -> ResponseReturnValue:
    """Choose a kind, then fill in the round; the rules of the kind stand in the form to be changed."""
    kind = request.values.get("soort", "")
    if request.method == "GET" and not kind:
        return render_template("office/round_kind.html", kinds=KINDS)
    if kind not in KINDS:
        abort(404)
    definition = KINDS[kind]
    here = url_for("office.create_round", soort=kind)
    form = _form(definition, request.form or None, _of_kind(definition))
    values = _typed(form, definition) if request.method == "POST" else None
    if values is not None:
        try:
            round_ = rounds.create(kind, values, actor=current_actor(), now=clock.now())
        except RoundError as error:
            _refuse(form, error)
        else:
            flash(_("The round is in preparation. Publish it when everything is right."), "success")
            return redirect(url_for("office.round", slug=round_.slug), 303)
    return _page(form, definition, here, None)


@bp.route("/ronden/<slug>/wijzigen", methods=["GET", "POST"])
@requires(Can.ROUND_EDIT)
def edit_round(round_: Round) -> ResponseReturnValue:
    """Change a round in preparation; after publication its rules are frozen."""
    if round_.state != RoundState.DRAFT:
        flash(office_error("frozen"), "warning")
        return redirect(url_for("office.round", slug=round_.slug), 303)
    definition = definition_of(round_)
    here = url_for("office.edit_round", slug=round_.slug)
    form = _form(definition, request.form or None, _of_round(round_))
    values = _typed(form, definition) if request.method == "POST" else None
    if values is not None:
        try:
            rounds.change(
                round_, values, seen=form["seen"].data or "", actor=current_actor(), now=clock.now()
            )
        except RoundError as error:
            _refuse(form, error)
            if error.code == "changed_meanwhile":
                form["seen"].data = rounds.fingerprint(round_)
        else:
            flash(_("The round is saved."), "success")
            return redirect(url_for("office.round", slug=round_.slug), 303)
    return _page(form, definition, here, round_)


def _form(definition: RoundDefinition, typed: Any, data: dict[str, Any]) -> RoundForm:
    options = rule_options({code: text(one.title) for code, one in KINDS.items()})
    kind = round_form(criteria=definition.rules.criteria, options=options, language=language())
    return kind(typed, data=data)


def _of_kind(definition: RoundDefinition) -> dict[str, Any]:
    return {
        "ceiling_cents": definition.default_ceiling_cents,
        **_of_definition(definition),
    }


def _of_round(round_: Round) -> dict[str, Any]:
    stored = {name: getattr(round_, name) for name in rounds.OF_ROUND}
    return {**stored, **_of_definition(definition_of(round_)), "seen": rounds.fingerprint(round_)}


def _of_definition(definition: RoundDefinition) -> dict[str, Any]:
    data: dict[str, Any] = {name: getattr(definition.rules, name) for name in PLAIN}
    for one in definition.rules.criteria:
        data[f"weight-{one.id}"], data[f"threshold-{one.id}"] = one.weight, one.threshold
    return {
        **data,
        **{name: getattr(definition.terms, name) for name in rounds.OF_TERMS},
        **{name: getattr(definition.reviewing, name) for name in OF_REVIEW},
        "uses_rebuttal": definition.uses_rebuttal,
        "signatures_required": definition.signatures_required,
    }


def _typed(form: RoundForm, definition: RoundDefinition) -> RoundValues | None:
    """Give the values when everything typed makes sense; the errors are in the form otherwise."""
    if not form.validate():
        return None
    rules: Rules | None = form.rules(definition.rules)
    if rules is None:
        return None
    names = (*rounds.OF_ROUND, *rounds.OF_TERMS, "uses_rebuttal", "signatures_required")
    typed = {name: form[name].data for name in names}
    return RoundValues(**typed, rules=rules, reviewing=form.reviewing(definition.reviewing))


def _refuse(form: RoundForm, error: RoundError) -> None:
    message = office_error(error.code, error.params)
    if error.code == "slug_taken":
        form["slug"].errors = [message]
    else:
        form.form_errors.append(message)


def _page(
    form: RoundForm, definition: RoundDefinition, here: str, round_: Round | None
) -> ResponseReturnValue:
    page = render_template(
        "office/round_form.html", form=form, definition=definition, here=here, round_=round_
    )
    return page, 200 if request.method == "GET" else 422
