"""A definition for a kind that has no file: enough to apply, assess, decide and write letters."""

from workflows.definition import RoundDefinition
from workflows.programme.form import (
    BUDGET,
    attachments_section,
    budget_section,
    partners_section,
    plan_section,
    project_section,
    region_section,
)
from workflows.programme.letters import LEGAL_BASIS, letter_phrases
from workflows.rules import Rules
from workflows.values import Text


def minimal_definition(kind: str, rules: Rules) -> RoundDefinition:
    """Give the plainest definition for a kind that only a round file names."""
    return RoundDefinition(
        kind=kind,
        title=Text(nl=kind.capitalize(), en=kind.capitalize()),
        purpose=Text(
            nl="Subsidie voor regionale samenwerking, volgens de regels van deze ronde.",
            en="A subsidy for regional collaboration, by the rules of this round.",
        ),
        for_whom=Text(nl="Samenwerkingsverbanden in een regio.", en="Collaborations in a region."),
        legal_basis=LEGAL_BASIS,
        rules=rules,
        sections=(
            project_section(),
            plan_section(),
            partners_section(),
            region_section(),
            budget_section(),
            attachments_section(),
        ),
        budget=BUDGET,
        letters=letter_phrases(
            Text(
                nl="De subsidie is voor uw project {title}.",
                en="The subsidy is for your project {title}.",
            ),
            with_panel=True,
        ),
        default_months=rules.max_months or 12,
    )
