"""Between a form and an entry: what a form offers, what it is filled with, and what was typed in it."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from wtforms import Form

from forms.applicant_questions import answers_in, form_data, name_of
from forms.applicant_region import is_neighbourhood, neighbourhood_codes
from forms.choices import Offer, Place
from subsidy.services.entries import (
    COST,
    BudgetEntry,
    BudgetItem,
    Entry,
    OwnEntry,
    ParticipantEntry,
    PartnersEntry,
    ProjectEntry,
    RegionEntry,
)
from subsidy.wording.labels import domain_label
from subsidy.wording.spoken import language
from workflows.definition import QuestionKind, Section, SectionKind
from workflows.regions import Municipality, Reference
from workflows.snapshot import Domain

Areas = Mapping[str, tuple[str, ...]]

# What municipalities are part of, each with its code and name.
AREAS: Mapping[str, Callable[[Municipality], tuple[str, str]]] = {
    "ggd": lambda one: (one.ggd_code, one.ggd),
    "zorgkantoor": lambda one: (one.zk_code, one.zorgkantoor),
    "province": lambda one: (one.province_code, one.province),
}


def offer_for(section: Section, reference: Reference, headings: Mapping[str, str]) -> Offer:
    """Give what the form of a section offers; places only where the section asks for them.

    `headings` are the words for ggd, zorgkantoor and province.
    """
    domains = tuple((domain.value, domain_label(domain)) for domain in Domain)
    if not _asks_places(section):
        return Offer(language(), domains)
    known = sorted(reference.municipalities.values(), key=lambda one: (one.province, one.name))
    return Offer(
        language(),
        domains,
        tuple(Place(one.code, one.name, one.province) for one in known),
        tuple(
            Place(code, name, headings[heading])
            for heading, part in AREAS.items()
            for name, code in sorted({part(one)[::-1] for one in known})
        ),
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


def _own_data(own: OwnEntry | None) -> dict[str, Any]:
    match own:
        case ProjectEntry() as project:
            return asdict(project)
        case PartnersEntry(lead=lead, partners=partners):
            lines = [asdict(partner) for partner in partners] or [{}]
            return {"partners": lines, **({"lead": asdict(lead)} if lead else {})}
        case RegionEntry() as region:
            return {
                "region_name": region.name,
                "municipalities": region.municipalities,
                "neighbourhoods": "\n".join(region.neighbourhoods),
                "inhabitants": region.inhabitants,
            }
        case BudgetEntry() as budget:
            return {
                "requested": budget.requested_cents or None,
                "costs": [_line_data(line, line.category) for line in budget.lines if line.kind == COST]
                or [{}],
                "funding": [_line_data(line, line.kind) for line in budget.lines if line.kind != COST]
                or [{}],
            }
        case None:
            return {}


def _line_data(line: BudgetItem, category: str) -> dict[str, Any]:
    return {"category": category, "description": line.description, "amount": line.amount_cents}


def _own_in(form: Form, kind: SectionKind) -> OwnEntry | None:
    match kind:
        case SectionKind.PROJECT:
            return ProjectEntry(
                form["title"].data,
                form["summary"].data,
                form["months"].data,
                tuple(_data(form, "themes") or ()),
                _data(form, "predecessor") or None,
                _data(form, "regiobeeld") or None,
            )
        case SectionKind.PARTNERS:
            lines = (_participant(line.form) for line in form["partners"])
            return PartnersEntry(_participant(form["lead"].form), tuple(line for line in lines if line))
        case SectionKind.REGION:
            return RegionEntry(
                form["region_name"].data,
                tuple(form["municipalities"].data),
                neighbourhood_codes(_data(form, "neighbourhoods") or ""),
                _data(form, "inhabitants"),
            )
        case SectionKind.BUDGET:
            return budget_in(form)
        case SectionKind.QUESTIONS | SectionKind.ATTACHMENTS:
            return None


def budget_in(form: Form) -> BudgetEntry:
    """Give the budget as far as it can be read, also of a form that is not valid: for its totals."""
    costs = (
        BudgetItem(COST, line["category"].data or "", line["description"].data, line["amount"].data)
        for line in _lines(form, "costs")
    )
    funding = (
        BudgetItem(line["category"].data, "", line["description"].data, line["amount"].data)
        for line in _lines(form, "funding")
    )
    return BudgetEntry(form["requested"].data or 0, (*costs, *funding))


def region_in(form: Form, reference: Reference) -> RegionEntry:
    """Give the region as far as it can be read, also of a form that is not valid."""
    return RegionEntry(
        form["region_name"].data or "",
        tuple(code for code in form["municipalities"].data or () if reference.resolve(code)),
        tuple(filter(is_neighbourhood, neighbourhood_codes(_data(form, "neighbourhoods") or ""))),
        _data(form, "inhabitants"),
    )


def _lines(form: Form, name: str) -> list[Form]:
    if name not in form:
        return []
    return [line.form for line in form[name] if line.form["amount"].data is not None]


def _participant(form: Form) -> ParticipantEntry | None:
    if form.blank:
        return None
    return ParticipantEntry(form["name"].data, form["domain"].data, form["kvk"].data)


def _data(form: Form, name: str) -> Any:
    return form[name].data if name in form else None


def _asks_places(section: Section) -> bool:
    kinds = {question.kind for question in section.questions}
    return section.kind is SectionKind.REGION or QuestionKind.MUNICIPALITIES in kinds
