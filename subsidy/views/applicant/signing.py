"""Confirming that an organisation takes part: on the page, or with a statement that was signed on paper."""

from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import CombinedMultiDict
from wtforms import Form

from forms.collaboration import sign_form, statement_form
from subsidy import clock
from subsidy.access import allowed, current_actor, requires
from subsidy.models import Application, Participation
from subsidy.services import members, signatures, signing
from subsidy.services.attachments import AttachmentRefusedError
from subsidy.services.signing import Signatory, SigningError, Statement
from subsidy.services.snapshots import definition_of
from subsidy.views.applicant import bp
from subsidy.views.statements import statement_file
from subsidy.wording.collaboration import collaboration_error, obligation_texts
from subsidy.wording.files import refused_file
from workflows.permissions import Can

INVALID, CLASH = 422, 409


@bp.get("/aanvragen/<int:application_id>/ondertekenen")
@requires(Can.MEMBERS_VIEW)
def sign(application: Application) -> ResponseReturnValue:
    """Show what is confirmed and by whom, with the form for who signs for an organisation."""
    return _page(application, sign_form()(data={"name": current_user.name}))


@bp.post("/aanvragen/<int:application_id>/ondertekenen")
@requires(Can.APPLICATION_SIGN)
def confirm_participation(application: Application) -> ResponseReturnValue:
    """Confirm for one's own organisation."""
    form = sign_form()(request.form)
    party = _own(application)
    if party is None:
        return _page(application, form), INVALID
    if not form.validate():
        return _page(application, form), INVALID
    try:
        signing.sign(
            application,
            party.key,
            Signatory(form["name"].data, form["position"].data),
            seen=form["seen"].data or "",
            actor=current_actor(),
            now=clock.now(),
        )
    except SigningError as error:
        form.form_errors.append(collaboration_error(error.code))
        return _page(application, form), CLASH
    flash(_("You confirmed that %(organisation)s takes part.", organisation=party.name), "success")
    return _to_signing(application)


@bp.route("/aanvragen/<int:application_id>/verklaring/<key>", methods=["GET", "POST"])
@requires(Can.MEMBERS_MANAGE)
def upload_statement(application: Application, key: str) -> ResponseReturnValue:
    """Add a statement that was signed on paper, for any organisation of the application."""
    party = _party(application, key)
    if not allowed(Can.APPLICATION_SIGN):
        flash(collaboration_error("not_open"), "warning")
        return _to_signing(application)
    sent: CombinedMultiDict[str, Any] = CombinedMultiDict([request.files, request.form])
    form = statement_form()(sent if request.method == "POST" else None)
    limit = current_app.config["SETTINGS"].max_upload_bytes
    if request.method == "POST" and form.validate():
        file = form["statement"].data
        try:
            signing.upload(
                application,
                party.key,
                Signatory(form["name"].data, form["position"].data),
                Statement(file.stream, file.filename or "", limit),
                seen=form["seen"].data or "",
                actor=current_actor(),
                now=clock.now(),
            )
        except AttachmentRefusedError as error:
            form["statement"].errors = [
                refused_file(error.code, error.params, file.filename or "", signing.STATEMENTS)
            ]
        except SigningError as error:
            form.form_errors.append(collaboration_error(error.code))
        else:
            flash(_("The statement of %(organisation)s is added.", organisation=party.name), "success")
            return _to_signing(application)
    page = render_template(
        "applicant/statement.html", form=form, most_bytes=limit, **_terms(application, party)
    )
    return page, 200 if request.method == "GET" else INVALID


@bp.get("/aanvragen/<int:application_id>/verklaring/<key>/blanco")
@requires(Can.MEMBERS_VIEW)
def blank_statement(application: Application, key: str) -> ResponseReturnValue:
    """Show a statement to print and to sign on paper."""
    return render_template("applicant/blank_statement.html", **_terms(application, _party(application, key)))


@bp.get("/aanvragen/<int:application_id>/ondertekend/<int:signature_id>")
@requires(Can.MEMBERS_VIEW)
def statement(application: Application, signature_id: int) -> ResponseReturnValue:
    """Download a signed statement; never shown inside a page."""
    return statement_file(application, signature_id, own=True)


def _page(application: Application, form: Form) -> str:
    own = _own(application)
    return render_template(
        "applicant/sign.html",
        form=form,
        standing=signatures.standing(application),
        required=signatures.required(application),
        may_sign=own is not None and allowed(Can.APPLICATION_SIGN),
        may_upload=allowed(Can.MEMBERS_MANAGE) and allowed(Can.APPLICATION_SIGN),
        **_terms(application, own),
    )


def _terms(application: Application, party: Participation | None) -> dict[str, object]:
    """What a partner confirms, for a page: the terms, the lines of its contribution, the obligations."""
    terms = signatures.terms_of(application, party) if party else None
    return {
        "application": application,
        "party": party,
        "terms": terms,
        "lines": signatures.contributions_of(application, party) if party else [],
        "obligations": obligation_texts(
            definition_of(application.round),
            asked_cents=application.requested_cents,
            months=application.months,
        ),
    }


def _own(application: Application) -> Participation | None:
    if not signatures.required(application):
        return None
    return signatures.signs_for(application, members.membership_of(application, current_actor().user_id))


def _party(application: Application, key: str) -> Participation:
    """The organisation with this key, in a round that asks for signatures; else there is no such page."""
    found = next((one for one in application.participations if one.key == key), None)
    if found is None or not signatures.required(application):
        abort(404)
    return found


def _to_signing(application: Application) -> ResponseReturnValue:
    return redirect(url_for("applicant.sign", application_id=application.id), 303)
