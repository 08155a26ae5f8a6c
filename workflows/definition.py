"""A kind of round as one value: what is asked, by which rules, on which terms, in which words.

A round stores the whole RoundDefinition as JSON when it is published and from then on follows that
alone: `RoundDefinition.model_validate(stored)` and `definition.model_dump(mode="json")`, in which
decimals are strings. Questions, Rules, Criterion and LetterPhrases live in files of their own and can
be imported from here.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Self

from pydantic import Field, model_validator

from workflows.phrases import AmountClass, LetterKind, LetterPhrases, OutcomePhrases
from workflows.questions import (
    OWN_ANSWER,
    REGIOBEELD_FILE,
    Column,
    Condition,
    FileKind,
    Option,
    Question,
    QuestionKind,
    Section,
    SectionKind,
    repeated,
)
from workflows.reviewing import ReviewRules
from workflows.rules import Anchor, Criterion, Rules
from workflows.values import (
    Cents,
    Count,
    Fault,
    Model,
    NonBlank,
    Number,
    Ordinal,
    Slug,
    Text,
    refuse,
)

__all__ = [
    "OWN_ANSWER",
    "REGIOBEELD_FILE",
    "AmountClass",
    "Anchor",
    "BudgetRules",
    "Column",
    "Condition",
    "Criterion",
    "FileKind",
    "LetterKind",
    "LetterPhrases",
    "Option",
    "OutcomePhrases",
    "Question",
    "QuestionKind",
    "ReviewRules",
    "RoundDefinition",
    "Rules",
    "Section",
    "SectionKind",
    "Terms",
    "Text",
]


class BudgetRules(Model):
    """What the budget section asks.

    `by_partner` and `by_year` ask who makes a cost and in which year of the project. At least
    `min_cofinancing_percent` of the costs is paid by the collaboration or by others. `sources` are the
    parties that may pay along; without them one is described in words.
    """

    cost_categories: Annotated[tuple[Option, ...], Field(min_length=1)]
    own_contribution: bool = True
    by_partner: bool = False
    by_year: bool = False
    min_cofinancing_percent: Annotated[Number, Field(ge=0, le=100)] | None = None
    sources: tuple[Option, ...] = ()


class Terms(Model):
    """Legal and procedural terms of the round; the unit is in the name.

    Supplement: Awb 4:5(1), and its decision within four weeks 4:5(4). Decision: the scheme's own
    term (uniform framework: 13 weeks, 22 with external advice). Objection: 6:7. Payment: 4:87. Hearing
    before a decision against the applicant's own data: 4:7. Reserve list: how long a place can still lead to
    an award.
    """

    supplement_days: Ordinal = 14
    supplement_decision_weeks: Ordinal = 4
    rebuttal_days: Ordinal = 10
    rebuttal_max_words: Ordinal = 500
    hearing_days: Ordinal = 14
    reserve_months: Ordinal = 6
    decision_weeks: Ordinal = 13
    objection_weeks: Ordinal = 6
    payment_weeks: Ordinal = 6
    final_report_weeks: Ordinal = 13


class RoundDefinition(Model):
    """Everything that a round needs to know about its kind.

    `signatures_required`: every partner confirms that it takes part; a missing confirmation is told and
    never blocks sending in. `asks_state_aid`: earlier de-minimis and SGEI aid is declared.
    `asks_other_money`: other public money for the same activities is declared.
    """

    version: Ordinal = 1
    kind: Slug
    title: Text
    purpose: Text
    for_whom: Text
    legal_basis: Annotated[tuple[NonBlank, ...], Field(min_length=1)]
    rules: Rules
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]
    themes: tuple[Option, ...] = ()
    budget: BudgetRules
    terms: Terms = Terms()
    letters: LetterPhrases
    signatures_required: bool = False
    asks_state_aid: bool = False
    asks_other_money: bool = False
    uses_referents: bool = True
    uses_rebuttal: bool = True
    uses_panel: bool = True
    reviewing: ReviewRules = ReviewRules()
    default_ceiling_cents: Cents = 0
    default_months: Count = 12

    @property
    def questions(self) -> Iterator[Question]:
        """Every question, in the order of the form."""
        return (question for section in self.sections for question in section.questions)

    @property
    def holds_rebuttal(self) -> bool:
        """Whether applicants answer the reports: only where reviewers write them on criteria."""
        return self.uses_rebuttal and self.uses_referents and bool(self.rules.criteria)

    def asked(self, answers: Mapping[str, object]) -> frozenset[str]:
        """Tell which questions are asked, by id, after these answers.

        A question that waits for the answer to one that is not asked, is not asked either.
        """
        found: set[str] = set()
        for question in self.questions:
            when = question.when
            if when is None or (when.question in found and when.met(answers)):
                found.add(question.id)
        return frozenset(found)

    def hidden_from_reviewers(self) -> frozenset[str]:
        """Tell which questions reviewers do not get: none, unless the round hides who applies."""
        if not self.reviewing.hide_applicants:
            return frozenset()
        return frozenset(
            question.id
            for question in self.questions
            if question.names_applicant or question.kind is QuestionKind.ORGANISATION
        )

    def with_rules(self, rules: Rules) -> "RoundDefinition":
        """Give this definition with other rules.

        A criterion keeps the words of its namesake here where it has none of its own and the
        scale is the same: a round file carries scores and weights, not the words around them.
        """
        criteria = tuple(_with_words_of(self.rules.criterion(new.id), new) for new in rules.criteria)
        matrix = self.reviewing.matrix
        if matrix and any(rules.criterion(name) is None for name in matrix):
            matrix = None
        return self.model_copy(
            update={
                "rules": rules.model_copy(update={"criteria": criteria}),
                "reviewing": self.reviewing.model_copy(update={"matrix": matrix}),
            }
        )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        faults = repeated("sections", "id", [section.id for section in self.sections])
        faults += repeated("themes", "value", [theme.value for theme in self.themes])
        asked: set[str] = set()
        for at, section in enumerate(self.sections):
            for index, question in enumerate(section.questions):
                place = ("sections", at, "questions", index)
                if question.id in asked:
                    faults.append(Fault((*place, "id"), "id_repeated", "is used earlier"))
                if question.id.startswith(OWN_ANSWER):
                    faults.append(Fault((*place, "id"), "id_reserved", f"begins with {OWN_ANSWER}"))
                if question.when and question.when.question not in asked:
                    faults.append(Fault((*place, "when"), "condition_unknown", "names no earlier question"))
                asked.add(question.id)
        faults += [
            Fault(("reviewing", "matrix", index), "criterion_unknown", "names no criterion")
            for index, name in enumerate(self.reviewing.matrix or ())
            if self.rules.criterion(name) is None
        ]
        refuse("RoundDefinition", faults)
        return self


def _with_words_of(old: Criterion | None, new: Criterion) -> Criterion:
    if old is None or (old.best, old.worst) != (new.best, new.worst):
        return new
    return new.model_copy(
        update={
            "guidance": new.guidance or old.guidance,
            "lay_guidance": new.lay_guidance or old.lay_guidance,
            "anchors": new.anchors or old.anchors,
            "title_en": new.title_en or (old.title_en if old.title == new.title else None),
        }
    )
