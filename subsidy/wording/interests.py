"""Words for interests: kinds, capacities, signs of one, and why a declaration was not recorded."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from subsidy.wording.labels import ROLES, Words
from workflows.interests import Sign

KINDS: Words = {
    "work": _l("Work: I work or worked there, or I supervise or advise there"),
    "family": _l("Family, friends or a relationship"),
    "financial": _l("Money: I gain or lose by the result"),
    "cooperation": _l("I work together with people or organisations in it"),
    "dispute": _l("A conflict, or a case against one of them"),
    "involved": _l("I am directly involved: I wrote along, or take part in the project"),
    "other": _l("Something else"),
}
SHORT_KINDS: Words = {
    "work": _l("Work"),
    "family": _l("Family or friends"),
    "financial": _l("Money"),
    "cooperation": _l("Cooperation"),
    "dispute": _l("Conflict"),
    "involved": _l("Directly involved"),
    "other": _l("Other"),
}
CAPACITIES: Words = {**ROLES, "committee": _l("Member of the committee")}
DECISIONS: Words = {
    "waiting": _l("Waits for the chair"),
    "upheld": _l("Stays out"),
    "dismissed": _l("No interest"),
}
DECISION_TONES: Mapping[str, str] = {"waiting": "warning", "upheld": "negative", "dismissed": "positive"}
SIGNS: Words = {
    "same_organisation": _l("Same organisation"),
    "same_kvk": _l("Same KvK number"),
    "same_email_domain": _l("Same e-mail domain"),
    "partner": _l("Named in the application"),
    "co_applicant": _l("Applied together lately"),
    "own_region": _l("Own region"),
}
REFUSALS: Words = {
    "declared": _l("You reported an interest in this application already."),
    "decided": _l("This application was decided already. Call us about your interest."),
    "involved": _l("You take part in an application of this round. Report that as an interest."),
    "blank": _l("Say what your interest is."),
    "why_needed": _l("Say why what we found is no interest."),
    "list_changed": _l("An application came in since you opened this page. Look at the list again."),
    "not_sent_in": _l("This application was not sent in."),
    "decided_already": _l("Another chair decided on this in the meantime. Nothing was done a second time."),
    "reason_needed": _l("Give a reason."),
    "outcome_unknown": _l("Choose one of the two."),
}


def interest_kind(code: str) -> str:
    """The kind of an interest, in a word or two."""
    return str(SHORT_KINDS.get(code, code))


def capacity_label(code: str) -> str:
    """In which capacity somebody declared."""
    return str(CAPACITIES.get(code, code))


def interest_decision(code: str | None) -> str:
    """What the chair decided; without a decision it waits."""
    return str(DECISIONS[code or "waiting"])


def interest_tone(code: str | None) -> str:
    """The tone of the badge of a decision."""
    return DECISION_TONES[code or "waiting"]


def interest_refusal(code: str) -> str:
    """Why a declaration, or a decision on one, was not recorded."""
    return str(REFUSALS[code])


def measure_text(measure: str) -> str:
    """A measure in words; an empty one is the usual."""
    return measure or str(_("No advice, no discussion and no ranking of this application"))


def sign_text(sign: Sign) -> str:
    """A sign of an interest, told to the person that it is about."""
    known = dict(sign.params)
    match sign.code:
        case "same_organisation":
            return str(_("Your organisation takes part: %(organisation)s.", **known))
        case "same_kvk":
            return str(
                _("An organisation with the KvK number of yours takes part: %(organisation)s.", **known)
            )
        case "same_email_domain":
            return str(_("Somebody in it has an e-mail address with %(domain)s, as you have.", **known))
        case "partner":
            return str(_("Your name is in the application: %(name)s.", **known))
        case "co_applicant":
            return str(_("You applied together lately with: %(with)s.", **known))
        case _:
            return str(_("Your own region is in it: %(places)s.", **known))


def sign_about(sign: Sign) -> str:
    """A sign of an interest, told to others: what it is about."""
    return f"{SIGNS[sign.code]}: {next(iter(sign.params.values()), '')}"


FILTERS: dict[str, object] = {
    "interest_kind": interest_kind,
    "capacity_label": capacity_label,
    "interest_decision": interest_decision,
    "interest_tone": interest_tone,
    "interest_refusal": interest_refusal,
    "measure_text": measure_text,
    "sign_text": sign_text,
    "sign_about": sign_about,
}
