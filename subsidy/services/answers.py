"""Everything that was entered in an application, in words, section by section.

One reading for all who see it: the review page of the applicant, the receipt, the office, the reviewers.
Words are those of the language of the page; a job chooses one with `force_locale`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from flask_babel import gettext as _
from pydantic import JsonValue

from subsidy.models import Application, Attachment
from subsidy.services.completeness import asked
from subsidy.services.entries import (
    COST,
    BudgetEntry,
    BudgetItem,
    Entry,
    PartnersEntry,
    ProjectEntry,
    RegionEntry,
    stored_entry,
)
from subsidy.wording import values
from subsidy.wording.labels import domain_label, scale_label
from subsidy.wording.spoken import language
from workflows.definition import Column, Option, Question, QuestionKind, RoundDefinition, Section
from workflows.regions import Reference, inhabitants_of, scales_of, touched
from workflows.snapshot import Region
from workflows.states import ApplicationState


@dataclass(frozen=True, slots=True)
class Row:
    """A label and what was entered with it; line ends in the value stay, empty is empty text."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Table:
    """Lines of cells under named columns; `numeric` says which hold numbers, `total` is a last line."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()
    total: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionAnswers:
    """A section of the form as it was filled in."""

    id: str
    title: str
    rows: tuple[Row, ...] = ()
    tables: tuple[Table, ...] = ()
    files: tuple[tuple[str, tuple[Attachment, ...]], ...] = ()


WRITABLE = frozenset({ApplicationState.DRAFT, ApplicationState.SUPPLEMENT_REQUESTED})
MOST_KEPT = 256
_KEPT: dict[tuple[object, ...], tuple[SectionAnswers, ...]] = {}


def answers_of(
    application: Application, definition: RoundDefinition, reference: Reference
) -> tuple[SectionAnswers, ...]:
    """Give every section in the order of the form, also what was left empty."""
    return tuple(
        replace(answers, files=_files(application, section))
        for answers, section in zip(
            _words_of(application, definition, reference), definition.sections, strict=True
        )
    )


def forget() -> None:
    """Let go of every reading that is kept; for tests, whose databases use the same numbers again."""
    _KEPT.clear()


def _words_of(
    application: Application, definition: RoundDefinition, reference: Reference
) -> tuple[SectionAnswers, ...]:
    """Give the sections without their files; kept for an application that nobody can write in now.

    Officers and reviewers open the same file again and again, and its words take half of such a page.
    """
    key = (
        application.id,
        application.version,
        application.updated_at,
        application.round.definition_digest,
        reference.version,
        language(),
    )
    found = None if application.state in WRITABLE else _KEPT.get(key)
    if found is None:
        found = tuple(
            section_answers(
                section, stored_entry(application, section), application.answers, definition, reference
            )
            for section in definition.sections
        )
        if application.state not in WRITABLE:
            if len(_KEPT) >= MOST_KEPT:
                _KEPT.clear()
            _KEPT[key] = found
    return found


def section_answers(
    section: Section,
    entry: Entry,
    answers: Mapping[str, JsonValue],
    definition: RoundDefinition,
    reference: Reference,
) -> SectionAnswers:
    """Give one section as entered; `answers` of the whole form tell which questions are asked."""
    known = {**answers, **entry.answers}
    parts = [*_own(entry, definition, reference), *_questions(section, entry, known, reference)]
    return SectionAnswers(
        section.id,
        values.text(section.title),
        tuple(part for part in parts if isinstance(part, Row)),
        tuple(part for part in parts if isinstance(part, Table)),
    )


def differences(mine: SectionAnswers, stored: SectionAnswers) -> tuple[tuple[str, str, str], ...]:
    """Give what differs between two readings of a section: label, mine, stored; a table becomes lines."""
    left, right = dict(_lines(mine)), dict(_lines(stored))
    return tuple(
        (label, left.get(label, ""), right.get(label, ""))
        for label in dict.fromkeys([*left, *right])
        if left.get(label, "") != right.get(label, "")
    )


def _lines(section: SectionAnswers) -> Iterator[tuple[str, str]]:
    yield from ((row.label, row.value) for row in section.rows)
    for table in section.tables:
        yield table.caption, "\n".join(", ".join(cell for cell in row if cell) for row in table.rows)


def _files(application: Application, section: Section) -> tuple[tuple[str, tuple[Attachment, ...]], ...]:
    return tuple(
        (
            values.text(question.label),
            tuple(one for one in application.attachments if one.question == question.id),
        )
        for question in section.questions
        if question.kind is QuestionKind.FILE
    )


def _own(entry: Entry, definition: RoundDefinition, reference: Reference) -> Iterator[Row | Table]:
    match entry.own:
        case ProjectEntry() as project:
            yield from _project(project, definition)
        case PartnersEntry() as partners:
            yield _partners(partners)
        case RegionEntry() as region:
            yield from _region(region, reference)
        case BudgetEntry() as budget:
            yield from _budget(budget, definition)
        case None:
            pass


def _project(project: ProjectEntry, definition: RoundDefinition) -> Iterator[Row]:
    yield Row(_("Title of the project"), project.title)
    yield Row(_("Summary"), project.summary)
    yield Row(_("Duration in months"), "" if project.months is None else str(project.months))
    if definition.themes:
        yield Row(_("Themes"), _labels(project.themes, definition.themes))
    if definition.rules.predecessor_kinds:
        yield Row(_("Reference of the earlier application"), project.predecessor or "")
    if definition.rules.regiobeeld_required:
        yield Row(_("Where is the regiobeeld?"), project.regiobeeld or "")


def _partners(entry: PartnersEntry) -> Table:
    parties = [
        *([(_("Lead applicant"), entry.lead)] if entry.lead else []),
        *((_("Partner"), party) for party in entry.partners),
    ]
    return Table(
        _("Who takes part"),
        (_("Part"), _("Organisation"), _("Takes part as"), _("KvK number")),
        tuple((part, party.name, domain_label(party.domain), party.kvk or "") for part, party in parties),
    )


def _region(entry: RegionEntry, reference: Reference) -> Iterator[Row]:
    yield Row(_("Name of the region"), entry.name)
    yield Row(_("Municipalities"), _municipalities(entry.municipalities, reference))
    if entry.neighbourhoods:
        yield Row(_("Districts and neighbourhoods"), ", ".join(entry.neighbourhoods))
    yield from region_facts(entry, reference)


def region_facts(entry: RegionEntry, reference: Reference) -> tuple[Row, ...]:
    """Give what follows from a region: scale, inhabitants, GGD regions; nothing without municipalities."""
    region = Region(
        name=entry.name,
        municipalities=entry.municipalities,
        neighbourhoods=entry.neighbourhoods,
        inhabitants=entry.inhabitants,
    )
    scales = scales_of(region, reference)
    if not scales:
        return ()
    names = {one.ggd_code: one.ggd for one in reference.municipalities.values()}
    return (
        Row(_("Scale"), ", ".join(scale_label(scale) for scale in scales)),
        Row(_("Inhabitants"), values.number(inhabitants_of(region, reference))),
        Row(_("GGD regions"), ", ".join(names[code] for code in touched(region, reference).ggd)),
    )


def _budget(budget: BudgetEntry, definition: RoundDefinition) -> Iterator[Row | Table]:
    asked_cents = budget.requested_cents
    # An empty field is kept as zero, and nobody asks for nothing.
    yield Row(_("Amount that you ask"), values.money(asked_cents) if asked_cents else "")
    categories = {one.value: values.text(one.label) for one in definition.budget.cost_categories}
    kinds = {"own": _("Own contribution"), "cofinancing": _("Co-financing by others")}
    costs = [
        (categories.get(line.category, line.category), line) for line in budget.lines if line.kind == COST
    ]
    funding = [(kinds[line.kind], line) for line in budget.lines if line.kind != COST]
    yield _money_table(_("Costs"), _("Kind of cost"), costs)
    if funding:
        yield _money_table(_("Own contribution and co-financing"), _("Kind of contribution"), funding)


def _money_table(caption: str, heading: str, lines: list[tuple[str, BudgetItem]]) -> Table:
    total = sum(line.amount_cents for _label, line in lines)
    return Table(
        caption,
        (heading, _("Description"), _("Amount")),
        tuple((label, line.description, values.money(line.amount_cents)) for label, line in lines),
        frozenset({2}),
        (_("Total"), "", values.money(total)),
    )


def _questions(
    section: Section, entry: Entry, known: Mapping[str, JsonValue], reference: Reference
) -> Iterator[Row | Table]:
    for question in section.questions:
        if question.kind is QuestionKind.FILE or not asked(question, known):
            continue
        answer = entry.answers.get(question.id)
        label = values.text(question.label)
        if question.kind is QuestionKind.TABLE:
            yield _table(label, question, answer if isinstance(answer, list) else [])
        else:
            yield Row(label, _value(question, answer, reference))


def _table(caption: str, question: Question, answer: list[JsonValue]) -> Table:
    numbers = {QuestionKind.NUMBER, QuestionKind.MONEY}
    return Table(
        caption,
        tuple(values.text(column.label) for column in question.columns),
        tuple(
            tuple(_plain(column, line.get(column.id)) for column in question.columns)
            for line in answer
            if isinstance(line, dict)
        ),
        frozenset(index for index, column in enumerate(question.columns) if column.kind in numbers),
    )


def _value(question: Question, answer: JsonValue, reference: Reference) -> str:
    if isinstance(answer, list):
        codes = tuple(str(one) for one in answer)
        if question.kind is QuestionKind.MUNICIPALITIES:
            return _municipalities(codes, reference)
        return _labels(codes, question.options)
    if question.kind is QuestionKind.CHOICE and answer is not None:
        return _labels((str(answer),), question.options)
    return _plain(question, answer)


def _plain(question: Question | Column, answer: JsonValue) -> str:
    if answer is None:
        return ""
    if isinstance(answer, bool):
        return str(_("Yes") if answer else _("No"))
    if question.kind is QuestionKind.MONEY and isinstance(answer, int):
        return values.money(answer)
    if question.kind is QuestionKind.DATE and isinstance(answer, str):
        return values.day(date.fromisoformat(answer))
    return str(answer)


def _labels(chosen: tuple[str, ...], options: tuple[Option, ...]) -> str:
    labels = {option.value: values.text(option.label) for option in options}
    return ", ".join(labels.get(value, value) for value in chosen)


def _municipalities(codes: tuple[str, ...], reference: Reference) -> str:
    known = (reference.municipalities.get(reference.resolve(code) or "") for code in codes)
    return ", ".join(one.name if one else code for one, code in zip(known, codes, strict=True))
