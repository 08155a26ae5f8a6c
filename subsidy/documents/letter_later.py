"""What the letter of a later decision says of the one before it: what that gave, and why it gives way."""

from collections.abc import Mapping
from types import MappingProxyType

from subsidy.documents.dutch import euros, long_date
from subsidy.documents.letter_facts import LaterFacts, LetterFacts
from workflows.mandates import DecisionKind
from workflows.phrases import LetterKind

K = DecisionKind
SUBJECTS: Mapping[DecisionKind, str] = MappingProxyType(
    {
        K.CORRECTION: "Verbeterd besluit over {title}",
        K.INCREASE: "Besluit: u krijgt meer subsidie voor {title}",
        K.RESERVE: "Besluit: u krijgt alsnog subsidie voor {title}",
        K.REMEDY: "Nieuw besluit over {title}",
    }
)
"""A withdrawal has a subject among the phrases of the round."""

AS_IT_WAS_THEN = (
    "Wij hebben uw aanvraag getoetst aan het moment van het oorspronkelijke besluit. Dat er "
    "intussen geld aan anderen is gegeven, telt daarbij niet mee (artikel 4:25, derde lid, Awb)."
)


def subject_of(later: LaterFacts, facts: LetterFacts, usual: str) -> str:
    """Give the subject: that it is a new decision goes before what it gives."""
    known = SUBJECTS.get(later.kind)
    return usual if known is None else known.format(title=facts.title)


def opening_of(later: LaterFacts, facts: LetterFacts) -> str:
    """Name the old decision with its date and what it gave, and say that there is a new one."""
    return (
        f"Op {long_date(later.announced_on)} namen wij een besluit over uw aanvraag van "
        f"{long_date(facts.received_on)}. {_gave(later)} "
        "Met deze brief krijgt u een nieuw besluit."
    )


def summary_of(later: LaterFacts, facts: LetterFacts, plain: str) -> str:
    """Say what changes; `plain` is the outcome in one sentence."""
    match later.kind:
        case K.CORRECTION:
            return f"Wij verbeteren ons besluit van {long_date(later.announced_on)}. {plain}"
        case K.INCREASE:
            return (
                f"U krijgt meer subsidie: {euros(facts.amount_cents)} in plaats van "
                f"{euros(later.amount_cents)}."
            )
        case K.RESERVE:
            part = "een deel van de subsidie" if facts.outcome is LetterKind.PARTIAL else "subsidie"
            return (
                f"Uw aanvraag stond op de reservelijst. U krijgt alsnog {part}: {euros(facts.amount_cents)}."
            )
        case K.WITHDRAWAL:
            return f"Wij trekken uw subsidie van {euros(later.amount_cents)} in."
        case K.REMEDY | K.FIRST:
            return f"Wij nemen een nieuw besluit. {plain}"


def sentences_of(later: LaterFacts) -> tuple[str, ...]:
    """Say of the decision itself what the law asks: what it replaces, and against what it was tested."""
    replaced = f"Dit besluit komt in de plaats van ons besluit van {long_date(later.announced_on)}."
    match later.kind:
        case K.WITHDRAWAL:
            return (
                replaced,
                "Hebt u al geld gekregen? Dan hoort u van ons of u dat moet terugbetalen (artikel 4:57 Awb).",
            )
        case K.REMEDY:
            return (
                replaced,
                f"Dit besluit volgt op: {later.remedy_of.strip().rstrip('.')}.",
                AS_IT_WAS_THEN,
            )
        case _:
            return (replaced,)


def _gave(later: LaterFacts) -> str:
    """Say what the old decision gave."""
    match later.outcome:
        case LetterKind.AWARD:
            return f"U kreeg toen {euros(later.amount_cents)} subsidie."
        case LetterKind.PARTIAL:
            return f"U kreeg toen een deel van de subsidie: {euros(later.amount_cents)}."
        case LetterKind.REJECT:
            return "U kreeg toen geen subsidie."
        case LetterKind.RESERVE:
            place = f" op plaats {later.reserve_place}" if later.reserve_place else ""
            return f"U kreeg toen geen subsidie; uw aanvraag stond{place} op de reservelijst."
        case LetterKind.NOT_PROCESSED:
            return "Wij behandelden uw aanvraag toen niet."
        case LetterKind.WITHDRAWAL:
            return "Wij trokken uw subsidie toen in."
