"""The advice of the committee on one application: agreed scores, a place in the order, the reasons."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from forms.decisions import AdviceForm, advice_form
from subsidy import clock
from subsidy.access import current_actor, id_in, requires
from subsidy.models import Application, PanelAdvice
from subsidy.services import advice as service
from subsidy.services import agenda, decisions
from subsidy.services.decisions import DecisionError
from subsidy.services.ranking import Line, ranking_of
from subsidy.services.snapshots import definition_of
from subsidy.views.concluding import conclusion_in, data_of, refuse
from subsidy.views.office import bp
from subsidy.wording.spoken import language
from workflows.machine import TransitionError
from workflows.permissions import Can

CLASH = 409


@bp.route("/aanvragen/<int:application_id>/advies", methods=["GET", "POST"])
@requires(Can.ADVICE_RECORD)
def advice(application: Application) -> ResponseReturnValue:
    """Record or change the advice, beside what the reviewers gave."""
    form = _form(application, request.form if request.method == "POST" else None)
    if request.method == "GET" or not form.validate():
        return _page(application, form, 200 if request.method == "GET" else 422)
    try:
        service.record(
            application,
            conclusion_in(form, definition_of(application.round)),
            **_place_in(form),
            actor=current_actor(),
            now=clock.now(),
            seen=form.seen.data,
        )
    except (DecisionError, TransitionError) as error:
        stored = service.find_advice(application)
        if error.code == "clash":
            form.seen_priority.data = _written(stored)
        return _page(application, form, refuse(form, error, stored), elsewhere=error.code == "clash")
    flash(_("The advice is recorded."), "success")
    return redirect(url_for("office.ranking", slug=application.round.slug), 303)


def _form(application: Application, typed: MultiDict[str, str] | None) -> AdviceForm:
    kind = advice_form(AdviceForm, definition_of(application.round).rules.criteria, language())
    stored = service.find_advice(application)
    place = {"priority": stored.priority if stored else None, "seen_priority": _written(stored)}
    return kind(typed, data=data_of(stored) | place)


def _written(stored: PanelAdvice | None) -> str:
    return str(stored.priority) if stored and stored.priority else ""


def _place_in(form: AdviceForm) -> dict[str, int | None]:
    """Give the place that was typed and the one that was shown; nothing where it was left as it was."""
    typed, shown = form["priority"].data, form.seen_priority.data or ""
    if "priority" not in request.form:  # not asked, so nothing was said about it
        return {}
    if shown == ("" if typed is None else str(typed)):
        return {}
    try:
        return {"priority": typed, "seen_priority": id_in(shown)}
    except ValueError:  # no place was shown
        return {"priority": typed, "seen_priority": None}


def _page(
    application: Application, form: AdviceForm, status: int, *, elsewhere: bool = False
) -> ResponseReturnValue:
    line: Line | None = next(
        (one for one in ranking_of(application.round).lines if one.application_id == application.id), None
    )
    return (
        render_template(
            "office/advice.html",
            application=application,
            criteria=definition_of(application.round).rules.criteria,
            line=line,
            form=form,
            decided=decisions.find_current(application) is not None,
            meeting=agenda.meeting_about(application),
            stored=service.find_advice(application) if elsewhere else None,
        ),
        status,
    )
