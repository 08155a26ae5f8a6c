"""Netwerk: set up a regional network. For collaborations that are just starting.

Known: citizens must take part. Amounts, months, weights and thresholds are demo values.
"""

from decimal import Decimal

from workflows.definition import Condition, Question, QuestionKind, RoundDefinition, Terms
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
    required_domains=(Domain.BURGERS,),
    max_amount_cents=5_000_000,
    max_months=12,
    reviews_by_amount=REVIEWS_BY_AMOUNT,
    criteria=(
        relevance(
            30,
            Text(
                nl="Kijk of de regio een gezamenlijke opgave heeft waarvoor dit netwerk nodig is.",
                en="Look whether the region has a shared task that needs this network.",
            ),
        ),
        quality(30, threshold=3),
        participation(20),
        feasibility(20),
    ),
    threshold_total=Decimal(50),
    partial_award=True,
    min_partial_cents=1_000_000,
    tie_break=("relevantie", "kwaliteit", "submitted_at"),
)

DEFINITION = RoundDefinition(
    kind="netwerk",
    title=Text(nl="Netwerk", en="Network"),
    purpose=Text(
        nl="Met deze subsidie zet u een netwerk in uw regio op: u brengt partijen bij elkaar, "
        "spreekt af waar u samen aan werkt en hoe u besluiten neemt.",
        en="With this subsidy you set up a network in your region: you bring parties together and "
        "agree on what you work on together and how you decide.",
    ),
    for_whom=Text(
        nl="Samenwerkingen die net beginnen, van ten minste drie domeinen, met inwoners als partner.",
        en="Collaborations that are just starting, of at least three domains, with citizens as a partner.",
    ),
    legal_basis=LEGAL_BASIS,
    rules=RULES,
    sections=(
        project_section(
            Question(
                id="worked_together",
                kind=QuestionKind.YES_NO,
                label=Text(
                    nl="Werkten deze partijen al eerder samen?",
                    en="Have these parties worked together before?",
                ),
            ),
            long_text(
                "worked_together_on",
                Text(nl="Waaraan, en wat leverde dat op?", en="On what, and what came of it?"),
                150,
                when=Condition(question="worked_together", equals=True),
            ),
        ),
        plan_section(
            citizens_question(),
            long_text(
                "continuation",
                Text(
                    nl="Hoe blijft het netwerk bestaan als de subsidie stopt?",
                    en="How will the network go on when the subsidy ends?",
                ),
                200,
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
            nl="De subsidie is voor het opzetten van een netwerk in {region}.",
            en="The subsidy is for setting up a network in {region}.",
        ),
        Text(
            nl="Inwoners doen mee zoals in uw aanvraag staat.",
            en="Citizens take part as your application says.",
        ),
        with_panel=True,
    ),
    asks_state_aid=True,
    signatures_required=True,
    asks_other_money=True,
    uses_rebuttal=True,
    reviewing=REVIEWING,
    default_ceiling_cents=150_000_000,
    default_months=12,
)
