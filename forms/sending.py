"""What people type about how letters reach an applicant: a postal address, another e-mail address."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, Form
from wtforms.validators import DataRequired, Email, Length, ValidationError

from forms.fields import LongTextField
from forms.reading import clean_line

# What fits in the window of an envelope, under the name of the organisation and whom it is for.
FEWEST_LINES, MOST_LINES, LONGEST_LINE = 2, 5, 45


def _lines(text: str | None) -> str:
    """Give an address without empty lines and without spaces around its lines."""
    return "\n".join(line for line in map(clean_line, (text or "").splitlines()) if line)


class FitsWindow:
    """An address of a few short lines."""

    def __call__(self, _form: Form, field: LongTextField) -> None:
        """Refuse what does not fit, and say what to do."""
        lines = (field.data or "").splitlines()
        if not FEWEST_LINES <= len(lines) <= MOST_LINES:
            raise ValidationError(
                _("Write the address in %(least)s to %(most)s lines.", least=FEWEST_LINES, most=MOST_LINES)
            )
        if max(map(len, lines)) > LONGEST_LINE:
            raise ValidationError(
                _("A line has at most %(most)s characters, to fit in the window of the envelope.",
                  most=LONGEST_LINE)
            )  # fmt: skip


class PaperForm(Form):
    """Letters on paper, and where they go."""

    address = LongTextField(
        _l("Postal address"),
        [DataRequired(_l("Fill in the postal address.")), FitsWindow()],
        most=400,
        description=_l(
            "One line a part: street with number or PO box, then postal code with town. The name of the "
            "organisation comes above it by itself."
        ),
        render_kw={"autocomplete": "street-address"},
    )

    def process(self, *arguments: object, **named: object) -> None:
        """Read the address as clean lines."""
        super().process(*arguments, **named)
        if self.address.data:
            self.address.data = _lines(self.address.data)


class OtherAddressForm(Form):
    """Another e-mail address for one notification."""

    email = EmailField(
        _l("E-mail address"),
        [
            DataRequired(_l("Fill in the e-mail address.")),
            Length(max=254, message=_l("This e-mail address is too long.")),
            Email(_l("Fill in an e-mail address such as name@example.nl.")),
        ],
        filters=[clean_line],
        render_kw={"autocomplete": "off"},
    )
