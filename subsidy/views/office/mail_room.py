"""The mail room: one PDF of all letters that go by post, its list, and that they were posted."""

from flask import abort, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from subsidy import clock
from subsidy.access import current_actor, requires
from subsidy.models import MailRun, Round
from subsidy.services import events, file_store, posting
from subsidy.services import mail_runs as service
from subsidy.services.file_store import FileDamagedError
from subsidy.services.mail_runs import NothingToPostError
from subsidy.services.posting import ReplacedError
from subsidy.views.office import bp
from subsidy.views.stored import stored_pdf
from workflows.permissions import Can

HERE = "/ronden/<slug>/brieven/post"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# More than so many lines nobody reads on a page; the list of the run has all of them.
MOST_SHOWN = 100


@bp.get(HERE)
@requires(Can.LETTERS_SEND)
def mail_room(round_: Round) -> ResponseReturnValue:
    """Show what goes by post today, and the run that was made last."""
    run = service.find_last(round_)
    waiting = service.to_post(round_, clock.today())
    here = run is not None and run.finished_at is not None and run.posted_at is None
    left_out = [one for one in waiting if run is None or one.mail_run_id != run.id] if here else []
    return render_template(
        "office/mail_room.html",
        round_=round_,
        today=clock.today(),
        run=run,
        asker=service.asker_of(run) if run else None,
        failed=run is not None and service.has_failed(run),
        waiting=waiting[:MOST_SHOWN],
        count=len(waiting),
        left_out=left_out[:MOST_SHOWN],
        most=MOST_SHOWN,
    )


@bp.post(HERE)
@requires(Can.LETTERS_SEND)
def ask_mail_run(round_: Round) -> ResponseReturnValue:
    """Let a worker make the PDF of all letters that go by post."""
    try:
        service.ask(round_, actor=current_actor(), now=clock.now())
    except NothingToPostError:
        flash(_("No letter of this round goes by post now."), "info")
    return _back(round_)


@bp.get(f"{HERE}/<int:run_id>/stand")
@requires(Can.LETTERS_SEND)
def mail_run_progress(round_: Round, run_id: int) -> ResponseReturnValue:
    """Tell a page that waits whether the PDF is made; then the whole page comes anew."""
    run = _get(round_, run_id)
    over = run.finished_at is not None or service.has_failed(run)
    page = render_template("office/_mail_run_progress.html", round_=round_, run=run)
    return page, {"HX-Refresh": "true"} if over else {}


@bp.get(f"{HERE}/<int:run_id>/brieven.pdf")
@requires(Can.LETTERS_SEND, writes=True)
def mail_run_pdf(round_: Round, run_id: int) -> ResponseReturnValue:
    """Give the PDF for the mail room; who takes it is logged."""
    run = _get(round_, run_id)
    _read_or_404(run.pdf_sha256)
    _look(run)
    return stored_pdf(run.pdf_sha256 or "", f"post-{round_.slug}-{run.day}.pdf", save=True)


@bp.get(f"{HERE}/<int:run_id>/lijst.xlsx")
@requires(Can.LETTERS_SEND, writes=True)
def mail_run_list(round_: Round, run_id: int) -> ResponseReturnValue:
    """Give the list of the letters in a run as a workbook; who takes it is logged."""
    run = _get(round_, run_id)
    _read_or_404(run.list_sha256)
    _look(run)
    answer = send_file(
        file_store.path_of(run.list_sha256 or ""),
        mimetype=XLSX,
        as_attachment=True,
        download_name=f"post-{round_.slug}-{run.day}.xlsx",
        etag=False,
        max_age=0,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post(f"{HERE}/<int:run_id>/gepost")
@requires(Can.LETTERS_SEND)
def mail_run_posted(round_: Round, run_id: int) -> ResponseReturnValue:
    """Record that the letters of a run were posted today."""
    run = _get(round_, run_id)
    try:
        posted, late = posting.post_run(round_, run, actor=current_actor(), now=clock.now())
    except ReplacedError:
        flash(_("A newer PDF took the place of this one. Post that one, and record it here."), "warning")
        return _back(round_)
    if posted:
        flash(
            ngettext(
                "%(num)d letter is recorded as posted.", "%(num)d letters are recorded as posted.", posted
            ),
            "success",
        )
    elif not late:
        flash(_("This was recorded already. Nothing was done a second time."), "info")
    if late:
        flash(
            ngettext(
                "%(num)d decision is not announced: the day in its letter is over. It needs a new date.",
                "%(num)d decisions are not announced: the day in their letters is over. "
                "They need a new date.",
                late,
            ),
            "warning",
        )
    return _back(round_)


def _get(round_: Round, run_id: int) -> MailRun:
    return service.find(round_, run_id) or abort(404)


def _read_or_404(digest: str | None) -> None:
    if digest is None:
        abort(404)
    try:
        file_store.open_file(digest).close()
    except FileDamagedError:
        abort(404)


def _look(run: MailRun) -> None:
    events.look(f"mail run {run.id}", at=clock.now(), user_id=current_actor().user_id)


def _back(round_: Round) -> ResponseReturnValue:
    return redirect(url_for("office.mail_room", slug=round_.slug), 303)
