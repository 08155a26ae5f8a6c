"""Definitions: the kinds, JSON both ways, and what is refused, each fault at its own place."""

from decimal import Decimal

import pytest
from hypothesis import given
from pydantic import ValidationError

from tests.workflows.rounds import a_round, application, criterion, rules, rules_of_a_round
from workflows.codes import Check, Ground
from workflows.definition import Condition, Question, QuestionKind, RoundDefinition, SectionKind
from workflows.kinds import KINDS, definition_for
from workflows.phrases import LetterKind, LetterPhrases
from workflows.rules import Rules
from workflows.snapshot import Outcome
from workflows.values import Text, filled, placeholders

ALL_KINDS = sorted(KINDS)


def faults(model: type[Rules | RoundDefinition | LetterPhrases], value: object) -> set[tuple[object, ...]]:
    with pytest.raises(ValidationError) as refusal:
        model.model_validate(value)
    return {(error["type"], *error["loc"]) for error in refusal.value.errors()}


def test_the_four_kinds_are_found() -> None:
    assert ALL_KINDS == ["actieplan", "doorontwikkeling", "netwerk", "regiobeeld"]


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_a_kind_goes_through_json_unchanged(kind: str) -> None:
    stored = KINDS[kind].model_dump(mode="json")
    assert RoundDefinition.model_validate(stored) == KINDS[kind]
    assert RoundDefinition.model_validate_json(KINDS[kind].model_dump_json()) == KINDS[kind]


@given(rules_of_a_round())
def test_rules_go_through_json_and_through_a_round_file_unchanged(given_rules: dict[str, object]) -> None:
    checked = Rules.model_validate(given_rules)
    assert Rules.model_validate(checked.model_dump(mode="json")) == checked
    assert Rules.model_validate(checked.to_file()) == checked
    whole = definition_for("regiobeeld", checked)
    again = RoundDefinition.model_validate(whole.model_dump(mode="json"))
    assert again == whole


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_a_kind_has_a_whole_form_and_all_letters(kind: str) -> None:
    definition = KINDS[kind]
    assert definition.kind == kind
    assert {section.kind for section in definition.sections} == set(SectionKind)
    assert [one.id for one in definition.rules.criteria] == [
        "relevantie",
        "kwaliteit",
        "participatie",
        "haalbaarheid",
    ]
    assert {(one.worst, one.best) for one in definition.rules.criteria} == {(1, 5)}
    assert all(one.guidance and len(one.anchors) == 3 for one in definition.rules.criteria)
    assert all(
        question.max_words for question in definition.questions if question.kind is QuestionKind.LONG_TEXT
    )
    assert all(definition.letters.outcome(one) for one in LetterKind)
    assert set(definition.letters.grounds) == set(Ground)
    assert set(definition.letters.findings) == set(Check)
    assert len(definition.themes) == 13


def test_known_facts_of_the_kinds() -> None:
    by_kind = {kind: KINDS[kind].rules for kind in KINDS}
    assert by_kind["regiobeeld"].max_amount_cents == 1_000_000
    assert by_kind["regiobeeld"].required_domains == ("gemeente", "zorgaanbieder")
    assert {kind for kind, one in by_kind.items() if "burgers" in one.required_domains} == {
        "netwerk",
        "doorontwikkeling",
        "actieplan",
    }
    assert {kind for kind, one in by_kind.items() if one.regiobeeld_required} == {"doorontwikkeling"}
    assert by_kind["actieplan"].predecessor_kinds == ("netwerk", "doorontwikkeling")
    assert not KINDS["regiobeeld"].uses_panel


def test_amount_classes_begin_at_the_amounts_of_the_framework() -> None:
    letters = KINDS["netwerk"].letters
    starts = [letters.amount_class(cents).from_cents for cents in (0, 2_499_999, 2_500_000, 12_500_000)]
    assert starts == [0, 0, 2_500_000, 12_500_000]


def test_a_ground_of_a_criterion_has_the_phrase_for_criteria() -> None:
    letters = KINDS["netwerk"].letters
    assert letters.ground("criterion:kwaliteit") == letters.grounds[Ground.CRITERION]
    assert letters.ground("ceiling") == letters.grounds[Ground.CEILING]
    with pytest.raises(ValueError, match="elsewhere"):
        letters.ground("elsewhere")


def test_rules_of_a_file_keep_the_words_of_the_kind_only_on_the_same_scale() -> None:
    same = criterion("relevantie", title="Relevantie", weight=7)
    reversed_scale = criterion("kwaliteit", best=1, worst=5)
    other = criterion("anders")
    relevance, quality, unknown = definition_for(
        "regiobeeld", rules(criteria=[same, reversed_scale, other])
    ).rules.criteria
    assert relevance.weight == 7
    assert relevance.anchors == KINDS["regiobeeld"].rules.criteria[0].anchors
    assert relevance.title_en == "Relevance"
    assert (quality.anchors, quality.guidance, unknown.anchors) == ((), None, ())


def test_an_unknown_kind_gets_a_minimal_definition() -> None:
    definition = definition_for("hartzorg", rules(max_months=9))
    assert (definition.kind, definition.default_months) == ("hartzorg", 9)
    assert {section.kind for section in definition.sections} == set(SectionKind)


def test_all_faults_of_rules_are_told_at_their_place() -> None:
    assert faults(
        Rules,
        {
            "distribution": "tender",
            "criteria": [criterion("a"), criterion("a")],
            "tie_break": ["a", "toeval", "lot"],
            "required_domains": ["burgers", "overig"],
        },
    ) == {
        ("criterion_repeated", "criteria", 1, "id"),
        ("tie_break_unknown", "tie_break", 1),
        ("lot_seed_missing", "lot_seed"),
        ("domain_uncounted", "required_domains", 1),
    }


def test_faults_of_a_criterion() -> None:
    flat = criterion("lot", best=3, worst=3)
    assert faults(Rules, {"distribution": "tender", "criteria": [flat]}) == {
        ("criterion_reserved", "criteria", 0, "id"),
        ("scale_empty", "criteria", 0, "best"),
    }
    assert rules(tie_break=["lot"], lot_seed="").lot_seed == ""


@pytest.mark.parametrize(
    "number", ["1e999999", "-1e16", "1000000000000000.5", "1e-16", "0.1234567890123456", "NaN", "Infinity"]
)
def test_absurd_numbers_are_refused(number: str) -> None:
    with pytest.raises(ValidationError):
        rules(criteria=[criterion("a", weight=1) | {"best": number}])


@pytest.mark.parametrize(
    ("number", "read"),
    [
        ("1e15", "1000000000000000"),
        ("0.123456789012345", "0.123456789012345"),
        ("4.50", "4.5"),
        ("0e999999", "0"),
        ("-0", "0"),
        ("0.5000000000000000000000", "0.5"),
    ],
)
def test_other_numbers_are_read_exactly(number: str, read: str) -> None:
    (only,) = rules(criteria=[criterion("a", worst=9) | {"best": number}]).criteria
    assert str(only.best) == read


def test_a_score_lies_on_the_scale_whichever_way_it_runs() -> None:
    (up, down) = rules(criteria=[criterion("a"), criterion("b", best=1, worst=5)]).criteria
    inside = [up.holds(Decimal(score)) and down.holds(Decimal(score)) for score in ("1", "3.3", "5")]
    outside = [up.holds(Decimal(score)) or down.holds(Decimal(score)) for score in ("0.9", "5.1")]
    assert (inside, outside) == ([True] * 3, [False] * 2)


def test_instants_need_an_offset_and_a_round_opens_before_it_closes() -> None:
    with pytest.raises(ValidationError, match="timezone"):
        application("A", submitted_at="2026-03-02T09:00:00")
    with pytest.raises(ValidationError, match="years 1900 to 2999"):
        application("A", submitted_at="0001-01-01T00:00:00+02:00")
    given_round = a_round().model_dump()
    with pytest.raises(ValidationError) as refusal:
        type(a_round()).model_validate({**given_round, "closes_at": given_round["opens_at"]})
    assert [(error["type"], error["loc"]) for error in refusal.value.errors()] == [
        ("closes_before_opening", ("closes_at",))
    ]


def test_an_award_has_an_amount() -> None:
    with pytest.raises(ValidationError) as refusal:
        Outcome.model_validate({"decision": "awarded", "decided_on": "2026-07-01"})
    assert [error["type"] for error in refusal.value.errors()] == ["amount_missing"]


def test_a_phrase_names_only_what_its_letter_can_fill() -> None:
    letters = KINDS["netwerk"].letters.model_dump(mode="json")
    letters["closing"] = {"nl": "Plaats {place}.", "en": "Place."}
    letters["outcomes"]["reserve"]["subject"] = {"nl": "Plaats {place}, {amount}.", "en": "Place."}
    letters["grounds"].pop("ceiling")
    letters["amount_classes"] = letters["amount_classes"][1:]
    assert faults(LetterPhrases, letters) == {
        ("field_unknown", "closing"),
        ("field_unknown", "outcomes", "reserve", "subject"),
        ("phrase_missing", "grounds", "ceiling"),
        ("amount_class_missing", "amount_classes"),
    }


def test_faults_of_a_form() -> None:
    definition = KINDS["netwerk"].model_dump(mode="json")
    project = definition["sections"][0]["questions"]
    project[1]["when"] = {"question": "continuation", "equals": True}
    project[2]["id"] = "goal"
    definition["sections"][1]["id"] = "project"
    definition["sections"][1]["questions"][0]["id"] = "own_other_money"
    definition["themes"][1]["value"] = definition["themes"][0]["value"]
    assert faults(RoundDefinition, definition) == {
        ("id_repeated", "sections", 1, "id"),
        ("id_repeated", "themes", 1, "value"),
        ("condition_unknown", "sections", 0, "questions", 1, "when"),
        ("id_repeated", "sections", 0, "questions", 2, "id"),
        ("id_reserved", "sections", 1, "questions", 0, "id"),
    }


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"kind": "choice"}, ("options_misplaced", "options")),
        ({"kind": "table"}, ("columns_misplaced", "columns")),
        ({"kind": "number", "max_words": 5}, ("words_misplaced", "max_words")),
        (
            {"kind": "table", "columns": [{"id": "a", "label": {"nl": "A", "en": "A"}, "kind": "table"}]},
            ("column_kind", "columns"),
        ),
    ],
)
def test_faults_of_a_question(changes: dict[str, object], place: tuple[str, str]) -> None:
    with pytest.raises(ValidationError) as refusal:
        Question.model_validate({"id": "q", "label": {"nl": "Vraag", "en": "Question"}, **changes})
    assert [(error["type"], error["loc"][0]) for error in refusal.value.errors()] == [place]


def test_a_condition_looks_at_an_earlier_answer() -> None:
    yes = Condition(question="earlier", equals=True)
    among = Condition(question="earlier", equals="ouderen")
    assert [yes.met({"earlier": answer}) for answer in (True, False, None)] == [True, False, False]
    assert [among.met({"earlier": answer}) for answer in (["ouderen", "jeugd"], ["jeugd"], "ouderen")] == [
        True,
        False,
        True,
    ]


def test_texts_fill_named_fields_and_nothing_else() -> None:
    text = "{name} {name.__class__} {0} { } {name!r}"
    assert placeholders(text) == {"name"}
    assert filled(text, {"name": "<b>"}) == "<b> {name.__class__} {0} { } {name!r}"
    with pytest.raises(KeyError):
        filled("{other}", {"name": "x"})


def test_texts_know_two_languages() -> None:
    text = Text(nl="Regio", en="Region")
    assert [text.in_language(one) for one in ("nl", "en", "fr")] == ["Regio", "Region", "Regio"]
    with pytest.raises(ValidationError, match="blank"):
        Text(nl=" ", en="Region")
