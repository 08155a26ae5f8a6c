"""The letters that ask nothing: the decision comes later (Awb 4:14), the application was withdrawn."""

from subsidy.documents.dutch import euros, long_date, weekday_and_date
from subsidy.documents.procedure_frame import MEANS, Frame, Words, came_in, paragraph, reach
from subsidy.documents.procedure_letter import Chapter, LastDay
from subsidy.documents.term_text import counted
from subsidy.services.procedure_facts import DelayFacts, WithdrawnFacts
from workflows.penalty import MOST_CENTS, MOST_DAYS


def delay(facts: DelayFacts, frame: Frame) -> Words:
    """Say that the decision comes later, when, why, and what can be done about it."""
    over = facts.term.is_over(frame.dated)
    until, ends = weekday_and_date(facts.until), weekday_and_date(facts.term.last_day)
    return {
        "subject": f"Ons besluit komt later: {facts.title}",
        "opening": (
            paragraph(
                came_in(facts),
                f"Wij {'moesten' if over else 'moeten'} daarover uiterlijk op {ends} beslissen.",
                "Dat is ons niet gelukt." if over else "Dat lukt ons niet.",
                f"Eerder schreven wij u dat het {long_date(facts.told)} kon worden." if facts.told else "",
            ),
        ),
        "summary": f"Wij beslissen later over uw aanvraag: uiterlijk op {until}.",
        "chapters": (
            Chapter(
                heading="Waarom het langer duurt", typed=tuple(filter(None, (facts.reason, facts.longer)))
            ),
            Chapter(
                heading=MEANS,
                texts=(
                    paragraph(
                        "Wij gaan gewoon verder met uw aanvraag. U hoeft niets te doen.",
                        "Dat het langer duurt, zegt niets over wat wij gaan besluiten.",
                    ),
                ),
            ),
        ),
        "last_day": LastDay(
            label="U krijgt ons besluit uiterlijk op",
            day=facts.until,
            computation=(
                f"De wettelijke termijn om te beslissen {'eindigde' if over else 'eindigt'} op {ends}.",
                *counted(facts.term),
            ),
        ),
        "otherwise": (
            Chapter(
                heading="Als wij te laat beslissen",
                texts=(
                    paragraph(
                        "Deze brief verandert niets aan uw rechten.",
                        "Is de wettelijke termijn voorbij en hebt u nog geen besluit?",
                        "Dan kunt u ons schrijven dat wij te laat zijn en alsnog moeten beslissen.",
                        "Dat heet een ingebrekestelling.",
                    ),
                    paragraph(
                        "Hebt u twee weken daarna nog geen besluit?",
                        "Dan betalen wij u meestal een dwangsom voor elke dag dat het langer duurt:",
                        f"hoogstens {MOST_DAYS} dagen, samen hoogstens {euros(MOST_CENTS)}.",
                        "U kunt dan ook in beroep gaan bij de rechtbank.",
                    ),
                ),
            ),
        ),
        "legal_basis": (
            "Awb, artikel 4:13 (de termijn om te beslissen)",
            "Awb, artikel 4:14, eerste lid (wij laten weten dat het later wordt)",
            *(("Awb, artikel 4:15 (de termijn stond stil)",) if facts.term.suspended_days else ()),
            "Awb, artikelen 4:17 en 6:12 (als wij te laat beslissen)",
        ),
    }


def withdrawn(facts: WithdrawnFacts, frame: Frame) -> Words:
    """Confirm that the applicant took the application back."""
    return {
        "subject": f"U trok uw aanvraag in: {facts.title}",
        "opening": (
            paragraph(came_in(facts), f"Op {long_date(facts.withdrawn_on)} trok u die aanvraag in."),
        ),
        "summary": "Uw aanvraag is ingetrokken. Wij nemen er geen besluit over.",
        "chapters": (
            Chapter(
                heading=MEANS,
                texts=(
                    paragraph(
                        "U krijgt geen subsidie voor deze aanvraag. U hoeft niets meer te doen:",
                        "ook vragen die wij u over deze aanvraag stelden, hoeft u niet te beantwoorden.",
                    ),
                    "Wilt u later opnieuw subsidie aanvragen? Dat kan in een ronde die dan open is.",
                ),
            ),
            Chapter(
                heading="Klopt dit niet?",
                texts=(f"Neem dan zo snel mogelijk contact met ons op: {reach(frame.office)}.",),
            ),
        ),
    }
