"""Words for mandates: for which decisions, where each stands, and why one cannot be given so."""

from collections.abc import Iterable, Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from subsidy.wording.labels import Words
from subsidy.wording.values import money
from workflows.mandates import Power

POWERS: Words = {
    "award": _l("Award"),
    "reject": _l("Rejection"),
    "not_process": _l("Not processed"),
    "withdraw": _l("Withdrawal of an award"),
    "remedy": _l("Decision after objection, appeal or a court order"),
}
STANDINGS: Words = {
    "in_force": _l("In force"),
    "not_yet": _l("Not yet in force"),
    "over": _l("Over"),
    "withdrawn": _l("Withdrawn"),
}
STANDING_TONES: Mapping[str, str] = {
    "in_force": "positive",
    "not_yet": "info",
    "over": "neutral",
    "withdrawn": "negative",
}
ERRORS: Words = {
    "powers_needed": _l("Tick at least one kind of decision."),
    "says_where_from": _l("Fill in the function, and where the mandate was given."),
    "ends_before_it_begins": _l("The last day comes before the first day."),
    "ended_already": _l("The last day has passed, so this mandate could not be used."),
    "not_an_officer": _l("This person is no officer of that round, so a mandate would be of no use."),
}


def power_list(codes: Iterable[str]) -> str:
    """For which decisions a mandate is, in one line; all of them in a word."""
    held = set(codes)
    if held >= {power.value for power in Power}:
        return str(_("every decision"))
    return ", ".join(str(label) for code, label in POWERS.items() if code in held)


def limit_text(cents: int | None) -> str:
    """Up to which amount somebody may award."""
    return str(_("without a limit")) if cents is None else money(cents)


def standing_label(code: str) -> str:
    """Where a mandate stands."""
    return str(STANDINGS[code])


def standing_tone(code: str) -> str:
    """The tone of the badge of where a mandate stands."""
    return STANDING_TONES[code]


def mandate_error(code: str) -> str:
    """Why a mandate cannot be given so."""
    return str(ERRORS.get(code, code))


FILTERS: dict[str, object] = {
    "power_list": power_list,
    "limit_text": limit_text,
    "standing_label": standing_label,
    "standing_tone": standing_tone,
}
