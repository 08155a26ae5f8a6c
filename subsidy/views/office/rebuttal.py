"""The rebuttal in the office: which reports can be sent, sending them, and the answers that came in."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from forms.reading import count_words
from forms.rebuttal import DraftForm, ReleaseForm, paper_form, release_form
from subsidy import clock
from subsidy.access import allowed, current_actor, id_in, requires
from subsidy.db import db
from subsidy.models import Application, Rebuttal, Round
from subsidy.services import announcements, rebuttal_list, rebuttal_release, rebuttals
from subsidy.services import rebuttal_answers as answers
from subsidy.services.advance import NotAllowedError
from subsidy.services.rebuttal_list import PAGE, Stage
from subsidy.services.rebuttal_release import Preview
from subsidy.services.rebuttals import RebuttalError
from subsidy.services.snapshots import definition_of
from subsidy.views.office import bp
from subsidy.views.reports import in_words
from subsidy.wording.rebuttal import rebuttal_refusal
from workflows.machine import TransitionError
from workflows.permissions import Can
from workflows.terms import rebuttal_term

INVALID = 422


@bp.get("/ronden/<slug>/wederhoor")
@requires(Can.POOL_MANAGE)
def rebuttals_of(round_: Round) -> ResponseReturnValue:
    """List how far the rebuttal of a round is, with what can be sent."""
    after, now = request.args.get("na", 0, type=id_in), clock.now()
    page = rebuttal_list.find_lines(round_, current_actor(), now=now, after=after)
    definition = definition_of(round_)
    return render_template(
        "office/rebuttals.html",
        round_=round_,
        definition=definition,
        lines=page.lines,
        counts=rebuttal_list.count_stages(round_, current_actor(), now=now),
        ready=sum(line.stage is Stage.READY for line in page.lines),
        term=rebuttal_term(clock.day_of(now), definition.terms.rebuttal_days),
        first_url=url_for("office.rebuttals_of", slug=round_.slug) if after else None,
        next_url=url_for("office.rebuttals_of", slug=round_.slug, na=page.next_after)
        if page.next_after
        else None,
    )


@bp.post("/ronden/<slug>/wederhoor")
@requires(Can.POOL_MANAGE)
def release_all(round_: Round) -> ResponseReturnValue:
    """Send the reports of every application that was ticked, as they are."""
    wanted = request.form.getlist("file", type=id_in)[:PAGE]
    now, sent = clock.now(), 0
    known = {row.id: row for row in rebuttal_list.lock_files(round_, current_actor(), wanted)}
    for application_id in sorted(known):
        try:
            with db.session.begin_nested():
                rebuttal_release.release(known[application_id], seen=None, actor=current_actor(), now=now)
        except (RebuttalError, TransitionError, NotAllowedError):
            continue
        sent += 1
    left = len(set(wanted)) - sent
    flash(
        ngettext(
            "The reports of %(num)d application were sent.",
            "The reports of %(num)d applications were sent.",
            sent,
        ),
        "success" if sent else "info",
    )
    if left:
        flash(
            ngettext(
                "%(num)d application was left out: it was sent already, or it is not ready.",
                "%(num)d applications were left out: they were sent already, or they are not ready.",
                left,
            ),
            "warning",
        )
    return redirect(url_for("office.rebuttals_of", slug=round_.slug), 303)


@bp.get("/aanvragen/<int:application_id>/wederhoor")
@requires(Can.REVIEW_READ_ALL, writes=True)
def rebuttal(application: Application) -> ResponseReturnValue:
    """Show what the applicant would get, or what was sent and what came back."""
    held = rebuttals.find(application)
    now = clock.now()
    rebuttal_release.look(application, user_id=current_user.id, now=now)
    if held is not None:
        return _held_page(application, held, paper_form(held.max_words)(data={"seen": str(held.version)}))
    shown = rebuttal_release.preview(application)
    return _preview_page(application, shown, _release_form(application, shown))


@bp.post("/aanvragen/<int:application_id>/wederhoor")
@requires(Can.REBUTTAL_MANAGE)
def release_reports(application: Application) -> ResponseReturnValue:
    """Send the reports of one application, with the words taken out that the officer took out."""
    shown = rebuttal_release.preview(application)
    form = _release_form(application, shown, typed=True)
    if not form.validate():
        return _preview_page(application, shown, form), INVALID
    edits = {
        (report.review_id, part.criterion): form[form.name_of(report.review_id, part.criterion)].data
        for report in shown.reports
        for part in report.parts
    }
    try:
        rebuttal_release.release(
            application, edits=edits, seen=form.seen.data or "", actor=current_actor(), now=clock.now()
        )
    except RebuttalError as error:
        form.form_errors.append(rebuttal_refusal(error.code, error.params))
        form.seen.data = shown.mark
        return _preview_page(application, shown, form), INVALID
    except TransitionError as error:
        flash(rebuttal_refusal(error.code, error.params), "warning")
        return redirect(_here(application), 303)
    flash(_("The reports were sent to the applicant."), "success")
    return redirect(_here(application), 303)


@bp.post("/aanvragen/<int:application_id>/wederhoor/antwoord")
@requires(Can.REBUTTAL_MANAGE)
def enter_rebuttal(application: Application) -> ResponseReturnValue:
    """Enter the answer of an applicant who has no account here."""
    held = rebuttals.find(application)
    if held is None:
        abort(404)
    form = paper_form(held.max_words)(request.form)
    if not form.validate():
        return _held_page(application, held, form), INVALID
    text = form.answer.data or ""
    try:
        answers.enter(
            application,
            text,
            words=count_words(text),
            received_on=form["received_on"].data,
            actor=current_actor(),
            now=clock.now(),
        )
    except RebuttalError as error:
        message = rebuttal_refusal(error.code, error.params)
        if error.code in {"received_early", "received_late"}:
            form["received_on"].errors = [message]
        else:
            form.form_errors.append(message)
        return _held_page(application, held, form), INVALID
    flash(_("The answer is entered."), "success")
    return redirect(_here(application), 303)


@bp.get("/aanvragen/<int:application_id>/wederhoor/papier")
@requires(Can.REBUTTAL_MANAGE)
def rebuttal_on_paper(application: Application) -> ResponseReturnValue:
    """Show what an applicant without an account gets by post, to print."""
    held = rebuttals.find(application)
    if held is None:
        abort(404)
    definition = definition_of(application.round)
    return render_template(
        "office/rebuttal_paper.html",
        application=application,
        rebuttal=held,
        reports=in_words(rebuttals.reports_of(held), definition),
        term=rebuttal_term(clock.day_of(held.released_at), definition.terms.rebuttal_days),
    )


def _release_form(application: Application, shown: Preview, *, typed: bool = False) -> ReleaseForm:
    spoken = in_words(shown.reports, definition_of(application.round))
    labels = [
        (
            part.review_id,
            part.criterion,
            _("Reviewer %(number)s: %(criterion)s", number=report.number, criterion=part.title),
        )
        for report in spoken
        for part in report.paragraphs
    ]
    kind = release_form(labels)
    data: dict[str, object] = {"seen": shown.mark}
    for report in spoken:
        for part in report.paragraphs:
            data[kind.name_of(part.review_id, part.criterion)] = part.motivation
    return kind(request.form if typed else None, data=data)


def _preview_page(application: Application, shown: Preview, form: ReleaseForm) -> str:
    definition = definition_of(application.round)
    term = rebuttal_release.term_of(application, now=clock.now())
    return render_template(
        "office/rebuttal_preview.html",
        application=application,
        definition=definition,
        shown=shown,
        reports=in_words(shown.reports, definition),
        form=form,
        term=term,
        reachable=bool(announcements.find_addresses(application.id)),
        sendable=shown.ready
        and definition.holds_rebuttal
        and application.state == "in_review"
        and allowed(Can.REBUTTAL_MANAGE),
    )


def _held_page(application: Application, held: Rebuttal, form: DraftForm) -> str:
    definition = definition_of(application.round)
    members = answers.has_members(application)
    return render_template(
        "office/rebuttal.html",
        application=application,
        rebuttal=held,
        reports=in_words(rebuttals.reports_of(held), definition),
        form=form,
        over=rebuttals.is_over(held, now=clock.now()),
        sender=answers.who_sent(held),
        members=members,
        deliveries=rebuttal_list.deliveries_of(application),
        may_enter=not members
        and held.sent_at is None
        and application.state in {"rebuttal", "in_review"}
        and allowed(Can.REBUTTAL_MANAGE),
    )


def _here(application: Application) -> str:
    return url_for("office.rebuttal", application_id=application.id)
