"""Sending the letters of a round: start, follow, hold up, let go; what failed, and what missed its day."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from forms.decisions import RenewForm
from subsidy import clock
from subsidy.access import current_actor, id_in, requires
from subsidy.models import Application, Round
from subsidy.services import missed, readdressing, unsent_letters
from subsidy.services import sending as service
from subsidy.services.decisions import DecisionError
from subsidy.services.proposal import proposed_day
from subsidy.views.office import bp
from subsidy.wording.decisions import decision_refusal
from workflows.permissions import Can

INVALID = 422
HERE = "/ronden/<slug>/brieven/verzenden"


@bp.get(HERE)
@requires(Can.LETTERS_SEND)
def sending(round_: Round) -> ResponseReturnValue:
    """Show how far the letters of today are, what failed, and what needs a new date."""
    return _page(round_, _renew_form())


@bp.get(f"{HERE}/stand")
@requires(Can.LETTERS_SEND)
def sending_progress(round_: Round) -> ResponseReturnValue:
    """Tell a page that waits how far it is; where more changed than that, the whole page comes anew."""
    about = _about(round_)
    page = render_template("office/_sending_progress.html", round_=round_, **about)
    return page, {"HX-Refresh": "true"} if request.args.get("was", "") != mark_of(about) else {}


@bp.post(f"{HERE}/nu")
@requires(Can.LETTERS_SEND)
def start_sending(round_: Round) -> ResponseReturnValue:
    """Send the confirmed letters of today now."""
    found = service.start(round_, actor=current_actor(), now=clock.now())
    if found.paused_at is not None:
        flash(_("The letters are held up. Let them go on first."), "warning")
    else:
        flash(_("The letters are going out."), "success")
    return _back(round_)


@bp.post(f"{HERE}/ophouden")
@requires(Can.LETTERS_SEND)
def pause_sending(round_: Round) -> ResponseReturnValue:
    """Hold up the letters of today."""
    service.pause(round_, actor=current_actor(), now=clock.now())
    flash(_("The letters are held up. A letter that was being sent at this moment still goes."), "success")
    return _back(round_)


@bp.post(f"{HERE}/doorgaan")
@requires(Can.LETTERS_SEND)
def resume_sending(round_: Round) -> ResponseReturnValue:
    """Let the letters of today go on."""
    service.resume(round_, actor=current_actor(), now=clock.now())
    flash(_("The letters are going out."), "success")
    return _back(round_)


@bp.post(f"{HERE}/nieuwe-datum")
@requires(Can.LETTERS_SEND)
def renew_missed(round_: Round) -> ResponseReturnValue:
    """Let every decision that missed its day be proposed again with a new date."""
    form = RenewForm(request.form)
    if not form.validate():
        return _page(round_, form), INVALID
    try:
        count = missed.renew_all(
            round_, announce_on=form["announce_on"].data, actor=current_actor(), now=clock.now()
        )
    except DecisionError as error:
        form["announce_on"].errors = [decision_refusal(error.code, error.params)]
        return _page(round_, form), INVALID
    flash(
        ngettext(
            "%(num)d decision is being proposed again. Its letter has to be confirmed again.",
            "%(num)d decisions are being proposed again. Their letters have to be confirmed again.",
            count,
        ),
        "success" if count else "info",
    )
    return _back(round_)


@bp.post("/aanvragen/<int:application_id>/brieven/opnieuw")
@requires(Can.LETTER_ANNOUNCE)
def send_letter_again(application: Application) -> ResponseReturnValue:
    """Send what failed for this application once more: the letter of today, and notifications in its file."""
    now = clock.now()
    tried = service.try_again(application, actor=current_actor(), now=now)
    again = readdressing.send_again(application, actor=current_actor(), now=now)
    if tried or again:
        flash(_("It is tried again now."), "success")
    else:
        flash(_("There is nothing left to send for this application."), "info")
    if request.form.get("terug") == "ronde":
        return _back(application.round)
    return redirect(url_for("office.letters", application_id=application.id), 303)


@bp.get("/ronden/<slug>/brieven/termijn")
@requires(Can.LETTERS_SEND)
def unsent(round_: Round) -> ResponseReturnValue:
    """List the letters that lie in a file while nobody was told, by the end of their 48 hours (Awb 2:10)."""
    after = request.args.get("na", 0, type=id_in)
    rows = unsent_letters.find(round_, after=after, limit=unsent_letters.PAGE + 1)
    shown = rows[: unsent_letters.PAGE]
    here = url_for("office.unsent", slug=round_.slug)
    return render_template(
        "office/unsent_letters.html",
        round_=round_,
        rows=shown,
        now=clock.now(),
        first_url=here if after else None,
        next_url=url_for("office.unsent", slug=round_.slug, na=shown[-1].letter_id)
        if len(rows) > unsent_letters.PAGE
        else None,
    )


def mark_of(about: dict[str, Any]) -> str:
    """Give what the parts of the page outside the progress follow from, to know when they changed."""
    counts = about["counts"]
    return f"{counts.failed}-{counts.by_post}-{about['sending'] is not None}-{about['paused']}-{counts.busy}"


def _about(round_: Round) -> dict[str, Any]:
    found = service.find(round_, clock.today())
    return {
        "sending": found,
        "paused": found is not None and found.paused_at is not None,
        "counts": service.counts(round_, clock.today()),
    }


def _page(round_: Round, form: RenewForm) -> str:
    today, about = clock.today(), _about(round_)
    after, after_missed = request.args.get("na", ""), request.args.get("gemist", "")
    failures = service.find_failures(round_, today, after=after, limit=service.PAGE + 1)
    late = missed.find(round_, today=today, after=after_missed, limit=missed.PAGE + 1)

    def here(**more: Any) -> str:
        return url_for("office.sending", slug=round_.slug, **more)

    return render_template(
        "office/sending.html",
        round_=round_,
        today=today,
        **about,
        mark=mark_of(about),
        people=service.people_of(about["sending"]) if about["sending"] else {},
        failures=failures[: service.PAGE],
        failures_next=here(na=failures[service.PAGE - 1].reference or "")
        if len(failures) > service.PAGE
        else None,
        missed=late[: missed.PAGE],
        missed_count=missed.count(round_, today=today) if late else 0,
        missed_next=here(gemist=late[missed.PAGE - 1].reference or "") if len(late) > missed.PAGE else None,
        first_url=here() if after or after_missed else None,
        unsent=unsent_letters.summary_of(round_, now=clock.now()),
        form=form,
    )


def _renew_form() -> RenewForm:
    return RenewForm(data={"announce_on": proposed_day(clock.today())})


def _back(round_: Round) -> ResponseReturnValue:
    return redirect(url_for("office.sending", slug=round_.slug), 303)
