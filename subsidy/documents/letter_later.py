"""What the letter of a later decision says of the one before it: what that gave, and why it gives way."""

from collections.abc import Mapping
from types import MappingProxyType

from subsidy.documents.letter_facts import LaterFacts, LetterFacts
from subsidy.documents.letter_language import DUTCH, Language
from workflows.mandates import DecisionKind
from workflows.phrases import LetterKind
from workflows.values import Text

K = DecisionKind
SUBJECTS: Mapping[DecisionKind, Text] = MappingProxyType(
    {
        K.CORRECTION: Text(nl="Verbeterd besluit over {title}", en="Corrected decision on {title}"),
        K.INCREASE: Text(
            nl="Besluit: u krijgt meer subsidie voor {title}", en="Decision: you get more subsidy for {title}"
        ),
        K.RESERVE: Text(
            nl="Besluit: u krijgt alsnog subsidie voor {title}",
            en="Decision: you get a subsidy after all, for {title}",
        ),
        K.REMEDY: Text(nl="Nieuw besluit over {title}", en="New decision on {title}"),
    }
)
"""A withdrawal has a subject among the phrases of the round."""

OPENING = Text(
    nl="Op {announced} namen wij een besluit over uw aanvraag van {received}. {gave} Met deze brief krijgt u "
    "een nieuw besluit.",
    en="On {announced} we took a decision on your application of {received}. {gave} With this letter you get "
    "a new decision.",
)
GAVE: Mapping[LetterKind, Text] = MappingProxyType(
    {
        LetterKind.AWARD: Text(
            nl="U kreeg toen {amount} subsidie.", en="You got a subsidy of {amount} then."
        ),
        LetterKind.PARTIAL: Text(
            nl="U kreeg toen een deel van de subsidie: {amount}.",
            en="You got part of the subsidy then: {amount}.",
        ),
        LetterKind.REJECT: Text(nl="U kreeg toen geen subsidie.", en="You got no subsidy then."),
        LetterKind.RESERVE: Text(
            nl="U kreeg toen geen subsidie; uw aanvraag stond op plaats {place} op de reservelijst.",
            en="You got no subsidy then; your application had place {place} on the reserve list.",
        ),
        LetterKind.NOT_PROCESSED: Text(
            nl="Wij behandelden uw aanvraag toen niet.", en="We did not process your application then."
        ),
        LetterKind.WITHDRAWAL: Text(
            nl="Wij trokken uw subsidie toen in.", en="We withdrew your subsidy then."
        ),
    }
)
"""What the old decision gave."""
ON_THE_LIST = Text(
    nl="U kreeg toen geen subsidie; uw aanvraag stond op de reservelijst.",
    en="You got no subsidy then; your application was on the reserve list.",
)

CORRECTED = Text(
    nl="Wij verbeteren ons besluit van {announced}. {plain}",
    en="We correct our decision of {announced}. {plain}",
)
INCREASED = Text(
    nl="U krijgt meer subsidie: {amount} in plaats van {before}.",
    en="You get more subsidy: {amount} instead of {before}.",
)
MOVED_UP = Text(
    nl="Uw aanvraag stond op de reservelijst. U krijgt alsnog subsidie: {amount}.",
    en="Your application was on the reserve list. You get a subsidy after all: {amount}.",
)
MOVED_UP_IN_PART = Text(
    nl="Uw aanvraag stond op de reservelijst. U krijgt alsnog een deel van de subsidie: {amount}.",
    en="Your application was on the reserve list. You get part of the subsidy after all: {amount}.",
)
WITHDRAWN = Text(nl="Wij trekken uw subsidie van {before} in.", en="We withdraw your subsidy of {before}.")
ANEW = Text(nl="Wij nemen een nieuw besluit. {plain}", en="We take a new decision. {plain}")

REPLACED = Text(
    nl="Dit besluit komt in de plaats van ons besluit van {announced}.",
    en="This decision takes the place of our decision of {announced}.",
)
PAY_BACK = Text(
    nl="Hebt u al geld gekregen? Dan hoort u van ons of u dat moet terugbetalen (artikel 4:57 Awb).",
    en="Did you get money already? Then you hear from us whether you have to pay it back (article 4:57 Awb).",
)
FOLLOWS = Text(nl="Dit besluit volgt op: {remedy_of}.", en="This decision follows: {remedy_of}.")
AS_IT_WAS_THEN = Text(
    nl="Wij hebben uw aanvraag getoetst aan het moment van het oorspronkelijke besluit. Dat er "
    "intussen geld aan anderen is gegeven, telt daarbij niet mee (artikel 4:25, derde lid, Awb).",
    en="We tested your application against the moment of the first decision. That money was given to others "
    "in the meantime does not count (article 4:25, third paragraph, Awb).",
)


def subject_of(later: LaterFacts, facts: LetterFacts, usual: str, write: Language = DUTCH) -> str:
    """Give the subject: that it is a new decision goes before what it gives."""
    known = SUBJECTS.get(later.kind)
    return usual if known is None else write.say(known, title=facts.title)


def opening_of(later: LaterFacts, facts: LetterFacts, write: Language = DUTCH) -> str:
    """Name the old decision with its date and what it gave, and say that there is a new one."""
    return write.say(
        OPENING,
        announced=write.long_date(later.announced_on),
        received=write.long_date(facts.received_on),
        gave=_gave(later, write),
    )


def summary_of(later: LaterFacts, facts: LetterFacts, plain: str, write: Language = DUTCH) -> str:
    """Say what changes; `plain` is the outcome in one sentence."""
    amount, before = write.euros(facts.amount_cents), write.euros(later.amount_cents)
    match later.kind:
        case K.CORRECTION:
            return write.say(CORRECTED, announced=write.long_date(later.announced_on), plain=plain)
        case K.INCREASE:
            return write.say(INCREASED, amount=amount, before=before)
        case K.RESERVE:
            in_part = facts.outcome is LetterKind.PARTIAL
            return write.say(MOVED_UP_IN_PART if in_part else MOVED_UP, amount=amount)
        case K.WITHDRAWAL:
            return write.say(WITHDRAWN, before=before)
        case K.REMEDY | K.FIRST:
            return write.say(ANEW, plain=plain)


def sentences_of(later: LaterFacts, write: Language = DUTCH) -> tuple[str, ...]:
    """Say of the decision itself what the law asks: what it replaces, and against what it was tested."""
    replaced = write.say(REPLACED, announced=write.long_date(later.announced_on))
    match later.kind:
        case K.WITHDRAWAL:
            return (replaced, write.say(PAY_BACK))
        case K.REMEDY:
            cause = later.remedy_of.strip().rstrip(".")
            return (replaced, write.say(FOLLOWS, remedy_of=cause), write.say(AS_IT_WAS_THEN))
        case _:
            return (replaced,)


def _gave(later: LaterFacts, write: Language) -> str:
    if later.outcome is LetterKind.RESERVE and not later.reserve_place:
        return write.say(ON_THE_LIST)
    return write.say(
        GAVE[later.outcome], amount=write.euros(later.amount_cents), place=str(later.reserve_place)
    )
