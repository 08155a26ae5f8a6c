"""The reports of a rebuttal in words, for the applicant and for the office."""

from collections.abc import Iterable
from dataclasses import dataclass

from subsidy.services.rebuttals import Report
from subsidy.wording.rebuttal import scale_words, score_words
from subsidy.wording.values import text
from workflows.definition import RoundDefinition


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What a report says on one criterion, in words. `original` is for the office alone."""

    review_id: int
    criterion: str
    title: str
    scale: str
    score: str
    motivation: str
    original: str | None


@dataclass(frozen=True, slots=True)
class Spoken:
    """A report in words, without a name."""

    number: int
    paragraphs: tuple[Paragraph, ...]


def in_words(reports: Iterable[Report], definition: RoundDefinition) -> tuple[Spoken, ...]:
    """Give the reports in the language of the page."""
    criteria = {one.id: one for one in definition.rules.criteria}
    spoken = []
    for report in reports:
        paragraphs = []
        for part in report.parts:
            criterion = criteria.get(part.criterion)
            paragraphs.append(
                Paragraph(
                    review_id=report.review_id,
                    criterion=part.criterion,
                    title=part.criterion if criterion is None else text(criterion.label),
                    scale="" if criterion is None else scale_words(criterion),
                    score=score_words(part.score, criterion),
                    motivation=part.motivation,
                    original=part.original,
                )
            )
        spoken.append(Spoken(report.number, tuple(paragraphs)))
    return tuple(spoken)
