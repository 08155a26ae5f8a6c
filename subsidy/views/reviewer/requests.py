"""A request to review in a round: accept with a declaration of secrecy, decline, and later stop."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from wtforms import Form

from forms.reviewer_pool import AcceptForm, DeclineForm, DropForm
from subsidy import clock
from subsidy.access import requires
from subsidy.models import RoundReviewer, User
from subsidy.services import pool, pool_dropping, reviewer_answers
from subsidy.services.pool import PoolError, Stand
from subsidy.views.reviewer import bp
from subsidy.wording.pool import pool_error
from workflows.permissions import Can

INVALID = 422


@bp.get("/gevraagd/<int:asked_id>")
@requires(Can.INVITATION_ACCEPT)
def asked(asked_id: int) -> ResponseReturnValue:
    """Show what is asked, and until when."""
    return _page(_own(asked_id), AcceptForm(), DeclineForm())


@bp.post("/gevraagd/<int:asked_id>/aannemen")
@requires(Can.INVITATION_ACCEPT)
def accept(asked_id: int) -> ResponseReturnValue:
    """Accept, and declare secrecy; who is new tells next what they know."""
    row, form = _own(asked_id), AcceptForm(request.form)
    if not form.validate():
        return _page(row, form, DeclineForm()), INVALID
    try:
        reviewer_answers.accept(row, me(), now=clock.now())
    except PoolError as error:
        form.form_errors.append(pool_error(error.code))
        return _page(row, form, DeclineForm()), INVALID
    return accepted()


@bp.post("/gevraagd/<int:asked_id>/afwijzen")
@requires(Can.INVITATION_ACCEPT)
def decline(asked_id: int) -> ResponseReturnValue:
    """Decline, with a reason or without."""
    row, form = _own(asked_id), DeclineForm(request.form)
    if not form.validate():
        return _page(row, AcceptForm(), form), INVALID
    try:
        reviewer_answers.decline(row, reason=form.reason.data, user=me(), now=clock.now())
    except PoolError as error:
        form.form_errors.append(pool_error(error.code))
        return _page(row, AcceptForm(), form), INVALID
    flash(_("You declined. Thank you for your answer."), "success")
    return redirect(url_for("reviewer.asked", asked_id=row.id), 303)


@bp.route("/gevraagd/<int:asked_id>/stoppen", methods=["GET", "POST"])
@requires(Can.INVITATION_ACCEPT)
def stop(asked_id: int) -> ResponseReturnValue:
    """Stop reviewing in a round, with a reason."""
    row, form = _own(asked_id), DropForm(request.form)
    if pool.stand_of(row, clock.today()) is not Stand.ACCEPTED:
        return redirect(url_for("reviewer.asked", asked_id=row.id), 303)
    if request.method == "POST" and form.validate():
        try:
            pool_dropping.lay_down(row, reason=form.reason.data, user=me(), now=clock.now())
        except PoolError as error:
            form.form_errors.append(pool_error(error.code))
        else:
            flash(_("You stopped reviewing in this round. The office looks for somebody else."), "success")
            return redirect(url_for("reviewer.asked", asked_id=row.id), 303)
    page = render_template("reviewer/stop.html", asked=row, round_=row.round, form=form)
    return page, 200 if request.method == "GET" else INVALID


def me() -> User:
    """The account of this request, not its proxy."""
    user: User = current_user._get_current_object()  # noqa: SLF001
    return user


def accepted() -> ResponseReturnValue:
    """Thank, and lead on: to the profile where there is none yet, else to the own list."""
    flash(_("Thank you. You review in this round from now on."), "success")
    if reviewer_answers.has_profile(me()):
        return redirect(url_for("reviewer.index"), 303)
    return redirect(url_for("reviewer.profile"), 303)


def _own(asked_id: int) -> RoundReviewer:
    row = pool.find_own(asked_id, me())
    if row is None:
        abort(404)
    return row


def _page(row: RoundReviewer, accept_form: Form, decline_form: Form) -> str:
    today = clock.today()
    open_ = pool.can_be_answered(row, row.round, today)
    return render_template(
        "reviewer/asked.html",
        asked=row,
        round_=row.round,
        stand=pool.stand_of(row, today),
        can_be_answered=open_,
        involved=open_ and reviewer_answers.is_involved(row, me(), now=clock.now()),
        over=pool.is_over(row.round),
        accept_form=accept_form,
        decline_form=decline_form,
    )
