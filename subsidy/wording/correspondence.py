"""Words for what people write to each other: how a notification fared, why something was not taken."""

from collections import Counter
from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from subsidy.wording.labels import Words

# In the order in which they are told: what needs attention first.
DELIVERIES: Words = {
    "failed": _l("%(number)s failed"),
    "uncertain": _l("%(number)s uncertain, it is sent again"),
    "waiting": _l("%(number)s on its way"),
    "sent": _l("%(number)s sent"),
}
# A mail that is being sent is on its way, for who waits for it.
SAME = {"sending": "waiting"}

EXTENSION_ERRORS: Words = {
    "not_running": _l("This round is not published, or it is closed with its decisions."),
    "unknown_number": _l(
        "There is no draft with this number in this round. Let the applicant read it out again, with the "
        "four characters after the line."
    ),
    "sent_in": _l("This application was sent in already, so it needs no later deadline."),
    "in_the_past": _l("This moment has passed. Choose a moment in the future."),
    "not_later": _l("This is not later than until when the application can be sent in now."),
    "too_long": _l("This is more than a year after the closing of the round. Check the year."),
}


def delivery_text(deliveries: Sequence[str]) -> str:
    """How the notifications of one message fared: 2 sent, 1 on its way. Empty when there were none."""
    counted = Counter(SAME.get(one, one) for one in deliveries)
    told = (str(words) % {"number": counted[code]} for code, words in DELIVERIES.items() if counted[code])
    return ", ".join(told)


def delivery_tone(deliveries: Sequence[str]) -> str:
    """The tone of a badge for how the notifications of one message fared."""
    return "negative" if "failed" in deliveries else "warning" if "uncertain" in deliveries else "neutral"


def extension_error(code: str) -> str:
    """Why this application cannot be sent in until then."""
    return str(EXTENSION_ERRORS[code])


def ask_later(seconds: int) -> str:
    """When the next question can be asked, for who asks very much."""
    if seconds < 90:  # noqa: PLR2004  # above that people think in minutes
        when = ngettext("%(num)d second", "%(num)d seconds", seconds)
    else:
        when = ngettext("%(num)d minute", "%(num)d minutes", -(-seconds // 60))
    return str(_("You asked many questions in a short time. Send this one after %(when)s.", when=when))


FILTERS: dict[str, object] = {
    "delivery_text": delivery_text,
    "delivery_tone": delivery_tone,
}
