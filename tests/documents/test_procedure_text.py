"""What the letters of the procedure say: the consequence, how to react, until when, how that was counted."""

from datetime import date

import pytest

from subsidy.documents.procedure_letter import render_procedure_letter
from subsidy.documents.procedure_text import WORDS
from subsidy.documents.term_text import REASONS, counted
from subsidy.services.procedure_facts import FACTS, read_facts
from tests.documents.procedures import DECISION, LONG, SENT, SUPPLEMENT, content_of, facts_of
from tests.documents.reading import bookmarks_of, figure_texts, tags_of, text_of
from workflows import suspension, terms
from workflows.calendar_nl import ARTICLE_3
from workflows.correspondence import ProcedureKind

KINDS = tuple(FACTS)
# What each letter must say: what follows, what is expected, until when and how that was counted, and the law.
SAYS: dict[ProcedureKind, tuple[str, ...]] = {
    ProcedureKind.SUPPLEMENT: (
        "Uw aanvraag is nog niet volledig. Vul uw aanvraag aan, uiterlijk op woensdag 6 mei 2026.",
        "U krijgt dan geen subsidie.",
        "Log in op https://subsidie.example.nl en open uw aanvraag NET1-0001.",
        "Lukt dat niet, of schrijft u liever op papier? Bel of mail ons dan op tijd: subsidie@example.nl",
        "De termijn begint op woensdag 22 april 2026 en duurt 14 dagen.",
        "De laatste dag zou dinsdag 5 mei 2026 (Bevrijdingsdag) zijn: daarop eindigt een termijn niet.",
        "Onze termijn om te beslissen staat stil vanaf 22 april 2026.",
        "Awb, artikel 4:5, eerste en vierde lid",
    ),
    ProcedureKind.REBUTTAL: (
        "U kunt antwoorden op deze beoordelingen, tot en met vrijdag 1 mei 2026. U hoeft dat niet te doen.",
        "Beoordeling 2",
        "in hoogstens 500 woorden",
        "De commissie leest uw antwoord voordat zij ons advies geeft.",
        "Een antwoord dat na 1 mei 2026 komt, kunnen wij niet meer meenemen.",
        "Dit is nog geen besluit over uw aanvraag.",
        "Awb, artikelen 3:2 en 3:9",
    ),
    ProcedureKind.HEARING: (
        "Wij zijn van plan een besluit te nemen dat nadelig voor u kan zijn.",
        "De stichting staat niet meer in het handelsregister.",
        "De gegevens zijn onjuist (artikel 4:35, tweede lid, onder a, Awb).",
        "U kiest zelf of u schrijft of het ons vertelt.",
        "Vertel het ons: bel 070 000 00 00",
        "Wij nemen geen besluit dat nadelig voor u is voordat uw zienswijze er is",
        "U kunt er daarom nog geen bezwaar tegen maken.",
        "Awb, artikelen 4:7 en 4:8",
        "Awb, artikel 4:9",
    ),
    ProcedureKind.DELAY: (
        "Wij beslissen later over uw aanvraag: uiterlijk op dinsdag 1 september 2026.",
        "De commissie heeft meer tijd nodig.",
        "U hoeft niets te doen.",
        "De wettelijke termijn om te beslissen eindigt op woensdag 8 juli 2026.",
        "De termijn begint op dinsdag 31 maart 2026 en duurt 13 weken.",
        "De termijn stond 9 dagen stil, omdat wij op uw aanvulling wachtten.",
        "Deze brief verandert niets aan uw rechten.",
        "hoogstens 42 dagen, samen hoogstens € 1.442,00",
        "Awb, artikel 4:14, eerste lid",
        "Awb, artikel 4:15",
    ),
    ProcedureKind.WITHDRAWN: (
        "Uw aanvraag is ingetrokken. Wij nemen er geen besluit over.",
        "Op 21 april 2026 trok u die aanvraag in.",
        "U krijgt geen subsidie voor deze aanvraag.",
        "Klopt dit niet?",
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_letter_says_what_follows_what_is_expected_and_until_when(kind: ProcedureKind) -> None:
    text = text_of(render_procedure_letter(content_of(kind)))
    missing = [words for words in SAYS[kind] if words not in text]
    assert missing == []
    assert "t.a.v. A. Jansen" in text
    assert "0123-4567-89AB-CDEF" in text
    assert text.index("Hebt u vragen over deze brief?") > max(text.index(words) for words in SAYS[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_its_last_day_is_the_one_that_the_core_counts(kind: ProcedureKind) -> None:
    expected = {
        ProcedureKind.SUPPLEMENT: terms.supplement_term(SENT, 14).last_day,
        ProcedureKind.REBUTTAL: terms.rebuttal_term(SENT, 10).last_day,
        ProcedureKind.HEARING: date(2026, 5, 6),
        ProcedureKind.DELAY: date(2026, 9, 1),
    }
    named = content_of(kind).last_day
    assert (None if named is None else named.day) == expected.get(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_a_tagged_letter_with_headings_and_the_same_bytes_each_time(kind: ProcedureKind) -> None:
    content = content_of(kind)
    pdf = render_procedure_letter(content)
    assert pdf == render_procedure_letter(content)
    headings = [tag for tag in tags_of(pdf) if tag.startswith("H")]
    assert headings[0] == "H1"
    assert set(headings[1:]) == {"H2"}
    titles = [one.heading for one in (*content.chapters, *content.otherwise)]
    assert [one for one in bookmarks_of(pdf) if one in titles] == titles
    assert figure_texts(pdf)[0] == "Logo van Subsidiebureau Regionale Samenwerking"


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        (ProcedureKind.SUPPLEMENT, {"asked": LONG, "sections": tuple(f"Deel {one}" for one in range(20))}),
        (ProcedureKind.HEARING, {"intention": LONG, "data": LONG}),
        (ProcedureKind.DELAY, {"reason": LONG, "longer": LONG}),
    ],
)
def test_what_somebody_typed_stays_text_however_long(kind: ProcedureKind, changes: dict[str, object]) -> None:
    text = text_of(render_procedure_letter(content_of(kind, title="Lang " * 40, **changes)))
    assert "<b>Niet vet</b> & <img src=x>" in text
    assert "Hebt u vragen over deze brief?" in text


def test_it_goes_to_the_address_where_paper_was_asked() -> None:
    lines = ("Dorpsstraat 1", "2712 AA Zoetermeer")
    content = content_of(ProcedureKind.DELAY, address_lines=lines)
    assert content.addressee.address_lines == lines
    assert "Dorpsstraat 1 2712 AA Zoetermeer" in text_of(render_procedure_letter(content))


@pytest.mark.parametrize("kind", [ProcedureKind.SUPPLEMENT, ProcedureKind.REBUTTAL, ProcedureKind.HEARING])
def test_who_cannot_log_in_is_not_sent_to_the_site(kind: ProcedureKind) -> None:
    post = "Schrijf ons, met het kenmerk NET1-0001: Subsidiebureau Regionale Samenwerking, Postbus 10000"
    reacting = content_of(kind, online=False).reacting
    assert reacting is not None
    assert any(one.startswith(post) for one in reacting.items)
    text = text_of(render_procedure_letter(content_of(kind, online=False)))
    assert "Log in op" not in text
    assert "In uw dossier op" not in text


def test_a_delay_after_the_term_owns_up_and_names_what_was_told_before() -> None:
    late = content_of(ProcedureKind.DELAY, dated=date(2026, 7, 20), told=date(2026, 8, 1))
    (opening,) = late.opening
    assert "Wij moesten daarover uiterlijk op woensdag 8 juli 2026 beslissen." in opening.replace("\xa0", " ")
    assert "Dat is ons niet gelukt." in opening
    assert opening.replace("\xa0", " ").endswith("Eerder schreven wij u dat het 1 augustus 2026 kon worden.")


def test_a_day_that_an_officer_chose_is_told_as_it_is() -> None:
    content = content_of(ProcedureKind.HEARING, last_day=date(2026, 6, 2), term=None)
    assert content.last_day is not None
    assert [one.replace("\xa0", " ") for one in content.last_day.computation] == [
        "Wij vragen u dit op dinsdag 21 april 2026.",
        "Wij geven u de tijd tot en met dinsdag 2 juni 2026. Die dag telt mee.",
    ]


def test_every_kind_has_words_and_every_reason_a_name() -> None:
    assert set(WORDS) == set(FACTS) == set(ProcedureKind) - {ProcedureKind.RECEIPT}
    named = {"saturday", "sunday", "royal_decree", "two_working_days", *ARTICLE_3.values()}
    assert set(REASONS) == named


@pytest.mark.parametrize("kind", KINDS)
def test_facts_that_were_kept_are_read_back(kind: ProcedureKind) -> None:
    facts = facts_of(kind)
    assert read_facts(kind, facts.model_dump(mode="json")) == facts


def test_a_term_that_stands_still_now_says_so() -> None:
    standing = suspension.suspend(
        terms.decision_term(date(2026, 3, 30), 13), [suspension.for_supplement(date(2026, 4, 1))], SENT
    )
    said = counted(standing)
    assert "De termijn staat nu stil, omdat wij op uw aanvulling wachten." in said
    assert not any("stond" in one for one in said)


def test_a_statutory_term_that_moved_names_the_article() -> None:
    # Ascension, a day off by decree, and the weekend: 14 to 17 May 2026.
    begins, moved = (one.replace("\xa0", " ") for one in counted(terms.objection_term(date(2026, 4, 2))))
    assert begins == "De termijn begint op vrijdag 3 april 2026 en duurt 6 weken."
    closed, others, last = moved.split(". ")
    assert closed.startswith("De laatste dag zou donderdag 14 mei 2026 (Hemelvaartsdag) zijn")
    assert others == (
        "Ook vrijdag 15 mei 2026 (aangewezen als vrije dag), zaterdag 16 mei 2026 en zondag 17 mei 2026 "
        "tellen daarvoor niet mee"
    )
    assert last == ("Daarom is de laatste dag maandag 18 mei 2026 (artikel 1 van de Algemene termijnenwet).")
    assert SUPPLEMENT.last_day == date(2026, 5, 6)
    assert DECISION.last_day == date(2026, 7, 8)
