"""Actieplan: make or carry out a regional action plan.

Known: it follows an earlier subsidy, and citizens must take part. Amounts, months, weights,
thresholds and the share of co-financing are demo values.
"""

from decimal import Decimal

from workflows.definition import Option, Question, QuestionKind, RoundDefinition, Terms
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
    max_amount_cents=10_000_000,
    max_months=24,
    predecessor_kinds=("netwerk", "doorontwikkeling"),
    reviews_by_amount=REVIEWS_BY_AMOUNT,
    criteria=(
        relevance(
            30,
            Text(
                nl="Kijk of de acties de opgave van de regio aanpakken en voortbouwen op wat met "
                "de eerdere subsidie is bereikt.",
                en="Look whether the actions take up the task of the region and build on what the "
                "earlier subsidy achieved.",
            ),
        ),
        quality(30, threshold=3),
        participation(15),
        feasibility(25),
    ),
    threshold_total=Decimal(60),
    partial_award=True,
    min_partial_cents=2_500_000,
    tie_break=("relevantie", "kwaliteit", "submitted_at"),
)

DEFINITION = RoundDefinition(
    kind="actieplan",
    title=Text(nl="Actieplan", en="Action plan"),
    purpose=Text(
        nl="Met deze subsidie maakt u een actieplan voor uw regio, of voert u dat uit: zorg "
        "voorkomen, verplaatsen en vervangen.",
        en="With this subsidy you make an action plan for your region, or carry it out: "
        "preventing, moving and replacing care.",
    ),
    for_whom=Text(
        nl="Samenwerkingen van ten minste vier domeinen, met inwoners als partner, die eerder "
        "subsidie kregen voor een netwerk of voor doorontwikkeling.",
        en="Collaborations of at least four domains, with citizens as a partner, that got an "
        "earlier subsidy for a network or for further development.",
    ),
    legal_basis=LEGAL_BASIS,
    rules=RULES,
    sections=(
        project_section(
            Question(
                id="stage",
                kind=QuestionKind.CHOICE,
                label=Text(nl="Waarvoor vraagt u subsidie?", en="What do you ask a subsidy for?"),
                options=(
                    Option(
                        value="maken",
                        label=Text(nl="Een actieplan maken", en="Making an action plan"),
                    ),
                    Option(
                        value="uitvoeren",
                        label=Text(nl="Een actieplan uitvoeren", en="Carrying out an action plan"),
                    ),
                ),
            ),
            long_text(
                "builds_on",
                Text(
                    nl="Hoe bouwt dit voort op uw eerdere subsidie?",
                    en="How does this build on your earlier subsidy?",
                ),
                250,
            ),
        ),
        plan_section(
            citizens_question(),
            long_text(
                "effects",
                Text(
                    nl="Welke zorg wordt voorkomen, verplaatst of vervangen, en hoe meet u dat?",
                    en="Which care is prevented, moved or replaced, and how do you measure that?",
                ),
                300,
            ),
            long_text(
                "risks",
                Text(
                    nl="Wat kan er misgaan, en wat doet u dan?",
                    en="What can go wrong, and what will you do then?",
                ),
                200,
            ),
            long_text(
                "continuation",
                Text(
                    nl="Hoe gaan de acties door als de subsidie stopt?",
                    en="How will the actions go on when the subsidy ends?",
                ),
                250,
            ),
        ),
        partners_section(),
        region_section(),
        budget_section(),
        attachments_section(
            attachment(
                "action_plan",
                Text(nl="Het actieplan, als het er al is", en="The action plan, if there is one"),
            )
        ),
    ),
    themes=THEMES,
    budget=BUDGET_OF_PARTNERS.model_copy(update={"min_cofinancing_percent": Decimal(20)}),
    terms=Terms(decision_weeks=22),
    letters=letter_phrases(
        Text(
            nl="De subsidie is voor het regionale actieplan van {region}.",
            en="The subsidy is for the regional action plan of {region}.",
        ),
        Text(
            nl="Inwoners doen mee zoals in uw aanvraag staat.",
            en="Citizens take part as your application says.",
        ),
        Text(
            nl="U meet de effecten zoals in uw aanvraag staat en maakt de uitkomsten openbaar.",
            en="You measure the effects as your application says, and publish the outcomes.",
        ),
        with_panel=True,
    ),
    asks_state_aid=True,
    signatures_required=True,
    asks_other_money=True,
    uses_rebuttal=True,
    reviewing=REVIEWING,
    default_ceiling_cents=100_000_000,
    default_months=24,
)
