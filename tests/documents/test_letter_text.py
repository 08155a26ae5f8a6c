"""From a definition's phrases and the facts to the sentences of a letter."""

from datetime import date
from decimal import Decimal

import pytest

from subsidy.documents.letter_facts import SupplementFacts, usual_period
from subsidy.documents.letter_text import LetterError, compose_letter
from tests.documents.definitions import definition
from tests.documents.letters import MOTIVATION, OUTCOMES, facts
from workflows.phrases import LetterKind


def test_an_award_states_amount_words_and_dates() -> None:
    letter = compose_letter(definition(), facts(definition(), "award"))
    assert letter.subject == "Onderwerp award Proefregeling, ronde 1"
    (sentence,) = letter.decision_sentences
    assert sentence == (
        "Wij verlenen Stichting Transmurale Zorg €\xa010.000,00 (tienduizend euro) "
        "van 1\xa0januari 2027 tot 30\xa0juni 2027."
    )
    assert letter.summary == "U krijgt subsidie: €\xa010.000,00."
    assert letter.grounds == ()
    assert letter.obligations == ("Klein: u meldt.",)
    assert letter.payment == ("In een keer.",)
    (standing,) = letter.standing
    assert standing == (
        "2 beoordelingen tellen mee. Uw aanvraag staat op plaats 2 van de 14 aanvragen op de ranglijst. "
        "Het subsidieplafond van deze ronde is €\xa065.000,00."
    )


def test_obligations_and_payment_follow_the_class_of_the_amount() -> None:
    letter = compose_letter(definition(), facts(definition(), "award", amount_cents=2_500_000))
    assert letter.obligations == ("Groot: u verantwoordt.",)
    assert letter.payment == ("In delen, binnen 6 weken.",)


def test_scores_weights_and_scales_are_written_out() -> None:
    rows = compose_letter(definition(), facts(definition(), "award")).criteria
    assert [(row.title, row.weight, row.score, row.scale, row.threshold, row.motivation) for row in rows] == [
        ("Kwaliteit", "66,7%", "3,00", "van 1 tot 5 (best)", "3", MOTIVATION),
        ("Bereik", "33,3%", "2,50", "van 4 tot 1 (best)", "", MOTIVATION),
    ]


def test_a_partial_award_says_why_it_is_less() -> None:
    letter = compose_letter(definition(), facts(definition(), "partial"))
    assert letter.grounds == ("Het plafond van €\xa065.000,00 is bereikt.",)
    assert letter.amount_in_words == "negenduizend honderd euro"


def test_a_rejection_on_one_criterion_names_score_and_minimum() -> None:
    low = facts(definition(), "reject-score", ground="criterion:kwaliteit")
    row = low.criteria[0].model_copy(update={"value": Decimal("2.125")})
    letter = compose_letter(definition(), low.model_copy(update={"criteria": (row, *low.criteria[1:])}))
    assert letter.grounds == ("Voor Kwaliteit is de score 2,13; nodig is 3.",)
    assert letter.obligations == ()
    assert letter.general_motivation == "De commissie ziet te weinig samenwerking tussen de domeinen."


def test_a_reserve_place_has_its_number_and_last_day() -> None:
    letter = compose_letter(definition(), facts(definition(), "reserve"))
    assert letter.decision_sentences == ("Plaats 2, tot en met 31\xa0december 2027.",)
    assert letter.summary.endswith("plaats 2 van de reservelijst.")


def test_a_refusal_on_eligibility_lists_findings_and_no_scores() -> None:
    letter = compose_letter(definition(), facts(definition(), "reject-ineligible"))
    assert [(row.check, row.reason, row.basis) for row in letter.findings] == [
        (
            "Aantal domeinen",
            "Eis domains. Er doen 2 domeinen mee; er zijn er 3 nodig.",
            "artikel 4 van de subsidieoproep",
        ),
        ("Op tijd", "Eis in_time.", "artikel 6 van de subsidieoproep"),
    ]
    assert (letter.advice, letter.criteria, letter.standing, letter.total) == ((), (), (), "")


def test_not_processed_names_the_chance_that_was_given_and_what_is_missing() -> None:
    letter = compose_letter(definition(), facts(definition(), "not-processed"))
    assert letter.decision_sentences == (
        "Wij vroegen op 16\xa0juli 2026 om een aanvulling tot 30\xa0juli 2026.",
    )
    assert letter.missing == ("de begroting", "de handtekening van de hoofdaanvrager")


def test_a_deviation_from_the_advice_stands_with_the_advice() -> None:
    letter = compose_letter(
        definition(), facts(definition(), "award", deviation="Wij wijken af, want het plan is nieuw.")
    )
    assert letter.advice == (
        "De commissie las de rapporten over Gezond & Gelukkig Den Haag.",
        "Wij wijken af, want het plan is nieuw.",
    )


def test_articles_are_named_once() -> None:
    letter = compose_letter(definition(), facts(definition(), "award"))
    assert letter.legal_basis == ("Algemeen artikel", "Artikel over award")


def test_the_last_day_is_named_with_its_count() -> None:
    remedy = compose_letter(definition(), facts(definition(), "award")).remedy
    assert remedy.last_day == date(2027, 1, 5)
    assert remedy.sentences == ("Bezwaar tot en met dinsdag 5\xa0januari 2027, 6 weken.",)
    assert "weekend" not in remedy.computation


def test_a_moved_last_day_says_why() -> None:
    moved = facts(definition(), "award", announced_on=date(2026, 4, 2), objection_until=date(2026, 5, 18))
    computation = compose_letter(definition(), moved).remedy.computation
    assert "zou eindigen op donderdag 14\xa0mei 2026" in computation
    assert "artikel 1 van de Algemene termijnenwet" in computation


@pytest.mark.parametrize(
    ("case", "absent", "named"),
    [
        ("award", "starts_on", "starts_on"),
        ("reserve", "reserve", "reserve list"),
        ("not-processed", "supplement", "asked_on, supplement_until"),
    ],
)
def test_a_missing_fact_is_named_and_nothing_is_written(case: str, absent: str, named: str) -> None:
    with pytest.raises(LetterError, match=named):
        compose_letter(definition(), facts(definition(), case, **{absent: None}))


def test_an_outcome_of_every_kind_is_covered_here() -> None:
    assert {values["outcome"] for values in OUTCOMES.values()} == set(LetterKind)


def test_a_supplement_alone_leaves_other_letters_as_they_are() -> None:
    asked = SupplementFacts(asked_on=date(2026, 7, 16), until=date(2026, 7, 30))
    with_it = compose_letter(definition(), facts(definition(), "award", supplement=asked))
    assert (
        with_it.decision_sentences
        == compose_letter(definition(), facts(definition(), "award")).decision_sentences
    )


def test_the_usual_period_begins_next_month_and_has_whole_months() -> None:
    assert usual_period(date(2026, 11, 24), 6) == (date(2026, 12, 1), date(2027, 5, 31))
    assert usual_period(date(2026, 12, 31), 12) == (date(2027, 1, 1), date(2027, 12, 31))
    assert usual_period(date(2027, 1, 31), 13) == (date(2027, 2, 1), date(2028, 2, 29))
    with pytest.raises(ValueError, match="at least a month"):
        usual_period(date(2026, 11, 24), 0)


def test_a_blank_motivation_is_none_at_all() -> None:
    letter = compose_letter(definition(), facts(definition(), "award", motivation=" \n ", deviation="\t"))
    assert (letter.general_motivation, len(letter.advice)) == ("", 1)
