"""Entering an application that came in on paper, or too late."""

from dataclasses import asdict
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Form

from forms.choices import Offer, Place
from forms.office_files import paper_form
from forms.rows import change_rows
from subsidy import clock
from subsidy.access import current_actor, requires
from subsidy.models import Application, Round
from subsidy.services import paper as service
from subsidy.services.paper import PaperApplication, Party, RoundNotRunningError, SupplementTooLateError
from subsidy.services.reference import reference_of
from subsidy.services.snapshots import definition_of
from subsidy.views.office import bp
from subsidy.wording.labels import domain_label
from subsidy.wording.office import office_error
from subsidy.wording.spoken import language
from workflows.permissions import Can
from workflows.rules import Domain


@bp.route("/ronden/<slug>/papier", methods=["GET", "POST"])
@requires(Can.APPLICATION_ENTER_PAPER)
def enter_paper(round_: Round) -> ResponseReturnValue:
    """Enter what stands on the paper, so that it gets its decision."""
    form = paper_form(_offer(round_))(request.form or None)
    if request.method == "GET":
        return _page(round_, form), 200
    if change_rows(form, add=request.form.get("add"), remove=request.form.get("remove")):
        return _page(round_, form), 200
    if not form.validate():
        return _page(round_, form), 422
    try:
        application = service.enter(
            round_,
            _paper(form),
            reason=form["reason"].data,
            actor=current_actor(),
            now=clock.now(),
        )
    except RoundNotRunningError:
        form.form_errors.append(office_error("not_running"))
        return _page(round_, form), 422
    flash(_("The application is entered as %(reference)s.", reference=application.reference), "success")
    return redirect(url_for("office.screening", application_id=application.id), 303)


@bp.route("/aanvragen/<int:application_id>/aanvulling-op-papier", methods=["GET", "POST"])
@requires(Can.APPLICATION_SUPPLEMENT)
def enter_supplement(application: Application) -> ResponseReturnValue:
    """Enter what came in on paper after a request to supplement."""
    round_ = application.round
    stored = asdict(service.stored(application))
    form = paper_form(_offer(round_))(request.form or None, data={**stored, "received_at": None})
    if request.method == "GET":
        return _page(round_, form, application), 200
    if change_rows(form, add=request.form.get("add"), remove=request.form.get("remove")):
        return _page(round_, form, application), 200
    if not form.validate():
        return _page(round_, form, application), 422
    try:
        service.supplement(
            application,
            _paper(form),
            reason=form["reason"].data,
            actor=current_actor(),
            now=clock.now(),
        )
    except SupplementTooLateError:
        form["received_at"].errors = [office_error("supplement_too_late")]
        return _page(round_, form, application), 422
    flash(_("The supplement is entered."), "success")
    return redirect(url_for("office.screening", application_id=application.id), 303)


def _page(round_: Round, form: Form, application: Application | None = None) -> str:
    blank = form["partners"].unbound_field.args[0](prefix="partners-__index__-")
    return render_template(
        "office/paper.html",
        round_=round_,
        application=application,
        definition=definition_of(round_),
        form=form,
        blank=blank,
    )


def _paper(form: Form) -> PaperApplication:
    names = ("received_at", "title", "summary", "region_name", "requested_cents", "months")
    partners = [entry.form for entry in form["partners"] if not entry.form.blank]
    return PaperApplication(
        **{name: form[name].data for name in names},
        municipalities=tuple(form["municipalities"].data),
        predecessor=form["predecessor"].data or None,
        regiobeeld=form["regiobeeld"].data or None,
        lead=_party(form["lead"].form),
        partners=tuple(_party(partner) for partner in partners),
    )


def _party(form: Any) -> Party:
    return Party(form.name.data, form.domain.data, form.kvk.data)


def _offer(round_: Round) -> Offer:
    known = reference_of(round_.reference_version).municipalities.values()
    places = sorted(known, key=lambda one: (one.province, one.name))
    return Offer(
        language=language(),
        domains=tuple((domain.value, domain_label(domain.value)) for domain in Domain),
        municipalities=tuple(Place(one.code, one.name, one.province) for one in places),
    )
