"""What is typed about the order of priority, and the confirmation of minutes."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form, HiddenField
from wtforms.validators import InputRequired

from forms.fields import Between, LongTextField, WholeNumberField

MOST_PLACES = 100_000
LONGEST_REASON = 2000


class PlaceForm(Form):
    """Put one application on a place. `token` marks the order that was shown."""

    token = HiddenField()
    place = WholeNumberField(
        _l("New place"),
        [InputRequired(_l("Write the place, 1 goes first.")), Between(1, MOST_PLACES)],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    reason = LongTextField(
        _l("Why this place"),
        description=_l("Needed when the place departs from the order of the scores. It goes in the minutes."),
        most=LONGEST_REASON,
    )


class OrderForm(Form):
    """A step that needs nothing but the order that was shown."""

    token = HiddenField()


class MinutesForm(Form):
    """The chair says to have read the minutes of this digest."""

    minutes_sha256 = HiddenField()
    read = BooleanField(
        _l("I have read these minutes and they are right"),
        [InputRequired(_l("Read the minutes first, and tick that you did."))],
    )
