"""State aid that the participants got in the last three years: whether, and line by line what."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, FormField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from forms.choices import Offer, choose_first, choose_one, choose_yes_no
from forms.fields import DayField, LineField, MoneyField, Needed
from forms.rows import Rows, typed
from workflows.state_aid import Regulation

MOST_LINES = 60


class AidLine(Form):
    """Aid that one participant got. A line with nothing but a choice in it is no line."""

    today: date = date.max

    @property
    def blank(self) -> bool:
        """Whether neither a day, nor a giver, nor an amount was typed."""
        return not any(typed(self[name]) for name in ("granted_on", "grantor", "amount"))

    def validate_participant(self, field: Field) -> None:
        """Ask who got it; who is chosen may have been removed since."""
        if not field.data and not self.blank:
            raise ValidationError(_("Choose the organisation that got this aid."))

    def validate_granted_on(self, field: Field) -> None:
        """Refuse a day that is still to come."""
        if field.data and field.data > self.today:
            raise ValidationError(_("This day is still to come. Fill in the day of the decision."))

    def validate_amount(self, field: Field) -> None:
        """Ask for the amount of aid about which something else was typed."""
        if field.data is None and not field.errors and not self.blank:
            raise ValidationError(_("Fill in the amount."))


class AidRows(Rows):
    """Lines about aid; each chooses among who takes part on this page, saved or not."""

    participants: Sequence[tuple[str, str]] = ()

    def offer(self, participants: Sequence[tuple[str, str]]) -> None:
        """Let every line choose from these keys with their names; who is not among them is unchosen."""
        self.participants = participants
        for entry in self:
            self._offer(entry)

    def append_entry(self, *args: Any, **kwargs: Any) -> FormField:
        """Add a line with the same choice."""
        entry: FormField = super().append_entry(*args, **kwargs)
        self._offer(entry)
        return entry

    def _offer(self, entry: FormField) -> None:
        field = entry.form["participant"]
        field.choices = [*field.choices[:1], *(SelectChoice(key, name) for key, name in self.participants)]
        if field.data not in dict(self.participants):
            field.data = ""


def aid_fields(offer: Offer) -> dict[str, Field]:
    """Give the unbound fields: `aid_received` (yes or no), and `aid` with a line for each."""
    return {
        "aid_received": choose_yes_no(
            _l("Did one of the participants get de-minimis or SGEI aid in the last three years?"),
            [Needed(), _no_aid_means_no_lines],
            description=_l(
                "Small amounts of state aid, from whatever authority: de-minimis under Regulation (EU) "
                "2023/2831, or SGEI for a service of general economic interest under 2023/2832. Count "
                "companies of the same group as one. The letter about the aid names the regulation."
            ),
        ),
        "aid": AidRows(FormField(aid_form(offer)), _l("Earlier state aid"), max_entries=MOST_LINES),
    }


def aid_form(offer: Offer) -> type[Form]:
    """The form of one line; who may have got it is filled in by AidRows."""
    regulations = (
        (Regulation.DE_MINIMIS.value, _l("De-minimis")),
        (Regulation.SGEI.value, _l("SGEI")),
    )
    fields: dict[str, object] = {
        "participant": choose_one(_l("Organisation"), [Needed()], ()),
        "regulation": choose_first(_l("Regulation"), [Needed()], regulations),
        "granted_on": DayField(_l("Granted on"), [Needed()]),
        "grantor": LineField(_l("Granted by"), [Needed()]),
        "amount": MoneyField(_l("Amount"), [Needed()], language=offer.language),
        "today": offer.today,
    }
    return type("AidLineForm", (AidLine,), fields)


def _no_aid_means_no_lines(form: Form, field: Field) -> None:
    """Refuse a no with lines below it: one of the two is a mistake, and only the person knows which."""
    if field.answer is False and any(not entry.form.blank for entry in form["aid"]):
        raise ValidationError(
            _("You say that nobody got aid, but aid is filled in. Choose yes, or remove that aid first.")
        )
