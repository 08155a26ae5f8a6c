"""A save that came after its section was closed: the text cannot be stored any more, and is shown."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from subsidy.access import current_actor
from subsidy.db import db
from subsidy.models import Application
from subsidy.services import answers, drafting
from subsidy.services.applications import NotWritableError
from subsidy.services.drafting import CLOSED, Typed
from subsidy.services.snapshots import definition_of
from subsidy.views.applicant import bp
from subsidy.views.applicant.desk import Desk, desk_of
from subsidy.views.applicant.entering import entry_in
from subsidy.views.applicant.keeping import keep_refused
from subsidy.views.unsaved import typed_now

CONFLICT = 409


@bp.errorhandler(NotWritableError)
def closed(_error: NotWritableError) -> ResponseReturnValue:
    """Show what was typed and is not in the application; without that, lead back to the application."""
    asked = request.view_args or {}
    application = db.session.get_one(Application, asked["application_id"])
    desk = _desk(application, asked.get("section_id", ""))
    sent = request.method == "POST"
    typed = (typed_now() if sent else _kept(desk)) if desk else []
    rows = _not_stored(desk, typed) if desk and typed else []
    if desk is None or not rows:
        flash(_("This part can no longer be changed."), "warning")
        return redirect(url_for("applicant.show", application_id=application.id), 303)
    if sent:
        keep_refused(application, desk.section.id, CLOSED)
    page = render_template("applicant/closed.html", application=application, section=desk.section, rows=rows)
    return page, CONFLICT if sent else 200


def _desk(application: Application, section_id: str) -> Desk | None:
    definition = definition_of(application.round)
    section = next((one for one in definition.sections if one.id == section_id), None)
    return None if section is None else desk_of(application, definition, section)


def _kept(desk: Desk) -> Typed:
    kept = drafting.find(desk.application, desk.section.id, current_actor().user_id)
    return [] if kept is None else kept.typed


def _not_stored(desk: Desk, typed: Typed) -> list[tuple[str, str]]:
    """Give what was typed and is not stored: label and text; without labels when it cannot be read."""
    form = desk.form(MultiDict((name, value) for name, value in typed))
    if not form.validate():
        return [("", value) for name, value in typed if " " in value.strip()]
    mine, stored = desk.in_words(entry_in(form, desk.section)), desk.in_words(desk.stored)
    return [
        (label, typed_text) for label, typed_text, _stored in answers.differences(mine, stored) if typed_text
    ]
