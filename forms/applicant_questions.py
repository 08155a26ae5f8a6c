"""The questions of a definition as form fields, one maker per kind of question.

A field is called `answer-<question id>`, so that no question takes the name of something else.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from wtforms import Field, Form, FormField, MultipleFileField

from forms.choices import (
    Offer,
    YesNoField,
    choose_one,
    choose_places,
    choose_radio,
    choose_several,
    choose_yes_no,
)
from forms.fields import DayField, LineField, LongTextField, MoneyField, Needed, WholeNumberField, WordLimit
from forms.rows import Rows
from workflows.definition import Column, Question, QuestionKind

PREFIX = "answer-"
CELL = "cell-"
MOST_ROWS = 100
LONGEST_ANSWER = 500
# More options than this are a list instead of radio buttons.
MOST_RADIOS = 6

Answer = Any  # JSON: what QuestionKind says per kind
Make = Callable[[Question, dict[str, Any], Offer], Field]


def name_of(question: Question) -> str:
    """The name of the field of a question."""
    return PREFIX + question.id


def question_fields(questions: Iterable[Question], offer: Offer) -> dict[str, Field]:
    """Give the unbound fields of these questions by name."""
    known = tuple(questions)
    return {
        name_of(question): MAKERS[question.kind](question, _common(question, known, offer), offer)
        for question in known
    }


def answers_in(form: Form, questions: Iterable[Question]) -> dict[str, Answer]:
    """Give the answers of a valid form as JSON by question id, without files and what was left empty."""
    answers = {
        question.id: _answer(form[name_of(question)])
        for question in questions
        if question.kind is not QuestionKind.FILE
    }
    return {key: answer for key, answer in answers.items() if filled(answer)}


def form_data(questions: Iterable[Question], answers: Mapping[str, Answer]) -> dict[str, Any]:
    """Give stored answers as the data of the form: the way back from `answers_in`."""
    return {
        name_of(question): _shown(question, answers[question.id])
        for question in questions
        if question.id in answers
    }


def filled(answer: Answer) -> bool:
    """Whether something was answered; no and zero are answers."""
    return answer not in (None, "", [])  # a list has no hash


def row_form(question: Question, offer: Offer) -> type[Form]:
    """The form of one line of a table."""
    cells = {CELL + column.id: _cell(column, offer) for column in question.columns}
    return type("TableRow", (Form,), cells)


def _common(question: Question, known: tuple[Question, ...], offer: Offer) -> dict[str, Any]:
    hints = [question.help.in_language(offer.language)] if question.help else []
    earlier = next((one for one in known if question.when and one.id == question.when.question), None)
    if earlier is not None and question.when is not None:
        hints.append(_when(earlier, question.when.equals, offer.language))
    return {
        "label": question.label.in_language(offer.language),
        "description": " ".join(hints),
        "validators": [Needed()] if question.required and question.when is None else [],
    }


def _when(earlier: Question, equals: object, language: str) -> str:
    labels = {option.value: option.label.in_language(language) for option in earlier.options}
    answer = labels.get(equals, equals) if isinstance(equals, str) else _("Yes") if equals else _("No")
    return str(
        _(
            "Only when you answered “%(answer)s” to “%(question)s”.",
            answer=answer,
            question=earlier.label.in_language(language),
        )
    )


def _options(question: Question, offer: Offer) -> tuple[tuple[str, str], ...]:
    return tuple((option.value, option.label.in_language(offer.language)) for option in question.options)


def _short_text(question: Question, common: dict[str, Any], _offer: Offer) -> Field:
    return LineField(most=LONGEST_ANSWER, **_with_limit(question, common))


def _long_text(question: Question, common: dict[str, Any], _offer: Offer) -> Field:
    return LongTextField(**_with_limit(question, common))


def _with_limit(question: Question, common: dict[str, Any]) -> dict[str, Any]:
    if question.max_words:
        common["validators"] = [*common["validators"], WordLimit(question.max_words)]
    return common


def _choice(question: Question, common: dict[str, Any], offer: Offer) -> Field:
    make = choose_radio if len(question.options) <= MOST_RADIOS else choose_one
    return make(options=_options(question, offer), **common)


def _table(question: Question, common: dict[str, Any], offer: Offer) -> Field:
    return Rows(FormField(row_form(question, offer)), max_entries=MOST_ROWS, **common)


MAKERS: Mapping[QuestionKind, Make] = {
    QuestionKind.SHORT_TEXT: _short_text,
    QuestionKind.LONG_TEXT: _long_text,
    QuestionKind.CHOICE: _choice,
    QuestionKind.CHOICES: lambda question, common, offer: choose_several(
        options=_options(question, offer), **common
    ),
    QuestionKind.NUMBER: lambda _question, common, _offer: WholeNumberField(**common),
    QuestionKind.MONEY: lambda _question, common, offer: MoneyField(language=offer.language, **common),
    QuestionKind.DATE: lambda _question, common, _offer: DayField(**common),
    QuestionKind.YES_NO: lambda _question, common, _offer: choose_yes_no(**common),
    QuestionKind.TABLE: _table,
    QuestionKind.ORGANISATION: lambda _question, common, _offer: LineField(most=LONGEST_ANSWER, **common),
    QuestionKind.MUNICIPALITIES: lambda _question, common, offer: choose_places(
        places=offer.municipalities, **common
    ),
    QuestionKind.FILE: lambda _question, common, _offer: MultipleFileField(**common),
}


def _cell(column: Column, offer: Offer) -> Field:
    label = column.label.in_language(offer.language)
    match column.kind:
        case QuestionKind.NUMBER:
            return WholeNumberField(label, [Needed()])
        case QuestionKind.MONEY:
            return MoneyField(label, [Needed()], language=offer.language)
        case QuestionKind.DATE:
            return DayField(label, [Needed()])
        case QuestionKind.YES_NO:
            return choose_yes_no(label, [Needed()])
        case _:
            return LineField(label, [Needed()], most=LONGEST_ANSWER)


def _answer(field: Field) -> Answer:
    if isinstance(field, Rows):
        lines = ({cell.short_name.removeprefix(CELL): _answer(cell) for cell in line.form} for line in field)
        told = ({key: value for key, value in line.items() if filled(value)} for line in lines)
        return [line for line in told if line]
    if isinstance(field, YesNoField):
        return field.answer
    return field.data.isoformat() if isinstance(field.data, date) else field.data or _nothing(field)


def _nothing(field: Field) -> Answer:
    """Zero is an answer; anything else that is empty is none."""
    return field.data if isinstance(field.data, int) else None


def _shown(question: Question, answer: Answer) -> Any:
    if question.kind is QuestionKind.TABLE:
        kinds = {column.id: column.kind for column in question.columns}
        return [
            {CELL + key: _from_json(kinds[key], value) for key, value in row.items() if key in kinds}
            for row in answer
        ]
    return _from_json(question.kind, answer)


def _from_json(kind: QuestionKind, answer: Answer) -> Any:
    return date.fromisoformat(answer) if kind is QuestionKind.DATE else answer
