"""Words for why a decision is as it is, and for what came of making it again."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from subsidy.wording.findings import CHECKS
from subsidy.wording.labels import Words, event_label, ground_label, outcome_label
from subsidy.wording.values import NOTHING, money
from workflows.scoring import rounded

PARTS: Words = {
    "frozen": _l("The frozen round"),
    "rules": _l("The rules"),
    "application": _l("What was applied for"),
    "findings": _l("The checks"),
    "judged": _l("The checks that the office judged"),
    "reviews": _l("The reviews that count"),
    "scores": _l("The scores per criterion"),
    "total": _l("The total"),
    "advice": _l("The advice of the committee"),
    "rank": _l("The place in the order"),
    "division": _l("What the division gave"),
    "reserve": _l("The place on the reserve list"),
    "words": _l("What the decision says"),
    "letter": _l("The letter, byte for byte"),
    "ledger": _l("The money in the ledger"),
    "events": _l("Who did what, and when"),
    "chain": _l("The chain of events of the round"),
}
# What a part is held beside: for who wants to know what the check is worth.
HELD: Words = {
    "frozen": _l("its bytes against their SHA-256"),
    "rules": _l("the decision against the frozen round"),
    "application": _l("the decision against the frozen round"),
    "findings": _l("made again from the frozen round"),
    "judged": _l("the decision against what was frozen with the verdict"),
    "reviews": _l("counted again from the frozen round"),
    "scores": _l("calculated again from the frozen round"),
    "total": _l("calculated again from the frozen round"),
    "advice": _l("the decision against the frozen round"),
    "rank": _l("put in order again from the frozen round"),
    "division": _l("divided again from the frozen round"),
    "reserve": _l("numbered again from the frozen round"),
    "words": _l(
        "all that it says, with the reasons of the committee, against the digest in the chain of events"
    ),
    "letter": _l("the stored file against its SHA-256, and that against the chain"),
    "ledger": _l("the lines against the amount"),
    "events": _l("the decision against its events"),
    "chain": _l("every event against its keyed digest"),
}
DETAILS: Words = {
    "title": _l("Title"),
    "region": _l("Region"),
    "applicant": _l("Main applicant"),
    "applicant_kvk": _l("KvK number"),
    "received_on": _l("Received"),
    "requested_cents": _l("Asked"),
    "months": _l("Months"),
    "reviews": _l("Counted reviews"),
    "reviews_needed": _l("Reviews needed"),
    "priority": _l("Place in its order of priority"),
    "ranked": _l("Number of applications in the order"),
    "lot": _l("Lot"),
    "allocation": _l("Outcome"),
    "allocation_cents": _l("Amount"),
    "allocation_ground": _l("Ground"),
    "amount_cents": _l("Amount"),
    "promised_cents": _l("Promised of the ceiling"),
    "ceiling_cents": _l("Ceiling"),
    "outcome": _l("Outcome"),
    "state": _l("State"),
    "replaced_at": _l("Replaced"),
    "frozen_sha256": _l("SHA-256 of the frozen round"),
    "letter_sha256": _l("SHA-256 of the letter"),
    "says": _l("SHA-256 of what the decision says"),
    "basis": _l("What it rests on cannot be read"),
    "reference_version": _l("Municipalities of"),
    "decision.confirmed": _l("Decision confirmed"),
}
LACKS: Words = {
    "imported": _l(
        "This decision was brought in with a round file: it was taken elsewhere and is history here. Its "
        "rules, scores and ledger are not of this installation, so there is nothing to calculate again."
    ),
    "not_frozen": _l(
        "This decision was taken before the program froze the round with each decision. The division cannot "
        "be made again from that moment; what is stored around the decision can be held beside it."
    ),
}


NOT_HELD: Words = {
    "not_frozen": _l("The round was not frozen with this decision."),
    "damaged": _l("What was frozen is gone or was changed, so nothing can be calculated from it."),
    "unreadable": _l("What the decision rests on cannot be read."),
    "findings_not_frozen": _l(
        "The office gave its verdict on what the checks had found then. That was not frozen with this "
        "decision."
    ),
    "no_digest": _l("No event holds the digest of what this decision says."),
    "no_letter": _l("There is no letter yet."),
}


def held_label(part: str) -> str:
    """What was held beside what it was."""
    return str(PARTS.get(part, part))


def held_text(part: str) -> str:
    """What a part was held beside."""
    return str(HELD.get(part, ""))


def not_held_text(reason: str) -> str:
    """Why a part was not held beside anything."""
    return str(NOT_HELD.get(reason, reason))


def lack_text(lack: str) -> str:
    """Why nothing can be made again."""
    return str(LACKS.get(lack, lack))


def difference_label(part: str, detail: str, criteria: Mapping[str, str] | None = None) -> str:
    """What differs: the part, and the field, the check, the criterion or the event in it."""
    known: Words = {**CHECKS, **DETAILS}
    if not detail:
        return held_label(part)
    if part == "chain":
        return f"{held_label(part)}: {_('event %(number)s', number=detail)}"
    word = (criteria or {}).get(detail) or str(known.get(detail) or event_label(detail))
    return f"{held_label(part)}: {word}"


def difference_value(value: str | int | None, detail: str, criteria: Mapping[str, str] | None = None) -> str:
    """A value as people read it; a dash for what is not there."""
    if value is None:
        return NOTHING
    if detail.endswith("_cents") and isinstance(value, int):
        return money(value)
    if detail in {"allocation", "outcome", "state"}:
        return outcome_label(str(value))
    if detail == "allocation_ground":
        return ground_label(str(value), criteria)
    return str(value)


def exactly(value: Fraction | Decimal | None) -> str:
    """A number with at most four decimals, where it is calculated with: 3,6667."""
    return NOTHING if value is None else str(format_decimal(rounded(Fraction(value)), "#,##0.####"))


FILTERS: dict[str, object] = {
    "held_label": held_label,
    "held_text": held_text,
    "not_held_text": not_held_text,
    "lack_text": lack_text,
    "difference_label": difference_label,
    "difference_value": difference_value,
    "exactly": exactly,
}
