"""Pieces of the application form that the kinds put together: sections, themes, cost categories.

Only what is needed to decide is asked (Awb 4:4(2)).
"""

from workflows.definition import (
    BudgetRules,
    Column,
    Condition,
    Option,
    Question,
    QuestionKind,
    Section,
    SectionKind,
)
from workflows.values import Text

THEMES = tuple(
    Option(value=value, label=Text(nl=nl, en=en))
    for value, nl, en in (
        ("voorkomen", "Zorg voorkomen", "Preventing care"),
        ("verplaatsen", "Zorg verplaatsen", "Moving care"),
        ("vervangen", "Zorg vervangen", "Replacing care"),
        ("preventie", "Preventie", "Prevention"),
        ("positieve-gezondheid", "Positieve gezondheid", "Positive health"),
        ("digitale-zorg", "Digitale zorg (e-health)", "Digital care (e-health)"),
        ("ouderen", "Ouderen", "Elderly people"),
        ("jeugd", "Jeugd", "Young people"),
        ("ggz", "Mentale gezondheid (ggz)", "Mental health"),
        ("chronisch-zieken", "Chronisch zieken", "People with a chronic illness"),
        ("acute-zorg", "Acute zorg", "Acute care"),
        ("wonen", "Wonen en zorg", "Housing and care"),
        ("innovatie", "Innovatie", "Innovation"),
    )
)

BUDGET = BudgetRules(
    cost_categories=tuple(
        Option(value=value, label=Text(nl=nl, en=en))
        for value, nl, en in (
            ("personeel", "Eigen personeel", "Own staff"),
            ("inhuur", "Inhuur en advies", "Hired staff and advice"),
            ("onderzoek", "Onderzoek en gegevens", "Research and data"),
            ("participatie", "Vergoeding voor inwoners", "Compensation for citizens"),
            ("bijeenkomsten", "Bijeenkomsten", "Meetings"),
            ("materiaal", "Materiaal en ict", "Materials and ICT"),
            ("overig", "Overige kosten", "Other costs"),
        )
    ),
    own_contribution=True,
)

# For a project of several partners, or of more than a year.
BUDGET_OF_PARTNERS = BUDGET.model_copy(
    update={
        "by_partner": True,
        "by_year": True,
        "sources": tuple(
            Option(value=value, label=Text(nl=nl, en=en))
            for value, nl, en in (
                ("gemeente", "Gemeente", "Municipality"),
                ("zorgverzekeraar", "Zorgverzekeraar", "Health insurer"),
                ("zorgkantoor", "Zorgkantoor", "Care office"),
                ("provincie", "Provincie", "Province"),
                ("fonds", "Fonds", "Fund"),
                ("anders", "Iemand anders", "Somebody else"),
            )
        ),
    }
)


def long_text(
    identifier: str,
    label: Text,
    max_words: int,
    help_text: Text | None = None,
    *,
    when: Condition | None = None,
) -> Question:
    """Ask for a text of at most `max_words` words."""
    return Question(
        id=identifier,
        kind=QuestionKind.LONG_TEXT,
        label=label,
        help=help_text,
        max_words=max_words,
        when=when,
    )


def attachment(
    identifier: str, label: Text, *, required: bool = False, names_applicant: bool = False
) -> Question:
    """Ask for one or more files."""
    return Question(
        id=identifier,
        kind=QuestionKind.FILE,
        label=label,
        required=required,
        names_applicant=names_applicant,
    )


def project_section(*questions: Question) -> Section:
    """Ask title, summary, duration and themes, the goal, and the questions of the kind."""
    return Section(
        id="project",
        kind=SectionKind.PROJECT,
        title=Text(nl="Uw project", en="Your project"),
        intro=Text(
            nl="Vertel kort wat u gaat doen. De samenvatting maken wij openbaar als u subsidie krijgt.",
            en="Tell briefly what you are going to do. We publish the summary when you get the subsidy.",
        ),
        questions=(
            long_text(
                "goal",
                Text(nl="Wat wilt u bereiken?", en="What do you want to achieve?"),
                300,
                Text(
                    nl="Noem het doel en waaraan u straks ziet dat het is gelukt.",
                    en="Name the goal, and what will show that you have reached it.",
                ),
            ),
            *questions,
        ),
    )


def plan_section(*questions: Question) -> Section:
    """Ask the approach with its planning, and the questions of the kind."""
    return Section(
        id="plan",
        kind=SectionKind.QUESTIONS,
        title=Text(nl="Aanpak en planning", en="Approach and planning"),
        questions=(
            long_text(
                "approach",
                Text(nl="Hoe pakt u het aan?", en="How will you go about it?"),
                600,
                Text(
                    nl="Beschrijf de stappen en wie wat doet.",
                    en="Describe the steps, and who does what.",
                ),
            ),
            Question(
                id="planning",
                kind=QuestionKind.TABLE,
                label=Text(nl="Planning", en="Planning"),
                columns=(
                    Column(id="activity", label=Text(nl="Activiteit", en="Activity")),
                    Column(id="result", label=Text(nl="Resultaat", en="Result")),
                    Column(
                        id="month",
                        label=Text(nl="Klaar in maand", en="Done in month"),
                        kind=QuestionKind.NUMBER,
                    ),
                ),
                help=Text(
                    nl="Maand 1 is de eerste maand van uw project.",
                    en="Month 1 is the first month of your project.",
                ),
            ),
            *questions,
        ),
    )


def partners_section(*questions: Question) -> Section:
    """Ask lead and partners, who signs and who is the contact, and how they work together."""
    return Section(
        id="partners",
        kind=SectionKind.PARTNERS,
        title=Text(nl="Wie doen er mee?", en="Who takes part?"),
        intro=Text(
            nl="De hoofdaanvrager is een Nederlandse rechtspersoon en ontvangt het geld. Kies bij "
            "elke partner het domein van waaruit die partner meedoet.",
            en="The lead applicant is a Dutch legal person and receives the money. Choose for each "
            "partner the domain from which it takes part.",
        ),
        questions=(
            Question(
                id="signatory",
                kind=QuestionKind.SHORT_TEXT,
                label=Text(
                    nl="Wie is bestuurlijk verantwoordelijk bij de hoofdaanvrager?",
                    en="Who is the authorised signatory of the lead applicant?",
                ),
                help=Text(nl="Naam en functie.", en="Name and position."),
                names_applicant=True,
            ),
            Question(
                id="contact",
                kind=QuestionKind.SHORT_TEXT,
                label=Text(nl="Wie is de projectleider?", en="Who is the project leader?"),
                help=Text(
                    nl="Naam en telefoonnummer. Deze persoon is ons aanspreekpunt.",
                    en="Name and telephone number. This person is our contact.",
                ),
                names_applicant=True,
            ),
            long_text(
                "collaboration",
                Text(nl="Hoe werkt u samen?", en="How do you work together?"),
                300,
                Text(
                    nl="Wat brengt elke partner in, en hoe neemt u besluiten?",
                    en="What does each partner bring, and how do you decide?",
                ),
            ),
            *questions,
        ),
    )


def citizens_question() -> Question:
    """Ask what part citizens have in it."""
    return long_text(
        "citizens",
        Text(
            nl="Hoe doen inwoners, patiënten en mantelzorgers mee?",
            en="How do citizens, patients and informal carers take part?",
        ),
        300,
        Text(
            nl="Vertel ook hoe u mensen bereikt die moeilijk te bereiken zijn.",
            en="Tell also how you reach people who are hard to reach.",
        ),
    )


def region_section() -> Section:
    """Ask the municipalities, and why these."""
    return Section(
        id="region",
        kind=SectionKind.REGION,
        title=Text(nl="Uw regio", en="Your region"),
        intro=Text(
            nl="Kies de gemeenten. Gaat het om een deel van een gemeente? Noem dan de wijken of "
            "buurten en het aantal inwoners.",
            en="Choose the municipalities. Is it about part of a municipality? Then name the "
            "neighbourhoods and the number of inhabitants.",
        ),
        questions=(
            long_text(
                "region_why",
                Text(
                    nl="Waarom is dit de juiste regio voor uw project?",
                    en="Why is this the right region for your project?",
                ),
                200,
            ),
        ),
    )


def budget_section() -> Section:
    """Ask the budget."""
    return Section(
        id="budget",
        kind=SectionKind.BUDGET,
        title=Text(nl="Begroting", en="Budget"),
        intro=Text(
            nl="Vul de kosten in euro's in. Wat u en uw partners zelf betalen, is cofinanciering.",
            en="Enter the costs in euros. What you and your partners pay yourselves is co-financing.",
        ),
        questions=(
            long_text(
                "budget_explained",
                Text(nl="Licht uw begroting toe", en="Explain your budget"),
                200,
            ),
        ),
    )


def attachments_section(*questions: Question) -> Section:
    """Ask letters of support, and the files that the kind asks."""
    return Section(
        id="attachments",
        kind=SectionKind.ATTACHMENTS,
        title=Text(nl="Bijlagen", en="Attachments"),
        intro=Text(
            nl="Voeg alleen toe wat nodig is om uw aanvraag te begrijpen.",
            en="Add only what is needed to understand your application.",
        ),
        questions=(
            *questions,
            attachment(
                "support",
                Text(nl="Steunbrieven van partners", en="Letters of support of partners"),
                names_applicant=True,
            ),
        ),
    )
