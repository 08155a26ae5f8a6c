"""What officers type about decisions: the confirmation, the return, and the advice."""

from collections.abc import Iterable
from decimal import Decimal
from typing import TypeVar

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form, HiddenField
from wtforms.validators import DataRequired, InputRequired

from forms.fields import Between, DayField, LongTextField, WholeNumberField
from forms.reviewer import ScoreField
from workflows.rules import Criterion

LONGEST_REASON = 10_000
LONGEST_SCORE_REASON = 2_000
MOST_PLACES = 100_000


def announce_on_field() -> DayField:
    """Give the field for the day that a letter names."""
    return DayField(
        _l("Announcement date"),
        [InputRequired(_l("Fill in the announcement date."))],
        description=_l(
            "The letter names this day, and the term for objection runs from it. "
            "A second officer has to confirm before it is over."
        ),
    )


class RenewForm(Form):
    """Propose the same decision again, with another announcement date."""

    announce_on = announce_on_field()


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
