"""The rebuttal of the applicant: the reports, the answer as a draft, and sending it in."""

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_time, ngettext
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from forms.reading import count_words
from forms.rebuttal import DraftForm, answer_form
from subsidy import clock
from subsidy.access import allowed, current_actor, requires
from subsidy.models import Application, Rebuttal
from subsidy.services import parked, rebuttals
from subsidy.services import rebuttal_answers as service
from subsidy.services.rebuttal_answers import ClashError
from subsidy.services.rebuttals import RebuttalError
from subsidy.services.snapshots import definition_of
from subsidy.views.applicant import bp
from subsidy.views.parking import park_form
from subsidy.views.reports import in_words
from subsidy.views.unsaved import PARKED, parked_secret
from subsidy.wording.rebuttal import rebuttal_refusal
from workflows.permissions import Can
from workflows.terms import rebuttal_term

CONFLICT, INVALID = 409, 422


@bp.get("/aanvragen/<int:application_id>/wederhoor")
@requires(Can.APPLICATION_VIEW_OWN)
def rebuttal(application: Application) -> ResponseReturnValue:
    """Show the reports, the term, and the answer to write or to read."""
    held = _held(application)
    secret = parked_secret()
    waiting = parked.find(secret, _here(application), now=clock.now())
    if waiting is None or not allowed(Can.REBUTTAL_WRITE):
        return _page(application, held, _form(held))
    form = DraftForm(MultiDict((name, value) for name, value in waiting.typed))
    return _page(application, held, form, unsaved=True, secret=secret)


@bp.post("/aanvragen/<int:application_id>/wederhoor")
@requires(Can.APPLICATION_VIEW_OWN, nobody=park_form)
def save_rebuttal(application: Application) -> ResponseReturnValue:
    """Save the draft, or send the answer in."""
    held = _held(application)
    sending = request.form.get("then") == "send"
    form = (answer_form(held.max_words) if sending else DraftForm)(request.form)
    if not allowed(Can.REBUTTAL_WRITE):
        return _closed(application, held, form)
    if not form.validate():
        return _page(application, held, form, unsaved=True), INVALID
    text, actor, now = form.answer.data or "", current_actor(), clock.now()
    try:
        if sending:
            words = count_words(text)
            service.send(application, text, words=words, version=form.version, actor=actor, now=now)
        else:
            service.save(application, text, version=form.version, actor=actor, now=now)
    except ClashError as clash:
        form.seen.data = str(clash.version)
        return _page(application, held, form, theirs=clash.stored), CONFLICT
    except RebuttalError:
        return _closed(application, held, form)
    parked.let_go(request.form.get(PARKED, ""), _here(application))
    flash(
        _("Your answer was sent in. You get a confirmation of receipt by e-mail.")
        if sending
        else _("Saved. Your answer was not sent in yet."),
        "success",
    )
    return redirect(_here(application), 303)


@bp.post("/aanvragen/<int:application_id>/wederhoor/tussendoor")
@requires(Can.APPLICATION_VIEW_OWN)
def autosave_rebuttal(application: Application) -> ResponseReturnValue:
    """Save the draft while it is written; what is refused stays in the browser, and the button says why."""
    held = _held(application)
    form = DraftForm(request.form)
    if not allowed(Can.REBUTTAL_WRITE) or not form.validate():
        return jsonify(state="failed"), CONFLICT
    text = form.answer.data or ""
    try:
        stored = service.save(application, text, version=form.version, actor=current_actor(), now=clock.now())
    except (ClashError, RebuttalError):
        return jsonify(state="failed"), CONFLICT
    parked.let_go(request.form.get(PARKED, ""), _here(application))
    said = _("Saved %(time)s", time=format_time(clock.now(), "HH:mm"))
    over = count_words(text) - held.max_words
    if over > 0:
        said += ". " + ngettext(
            "%(num)d word too many to send it in.", "%(num)d words too many to send it in.", over
        )
    return jsonify(state="saved", text=said, seen=str(stored.version))


def _held(application: Application) -> Rebuttal:
    held = rebuttals.find(application)
    if held is None:
        abort(404)
    return held


def _form(held: Rebuttal) -> DraftForm:
    return DraftForm(data={"answer": held.answer, "seen": str(held.version)})


def _here(application: Application) -> str:
    return url_for("applicant.rebuttal", application_id=application.id)


def _closed(application: Application, held: Rebuttal, form: DraftForm) -> ResponseReturnValue:
    """Tell who writes too late, or after it was sent, with the text as it was typed."""
    typed = form.answer.data or ""
    if not (typed.strip() and typed != held.answer):
        return redirect(_here(application), 303)
    if held.sent_at is not None:
        why = rebuttal_refusal("sent")
    elif rebuttals.is_over(held, now=clock.now()):
        why = rebuttal_refusal("over", {"last_day": held.last_day})
    else:
        why = _("You can read this answer. Somebody else of the collaboration writes and sends it.")
    return _page(application, held, _form(held), typed=typed, why=why), CONFLICT


def _page(
    application: Application,
    held: Rebuttal,
    form: DraftForm,
    *,
    unsaved: bool = False,
    secret: str = "",
    theirs: str | None = None,
    typed: str = "",
    why: str = "",
) -> str:
    now = clock.now()
    definition = definition_of(application.round)
    return render_template(
        "applicant/rebuttal.html",
        application=application,
        rebuttal=held,
        reports=in_words(rebuttals.reports_of(held), definition),
        form=form,
        term=rebuttal_term(clock.day_of(held.released_at), definition.terms.rebuttal_days),
        writable=allowed(Can.REBUTTAL_WRITE) and not rebuttals.is_over(held, now=now),
        over=rebuttals.is_over(held, now=now),
        sender=service.who_sent(held),
        person=current_actor().user_id,
        unsaved=unsaved,
        parked=secret or request.form.get(PARKED, ""),
        theirs=theirs,
        typed=typed,
        why=why,
    )
