"""What people of a collaboration fill in: an invitation, the rights of a member, a signature."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, Field, FileField, Form, HiddenField
from wtforms.validators import DataRequired, Email, InputRequired, Length, ValidationError

from forms.choices import choose_one, choose_radio
from forms.fields import LineField, LongTextField
from forms.office_fields import TickField
from forms.reading import clean_line

SIGN = "sign"
Options = Sequence[tuple[str, object]]


class RightsForm(Form):
    """What somebody may do, and for which organisation."""

    def validate_participation_key(self, field: Field) -> None:
        """Refuse a signatory without an organisation: there would be nothing to sign for."""
        if "capacity" in self and self["capacity"].data == SIGN and not field.data:
            raise ValidationError(_("Choose for which organisation this person signs."))


def invite_form(*, capacities: Options, organisations: Options) -> type[Form]:
    """Make the form that asks somebody to join; `capacities` and `organisations` are codes with words."""
    fields: dict[str, Field] = {
        "email": _email(),
        **_rights(capacities, organisations),
        "words": LongTextField(
            _l("A few words with the invitation"),
            description=_l("These come in the e-mail, under your name."),
            most=1000,
        ),
    }
    return type("InviteForm", (RightsForm,), fields)


def newcomer_form() -> type[Form]:
    """Make the form with which the office asks somebody to join a collaboration whose only member is gone."""
    return type("NewcomerForm", (Form,), {"email": _email()})


def member_form(*, capacities: Options, organisations: Options) -> type[Form]:
    """Make the form that changes what a member may do; without capacities that part stays as it is."""
    return type("MemberForm", (RightsForm,), _rights(capacities, organisations))


def leadership_form(members: Options, *, with_reason: bool) -> type[Form]:
    """Make the form that gives the leadership to one of these members; the office says why."""
    fields: dict[str, Field] = {
        "member": choose_radio(
            _l("Who leads from now on?"), [InputRequired(_l("Choose who leads from now on."))], members
        ),
    }
    if with_reason:
        fields["reason"] = LongTextField(
            _l("Reason"),
            [DataRequired(_l("Give a reason."))],
            description=_l("The members get to read this, and it is kept with the application."),
            most=2000,
        )
    return type("LeadershipForm", (Form,), fields)


def _email() -> Field:
    return EmailField(
        _l("E-mail address"),
        filters=[clean_line],
        validators=[
            DataRequired(_l("Fill in the e-mail address of who you invite.")),
            Length(max=254, message=_l("This e-mail address is too long.")),
            Email(_l("Fill in an e-mail address such as name@example.nl.")),
        ],
    )


def _signatory() -> dict[str, Field]:
    return {
        "name": LineField(_l("Name"), [DataRequired(_l("Fill in the name of who signs."))]),
        "position": LineField(
            _l("Function"),
            [DataRequired(_l("Fill in the function of who signs."))],
            description=_l("For instance: director, alderman, chair of the board."),
        ),
    }


def sign_form() -> type[Form]:
    """Make the form that confirms; `seen` is the mark of the terms that the page showed."""
    fields: dict[str, Field] = {
        "seen": HiddenField(),
        **_signatory(),
        "agreed": TickField(
            _l("I may sign for my organisation, and I confirm that it takes part as stands above."),
            [InputRequired(_l("Tick the box to confirm."))],
        ),
    }
    return type("SignForm", (Form,), fields)


def statement_form() -> type[Form]:
    """Make the form for a statement that was signed on paper, for the terms with the mark `seen`."""
    fields: dict[str, Field] = {
        "seen": HiddenField(),
        **_signatory(),
        "statement": FileField(
            _l("The signed statement"),
            [InputRequired(_l("Choose the file with the signed statement."))],
            description=_l("A PDF, or a photo or scan (png or jpg)."),
        ),
    }
    return type("StatementForm", (Form,), fields)


def _rights(capacities: Options, organisations: Options) -> dict[str, Field]:
    fields: dict[str, Field] = {}
    if capacities:
        fields["capacity"] = choose_radio(
            _l("What may this person do?"), [InputRequired(_l("Choose what this person may do."))], capacities
        )
    fields["participation_key"] = choose_one(
        _l("Organisation"),
        [],
        organisations,
        description=_l(
            "For which organisation this person takes part, and signs. Is it not in the list? "
            "Then add it first in the part about who takes part."
        ),
    )
    fields["project_leader"] = TickField(_l("This person is the project leader: the contact for the office"))
    return fields
