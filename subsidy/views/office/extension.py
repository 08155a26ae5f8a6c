"""A later deadline for one application of a round, by the number that the applicant reads out."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.correspondence import ExtensionForm
from subsidy import clock
from subsidy.access import current_actor, id_in, requires
from subsidy.models import Round
from subsidy.services import extension as service
from subsidy.services.extension import ExtensionError
from subsidy.services.snapshots import definition_of
from subsidy.views.office import bp
from subsidy.wording.correspondence import extension_error
from subsidy.wording.values import instant
from workflows.permissions import Can
from workflows.rules import Distribution

INVALID = 422
# Which field a refusal is about; any other is about the round.
FIELD = {
    "unknown_number": "number",
    "sent_in": "number",
    "in_the_past": "until",
    "not_later": "until",
    "too_long": "until",
}


@bp.get("/ronden/<slug>/uitstel")
@requires(Can.DEADLINE_EXTEND)
def extension(round_: Round) -> ResponseReturnValue:
    """Ask for which draft and until when, and list what was given before."""
    return _page(round_, ExtensionForm())


@bp.post("/ronden/<slug>/uitstel")
@requires(Can.DEADLINE_EXTEND)
def give_extension(round_: Round) -> ResponseReturnValue:
    """Give one application a later deadline."""
    form = ExtensionForm(request.form)
    if not form.validate():
        return _page(round_, form), INVALID
    try:
        application = service.extend(
            round_,
            form.number.data or "",
            until=form["until"].data,
            reason=form.reason.data or "",
            actor=current_actor(),
            now=clock.now(),
        )
    except ExtensionError as error:
        if error.code in FIELD:
            form[FIELD[error.code]].errors = [extension_error(error.code)]
        else:
            form.form_errors.append(extension_error(error.code))
        return _page(round_, form), INVALID
    number, until = service.code_of(application), instant(application.deadline_at)
    flash(_("Application %(number)s can be sent in until %(until)s.", number=number, until=until), "success")
    return redirect(url_for("office.extension", slug=round_.slug), 303)


def _page(round_: Round, form: ExtensionForm) -> str:
    before = request.args.get("voor", type=id_in)
    page = service.page_of(round_, before=before)
    return render_template(
        "office/extension.html",
        round_=round_,
        form=form,
        compares=definition_of(round_).rules.distribution is Distribution.TENDER,
        given=page.given,
        first_url=url_for("office.extension", slug=round_.slug) if before else None,
        next_url=url_for("office.extension", slug=round_.slug, voor=page.next_before)
        if page.next_before
        else None,
    )
