"""What the law asks of the letter of a decision, and what is wrong with words that do not give it.

Some parts come from the layout of every letter, whatever the words are: who decides and under which mandate
(Awb 10:3, 10:10), the last day of the term and the address for an objection (3:45, 6:4). The rest has to
stand in the words, and is looked for here.
"""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from workflows.codes import Check, Ground
from workflows.definition import RoundDefinition
from workflows.letter_words import Spot, Wording, Words, spots_of
from workflows.phrases import LetterKind, Place, fields_at
from workflows.values import placeholders

K = LetterKind
GRANTS = (K.AWARD, K.PARTIAL)


class LegalPart(StrEnum):
    """The parts of a letter that the law asks for, in the order of a letter."""

    # Who decides (Awb 1:3, 10:10).
    AUTHORITY = "authority"
    # What is decided (4:30, 4:31).
    DECISION = "decision"
    # Why (3:46, 3:47).
    MOTIVATION = "motivation"
    # The advice, and why the decision departs from it (3:49, 3:50).
    ADVICE = "advice"
    # What comes with an award (4:37, 4:38).
    OBLIGATIONS = "obligations"
    # When it is paid (4:87, 4:95).
    PAYMENT = "payment"
    # The Regulation, where an award can be state aid (Regulations (EU) 2023/2831 and 2023/2832).
    STATE_AID = "state_aid"
    # The articles that it rests on (3:47(2)).
    LEGAL_BASIS = "legal_basis"
    # Who can object, until when, and where (3:45).
    REMEDY = "remedy"
    # Who signs, under which mandate (10:10).
    SIGNATURE = "signature"


class Lack(StrEnum):
    """What is wrong at one place."""

    # Nothing stands there in one of the languages.
    MISSING = "missing"
    # The English has another number of paragraphs than the Dutch.
    UNEVEN = "uneven"
    # A field that no letter fills there.
    FIELD_UNKNOWN = "field_unknown"
    # A brace that begins or ends no field.
    BRACE = "brace"
    # A field without which the part says too little.
    FIELD_MISSING = "field_missing"
    # No article of the law is named.
    NO_ARTICLE = "no_article"
    # It does not say that one can object.
    NO_OBJECTION = "no_objection"
    # It does not name the Regulation on state aid.
    NO_REGULATION = "no_regulation"


class Fault(NamedTuple):
    """One thing that is wrong: what, where, in which language ("" for both), and the field it is about."""

    code: Lack
    place: Place
    language: str = ""
    field: str = ""


FIELDS_ASKED: Mapping[Place, frozenset[str]] = MappingProxyType(
    {
        ("outcomes", K.AWARD, "decision"): frozenset({"amount"}),
        ("outcomes", K.PARTIAL, "decision"): frozenset({"amount", "requested"}),
        ("outcomes", K.RESERVE, "decision"): frozenset({"place", "list_until"}),
        ("outcomes", K.NOT_PROCESSED, "decision"): frozenset({"asked_on", "supplement_until"}),
        ("grounds", Ground.CRITERION): frozenset({"criterion"}),
        ("remedy",): frozenset({"objection_until"}),
    }
)
"""Fields that have to be named at a place. The payment of a class of amounts names `payment_weeks`: a term in
words would stay where payments of their own say otherwise (documents/letter_payment)."""

_ARTICLE = re.compile(r"\b\d+:\d+|\b(?:artikel(?:en)?|articles?)\s+\d", re.IGNORECASE)
_REGULATION = re.compile(r"2023/283[12]|\{state_aid(?:_sgei)?\}")
_OBJECTION = {"nl": re.compile(r"bezwaar", re.IGNORECASE), "en": re.compile(r"object", re.IGNORECASE)}
_FIELD = re.compile(r"\{([^{}]*)\}")


def law_of(kind: LetterKind, definition: RoundDefinition, classes: int) -> dict[LegalPart, tuple[Place, ...]]:
    """Give what the law asks of a kind of letter, and where it stands: nowhere if the layout says it."""
    own = ("outcomes", kind.value)
    amounts = range(classes) if kind in GRANTS else ()
    asked: dict[LegalPart, tuple[Place, ...]] = {
        LegalPart.AUTHORITY: (),
        LegalPart.DECISION: ((*own, "subject"), (*own, "decision")),
    }
    if kind not in {K.AWARD, K.WITHDRAWAL}:
        asked[LegalPart.MOTIVATION] = tuple(("grounds", one.value) for one in Ground)
    if kind is K.REJECT:
        asked[LegalPart.MOTIVATION] += tuple(("findings", one.value) for one in Check)
    if kind not in {K.NOT_PROCESSED, K.WITHDRAWAL}:
        asked[LegalPart.ADVICE] = (("advice",), ("scores",))
    if kind in GRANTS:
        asked[LegalPart.OBLIGATIONS] = tuple(("amount_classes", one, "obligations") for one in amounts)
        asked[LegalPart.PAYMENT] = tuple(("amount_classes", one, "payment") for one in amounts)
    if kind in GRANTS and definition.asks_state_aid:
        asked[LegalPart.STATE_AID] = ((*own, "decision"), (*own, "extra"))
    asked[LegalPart.LEGAL_BASIS] = (("scheme",), ("legal_basis",), (*own, "legal_basis"))
    asked[LegalPart.REMEDY] = (("remedy",),)
    asked[LegalPart.SIGNATURE] = (("closing",), ("signature",))
    return asked


def faults_of(wording: Wording, definition: RoundDefinition, classes: int) -> tuple[Fault, ...]:
    """Give all that is wrong with words, in the order of a letter; words without faults can be published."""
    return tuple(
        fault
        for spot in spots_of(classes)
        for fault in _faults_at(spot, wording.get(spot.place, Words()), wording, definition)
    )


def stray_fields(place: Place, text: str) -> tuple[Fault, ...]:
    """Give what stands between braces and is no field of that place, and braces that hold nothing.

    Such words are refused as soon as they are typed: a letter would print them as they are.
    """
    named = dict.fromkeys(_FIELD.findall(text))
    found = [Fault(Lack.FIELD_UNKNOWN, place, field=one) for one in named if one not in fields_at(place)]
    if re.search(r"[{}]", _FIELD.sub("", text)):
        found.append(Fault(Lack.BRACE, place))
    return tuple(found)


def _faults_at(spot: Spot, words: Words, wording: Wording, definition: RoundDefinition) -> Iterator[Fault]:
    place = spot.place
    for language, paragraphs in zip(("nl", "en"), words, strict=True):
        text = "\n\n".join(paragraphs)
        if not text:
            if spot.needed or any(words):
                yield Fault(Lack.MISSING, place, language)
            continue
        for fault in stray_fields(place, text):
            yield fault._replace(language=language)
        for field in sorted(_fields_asked(place) - placeholders(text)):
            yield Fault(Lack.FIELD_MISSING, place, language, field)
        if place[-1] == "legal_basis" and len(place) > 1 and not _ARTICLE.search(text):
            yield Fault(Lack.NO_ARTICLE, place, language)
        if place == ("remedy",) and not _OBJECTION[language].search(_FIELD.sub("", text)):
            yield Fault(Lack.NO_OBJECTION, place, language)
    if all(words) and len(words.nl) != len(words.en):
        yield Fault(Lack.UNEVEN, place)
    if definition.asks_state_aid and place in {("outcomes", one.value, "decision") for one in GRANTS}:
        yield from _state_aid(place, wording)


def _state_aid(place: Place, wording: Wording) -> Iterator[Fault]:
    """Look for the Regulation in the decision and in the paragraphs below it."""
    decision, extra = (wording.get((*place[:-1], name), Words()) for name in ("decision", "extra"))
    for language, texts in (("nl", decision.nl + extra.nl), ("en", decision.en + extra.en)):
        if not _REGULATION.search(" ".join(texts)):
            yield Fault(Lack.NO_REGULATION, place, language)


def _fields_asked(place: Place) -> frozenset[str]:
    if place[0] == "amount_classes" and place[-1] == "payment":
        return frozenset({"payment_weeks"})
    return FIELDS_ASKED.get(place, frozenset())
