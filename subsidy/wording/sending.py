"""Words for sending letters: what a letter is, why a notification failed, and how it fares."""

import re
from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from subsidy.wording.decisions import decision_refusal
from subsidy.wording.labels import Words

LETTERS: Words = {
    "receipt": _l("Confirmation of receipt"),
    "supplement": _l("Request to supplement"),
    "rebuttal": _l("Reports, for an answer"),
    "hearing": _l("Intention, for a view"),
    "delay": _l("Notice of delay"),
    "withdrawn": _l("Confirmation of withdrawal"),
    "award": _l("Award"),
    "partial": _l("Partial award"),
    "reject": _l("Rejection"),
    "reserve": _l("Rejection with a place on the reserve list"),
    "not_processed": _l("Not processed"),
    "withdrawal": _l("Withdrawal of the award"),
}
DELIVERIES: Words = {
    "waiting": _l("Waits"),
    "sending": _l("Not sent yet"),
    "uncertain": _l("Not certain whether it was sent; it goes again"),
    "sent": _l("Sent"),
    "failed": _l("Failed"),
}
TROUBLES: Words = {
    "address_refused": _l(
        "The mail server refuses the e-mail address. Probably it is wrong, or no longer in use."
    ),
    "refused_now": _l("The mail server did not want the message now. It is tried again."),
    "refused": _l("The mail server refuses the message."),
    "no_answer": _l("The mail server does not answer. It is tried again."),
    "not_drawn": _l("The letter is not drawn yet. It is tried again."),
    "worker_stopped": _l("The program stopped in the middle of this, each time."),
    "other": _l("Something went wrong in the program."),
}
# The names of the faults of SMTP and of the network, as the outbox keeps them.
NO_ANSWER = re.compile(
    r"ConnectionRefusedError|ConnectionResetError|TimeoutError|timed out|SMTPServerDisconnected"
    r"|SMTPConnectError|gaierror|BrokenPipeError|No route|unreachable"
)
REFUSED_ADDRESS = re.compile(r"SMTPRecipientsRefused.*?\((?P<code>[45])[0-9]{2}", re.DOTALL)
REFUSED_MESSAGE = re.compile(r"SMTP\w+(?:Error|Refused): \((?P<code>[45])[0-9]{2}")
RENEWALS: Words = {
    "not_allowed": _l("Who asked for it may not propose in this round any more."),
}


def letter_label(kind: str) -> str:
    """What a letter is, in a few words."""
    return str(LETTERS.get(kind, kind))


def delivery_label(code: str) -> str:
    """How a notification fares."""
    return str(DELIVERIES.get(code, code))


def trouble_of(error: str) -> str:
    """Tell why something was not sent, from what the outbox keeps of the fault: a code of TROUBLES."""
    if found := REFUSED_ADDRESS.search(error):
        return "address_refused" if found["code"] == "5" else "refused_now"
    if NO_ANSWER.search(error):
        return "no_answer"
    if found := REFUSED_MESSAGE.search(error):
        return "refused" if found["code"] == "5" else "refused_now"
    if "LetterNotDrawnError" in error:
        return "not_drawn"
    return "worker_stopped" if "worker stopped" in error else "other"


def trouble_text(error: str) -> str:
    """Say in plain words why something was not sent."""
    return str(TROUBLES[trouble_of(error)])


def renewal_refusal(code: str) -> str:
    """Say why a decision was not proposed again."""
    known = RENEWALS.get(code)
    return str(known) if known is not None else decision_refusal(code)


def hours_text(hours: int) -> str:
    """Say how many hours are left for a notification (Awb 2:10)."""
    if hours < 0:
        return str(_("too late"))
    return str(_("less than one hour")) if hours == 0 else ngettext("%(num)d hour", "%(num)d hours", hours)


FILTERS: Mapping[str, object] = {
    "letter_label": letter_label,
    "delivery_label": delivery_label,
    "trouble_text": trouble_text,
    "renewal_refusal": renewal_refusal,
    "hours_text": hours_text,
}
