"""Words for telling that a decision comes later: why it cannot be put off like this."""

from collections.abc import Mapping
from datetime import date

from flask_babel import lazy_gettext as _l

from subsidy.wording.labels import Words
from subsidy.wording.values import day

REFUSALS: Words = {
    "decided": _l("A decision was taken or proposed, so there is nothing to put off."),
    "no_reason": _l("Say why it becomes later."),
    "past": _l("Choose a day after today."),
    "not_later": _l("The applicant counts on a decision by %(day)s already. Choose a later day."),
    "too_far": _l("This is more than a year later. Check the year."),
    "unexplained": _l(
        "After %(day)s it takes more than eight weeks longer. Say why here, or choose an earlier day."
    ),
    "nobody": _l("Nobody in this round waits for a decision without a proposal."),
    "running": _l("The letters of an earlier request are being made. Look how far that is, then ask again."),
}
# Refusals that belong at a field of the form.
AT_FIELD: Mapping[str, str] = {
    "no_reason": "reason",
    "past": "until",
    "not_later": "until",
    "too_far": "until",
    "unexplained": "longer",
}
DAYS: Mapping[str, str] = {"not_later": "ends_on", "unexplained": "reasonable_until"}


def delay_refusal(code: str, params: Mapping[str, object]) -> str:
    """Why a decision cannot be put off like this."""
    named = params.get(DAYS.get(code, ""))
    words = str(REFUSALS[code])
    return words % {"day": day(named)} if isinstance(named, date) else words
