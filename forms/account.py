"""What a person types about their account."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, Form, HiddenField, PasswordField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Email, InputRequired, Length

from forms.fields import LineField, Needed
from forms.reading import clean_line

ALL_ROUNDS = "all"
LANGUAGES = (SelectChoice("nl", "Nederlands"), SelectChoice("en", "English"))


def _email() -> EmailField:
    return EmailField(
        _l("E-mail address"),
        filters=[clean_line],
        validators=[
            DataRequired(_l("Fill in your e-mail address.")),
            Length(max=254, message=_l("This e-mail address is too long.")),
            Email(_l("Fill in an e-mail address such as name@example.nl.")),
        ],
        render_kw={"autocomplete": "email"},
    )


def _name() -> StringField:
    return StringField(
        _l("Your name"),
        filters=[clean_line],
        validators=[
            DataRequired(_l("Fill in your name.")),
            Length(max=200, message=_l("Use at most 200 characters.")),
        ],
        render_kw={"autocomplete": "name"},
    )


def _organisation() -> StringField:
    return StringField(
        _l("Your organisation"),
        filters=[clean_line],
        validators=[Length(max=200, message=_l("Use at most 200 characters."))],
        render_kw={"autocomplete": "organization"},
    )


def _new_password() -> PasswordField:
    return PasswordField(
        _l("New password"),
        description=_l("At least 12 characters. A few words in a row are easy to remember."),
        validators=[InputRequired(_l("Choose a password."))],
        render_kw={"autocomplete": "new-password"},
    )


class RegisterForm(Form):
    """Ask for an account; the password comes after the mail."""

    name = _name()
    organisation = _organisation()
    email = _email()


class ConfirmForm(Form):
    """Finish an account."""

    name = _name()
    password = _new_password()


class ResetForm(Form):
    """Choose another password."""

    password = _new_password()


class ForgotForm(Form):
    """Ask for a link to choose another password."""

    email = _email()


class LoginForm(Form):
    """Log in; `next` is the page that was asked for."""

    email = _email()
    password = PasswordField(
        _l("Password"),
        validators=[InputRequired(_l("Fill in your password."))],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField(filters=[clean_line])


class ProfileForm(Form):
    """One's own name, organisation and language."""

    name = _name()
    organisation = _organisation()
    locale = SelectField(_l("Language"), choices=LANGUAGES, validators=[Needed()])


class PasswordForm(Form):
    """Change one's own password."""

    current = PasswordField(
        _l("Current password"),
        validators=[InputRequired(_l("Fill in your current password."))],
        render_kw={"autocomplete": "current-password"},
    )
    password = _new_password()


class GrantForm(Form):
    """Give a person a role; the choices of roles and rounds are filled in by the view."""

    role = SelectField(_l("Role"), choices=[], validators=[Needed()])
    round_id = SelectField(_l("For which round"), choices=[], validators=[Needed()])


class FindPersonForm(Form):
    """Search the list of people."""

    search = LineField(_l("Name or e-mail address"), validators=[Needed()], render_kw={"required": False})
    staff = BooleanField(_l("Only people with another role than applicant"))
