"""Telling that a decision comes later (Awb 4:14): to one applicant, or to all of a round who wait for one."""

from collections.abc import Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.delays import DelayForm
from subsidy import clock
from subsidy.access import current_actor, requires
from subsidy.models import Application, Round
from subsidy.services import delays, round_delays
from subsidy.services.delays import Clock, DelayError, Plan
from subsidy.services.round_delays import Run
from subsidy.views.office import bp
from subsidy.wording.delays import AT_FIELD, delay_refusal
from subsidy.wording.values import day
from workflows import delay as policy
from workflows.permissions import Can

INVALID, MOVED = 422, 303
FILE = "/aanvragen/<int:application_id>/later-beslissen"
ROUND = "/ronden/<slug>/later-beslissen"


@bp.get(FILE)
@requires(Can.DELAY_NOTIFY)
def delay(application: Application) -> ResponseReturnValue:
    """Show until when the office has, and ask for the new day."""
    return _page(application)


@bp.post(FILE)
@requires(Can.DELAY_NOTIFY)
def notify_delay(application: Application) -> ResponseReturnValue:
    """Tell this applicant."""
    form = DelayForm(request.form)
    if not form.validate():
        return _page(application, form), INVALID
    try:
        letter = delays.notify(application, _plan(form), actor=current_actor(), now=clock.now())
    except DelayError as error:
        _blame(form, error)
        return _page(application, form), INVALID
    flash(
        _("The letter is being made. The applicant can count on %(day)s.", day=day(letter.last_day)),
        "success",
    )
    return redirect(url_for("office.application", application_id=application.id), MOVED)


@bp.get(ROUND)
@requires(Can.LETTERS_SEND)
def delay_round(round_: Round) -> ResponseReturnValue:
    """Show who waits for a decision and until when, and ask for the new day."""
    return _round_page(round_)


@bp.post(ROUND)
@requires(Can.LETTERS_SEND)
def ask_delays(round_: Round) -> ResponseReturnValue:
    """Let a worker tell every applicant of the round who waits."""
    form = DelayForm(request.form)
    if not form.validate():
        return _round_page(round_, form), INVALID
    try:
        number = round_delays.ask(round_, _plan(form), actor=current_actor(), now=clock.now())
    except DelayError as error:
        _blame(form, error)
        return _round_page(round_, form), INVALID
    return redirect(url_for("office.delay_run", slug=round_.slug, number=number), MOVED)


@bp.get(f"{ROUND}/<int:number>")
@requires(Can.LETTERS_SEND)
def delay_run(round_: Round, number: int) -> ResponseReturnValue:
    """Show how far the letters are, and who got none."""
    return render_template("office/delay_run.html", round_=round_, run=_run(round_, number))


@bp.get(f"{ROUND}/<int:number>/stand")
@requires(Can.LETTERS_SEND)
def delay_progress(round_: Round, number: int) -> ResponseReturnValue:
    """Tell a page that waits how far it is; when it is done the whole page comes anew."""
    run = _run(round_, number)
    page = render_template("office/_delay_progress.html", round_=round_, run=run)
    return page, {} if run.running else {"HX-Refresh": "true"}


def _run(round_: Round, number: int) -> Run:
    return round_delays.find_run(round_, number, today=clock.today()) or abort(404)


def _plan(form: DelayForm) -> Plan:
    return Plan(form["until"].data, form.reason.data or "", form.longer.data or "")


def _blame(form: DelayForm, error: DelayError) -> None:
    """Say what is refused at the field where it can be mended, else above the form."""
    message = delay_refusal(error.code, error.params)
    name = AT_FIELD.get(error.code)
    if name is None:
        form.form_errors.append(message)
    else:
        form[name].errors = [message]


def _proposed(clocks: Sequence[Clock]) -> DelayForm:
    """Offer a working day some weeks after the last that an applicant counts on."""
    today = clock.today()
    last = max((one.ends_on for one in clocks), default=today)
    return DelayForm(data={"until": policy.proposed(last, today).last_day})


def _page(application: Application, form: DelayForm | None = None) -> str:
    stands = delays.clock_of(application, today=clock.today())
    return render_template(
        "office/delay.html",
        application=application,
        stands=stands,
        over=stands.term.is_over(clock.today()),
        may_notify=delays.can_notify(application),
        earlier=delays.find(application),
        form=form or _proposed([stands]),
    )


def _round_page(round_: Round, form: DelayForm | None = None) -> str:
    waiting = round_delays.waiting_in(round_, today=clock.today())
    clocks = [one.clock for one in waiting]
    return render_template(
        "office/delay_round.html",
        round_=round_,
        waiting=len(waiting),
        first=min((one.ends_on for one in clocks), default=None),
        last=max((one.ends_on for one in clocks), default=None),
        over=sum(one.term.is_over(clock.today()) for one in clocks),
        number=round_delays.last_number(round_),
        form=form or _proposed(clocks),
    )
