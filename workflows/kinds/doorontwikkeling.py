"""Doorontwikkeling: develop and consolidate an existing collaboration.

Known: citizens must take part and a regiobeeld must be available, whoever made it. Amounts,
months, weights and thresholds are demo values.
"""

from decimal import Decimal

from workflows.definition import REGIOBEELD_FILE, RoundDefinition, Terms
from workflows.programme.criteria import (
    REVIEWING,
    REVIEWS_BY_AMOUNT,
    feasibility,
    participation,
    quality,
    relevance,
)
from workflows.programme.form import (
    BUDGET_OF_PARTNERS,
    THEMES,
    attachment,
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
    min_domains=4,
    required_domains=(Domain.BURGERS,),
    max_amount_cents=7_500_000,
    max_months=24,
    regiobeeld_required=True,
    reviews_by_amount=REVIEWS_BY_AMOUNT,
    criteria=(
        relevance(
            30,
            Text(
                nl="Kijk of het plan volgt uit het regiobeeld, en of het medisch en het sociaal "
                "domein samen werken aan preventie.",
                en="Look whether the plan follows from the regional picture, and whether the "
                "medical and social domains work on prevention together.",
            ),
        ),
        quality(30, threshold=3),
        participation(20),
        feasibility(20),
    ),
    threshold_total=Decimal(55),
    partial_award=True,
    min_partial_cents=2_500_000,
    tie_break=("relevantie", "kwaliteit", "submitted_at"),
)

DEFINITION = RoundDefinition(
    kind="doorontwikkeling",
    title=Text(nl="Doorontwikkeling", en="Further development"),
    purpose=Text(
        nl="Met deze subsidie maakt u een bestaande samenwerking sterker en blijvend: over de "
        "grenzen van domeinen heen, met aandacht voor preventie en digitale zorg.",
        en="With this subsidy you make an existing collaboration stronger and lasting: across the "
        "borders of domains, with attention for prevention and digital care.",
    ),
    for_whom=Text(
        nl="Bestaande samenwerkingen van ten minste vier domeinen, met inwoners als partner, in "
        "een regio waarvan een regiobeeld beschikbaar is.",
        en="Existing collaborations of at least four domains, with citizens as a partner, in a "
        "region of which a regional picture is available.",
    ),
    legal_basis=LEGAL_BASIS,
    rules=RULES,
    sections=(
        project_section(
            long_text(
                "from_regiobeeld",
                Text(
                    nl="Welke conclusies uit het regiobeeld pakt u aan?",
                    en="Which conclusions of the regional picture do you take up?",
                ),
                250,
            ),
            long_text(
                "so_far",
                Text(
                    nl="Wat heeft uw samenwerking tot nu toe bereikt?",
                    en="What has your collaboration achieved so far?",
                ),
                250,
            ),
            attachment(
                REGIOBEELD_FILE,
                Text(nl="Het regiobeeld als bestand", en="The regional picture as a file"),
            ),
        ),
        plan_section(
            citizens_question(),
            long_text(
                "lessons",
                Text(
                    nl="Hoe leert u onderweg, en hoe deelt u wat u leert?",
                    en="How do you learn along the way, and how do you share what you learn?",
                ),
                200,
            ),
            long_text(
                "continuation",
                Text(
                    nl="Hoe betaalt en regelt u de samenwerking na de subsidie?",
                    en="How will you pay for and arrange the collaboration after the subsidy?",
                ),
                250,
            ),
        ),
        partners_section(),
        region_section(),
        budget_section(),
        attachments_section(),
    ),
    themes=THEMES,
    budget=BUDGET_OF_PARTNERS,
    terms=Terms(decision_weeks=22),
    letters=letter_phrases(
        Text(
            nl="De subsidie is voor het verder ontwikkelen van de samenwerking in {region}.",
            en="The subsidy is for developing the collaboration in {region} further.",
        ),
        Text(
            nl="Inwoners doen mee zoals in uw aanvraag staat.",
            en="Citizens take part as your application says.",
        ),
        Text(
            nl="Aan het einde laat u zien hoe de samenwerking doorgaat.",
            en="At the end you show how the collaboration goes on.",
        ),
        with_panel=True,
    ),
    asks_state_aid=True,
    signatures_required=True,
    asks_other_money=True,
    uses_rebuttal=True,
    reviewing=REVIEWING,
    default_ceiling_cents=200_000_000,
    default_months=24,
)
