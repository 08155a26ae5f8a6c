"""Every kind with every outcome: what the letter says, read back from the PDF, and what it carries."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, FormatChecker

import subsidy.data
from subsidy.documents.letter import render_letter
from subsidy.documents.letter_text import compose_letter
from tests.documents.letters import LATER, MOTIVATION, OUTCOMES, facts
from tests.documents.reading import attached, opened, text_of
from workflows.definition import RoundDefinition
from workflows.kinds import KINDS

SCHEMA = json.loads((Path(subsidy.data.__file__).parent / "schemas" / "decision.schema.json").read_bytes())
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=FormatChecker())

ALWAYS = (
    "Subsidiebureau Regionale Samenwerking",
    "Stichting Transmurale Zorg t.a.v. mevrouw A. Jansen Koekamplaan 1 2594 AA Den Haag",
    "Datum 24 november 2026",
    "Ons kenmerk JZOJP-RB-002",
    "Besluit van het bestuur van het Subsidiebureau",
    "Ons besluit",
    "Hoe wij uw aanvraag hebben behandeld",
    "U vroeg € 10.000,00 subsidie aan",
    "de Staatscourant van 1 mei 2026, nr. 12345",
    "Wettelijke grondslag",
    "Algemene wet bestuursrecht (Awb), titel 4.2",
    "Laatste dag voor uw bezwaar: dinsdag 5 januari 2027.",
    "binnen 6 weken",
    "Subsidiebureau Regionale Samenwerking, Bezwaar, Postbus 10000, 2500 AA Den Haag",
    "waarom u het niet eens bent met het besluit",
    "namens het bestuur van het Subsidiebureau, B. de Vries hoofd Subsidies",
    "Mandaatbesluit subsidies, artikel 3 (artikel 10:10 van de Algemene wet bestuursrecht)",
)
GRANTED = ("Wat u moet doen", "Betaling", "binnen 6 weken na de bekendmaking", "binnen 6 maanden")
ASSESSED = ("Motivering", MOTIVATION, "2 beoordelingen tellen mee", "van 100 punten", "Relevantie")
SAYS = {
    "award": (
        "U krijgt subsidie: € 10.000,00.",
        "(tienduizend euro)",
        "artikelen 4:23 en 4:26",
        *GRANTED,
        *ASSESSED,
    ),
    "partial": (
        "U krijgt een deel van de subsidie waar u om vroeg: € 9.100,00.",
        "(negenduizend honderd euro)",
        "Het deel daarboven wijzen wij af",
        "Dit is het subsidieplafond",
        "4:25, tweede lid",
        *GRANTED,
        *ASSESSED,
    ),
    "reject-score": (
        "U krijgt geen subsidie.",
        "in totaal 41,25 van de 100 punten",
        "De commissie ziet te weinig samenwerking tussen de domeinen.",
        *ASSESSED,
    ),
    "reserve": (
        "Uw aanvraag staat op plaats 2 van de reservelijst.",
        "tot en met 31 december 2027",
        "artikel 4:25, tweede lid",
        "op plaats 9 van de 14 aanvragen",
        *ASSESSED,
    ),
    "reject-ineligible": (
        "U krijgt geen subsidie.",
        "Waarom niet voldaan",
        "Er doen 2 domeinen mee; er zijn er 3 nodig.",
        "artikel 4 van de subsidieoproep",
    ),
    "not-processed": (
        "Wij behandelen uw aanvraag niet.",
        "Op 16 juli 2026 vroegen wij u de aanvraag aan te vullen",
        "tot en met 30 juli 2026",
        "de handtekening van de hoofdaanvrager",
        "artikel 4:5, eerste en vierde lid",
    ),
}
NEVER = {
    "award": ("Waarom wij dit besluiten", "reservelijst"),
    "partial": ("reservelijst",),
    "reject-score": ("Wat u moet doen", "Betaling", "nul euro"),
    "reserve": ("Wat u moet doen", "Betaling"),
    "reject-ineligible": ("Motivering", "punten", "Betaling"),
    "not-processed": ("Motivering", "punten", "Betaling"),
}


@pytest.mark.parametrize("case", OUTCOMES)
@pytest.mark.parametrize("definition", KINDS.values(), ids=KINDS.keys())
def test_the_letter_says_all_that_the_law_asks(definition: RoundDefinition, case: str) -> None:
    pdf = render_letter(compose_letter(definition, facts(definition, case)))
    said = text_of(pdf)
    assert [sentence for sentence in (*ALWAYS, *SAYS[case]) if sentence not in said] == []
    assert [sentence for sentence in (*NEVER[case], "CONCEPT", "{") if sentence in said] == []
    with opened(pdf) as document:
        assert document.check_pdf_syntax() == []
        assert len(document.pages) <= 4
    assert list(VALIDATOR.iter_errors(json.loads(attached(pdf, "besluit.json")))) == []


SAYS_LATER = {
    "withdrawal": ("Wij trekken de subsidie voor uw project in.", "artikel 4:48, eerste lid, onder a, Awb"),
    "correction": (
        "Wij verbeteren ons besluit van 1 september 2026.",
        "een deel van de subsidie: € 1.000,00",
    ),
    "increase": ("U kreeg eerder € 4.000,00", "in plaats van € 4.000,00", "Er kwam geld vrij."),
    "moved-up": (
        "uw aanvraag stond op plaats 2 op de reservelijst",
        "Voor deze subsidie geldt deze voorwaarde:",
        "U stuurt ons eerst een nieuwe planning.",
        "U overlegt elk kwartaal met de gemeente.",
        "Na de vaststelling € 2.000,00",
    ),
    "remedy": ("Dit besluit volgt op: uw bezwaar van 3 september 2026.", "artikel 4:25, derde lid, Awb"),
}


@pytest.mark.parametrize("case", LATER)
def test_the_letter_of_a_later_decision_names_the_old_and_says_why(case: str) -> None:
    definition = KINDS["netwerk"]
    pdf = render_letter(compose_letter(definition, facts(definition, case)))
    said = text_of(pdf)
    expected = (
        "komt in de plaats van ons besluit van 1 september 2026",
        "Waarom wij dit besluiten",
        f"Laatste dag voor uw {'beroep' if case == 'remedy' else 'bezwaar'}: dinsdag 5 januari 2027.",
        *SAYS_LATER[case],
    )
    assert [sentence for sentence in expected if sentence not in said] == []
    assert "{" not in said
    with opened(pdf) as document:
        assert document.check_pdf_syntax() == []
    record = json.loads(attached(pdf, "besluit.json"))
    assert list(VALIDATOR.iter_errors(record)) == []
    assert record["replaces"]["announced_on"] == "2026-09-01"
    assert not VALIDATOR.is_valid(record | {"replaces": None})


def test_a_record_from_before_there_were_later_decisions_is_still_valid() -> None:
    definition = KINDS["regiobeeld"]
    record = dict(compose_letter(definition, facts(definition, "award")).decision)
    for new in ("lot", "coded", "conditions", "obligations", "payments", "kind", "replaces"):
        del record[new]
    assert VALIDATOR.is_valid(record)


@pytest.mark.parametrize("amount_cents", [2_500_000, 12_500_000])
def test_larger_amounts_bring_their_own_obligations(amount_cents: int) -> None:
    definition = KINDS["actieplan"]
    said = text_of(
        render_letter(compose_letter(definition, facts(definition, "award", amount_cents=amount_cents)))
    )
    assert "Het bedrag is een maximum" in said
    assert "voorschotten" in said


def test_the_schema_is_itself_sound_and_refuses_what_is_wrong() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    definition = KINDS["regiobeeld"]
    record = compose_letter(definition, facts(definition, "award")).decision
    wrong = (
        {"amount_cents": 0},
        {"outcome": "reject"},
        {"outcome": "reserve", "amount_cents": 0},
        {"announced_on": "24 november"},
        {"extra": 1},
        {"total": "1E+1"},
    )
    assert [VALIDATOR.is_valid(record | change) for change in ({}, *wrong)] == [True] + [False] * len(wrong)
