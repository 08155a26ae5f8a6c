"""What is still missing in an application, and how far each section is.

Missing is not wrong: it warns and is listed, because a finding never blocks submission. Only what a round
file and the database cannot do without (`blocking`) has to be there before an application can be sent.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Application, KeptForm
from subsidy.services.entries import EMPTY, Entry, lacks, stored_entry
from subsidy.services.entries.project import needs_regiobeeld_file
from workflows.definition import Question, QuestionKind, RoundDefinition, Section


class Status(StrEnum):
    """How far a section is; OPTIONAL is one that asks nothing that is needed, and has nothing.

    ATTENTION is one in which something stands that cannot stay so: text that cannot be read, or a
    requirement of the round that is not met.
    """

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    COMPLETE = "complete"
    ATTENTION = "attention"
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


def progress(
    application: Application, definition: RoundDefinition, attention: Collection[str] = ()
) -> tuple[SectionProgress, ...]:
    """Give every section of the form with its status, in order.

    `attention` names the sections in which something stands that cannot stay so.
    """
    asked = definition.asked(application.answers)
    return tuple(
        _progress(application, definition, section, asked, attention=section.id in attention)
        for section in definition.sections
    )


def kept_sections(application: Application) -> frozenset[str]:
    """Give the sections of which text is kept that could not be saved, by id; one query."""
    kept = select(KeptForm.section).where(KeptForm.application_id == application.id).distinct()
    return frozenset(db.session.scalars(kept))


def missing(application: Application, definition: RoundDefinition) -> tuple[Missing, ...]:
    """Give all that is missing, in the order of the form."""
    return tuple(one for section in progress(application, definition) for one in section.missing)


def _progress(
    application: Application,
    definition: RoundDefinition,
    section: Section,
    asked: frozenset[str],
    *,
    attention: bool,
) -> SectionProgress:
    entry = stored_entry(application, section)
    lacking = (
        *(Missing(section, code, blocking=blocking) for code, blocking in lacks(entry.own, definition)),
        *_unanswered(application, section, asked),
    )
    files = {question.id for question in section.questions if question.kind is QuestionKind.FILE}
    begun = entry != EMPTY.get(section.kind, Entry()) or any(
        one.question in files for one in application.attachments
    )
    if attention:
        status = Status.ATTENTION
    elif lacking:
        status = Status.IN_PROGRESS if begun else Status.NOT_STARTED
    else:
        status = Status.COMPLETE if begun else Status.OPTIONAL
    return SectionProgress(section, status, lacking)


def _unanswered(application: Application, section: Section, asked: frozenset[str]) -> Iterator[Missing]:
    with_files = {attachment.question for attachment in application.attachments}
    for question in section.questions:
        needed = question.required or needs_regiobeeld_file(application, question.id)
        if not needed or question.id not in asked:
            continue
        there = question.id in (with_files if question.kind is QuestionKind.FILE else application.answers)
        if not there:
            yield Missing(section, question.id, question)
