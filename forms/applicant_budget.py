"""The section about money: what is asked, what it costs, and what others pay."""

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, FileField, Form, FormField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from forms.choices import Offer, Options, choose_first, choose_one
from forms.fields import LineField, LongTextField, MoneyField, Needed
from forms.kept_choice import EMPTY, KeptChoiceField, grouped
from forms.reading import show_money
from forms.rows import Rows
from workflows.budget import COFINANCING, OWN, TOGETHER
from workflows.definition import RoundDefinition

MOST_LINES = 100
LONGEST_LINE = 300
LONGEST_PASTE = 100_000
REPLACE, ADD = "replace", "add"

KEY = re.compile("[0-9a-z]{1,16}")
YEAR = re.compile("[1-9][0-9]?")
PAID_BY = re.compile(f"{OWN}:[0-9a-z]{{1,16}}|{COFINANCING}:[a-z0-9_-]{{1,63}}")


class BudgetLine(Form):
    """One line of the budget. A line without anything typed in it is no line."""

    @property
    def blank(self) -> bool:
        """Whether neither a description nor an amount was typed."""
        typed = self["amount"].raw_data or ()
        amount = self["amount"].data is not None or any(text.strip() for text in typed)
        return not self["description"].data and not amount

    def validate_description(self, field: Field) -> None:
        """Ask what the amount is for."""
        if not field.data and not self.blank:
            raise ValidationError(_("Say what this amount is for, or leave the whole line empty."))

    def validate_amount(self, field: Field) -> None:
        """Ask for the amount of what was described."""
        if field.data is None and not field.errors and not self.blank:
            raise ValidationError(_("Fill in the amount."))


class TakenIn:
    """Pasted lines are put in the list by their button; saving would leave them behind."""

    def __call__(self, _form: Form, field: Field) -> None:
        """Refuse to save what is not in the list yet."""
        if field.data:
            raise ValidationError(
                _("These lines are not in the budget yet. Press “Put in the budget”, or empty this field.")
            )


def budget_fields(definition: RoundDefinition, offer: Offer) -> dict[str, Field]:
    """Give the unbound fields: the amount asked, `costs`, and `funding` where others pay too.

    `pasted`, `workbook` and `imported` bring lines from a spreadsheet.
    """
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
            FormField(funding_form(definition, offer)),
            _l("Own contribution and co-financing"),
            max_entries=MOST_LINES,
        )
    return fields | {
        "pasted": LongTextField(
            _l("Lines from a spreadsheet"),
            [TakenIn()],
            most=LONGEST_PASTE,
            description=_l(
                "Copy the cells and paste them here: description and amount, or all columns of the template. "
                "At most %(most)s lines.",
                most=MOST_LINES,
            ),
        ),
        "workbook": FileField(
            _l("Workbook (xlsx)"),
            description=_l("At most 2 MB. Nothing changes when there is an error in it."),
        ),
        "imported": choose_first(
            _l("What happens to the lines that are here now?"),
            [],
            (
                (REPLACE, _l("The workbook takes their place")),
                (ADD, _l("They stay, and the workbook comes after them")),
            ),
        ),
    }


def cost_form(definition: RoundDefinition, offer: Offer) -> type[Form]:
    """The form of one cost."""
    asked = definition.budget
    fields: dict[str, Field] = {
        "category": choose_one(_l("Kind of cost"), [Needed()], categories(definition, offer))
    }
    if asked.by_partner:
        fields["partner"] = KeptChoiceField(
            _l("Partner"),
            [Needed()],
            choices=[EMPTY, *(SelectChoice(key, name) for key, name in partners(offer))],
            default="",
            keeps=KEY,
            gone=_l("Takes part no longer"),
            gone_hint=_l("This organisation takes part no longer. Choose another."),
        )
    if asked.by_year:
        fields["year"] = KeptChoiceField(
            _l("Year"),
            [Needed()],
            choices=[EMPTY, *(SelectChoice(year, year) for year in years(offer))],
            default="",
            keeps=YEAR,
            gone=_l("After the end"),
            gone_hint=_l("The project ends before this year. Choose another, or make the project longer."),
        )
    return _line(fields, offer)


def funding_form(definition: RoundDefinition, offer: Offer) -> type[Form]:
    """The form of one contribution: by the collaboration, or by others."""
    own: list[tuple[str, object]] = [(OWN, _l("Own contribution"))]
    others: list[tuple[str, object]] = [(COFINANCING, _l("Co-financing by others"))]
    if definition.budget.by_partner:
        own = [(OWN, _l("A partner, not chosen yet"))]
        own += [(f"{OWN}:{key}", name) for key, name in partners(offer)]
    if definition.budget.sources:
        others = [(COFINANCING, _l("Somebody else, not chosen yet"))]
        others += [(f"{COFINANCING}:{value}", label) for value, label in sources(definition, offer)]
    choices = [
        *grouped(_l("Own contribution"), own),
        *grouped(_l("Co-financing by others"), others),
    ]
    paid_by = KeptChoiceField(
        _l("Who pays?"),
        [Needed()],
        choices=choices,
        default=OWN,
        keeps=PAID_BY,
        gone=_l("Takes part no longer"),
        gone_hint=_l("Who pays this takes part no longer. Choose another."),
    )
    return _line({"category": paid_by}, offer)


def categories(definition: RoundDefinition, offer: Offer) -> Options:
    """Give the kinds of cost."""
    return [(one.value, one.label.in_language(offer.language)) for one in definition.budget.cost_categories]


def sources(definition: RoundDefinition, offer: Offer) -> Options:
    """Give the parties that may pay along."""
    return [(one.value, one.label.in_language(offer.language)) for one in definition.budget.sources]


def partners(offer: Offer) -> list[tuple[str, str]]:
    """Give who can make a cost: each that takes part, and all together."""
    named = [(key, name or _("An organisation without a name yet")) for key, name in offer.participants]
    return [*named, (TOGETHER, _("All partners together"))]


def years(offer: Offer) -> list[str]:
    """Give the years of the project."""
    return [str(year) for year in range(1, offer.years + 1)]


def _line(fields: dict[str, Field], offer: Offer) -> type[Form]:
    own = {
        "description": LineField(_l("Description"), [Needed()], most=LONGEST_LINE),
        "amount": MoneyField(_l("Amount"), [Needed()], language=offer.language),
    }
    return type("BudgetLineForm", (BudgetLine,), {**fields, **own})


def _most_hint(definition: RoundDefinition, offer: Offer) -> object:
    most = definition.rules.max_amount_cents
    return _l("At most € %(amount)s in this round.", amount=show_money(most, offer.language)) if most else ""
