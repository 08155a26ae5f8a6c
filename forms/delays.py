"""What an officer types to tell that a decision comes later (Awb 4:14)."""

from flask_babel import lazy_gettext as _l
from wtforms import Form
from wtforms.validators import DataRequired, InputRequired

from forms.fields import DayField, LongTextField

LONGEST = 2_000


class DelayForm(Form):
    """The new day, why it becomes later, and why it takes long where it does."""

    until = DayField(
        _l("We decide at the latest on"),
        [InputRequired(_l("Fill in until when you will decide."))],
        description=_l("As soon as can be, and a day that you will keep. This day is included."),
    )
    reason = LongTextField(
        _l("Why it becomes later"),
        [DataRequired(_l("Say why it becomes later."))],
        most=LONGEST,
        description=_l(
            "In plain words: it stands in the letter. For example: the committee needs a second day."
        ),
    )
    longer = LongTextField(
        _l("Why it takes more than eight weeks"),
        most=LONGEST,
        description=_l("Only when the new day is more than eight weeks later. It stands in the letter."),
    )
