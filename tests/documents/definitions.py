"""A definition whose letters say little but use every field, so that the tests own its words."""

from decimal import Decimal

from workflows.codes import Check, Ground
from workflows.definition import (
    AmountClass,
    BudgetRules,
    Criterion,
    LetterKind,
    LetterPhrases,
    Option,
    OutcomePhrases,
    RoundDefinition,
    Rules,
    Section,
    SectionKind,
    Text,
)
from workflows.rules import Distribution


def said(nl: str) -> Text:
    return Text(nl=nl, en=f"English of {nl}")


DECISIONS = {
    LetterKind.AWARD: "Wij verlenen {applicant} {amount} ({amount_in_words}) van {starts_on} tot {ends_on}.",
    LetterKind.PARTIAL: "Wij verlenen {amount} van de {requested}.",
    LetterKind.REJECT: "Wij wijzen aanvraag {reference} voor {title} in {region} af.",
    LetterKind.RESERVE: "Plaats {place}, tot en met {list_until}.",
    LetterKind.NOT_PROCESSED: "Wij vroegen op {asked_on} om een aanvulling tot {supplement_until}.",
}
GROUNDS = {
    Ground.CRITERION: "Voor {criterion} is de score {score}; nodig is {threshold}.",
    Ground.BELOW_THRESHOLD: "Uw score is {total}; nodig is {threshold_total}.",
    Ground.TOO_FEW_REVIEWS: "Er zijn {reviews} van de {reviews_needed} beoordelingen.",
    Ground.CEILING: "Het plafond van {ceiling} is bereikt.",
}


def definition() -> RoundDefinition:
    return RoundDefinition(
        kind="proef",
        title=said("Proefregeling"),
        purpose=said("Doel"),
        for_whom=said("Wie"),
        legal_basis=("Subsidieregeling proef",),
        rules=Rules(
            distribution=Distribution.TENDER,
            criteria=(
                Criterion(
                    id="kwaliteit",
                    title="Kwaliteit",
                    weight=Decimal(60),
                    best=Decimal(5),
                    worst=Decimal(1),
                    threshold=Decimal(3),
                ),
                Criterion(id="bereik", title="Bereik", weight=Decimal(30), best=Decimal(1), worst=Decimal(4)),
            ),
            threshold_total=Decimal(50),
        ),
        sections=(Section(id="project", kind=SectionKind.PROJECT, title=said("Project")),),
        budget=BudgetRules(cost_categories=(Option(value="uren", label=said("Uren")),)),
        letters=LetterPhrases(
            scheme=said("Regeling"),
            salutation=said("Geachte aanvrager,"),
            outcomes={
                kind: OutcomePhrases(
                    subject=said(f"Onderwerp {kind.value} {{round}}"),
                    decision=(said(text),),
                    legal_basis=(said(f"Artikel over {kind.value}"), said("Algemeen artikel")),
                )
                for kind, text in DECISIONS.items()
            },
            legal_basis=(said("Algemeen artikel"),),
            procedure=(said("Procedure van {round}."),),
            advice=(said("De commissie las de rapporten over {title}."),),
            scores=said("De scores:"),
            grounds={ground: said(GROUNDS.get(ground, f"Grond {ground.value}.")) for ground in Ground},
            findings={check: said(f"Eis {check.value}.") for check in Check},
            amount_classes=(
                AmountClass(
                    from_cents=0, obligations=(said("Klein: u meldt."),), payment=(said("In een keer."),)
                ),
                AmountClass(
                    from_cents=2_500_000,
                    obligations=(said("Groot: u verantwoordt."),),
                    payment=(said("In delen, binnen {payment_weeks} weken."),),
                ),
            ),
            remedy=(said("Bezwaar tot en met {objection_until}, {objection_weeks} weken."),),
            closing=said("Vragen? Bel ons."),
            signature=said("Met vriendelijke groet,"),
        ),
    )
