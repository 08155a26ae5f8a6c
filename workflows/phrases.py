"""The phrases of a decision letter: what `documents/letter.py` prints, in the order of this file.

Every phrase is a Text with `{named}` fields; which fields may stand where is in FIELDS below, and a
phrase with any other is refused. Dates, amounts and scores come in written out, in the language of
the letter: `submitted_on` is a date in words, `requested` and `amount` are amounts with their sign,
`list_until` is the last day on which a reserve list can still lead to an award. `state_aid` and
`state_aid_sgei` are whole sentences: they name the Regulation that is in force on the day of the award.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Self

from pydantic import Field, model_validator

from workflows.codes import Check, Ground
from workflows.values import Cents, Fault, Model, Text, placeholders, refuse


class LetterKind(StrEnum):
    """The letters there are. In law RESERVE is a rejection, with a place on a list.

    WITHDRAWAL takes back an award that was announced (Awb 4:48, 4:50).
    """

    AWARD = "award"
    PARTIAL = "partial"
    REJECT = "reject"
    RESERVE = "reserve"
    NOT_PROCESSED = "not_processed"
    WITHDRAWAL = "withdrawal"


EVERYWHERE = frozenset({
    "reference", "title", "applicant", "region", "round", "kind", "scheme", "authority",
    "months", "requested", "submitted_on", "decided_on", "ceiling",
})  # fmt: skip
OF_AN_AWARD = frozenset({
    "amount", "amount_in_words", "starts_on", "ends_on", "payment_weeks", "state_aid", "state_aid_sgei",
})  # fmt: skip
FIELDS: Mapping[tuple[str, ...], frozenset[str]] = MappingProxyType({
    ("outcomes", LetterKind.AWARD): OF_AN_AWARD,
    ("outcomes", LetterKind.PARTIAL): OF_AN_AWARD,
    ("outcomes", LetterKind.RESERVE): frozenset({"place", "list_until"}),
    ("outcomes", LetterKind.NOT_PROCESSED): frozenset({"asked_on", "supplement_until"}),
    ("amount_classes",): OF_AN_AWARD,
    ("grounds",): frozenset({
        "criterion", "score", "threshold", "total", "threshold_total",
        "reviews", "reviews_needed", "max_awards",
    }),
    ("remedy",): frozenset({"objection_until", "objection_weeks"}),
})  # fmt: skip
"""Fields of the phrases at a place, beside those that may stand everywhere."""


class OutcomePhrases(Model):
    """What differs per kind of letter: its subject, the decision, the articles it rests on.

    `extra` are paragraphs below the decision; a definition from before letters had them has none.
    """

    subject: Text
    decision: Annotated[tuple[Text, ...], Field(min_length=1)]
    extra: tuple[Text, ...] = ()
    legal_basis: Annotated[tuple[Text, ...], Field(min_length=1)]


GENERAL: Mapping[LetterKind, OutcomePhrases] = MappingProxyType(
    {
        LetterKind.WITHDRAWAL: OutcomePhrases(
            subject=Text(
                nl="Intrekking van de subsidie voor {title}",
                en="Withdrawal of the subsidy for {title}",
            ),
            decision=(
                Text(
                    nl="Wij trekken de subsidie voor uw project in. U krijgt het bedrag niet, of niet meer.",
                    en="We withdraw the subsidy for your project. You do not get the amount, or no longer.",
                ),
            ),
            legal_basis=(
                Text(
                    nl="de artikelen 4:48 en 4:50 van de Algemene wet bestuursrecht",
                    en="articles 4:48 and 4:50 of the General Administrative Law Act",
                ),
            ),
        )
    }
)
"""Phrases of letters that came later: a round that was published before them has none of its own."""


class AmountClass(Model):
    """Obligations and payment of awards from this amount on (Uniform Subsidiekader)."""

    from_cents: Cents
    obligations: Annotated[tuple[Text, ...], Field(min_length=1)]
    payment: Annotated[tuple[Text, ...], Field(min_length=1)]


class LetterPhrases(Model):
    """All fixed text of the letters of one kind of round; paragraphs are tuples.

    `grounds` has a phrase per Ground, `findings` one per Check, for a refusal on eligibility.
    """

    scheme: Text
    salutation: Text
    outcomes: dict[LetterKind, OutcomePhrases]
    legal_basis: Annotated[tuple[Text, ...], Field(min_length=1)]
    procedure: Annotated[tuple[Text, ...], Field(min_length=1)]
    advice: Annotated[tuple[Text, ...], Field(min_length=1)]
    scores: Text
    grounds: dict[Ground, Text]
    findings: dict[Check, Text]
    amount_classes: Annotated[tuple[AmountClass, ...], Field(min_length=1)]
    remedy: Annotated[tuple[Text, ...], Field(min_length=1)]
    closing: Text
    signature: Text

    def outcome(self, kind: LetterKind) -> "OutcomePhrases":
        """Give the phrases of a kind of letter; general ones where a definition from before has none."""
        return self.outcomes.get(kind) or GENERAL[kind]

    def ground(self, code: str) -> Text:
        """Give the phrase for a ground, `criterion:<id>` too; ValueError for an unknown code."""
        return self.grounds[Ground.of(code)]

    def amount_class(self, amount_cents: int) -> AmountClass:
        """Give the class of an award of `amount_cents`: the highest that begins at or below it."""
        within = [one for one in self.amount_classes if one.from_cents <= amount_cents]
        return max(within, key=lambda one: one.from_cents)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        faults = [
            Fault((field, member.value), "phrase_missing", "has no phrase")
            for field, members, given in (
                ("outcomes", LetterKind, self.outcomes),
                ("grounds", Ground, self.grounds),
                ("findings", Check, self.findings),
            )
            for member in members
            if member not in given and member not in GENERAL
        ]
        if all(one.from_cents > 0 for one in self.amount_classes):
            faults.append(Fault(("amount_classes",), "amount_class_missing", "has no class from 0 cents on"))
        faults += [
            Fault(place, "field_unknown", f"has the field {name}, which no letter fills here")
            for place, text in _texts_in(self)
            for name in sorted((placeholders(text.nl) | placeholders(text.en)) - fields_at(place))
        ]
        refuse("LetterPhrases", faults)
        return self


Place = tuple[str | int, ...]


def fields_at(place: Place) -> frozenset[str]:
    """Give the names of the fields that may stand in the phrases at a place."""
    fields = (given for start, given in FIELDS.items() if place[: len(start)] == start)
    return EVERYWHERE.union(*fields)


def _texts_in(value: object, place: Place = ()) -> Iterator[tuple[Place, Text]]:
    """Walk through a value and give every Text in it, with its place."""
    if isinstance(value, Text):
        yield place, value
    elif isinstance(value, Model):
        for name in type(value).model_fields:
            yield from _texts_in(getattr(value, name), (*place, name))
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _texts_in(one, (*place, str(key)))
    elif isinstance(value, tuple):
        for index, one in enumerate(value):
            yield from _texts_in(one, (*place, index))
