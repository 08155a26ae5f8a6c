"""What an officer fills in to ask people for a review."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form
from wtforms.validators import InputRequired, ValidationError

from forms.choices import choose_several
from forms.fields import DayField


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


def due_form(today: date) -> type[DueForm]:
    """Make the form that divides all work that is left."""
    return type("EvenForm", (DueForm,), {"today": today})
