"""The advice of the committee on one application: agreed scores, a place in the order, the reasons."""

from decimal import Decimal

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from forms.decisions import AdviceForm, advice_form
from forms.reviewer import text_of
from subsidy import clock
from subsidy.access import current_actor, requires
from subsidy.models import Application
from subsidy.services import advice as service
from subsidy.services import decisions
from subsidy.services.decisions import DecisionError
from subsidy.services.ranking import Line, ranking_of
from subsidy.services.snapshots import definition_of
from subsidy.views.office import bp
from subsidy.wording.decisions import decision_refusal
from subsidy.wording.spoken import language
from workflows.machine import TransitionError
from workflows.permissions import Can


@bp.route("/aanvragen/<int:application_id>/advies", methods=["GET", "POST"])
@requires(Can.ADVICE_RECORD)
def advice(application: Application) -> ResponseReturnValue:
    """Record or change the advice, beside what the reviewers gave."""
    rules = definition_of(application.round).rules
    form = _form(application, request.form if request.method == "POST" else None)
    if request.method == "GET" or not form.validate():
        return _page(application, form, 200 if request.method == "GET" else 422)
    try:
        service.record(
            application,
            scores=form.scores(one.id for one in rules.criteria),
            priority=form["priority"].data,
            reason=form.reason.data or "",
            actor=current_actor(),
            now=clock.now(),
        )
    except (DecisionError, TransitionError) as error:
        form.form_errors.append(decision_refusal(error.code, error.params))
        return _page(application, form, 422)
    flash(_("The advice is recorded."), "success")
    return redirect(url_for("office.ranking", slug=application.round.slug), 303)


def _form(application: Application, typed: MultiDict[str, str] | None) -> AdviceForm:
    criteria = definition_of(application.round).rules.criteria
    stored = service.find_advice(application)
    data: dict[str, object] = {}
    if stored is not None:
        data = {"priority": stored.priority, "reason": stored.reason or ""}
        data |= {
            AdviceForm.score_name(name): text_of(Decimal(value)) for name, value in stored.scores.items()
        }
    return advice_form(criteria, language())(typed, data=data)


def _page(application: Application, form: AdviceForm, status: int) -> ResponseReturnValue:
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
        ),
        status,
    )
