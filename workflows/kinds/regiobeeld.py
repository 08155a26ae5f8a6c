"""Regiobeeld: a shared picture of the region.

Known: at most 10,000 euros (it was a voucher). Every other number is a demo value.
"""

from decimal import Decimal

from workflows.definition import RoundDefinition, Terms
from workflows.programme.criteria import (
    REVIEWING,
    REVIEWS_BY_AMOUNT,
    feasibility,
    participation,
    quality,
    relevance,
)
from workflows.programme.form import (
    BUDGET,
    THEMES,
    attachments_section,
    budget_section,
    citizens_question,
    long_text,
    partners_section,
    plan_section,
    project_section,
    region_section,
)
from workflows.programme.letters import LEGAL_BASIS, letter_phrases
from workflows.rules import Distribution, Domain, Rules
from workflows.values import Text

RULES = Rules(
    distribution=Distribution.TENDER,
    min_domains=3,
    required_domains=(Domain.GEMEENTE, Domain.ZORGAANBIEDER),
    max_amount_cents=1_000_000,
    max_months=6,
    reviews_by_amount=REVIEWS_BY_AMOUNT,
    criteria=(
        relevance(
            40,
            Text(
                nl="Kijk of het regiobeeld laat zien wat nu en straks nodig is aan gezondheid en "
                "zorg, en of de regio het gaat gebruiken om keuzes te maken.",
                en="Look whether the picture will show what health and care need now and later, "
                "and whether the region will use it to choose.",
            ),
        ),
        quality(30, threshold=3),
        participation(15),
        feasibility(15),
    ),
    threshold_total=Decimal(50),
    partial_award=True,
    min_partial_cents=250_000,
    tie_break=("relevantie", "submitted_at"),
)

DEFINITION = RoundDefinition(
    kind="regiobeeld",
    title=Text(nl="Regiobeeld", en="Regional picture"),
    purpose=Text(
        nl="Met deze subsidie maakt u samen een beeld van uw regio: hoe gezond mensen zijn, welke "
        "zorg en ondersteuning er is, wat er nodig is en waar dat niet op elkaar past.",
        en="With this subsidy you draw a picture of your region together: how healthy people are, "
        "which care and support there is, what is needed and where the two do not match.",
    ),
    for_whom=Text(
        nl="Samenwerkingen van ten minste drie domeinen, met in elk geval een gemeente en een zorgaanbieder.",
        en="Collaborations of at least three domains, with a municipality and a care provider in any case.",
    ),
    legal_basis=LEGAL_BASIS,
    rules=RULES,
    sections=(
        project_section(
            long_text(
                "use",
                Text(
                    nl="Wat gaat u doen met het regiobeeld als het klaar is?",
                    en="What will you do with the picture when it is ready?",
                ),
                200,
            )
        ),
        plan_section(
            long_text(
                "sources",
                Text(
                    nl="Welke gegevens gebruikt u, en hoe vergelijkt u met de rest van het land?",
                    en="Which data will you use, and how will you compare with the country?",
                ),
                300,
            ),
            citizens_question(),
        ),
        partners_section(),
        region_section(),
        budget_section(),
        attachments_section(),
    ),
    themes=THEMES,
    budget=BUDGET,
    terms=Terms(decision_weeks=13),
    letters=letter_phrases(
        Text(
            nl="De subsidie is voor het maken van een regiobeeld van {region}.",
            en="The subsidy is for drawing a regional picture of {region}.",
        ),
        Text(
            nl="U maakt het regiobeeld openbaar, zodat anderen het kunnen gebruiken.",
            en="You publish the regional picture, so that others can use it.",
        ),
        with_panel=False,
    ),
    asks_state_aid=True,
    uses_referents=True,
    uses_rebuttal=False,
    uses_panel=False,
    reviewing=REVIEWING,
    default_ceiling_cents=100_000_000,
    default_months=6,
)
