"""What is typed in a hearing (zienswijze): what the office intends, and what the applicant says to it."""

import re
from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import Form, HiddenField
from wtforms.validators import DataRequired, InputRequired

from forms.choices import choose_radio, choose_several
from forms.fields import DayField, LongTextField

LONGEST = 10_000
LAST_ID = 2**31 - 1
MOUTH, PAPER = "mouth", "paper"
_ID = re.compile(r"[0-9]{1,10}")


def _hearing_id(text: str | int | None) -> int:
    """Read which hearing a page showed; 0, which is none, for what no page sends."""
    number = str(text if text is not None else "")
    return int(number) if _ID.fullmatch(number) and int(number) <= LAST_ID else 0


class AnswerForm(Form):
    """What the applicant says; `hearing` is the one that the page showed."""

    hearing = HiddenField(filters=[_hearing_id])
    answer = LongTextField(
        _l("Your view"),
        [DataRequired(_l("Write your view. You need not give one: then close this page."))],
        most=LONGEST,
        description=_l(
            "Say what is not right in the data or the intention, and why. At most 10,000 characters. "
            "After sending it cannot be changed."
        ),
    )


def open_form(grounds: Iterable[tuple[str, object]]) -> type[Form]:
    """Make the form with which the office opens a hearing; `grounds` are codes with words."""
    fields = {
        "grounds": choose_several(
            _l("Grounds of the intended decision"),
            [DataRequired(_l("Tick at least one ground."))],
            grounds,
        ),
        "intention": LongTextField(
            _l("What we intend to decide"),
            [DataRequired(_l("Say what you intend to decide."))],
            most=LONGEST,
            description=_l("The applicant reads this. For example: to reject the application, and why."),
        ),
        "differs": LongTextField(
            _l("The data that this rests on"),
            [DataRequired(_l("Say on which data this rests, and how they differ."))],
            most=LONGEST,
            description=_l(
                "Say what differs from what the applicant gave, and where it comes from. "
                "The applicant reads this."
            ),
        ),
        "last_day": DayField(
            _l("Last day to answer"),
            [InputRequired(_l("Fill in the last day to answer."))],
            description=_l("A working day, with time enough to answer. This day is included."),
        ),
    }
    return type("OpenHearingForm", (Form,), fields)


def written_down_form() -> type[Form]:
    """Make the form for what the applicant said to an officer or sent on paper."""
    fields = {
        "hearing": HiddenField(filters=[_hearing_id]),
        "way": choose_radio(
            _l("How the view came in"),
            [InputRequired(_l("Choose one of these."))],
            (
                (MOUTH, _l("By telephone or in a conversation")),
                (PAPER, _l("On paper or by e-mail")),
            ),
        ),
        "received_on": DayField(
            _l("On which day"),
            [InputRequired(_l("Fill in the day on which it came in."))],
            description=_l("This day counts for the term, not today."),
        ),
        "answer": LongTextField(
            _l("What the applicant says"),
            [DataRequired(_l("Write what the applicant says."))],
            most=LONGEST,
            description=_l("Whoever has an account here gets this text by e-mail."),
        ),
    }
    return type("WrittenDownForm", (Form,), fields)
