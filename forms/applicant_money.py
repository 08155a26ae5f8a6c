"""Other public money for the same activities: whether there is any, and a line for each source."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, FormField
from wtforms.validators import ValidationError

from forms.choices import NO, Offer, choose_one, choose_yes_no
from forms.fields import LineField, MoneyField, Needed
from forms.rows import Rows

MOST_SOURCES = 20
LONGEST_LINE = 300


class OtherMoneyLine(Form):
    """Money from one source. A line without anything typed in it is no line."""

    @property
    def blank(self) -> bool:
        """Whether nothing was typed or chosen."""
        typed = self["amount"].raw_data or ()
        told = self["source"].data or self["description"].data or self["amount"].data is not None
        return not told and not any(text.strip() for text in typed)

    def validate_source(self, field: Field) -> None:
        """Ask where the money comes from."""
        if not field.data and not self.blank:
            raise ValidationError(_("Choose where this money comes from, or leave the whole line empty."))

    def validate_amount(self, field: Field) -> None:
        """Ask how much it is."""
        if field.data is None and not field.errors and not self.blank:
            raise ValidationError(_("Fill in the amount. Write 0 when it is not known yet."))


class _NoneMeansNone:
    """No other money, and yet a line with it: one of the two is a mistake, and neither is thrown away."""

    def __call__(self, form: Form, field: Field) -> None:
        """Refuse a no beside filled lines."""
        if field.data == NO and any(not line.form.blank for line in form["other_money"]):
            raise ValidationError(
                _("You answer no, and there is money below. Remove those lines, or answer yes.")
            )


def other_money_fields(offer: Offer) -> dict[str, Field]:
    """Give the unbound fields: yes or no, and a line for each source."""
    return {
        "gets_other_money": choose_yes_no(
            _l("Do you get other public money for the same activities?"),
            [Needed(), _NoneMeansNone()],
            description=_l(
                "Also what you asked for and do not have yet. We look whether nothing is paid twice."
            ),
        ),
        "other_money": Rows(
            FormField(other_money_form(offer)), _l("Other public money"), max_entries=MOST_SOURCES
        ),
    }


def other_money_form(offer: Offer) -> type[Form]:
    """The form of one line."""
    return type("OtherMoneyForm", (OtherMoneyLine,), _line_fields(offer))


def _line_fields(offer: Offer) -> dict[str, Field]:
    return {
        "source": choose_one(_l("Where it comes from"), [Needed()], offer.money_sources),
        "description": LineField(_l("Scheme, and what it pays"), most=LONGEST_LINE),
        "amount": MoneyField(_l("Amount"), [Needed()], language=offer.language),
    }
