"""Everything that was entered in an application, in words, section by section.

One reading for all who see it: the review page of the applicant, the receipt, the office, the reviewers.
Words are those of the language of the page; a job chooses one with `force_locale`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pydantic import JsonValue

from subsidy import clock
from subsidy.models import Application
from subsidy.services.answers.budget import budget_words
from subsidy.services.answers.nameless import (
    NamelessFile,
    file_for_reviewers,
    nameless_file,
    nameless_names,
    nameless_partners,
)
from subsidy.services.answers.partners import AidBasis, partners_words
from subsidy.services.answers.parts import Row, SectionAnswers, ShownFile, Table
from subsidy.services.answers.project import project_words
from subsidy.services.answers.questions import question_words
from subsidy.services.answers.region import region_facts, region_words
from subsidy.services.entries import (
    BudgetEntry,
    Entry,
    PartnersEntry,
    ProjectEntry,
    RegionEntry,
    stored_entry,
)
from subsidy.wording import values
from subsidy.wording.spoken import language
from workflows.definition import QuestionKind, RoundDefinition, Section
from workflows.regions import Reference
from workflows.states import ApplicationState

__all__ = [
    "NamelessFile",
    "Row",
    "SectionAnswers",
    "ShownFile",
    "Table",
    "answers_of",
    "differences",
    "file_for_reviewers",
    "forget",
    "region_facts",
    "section_answers",
]

WRITABLE = frozenset({ApplicationState.DRAFT, ApplicationState.SUPPLEMENT_REQUESTED})
MOST_KEPT = 256
_KEPT: dict[tuple[object, ...], tuple[SectionAnswers, ...]] = {}


def answers_of(
    application: Application,
    definition: RoundDefinition,
    reference: Reference,
    *,
    for_reviewers: bool = False,
) -> tuple[SectionAnswers, ...]:
    """Give every section in the order of the form, also what was left empty.

    `for_reviewers` leaves out what is for paying and for letters, and says nothing about quality: account
    number, RSIN, postcode (data minimisation, AVG art. 5(1)(c)). In a round that hides the applicants it
    leaves out names too, see `nameless`.
    """
    words = _words_of(application, definition, reference, for_reviewers=for_reviewers)
    return tuple(
        replace(answers, files=_files(application, definition, section, for_reviewers=for_reviewers))
        for answers, section in zip(words, definition.sections, strict=True)
    )


def forget() -> None:
    """Let go of every reading that is kept; for tests, whose databases use the same numbers again."""
    _KEPT.clear()


def _words_of(
    application: Application, definition: RoundDefinition, reference: Reference, *, for_reviewers: bool
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
        for_reviewers,
    )
    found = None if application.state in WRITABLE else _KEPT.get(key)
    if found is None:
        aid_basis = _aid_basis(application)
        hides = for_reviewers and definition.reviewing.hide_applicants
        named = {one.key: one.name for one in application.participations}
        names = nameless_names(application) if hides else named
        found = tuple(
            section_answers(
                section,
                stored_entry(application, section),
                application.answers,
                definition,
                reference,
                aid_basis,
                names,
                for_reviewers=for_reviewers,
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
    aid_basis: AidBasis | None = None,
    names: Mapping[str, str] | None = None,
    *,
    for_reviewers: bool = False,
) -> SectionAnswers:
    """Give one section as entered; `answers` of the whole form tell which questions are asked.

    Without `aid_basis` the sums of state aid are left out; `names` are those of partners, by their key.
    """
    shown = definition.asked({**answers, **entry.answers})
    if for_reviewers:
        shown -= definition.hidden_from_reviewers()
    own = _own(entry, definition, reference, aid_basis, names or {}, for_reviewers=for_reviewers)
    parts = [*own, *question_words(section, entry, shown, reference)]
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
        if table.derived:
            continue
        yield table.caption, "\n".join(", ".join(cell for cell in row if cell) for row in table.rows)


def _files(
    application: Application, definition: RoundDefinition, section: Section, *, for_reviewers: bool
) -> tuple[tuple[str, tuple[ShownFile, ...]], ...]:
    hidden = definition.hidden_from_reviewers() if for_reviewers else frozenset()
    nameless = for_reviewers and definition.reviewing.hide_applicants
    return tuple(
        (
            values.text(question.label),
            tuple(
                nameless_file(one) if nameless else one
                for one in application.attachments
                if one.question == question.id
            ),
        )
        for question in section.questions
        if question.kind is QuestionKind.FILE and question.id not in hidden
    )


def _aid_basis(application: Application) -> AidBasis:
    """State aid is counted back from the day on which the application was received; a draft's last change."""
    moment = application.completed_at or application.submitted_at or application.updated_at
    return AidBasis(clock.day_of(moment), application.requested_cents)


def _own(
    entry: Entry,
    definition: RoundDefinition,
    reference: Reference,
    aid_basis: AidBasis | None,
    names: Mapping[str, str],
    *,
    for_reviewers: bool,
) -> Iterator[Row | Table]:
    match entry.own:
        case ProjectEntry() as project:
            yield from project_words(project, definition)
        case PartnersEntry() as partners:
            if for_reviewers and definition.reviewing.hide_applicants:
                partners = nameless_partners(partners)
            yield from partners_words(partners, definition, aid_basis, for_reviewers=for_reviewers)
        case RegionEntry() as region:
            yield from region_words(region, reference)
        case BudgetEntry() as budget:
            yield from budget_words(budget, definition, names)
        case None:
            pass
