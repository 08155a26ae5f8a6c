"""What an administrator types about the office as letters name it, and the picture of a signature."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, Field, FileField, Form, HiddenField
from wtforms.validators import DataRequired, Email, InputRequired, Length, ValidationError

from forms.fields import LineField, LongTextField
from forms.office_fields import TickField
from forms.reading import clean_line
from forms.web_address import read_web_address

# What fits at the head of a letter: the name beside a wide logo, the address above a window.
LONGEST_NAME, MOST_LINES, LONGEST_LINE = 100, 4, 60


class LetterheadForm(Form):
    """The office as it stands on what it sends; `seen` is the version that the page shows."""

    seen = HiddenField()
    name = LineField(_l("Name of the office"), [DataRequired(_l("Fill in the name."))], most=LONGEST_NAME)
    address = LongTextField(
        _l("Address"),
        [DataRequired(_l("Fill in the address."))],
        description=_l("As on an envelope, at most 4 lines. Objections are sent to this address."),
        most=MOST_LINES * (LONGEST_LINE + 1),
    )
    email = EmailField(
        _l("E-mail address"),
        filters=[clean_line],
        validators=[
            DataRequired(_l("Fill in the e-mail address.")),
            Length(max=254, message=_l("This e-mail address is too long.")),
            Email(_l("Fill in an e-mail address such as name@example.nl.")),
        ],
    )
    phone = LineField(_l("Telephone number"), most=40)
    website = LineField(_l("Website"), most=100)
    logo = FileField(
        _l("Logo"),
        description=_l(
            "A PNG or JPEG of at most 5 MB. On the letter it is 15 mm high and at most 60 mm wide. "
            "Without a new file the present logo stays."
        ),
    )
    without_logo = TickField(_l("Take our own logo away"))
    logo_text = LineField(
        _l("What the logo shows"),
        description=_l(
            "For who has the letter read aloud, such as: Logo of the municipality of Voorbeeld. "
            "Needed when there is a logo."
        ),
    )

    def validate_address(self, field: Field) -> None:
        """Keep the address to what fits above the window of an envelope."""
        lines = field.data.splitlines()
        if len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines):
            raise ValidationError(
                _(
                    "Use at most %(lines)s lines of %(characters)s characters.",
                    lines=MOST_LINES,
                    characters=LONGEST_LINE,
                )
            )

    def validate_website(self, field: Field) -> None:
        """Refuse what is no address of a web page."""
        if field.data and read_web_address(field.data) is None:
            raise ValidationError(_("Write an address such as www.example.nl."))


class SignaturePictureForm(Form):
    """The picture of somebody's signature."""

    picture = FileField(
        _l("Picture of the signature"),
        [InputRequired(_l("Choose a file with the signature."))],
        description=_l("A PNG or JPEG of at most 5 MB, with little white around the signature."),
    )
