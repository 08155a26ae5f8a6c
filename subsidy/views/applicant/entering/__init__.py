"""Between a form and an entry: what a form offers, what it is filled with, and what was typed in it."""

from collections.abc import Mapping
from typing import Any

from wtforms import Form

from forms.applicant_questions import answers_in, form_data, name_of, row_form
from forms.choices import Offer
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
from subsidy.views.applicant.entering.places import areas_of as areas_of
from subsidy.views.applicant.entering.places import places_offer
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
from workflows.regions import Reference
from workflows.snapshot import Domain


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
    return places_offer(offer, reference, headings) if _asks_places(section) else offer


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
