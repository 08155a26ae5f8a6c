"""What a person entered in one section, as a value: read from the store, compared, and written to it.

An entry is what a form gives and what a form is filled with, so two entries are equal when the pages
look the same. That makes a clash plain: the stored entry is no longer the one that the page showed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import TypeVar

from pydantic import JsonValue

from subsidy.db import json_text
from subsidy.models import (
    Application,
    BudgetLine,
    Participation,
    RegionMunicipality,
    RegionNeighbourhood,
)
from workflows.definition import Section, SectionKind
from workflows.regions import Reference, UnknownMunicipalityError

Line = TypeVar("Line", Participation, RegionMunicipality, RegionNeighbourhood, BudgetLine)

COST, OWN, COFINANCING = "cost", "own", "cofinancing"


@dataclass(frozen=True, slots=True)
class ProjectEntry:
    """The project; months and the two sources are None while unknown."""

    title: str = ""
    summary: str = ""
    months: int | None = None
    themes: tuple[str, ...] = ()
    predecessor: str | None = None
    regiobeeld: str | None = None


@dataclass(frozen=True, slots=True)
class ParticipantEntry:
    """One organisation in its domain; `kvk` has 8 digits."""

    name: str
    domain: str
    kvk: str | None = None


@dataclass(frozen=True, slots=True)
class PartnersEntry:
    """Who takes part; no lead while none was named."""

    lead: ParticipantEntry | None = None
    partners: tuple[ParticipantEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class RegionEntry:
    """The region in CBS codes; `inhabitants` goes with neighbourhoods."""

    name: str = ""
    municipalities: tuple[str, ...] = ()
    neighbourhoods: tuple[str, ...] = ()
    inhabitants: int | None = None


@dataclass(frozen=True, slots=True)
class BudgetItem:
    """A line of the budget in cents; `kind` is cost, own or cofinancing, and a cost has a category."""

    kind: str
    category: str
    description: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class BudgetEntry:
    """What is asked, and the lines, in cents."""

    requested_cents: int = 0
    lines: tuple[BudgetItem, ...] = ()

    def sum_of(self, *kinds: str) -> int:
        """The cents of the lines of these kinds together."""
        return sum(line.amount_cents for line in self.lines if line.kind in kinds)


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


def stored_entry(application: Application, section: Section) -> Entry:
    """Give what is stored of a section now."""
    answers = {
        question.id: application.answers[question.id]
        for question in section.questions
        if question.id in application.answers
    }
    return Entry(_stored_own(application, section.kind), answers)


def write_entry(application: Application, section: Section, entry: Entry, reference: Reference) -> None:
    """Put an entry in the place of what is stored of this section; the caller holds the lock.

    Raises UnknownMunicipalityError for a code that the reference data does not know.
    """
    others = {
        key: value
        for key, value in application.answers.items()
        if key not in {question.id for question in section.questions}
    }
    application.answers = {**others, **entry.answers}
    match entry.own:
        case ProjectEntry() as project:
            _write_project(application, project)
        case PartnersEntry() as partners:
            _write_partners(application, partners)
        case RegionEntry() as region:
            _write_region(application, region, reference)
        case BudgetEntry() as budget:
            _write_budget(application, budget)
        case None:
            pass


def budget_of(application: Application) -> BudgetEntry:
    """Give the stored budget."""
    return BudgetEntry(
        application.requested_cents,
        tuple(
            BudgetItem(line.kind, line.category, line.description, line.amount_cents)
            for line in application.budget
        ),
    )


def _stored_own(application: Application, kind: SectionKind) -> OwnEntry | None:
    match kind:
        case SectionKind.PROJECT:
            return ProjectEntry(
                application.title,
                application.summary,
                application.months,
                tuple(application.themes),
                application.predecessor,
                application.regiobeeld,
            )
        case SectionKind.PARTNERS:
            parties = [
                (one.lead, ParticipantEntry(one.name, one.domain, one.kvk))
                for one in application.participations
            ]
            return PartnersEntry(
                next((party for lead, party in parties if lead), None),
                tuple(party for lead, party in parties if not lead),
            )
        case SectionKind.REGION:
            return RegionEntry(
                application.region_name,
                tuple(one.given_code for one in application.municipalities),
                tuple(one.code for one in application.neighbourhoods),
                application.region_inhabitants,
            )
        case SectionKind.BUDGET:
            return budget_of(application)
        case SectionKind.QUESTIONS | SectionKind.ATTACHMENTS:
            return None


def _write_project(application: Application, project: ProjectEntry) -> None:
    application.title = project.title
    application.summary = project.summary
    application.months = project.months
    application.themes = list(project.themes)
    application.predecessor = project.predecessor
    application.regiobeeld = project.regiobeeld


def _write_partners(application: Application, partners: PartnersEntry) -> None:
    parties = [*([partners.lead] if partners.lead else []), *partners.partners]
    _refill(
        application.participations,
        [{**asdict(party), "lead": party is partners.lead} for party in parties],
        Participation,
    )


def _write_region(application: Application, region: RegionEntry, reference: Reference) -> None:
    application.region_name = region.name
    application.region_inhabitants = region.inhabitants
    _refill(
        application.municipalities,
        [{"given_code": given, "code": _today(given, reference)} for given in region.municipalities],
        RegionMunicipality,
    )
    _refill(
        application.neighbourhoods, [{"code": code} for code in region.neighbourhoods], RegionNeighbourhood
    )


def _write_budget(application: Application, budget: BudgetEntry) -> None:
    application.requested_cents = budget.requested_cents
    paid_by_others = any(line.kind != COST for line in budget.lines)
    application.cofinancing_cents = budget.sum_of(OWN, COFINANCING) if paid_by_others else None
    _refill(application.budget, [asdict(line) for line in budget.lines], BudgetLine)


def _refill(rows: list[Line], wanted: Sequence[Mapping[str, object]], make: type[Line]) -> None:
    """Let the rows say what is wanted, in order.

    Rows are used again, because positions are unique and new rows are inserted before old ones go.
    """
    for position, values in enumerate(wanted):
        if position == len(rows):
            rows.append(make(position=position))
        rows[position].position = position
        for name, value in values.items():
            setattr(rows[position], name, value)
    del rows[len(wanted) :]


def _today(given: str, reference: Reference) -> str:
    code = reference.resolve(given)
    if code is None:
        raise UnknownMunicipalityError(given)
    return code
