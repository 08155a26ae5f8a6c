"""What an administrator types about a mandate: who, for which decisions, up to what, from and until when."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import Form
from wtforms.validators import DataRequired, InputRequired

from forms.choices import choose_first, choose_one, choose_radio, choose_several
from forms.fields import Between, DayField, LineField, MoneyField
from forms.order import InOrder

Options = Iterable[tuple[str, object]]
ALL_ROUNDS = "all"
MOST_CENTS = 10**13


class MandateForm(InOrder):
    """One mandate; `mandate_form` adds who, the round, the powers and the limit."""

    asked = ("holder", "powers", "up_to_cents", "for_round")
    function = LineField(
        _l("Function"),
        [DataRequired(_l("Fill in the function as the letter says it."))],
        description=_l("Stands below the name in the letter, such as head of subsidies."),
    )
    reference = LineField(
        _l("Mandate decision"),
        [DataRequired(_l("Fill in where the mandate was given."))],
        description=_l("The letter names it, such as Mandate decision 2026, article 3."),
    )
    from_day = DayField(_l("First day"), [InputRequired(_l("Fill in the first day."))])
    until_day = DayField(
        _l("Last day"), description=_l("This day still counts. Empty: until it is withdrawn.")
    )

    def round_id(self) -> int | None:
        """Give the round that was chosen; None for all."""
        chosen = self["for_round"].data
        return None if chosen == ALL_ROUNDS else int(chosen)


def mandate_form(people: Options, rounds: Options, powers: Options, *, language: str) -> type[MandateForm]:
    """Make the form; `people` and `rounds` are ids with names, `powers` codes with words."""
    fields: dict[str, object] = {
        "holder": choose_one(_l("Officer"), [InputRequired(_l("Choose an officer."))], people),
        "powers": choose_several(
            _l("For which decisions"), [InputRequired(_l("Tick at least one kind of decision."))], powers
        ),
        "up_to_cents": MoneyField(
            _l("Up to which amount"),
            [Between(1, MOST_CENTS)],
            description=_l("Of one award. Empty: without a limit."),
            language=language,
        ),
        "for_round": choose_first(
            _l("For which round"), [InputRequired(_l("Choose one from the list."))], rounds
        ),
    }
    return type("OfferedMandateForm", (MandateForm,), fields)


class SignerForm(Form):
    """Who is to sign a proposal in the place of another; `signer_form` adds the mandates to choose from."""


def signer_form(mandates: Options) -> type[SignerForm]:
    """Make the form; `mandates` are ids with who holds them."""
    chosen = choose_radio(_l("Who is to decide"), [InputRequired(_l("Choose one of these."))], mandates)
    return type("OfferedSignerForm", (SignerForm,), {"mandate": chosen})
