"""What officers type about a decision that takes the place of another; each kind asks what it needs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, InputRequired

from forms.choices import Options, choose_one, choose_radio, choose_several
from forms.decisions import announce_on_field
from forms.fields import Between, DayField, LineField, LongTextField, MoneyField, WholeNumberField
from forms.proposals import LONGEST_REASON, MOST_PLACES, OUTCOMES, GivingForm, giving_fields
from workflows.mandates import DecisionKind

K = DecisionKind
JUDGING = frozenset({K.CORRECTION, K.REMEDY})
"""Kinds that can give any outcome; the others give one."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What the form offers: ids or codes with words; `criteria` are ids with titles."""

    criteria: Mapping[str, str]
    grounds: Options
    coded: Options
    signers: Options
    language: str


class LaterForm(GivingForm):
    """One later decision; `later_form` adds what its kind asks."""

    asked = (*GivingForm.asked, "reason", "coded", "motivation")
    asked_last = ("extra", "conditions", "obligations", "payments", "announce_on", "mandate")
    reason = LongTextField(
        _l("Why this decision takes the place of the earlier one"),
        [DataRequired(_l("Say why a new decision is taken: the letter says so."))],
        description=_l("Comes in the opening of the letter."),
        most=LONGEST_REASON,
    )
    motivation = LongTextField(
        _l("Motivation as a whole"),
        [DataRequired(_l("Give a motivation."))],
        description=_l("Comes in the letter as the reasons of the decision."),
        most=LONGEST_REASON,
    )
    announce_on = announce_on_field()

    @staticmethod
    def reason_name(criterion: str) -> str:
        """Give the name of the field with the reasons for a criterion."""
        return f"reason-{criterion}"

    def reasons(self, criteria: Iterable[str]) -> dict[str, str]:
        """Give what was typed per criterion; nothing where the kind does not ask it."""
        names = {one: self.reason_name(one) for one in criteria}
        return {one: self[name].data or "" for one, name in names.items() if name in self}

    def given(self, name: str) -> object:
        """Give what was typed in a field; None where the kind does not ask it."""
        return self[name].data if name in self else None


def later_form(kind: DecisionKind, offered: Offered) -> type[LaterForm]:
    """Make the form of one kind."""
    fields: dict[str, object] = giving_fields(
        coded=offered.coded, signers=offered.signers, language=offered.language
    )
    if kind is K.WITHDRAWAL:
        # Nothing is given: the lines of an award are not asked.
        fields |= {"conditions": None, "obligations": None, "payments": None}
        fields["coded"] = choose_several(
            _l("What it rests on in law"),
            [InputRequired(_l("Tick the ground of the law on which the award is withdrawn."))],
            offered.coded,
            description=_l("Each comes in the letter with its article. Tick what the decision rests on."),
        )
    if kind is not K.WITHDRAWAL:
        fields |= _of_an_award(offered.language, needed=kind not in JUDGING)
    if kind in JUDGING:
        fields |= _of_a_judgment(offered)
    if kind is K.REMEDY:
        fields["remedy_of"] = LineField(
            _l("What it follows"),
            [DataRequired(_l("Name the objection, the appeal or the court order."))],
            description=_l("Such as: decision on objection of 12 May 2026, number 2026-17."),
        )
    return type("KindOfLaterForm", (LaterForm,), fields)


def _of_an_award(language: str, *, needed: bool) -> dict[str, object]:
    only = "" if needed else _l("Only for an award.")
    return {
        "amount": MoneyField(
            _l("Amount of the award"),
            [InputRequired(_l("Fill in the amount."))] if needed else [],
            description=_l("The whole amount, not what is added; in euros."),
            language=language,
        ),
        "starts_on": DayField(
            _l("First day of the activities"),
            [InputRequired(_l("Fill in the first day of the activities."))] if needed else [],
            description=only,
        ),
    }


def _of_a_judgment(offered: Offered) -> dict[str, object]:
    possible = [one for one in OUTCOMES if one[0] != "not_processed"]
    fields: dict[str, object] = {
        "outcome": choose_radio(_l("Decision"), [InputRequired(_l("Choose one of these."))], possible),
        "ground": choose_one(
            _l("Ground"),
            [],
            offered.grounds,
            description=_l("Needed for a rejection, and for a partial award when one of these is why."),
        ),
        "reserve_place": WholeNumberField(
            _l("Place on the reserve list"),
            [Between(1, MOST_PLACES)],
            description=_l("Only for a rejection because the money ran out."),
        ),
        "list_until": DayField(
            _l("Last day of the reserve list"),
            description=_l("Until then the place can lead to an award."),
        ),
    }
    for identifier, title in offered.criteria.items():
        fields[LaterForm.reason_name(identifier)] = LongTextField(
            _l("Reasons for %(criterion)s", criterion=title), most=LONGEST_REASON
        )
    return fields
