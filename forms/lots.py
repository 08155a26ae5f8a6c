"""Drawing a lot again."""

from flask_babel import lazy_gettext as _l
from wtforms import Form
from wtforms.validators import DataRequired

from forms.fields import LineField

LONGEST_REFERENCE = 40


class LotForm(Form):
    """The reference of an application, to draw its lot."""

    aanvraag = LineField(
        _l("Reference of an application"),
        [DataRequired(_l("Fill in a reference."))],
        most=LONGEST_REFERENCE,
        description=_l("Exactly as it stands in the receipt, also capitals and dashes."),
    )
