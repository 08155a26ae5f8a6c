"""The link in an invitation: a page for everyone who holds it, an account when needed, and accepting."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from wtforms import Form

from forms.account import ConfirmForm
from subsidy import clock
from subsidy.access import current_actor, requires
from subsidy.models import User
from subsidy.services import accounts, invitations
from subsidy.services.accounts import AddressTakenError
from subsidy.services.invitations import NotOpenError, Opened
from subsidy.services.passwords import PasswordRefusedError
from subsidy.views.account import begin_session, password_refusal
from subsidy.wording.spoken import language
from workflows.permissions import Can

bp = Blueprint("invitations", __name__, url_prefix="/uitnodiging")

GONE, INVALID = 410, 422


@bp.get("/<token>")
@requires(Can.INVITATION_OPEN)
def show(token: str) -> ResponseReturnValue:
    """Say who invites for what. Opening the link changes nothing: mail scanners open links too."""
    joined = invitations.accepted_by(token, current_actor().user_id)
    if joined is not None:
        return redirect(url_for("applicant.show", application_id=joined))
    return _page(token, ConfirmForm())


@bp.route("/<token>/aannemen", methods=["GET", "POST"])
@requires(Can.INVITATION_ACCEPT)
def accept(token: str) -> ResponseReturnValue:
    """Join, as who is logged in; who had to log in first comes back to the page that asks."""
    if request.method == "GET":
        return redirect(url_for("invitations.show", token=token))
    user: User = current_user._get_current_object()  # noqa: SLF001  # the account, not its proxy
    try:
        return _joined(invitations.accept(token, user, now=clock.now()))
    except NotOpenError:
        return _gone()


@bp.post("/<token>/account")
@requires(Can.INVITATION_OPEN)
def register(token: str) -> ResponseReturnValue:
    """Make an account for the address to which the link was sent, and join."""
    opened = _opened(token)
    if opened is None:
        return _gone()
    form = ConfirmForm(request.form)
    if current_user.is_authenticated or _has_account(opened):
        return redirect(url_for("invitations.show", token=token), 303)
    if not form.validate():
        return _page(token, form)
    try:
        user = accounts.invited(
            email=opened.invitation.email,
            name=form.name.data,
            password=form.password.data,
            locale=language(),
            now=clock.now(),
        )
        application_id = invitations.accept(token, user, now=clock.now())
    except PasswordRefusedError as error:
        form.password.errors = [password_refusal(error)]
        return _page(token, form)
    except (AddressTakenError, NotOpenError):  # the other request of a double click was first
        return _gone()
    begin_session(user)
    return _joined(application_id)


def _joined(application_id: int) -> ResponseReturnValue:
    flash(_("You take part in this application now."), "success")
    return redirect(url_for("applicant.show", application_id=application_id), 303)


def _page(token: str, form: Form) -> ResponseReturnValue:
    opened = _opened(token)
    if opened is None:
        return _gone()
    page = render_template(
        "invitations/show.html",
        opened=opened,
        token=token,
        form=form,
        has_account=_has_account(opened),
    )
    return page, 200 if request.method == "GET" else INVALID


def _has_account(opened: Opened) -> bool:
    """Whether the address has an account that is not made or finished here."""
    user = accounts.find_by_email(opened.invitation.email)
    return user is not None and accounts.is_taken(user)


def _opened(token: str) -> Opened | None:
    try:
        return invitations.open_link(token, now=clock.now())
    except NotOpenError:
        return None


def _gone() -> ResponseReturnValue:
    return render_template("invitations/gone.html"), GONE
