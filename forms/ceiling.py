"""What an officer types about another ceiling: how much, why, and where it was published."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import DataRequired, InputRequired

from forms.choices import choose_several
from forms.fields import DayField, LineField, LongTextField, MoneyField
from forms.order import InOrder

Options = Iterable[tuple[str, object]]
LONGEST_REASON = 2_000


class CeilingForm(InOrder):
    """Another ceiling; `ceiling_form` adds the amount and the conditions. `seen` is what the page showed."""

    asked = ("cents",)
    seen = HiddenField()
    publication = LineField(
        _l("Official publication"),
        [DataRequired(_l("Fill in where the change was published."))],
        description=_l("Such as Staatscourant 2026, 456. A web page is no publication."),
    )
    published_on = DayField(
        _l("Date of the publication"), [InputRequired(_l("Fill in when the change was published."))]
    )
    reason = LongTextField(
        _l("Why the ceiling changes"), [DataRequired(_l("Say why the ceiling changes."))], most=LONGEST_REASON
    )

    def seen_cents(self) -> int:
        """Give the ceiling that the page showed; -1 for what is no amount, which no ceiling is."""
        text = self.seen.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(2**63)) else -1


def ceiling_form(conditions: Options, *, language: str) -> type[CeilingForm]:
    """Make the form; `conditions` are the codes of Awb 4:28 with their words."""
    fields: dict[str, object] = {
        "cents": MoneyField(
            _l("New ceiling"), [InputRequired(_l("Fill in the new ceiling."))], language=language
        ),
        "conditions": choose_several(
            _l("Conditions for lowering after applications came in (article 4:28)"),
            [],
            conditions,
            description=_l("Only for a lowering, and only when all three hold."),
        ),
    }
    return type("OfferedCeilingForm", (CeilingForm,), fields)
