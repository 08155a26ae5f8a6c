"""The section about money: what is asked, what it costs, and what others pay."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, FormField
from wtforms.validators import ValidationError

from forms.choices import Offer, Options, choose_first
from forms.fields import LineField, MoneyField, Needed
from forms.reading import show_money
from forms.rows import Rows
from workflows.definition import RoundDefinition

MOST_LINES = 100
LONGEST_LINE = 300
OWN, COFINANCING = "own", "cofinancing"


class BudgetLine(Form):
    """One line of the budget. A line without anything typed in it is no line."""

    @property
    def blank(self) -> bool:
        """Whether neither a description nor an amount was typed."""
        typed = self["amount"].raw_data or ()
        return not self["description"].data and not any(text.strip() for text in typed)

    def validate_description(self, field: Field) -> None:
        """Ask what the amount is for."""
        if not field.data and not self.blank:
            raise ValidationError(_("Say what this amount is for, or leave the whole line empty."))

    def validate_amount(self, field: Field) -> None:
        """Ask for the amount of what was described."""
        if field.data is None and not field.errors and not self.blank:
            raise ValidationError(_("Fill in the amount."))


def budget_fields(definition: RoundDefinition, offer: Offer) -> dict[str, Field]:
    """Give the unbound fields: the amount asked, `costs`, and `funding` where others pay too."""
    fields: dict[str, Field] = {
        "requested": MoneyField(
            _l("Amount that you ask"),
            [Needed()],
            language=offer.language,
            description=_most_hint(definition, offer),
        ),
        "costs": Rows(FormField(cost_form(definition, offer)), _l("Costs"), max_entries=MOST_LINES),
    }
    if definition.budget.own_contribution:
        fields["funding"] = Rows(
            FormField(funding_form(offer)), _l("Own contribution and co-financing"), max_entries=MOST_LINES
        )
    return fields


def cost_form(definition: RoundDefinition, offer: Offer) -> type[Form]:
    """The form of one cost."""
    options = [
        (one.value, one.label.in_language(offer.language)) for one in definition.budget.cost_categories
    ]
    return _line(_l("Kind of cost"), options, offer)


def funding_form(offer: Offer) -> type[Form]:
    """The form of one contribution by the collaboration or by others."""
    options = [(OWN, _l("Own contribution")), (COFINANCING, _l("Co-financing by others"))]
    return _line(_l("Kind of contribution"), options, offer)


def _line(label: object, options: Options, offer: Offer) -> type[Form]:
    fields = {
        "category": choose_first(label, [Needed()], options),
        "description": LineField(_l("Description"), [Needed()], most=LONGEST_LINE),
        "amount": MoneyField(_l("Amount"), [Needed()], language=offer.language),
    }
    return type("BudgetLineForm", (BudgetLine,), fields)


def _most_hint(definition: RoundDefinition, offer: Offer) -> object:
    most = definition.rules.max_amount_cents
    return _l("At most € %(amount)s in this round.", amount=show_money(most, offer.language)) if most else ""
