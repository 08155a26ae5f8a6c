"""What is still missing in an application, and how far each section is.

Missing is not wrong: it warns and is listed, because a finding never blocks submission. Only what a round
file and the database cannot do without (`blocking`) has to be there before an application can be sent.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from pydantic import JsonValue

from subsidy.models import Application
from subsidy.services.entries import (
    COST,
    BudgetEntry,
    Entry,
    ParticipantEntry,
    PartnersEntry,
    ProjectEntry,
    RegionEntry,
    stored_entry,
)
from workflows.definition import Question, QuestionKind, RoundDefinition, Section, SectionKind


class Status(StrEnum):
    """How far a section is; OPTIONAL is one that asks nothing that is needed, and has nothing."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    COMPLETE = "complete"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True)
class Missing:
    """Something needed that is not there: a code of what the section asks by itself, or a question."""

    section: Section
    code: str
    question: Question | None = None
    blocking: bool = False


@dataclass(frozen=True, slots=True)
class SectionProgress:
    """A section with its status and what is missing in it."""

    section: Section
    status: Status
    missing: tuple[Missing, ...]


EMPTY = {
    SectionKind.PROJECT: Entry(ProjectEntry()),
    SectionKind.PARTNERS: Entry(PartnersEntry()),
    SectionKind.REGION: Entry(RegionEntry()),
    SectionKind.BUDGET: Entry(BudgetEntry()),
}


def progress(application: Application, definition: RoundDefinition) -> tuple[SectionProgress, ...]:
    """Give every section of the form with its status, in order."""
    return tuple(_progress(application, definition, section) for section in definition.sections)


def missing(application: Application, definition: RoundDefinition) -> tuple[Missing, ...]:
    """Give all that is missing, in the order of the form."""
    return tuple(one for section in progress(application, definition) for one in section.missing)


def asked(question: Question, answers: Mapping[str, JsonValue]) -> bool:
    """Whether the answers given so far make this question one to answer."""
    return question.when is None or question.when.met(dict(answers))


def _progress(application: Application, definition: RoundDefinition, section: Section) -> SectionProgress:
    entry = stored_entry(application, section)
    lacking = (
        *_own_missing(entry, definition, section),
        *_unanswered(application, section),
    )
    files = {question.id for question in section.questions if question.kind is QuestionKind.FILE}
    begun = entry != EMPTY.get(section.kind, Entry()) or any(
        one.question in files for one in application.attachments
    )
    if lacking:
        status = Status.IN_PROGRESS if begun else Status.NOT_STARTED
    else:
        status = Status.COMPLETE if begun else Status.OPTIONAL
    return SectionProgress(section, status, lacking)


def _unanswered(application: Application, section: Section) -> Iterator[Missing]:
    with_files = {attachment.question for attachment in application.attachments}
    for question in section.questions:
        if not question.required or not asked(question, application.answers):
            continue
        there = question.id in (with_files if question.kind is QuestionKind.FILE else application.answers)
        if not there:
            yield Missing(section, question.id, question)


def _own_missing(entry: Entry, definition: RoundDefinition, section: Section) -> Iterator[Missing]:
    match entry.own:
        case ProjectEntry() as project:
            yield from _project_missing(project, definition, section)
        case PartnersEntry(lead=None):
            yield Missing(section, "lead", blocking=True)
        case PartnersEntry(lead=ParticipantEntry(kvk=None)):
            yield Missing(section, "lead_kvk")
        case RegionEntry() as region:
            yield from _region_missing(region, section)
        case BudgetEntry() as budget:
            yield from _budget_missing(budget, section)
        case _:
            pass


def _region_missing(region: RegionEntry, section: Section) -> Iterator[Missing]:
    if not region.name:
        yield Missing(section, "region_name", blocking=True)
    if not region.municipalities:
        yield Missing(section, "municipalities", blocking=True)


def _budget_missing(budget: BudgetEntry, section: Section) -> Iterator[Missing]:
    if budget.requested_cents == 0:
        yield Missing(section, "requested", blocking=True)
    if budget.sum_of(COST) == 0:
        yield Missing(section, "costs")


def _project_missing(
    project: ProjectEntry, definition: RoundDefinition, section: Section
) -> Iterator[Missing]:
    if not project.title:
        yield Missing(section, "title", blocking=True)
    if not project.summary:
        yield Missing(section, "summary")
    if not project.months:
        yield Missing(section, "months", blocking=True)
    if definition.rules.predecessor_kinds and not project.predecessor:
        yield Missing(section, "predecessor")
    if definition.rules.regiobeeld_required and not (project.regiobeeld or project.predecessor):
        yield Missing(section, "regiobeeld")
