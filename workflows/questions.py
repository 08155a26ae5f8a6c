"""What a form asks: its sections, their questions, and how each is answered."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from workflows.values import Fault, Identifier, Model, Ordinal, Slug, Text, refuse


class QuestionKind(StrEnum):
    """How a question is answered.

    JSON of the answer: short_text, long_text, choice, organisation: text; choices, municipalities,
    file: list of text; number: integer; money: euro cents; date: ISO text; yes_no: boolean;
    table: list of objects with the ids of its columns.
    """

    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    CHOICES = "choices"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    YES_NO = "yes_no"
    TABLE = "table"
    ORGANISATION = "organisation"
    MUNICIPALITIES = "municipalities"
    FILE = "file"


class FileKind(StrEnum):
    """What a file question takes: PDF, documents of an office program, pictures."""

    PDF = "pdf"
    OFFICE = "office"
    IMAGE = "image"


MOST_MEGABYTES = 25
# Among the answers, ids that begin so are what a section asks by itself and has no column for.
OWN_ANSWER = "own_"
# The file question, where a definition has it, whose files are the regiobeeld.
REGIOBEELD_FILE = "regiobeeld_file"

WITH_OPTIONS = {QuestionKind.CHOICE, QuestionKind.CHOICES}
WITH_WORDS = {QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT}
IN_A_COLUMN = {
    QuestionKind.SHORT_TEXT,
    QuestionKind.NUMBER,
    QuestionKind.MONEY,
    QuestionKind.DATE,
    QuestionKind.YES_NO,
}


class Option(Model):
    """One of the answers to choose from; `value` is what is stored."""

    value: Slug
    label: Text


class Column(Model):
    """A column of a table question; only kinds that fit in one cell."""

    id: Identifier
    label: Text
    kind: QuestionKind = QuestionKind.SHORT_TEXT


class Condition(Model):
    """Ask only when an earlier question was answered so; for `choices`: when it is among them."""

    question: Identifier
    equals: bool | str

    def met(self, answers: Mapping[str, object]) -> bool:
        """Tell whether the answers given so far meet the condition."""
        answer = answers.get(self.question)
        return self.equals in answer if isinstance(answer, list) else answer == self.equals


class Question(Model):
    """One question. Its id is the key of the answer and is unique in the whole definition.

    `accepts`, `max_megabytes` (per file) and `max_files` are for a question of kind file.
    `names_applicant`: the answer says who applies, so reviewers do not get it where a round hides that.
    """

    id: Identifier
    kind: QuestionKind
    label: Text
    help: Text | None = None
    required: bool = True
    max_words: Ordinal | None = None
    accepts: tuple[FileKind, ...] = tuple(FileKind)
    max_megabytes: Annotated[Ordinal, Field(le=MOST_MEGABYTES)] = MOST_MEGABYTES
    max_files: Ordinal = 10
    options: tuple[Option, ...] = ()
    columns: tuple[Column, ...] = ()
    when: Condition | None = None
    names_applicant: bool = False

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        faults = []
        if bool(self.options) is not (self.kind in WITH_OPTIONS):
            faults.append(Fault(("options",), "options_misplaced", "go with choice and choices"))
        if bool(self.columns) is not (self.kind is QuestionKind.TABLE):
            faults.append(Fault(("columns",), "columns_misplaced", "go with a table"))
        if self.max_words is not None and self.kind not in WITH_WORDS:
            faults.append(Fault(("max_words",), "words_misplaced", "goes with a text"))
        if not self.accepts:
            faults.append(Fault(("accepts",), "accepts_nothing", "names at least one kind of file"))
        faults += [
            Fault(("columns", index, "kind"), "column_kind", "does not fit in a cell")
            for index, column in enumerate(self.columns)
            if column.kind not in IN_A_COLUMN
        ]
        faults += repeated("options", "value", [option.value for option in self.options])
        faults += repeated("columns", "id", [column.id for column in self.columns])
        refuse("Question", faults)
        return self


class SectionKind(StrEnum):
    """What a section asks by itself, before its own questions.

    QUESTIONS: nothing. PROJECT: title, summary, months, the themes of the definition (when it has
    any), the predecessor (when the rules name predecessor kinds) and where the regiobeeld is (when
    the rules require one). PARTNERS: lead and partners with their domain. REGION: municipalities,
    neighbourhoods, inhabitants. BUDGET: amount asked, lines per cost category and, where
    `own_contribution`, co-financing. ATTACHMENTS: nothing; its questions are of kind file.
    """

    QUESTIONS = "questions"
    PROJECT = "project"
    PARTNERS = "partners"
    REGION = "region"
    BUDGET = "budget"
    ATTACHMENTS = "attachments"


class Section(Model):
    """One page of the form."""

    id: Identifier
    kind: SectionKind
    title: Text
    intro: Text | None = None
    questions: tuple[Question, ...] = ()


def repeated(field: str, key: str, values: list[str]) -> list[Fault]:
    """Give a fault for each value that stands earlier in the list."""
    return [
        Fault((field, index, key), "id_repeated", "is used earlier")
        for index, value in enumerate(values)
        if value in values[:index]
    ]
