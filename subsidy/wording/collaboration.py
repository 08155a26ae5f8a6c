"""Words for applying together: what each member may do, who signed, and what cannot be done now."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from subsidy.wording.labels import Words
from subsidy.wording.values import money, text
from workflows.definition import RoundDefinition

CAPACITIES: Words = {
    "view": _l("Read"),
    "edit": _l("Fill in"),
    "sign": _l("Fill in and sign"),
    "lead": _l("Project leadership"),
}
# What each may do: whole sentences, because people choose by them.
MAY_DO: Words = {
    "view": _l("Read: sees the whole application and changes nothing."),
    "edit": _l("Fill in: writes along in every part of the application."),
    "sign": _l("Fill in and sign: writes along, and confirms that their organisation takes part."),
    "lead": _l("Project leadership: invites people, sends in the application and withdraws it."),
}
SIGNATURE_STATES: Words = {
    "signed": _l("Confirmed"),
    "outdated": _l("To confirm again"),
    "missing": _l("Not confirmed yet"),
}
SIGNATURE_TONES = {"signed": "positive", "outdated": "warning", "missing": "neutral"}
CHANGES: Words = {
    "amount": _l("the amount that is asked"),
    "partners": _l("the organisations that take part"),
    "contributions": _l("the contribution of this organisation"),
    "duration": _l("the duration of the project"),
}
ERRORS: Words = {
    "gone": _l("This person is no member any more. Nothing was changed."),
    "leads": _l("This person leads the project. Hand over the leadership first."),
    "leads_already": _l("This person leads the project already."),
    "organisation_unknown": _l("This organisation is no longer in the application. Choose another one."),
    "reason_needed": _l("Give a reason."),
    "member_already": _l("This person is a member already."),
    "invited_already": _l(
        "This person was invited already. Withdraw that invitation first, or send it again."
    ),
    "capacity_unknown": _l("Choose one of these."),
    "invitation_gone": _l("This invitation was answered or withdrawn. Nothing was changed."),
    "not_open": _l("Nothing can be signed now."),
    "not_for_you": _l("You do not sign for this organisation."),
    "changed_meanwhile": _l(
        "The application was changed while you were reading. "
        "Read once more what you confirm, and confirm it then."
    ),
}


def capacity_label(code: str) -> str:
    """What a member may do, in a few words."""
    return str(CAPACITIES[code])


def may_do(code: str) -> str:
    """What a member may do, in a sentence."""
    return str(MAY_DO[code])


def capacity_options(codes: Iterable[str]) -> list[tuple[str, object]]:
    """Capacities to choose from, each with what it allows."""
    return [(str(code), MAY_DO[str(code)]) for code in codes]


def collaboration_error(code: str) -> str:
    """Why something about the people or their signatures cannot be done now."""
    return str(ERRORS.get(code, code))


def signature_state_label(code: str) -> str:
    """Where the confirmation of a partner stands."""
    return str(SIGNATURE_STATES[code])


def changes_text(codes: Iterable[str]) -> str:
    """What is different from what was signed: the amount that is asked and the duration of the project."""
    words = [str(CHANGES[code]) for code in codes]
    if len(words) > 1:
        return str(_("%(first)s and %(last)s", first=", ".join(words[:-1]), last=words[-1]))
    return "".join(words)


def obligation_texts(definition: RoundDefinition, *, asked_cents: int, months: int | None) -> list[str]:
    """The obligations that come with a subsidy of this amount (euro cents), as the letter will name them.

    A fact that is not known before the decision stays open as dots.
    """
    known = {
        "months": "…" if months is None else str(months),
        "amount": money(asked_cents),
        "requested": money(asked_cents),
        "payment_weeks": str(definition.terms.payment_weeks),
        "kind": text(definition.title),
    }
    phrases = definition.letters.amount_class(asked_cents).obligations
    return [text(one).format_map(_Open(known)) for one in phrases]


class _Open(dict[str, str]):
    """Facts by name; one that is not there yet is dots."""

    def __missing__(self, _key: str) -> str:
        return "…"


FILTERS: dict[str, object] = {
    "capacity_label": capacity_label,
    "may_do": may_do,
    "signature_state_label": signature_state_label,
    "signature_tone": SIGNATURE_TONES.__getitem__,
    "changes_text": changes_text,
}
