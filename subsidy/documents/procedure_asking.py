"""The letters that ask something: a supplement (Awb 4:5), an answer to the reports, a view (Awb 4:7)."""

from subsidy.documents.dutch import article_in_words, long_date, weekday_and_date
from subsidy.documents.procedure_frame import (
    ASKED,
    OTHERWISE,
    Frame,
    Words,
    by_post,
    came_in,
    log_in,
    paragraph,
    talk,
    ways,
)
from subsidy.documents.procedure_letter import Chapter, LastDay
from subsidy.documents.term_text import counted, event_day
from subsidy.services.procedure_facts import HearingFacts, RebuttalFacts, SupplementFacts

COUNTED = ("", "Eén", "Twee", "Drie", "Vier", "Vijf", "Zes")


def supplement(facts: SupplementFacts, frame: Frame) -> Words:
    """Ask for what is missing."""
    last_day = facts.term.last_day
    until = weekday_and_date(last_day)
    parts = "dit onderdeel" if len(facts.sections) == 1 else "deze onderdelen"
    return {
        "subject": f"Vul uw aanvraag aan: {facts.title}",
        "opening": (
            paragraph(
                came_in(facts),
                "Wij keken of uw aanvraag volledig is. Er ontbreekt nog iets.",
                "U kunt uw aanvraag één keer aanvullen.",
            ),
        ),
        "summary": f"Uw aanvraag is nog niet volledig. Vul uw aanvraag aan, uiterlijk op {until}.",
        "chapters": (
            Chapter(heading="Wat er ontbreekt", typed=(facts.asked,)),
            Chapter(
                heading=ASKED,
                leads=f"Vul aan wat ontbreekt. U kunt {parts} van uw aanvraag veranderen:",
                items=facts.sections,
            ),
        ),
        "last_day": LastDay(
            label="Laatste dag voor uw aanvulling",
            day=last_day,
            computation=(f"Wij vragen u dit op {_event(facts)}.", *counted(facts.term)),
        ),
        "reacting": Chapter(
            heading="Hoe u kunt aanvullen",
            items=ways(facts, frame, until, "Vul de onderdelen aan en verstuur uw aanvulling."),
        ),
        "otherwise": (
            Chapter(
                heading="Wat er gebeurt als u niet aanvult",
                texts=(
                    paragraph(
                        "Dan gaan wij verder met wat wij nu hebben.",
                        "Ontbreekt er dan nog iets dat nodig is?",
                        "Dan kunnen wij besluiten uw aanvraag niet te behandelen.",
                        "U krijgt dan geen subsidie.",
                    ),
                    paragraph(
                        f"Onze termijn om te beslissen staat stil vanaf {long_date(facts.term.first_day)}.",
                        "Hij loopt weer verder als uw aanvulling er is, of als de laatste dag voorbij is.",
                    ),
                ),
            ),
        ),
        "legal_basis": (
            "Awb, artikel 4:5, eerste en vierde lid (aanvullen)",
            "Awb, artikel 4:15, eerste lid, onder a (de termijn om te beslissen staat stil)",
        ),
    }


def rebuttal(facts: RebuttalFacts, frame: Frame) -> Words:
    """Send the reports of the reviewers, which lie in the file, for an answer."""
    one = facts.reports == 1
    report = "de beoordeling" if one else "de beoordelingen"
    these = "deze beoordeling" if one else "deze beoordelingen"
    last_day = facts.term.last_day
    until = weekday_and_date(last_day)
    return {
        "subject": f"U kunt antwoorden op {report} van {facts.title}",
        "opening": (paragraph(came_in(facts), _readers(facts)),),
        "summary": f"U kunt antwoorden op {these}, tot en met {until}. U hoeft dat niet te doen.",
        "chapters": (
            Chapter(
                heading=report.capitalize(),
                texts=(
                    paragraph(
                        "Daarin staat per criterium een score met uitleg.",
                        "De naam van de beoordelaar staat er niet bij.",
                    ),
                ),
                leads=f"In uw dossier op {frame.portal} {'staat' if one else 'staan'}:"
                if facts.online
                else "U krijgt van ons op papier:",
                items=tuple(f"Beoordeling {number}" for number in range(1, facts.reports + 1)),
                after=("Kunt u niet inloggen? Vraag ons dan om een afdruk op papier.",)
                if facts.online
                else (),
            ),
            Chapter(
                heading=ASKED,
                texts=(
                    paragraph(
                        f"Lees {report}. Klopt er iets niet, of is er iets over het hoofd gezien?",
                        f"Schrijf ons dat in hoogstens {facts.most_words} woorden.",
                        "De commissie leest uw antwoord voordat zij ons advies geeft."
                        if facts.advises
                        else "Wij lezen uw antwoord voordat wij beslissen.",
                    ),
                ),
            ),
        ),
        "last_day": LastDay(
            label="Laatste dag voor uw antwoord",
            day=last_day,
            computation=(f"Wij sturen u {report} op {_event(facts)}.", *counted(facts.term)),
        ),
        "reacting": Chapter(
            heading="Hoe u kunt antwoorden",
            items=ways(facts, frame, until, "Daar kunt u uw antwoord schrijven en versturen."),
        ),
        "otherwise": (
            Chapter(
                heading="Wat er gebeurt als u niet antwoordt",
                texts=(
                    paragraph(
                        f"Dan gaan wij verder met {report} zoals {'die is' if one else 'ze zijn'}.",
                        f"Een antwoord dat na {long_date(last_day)} komt, kunnen wij niet meer meenemen.",
                    ),
                    "Dit is nog geen besluit over uw aanvraag.",
                ),
            ),
        ),
        "legal_basis": ("Awb, artikelen 3:2 en 3:9 (een zorgvuldig besluit en een zorgvuldig advies)",),
    }


def hearing(facts: HearingFacts, frame: Frame) -> Words:
    """Say what is intended and on what it rests, and ask for a view."""
    until = weekday_and_date(facts.last_day)
    grounds = "deze grond" if len(facts.grounds) == 1 else "deze gronden"
    return {
        "subject": f"Wat vindt u van ons plan? Uw zienswijze over {facts.title}",
        "opening": (
            paragraph(
                came_in(facts),
                "Voordat wij een besluit nemen, willen wij van u horen of onze gegevens kloppen",
                "en wat u van ons plan vindt. Dat heet een zienswijze.",
            ),
        ),
        "summary": paragraph(
            "Wij zijn van plan een besluit te nemen dat nadelig voor u kan zijn.",
            f"U kunt ons vertellen wat u daarvan vindt, tot en met {until}.",
        ),
        "chapters": (
            Chapter(heading="Wat wij van plan zijn", typed=(facts.intention,)),
            Chapter(heading="De gegevens waar dit op rust", typed=(facts.data,)),
            Chapter(
                heading="De regels waar dit op rust",
                leads=f"Ons plan rust op {grounds} uit de wet:",
                items=tuple(
                    f"{ground.text.removesuffix('.')} ({article_in_words(ground.article)})."
                    for ground in facts.grounds
                ),
            ),
        ),
        "last_day": LastDay(
            label="Laatste dag voor uw zienswijze",
            day=facts.last_day,
            computation=(
                f"Wij vragen u dit op {weekday_and_date(frame.dated)}.",
                *(
                    counted(facts.term)
                    if facts.term is not None
                    else (f"Wij geven u de tijd tot en met {until}. Die dag telt mee.",)
                ),
            ),
        ),
        "reacting": Chapter(
            heading="Hoe u uw zienswijze kunt geven",
            texts=("U kiest zelf of u schrijft of het ons vertelt.",),
            items=(
                *(
                    (log_in(frame, "Daar kunt u uw zienswijze schrijven en versturen."),)
                    if facts.online
                    else ()
                ),
                by_post(frame, until),
                paragraph(talk(frame.office), "Wij schrijven op wat u zegt."),
            ),
        ),
        "otherwise": (
            Chapter(
                heading=OTHERWISE,
                texts=(
                    paragraph(
                        "U hoeft niet te reageren. Dan beslissen wij met wat wij nu weten.",
                        "Wij nemen geen besluit dat nadelig voor u is voordat uw zienswijze er is,",
                        "of de laatste dag voorbij is.",
                    ),
                    "Dit is nog geen besluit. U kunt er daarom nog geen bezwaar tegen maken.",
                ),
            ),
        ),
        "legal_basis": (
            "Awb, artikelen 4:7 en 4:8 (wij vragen eerst uw zienswijze)",
            "Awb, artikel 4:9 (u kiest of u schrijft of spreekt)",
        ),
    }


def _event(facts: SupplementFacts | RebuttalFacts) -> str:
    return weekday_and_date(event_day(facts.term))


def _readers(facts: RebuttalFacts) -> str:
    if facts.reports == 1:
        return "Een onafhankelijke beoordelaar las uw aanvraag en schreef er een beoordeling van."
    number = COUNTED[facts.reports] if facts.reports < len(COUNTED) else str(facts.reports)
    return f"{number} onafhankelijke beoordelaars lazen uw aanvraag en schreven er elk een beoordeling van."
