"""What an officer types to propose a decision: the outcome, its reasons, and what goes with an award."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, FormField
from wtforms.validators import InputRequired, ValidationError

from forms.choices import Options, choose_one, choose_radio, choose_several
from forms.decisions import announce_on_field
from forms.fields import Between, DayField, LineField, LongTextField, MoneyField, WholeNumberField
from forms.order import InOrder
from forms.rows import Rows, typed

OUTCOMES = (
    ("awarded", _l("Award")),
    ("rejected", _l("Rejection")),
    ("not_processed", _l("Not processed (something is missing, also after the chance to supplement)")),
)
_BLANK_LINES = re.compile(r"\n[^\S\n]*\n")
LONGEST_REASON = 10_000
LONGEST_LINES = 5_000
MOST_PLACES = 100_000
MOST_PAYMENTS = 12


class GivingForm(InOrder):
    """What goes with an award, and who signs; `giving_fields` adds what depends on the case."""

    asked: ClassVar[tuple[str, ...]] = (
        "remedy_of",
        "outcome",
        "amount",
        "starts_on",
        "ground",
        "reserve_place",
        "list_until",
        "missing",
    )
    asked_last: ClassVar[tuple[str, ...]] = (
        "motivation",
        "departure",
        "coded",
        "extra",
        "conditions",
        "obligations",
        "payments",
        "announce_on",
        "mandate",
    )

    conditions = LongTextField(
        _l("Conditions"),
        description=_l("One on a line. Only for an award."),
        most=LONGEST_LINES,
    )
    obligations = LongTextField(
        _l("Other obligations"),
        description=_l("One on a line. They come in the letter below the usual ones."),
        most=LONGEST_LINES,
    )

    extra = LongTextField(
        _l("Extra paragraphs for this letter"),
        description=_l(
            "Only in this letter, below the decision. A blank line begins a new paragraph. Not for reasons."
        ),
        most=LONGEST_LINES,
    )

    def extra_typed(self) -> tuple[str, ...]:
        """Give the paragraphs of this letter alone."""
        return paragraphs_of(self.extra.data)

    def conditions_typed(self) -> tuple[str, ...]:
        """Give the conditions."""
        return lines_of(self.conditions.data)

    def obligations_typed(self) -> tuple[str, ...]:
        """Give the obligations beside the usual ones."""
        return lines_of(self.obligations.data)

    def payments_typed(self) -> tuple[tuple[str, int], ...]:
        """Give when and how much (euro cents) of every payment; call it on a valid form."""
        lines = (entry.form for entry in self["payments"] if not entry.form.blank)
        return tuple((line["when"].data, line["cents"].data) for line in lines)

    def codes(self) -> tuple[str, ...]:
        """Give the codes of the grounds of the law that were ticked."""
        return tuple(self["coded"].data or ())

    def mandate_id(self) -> int | None:
        """Give whose mandate was chosen; None for the first that covers the decision."""
        chosen = str(self["mandate"].data or "")
        return int(chosen) if chosen.isdecimal() else None

    def miss_payments(self, message: str, *, when: str = "") -> None:
        """Say at the payments what is wrong with them together, or with the one that comes `when`."""
        payments = self["payments"]
        if payments.entries:
            forms = [entry.form for entry in payments.entries]
            named = (one["when"] for one in forms if when and one["when"].data == when)
            next(named, forms[0]["cents"]).errors = [message]
            payments.errors = [entry.errors for entry in payments.entries]
        else:
            self.form_errors.append(message)


class ProposalForm(GivingForm):
    """One proposal; `proposal_form` adds a field for the reasons per criterion and per failed check."""

    starts_on = DayField(_l("First day of the activities"), description=_l("Only for an award."))
    motivation = LongTextField(
        _l("Motivation as a whole"),
        description=_l("Comes in the letter below the reasons per criterion."),
        most=LONGEST_REASON,
    )
    departure = LongTextField(
        _l("Why it departs from the advice"),
        description=_l(
            "Needed when the decision differs from the division by rank and ceiling "
            "(article 3:50 of the General Administrative Law Act)."
        ),
        most=LONGEST_REASON,
    )
    missing = LongTextField(
        _l("What is missing"),
        description=_l("Only when not processed: one thing on a line."),
        most=LONGEST_REASON,
    )
    reserve_place = WholeNumberField(
        _l("Place on the reserve list"),
        [Between(1, MOST_PLACES)],
        description=_l("Only for a rejection because the money ran out."),
    )
    list_until = DayField(
        _l("Last day of the reserve list"), description=_l("Until then the place can lead to an award.")
    )
    announce_on = announce_on_field()

    @staticmethod
    def reason_name(criterion: str) -> str:
        """Give the name of the field with the reasons for a criterion."""
        return f"reason-{criterion}"

    @staticmethod
    def finding_name(check: str) -> str:
        """Give the name of the field with why a requirement was not met."""
        return f"finding-{check}"

    def reasons(self, criteria: Iterable[str]) -> dict[str, str]:
        """Give what was typed per criterion."""
        return {one: self[self.reason_name(one)].data or "" for one in criteria}

    def finding_reasons(self, checks: Iterable[str]) -> dict[str, str]:
        """Give what was typed per requirement that was not met."""
        return {one: self[self.finding_name(one)].data or "" for one in checks}


def lines_of(text: str | None) -> tuple[str, ...]:
    """Give the lines of a text in which something stands."""
    return tuple(filter(None, (line.strip() for line in (text or "").splitlines())))


def paragraphs_of(text: str | None) -> tuple[str, ...]:
    """Give the paragraphs of a text: a blank line begins a new one."""
    return tuple(filter(None, (part.strip() for part in _BLANK_LINES.split(text or ""))))


def proposal_form(
    criteria: Mapping[str, str],
    checks: Mapping[str, str],
    grounds: Options,
    *,
    coded: Options,
    signers: Options,
    language: str,
) -> type[ProposalForm]:
    """Make the form of a proposal.

    `criteria` and `checks` (those that failed) are ids with titles; `grounds`, `coded` (grounds of the law)
    and `signers` (ids of mandates) are codes with words.
    """
    fields: dict[str, object] = {
        "outcome": choose_radio(_l("Decision"), [InputRequired(_l("Choose one of these."))], OUTCOMES),
        "amount": MoneyField(
            _l("Amount of the award"), description=_l("Only for an award; in euros."), language=language
        ),
        "ground": choose_one(
            _l("Ground"),
            [],
            grounds,
            description=_l("Needed for a rejection, and for a partial award when one of these is why."),
        ),
        **giving_fields(coded=coded, signers=signers, language=language),
    }
    for identifier, title in criteria.items():
        fields[ProposalForm.reason_name(identifier)] = LongTextField(
            _l("Reasons for %(criterion)s", criterion=title), most=LONGEST_REASON
        )
    for check, title in checks.items():
        fields[ProposalForm.finding_name(check)] = LongTextField(
            _l("Why this was not met: %(check)s", check=title), most=LONGEST_REASON
        )
    return type("RoundProposalForm", (ProposalForm,), fields)


def giving_fields(*, coded: Options, signers: Options, language: str) -> dict[str, Any]:
    """Give the fields of a GivingForm that depend on the decision, on who may sign and on the language."""
    return {
        "coded": choose_several(
            _l("What it rests on in law"),
            [],
            coded,
            description=_l("Each comes in the letter with its article. Tick what the decision rests on."),
        ),
        "payments": Rows(FormField(payment_line(language)), label=_l("Payments"), max_entries=MOST_PAYMENTS),
        "mandate": choose_one(
            _l("Who signs"),
            [],
            signers,
            description=_l("Not chosen: the first whose mandate covers the decision."),
        ),
    }


def payment_line(language: str) -> type[Form]:
    """Make the line of one payment; without anything typed in it, it is no line."""

    class PaymentLine(Form):
        when = LineField(_l("When"), most=200)
        cents = MoneyField(_l("Payment"), language=language)

        @property
        def blank(self) -> bool:
            """Whether nothing was typed."""
            return not typed(self["when"]) and not typed(self["cents"])

        def validate_when(self, field: Field) -> None:
            """Ask when it is paid."""
            if not field.data and not self.blank:
                raise ValidationError(_("Say when this is paid, or leave the whole line empty."))

        def validate_cents(self, field: Field) -> None:
            """Ask how much is paid."""
            if not field.data and not field.errors and not self.blank:
                raise ValidationError(_("Fill in how much is paid, or leave the whole line empty."))

    return PaymentLine
