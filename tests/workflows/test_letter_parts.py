"""The words of letters: taken apart and put together, and what the law misses in them."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.documents.definitions import definition as made_up
from workflows.definition import RoundDefinition
from workflows.kinds import KINDS
from workflows.letter_parts import Fault, Lack, LegalPart, faults_of, law_of, stray_fields
from workflows.letter_words import (
    Words,
    paragraphs,
    put_together,
    spots_of,
    taken_apart,
    whole,
    without_gaps,
)
from workflows.phrases import LetterKind, LetterPhrases, Place

ALL_KINDS = sorted(KINDS)
CLASSES = 3
REGIOBEELD = KINDS["regiobeeld"]


def words_of(definition: RoundDefinition = REGIOBEELD) -> dict[Place, Words]:
    return taken_apart(whole(definition.letters))


def faults(changed: Mapping[Place, Words], definition: RoundDefinition = REGIOBEELD) -> set[Fault]:
    return set(faults_of({**words_of(definition), **changed}, definition, CLASSES))


def both(text: str) -> Words:
    return Words((text,), (text,))


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_the_words_of_every_kind_have_all_that_the_law_asks(kind: str) -> None:
    assert faults_of(words_of(KINDS[kind]), KINDS[kind], CLASSES) == ()


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_taken_apart_and_put_together_they_are_the_same(kind: str) -> None:
    stored = whole(KINDS[kind].letters)
    again = put_together(taken_apart(stored), stored)
    assert again == stored
    assert LetterPhrases.model_validate(again).outcomes.keys() == set(LetterKind)


def test_phrases_from_before_a_letter_or_its_extra_paragraphs_are_read() -> None:
    stored = whole(made_up().letters)
    assert LetterKind.WITHDRAWAL not in made_up().letters.outcomes
    assert taken_apart(stored)["outcomes", "withdrawal", "subject"].nl[0].startswith("Intrekking")
    for outcome in stored["outcomes"].values():
        del outcome["extra"]
    old = LetterPhrases.model_validate(stored)
    assert old.outcome(LetterKind.AWARD).extra == ()
    assert taken_apart(stored)["outcomes", "award", "extra"] == Words()


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40).map(
    str.strip
)
PART = st.lists(TEXT.filter(bool), max_size=4).map(tuple)


@given(
    st.dictionaries(
        st.sampled_from([one.place for one in spots_of(CLASSES) if one.many]), st.tuples(PART, PART)
    )
)
def test_whatever_is_written_comes_back(
    written: dict[Place, tuple[tuple[str, ...], tuple[str, ...]]],
) -> None:
    stored = whole(REGIOBEELD.letters)
    wording = {**taken_apart(stored), **{place: Words(*said) for place, said in written.items()}}
    assert taken_apart(put_together(wording, stored)) == wording


@given(st.sets(st.sampled_from([one.place for one in spots_of(CLASSES)])))
def test_with_its_gaps_filled_any_draft_can_be_looked_at(left_out: set[Place]) -> None:
    stored = whole(REGIOBEELD.letters)
    wording = {**taken_apart(stored), **{place: Words(("Alleen Nederlands.",)) for place in left_out}}
    full = without_gaps(wording, CLASSES, gap="…")
    phrases = LetterPhrases.model_validate(put_together(full, stored))
    assert phrases.scheme.en == ("…" if ("scheme",) in left_out else REGIOBEELD.letters.scheme.en)


def test_a_blank_line_begins_a_paragraph() -> None:
    assert paragraphs("Een\nregel.\n \t\n\n  Twee.  \n") == ("Een\nregel.", "Twee.")
    assert paragraphs(" \n\n ") == ()


@pytest.mark.parametrize("spot", list(spots_of(CLASSES)), ids=lambda spot: spot.key)
def test_without_words_every_place_that_is_needed_is_told_in_both_languages(spot: object) -> None:
    place, needed = spot.place, spot.needed  # type: ignore[attr-defined]
    expected = {Fault(Lack.MISSING, place, one) for one in ("nl", "en")} if needed else set()
    found = {one for one in faults({place: Words()}) if one.code is not Lack.NO_REGULATION}
    assert found == expected


@pytest.mark.parametrize(
    ("place", "text", "expected"),
    [
        (("outcomes", "award", "decision"), "U krijgt geld (2023/2831).", {(Lack.FIELD_MISSING, "amount")}),
        (
            ("outcomes", "partial", "decision"),
            "U krijgt {amount} (2023/2832).",
            {(Lack.FIELD_MISSING, "requested")},
        ),
        (("outcomes", "award", "decision"), "U krijgt {amount}.", {(Lack.NO_REGULATION, "")}),
        (
            ("outcomes", "reserve", "decision"),
            "U staat op de lijst.",
            {(Lack.FIELD_MISSING, "place"), (Lack.FIELD_MISSING, "list_until")},
        ),
        (
            ("outcomes", "not_processed", "decision"),
            "Wij vroegen op {asked_on} om een aanvulling.",
            {(Lack.FIELD_MISSING, "supplement_until")},
        ),
        (("outcomes", "reject", "legal_basis"), "Awb, titel 4.2", {(Lack.NO_ARTICLE, "")}),
        (("outcomes", "reject", "legal_basis"), "Artikel 7 van de regeling", set()),
        (("legal_basis",), "Onze regeling", set()),
        (("remedy",), "Schrijf ons: bezwaar, objection.", {(Lack.FIELD_MISSING, "objection_until")}),
        (("remedy",), "Bel tot {objection_until}.", {(Lack.NO_OBJECTION, "")}),
        (("amount_classes", 1, "payment"), "Wij betalen snel.", {(Lack.FIELD_MISSING, "payment_weeks")}),
        (("amount_classes", 1, "payment"), "Wij betalen binnen {payment_weeks} weken.", set()),
        (("grounds", "criterion"), "De score is {score}.", {(Lack.FIELD_MISSING, "criterion")}),
        (("closing",), "Bel {amount}.", {(Lack.FIELD_UNKNOWN, "amount")}),
        (("closing",), "Bel {Reference}.", {(Lack.FIELD_UNKNOWN, "Reference")}),
        (("closing",), "Bel {reference.", {(Lack.BRACE, "")}),
    ],
)
def test_what_the_law_misses_is_told_per_language(
    place: Place, text: str, expected: set[tuple[Lack, str]]
) -> None:
    found = faults({place: both(text)})
    assert found == {Fault(code, place, one, field) for code, field in expected for one in ("nl", "en")}


def test_a_translation_has_as_many_paragraphs() -> None:
    place = ("procedure",)
    assert faults({place: Words(("Een.", "Twee."), ("One.",))}) == {Fault(Lack.UNEVEN, place)}


def test_extra_paragraphs_in_one_language_alone_are_told() -> None:
    place = ("outcomes", "reject", "extra")
    assert faults({place: Words(("Een.",))}) == {Fault(Lack.MISSING, place, "en")}


def test_the_regulation_may_stand_below_the_decision_and_only_where_aid_is_asked_about() -> None:
    decision, extra = (("outcomes", "award", one) for one in ("decision", "extra"))
    bare = {decision: both("U krijgt {amount}.")}
    assert {one.code for one in faults(bare)} == {Lack.NO_REGULATION}
    assert faults({**bare, extra: both("Verordening (EU) 2023/2831 geldt.")}) == set()
    other = REGIOBEELD.model_copy(update={"asks_state_aid": False})
    assert faults(bare, other) == set()


def test_what_is_typed_is_refused_at_once_only_for_its_fields() -> None:
    assert stray_fields(("remedy",), "Tot {objection_until}.") == ()
    assert [one.field for one in stray_fields(("remedy",), "{amount} {amount} {x}")] == ["amount", "x"]


@pytest.mark.parametrize("kind", LetterKind)
def test_the_law_asks_of_every_letter_who_decides_what_on_which_articles_and_how_to_object(
    kind: LetterKind,
) -> None:
    asked = law_of(kind, REGIOBEELD, CLASSES)
    always = {LegalPart.AUTHORITY, LegalPart.DECISION, LegalPart.LEGAL_BASIS, LegalPart.REMEDY}
    assert always | {LegalPart.SIGNATURE} <= set(asked)
    assert list(asked) == [one for one in LegalPart if one in asked]
    places = {one.place for one in spots_of(CLASSES)}
    assert {place for some in asked.values() for place in some} <= places
    grants = kind in {LetterKind.AWARD, LetterKind.PARTIAL}
    assert ({LegalPart.PAYMENT, LegalPart.OBLIGATIONS, LegalPart.STATE_AID} <= set(asked)) is grants
