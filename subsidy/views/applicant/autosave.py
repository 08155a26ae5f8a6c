"""What a script asks while somebody writes: save what there is. Answers are JSON.

An autosave does what the save button does, but for files and buttons, and its refusals are no errors:
what cannot be stored is kept. Its answer has `state`, `text` for the person, and with it
`seen` and `kept`, the marks that the page sends along next time, and `link`, where there is more to do.
"""

from flask import abort, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_time, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from subsidy import clock
from subsidy.access import current_actor, requires
from subsidy.models import Application
from subsidy.services import applications, drafting
from subsidy.services.applications import ClashError, NotWritableError
from subsidy.services.drafting import CLASH, CLOSED, UNREADABLE
from subsidy.services.snapshots import definition_of
from subsidy.views.applicant import bp
from subsidy.views.applicant.desk import open_desk
from subsidy.views.applicant.entering import entry_in
from subsidy.views.applicant.keeping import keep, labels_of, let_go
from subsidy.views.unsaved import KEPT
from workflows.permissions import Can

MORE = {
    UNREADABLE: _l("Show which"),
    CLASH: _l("Compare and choose"),
    CLOSED: _l("Show what you typed"),
}


@bp.post("/aanvragen/<int:application_id>/onderdelen/<section_id>/tussendoor")
@requires(Can.APPLICATION_VIEW_OWN)
def autosave(application: Application, section_id: str) -> ResponseReturnValue:
    """Save a section while it is written."""
    try:
        desk = open_desk(application, section_id)
        form = desk.form(request.form)
        if not form.validate():
            problem = ngettext(
                "%(num)s field needs attention", "%(num)s fields need attention", len(form.errors)
            )
            return _kept(application, section_id, UNREADABLE, problem)
        entry = entry_in(form, desk.section)
        theirs = applications.save_section(
            application, desk.section, entry, seen=form["seen"].data or "", now=clock.now()
        )
    except ClashError:
        return _kept(application, section_id, CLASH, _("somebody else changed the same"))
    except NotWritableError:
        if all(one.id != section_id for one in definition_of(application.round).sections):
            abort(404)
        return _kept(application, section_id, CLOSED, _("this part can no longer be changed"))
    let_go(application, section_id)
    text = _("Saved %(time)s", time=_time())
    if not theirs:
        return jsonify(state="saved", text=text, seen=entry.fingerprint, kept="")
    labels = ", ".join(labels_of(desk, entry, desk.stored, theirs))
    text += ". " + _("Changed by somebody else meanwhile: %(labels)s", labels=labels)
    link = {"url": _page_url(application, section_id), "text": _("Show that")}
    return jsonify(state="saved", text=text, seen=entry.fingerprint, kept="", link=link)


@bp.post("/aanvragen/<int:application_id>/onderdelen/<section_id>/vergeten")
@requires(Can.APPLICATION_VIEW_OWN)
def forget_kept(application: Application, section_id: str) -> ResponseReturnValue:
    """Let go of what this person typed and was not saved, and show what is saved."""
    drafting.let_go(application, section_id, current_actor().user_id, knows=request.form.get(KEPT, ""))
    flash(_("This is what is saved now."), "success")
    return redirect(_page_url(application, section_id), 303)


def _kept(application: Application, section_id: str, reason: str, problem: str) -> ResponseReturnValue:
    """Keep what was sent and say why it is not saved; or that another window has text that is not saved."""
    mark = keep(application, section_id, reason)
    if not mark:
        text = _("Not saved: another window of yours has text in this part that is not saved yet")
        return jsonify(state="elsewhere", text=text)
    link = {"url": _page_url(application, section_id), "text": str(MORE[reason])}
    text = _("Kept %(time)s, not saved yet: %(problem)s", time=_time(), problem=problem)
    return jsonify(state=reason, text=text, kept=mark, link=link)


def _time() -> str:
    return str(format_time(clock.now(), "HH:mm"))


def _page_url(application: Application, section_id: str) -> str:
    return url_for("applicant.section", application_id=application.id, section_id=section_id)
