"""An application in a meeting: reports side by side, the rebuttal, what the committee agrees."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.decisions import ConclusionForm, advice_form
from forms.meetings import NotesForm, ReasonForm, recusal_form
from subsidy import clock
from subsidy.access import allowed, current_actor, requires
from subsidy.models import AgendaItem, Application, Meeting
from subsidy.services import advice, agenda, decisions, deliberation, meetings, panel_file, recusals
from subsidy.services.decisions import DecisionError
from subsidy.services.meetings import MeetingError
from subsidy.services.snapshots import definition_of
from subsidy.views.concluding import CLASH, INVALID, conclusion_in, data_of, refuse
from subsidy.views.panel import bp
from subsidy.wording.meetings import meeting_refusal
from subsidy.wording.spoken import language
from workflows.machine import TransitionError
from workflows.permissions import Can
from workflows.states import ApplicationState

ITEM = "/vergaderingen/<int:meeting_id>/aanvragen/<int:application_id>"


@bp.get(ITEM)
@requires(Can.PANEL_FILE)
def item(meeting: Meeting, application: Application) -> ResponseReturnValue:
    """Show an application that is on the agenda."""
    return page(meeting, application)


@bp.get(f"{ITEM}/deel")
@requires(Can.PANEL_FILE)
def item_part(meeting: Meeting, application: Application) -> ResponseReturnValue:
    """Give the part of the page that follows what others do."""
    return render_template("panel/_item.html", **_shown(meeting, application))


@bp.post(f"{ITEM}/advies")
@requires(Can.ADVICE_RECORD)
def conclude(meeting: Meeting, application: Application) -> ResponseReturnValue:
    """Record the agreed scores with their reasons, and the conclusion."""
    if not allowed(Can.PANEL_FILE):
        abort(404)
    form = _conclusion_form(application, typed=True)
    if not form.validate():
        return page(meeting, application, conclusion=form), INVALID
    try:
        deliberation.conclude(
            meeting,
            application,
            conclusion_in(form, definition_of(application.round)),
            seen=form.seen.data or "",
            actor=current_actor(),
            now=clock.now(),
        )
    except MeetingError as error:
        form.form_errors.append(meeting_refusal(error.code, error.params))
        return page(meeting, application, conclusion=form), INVALID
    except (DecisionError, TransitionError) as error:
        status = refuse(form, error, advice.find_advice(application))
        return page(meeting, application, conclusion=form, clash=status == CLASH), status
    flash(_("The advice is recorded."), "success")
    return redirect(url_of(meeting, application, "advies"), 303)


@bp.post(f"{ITEM}/beraad")
@requires(Can.PANEL_DISCUSS)
def write_down(meeting: Meeting, application: Application) -> ResponseReturnValue:
    """Keep the notes of the discussion."""
    form = NotesForm(request.form)
    if not form.validate():
        return page(meeting, application, notes=form), INVALID
    try:
        deliberation.write_down(
            meeting,
            application,
            form.deliberation.data or "",
            seen=form.version.data or 0,
            actor=current_actor(),
            now=clock.now(),
        )
    except MeetingError as error:
        form.form_errors.append(meeting_refusal(error.code, error.params))
        if error.code != "clash":
            return page(meeting, application, notes=form), INVALID
        form.version.data = find(meeting, application).version
        return page(meeting, application, notes=form, notes_clash=True), CLASH
    flash(_("The notes are saved."), "success")
    return redirect(url_of(meeting, application, "beraad"), 303)


def find(meeting: Meeting, application: Application) -> AgendaItem:
    """Give an application on the agenda; 404 when it is not on it."""
    found = agenda.find_item(meeting, application)
    if found is None:
        abort(404)
    return found


def url_of(meeting: Meeting, application: Application, anchor: str | None = None) -> str:
    """Give the address of an application in a meeting."""
    return url_for("panel.item", meeting_id=meeting.id, application_id=application.id, _anchor=anchor)


def page(  # one page, with the form of it that was refused
    meeting: Meeting,
    application: Application,
    *,
    conclusion: ConclusionForm | None = None,
    notes: NotesForm | None = None,
    leaving: ReasonForm | None = None,
    putting_off: ReasonForm | None = None,
    clash: bool = False,
    notes_clash: bool = False,
) -> str:
    """Show the application, with the forms that this person may use."""
    shown = _shown(meeting, application)
    entry: AgendaItem = find(meeting, application)
    changeable = meeting.opened_at is not None and meeting.confirmed_at is None
    concludes = (
        changeable
        and entry.started_at is not None
        and allowed(Can.ADVICE_RECORD)
        and decisions.find_current(application) is None
    )
    return render_template(
        "panel/item.html",
        **shown,
        conclusion=(conclusion or _conclusion_form(application)) if concludes or conclusion else None,
        stored=advice.find_advice(application),
        clash=clash,
        notes=notes or NotesForm(data={"version": entry.version, "deliberation": entry.deliberation})
        if changeable and allowed(Can.PANEL_DISCUSS)
        else None,
        notes_clash=notes_clash,
        leaving=leaving or leaving_form(meeting, application),
        putting_off=putting_off or ReasonForm(prefix="putoff-"),
    )


def leaving_form(meeting: Meeting, application: Application, *, typed: bool = False) -> ReasonForm:
    """Give the form to leave the room: oneself, or for who leads the meeting anybody who is expected."""
    data = request.form if typed else None
    if not allowed(Can.PANEL_DISCUSS):
        return ReasonForm(data, prefix="leave-")
    away = {one.user_id for one in recusals.away_for(meeting, application.id)}
    people = [(str(row.user_id), row.person.name) for row in meetings.roll_of(meeting)]
    return recusal_form([one for one in people if int(one[0]) not in away])(data, prefix="leave-")


def _conclusion_form(application: Application, *, typed: bool = False) -> ConclusionForm:
    criteria = definition_of(application.round).rules.criteria
    kind = advice_form(ConclusionForm, criteria, language())
    return kind(request.form if typed else None, data=data_of(advice.find_advice(application)))


def _shown(meeting: Meeting, application: Application) -> dict[str, object]:
    """What the page shows and what of it follows the meeting; the number of queries never grows."""
    entry = find(meeting, application)
    definition = definition_of(application.round)
    away = recusals.away_for(meeting, application.id)
    roll = meetings.roll_of(meeting)
    file = panel_file.file_of(application, now=clock.now())
    return {
        "meeting": meeting,
        "application": application,
        "item": entry,
        "status": agenda.status_of(entry),
        "file": file,
        "to_release": definition.holds_rebuttal
        and file.rebuttal is None
        and application.state == ApplicationState.IN_REVIEW,
        "to_wait_for": file.rebuttal is not None
        and file.rebuttal.open
        and application.state == ApplicationState.REBUTTAL,
        "names": [
            _("Reviewer %(number)s", number=number) if definition.reviewing.hide_reviewers else report.name
            for number, report in enumerate(file.reports, start=1)
        ],
        "away": away,
        "presence": meetings.presence_in(meeting, roll, {one.user_id for one in away}),
        "seen_mark": request.args.get("advies", file.mark),
        "seen_notes": request.args.get("beraad", entry.version, type=int),
    }
