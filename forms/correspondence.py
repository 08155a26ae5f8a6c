"""What people write: a message in a file, a question about a call and its answer, a later deadline."""

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, HiddenField
from wtforms.validators import DataRequired, InputRequired

from forms.choices import choose_radio
from forms.fields import LineField, LongTextField
from forms.office_fields import MomentField
from forms.reading import clean_line

LONGEST_MESSAGE = 5000
LONGEST_QUESTION = 2000
LONGEST_REASON = 2000
LAST_ID = 2**31 - 1
_ID = re.compile(r"[0-9]{1,10}")
PUBLISH, ASKER_ONLY = "publish", "asker"


def _seen_id(text: str | int | None) -> int | None:
    """Read the id of the newest message that the page showed; None for what no page sends."""
    number = str(text if text is not None else "")
    return int(number) if _ID.fullmatch(number) and int(number) <= LAST_ID else None


class MessageForm(Form):
    """A message; `seen` carries the newest message that the page showed, to know a second press by."""

    body = LongTextField(
        _l("Your message"),
        [DataRequired(_l("Write your message."))],
        most=LONGEST_MESSAGE,
        description=_l("At most 5,000 characters. After sending it cannot be changed."),
    )
    seen = HiddenField(filters=[_seen_id])


class QuestionForm(Form):
    """A question about a call."""

    text = LongTextField(
        _l("Your question"),
        [DataRequired(_l("Write your question."))],
        most=LONGEST_QUESTION,
        description=_l("At most 2,000 characters. Leave out names and other personal data."),
    )


def answer_form() -> type[Form]:
    """Make the form of an answer; `seen` is the version that the page showed, so that a clash is noticed."""
    fields = {
        "seen": HiddenField(filters=[clean_line]),
        "question": LongTextField(
            _l("The question as everybody may read it"),
            [DataRequired(_l("Write the question."))],
            most=LONGEST_QUESTION,
            description=_l("Take out names and everything else by which the asker can be recognised."),
        ),
        "answer": LongTextField(_l("Answer"), [DataRequired(_l("Write the answer."))], most=LONGEST_MESSAGE),
        "to": choose_radio(
            _l("Who gets the answer"),
            [InputRequired(_l("Choose who gets the answer."))],
            (
                (PUBLISH, _("Everybody: question and answer come on the page of the round")),
                (ASKER_ONLY, _("Only the asker, by e-mail: the answer matters to nobody else")),
            ),
        ),
    }
    return type("AnswerForm", (Form,), fields)


class ExtensionForm(Form):
    """A later deadline for one application that is still a draft."""

    number = LineField(
        _l("Number of the draft"),
        [DataRequired(_l("Fill in the number that the applicant reads out."))],
        most=40,
        description=_l("The applicant finds it on the page of the draft, for example 1234-K7QM."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    until = MomentField(
        _l("Can be sent in until"),
        [InputRequired(_l("Fill in until when the application can be sent in."))],
        description=_l("Date and time in the Netherlands, after the closing of the round."),
    )
    reason = LongTextField(
        _l("Reason"),
        [DataRequired(_l("Give a reason."))],
        most=LONGEST_REASON,
        description=_l(
            "Why this applicant gets more time. It is kept with the file and not sent to the applicant."
        ),
    )
