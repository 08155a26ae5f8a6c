"""What somebody gives who wants to know whether a letter is genuine: its code, or the file."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, FileField, Form
from wtforms.validators import DataRequired, InputRequired, StopValidation

from forms.fields import LineField
from workflows.letter_codes import code_in

CODE, FILE = "code", "file"


class CodeForm(Form):
    """The code on the last page of a letter."""

    code = LineField(
        _l("Code of the letter"),
        [DataRequired(_l("Fill in the code of the letter."))],
        description=_l("It stands at the end of the letter: 16 letters and digits, in groups of four."),
        render_kw={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"},
    )

    def validate_code(self, field: Field) -> None:
        """Refuse what can be no code, before anything is looked up."""
        if code_in(field.data) is None:
            raise StopValidation(
                _("A code has 16 letters and digits, such as 2B7K-09QX-MMT4-1ZEA. Look at the letter again.")
            )

    def read(self) -> str:
        """Give the code as it is kept; only after validation."""
        return code_in(self.code.data or "") or ""


class LetterFileForm(Form):
    """The letter itself, as it was downloaded."""

    file = FileField(
        _l("The letter as a PDF"),
        [InputRequired(_l("Choose the file with the letter."))],
        description=_l("The file as you got it. We compare it and do not keep it."),
    )
