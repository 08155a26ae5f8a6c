"""Asking people to review, their answer, and stopping."""

import re
from collections.abc import Iterable
from datetime import date
from email.utils import parseaddr
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, HiddenField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from forms.choices import Options, Place, choose_places, choose_radio
from forms.fields import Between, DayField, LongTextField, WholeNumberField
from forms.office_fields import TickField

MOST_PEOPLE = 60
MOST_REVIEWS = 500
LONGEST_ADDRESS, LONGEST_NAME = 254, 200
# No line of one person is longer, and looking for an address takes the square of a line's length.
LONGEST_LINE = 1_000
_ADDRESS = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+\.[^\s@<>,;\".]{2,}")
_AROUND = " \t,;<>()\"'"


def people_in(text: str) -> list[tuple[str, str]]:
    """Read addresses with names, one person on each line: `Anna de Vries <anna@voorbeeld.nl>`.

    Gives pairs of address and name, each address once. ValueError with words names the first line that holds
    no address, or more than one.
    """
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip(_AROUND):
            continue
        addresses = _ADDRESS.findall(line) if len(line) <= LONGEST_LINE else []
        if len(addresses) != 1 or not _usable(addresses[0]):
            raise ValueError(
                _(
                    "Line %(number)s: write one e-mail address, such as “Anna de Vries name@example.nl”.",
                    number=number,
                )
            )
        name = " ".join(line.replace(addresses[0], " ").split()).strip(_AROUND)
        if len(name) > LONGEST_NAME:
            raise ValueError(_("Line %(number)s: this name is too long.", number=number))
        found.setdefault(addresses[0].lower(), name)
    return list(found.items())


def _usable(address: str) -> bool:
    plain = address.isascii() and len(address) <= LONGEST_ADDRESS
    return plain and parseaddr(address)[1] == address and ".." not in address


class TermsForm(Form):
    """As what somebody is asked, for how many reviews, and until when they can answer."""

    today: date = date.min

    def validate_reply_by(self, field: Field) -> None:
        """Refuse a day in the past."""
        if field.data and field.data < self.today:
            raise ValidationError(_("This day is over. Choose a later one."))


class AskForm(TermsForm):
    """The same for several people at once."""

    def typed_people(self) -> list[tuple[str, str]]:
        """Give the addresses with names that were typed; call it on a valid form."""
        return people_in(self["new_people"].data)

    def validate_new_people(self, field: Field) -> None:
        """Read every line, and ask for somebody at all."""
        try:
            typed = people_in(field.data)
        except ValueError as error:
            raise ValidationError(str(error)) from None
        chosen = self["people"].data if "people" in self else ()
        if not typed and not chosen:
            raise ValidationError(_("Choose somebody, or write at least one e-mail address."))
        if len(typed) > MOST_PEOPLE:
            raise ValidationError(_("At most %(most)s people at once.", most=MOST_PEOPLE))


def ask_form(people: Iterable[Place], bodies: Options, today: date) -> type[AskForm]:
    """Make the form that asks people; `people` have ids as values, `bodies` are codes with words."""
    choices = list(people)
    fields: dict[str, Any] = {"today": today}
    if choices:
        fields["people"] = choose_places(
            _l("People who reviewed before"), [], choices, description=_l("Type a part of the name.")
        )
    fields["new_people"] = LongTextField(
        _l("Other people") if choices else _l("People"),
        most=10_000,
        description=_l("One person on each line: name and e-mail address."),
    )
    return type("AskPeopleForm", (AskForm,), {**fields, **_terms(bodies)})


def again_form(bodies: Options, today: date) -> type[TermsForm]:
    """Make the form that asks one person once more; `seen` tells which asking the page showed."""
    return type("AskAgainForm", (TermsForm,), {"today": today, "seen": HiddenField(), **_terms(bodies)})


def change_form(bodies: Options) -> type[Form]:
    """Make the form that changes as what somebody serves, and for how many reviews."""
    terms = _terms(bodies)
    return type("ChangeForm", (Form,), {name: terms[name] for name in ("body", "most_reviews")})


def _terms(bodies: Options) -> dict[str, Field]:
    return {
        "body": choose_radio(_l("Asked as"), [InputRequired(_l("Choose one of these."))], bodies),
        "most_reviews": WholeNumberField(
            _l("Most reviews in this round"),
            [Between(1, MOST_REVIEWS)],
            description=_l("Leave it empty to follow the round, and what the reviewer can take on."),
            render_kw={"inputmode": "numeric"},
        ),
        "reply_by": DayField(_l("Answer no later than"), [InputRequired(_l("Fill in a date."))]),
    }


class AcceptForm(Form):
    """Accept, with the declaration of secrecy."""

    secrecy = TickField(
        _l("I keep secret what I learn as a reviewer in this round."),
        [InputRequired(_l("Tick the box: without secrecy you cannot review."))],
    )


class DeclineForm(Form):
    """Decline; a reason is welcome and not needed."""

    reason = LongTextField(
        _l("Reason"), most=2000, description=_l("Only the office reads this. You need not give a reason.")
    )


class DropForm(Form):
    """Stop reviewing, or let somebody stop, with a reason."""

    reason = LongTextField(_l("Reason"), [DataRequired(_l("Give a reason."))], most=2000)
