"""What the office types about a trial application."""

from datetime import date
from typing import cast

from flask_babel import lazy_gettext as _l
from wtforms import Form
from wtforms.validators import DataRequired, InputRequired

from forms.fields import DayField, LineField, LongTextField


class CalibrationForm(Form):
    """A case that everybody who reviews in the round scores, and until when."""

    title = LineField(_l("Title"), [DataRequired(_l("Give the trial application a title."))], most=200)
    case_text = LongTextField(
        _l("The case"),
        [DataRequired(_l("Write the case that people score."))],
        description=_l(
            "Write it as an application: goal, region, partners, plan and budget. Use no application of this "
            "round, and no names of people."
        ),
    )
    due_on = DayField(
        _l("Hand in until"), [InputRequired(_l("Fill in until when people can hand in their scores."))]
    )

    @property
    def day(self) -> date:
        """The last day to hand in, of a valid form."""
        return cast("date", self.due_on.data)
