"""From a definition's phrases and the facts to the sentences of a letter."""

from datetime import date
from decimal import Decimal
from hashlib import sha256

import pytest

from subsidy.documents.letter_facts import LotFacts, SupplementFacts, usual_period
from subsidy.documents.letter_text import compose_letter
from subsidy.documents.letter_values import LetterError, values_of
from tests.documents.definitions import definition
from tests.documents.letters import LATER, MOTIVATION, OUTCOMES, facts
from workflows.kinds import KINDS
from workflows.mandates import DecisionKind
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
    assert "De laatste dag zou donderdag 14\xa0mei 2026 (Hemelvaartsdag) zijn." in computation
    assert "Daarom is de laatste dag maandag 18\xa0mei 2026" in computation
    assert "artikel 1 van de Algemene termijnenwet" in computation


def test_a_day_that_comes_out_otherwise_now_is_not_explained_with_another() -> None:
    stored = facts(definition(), "award", announced_on=date(2026, 4, 2), objection_until=date(2026, 5, 15))
    remedy = compose_letter(definition(), stored).remedy
    assert remedy.last_day == date(2026, 5, 15)
    assert "18\xa0mei" not in remedy.computation


def test_against_a_decision_on_an_objection_one_appeals_to_the_court() -> None:
    remedy = compose_letter(definition(), facts(definition(), "remedy")).remedy
    said = " ".join((remedy.heading, *remedy.sentences, remedy.last_day_is, *remedy.address_lines))
    assert (remedy.heading, remedy.last_day_is) == ("In beroep gaan", "Laatste dag voor uw beroep")
    assert "in beroep gaan bij de rechtbank (artikel 8:1 Awb)" in said
    assert "binnen 6 weken" in said
    assert "uiterlijk op dinsdag 5\xa0januari 2027" in said
    assert "Postbus" not in said
    assert "een kopie van deze brief" in remedy.requirements
    others = (compose_letter(definition(), facts(definition(), case)) for case in set(LATER) - {"remedy"})
    assert {one.remedy.heading for one in others} == {"Bezwaar maken"}


@pytest.mark.parametrize(
    ("announced", "named", "absent"),
    [
        (date(2019, 9, 2), "de-minimisverordening (EU) nr. 1407/2013.", "2023/2831"),
        (date(2023, 12, 31), "de-minimisverordening (EU) nr. 1407/2013.", "2023/2831"),
        (date(2024, 1, 1), "de-minimisverordening (EU) 2023/2831.", "register"),
        (date(2025, 12, 31), "de-minimisverordening (EU) 2023/2831.", "register"),
        (date(2026, 1, 1), "(EU) 2023/2831. Wij nemen haar op in het centrale register.", "1407"),
    ],
)
def test_state_aid_names_the_regulation_of_the_day_of_the_award(
    announced: date, named: str, absent: str
) -> None:
    for case in ("award", "partial"):
        told = facts(KINDS["netwerk"], case, announced_on=announced)
        said = " ".join(compose_letter(KINDS["netwerk"], told).decision_sentences)
        assert named in said
        assert absent not in said


def test_a_round_can_name_the_regulation_on_services_of_general_interest() -> None:
    values = {
        on: values_of(definition(), facts(definition(), "award", announced_on=date(on, 6, 1)))
        for on in (2019, 2026)
    }
    assert "Verordening (EU) nr. 360/2012" in (values[2019]["state_aid_sgei"] or "")
    assert "Verordening (EU) 2023/2832" in (values[2026]["state_aid_sgei"] or "")


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


def test_an_outcome_and_a_decision_of_every_kind_are_covered_here() -> None:
    every = OUTCOMES | LATER
    assert {values["outcome"] for values in every.values()} == set(LetterKind)
    kinds = {facts(definition(), case).later.kind for case in LATER}  # type: ignore[union-attr]
    assert kinds == set(DecisionKind) - {DecisionKind.FIRST}


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


LATER_SUBJECTS = {
    "withdrawal": "Intrekking van de subsidie voor Gezond & Gelukkig Den Haag",
    "correction": "Verbeterd besluit over Gezond & Gelukkig Den Haag",
    "increase": "Besluit: u krijgt meer subsidie voor Gezond & Gelukkig Den Haag",
    "moved-up": "Besluit: u krijgt alsnog subsidie voor Gezond & Gelukkig Den Haag",
    "remedy": "Nieuw besluit over Gezond & Gelukkig Den Haag",
}
SUMMARIES = {
    "withdrawal": "Wij trekken uw subsidie van €\xa010.000,00 in.",
    "correction": "Wij verbeteren ons besluit van 1\xa0september 2026. U krijgt subsidie: €\xa010.000,00.",
    "increase": "U krijgt meer subsidie: €\xa010.000,00 in plaats van €\xa04.000,00.",
    "moved-up": "Uw aanvraag stond op de reservelijst. U krijgt alsnog subsidie: €\xa010.000,00.",
    "remedy": (
        "Wij nemen een nieuw besluit. U krijgt een deel van de subsidie waar u om vroeg: €\xa09.100,00."
    ),
}


@pytest.mark.parametrize("case", LATER)
def test_a_later_decision_names_the_old_one_and_takes_its_place(case: str) -> None:
    letter = compose_letter(definition(), facts(definition(), case))
    assert (letter.subject, letter.summary) == (LATER_SUBJECTS[case], SUMMARIES[case])
    (opening,) = letter.opening
    assert opening.startswith(
        "Op 1\xa0september 2026 namen wij een besluit over uw aanvraag van 13\xa0juni 2026. "
    )
    assert "Met deze brief krijgt u een nieuw besluit. In deze brief" in opening
    assert (
        "Dit besluit komt in de plaats van ons besluit van 1\xa0september 2026." in letter.decision_sentences
    )
    assert letter.reason != ""


def test_a_withdrawal_is_about_why_it_is_taken_back_alone() -> None:
    letter = compose_letter(definition(), facts(definition(), "withdrawal"))
    assert (letter.procedure, letter.advice, letter.criteria, letter.obligations) == ((), (), (), ())
    (ground,) = letter.coded
    assert ground == (
        "De activiteiten zijn niet of niet helemaal uitgevoerd, of worden niet uitgevoerd "
        "(artikel 4:48, eerste lid, onder a, Awb)."
    )
    assert (letter.reason, letter.replaced_cents) == ("U bent gestopt.", 1_000_000)
    assert "artikel 4:57 Awb" in letter.decision_sentences[-1]


def test_a_remedy_says_what_it_follows_and_against_which_moment_it_was_tested() -> None:
    sentences = compose_letter(definition(), facts(definition(), "remedy")).decision_sentences
    assert sentences[-2] == "Dit besluit volgt op: uw bezwaar van 3 september 2026."
    assert "aan het moment van het oorspronkelijke besluit" in sentences[-1]
    assert "artikel 4:25, derde lid, Awb" in sentences[-1]


def test_own_conditions_obligations_and_payments_come_beside_those_of_the_class() -> None:
    letter = compose_letter(definition(), facts(definition(), "moved-up"))
    assert letter.conditions == ("U stuurt ons eerst een nieuwe planning.",)
    assert letter.obligations == ("Klein: u meldt.", "U overlegt elk kwartaal met de gemeente.")
    assert [row.amount_cents for row in letter.payment_schedule] == [800_000, 200_000]
    refused = facts(definition(), "reject-score", conditions=("X",), obligations=("Y",))
    refusing = compose_letter(definition(), refused)
    assert (refusing.conditions, refusing.obligations, refusing.payment_schedule) == ((), (), ())


def test_a_motivation_that_repeats_the_reason_is_said_once() -> None:
    same = facts(definition(), "withdrawal", motivation=" U bent gestopt. ")
    assert compose_letter(definition(), same).general_motivation == ""


def test_a_lot_comes_with_the_recipe_to_draw_it_again() -> None:
    drawn = LotFacts(seed="ronde-1", lot=sha256(b"ronde-1:JZOJP-RB-002").hexdigest())
    standing = compose_letter(definition(), facts(definition(), "award", lot=drawn)).standing
    assert len(standing) == 2
    assert "de SHA-256 van de tekst \u201cronde-1:JZOJP-RB-002\u201d" in standing[1]
    assert standing[1].endswith(f"Uw lot begint met {drawn.lot[:12]}.")
