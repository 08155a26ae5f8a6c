"""What officers type about decisions: the proposal, the confirmation, the return, and the advice."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TypeVar

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form, HiddenField
from wtforms.validators import DataRequired, InputRequired

from forms.choices import choose_one, choose_radio
from forms.fields import Between, DayField, LongTextField, MoneyField, WholeNumberField
from forms.reviewer import ScoreField
from workflows.rules import Criterion

Options = Iterable[tuple[str, object]]
OUTCOMES = (
    ("awarded", _l("Award")),
    ("rejected", _l("Rejection")),
    ("not_processed", _l("Not processed (something is missing, also after the chance to supplement)")),
)
LONGEST_REASON = 10_000
LONGEST_SCORE_REASON = 2_000
MOST_PLACES = 100_000


def _announce_on() -> DayField:
    return DayField(
        _l("Announcement date"),
        [InputRequired(_l("Fill in the announcement date."))],
        description=_l(
            "The letter names this day, and the term for objection runs from it. "
            "A second officer has to confirm before it is over."
        ),
    )


class BatchForm(Form):
    """Propose what the division gives, for a whole round."""

    announce_on = _announce_on()


class RenewForm(Form):
    """Propose the same decision again, with another announcement date."""

    announce_on = _announce_on()


class ProposalForm(Form):
    """One proposal; `proposal_form` adds a field for the reasons per criterion."""

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
    announce_on = _announce_on()

    @staticmethod
    def reason_name(criterion: str) -> str:
        """Give the name of the field with the reasons for a criterion."""
        return f"reason-{criterion}"

    def reasons(self, criteria: Iterable[str]) -> dict[str, str]:
        """Give what was typed per criterion."""
        return {one: self[self.reason_name(one)].data or "" for one in criteria}


class ConfirmForm(Form):
    """The second officer says to have read the letter of this digest."""

    letter_sha256 = HiddenField()
    read = BooleanField(
        _l("I have read this letter and stand for it"),
        [InputRequired(_l("Read the letter first, and tick that you did."))],
    )


class ReturnForm(Form):
    """Send a proposal back with a reason."""

    reason = LongTextField(
        _l("Why you send it back"),
        [DataRequired(_l("Say why: the proposer has to know what to change."))],
        most=2000,
    )


class ConclusionForm(Form):
    """What the committee concludes; `advice_form` adds a score with its reason per criterion.

    `seen` is the mark of the advice that the page showed.
    """

    seen = HiddenField()
    reason = LongTextField(
        _l("Reasons of the committee"),
        [DataRequired(_l("Give the reasons: an advice without them cannot carry a decision."))],
        most=LONGEST_REASON,
    )

    @staticmethod
    def score_name(criterion: str) -> str:
        """Give the name of the field with the agreed score for a criterion."""
        return f"agreed-{criterion}"

    @staticmethod
    def score_reason_name(criterion: str) -> str:
        """Give the name of the field with why that score is another than the mean."""
        return f"agreed-reason-{criterion}"

    def scores(self, criteria: Iterable[str]) -> dict[str, Decimal]:
        """Give the agreed scores that were typed; call it on a valid form."""
        typed = {one: self[self.score_name(one)].data for one in criteria}
        return {one: Decimal(score) for one, score in typed.items() if score}

    def score_reasons(self, criteria: Iterable[str]) -> dict[str, str]:
        """Give why the agreed scores are others than the mean, as typed."""
        return {one: self[self.score_reason_name(one)].data or "" for one in criteria}

    def miss_reason(self, criterion: str, message: str) -> None:
        """Say at the field of a criterion that its reason is missing."""
        self[self.score_reason_name(criterion)].errors = [message]


class AdviceForm(ConclusionForm):
    """The advice where no meeting is held here: the conclusion, and a place in the order of priority.

    `seen_priority` is the place that the page showed.
    """

    seen_priority = HiddenField()

    priority = WholeNumberField(
        _l("Place in the order of priority"),
        [Between(1, MOST_PLACES)],
        description=_l("1 goes first. Applications with a place go before all others."),
    )


F = TypeVar("F", bound=ConclusionForm)


def proposal_form(criteria: Mapping[str, str], grounds: Options, *, language: str) -> type[ProposalForm]:
    """Make the form of a proposal: `criteria` are ids with titles, `grounds` codes with words."""
    fields: dict[str, object] = {
        "outcome": choose_radio(_l("Decision"), [InputRequired(_l("Choose one of these."))], OUTCOMES),
        "amount": MoneyField(
            _l("Amount of the award"), description=_l("Only for an award; in euros."), language=language
        ),
        "ground": choose_one(
            _l("Ground"), [], grounds, description=_l("Needed for a rejection and for a partial award.")
        ),
    }
    for identifier, title in criteria.items():
        fields[ProposalForm.reason_name(identifier)] = LongTextField(
            _l("Reasons for %(criterion)s", criterion=title), most=LONGEST_REASON
        )
    return type("RoundProposalForm", (ProposalForm,), fields)


def advice_form(kind: type[F], criteria: Iterable[Criterion], language: str) -> type[F]:
    """Make the form of an advice: a score is only needed where it differs from the reviewers' mean."""
    fields: dict[str, object] = {}
    for one in criteria:
        title = str(one.label.in_language(language))
        fields[kind.score_name(one.id)] = ScoreField(
            title,
            one,
            description=_l(
                "From %(worst)s to %(best)s; empty: the mean of the reviewers.",
                worst=one.worst,
                best=one.best,
            ),
            render_kw={"inputmode": "decimal", "autocomplete": "off"},
        )
        fields[kind.score_reason_name(one.id)] = LongTextField(
            _l("Why another score for %(criterion)s", criterion=title),
            description=_l("Needed where the agreed score is another than the mean."),
            most=LONGEST_SCORE_REASON,
        )
    return type(f"Round{kind.__name__}", (kind,), fields)
