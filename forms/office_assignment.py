"""What an officer fills in to ask people for a review, and to have the work divided."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, Form, HiddenField
from wtforms.validators import InputRequired, ValidationError

from forms.choices import Options, choose_radio, choose_several
from forms.fields import Between, DayField, WholeNumberField

MOST = 100


class DueForm(Form):
    """Until when; never a day that is over."""

    due_on = DayField(_l("Hand in no later than"), [InputRequired(_l("Fill in a date."))])
    today: date = date.min

    def validate_due_on(self, field: Field) -> None:
        """Refuse a day in the past."""
        if field.data and field.data < self.today:
            raise ValidationError(_("This day is over. Choose a later one."))


def assign_form(people: Sequence[tuple[str, object]], today: date) -> type[DueForm]:
    """Make the form that asks these people; ids with a line about each."""
    fields: dict[str, Field] = {
        "reviewers": choose_several(
            _l("Reviewers"), [InputRequired(_l("Choose at least one reviewer."))], people
        )
    }
    return type("AssignForm", (DueForm,), {**fields, "today": today})


def proposal_form(warnings: Options, today: date) -> type[DueForm]:
    """Make the form that asks for a proposal; codes of warnings that may be set aside, in words."""
    fields: dict[str, Field] = {
        "most": WholeNumberField(
            _l("Most reviews per person"),
            [InputRequired(_l("Fill in a number.")), Between(1, MOST)],
            description=_l("For who agreed on no number, and said none in their profile."),
        ),
        "waived": choose_several(
            _l("Warnings that may be set aside"),
            [],
            warnings,
            description=_l(
                "Only where an application would lack a reviewer otherwise. Whoever is asked still "
                "says whether there is an interest."
            ),
        ),
        "wants_lay": BooleanField(_l("A lay reviewer with every application, as far as there are any")),
    }
    return type("ProposalForm", (DueForm,), {**fields, "today": today})


def adding_form(people: Options) -> type[Form]:
    """Make the form that adds one person to an application of a proposal."""
    fields: dict[str, Field] = {
        "person": choose_radio(_l("Who to add"), [InputRequired(_l("Choose one of these people."))], people),
        "version": HiddenField(),
    }
    return type("AddingForm", (Form,), fields)
