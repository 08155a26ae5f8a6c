"""The link in the mail that asks somebody to review: for who is not logged in, with an account or without."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import Form

from forms.account import ConfirmForm
from forms.reviewer_pool import AcceptForm, DeclineForm
from subsidy import clock
from subsidy.access import requires
from subsidy.models import RoundReviewer
from subsidy.services import accounts, pool, reviewer_answers, reviewer_invitations
from subsidy.services.accounts import AddressTakenError
from subsidy.services.passwords import PasswordRefusedError
from subsidy.services.pool import PoolError
from subsidy.views.account import begin_session, password_refusal
from subsidy.views.reviewer import bp
from subsidy.views.reviewer.requests import accepted, me
from subsidy.wording.spoken import language
from workflows.permissions import Can

GONE, INVALID = 410, 422


class NewReviewerForm(ConfirmForm, AcceptForm):
    """Finish an account and accept in one go."""


@bp.get("/uitnodiging/<token>")
@requires(Can.INVITATION_OPEN)
def invitation(token: str) -> ResponseReturnValue:
    """Say what is asked. Opening the link changes nothing: mail scanners open links too."""
    row = reviewer_invitations.by_link(token)
    if row is not None and current_user.is_authenticated and pool.is_for(row, me()):
        return redirect(url_for("reviewer.asked", asked_id=row.id))
    return _page(token, NewReviewerForm(data={"name": _name_of(row)}), DeclineForm())


@bp.post("/uitnodiging/<token>/account")
@requires(Can.INVITATION_OPEN)
def register(token: str) -> ResponseReturnValue:
    """Make an account for the address to which the link was sent, accept, and declare secrecy."""
    row = reviewer_invitations.open_link(token, now=clock.now())
    if row is None:
        return _gone()
    form = NewReviewerForm(request.form)
    if current_user.is_authenticated or _has_account(row):
        return redirect(url_for("reviewer.invitation", token=token), 303)
    if not form.validate():
        return _page(token, form, DeclineForm(), INVALID)
    try:
        user = accounts.invited(
            email=row.email,
            name=form.name.data,
            password=form.password.data,
            locale=language(),
            now=clock.now(),
        )
        reviewer_answers.accept(row, user, now=clock.now())
    except PasswordRefusedError as error:
        form.password.errors = [password_refusal(error)]
        return _page(token, form, DeclineForm(), INVALID)
    except (AddressTakenError, PoolError):  # the other request of a double click was first
        return _gone()
    begin_session(user)
    return accepted()


@bp.post("/uitnodiging/<token>/afwijzen")
@requires(Can.INVITATION_OPEN)
def decline_by_link(token: str) -> ResponseReturnValue:
    """Decline without logging in: nobody needs an account to say no."""
    row = reviewer_invitations.by_link(token)
    if row is None:
        return _gone()
    form = DeclineForm(request.form)
    if current_user.is_authenticated:
        return redirect(url_for("reviewer.invitation", token=token), 303)
    if not form.validate():
        return _page(token, NewReviewerForm(data={"name": row.name}), form, INVALID)
    try:
        reviewer_answers.decline(row, reason=form.reason.data, user=None, now=clock.now())
    except PoolError:
        return _gone()
    return render_template("reviewer/invitation_declined.html", round_=row.round)


def _page(token: str, form: Form, decline_form: Form, status: int = 200) -> ResponseReturnValue:
    row = reviewer_invitations.open_link(token, now=clock.now())
    if row is None:
        return _gone()
    page = render_template(
        "reviewer/invitation.html",
        asked=row,
        round_=row.round,
        token=token,
        form=form,
        decline_form=decline_form,
        has_account=_has_account(row),
    )
    return page, status


def _name_of(row: RoundReviewer | None) -> str:
    return "" if row is None or row.name == row.email else row.name


def _has_account(row: RoundReviewer) -> bool:
    """Whether the address has an account that is not made or finished here."""
    user = accounts.find_by_email(row.email)
    return user is not None and accounts.is_taken(user)


def _gone() -> ResponseReturnValue:
    return render_template("reviewer/invitation_gone.html"), GONE
