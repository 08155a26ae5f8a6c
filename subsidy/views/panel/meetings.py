"""The meetings of a committee: the list, making one, who is there, opening and closing it."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Form

from forms.meetings import PlanForm, plan_form, roll_form
from subsidy import clock
from subsidy.access import allowed, current_actor, id_in, requires
from subsidy.models import Meeting, Round
from subsidy.services import agenda, convening, recusals
from subsidy.services import meetings as service
from subsidy.services.convening import Plan
from subsidy.services.meetings import MeetingError
from subsidy.views.panel import bp
from subsidy.wording.meetings import meeting_refusal
from workflows.permissions import Can, Role

INVALID = 422


@bp.get("/")
@requires(Can.PANEL_LIST)
def index() -> ResponseReturnValue:
    """List the meetings of the rounds in which this person advises or keeps watch."""
    before = request.args.get("voor", type=id_in)
    found, next_before = service.find_meetings(current_actor(), before=before)
    return render_template(
        "panel/index.html",
        meetings=found,
        first_url=url_for("panel.index") if before else None,
        next_url=url_for("panel.index", voor=next_before) if next_before else None,
    )


@bp.get("/ronden/<slug>")
@requires(Can.PANEL_VIEW)
def of_round(round_: Round) -> ResponseReturnValue:
    """List the meetings of one round."""
    return render_template("panel/round.html", round_=round_, meetings=service.meetings_of(round_))


@bp.route("/ronden/<slug>/vergadering", methods=["GET", "POST"])
@requires(Can.PANEL_LEAD)
def make(round_: Round) -> ResponseReturnValue:
    """Make a meeting, with every application in review on its agenda."""
    form = _plan_form(round_)
    if request.method == "GET" or not form.validate():
        return _plan(round_, form, None, 200 if request.method == "GET" else INVALID)
    actor, now = current_actor(), clock.now()
    try:
        meeting = convening.make(round_, _planned(form), actor=actor, now=now)
    except MeetingError as error:
        form.form_errors.append(meeting_refusal(error.code, error.params))
        return _plan(round_, form, None, INVALID)
    agenda.fill(meeting, actor=actor, now=now)
    flash(_("The meeting is made, with every application in review on its agenda."), "success")
    return redirect(_here(meeting), 303)


@bp.route("/vergaderingen/<int:meeting_id>/wijzigen", methods=["GET", "POST"])
@requires(Can.PANEL_LEAD)
def change(meeting: Meeting) -> ResponseReturnValue:
    """Change what was planned, or who is expected."""
    form = _plan_form(meeting.round, meeting)
    if request.method == "GET" or not form.validate():
        return _plan(meeting.round, form, meeting, 200 if request.method == "GET" else INVALID)
    try:
        convening.change(meeting, _planned(form), actor=current_actor(), now=clock.now())
    except MeetingError as error:
        form.form_errors.append(meeting_refusal(error.code, error.params))
        return _plan(meeting.round, form, meeting, INVALID)
    flash(_("The meeting is changed."), "success")
    return redirect(_here(meeting), 303)


@bp.get("/vergaderingen/<int:meeting_id>")
@requires(Can.PANEL_VIEW)
def meeting(meeting: Meeting) -> ResponseReturnValue:
    """Show a meeting: who is there, what is on the agenda, what is under discussion."""
    return _page(meeting)


@bp.get("/vergaderingen/<int:meeting_id>/deel")
@requires(Can.PANEL_VIEW)
def meeting_part(meeting: Meeting) -> ResponseReturnValue:
    """Give the part of the page that follows what others do."""
    return render_template("panel/_meeting.html", **_shown(meeting))


@bp.post("/vergaderingen/<int:meeting_id>/openen")
@requires(Can.PANEL_LEAD)
def open_meeting(meeting: Meeting) -> ResponseReturnValue:
    """Open the meeting with the people who were ticked."""
    form = _roll_form(meeting)
    if not form.validate():
        return _page(meeting, form), INVALID
    present = {int(one) for one in form["present"].data}
    return _take(
        meeting,
        lambda: service.open_meeting(meeting, present, actor=current_actor(), now=clock.now()),
        _("The meeting is open."),
    )


@bp.post("/vergaderingen/<int:meeting_id>/aanwezig")
@requires(Can.PANEL_LEAD)
def attend(meeting: Meeting) -> ResponseReturnValue:
    """Record that somebody came in or left."""
    person = request.form.get("person", 0, type=id_in)
    present = request.form.get("present") == "1"
    return _take(
        meeting,
        lambda: service.attend(meeting, person, present=present, actor=current_actor(), now=clock.now()),
    )


@bp.post("/vergaderingen/<int:meeting_id>/sluiten")
@requires(Can.PANEL_LEAD)
def close(meeting: Meeting) -> ResponseReturnValue:
    """Close the meeting."""
    return _take(
        meeting,
        lambda: service.close(meeting, actor=current_actor(), now=clock.now()),
        _("The meeting is closed."),
    )


def _here(meeting: Meeting) -> str:
    return url_for("panel.meeting", meeting_id=meeting.id)


def _take(meeting: Meeting, step: Callable[[], None], done: str | None = None) -> ResponseReturnValue:
    """Take a step and go back to the meeting; a refusal stands on its page and changes nothing."""
    try:
        step()
    except MeetingError as error:
        flash(meeting_refusal(error.code, error.params), "error")
        return redirect(_here(meeting), 303)
    if done:
        flash(done, "success")
    return redirect(_here(meeting), 303)


def _page(meeting: Meeting, form: Form | None = None) -> str:
    shown = _shown(meeting)
    if meeting.opened_at is None and allowed(Can.PANEL_LEAD):
        shown["roll_form"] = form or _roll_form(meeting)
    return render_template("panel/meeting.html", **shown)


def _shown(meeting: Meeting) -> dict[str, object]:
    """What the page shows and what of it follows the meeting, in a number of queries that never grows."""
    actor = current_actor()
    roll = service.roll_of(meeting)
    entries = agenda.agenda_of(meeting, actor, ordered=allowed(Can.PANEL_RANKING))
    current = agenda.under_discussion(meeting)
    away = recusals.away_for(meeting, current.application_id) if current else []
    return {
        "meeting": meeting,
        "roll": roll,
        "presence": service.presence_in(meeting, roll, {one.user_id for one in away}),
        "agenda": entries,
        "current": next((one for one in entries if one.status == agenda.UNDER_DISCUSSION), None),
        "closed_to_me": current is not None
        and current.application_id not in {one.application_id for one in entries},
        "declared": not allowed(Can.CONFLICT_REPORT) or service.has_declared(meeting, actor),
    }


def _planned(form: PlanForm) -> Plan:
    return Plan(
        title=form.title.data or "",
        held_on=form["held_on"].data,
        place=form.place.data or "",
        chair_id=int(form["chair"].data),
        member_ids=[int(one) for one in form["members"].data],
        secretary_id=int(form["secretary"].data) if form["secretary"].data else None,
        quorum=form["quorum"].data,
    )


def _plan_form(round_: Round, meeting: Meeting | None = None) -> PlanForm:
    chairs = [(str(one.id), one.name) for one in convening.find_holders(round_, Role.CHAIR)]
    officers = [(str(one.id), one.name) for one in convening.find_holders(round_, Role.OFFICER)]
    committee = [(str(one.id), one.name) for one in convening.find_committee(round_)]
    members = list(dict([*committee, *chairs]).items())
    data: dict[str, object]
    if meeting is None:
        me = str(current_actor().user_id)
        data = {
            "held_on": clock.today(),
            "chair": chairs[0][0] if len(chairs) == 1 else me if me in dict(chairs) else "",
            "members": [id_ for id_, _name in committee],
            "secretary": me if me in dict(officers) else "",
        }
    else:
        roll = service.roll_of(meeting)
        data = {
            "title": meeting.title,
            "held_on": meeting.held_on,
            "place": meeting.place,
            "quorum": meeting.quorum,
            "chair": str(meeting.chair_id or ""),
            "members": [str(row.user_id) for row in roll if row.part == service.MEMBER],
            "secretary": next((str(row.user_id) for row in roll if row.part == service.SECRETARY), ""),
        }
    typed = request.form if request.method == "POST" else None
    return plan_form(chairs, members, officers)(typed, data=data)


def _plan(round_: Round, form: PlanForm, meeting: Meeting | None, status: int) -> ResponseReturnValue:
    return render_template("panel/plan.html", round_=round_, form=form, meeting=meeting), status


def _roll_form(meeting: Meeting) -> Form:
    roll = service.roll_of(meeting)
    people = [(str(row.user_id), row.person.name) for row in roll]
    typed = request.form if request.method == "POST" else None
    return roll_form(people)(typed, data={"present": [id_ for id_, _name in people]})
