"""The words of letters while they are written: each in Dutch and English, and any of them missing yet.

`LetterPhrases` is whole or it is refused; who writes needs something in between. Its JSON is taken apart into
places, and put together again in the same shape, in which a text that is missing is "".
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from workflows.codes import Check, Ground
from workflows.phrases import GENERAL, LetterKind, LetterPhrases, Place

BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")


class Words(NamedTuple):
    """What stands at one place: the paragraphs in both languages."""

    nl: tuple[str, ...] = ()
    en: tuple[str, ...] = ()


class Spot(NamedTuple):
    """A place where words stand: one line or paragraphs, and whether a letter can do without."""

    place: Place
    many: bool = True
    needed: bool = True

    @property
    def key(self) -> str:
        """Its name in a form."""
        return "-".join(str(one) for one in self.place)


Wording = Mapping[Place, Words]
"""All words of the letters of a round, by their place."""


def spots_of(classes: int) -> Iterator[Spot]:
    """Give every place, in the order of a letter; `classes` is how many amount classes there are."""
    for name in ("scheme", "salutation"):
        yield Spot((name,), many=False)
    for kind in LetterKind:
        yield from spots_of_kind(kind)
    for name in ("legal_basis", "procedure", "advice"):
        yield Spot((name,))
    yield Spot(("scores",), many=False)
    for ground in Ground:
        yield Spot(("grounds", ground.value), many=False)
    for check in Check:
        yield Spot(("findings", check.value), many=False)
    for number in range(classes):
        yield Spot(("amount_classes", number, "obligations"))
        yield Spot(("amount_classes", number, "payment"))
    yield Spot(("remedy",))
    for name in ("closing", "signature"):
        yield Spot((name,), many=False)


def spots_of_kind(kind: LetterKind) -> Iterator[Spot]:
    """Give the places of one kind of letter."""
    yield Spot(("outcomes", kind.value, "subject"), many=False)
    yield Spot(("outcomes", kind.value, "decision"))
    yield Spot(("outcomes", kind.value, "extra"), needed=False)
    yield Spot(("outcomes", kind.value, "legal_basis"))


def whole(phrases: LetterPhrases) -> dict[str, Any]:
    """Give phrases as JSON; a kind of letter that they are older than has its general words."""
    outcomes = {kind: phrases.outcome(kind) for kind in LetterKind if kind in {*phrases.outcomes, *GENERAL}}
    return phrases.model_copy(update={"outcomes": outcomes}).model_dump(mode="json")


def taken_apart(stored: Mapping[str, Any]) -> dict[Place, Words]:
    """Give the words of phrases in JSON, whole or not, by their place."""
    found = {}
    for spot in spots_of(len(stored["amount_classes"])):
        value = _at(stored, spot.place)
        texts = value if isinstance(value, list) else [value]
        found[spot.place] = Words(
            tuple(one["nl"] for one in texts if one and one["nl"]),
            tuple(one["en"] for one in texts if one and one["en"]),
        )
    return found


def put_together(wording: Wording, stored: Mapping[str, Any]) -> dict[str, Any]:
    """Give these words as phrases in JSON; the amounts from which the classes hold are those of `stored`."""
    classes = [{"from_cents": one["from_cents"]} for one in stored["amount_classes"]]
    made: dict[str, Any] = {
        "outcomes": {kind.value: {} for kind in LetterKind},
        "grounds": {},
        "findings": {},
        "amount_classes": classes,
    }
    for spot in spots_of(len(classes)):
        words = wording.get(spot.place, Words())
        room: Any = made
        for step in spot.place[:-1]:
            room = room[step]
        room[spot.place[-1]] = _texts(words) if spot.many else _text(words)
    return made


def without_gaps(wording: Wording, classes: int, *, gap: str) -> dict[Place, Words]:
    """Give these words with `gap` where a letter cannot do without a text that is missing."""
    made = dict(wording)
    for spot in spots_of(classes):
        words = wording.get(spot.place, Words())
        most = max(len(words.nl), len(words.en), 1 if spot.needed else 0)
        made[spot.place] = Words(*((*one, *[gap] * (most - len(one))) for one in words))
    return made


def paragraphs(text: str) -> tuple[str, ...]:
    """Give the paragraphs of what was typed: a blank line begins a new one."""
    return tuple(filter(None, (one.strip() for one in BLANK_LINES.split(text.strip()))))


def _at(stored: Mapping[str, Any], place: Place) -> Any:
    """Give what stands at a place; nothing where phrases from before have no such place."""
    value: Any = stored
    for step in place:
        value = value.get(step) if isinstance(value, Mapping) else value[step]
        if value is None:
            return None
    return value


def _text(words: Words) -> dict[str, str]:
    return {"nl": "\n\n".join(words.nl), "en": "\n\n".join(words.en)}


def _texts(words: Words) -> list[dict[str, str]]:
    """Put the paragraphs beside each other; where one language has fewer, "" stands in its place."""
    most = max(len(words.nl), len(words.en))
    nl, en = (list(one) + [""] * (most - len(one)) for one in words)
    return [{"nl": dutch, "en": english} for dutch, english in zip(nl, en, strict=True)]
