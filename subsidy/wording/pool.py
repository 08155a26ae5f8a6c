"""Words for who reviews: as what they are asked, where a request stands, what they know, what is refused."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from subsidy.wording.labels import Words, domain_label
from subsidy.wording.spoken import language
from workflows.definition import Text

BODIES: Words = {
    "referent": _l("Referent: reviews applications alone"),
    "committee": _l("Member of the committee: advises together on all applications"),
}
BODY_NAMES: Words = {"referent": _l("Referent"), "committee": _l("Committee")}
STANDS: Words = {
    "asked": _l("Asked"),
    "overdue": _l("No answer in time"),
    "accepted": _l("Takes part"),
    "declined": _l("Declined"),
    "withdrawn": _l("Withdrawn"),
    "dropped": _l("Stopped"),
}
STAND_TONES = {
    "asked": "info",
    "overdue": "warning",
    "accepted": "positive",
    "declined": "neutral",
    "withdrawn": "neutral",
    "dropped": "warning",
}
LANGUAGES: Words = {
    "nl": _l("Dutch"),
    "en": _l("English"),
    "fy": _l("Frisian"),
    "de": _l("German"),
    "fr": _l("French"),
}
ERRORS: Words = {
    "not_published": _l("People can be asked for a round that is published and not yet decided."),
    "round_over": _l("The decisions of this round are out. Nothing was changed."),
    "yourself": _l("You cannot ask yourself. A colleague can."),
    "body_unknown": _l("This round has no reviewers of this kind."),
    "involved": _l(
        "You take part in an application of this round. Who takes part reviews no application of the round. "
        "Please decline."
    ),
    "accepted_already": _l("This person takes part already. Nothing was changed."),
    "not_serving": _l("This person does not review in this round. Nothing was changed."),
    "reason_needed": _l("Give a reason."),
    "gone": _l("This request was answered or withdrawn. Nothing was changed."),
    "changed_meanwhile": _l(
        "Somebody else changed this profile after you opened it. Your entries are still here, not saved. "
        "Save again to replace what the other person saved."
    ),
}


class Knows(Protocol):
    """What a profile says, as far as a line about it goes."""

    lay: bool
    themes: list[str]
    domains: list[str]
    known_municipalities: list[str]


def body_label(code: str) -> str:
    """As what somebody serves, in a word."""
    return str(BODY_NAMES[code])


def body_words(code: str) -> str:
    """As what somebody serves, with what that is."""
    return str(BODIES[code])


def body_options(codes: Iterable[str]) -> list[tuple[str, object]]:
    """As what somebody can be asked, to choose from."""
    return [(code, BODIES[code]) for code in codes]


def stand_label(code: str) -> str:
    """Where a request stands."""
    return str(STANDS[code])


def language_options() -> list[tuple[str, object]]:
    """Languages to choose from."""
    return list(LANGUAGES.items())


def pool_error(code: str) -> str:
    """Why something about who reviews cannot be done now."""
    return str(ERRORS.get(code, code))


def expertise(profile: Knows | None, themes: Mapping[str, Text]) -> str:
    """What somebody knows, in one line; empty without a profile."""
    if profile is None:
        return ""
    parts = [themes[one].in_language(language()) for one in profile.themes if one in themes]
    parts += [domain_label(one) for one in profile.domains]
    if profile.known_municipalities:
        number = len(profile.known_municipalities)
        parts.append(str(ngettext("knows %(num)d municipality", "knows %(num)d municipalities", number)))
    if profile.lay:
        parts.append(str(_("reviews from own experience")))
    return " · ".join(parts)


FILTERS: dict[str, object] = {
    "body_label": body_label,
    "body_words": body_words,
    "stand_label": stand_label,
    "stand_tone": STAND_TONES.__getitem__,
    "expertise": expertise,
}
