"""What a person entered in one section, as a value: read from the store, compared, and written to it.

An entry is what a form gives and what a form is filled with, so two entries are equal when the pages
look the same. What a section asks by itself has a file per kind of section: what it is, how it is read
and written, and what it lacks.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, cast

from pydantic import JsonValue

from subsidy.models import Application
from subsidy.services.entries.budget import (
    COFINANCING,
    COST,
    OWN,
    BudgetEntry,
    BudgetItem,
    budget_lacks,
    stored_budget,
    write_budget,
)
from subsidy.services.entries.merging import marks_of
from subsidy.services.entries.partners import (
    ParticipantEntry,
    PartnersEntry,
    partners_lack,
    stored_partners,
    write_partners,
)
from subsidy.services.entries.project import ProjectEntry, project_lacks, stored_project, write_project
from subsidy.services.entries.region import RegionEntry, region_lacks, stored_region, write_region
from workflows.definition import RoundDefinition, Section, SectionKind
from workflows.regions import Reference

__all__ = [
    "COFINANCING",
    "COST",
    "EMPTY",
    "OWN",
    "BudgetEntry",
    "BudgetItem",
    "Entry",
    "OwnEntry",
    "ParticipantEntry",
    "PartnersEntry",
    "ProjectEntry",
    "RegionEntry",
    "lacks",
    "stored_budget",
    "stored_entry",
    "write_entry",
]

# The name of the part of a question, which is also the name of its field in the form.
ANSWER = "answer-"

OwnEntry = ProjectEntry | PartnersEntry | RegionEntry | BudgetEntry


@dataclass(frozen=True, slots=True)
class Entry:
    """One section: what it asks by itself, and the answers to its questions by id."""

    own: OwnEntry | None = None
    answers: Mapping[str, JsonValue] = field(default_factory=dict)

    @property
    def parts(self) -> dict[str, object]:
        """What two people can write apart from each other: each field of its own, each answer."""
        own = {one.name: getattr(self.own, one.name) for one in fields(self.own)} if self.own else {}
        return own | {ANSWER + key: answer for key, answer in self.answers.items()}

    @property
    def fingerprint(self) -> str:
        """The marks of all parts, which differ where anything entered differs."""
        return marks_of(self.parts)

    def with_parts(self, parts: Mapping[str, object]) -> "Entry":
        """Give this entry with these parts in the place of its own; an answer that is None is none."""
        own: dict[str, Any] = {name: value for name, value in parts.items() if not name.startswith(ANSWER)}
        answers = dict(self.answers) | {
            name.removeprefix(ANSWER): cast("JsonValue", value)
            for name, value in parts.items()
            if name.startswith(ANSWER)
        }
        return Entry(
            replace(self.own, **own) if self.own and own else self.own,
            {key: answer for key, answer in answers.items() if answer is not None},
        )


EMPTY = {
    SectionKind.PROJECT: Entry(ProjectEntry()),
    SectionKind.PARTNERS: Entry(PartnersEntry()),
    SectionKind.REGION: Entry(RegionEntry()),
    SectionKind.BUDGET: Entry(BudgetEntry()),
}


def stored_entry(application: Application, section: Section) -> Entry:
    """Give what is stored of a section now, with what is set aside: it shows when it is asked again."""
    typed = {**application.set_aside, **application.answers}
    answers = {question.id: typed[question.id] for question in section.questions if question.id in typed}
    return Entry(_stored_own(application, section.kind), answers)


def write_entry(application: Application, section: Section, entry: Entry, reference: Reference) -> None:
    """Put an entry in the place of what is stored of this section; the caller holds the lock.

    Raises UnknownMunicipalityError for a code that the reference data does not know.
    """
    mine = {question.id for question in section.questions}
    others = {key: value for key, value in application.answers.items() if key not in mine}
    aside = {key: value for key, value in application.set_aside.items() if key not in mine}
    # What of this is no answer, because its question is not asked, services/conditions.py sets aside again.
    application.answers = {**others, **entry.answers}
    application.set_aside = aside
    match entry.own:
        case ProjectEntry() as project:
            write_project(application, project)
        case PartnersEntry() as partners:
            write_partners(application, partners)
        case RegionEntry() as region:
            write_region(application, region, reference)
        case BudgetEntry() as budget:
            write_budget(application, budget)
        case None:
            pass


def lacks(own: OwnEntry | None, definition: RoundDefinition) -> Iterator[tuple[str, bool]]:
    """Give what a section by itself lacks: a code, and whether it cannot be sent in without."""
    match own:
        case ProjectEntry() as project:
            yield from project_lacks(project, definition)
        case PartnersEntry() as partners:
            yield from partners_lack(partners, definition)
        case RegionEntry() as region:
            yield from region_lacks(region)
        case BudgetEntry() as budget:
            yield from budget_lacks(budget)
        case None:
            pass


def _stored_own(application: Application, kind: SectionKind) -> OwnEntry | None:
    match kind:
        case SectionKind.PROJECT:
            return stored_project(application)
        case SectionKind.PARTNERS:
            return stored_partners(application)
        case SectionKind.REGION:
            return stored_region(application)
        case SectionKind.BUDGET:
            return stored_budget(application)
        case SectionKind.QUESTIONS | SectionKind.ATTACHMENTS:
            return None
