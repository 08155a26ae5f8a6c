"""What if: the scenarios of a round, making and changing one, and throwing one away."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.scenarios import NameForm, ScenarioForm, data_of, scenario_form
from subsidy import clock
from subsidy.access import current_actor, id_in, requires
from subsidy.models import Round, Scenario
from subsidy.services import scenario_results
from subsidy.services import scenarios as service
from subsidy.services.scenarios import LONGEST_NAME, ScenarioError, ScenarioValues
from subsidy.services.snapshots import definition_of
from subsidy.views.office import bp
from subsidy.wording.scenarios import options_of, scenario_refusal
from subsidy.wording.spoken import language
from workflows.permissions import Can
from workflows.rules import Rules

INVALID, CONFLICT = 422, 409


@bp.get("/ronden/<slug>/wat-als")
@requires(Can.SCENARIO_VIEW)
def scenarios(round_: Round) -> ResponseReturnValue:
    """List the scenarios with their key figures; ten to a page."""
    after = request.args.get("na", type=id_in)
    listed, next_after = service.list_scenarios(round_, after=after)
    return render_template(
        "office/scenarios.html",
        round_=round_,
        listed=listed,
        ways=scenario_results.ways_of([one.scenario for one in listed]),
        digest=service.digest_of(round_) if listed else None,
        most=scenario_results.MOST_COMPARED,
        first_url=url_for("office.scenarios", slug=round_.slug) if after else None,
        next_url=url_for("office.scenarios", slug=round_.slug, na=next_after) if next_after else None,
    )


@bp.route("/ronden/<slug>/wat-als/nieuw", methods=["GET", "POST"])
@requires(Can.SCENARIO_MANAGE)
def create_scenario(round_: Round) -> ResponseReturnValue:
    """Fill in a scenario; the rules and the ceiling of the round stand in the form to be changed."""
    rules = definition_of(round_).rules
    form = _form(rules, {"ceiling_cents": round_.ceiling_cents, **data_of(rules)})
    values = _typed(form, rules) if request.method == "POST" else None
    if values is not None:
        try:
            made = service.make(round_, values, actor=current_actor(), now=clock.now())
        except ScenarioError as error:
            _refuse(form, error)
        else:
            flash(_("The scenario is saved. Nothing in the round changed."), "success")
            return redirect(url_for("office.compare_scenarios", slug=round_.slug, s=made.id), 303)
    return _page(round_, form, None)


@bp.route("/ronden/<slug>/wat-als/<int:scenario>/wijzigen", methods=["GET", "POST"])
@requires(Can.SCENARIO_MANAGE)
def edit_scenario(round_: Round, scenario: int) -> ResponseReturnValue:
    """Change a scenario, its name and its note."""
    found = find_or_404(round_, scenario)
    stored = service.values_of(found)
    form = _form(stored.rules, _data(found, stored))
    values = _typed(form, stored.rules) if request.method == "POST" else None
    if values is not None:
        try:
            service.change(
                found, round_, values, version=form.version_seen, actor=current_actor(), now=clock.now()
            )
        except ScenarioError as error:
            if error.code == "gone":
                return _gone(round_)
            if error.code == "clash":
                form["version"].data = str(found.version)
            _refuse(form, error)
        else:
            flash(_("The scenario is saved. Nothing in the round changed."), "success")
            return redirect(url_for("office.compare_scenarios", slug=round_.slug, s=found.id), 303)
    return _page(round_, form, found)


@bp.post("/ronden/<slug>/wat-als/<int:scenario>/kopie")
@requires(Can.SCENARIO_MANAGE)
def copy_scenario(round_: Round, scenario: int) -> ResponseReturnValue:
    """Copy a scenario under another name, to go on from it."""
    found = find_or_404(round_, scenario)
    stored = service.values_of(found)
    naming = NameForm(request.form)
    if naming.validate():
        try:
            made = service.copy(
                found, round_, naming["copy_name"].data, actor=current_actor(), now=clock.now()
            )
        except ScenarioError as error:
            naming["copy_name"].errors = [scenario_refusal(error.code)]
        else:
            flash(_("The copy is made. Change in it what you want to try."), "success")
            return redirect(url_for("office.edit_scenario", slug=round_.slug, scenario=made.id), 303)
    form = _form(stored.rules, _data(found, stored), typed=None)
    return _page(round_, form, found, naming=naming)


@bp.post("/ronden/<slug>/wat-als/<int:scenario>/verwijderen")
@requires(Can.SCENARIO_MANAGE)
def delete_scenario(round_: Round, scenario: int) -> ResponseReturnValue:
    """Throw a scenario away."""
    found = service.find_scenario(round_, scenario)
    if found is None:
        return _gone(round_)
    version = request.form.get("version", type=id_in) or 0
    try:
        service.delete(found, round_, version=version, actor=current_actor(), now=clock.now())
    except ScenarioError as error:
        if error.code == "gone":
            return _gone(round_)
        flash(_("Somebody else changed this scenario after you opened it. It was not deleted."), "warning")
        return redirect(url_for("office.edit_scenario", slug=round_.slug, scenario=found.id), 303)
    flash(_("The scenario is deleted."), "success")
    return redirect(url_for("office.scenarios", slug=round_.slug), 303)


def find_or_404(round_: Round, scenario_id: int) -> Scenario:
    """Give a scenario of this round, or the page that there is none."""
    found = service.find_scenario(round_, scenario_id)
    if found is None:
        abort(404)
    return found


def _form(rules: Rules, data: dict[str, Any], *, typed: Any = ...) -> ScenarioForm:
    kind = scenario_form(rules, options=options_of(rules), language=language())
    return kind((request.form or None) if typed is ... else typed, data=data)


def _data(scenario: Scenario, stored: ScenarioValues) -> dict[str, Any]:
    return {
        "version": scenario.version,
        "name": stored.name,
        "note": stored.note,
        "ceiling_cents": stored.ceiling_cents,
        **data_of(stored.rules),
    }


def _typed(form: ScenarioForm, base: Rules) -> ScenarioValues | None:
    """Give the values when everything typed makes sense; the errors are in the form otherwise."""
    if not form.validate():
        return None
    rules = form.rules(base)
    if rules is None:
        return None
    return ScenarioValues(form["name"].data, form["note"].data, form["ceiling_cents"].data, rules)


def _refuse(form: ScenarioForm, error: ScenarioError) -> None:
    words = scenario_refusal(error.code)
    if error.code == "name_taken":
        form["name"].errors = [words]
    else:
        form.form_errors.append(words)


def _gone(round_: Round) -> ResponseReturnValue:
    flash(scenario_refusal("gone"), "warning")
    return redirect(url_for("office.scenarios", slug=round_.slug), 303)


def _page(
    round_: Round, form: ScenarioForm, scenario: Scenario | None, *, naming: NameForm | None = None
) -> ResponseReturnValue:
    copied = None
    if scenario is not None:
        name = _("%(name)s (copy)", name=scenario.name[: LONGEST_NAME - 20])
        copied = naming or NameForm(data={"copy_name": name})
    page = render_template(
        "office/scenario_form.html", round_=round_, form=form, scenario=scenario, naming=copied
    )
    return page, 200 if request.method == "GET" else INVALID
