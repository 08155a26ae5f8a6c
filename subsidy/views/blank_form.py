"""The application form as a text: everything that is asked, to read before there is an account.

It is read from the very form that an applicant fills in, so the two cannot differ.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask_babel import gettext as _
from wtforms import Field, FileField, FormField, HiddenField, MultipleFileField, SelectMultipleField

from forms.applicant import section_form
from forms.applicant_questions import name_of
from forms.choices import Offer, OneField, RadioChoiceField, SeveralField
from forms.fields import DayField, LongTextField, MoneyField, WholeNumberField, WordLimit
from forms.rows import Rows
from subsidy.wording.labels import DOMAINS
from subsidy.wording.spoken import language
from subsidy.wording.values import text
from workflows.definition import RoundDefinition, Section

# An aid of the form, not a question.
AIDS = {"area"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that is asked. `how` says how to answer; `parts` are what one line or group consists of."""

    label: str
    hint: str
    how: str
    required: bool
    options: tuple[str, ...]
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One page of the form."""

    id: str
    title: str
    intro: str
    asked: tuple[Asked, ...]


def blank_form(definition: RoundDefinition) -> tuple[Part, ...]:
    """Give all sections of the form, in the language of the page."""
    domains = tuple((code, str(label)) for code, label in DOMAINS.items())
    offer = Offer(language(), domains)
    return tuple(
        Part(section.id, text(section.title), text(section.intro), tuple(_asked(definition, section, offer)))
        for section in definition.sections
    )


def _asked(definition: RoundDefinition, section: Section, offer: Offer) -> Iterator[Asked]:
    form = section_form(definition, section, offer)()
    conditional = {name_of(question) for question in section.questions if question.when is not None}
    for field in form:
        if isinstance(field, HiddenField) or field.name in AIDS:
            continue
        inner = _inner(field)
        yield Asked(
            label=str(field.label.text),
            hint=str(field.description or ""),
            how=_how(field),
            required=_required(field, inner) or field.name in conditional,
            options=_options(field),
            parts=tuple(str(part.label.text) for part in inner),
        )


def _inner(field: Field) -> list[Field]:
    """Give what one line of a list, or a group, consists of."""
    if isinstance(field, FormField):
        line = field.form
    elif isinstance(field, Rows):
        line = field.append_entry().form
    else:
        return []
    return [part for part in line if not isinstance(part, HiddenField)]


def _required(field: Field, inner: list[Field]) -> bool:
    if isinstance(field, FormField):
        return any(part.flags.required for part in inner)
    return bool(field.flags.required)


def _options(field: Field) -> tuple[str, ...]:
    """Give what can be chosen; a list of places is too long to print."""
    if not isinstance(field, SeveralField | RadioChoiceField | OneField):
        return ()
    return tuple(str(choice.label) for choice in field.choices if choice.value)


def _how(field: Field) -> str:
    """Say how a field is answered."""
    for kind, words in HOW:
        if isinstance(field, kind):
            return words(field)
    return str(_("One line of text"))


def _long_text(field: Field) -> str:
    limit = next((one.most for one in field.validators if isinstance(one, WordLimit)), None)
    return str(_("Text")) if limit is None else str(_("Text, at most %(number)s words", number=limit))


def _lines(_field: Field) -> str:
    return str(_("A list: add as many lines as you need"))


HOW: tuple[tuple[type, Callable[[Field], str]], ...] = (
    (MultipleFileField, lambda _field: str(_("One or more files"))),
    (FileField, lambda _field: str(_("A file"))),
    (LongTextField, _long_text),
    (MoneyField, lambda _field: str(_("Amount in euros"))),
    (WholeNumberField, lambda _field: str(_("Whole number"))),
    (DayField, lambda _field: str(_("Date"))),
    (SeveralField, lambda _field: str(_("Tick what applies"))),
    (SelectMultipleField, lambda _field: str(_("Pick one or more from a list"))),
    (RadioChoiceField, lambda _field: str(_("Choose one"))),
    (OneField, lambda _field: str(_("Choose one from a list"))),
    (Rows, _lines),
    (FormField, lambda _field: str(_("A few short fields"))),
)
"""The first kind that fits says how; `_` is gettext there, so the words come in the language of the page."""
