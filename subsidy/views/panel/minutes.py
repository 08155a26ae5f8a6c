"""The minutes of a meeting: ask for them, read them, and confirm them as chair."""

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.priorities import MinutesForm
from subsidy import clock
from subsidy.access import current_actor, requires
from subsidy.models import Meeting
from subsidy.services import minutes as service
from subsidy.services.advance import NotAllowedError
from subsidy.services.file_store import FileDamagedError
from subsidy.services.minutes import MinutesError
from subsidy.views.panel import bp
from subsidy.views.panel.declaring import after_declaring
from subsidy.views.stored import stored_pdf
from subsidy.wording.minutes import minutes_refusal
from workflows.permissions import Can

INVALID = 422


@bp.get("/vergaderingen/<int:meeting_id>/verslag")
@requires(Can.PANEL_RANKING)
@after_declaring
def minutes(meeting: Meeting) -> ResponseReturnValue:
    """Show where the minutes stand, and what can be done."""
    return _page(meeting)


@bp.post("/vergaderingen/<int:meeting_id>/verslag")
@requires(Can.PANEL_ORDER)
@after_declaring
def make_minutes(meeting: Meeting) -> ResponseReturnValue:
    """Let the minutes be made from what is recorded now: a concept while the meeting runs."""
    return _take(
        meeting,
        lambda: service.request(meeting, now=clock.now()),
        _("The minutes are being made. This takes a moment."),
    )


@bp.get("/vergaderingen/<int:meeting_id>/verslag.pdf")
@requires(Can.PANEL_RANKING, writes=True)
@after_declaring
def minutes_pdf(meeting: Meeting) -> ResponseReturnValue:
    """Give the minutes as they are stored."""
    _withhold(meeting)
    if meeting.minutes_sha256 is None:
        abort(404)
    service.looked(meeting, current_actor(), now=clock.now())
    return stored_pdf(
        meeting.minutes_sha256,
        f"verslag-{meeting.round.slug}-{meeting.held_on.isoformat()}.pdf",
        save=request.args.get("opslaan") == "1",
    )


@bp.post("/vergaderingen/<int:meeting_id>/verslag/bevestigen")
@requires(Can.MINUTES_CONFIRM)
@after_declaring
def confirm_minutes(meeting: Meeting) -> ResponseReturnValue:
    """Confirm the minutes that were read."""
    form = MinutesForm(request.form)
    if not form.validate():
        return _page(meeting, form=form, status=INVALID)
    digest = form.minutes_sha256.data or ""
    return _take(
        meeting,
        lambda: service.confirm(meeting, minutes_sha256=digest, actor=current_actor(), now=clock.now()),
        _("The minutes are confirmed."),
    )


def _take(meeting: Meeting, step: Callable[[], None], success: str) -> ResponseReturnValue:
    """Take a step; on refusal show the page again with the reason, and nothing changed."""
    _withhold(meeting)
    there = url_for("panel.minutes", meeting_id=meeting.id)
    try:
        step()
    except MinutesError as error:
        if error.code == "already_confirmed":
            flash(minutes_refusal(error.code), "info")
            return redirect(there, 303)
        return _page(meeting, refusal=minutes_refusal(error.code), status=INVALID)
    except FileDamagedError:
        return _page(meeting, refusal=minutes_refusal("minutes_damaged"), status=INVALID)
    except NotAllowedError:
        return _page(meeting, refusal=minutes_refusal("second_person_needed"), status=INVALID)
    flash(success, "success")
    return redirect(there, 303)


def _withhold(meeting: Meeting) -> None:
    """Who left the room for one of its applications reads no minutes until the decisions are out."""
    if service.withheld_from(meeting, current_actor()):
        abort(404)


def _page(
    meeting: Meeting, *, form: MinutesForm | None = None, refusal: str | None = None, status: int = 200
) -> ResponseReturnValue:
    _withhold(meeting)
    return (
        render_template(
            "panel/minutes.html",
            meeting=meeting,
            standing=service.standing_of(meeting),
            form=form or MinutesForm(data={"minutes_sha256": meeting.minutes_sha256 or ""}),
            refusal=refusal,
        ),
        status,
    )
