"""The four criteria of the programme, each scored from 1 (worst) to 5 (best), and how reviews are made.

Anchors are given at 1, 3 and 5; 2 and 4 lie between. Weights, thresholds and the number of words are demo
values.
"""

from decimal import Decimal

from workflows.reviewing import ReviewRules
from workflows.rules import Anchor, Criterion, ReviewTier
from workflows.values import Text

REVIEWS_BY_AMOUNT = (
    ReviewTier(from_cents=0, reviews=1),
    ReviewTier(from_cents=2_500_000, reviews=2),
)
"""One counted review, and two from 25,000 euros on (demo values)."""

REVIEWING = ReviewRules(motivation_min_words=20, matrix=("relevantie", "kwaliteit"))
"""A motivation of a sentence or two, and relevance against quality for the committee."""

WORST, MIDDLE, BEST = Decimal(1), Decimal(3), Decimal(5)


def relevance(weight: int, guidance: Text) -> Criterion:
    """Score goal, task of the region, and preventing, moving or replacing care; guided per kind."""
    return Criterion(
        id="relevantie",
        title="Relevantie",
        title_en="Relevance",
        weight=Decimal(weight),
        best=BEST,
        worst=WORST,
        guidance=guidance,
        lay_guidance=Text(
            nl="Kijk of u het probleem herkent. Hebben mensen in deze regio er iets aan als dit plan lukt?",
            en="Look whether you recognise the problem. Will people in this region gain by it if this plan "
            "works?",
        ),
        anchors=_anchors(
            Text(
                nl="Het doel is onduidelijk of past niet bij de opgave van de regio.",
                en="The goal is unclear or does not fit the task of the region.",
            ),
            Text(
                nl="Het doel past bij de opgave van de regio. Hoe zorg wordt voorkomen, verplaatst "
                "of vervangen, is deels uitgewerkt.",
                en="The goal fits the task of the region. How care is prevented, moved or replaced "
                "is worked out in part.",
            ),
            Text(
                nl="Het doel volgt uit de opgave van de regio en is onderbouwd met cijfers. Het is "
                "duidelijk hoe zorg wordt voorkomen, verplaatst of vervangen.",
                en="The goal follows from the task of the region and rests on figures. It is clear "
                "how care is prevented, moved or replaced.",
            ),
        ),
    )


def quality(weight: int, threshold: int | None = None) -> Criterion:
    """Score the plan, and the collaboration across domains."""
    return Criterion(
        id="kwaliteit",
        title="Kwaliteit",
        title_en="Quality",
        weight=Decimal(weight),
        best=BEST,
        worst=WORST,
        guidance=Text(
            nl="Kijk naar de aanpak en naar de samenwerking: doen de partijen mee die nodig zijn, "
            "en hebben zij een eigen taak?",
            en="Look at the approach and the collaboration: do the parties that are needed take "
            "part, and has each a task of its own?",
        ),
        lay_guidance=Text(
            nl="Kijk of u kunt volgen wat er gaat gebeuren en wie dat doet. Mist u een partij die u in "
            "uw eigen leven vaak nodig had?",
            en="Look whether you can follow what will happen and who does it. Do you miss a party that "
            "you often needed in your own life?",
        ),
        anchors=_anchors(
            Text(
                nl="De aanpak is vaag. De samenwerking bestaat vooral op papier.",
                en="The approach is vague. The collaboration exists mostly on paper.",
            ),
            Text(
                nl="De aanpak is te volgen. De belangrijkste domeinen doen mee, maar niet overal "
                "zijn taken verdeeld.",
                en="The approach can be followed. The main domains take part, but tasks are not "
                "divided everywhere.",
            ),
            Text(
                nl="De aanpak is stap voor stap uitgewerkt en leidt tot het doel. Alle domeinen "
                "die nodig zijn, doen mee met een eigen taak.",
                en="The approach is worked out step by step and leads to the goal. All domains "
                "that are needed take part with a task of their own.",
            ),
        ),
        threshold=None if threshold is None else Decimal(threshold),
    )


def participation(weight: int) -> Criterion:
    """Score the part that citizens, patients and informal carers have in it."""
    return Criterion(
        id="participatie",
        title="Participatie van inwoners",
        title_en="Participation of citizens",
        weight=Decimal(weight),
        best=BEST,
        worst=WORST,
        guidance=Text(
            nl="Kijk of inwoners, patiënten en mantelzorgers meedenken en meebeslissen, ook wie "
            "moeilijk te bereiken is.",
            en="Look whether citizens, patients and informal carers think along and decide along, "
            "also those who are hard to reach.",
        ),
        lay_guidance=Text(
            nl="Zou u zelf mee willen doen op deze manier? Kijk of inwoners echt iets te zeggen hebben, "
            "en of er ook aan uzelf en aan mensen in uw omgeving is gedacht.",
            en="Would you take part in this way yourself? Look whether citizens really have a say, and "
            "whether you and people around you were thought of.",
        ),
        anchors=_anchors(
            Text(
                nl="Inwoners worden niet of alleen achteraf betrokken.",
                en="Citizens are not involved, or only afterwards.",
            ),
            Text(
                nl="Inwoners denken mee op vaste momenten. Hun invloed is beperkt.",
                en="Citizens think along at set moments. Their influence is limited.",
            ),
            Text(
                nl="Inwoners zijn partner vanaf het begin en beslissen mee. Er is tijd en geld "
                "voor, ook voor mensen die moeilijk te bereiken zijn.",
                en="Citizens are partners from the start and decide along. There is time and money "
                "for it, also for people who are hard to reach.",
            ),
        ),
    )


def feasibility(weight: int) -> Criterion:
    """Score planning, budget, and what happens after the subsidy."""
    return Criterion(
        id="haalbaarheid",
        title="Haalbaarheid",
        title_en="Feasibility",
        weight=Decimal(weight),
        best=BEST,
        worst=WORST,
        guidance=Text(
            nl="Kijk naar planning, begroting en risico's, en naar wat er gebeurt als de subsidie stopt.",
            en="Look at planning, budget and risks, and at what happens when the subsidy ends.",
        ),
        lay_guidance=Text(
            nl="U hoeft de begroting niet na te rekenen. Kijk of het plan past in de tijd, en of u gelooft "
            "dat het doorgaat als de subsidie stopt.",
            en="You do not have to check the sums. Look whether the plan fits in the time, and whether you "
            "believe that it goes on when the subsidy ends.",
        ),
        anchors=_anchors(
            Text(
                nl="Planning of begroting past niet bij het plan.",
                en="Planning or budget does not fit the plan.",
            ),
            Text(
                nl="Planning en begroting zijn redelijk. Risico's of het vervolg zijn kort beschreven.",
                en="Planning and budget are reasonable. Risks or the continuation are described briefly.",
            ),
            Text(
                nl="Planning en begroting zijn realistisch en onderbouwd. Risico's zijn bekend en "
                "het vervolg is geregeld.",
                en="Planning and budget are realistic and explained. Risks are known and the "
                "continuation is arranged.",
            ),
        ),
    )


def _anchors(worst: Text, middle: Text, best: Text) -> tuple[Anchor, ...]:
    return (
        Anchor(score=WORST, text=worst),
        Anchor(score=MIDDLE, text=middle),
        Anchor(score=BEST, text=best),
    )
