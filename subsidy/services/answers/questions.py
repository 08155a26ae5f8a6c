"""The questions of a section with their answers, in words."""

from collections.abc import Iterator
from datetime import date

from flask_babel import gettext as _
from pydantic import JsonValue

from subsidy.services.answers.parts import Row, Table, labels, municipality_names
from subsidy.services.entries import Entry
from subsidy.wording import values
from workflows.definition import Column, Question, QuestionKind, Section
from workflows.regions import Reference


def question_words(
    section: Section, entry: Entry, shown: frozenset[str], reference: Reference
) -> Iterator[Row | Table]:
    """Give the questions that are asked, with their answers."""
    for question in section.questions:
        if question.kind is QuestionKind.FILE or question.id not in shown:
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
            return municipality_names(codes, reference)
        return labels(codes, question.options)
    if question.kind is QuestionKind.CHOICE and answer is not None:
        return labels((str(answer),), question.options)
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
