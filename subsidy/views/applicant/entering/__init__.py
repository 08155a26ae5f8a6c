"""Between a form and an entry: what a form offers, what it is filled with, and what was typed in it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from wtforms import Form

from forms.applicant_questions import answers_in, form_data, name_of, row_form
from forms.choices import Offer, Place
from subsidy import clock
from subsidy.access import current_actor
from subsidy.models import Application
from subsidy.services.entries import (
    BudgetEntry,
    Entry,
    OwnEntry,
    PartnersEntry,
    ProjectEntry,
    RegionEntry,
)
from subsidy.services.snapshots import definition_of
from subsidy.views.applicant.entering.budget import (
    budget_blanks,
    budget_data,
    budget_figures,
    budget_in,
    budget_offer,
)
from subsidy.views.applicant.entering.partners import (
    partners_blanks,
    partners_data,
    partners_figures,
    partners_in,
)
from subsidy.views.applicant.entering.project import (
    project_blanks,
    project_data,
    project_figures,
    project_in,
    project_offer,
)
from subsidy.views.applicant.entering.region import region_data, region_figures, region_in
from subsidy.wording.labels import domain_label
from subsidy.wording.spoken import language
from workflows.definition import QuestionKind, RoundDefinition, Section, SectionKind
from workflows.regions import Municipality, Reference
from workflows.snapshot import Domain

Areas = Mapping[str, tuple[str, ...]]

# What municipalities are part of, each with its code and name.
AREAS: Mapping[str, Callable[[Municipality], tuple[str, str]]] = {
    "ggd": lambda one: (one.ggd_code, one.ggd),
    "zorgkantoor": lambda one: (one.zk_code, one.zorgkantoor),
    "province": lambda one: (one.province_code, one.province),
}


def offer_for(
    application: Application, section: Section, reference: Reference, headings: Mapping[str, str]
) -> Offer:
    """Give what the form of a section offers; places and partners only where the section asks for them.

    `headings` are the words for ggd, zorgkantoor and province.
    """
    domains = tuple((domain.value, domain_label(domain)) for domain in Domain)
    if section.kind is SectionKind.BUDGET:
        return budget_offer(application, domains)
    offer = Offer(language(), domains, today=clock.today(), asked_cents=application.requested_cents)
    if section.kind is SectionKind.PROJECT:
        offer = project_offer(offer, definition_of(application.round), current_actor().user_id)
    if not _asks_places(section):
        return offer
    known = sorted(reference.municipalities.values(), key=lambda one: (one.province, one.name))
    return replace(
        offer,
        municipalities=tuple(Place(one.code, one.name, one.province, _areas_around(one)) for one in known),
        areas=tuple(
            Place(code, name, headings[heading])
            for heading, part in AREAS.items()
            for name, code in sorted({part(one)[::-1] for one in known})
        ),
        former=reference.former,
    )


def areas_of(section: Section, reference: Reference) -> Areas:
    """Give the municipalities of each larger area, for a section that asks a region."""
    if section.kind is not SectionKind.REGION:
        return {}
    members: dict[str, list[str]] = {}
    for one in sorted(reference.municipalities.values(), key=lambda one: one.name):
        for part in AREAS.values():
            members.setdefault(part(one)[0], []).append(one.code)
    return {code: tuple(codes) for code, codes in members.items()}


def _areas_around(one: Municipality) -> tuple[str, ...]:
    return tuple(part(one)[0] for part in AREAS.values())


def form_data_of(entry: Entry, section: Section) -> dict[str, Any]:
    """Give an entry as the data of its form; every list of lines has one to begin with."""
    blank: dict[str, Any] = {
        name_of(one): [{}] for one in section.questions if one.kind is QuestionKind.TABLE
    }
    return {
        "seen": entry.fingerprint,
        **_own_data(entry.own),
        **blank,
        **form_data(section.questions, entry.answers),
    }


def entry_in(form: Form, section: Section) -> Entry:
    """Give what was typed in a valid form."""
    return Entry(_own_in(form, section.kind), answers_in(form, section.questions))


def blanks_of(section: Section, definition: RoundDefinition, offer: Offer) -> dict[str, Form]:
    """Give an empty line for each list of the section, for scripts to copy."""
    lines: dict[str, type[Form]] = {
        name_of(one): row_form(one, offer) for one in section.questions if one.kind is QuestionKind.TABLE
    }
    match section.kind:
        case SectionKind.PROJECT:
            lines |= project_blanks(offer)
        case SectionKind.PARTNERS:
            lines |= partners_blanks(definition, offer)
        case SectionKind.BUDGET:
            lines |= budget_blanks(definition, offer)
    return {name: line(prefix=f"{name}-__index__-") for name, line in lines.items()}


def figures_of(
    form: Form,
    application: Application,
    section: Section,
    definition: RoundDefinition,
    offer: Offer,
    reference: Reference,
) -> object:
    """Give what the server counts from what is on the page: the sums of a budget, the scale of a region."""
    match section.kind:
        case SectionKind.PROJECT:
            return project_figures(form, definition)
        case SectionKind.BUDGET:
            return budget_figures(form, definition, offer)
        case SectionKind.PARTNERS:
            return partners_figures(form, offer)
        case SectionKind.REGION:
            return region_figures(form, application, reference)
        case _:
            return {}


def _own_data(own: OwnEntry | None) -> dict[str, Any]:
    match own:
        case ProjectEntry() as project:
            return project_data(project)
        case PartnersEntry() as partners:
            return partners_data(partners)
        case RegionEntry() as region:
            return region_data(region)
        case BudgetEntry() as budget:
            return budget_data(budget)
        case None:
            return {}


def _own_in(form: Form, kind: SectionKind) -> OwnEntry | None:
    match kind:
        case SectionKind.PROJECT:
            return project_in(form)
        case SectionKind.PARTNERS:
            return partners_in(form)
        case SectionKind.REGION:
            return region_in(form)
        case SectionKind.BUDGET:
            return budget_in(form)
        case SectionKind.QUESTIONS | SectionKind.ATTACHMENTS:
            return None


def _asks_places(section: Section) -> bool:
    kinds = {question.kind for question in section.questions}
    return section.kind is SectionKind.REGION or QuestionKind.MUNICIPALITIES in kinds
