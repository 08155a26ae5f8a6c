"""The pages of the form: one per section, saved one by one."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Form

from forms.applicant import press_button, section_form
from forms.applicant_questions import name_of
from forms.choices import Offer
from subsidy import clock
from subsidy.access import allowed, requires
from subsidy.models import Application
from subsidy.services import answers, applications
from subsidy.services.applications import ClashError, NotWritableError
from subsidy.services.entries import stored_entry
from subsidy.services.reference import reference_of
from subsidy.services.snapshots import definition_of
from subsidy.views.applicant import bp
from subsidy.views.applicant.entering import (
    areas_of,
    blanks_of,
    entry_in,
    figures_of,
    form_data_of,
    offer_for,
)
from subsidy.views.applicant.files import accept_of, take_files
from workflows.definition import RoundDefinition, Section
from workflows.permissions import Can
from workflows.regions import Reference

CLASH, INVALID = 409, 422


@dataclass(frozen=True, slots=True)
class Desk:
    """What a section page works with."""

    application: Application
    definition: RoundDefinition
    section: Section
    reference: Reference
    offer: Offer

    @property
    def form(self) -> type[Form]:
        """The form of the section."""
        return section_form(self.definition, self.section, self.offer)


@bp.get("/aanvragen/<int:application_id>/onderdelen/<section_id>")
@requires(Can.APPLICATION_VIEW_OWN)
def section(application: Application, section_id: str) -> ResponseReturnValue:
    """Show a section of the form to fill in."""
    desk = _desk(application, section_id)
    return _page(desk, desk.form(data=form_data_of(stored_entry(application, desk.section), desk.section)))


@bp.post("/aanvragen/<int:application_id>/onderdelen/<section_id>")
@requires(Can.APPLICATION_VIEW_OWN)
def save_section(application: Application, section_id: str) -> ResponseReturnValue:
    """Save a section; a button inside the form (add, remove, count) only shows the form again."""
    desk = _desk(application, section_id)
    form = desk.form(request.form)
    if press_button(form, request.form, areas_of(desk.section, desk.reference)):
        return _page(desk, form)
    if not form.validate():
        return _page(desk, form, status=INVALID)
    entry = entry_in(form, desk.section)
    try:
        applications.save_section(
            application, desk.section, entry, seen=form["seen"].data or "", now=clock.now()
        )
    except ClashError as clash:
        form["seen"].data = clash.stored.fingerprint
        both = [
            answers.section_answers(desk.section, one, application.answers, desk.definition, desk.reference)
            for one in (entry, clash.stored)
        ]
        return _page(desk, form, status=CLASH, clash=answers.differences(*both))
    if not take_files(application, desk.section, form):
        return _page(desk, form, status=INVALID)
    flash(_("Saved."), "success")
    return redirect(_after(desk), 303)


@bp.errorhandler(NotWritableError)
def closed(_error: NotWritableError) -> ResponseReturnValue:
    """Lead back to the application, and say that this part of it is closed."""
    flash(_("This part can no longer be changed."), "warning")
    return redirect(
        url_for("applicant.show", application_id=(request.view_args or {})["application_id"]), 303
    )


def _desk(application: Application, section_id: str) -> Desk:
    """Find the section among those that this person may write now; else there is no such page.

    Raises NotWritableError when none is open any more, for who comes back to a form that was sent in.
    """
    may = allowed(Can.APPLICATION_EDIT) or allowed(Can.APPLICATION_SUPPLEMENT)
    definition = definition_of(application.round)
    open_now = applications.writable_sections(application, definition, now=clock.now()) if may else ()
    found = next((one for one in open_now if one.id == section_id), None)
    if found is None:
        if open_now or application.state == "draft":
            abort(404)
        raise NotWritableError
    reference = reference_of(application.round.reference_version)
    headings = {
        "ggd": _("GGD regions"),
        "zorgkantoor": _("Care office regions"),
        "province": _("Provinces"),
    }
    return Desk(application, definition, found, reference, offer_for(application, found, reference, headings))


def _page(
    desk: Desk, form: Form, *, status: int = 200, clash: Iterable[tuple[str, str, str]] | None = None
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
        blanks=blanks_of(desk.section, desk.definition, desk.offer),
        figures=figures_of(
            form, desk.application, desk.section, desk.definition, desk.offer, desk.reference
        ),
        clash=clash,
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
