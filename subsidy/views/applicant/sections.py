"""The pages of the form: one per section, saved one by one."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Form

from forms.applicant import press_button
from forms.applicant_questions import name_of
from subsidy import clock
from subsidy.access import current_actor, requires
from subsidy.models import Application
from subsidy.services import applications, presence
from subsidy.services.applications import ClashError
from subsidy.services.drafting import CLASH, UNREADABLE
from subsidy.services.entries.project import RegiobeeldFrom
from subsidy.views.applicant import bp
from subsidy.views.applicant.budget import bring_lines
from subsidy.views.applicant.desk import Desk, open_desk
from subsidy.views.applicant.entering import areas_of, blanks_of, entry_in, figures_of, form_data_of
from subsidy.views.applicant.files import accept_of, take_files
from subsidy.views.applicant.here import others_here
from subsidy.views.applicant.keeping import choices_between, keep_refused, let_go, restore
from subsidy.views.parking import park_form
from subsidy.views.unsaved import KEPT, PARKED, Choice, seen_after_choosing
from workflows.definition import REGIOBEELD_FILE
from workflows.permissions import Can

CONFLICT, INVALID = 409, 422


@bp.get("/aanvragen/<int:application_id>/onderdelen/<section_id>")
@requires(Can.APPLICATION_VIEW_OWN, writes=True)
def section(application: Application, section_id: str) -> ResponseReturnValue:
    """Show a section of the form to fill in, with what this person typed earlier and could not be saved."""
    desk = open_desk(application, section_id)
    presence.tidy(application.id, now=clock.now())
    restored = restore(desk)
    if restored is None:
        return _page(desk, desk.form(data=form_data_of(desk.stored, desk.section)))
    return _page(
        desk,
        restored.form,
        told="choose" if restored.choices else PARKED if restored.parked else KEPT,
        unsaved=bool(restored.parked),
        choices=restored.choices,
        kept=restored.kept,
        parked=restored.parked,
    )


@bp.post("/aanvragen/<int:application_id>/onderdelen/<section_id>")
@requires(Can.APPLICATION_VIEW_OWN, nobody=park_form)
def save_section(application: Application, section_id: str) -> ResponseReturnValue:
    """Save a section; a button inside the form (add, remove, count) only shows the form again.

    What cannot be saved, because it cannot be read or clashes with what another saved, is kept.
    """
    desk = open_desk(application, section_id)
    form = desk.form(request.form)
    if press_button(form, request.form, areas_of(desk.section, desk.reference)):
        return _changed_page(desk, form)
    if bring_lines(form, desk.definition, desk.offer):
        return _changed_page(desk, form, status=INVALID if form.errors else 200)
    if not form.validate():
        return _page(desk, form, status=INVALID, kept=keep_refused(application, section_id, UNREADABLE))
    entry = entry_in(form, desk.section)
    seen = seen_after_choosing(form["seen"].data or "", entry.parts)
    try:
        applications.save_section(application, desk.section, entry, seen=seen, now=clock.now())
    except ClashError as clash:
        choices = choices_between(desk, entry, clash.stored, clash.parts)
        kept = keep_refused(application, section_id, CLASH)
        return _page(desk, form, status=CONFLICT, told="choose", choices=choices, kept=kept)
    if not take_files(application, desk.section, form):
        return _page(desk, form, status=INVALID, kept=keep_refused(application, section_id, UNREADABLE))
    let_go(application, section_id)
    flash(_("Saved."), "success")
    return redirect(_after(desk), 303)


def _changed_page(desk: Desk, form: Form, *, status: int = 200) -> ResponseReturnValue:
    """The form after one of its own buttons; what it shows is saved nowhere yet."""
    kept, parked = request.form.get(KEPT, ""), request.form.get(PARKED, "")
    return _page(desk, form, status=status, unsaved=True, kept=kept, parked=parked)


def _page(  # a form, and what there is to say about it
    desk: Desk,
    form: Form,
    *,
    status: int = 200,
    told: str = "",
    unsaved: bool = False,
    choices: tuple[Choice, ...] = (),
    kept: str = "",
    parked: str = "",
) -> ResponseReturnValue:
    sections = applications.writable_sections(desk.application, desk.definition, now=clock.now())
    page = render_template(
        "applicant/section.html",
        application=desk.application,
        section=desk.section,
        position=sections.index(desk.section) + 1,
        count=len(sections),
        form=form,
        name_of=name_of,
        hidden=_hidden(desk),
        after_own=_after_own(desk),
        blanks=blanks_of(desk.section, desk.definition, desk.offer),
        figures=figures_of(form, desk.application, desk.section, desk.definition, desk.offer, desk.reference),
        told=told,
        unsaved=unsaved,
        choices=choices,
        kept=kept,
        parked=parked,
        person=current_actor().user_id,
        others=others_here(desk.application, desk.section.id),
        accept=accept_of,
        most_bytes=current_app.config["SETTINGS"].max_upload_bytes,
    )
    return page, status


def _hidden(desk: Desk) -> frozenset[str]:
    """The questions that are not asked because of an answer on another page, by id.

    What depends on an answer on this page is shown and hidden by the browser; without scripts it stays.
    """
    here = {question.id for question in desk.section.questions}
    asked = desk.definition.asked({**desk.application.set_aside, **desk.application.answers})
    return frozenset(
        question.id
        for question in desk.section.questions
        if question.when and question.when.question not in here and question.id not in asked
    )


def _after_own(desk: Desk) -> dict[str, tuple[str, str]]:
    """The question that waits for a field of its section: the file of the regiobeeld, until it is there."""
    asked = any(question.id == REGIOBEELD_FILE for question in desk.section.questions)
    if not asked or any(one.question == REGIOBEELD_FILE for one in desk.application.attachments):
        return {}
    return {REGIOBEELD_FILE: ("regiobeeld_from", RegiobeeldFrom.FILE.value)}


def _after(desk: Desk) -> str:
    """Where to go after saving: stay, on to the next section, or back to the list."""
    application_id = desk.application.id
    if request.form.get("then") == "stay" or "remove_file" in request.form:
        return url_for("applicant.section", application_id=application_id, section_id=desk.section.id)
    sections = applications.writable_sections(desk.application, desk.definition, now=clock.now())
    following = sections[sections.index(desk.section) + 1 :]
    if request.form.get("then") == "next" and following:
        return url_for("applicant.section", application_id=application_id, section_id=following[0].id)
    return url_for("applicant.show", application_id=application_id)
