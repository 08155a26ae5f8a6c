"""Pages of an account: register, log in, forget a password, change what is known of oneself."""

from importlib import import_module
from urllib.parse import urlsplit

from flask import Blueprint, abort, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import refresh
from flask_login import current_user, login_user, logout_user
from wtforms import Field, Form

from forms import account as forms
from subsidy import clock
from subsidy.access import public, requires
from subsidy.models import User
from subsidy.presentation import LOCALES
from subsidy.services import accounts, mail_links
from subsidy.services.accounts import LoginRefusedError
from subsidy.services.mail_links import LinkRefusedError, Purpose
from subsidy.services.passwords import PasswordRefusedError
from subsidy.services.throttle import TooManyAttemptsError
from subsidy.views.navigation import first_page
from subsidy.wording.spoken import language
from workflows.permissions import Can

bp = Blueprint("account", __name__, url_prefix="/account")

TOO_MANY = 429


@bp.route("/registreren", methods=["GET", "POST"])
@requires(Can.ACCOUNT_REGISTER)
def register() -> ResponseReturnValue:
    """Ask for an account; the answer is the same whether or not the address is known."""
    form = forms.RegisterForm(request.form)
    if request.method == "GET" or not form.validate():
        return _page("register", form)
    try:
        accounts.register(
            email=form.email.data,
            name=form.name.data,
            organisation=form.organisation.data,
            locale=language(),
            machine=_machine(),
            now=clock.now(),
        )
    except TooManyAttemptsError as error:
        return _wait("register", form, error)
    return redirect(url_for("account.mail_sent"), 303)


@bp.get("/mail-verstuurd")
@public
def mail_sent() -> ResponseReturnValue:
    """Say that a mail is on its way."""
    return render_template("account/mail_sent.html")


@bp.route("/bevestigen/<token>", methods=["GET", "POST"])
@public
def confirm(token: str) -> ResponseReturnValue:
    """Finish an account: opening the link changes nothing yet, because mail scanners open links too."""
    user = _opened("confirm", token)
    if user is None:
        return render_template("account/link_refused.html"), 410
    form = forms.ConfirmForm(request.form, name=user.name)
    if request.method == "GET" or not form.validate():
        return _page("confirm", form, user=user, token=token)
    try:
        accounts.confirm(user, password=form.password.data, name=form.name.data, now=clock.now())
    except PasswordRefusedError as error:
        _refuse(form.password, error)
        return _page("confirm", form, user=user, token=token)
    begin_session(user)
    flash(_("Your account is ready and you are logged in."), "success")
    return redirect(first_page(), 303)


@bp.route("/inloggen", methods=["GET", "POST"])
@requires(Can.ACCOUNT_LOGIN)
def login() -> ResponseReturnValue:
    """Log in and go on to the page that was asked for.

    A wrong password is answered with 200: the attempt is counted, and only what succeeds is committed.
    """
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(_own_path(request.args.get("next")) or first_page())
    form = forms.LoginForm(request.form, next=request.args.get("next", ""))
    if request.method == "GET" or not form.validate():
        return _page("login", form)
    try:
        user = accounts.log_in(
            email=form.email.data, password=form.password.data, machine=_machine(), now=clock.now()
        )
    except TooManyAttemptsError as error:
        return _wait("login", form, error)
    except LoginRefusedError as error:
        form.form_errors.append(_refusal(error))
        return render_template("account/login.html", form=form)
    begin_session(user)
    return redirect(_own_path(form.next.data) or first_page(), 303)


@bp.post("/uitloggen")
@public
def logout() -> ResponseReturnValue:
    """End this session; the language stays."""
    locale = language()
    logout_user()
    session.clear()
    session["locale"] = locale
    flash(_("You are logged out."), "success")
    return redirect(url_for("public.index"), 303)


@bp.route("/wachtwoord-vergeten", methods=["GET", "POST"])
@requires(Can.ACCOUNT_LOGIN)
def forgot() -> ResponseReturnValue:
    """Ask for a link to choose another password; the answer is the same for every address."""
    form = forms.ForgotForm(request.form)
    if request.method == "GET" or not form.validate():
        return _page("forgot", form)
    try:
        accounts.forgot(email=form.email.data, locale=language(), machine=_machine(), now=clock.now())
    except TooManyAttemptsError as error:
        return _wait("forgot", form, error)
    return redirect(url_for("account.mail_sent"), 303)


@bp.route("/nieuw-wachtwoord/<token>", methods=["GET", "POST"])
@public
def reset(token: str) -> ResponseReturnValue:
    """Choose another password after opening the link in the mail."""
    user = _opened("reset", token)
    if user is None:
        return render_template("account/link_refused.html"), 410
    form = forms.ResetForm(request.form)
    if request.method == "GET" or not form.validate():
        return _page("reset", form, user=user, token=token)
    try:
        accounts.set_password(user, password=form.password.data, now=clock.now())
    except PasswordRefusedError as error:
        _refuse(form.password, error)
        return _page("reset", form, user=user, token=token)
    begin_session(user)
    flash(_("Your password is changed and you are logged in."), "success")
    return redirect(first_page(), 303)


@bp.route("/", methods=["GET", "POST"])
@requires(Can.ACCOUNT_MANAGE_OWN)
def profile() -> ResponseReturnValue:
    """See and change one's own name, organisation and language."""
    form = forms.ProfileForm(request.form, obj=current_user)
    if request.method == "GET" or not form.validate():
        return _page("profile", form, password_form=forms.PasswordForm())
    form.populate_obj(current_user)
    refresh()
    flash(_("Your details are saved."), "success")
    return redirect(url_for("account.profile"), 303)


@bp.post("/wachtwoord")
@requires(Can.ACCOUNT_MANAGE_OWN)
def change_password() -> ResponseReturnValue:
    """Change one's own password; every other session of this account ends."""
    user: User = current_user._get_current_object()  # noqa: SLF001  # the account, not its proxy
    form = forms.PasswordForm(request.form)
    details = forms.ProfileForm(obj=user)
    if not form.validate():
        return _page("profile", details, password_form=form)
    try:
        accounts.change_password(user, current=form.current.data, new=form.password.data, now=clock.now())
    except TooManyAttemptsError as error:
        form.form_errors.append(_wait_text(error))
        return render_template("account/profile.html", form=details, password_form=form), TOO_MANY
    except LoginRefusedError as error:
        form.current.errors = [_refusal(error)]
        return render_template("account/profile.html", form=details, password_form=form)
    except PasswordRefusedError as error:
        _refuse(form.password, error)
        return _page("profile", details, password_form=form)
    begin_session(user)
    flash(_("Your password is changed. Other sessions of your account have ended."), "success")
    return redirect(url_for("account.profile"), 303)


@bp.post("/taal")
@public
def set_language() -> ResponseReturnValue:
    """Choose the language of the pages, also as a visitor, and return to the page."""
    locale = request.form.get("locale", "")
    if locale not in LOCALES:
        abort(400)
    session["locale"] = locale
    if current_user.is_authenticated:
        current_user.locale = locale
    return redirect(_own_path(request.form.get("next")) or url_for("public.index"), 303)


def _page(name: str, form: Form, **more: object) -> ResponseReturnValue:
    """A page with a form: as asked for, or as refused (422) with everything still in it."""
    status = 200 if request.method == "GET" else 422
    return render_template(f"account/{name}.html", form=form, **more), status


def _wait(name: str, form: Form, error: TooManyAttemptsError) -> ResponseReturnValue:
    form.form_errors.append(_wait_text(error))
    headers = {"Retry-After": str(error.seconds)}
    return render_template(f"account/{name}.html", form=form), TOO_MANY, headers


def _wait_text(error: TooManyAttemptsError) -> str:
    return str(_("Too many attempts. Try again in %(seconds)s seconds.", seconds=error.seconds))


def _refusal(error: LoginRefusedError) -> str:
    if error.code == "disabled":
        return str(_("This account was switched off. Ask the subsidy office for help."))
    return str(_("This e-mail address and password do not go together."))


def _refuse(field: Field, error: PasswordRefusedError) -> None:
    field.errors = [password_refusal(error)]


def password_refusal(error: PasswordRefusedError) -> str:
    """Why a password is not taken, and what to do."""
    return str(
        {
            "too_short": _("Use at least 12 characters."),
            "too_long": _("Use at most 500 characters."),
            "too_personal": _("Choose a password that is not your name or e-mail address."),
        }[error.code]
    )


def _opened(purpose: Purpose, token: str) -> User | None:
    try:
        return mail_links.open_link(purpose, token, now=clock.now())
    except LinkRefusedError:
        return None


def begin_session(user: User) -> None:
    """Begin a fresh session: what was in the old one, a planted one too, is gone."""
    session.clear()
    login_user(user)
    session.permanent = True
    g.pop("actor", None)
    refresh()


def _own_path(address: str | None) -> str | None:
    """The address when it is a path on this site; a browser takes // and a backslash for another site."""
    if not address or not address.startswith("/") or address.startswith("//"):
        return None
    if any(character <= " " or character == "\\" for character in address):
        return None
    parts = urlsplit(address)
    return None if parts.scheme or parts.netloc else address


def _machine() -> str:
    return request.remote_addr or ""


import_module("subsidy.views.account_signature")
