"""What officers type to propose for a whole round at once, and to confirm letters that they read."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form
from wtforms.validators import InputRequired

from forms.choices import Options, choose_one, choose_radio
from forms.decisions import announce_on_field

EVERYTHING = "all"
OUTCOMES = (
    (EVERYTHING, _l("Every application without a proposal")),
    ("awarded", _l("The awards alone, whole and in part")),
    ("rejected", _l("The rejections alone, with the places on the reserve list")),
    ("not_processed", _l("Only what is not processed")),
)


class BatchForm(Form):
    """Propose what the division gives; `batch_form` adds who signs and for which applications."""

    announce_on = announce_on_field()


class ConfirmBatchForm(Form):
    """Somebody says to have read each of the letters that they ticked."""

    read = BooleanField(
        _l("I have read each of these letters and stand for them"),
        [InputRequired(_l("Read the letters first, and tick that you did."))],
    )


def batch_form(mandates: Options, *, chosen: bool) -> type[BatchForm]:
    """Make the form of a batch: `mandates` are ids with names; `chosen` says that references were picked."""
    fields: dict[str, object] = {
        "mandate": choose_one(
            _l("Signatory"),
            [],
            mandates,
            description=_l("Empty: for each decision the first mandate that covers it."),
        )
    }
    if not chosen:
        fields["outcome"] = choose_radio(
            _l("For which applications"),
            [InputRequired(_l("Choose one of these."))],
            OUTCOMES,
            default=EVERYTHING,
        )
    return type("RoundBatchForm", (BatchForm,), fields)
