"""What the collaborations of the demo write: plain texts in which only the region differs."""

from collections.abc import Mapping

from pydantic import JsonValue

from workflows.definition import Question, QuestionKind

ANSWERS: Mapping[str, str] = {
    "goal": (
        "Inwoners van {region} krijgen zorg en hulp die bij elkaar past, zo dicht mogelijk bij huis. "
        "Over een jaar werken gemeente, zorg en welzijn vanuit één plan en weten inwoners waar zij "
        "terechtkunnen. Wij willen dat minder mensen onnodig in het ziekenhuis komen."
    ),
    "worked_together_on": (
        "Wij werkten eerder samen aan een beeld van de regio. Dat leverde gedeelde cijfers op en een "
        "overleg dat elke maand bij elkaar komt."
    ),
    "from_regiobeeld": (
        "Het regiobeeld laat zien dat het aantal ouderen in {region} snel groeit en dat hulp te laat komt. "
        "Daarom beginnen wij bij ouderen die zelfstandig wonen."
    ),
    "so_far": (
        "Sinds de start hebben wij één aanspreekpunt voor inwoners en een gezamenlijke wijkaanpak in twee "
        "wijken. De wachttijd voor hulp bij het huishouden is daar korter geworden."
    ),
    "approach": (
        "Wij beginnen met drie werkgroepen: voorkomen, verplaatsen en vervangen. In elke werkgroep zitten "
        "inwoners, een huisarts, iemand van welzijn en iemand van de gemeente. Elke groep kiest één "
        "verandering die binnen een half jaar klaar kan zijn, probeert die uit en meet wat het oplevert. "
        "Een stuurgroep van bestuurders neemt weg wat in de weg staat."
    ),
    "citizens": (
        "Inwoners en mantelzorgers zitten in elke werkgroep en in de stuurgroep, met een vergoeding. "
        "Twee keer per jaar is er een avond waar iedereen uit {region} kan meepraten."
    ),
    "lessons": (
        "Elk kwartaal bespreken wij wat wel en niet werkte. Wat wij leren staat in een kort verslag dat "
        "iedereen mag gebruiken."
    ),
    "continuation": (
        "De partners hebben afgesproken de kosten na de subsidie zelf te dragen, ieder naar draagkracht. "
        "De afspraken staan in een overeenkomst voor drie jaar."
    ),
    "signatory": "Demo Bestuurder",
    "contact": "Demo Projectleider",
    "collaboration": (
        "De hoofdaanvrager voert de administratie. Alle partners beslissen samen in de stuurgroep, die elke "
        "zes weken bij elkaar komt."
    ),
    "region_why": (
        "In {region} werken dezelfde partijen al samen, en inwoners gaan hier ook naar de huisarts, het "
        "ziekenhuis en het werk. Een grotere regio zou de afstand tot inwoners te groot maken."
    ),
    "budget_explained": (
        "Het grootste deel is voor de projectleider en voor de tijd van inwoners. De partners leggen zelf "
        "een deel bij in uren."
    ),
}
SUMMARY = (
    "Gemeente, zorg, welzijn en inwoners van {region} gaan samen aan de slag, zodat zorg past bij wat mensen "
    "nodig hebben en dicht bij huis is."
)
PLANNING: list[dict[str, JsonValue]] = [
    {"activity": "Startbijeenkomst met alle partners", "result": "Afspraken op papier", "month": 1},
    {"activity": "Werkgroepen kiezen een verandering", "result": "Drie plannen", "month": 3},
    {"activity": "Uitproberen en meten", "result": "Cijfers en ervaringen", "month": 8},
    {"activity": "Delen wat wij leerden", "result": "Verslag en bijeenkomst", "month": 11},
]
VERDICT = "De aanvraag is op tijd, compleet en voldoet aan de eisen van de ronde."
REFUSAL = (
    "Inwoners of patiënten nemen niet deel aan het samenwerkingsverband, en dat is een eis van de ronde."
)
INTEREST = "Ik werkte tot vorig jaar bij een van de partners."
MEASURE = "Ik beoordeel deze aanvraag niet en praat er niet over mee."
FROM_APPLICANT = (
    "Onze projectleider gaat met zwangerschapsverlof. Wij willen een andere contactpersoon doorgeven. "
    "Kan dat via dit bericht?"
)
FROM_OFFICE = (
    "Dat kan. Geeft u de naam, het telefoonnummer en het e-mailadres door in een bericht? Dan passen wij uw "
    "contactpersoon aan. Aan uw aanvraag verandert niets."
)
QUESTIONS = (
    "Mag een partner uit een andere gemeente meedoen als die in onze regio werkt?",
    "Tellen uren van mantelzorgers mee als eigen bijdrage?",
)
ANSWER = (
    "Ja. Waar een partner gevestigd is, maakt niet uit. Leg in uw aanvraag uit wat de partner in uw regio "
    "doet."
)
EXTENSION = "De bestuurder van de hoofdaanvrager is ziek; de gemeente vroeg om een week uitstel."
CASE_TITLE = "Proefaanvraag: samen ouder in de wijk"
CASE = (
    "Een gemeente, een huisartsengroep en een welzijnsorganisatie willen ouderen langer thuis laten wonen. "
    "Zij vragen 40.000 euro voor een projectleider en voor bijeenkomsten.\n\n"
    "De partners kozen drie wijken waar veel mensen boven de 75 jaar alleen wonen. In elke wijk komt een "
    "vast aanspreekpunt. Na een half jaar kijken zij wat het oplevert: minder bezoeken aan de spoedpost en "
    "minder mensen die zich alleen voelen.\n\n"
    "Inwoners dachten mee over de keuze van de wijken. Hoe het na een jaar verdergaat, staat niet in het "
    "plan."
)
REASONS: Mapping[int, str] = {
    5: "Zeer goed uitgewerkt: doel, aanpak en meting sluiten op elkaar aan en elke partner weet wat te doen. "
    "De cijfers over de regio zijn recent en de keuzes volgen eruit.",
    4: "Goed: de keuzes zijn helder en passen bij de regio. De manier van meten kan scherper: nu is niet te "
    "zien wanneer het doel is bereikt.",
    3: "Voldoende: de richting klopt, maar de aanpak blijft op enkele punten algemeen. Het zou helpen als de "
    "aanvrager per stap zegt wie hem zet.",
    2: "Matig: onduidelijk blijft wie wat doet en wanneer het resultaat er is. Ook blijkt niet uit de "
    "aanvraag hoe de partners samen besluiten.",
}


def answer_to(question: Question, region: str) -> JsonValue | None:
    """Give what a collaboration of this region answers; None for a question that it leaves open."""
    match question.kind:
        case QuestionKind.SHORT_TEXT | QuestionKind.LONG_TEXT:
            text = ANSWERS.get(question.id)
            return None if text is None else text.format(region=region)
        case QuestionKind.YES_NO:
            return question.id == "worked_together"
        case QuestionKind.TABLE:
            return list[JsonValue](PLANNING)
        case QuestionKind.CHOICE:
            return question.options[0].value
    return None
