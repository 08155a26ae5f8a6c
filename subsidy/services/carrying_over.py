"""What of one application can stand in another form: the sections and answers that both ask for.

What cannot is named, so that nobody finds out at the deadline that something is gone. The earlier application
keeps every word.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from pydantic import JsonValue

from subsidy.models import Application
from subsidy.services.entries import (
    BudgetEntry,
    Entry,
    OwnEntry,
    PartnersEntry,
    ProjectEntry,
    RegionEntry,
    stored_entry,
)
from workflows.definition import Question, QuestionKind, RoundDefinition, Section
from workflows.regions import Reference


class Why(StrEnum):
    """Why something was left out; TOO_LONG was taken over and has to be made shorter."""

    ASKED_OTHERWISE = "asked_otherwise"
    CHOICE_GONE = "choice_gone"
    TOO_LONG = "too_long"
    THEMES = "themes"
    PLACES = "places"
    COSTS = "costs"
    SOURCES = "sources"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that could not be taken over: of a question, or the name of a file."""

    why: Why
    question: Question | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Carried:
    """A section of the new form as far as the earlier application fills it, and what does not fit."""

    entry: Entry
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class Forms:
    """The earlier and the new form, the municipalities of the new one, the new key of each participant."""

    old: RoundDefinition
    new: RoundDefinition
    reference: Reference
    keys: Mapping[str, str]


def carry(application: Application, section: Section, forms: Forms) -> Carried:
    """Give what the earlier application says in this section of the new form."""
    left_out: list[LeftOut] = []
    same = next((one for one in forms.old.sections if one.kind is section.kind), None)
    own = None if same is None else stored_entry(application, same).own
    answers = _answers(application.answers, section.questions, forms.old, left_out)
    return Carried(Entry(own and _own(own, forms, left_out), answers), tuple(left_out))


def _answers(
    given: Mapping[str, JsonValue],
    questions: Iterable[Question],
    old: RoundDefinition,
    left_out: list[LeftOut],
) -> dict[str, JsonValue]:
    earlier = {question.id: question for question in old.questions}
    answers: dict[str, JsonValue] = {}
    for question in questions:
        if question.id not in given or question.id not in earlier:
            continue
        answer = given[question.id]
        fitting = _fitting(earlier[question.id], question, answer)
        if fitting is not None:
            answers[question.id] = fitting
        if question.kind is not earlier[question.id].kind:
            left_out.append(LeftOut(Why.ASKED_OTHERWISE, question))
        elif fitting != answer:
            left_out.append(LeftOut(Why.CHOICE_GONE if question.options else Why.ASKED_OTHERWISE, question))
        elif question.max_words and len(str(answer).split()) > question.max_words:
            left_out.append(LeftOut(Why.TOO_LONG, question))
    return answers


def _fitting(old: Question, new: Question, answer: JsonValue) -> JsonValue:
    """Give what of an answer the new question takes; None for nothing."""
    if old.kind is not new.kind:
        return None
    offered = {option.value for option in new.options}
    if new.kind is QuestionKind.CHOICE:
        return answer if answer in offered else None
    if new.kind is QuestionKind.CHOICES and isinstance(answer, list):
        return [one for one in answer if one in offered] or None
    if new.kind is QuestionKind.TABLE:
        kinds = {column.id: column.kind for column in new.columns}
        same = all(kinds.get(column.id) is column.kind for column in old.columns)
        return answer if same else None
    return answer


def _own(own: OwnEntry, forms: Forms, left_out: list[LeftOut]) -> OwnEntry:
    match own:
        case ProjectEntry() as project:
            return _project(project, forms.new, left_out)
        case PartnersEntry() as partners:
            return _partners(partners, forms)
        case RegionEntry() as region:
            return _region(region, forms.reference, left_out)
        case BudgetEntry() as budget:
            return _budget(budget, forms, left_out)
        case _:
            assert_never(own)


def _project(project: ProjectEntry, new: RoundDefinition, left_out: list[LeftOut]) -> ProjectEntry:
    offered = {theme.value for theme in new.themes}
    themes = tuple(theme for theme in project.themes if theme in offered)
    if themes != project.themes:
        left_out.append(LeftOut(Why.THEMES))
    asks_regiobeeld, asks_money = new.rules.regiobeeld_required, new.asks_other_money
    return replace(
        project,
        themes=themes,
        predecessor=project.predecessor if new.rules.predecessor_kinds else None,
        regiobeeld=project.regiobeeld if asks_regiobeeld else None,
        regiobeeld_from=project.regiobeeld_from if asks_regiobeeld else None,
        gets_other_money=project.gets_other_money if asks_money else None,
        other_money=project.other_money if asks_money else (),
    )


def _partners(partners: PartnersEntry, forms: Forms) -> PartnersEntry:
    lead = partners.lead
    asks_aid = forms.new.asks_state_aid
    return replace(
        partners,
        lead=lead and replace(lead, key=forms.keys[lead.key]),
        partners=tuple(replace(one, key=forms.keys[one.key]) for one in partners.partners),
        aid_received=partners.aid_received if asks_aid else None,
        aid=tuple(
            replace(one, participation_key=forms.keys.get(one.participation_key or ""))
            for one in partners.aid
            if asks_aid
        ),
    )


def _region(region: RegionEntry, reference: Reference, left_out: list[LeftOut]) -> RegionEntry:
    known = tuple(code for code in region.municipalities if reference.resolve(code))
    if known != region.municipalities:
        left_out.append(LeftOut(Why.PLACES))
    return replace(region, municipalities=known)


def _budget(budget: BudgetEntry, forms: Forms, left_out: list[LeftOut]) -> BudgetEntry:
    """Keep every line and its amount; what of it the new form does not know is for the people to choose."""
    rules = forms.new.budget
    categories = {one.value for one in rules.cost_categories} | {""}
    sources = {one.value for one in rules.sources} | {None}
    if any(line.category not in categories for line in budget.lines):
        left_out.append(LeftOut(Why.COSTS))
    if any(line.source not in sources for line in budget.lines):
        left_out.append(LeftOut(Why.SOURCES))
    lines = tuple(
        replace(
            line,
            category=line.category if line.category in categories else "",
            source=line.source if line.source in sources else None,
            participation_key=forms.keys.get(line.participation_key or "") if rules.by_partner else None,
            year=line.year if rules.by_year else None,
        )
        for line in budget.lines
    )
    return replace(budget, lines=lines)
