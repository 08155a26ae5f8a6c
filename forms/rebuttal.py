"""What is typed in a rebuttal: the answer to the reports, and words that an officer takes out of them."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import Form, HiddenField
from wtforms.validators import DataRequired, InputRequired

from forms.fields import DayField, LongTextField, WordLimit
from forms.reading import clean_line

TEXT = "text"
MOST_DIGITS = 9


class DraftForm(Form):
    """An answer that is being written; `seen` is the version that the page showed."""

    seen = HiddenField(filters=[clean_line])
    answer = LongTextField(_l("Your answer to the reports"))

    @property
    def version(self) -> int:
        """The version that the page showed; 0 for what no page sends."""
        text = str(self.seen.data or "")
        known = text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS
        return int(text) if known else 0


def answer_form(most_words: int) -> type[DraftForm]:
    """Make the form of an answer that is sent in: not empty, and not longer than the round allows."""
    answer = LongTextField(
        _l("Your answer to the reports"),
        [
            DataRequired(_l("Write your answer. You need not answer: then close this page.")),
            WordLimit(most_words),
        ],
    )
    return type("AnswerForm", (DraftForm,), {"answer": answer})


def paper_form(most_words: int) -> type[DraftForm]:
    """Make the form of an answer that came in on paper."""
    fields = {
        "answer": LongTextField(
            _l("What the applicant answers"),
            [DataRequired(_l("Write what the applicant answers.")), WordLimit(most_words)],
        ),
        "received_on": DayField(
            _l("Came in on"),
            [InputRequired(_l("Fill in the day on which it came in."))],
            description=_l("This day counts for the term, not today."),
        ),
    }
    return type("PaperAnswerForm", (DraftForm,), fields)


class ReleaseForm(Form):
    """The motivations as they will be sent; `release_form` adds one field for each."""

    seen = HiddenField(filters=[clean_line])

    @staticmethod
    def name_of(review_id: int, criterion: str) -> str:
        """The name of the field of one motivation."""
        return f"{TEXT}-{review_id}-{criterion}"


def release_form(labels: Iterable[tuple[int, str, object]]) -> type[ReleaseForm]:
    """Make the form; `labels` gives each review with a criterion and the words for its field."""
    fields = {
        ReleaseForm.name_of(review_id, criterion): LongTextField(
            label, [DataRequired(_l("Leave the reasons in. Take out only what shows who wrote them."))]
        )
        for review_id, criterion, label in labels
    }
    return type("MadeReleaseForm", (ReleaseForm,), fields)
