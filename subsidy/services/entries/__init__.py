"""What a person entered in one section, as a value: read from the store, compared, and written to it.

An entry is what a form gives and what a form is filled with, so two entries are equal when the pages
look the same. What a section asks by itself has a file per kind of section: what it is, how it is read
and written, and what it lacks.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256

from pydantic import JsonValue

from subsidy.db import json_text
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

OwnEntry = ProjectEntry | PartnersEntry | RegionEntry | BudgetEntry


@dataclass(frozen=True, slots=True)
class Entry:
    """One section: what it asks by itself, and the answers to its questions by id."""

    own: OwnEntry | None = None
    answers: Mapping[str, JsonValue] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """A short mark that differs when anything entered differs."""
        return sha256(json_text(asdict(self)).encode()).hexdigest()[:32]


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
            yield from partners_lack(partners)
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
