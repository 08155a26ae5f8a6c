"""What officers type as the words of letters: Dutch and English beside each other, with fields in braces."""

from collections.abc import Callable, Iterable, Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, HiddenField
from wtforms.validators import DataRequired, ValidationError

from forms.fields import LineField, LongTextField, Needed
from workflows.letter_parts import Lack, stray_fields
from workflows.letter_words import Spot, Words, paragraphs
from workflows.phrases import Place, fields_at

LONGEST_PART = 10_000
LONGEST_REASON = 2_000
LONGEST_REFERENCE = 40
LANGUAGES: Mapping[str, object] = {"nl": _l("Dutch"), "en": _l("English")}


class MergeFields:
    """Only fields that a letter fills at this place; a page keeps the rest and says which there are."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def __call__(self, _form: Form, field: Field) -> None:
        """Refuse a field that nothing fills, and a brace that is part of none."""
        for fault in stray_fields(self.place, field.data or ""):
            if fault.code is Lack.FIELD_UNKNOWN:
                raise ValidationError(
                    _(
                        "Nothing fills the field %(field)s here. Choose one of these: %(fields)s.",
                        field=f"{{{fault.field}}}",
                        fields=", ".join(f"{{{one}}}" for one in sorted(fields_at(self.place))),
                    )
                )
            raise ValidationError(
                _("A brace stands alone. Write a field with both braces, such as %(field)s.", field="{title}")
            )


class WordsForm(Form):
    """Some of the words of a round; `words_form` adds two fields for each place.

    `seen` is the mark of the words that the page showed.
    """

    seen = HiddenField()

    @staticmethod
    def name_of(spot: Spot, language: str) -> str:
        """Give the name of the field of a place in a language."""
        return f"{spot.key}-{language}"

    def typed(self, spots: Iterable[Spot]) -> dict[Place, Words]:
        """Give what was typed, by place: paragraphs where there can be several, else one text."""
        return {
            spot.place: Words(
                *(_read(spot, self[self.name_of(spot, one)].data or "") for one in ("nl", "en"))
            )
            for spot in spots
        }


class PublishForm(Form):
    """Why the words change; `seen` is the mark of all words that the page told of."""

    seen = HiddenField()
    reason = LongTextField(
        _l("Why the words change"),
        [DataRequired(_l("Say why: a colleague who reads this later has to know."))],
        description=_l("Only the office reads this, in the list of versions."),
        most=LONGEST_REASON,
    )


class ChooseForm(Form):
    """The application on which a preview is made."""

    aanvraag = LineField(
        _l("Reference of an application"),
        [DataRequired(_l("Fill in a reference."))],
        most=LONGEST_REFERENCE,
    )


def words_form(spots: Iterable[Spot], label: Callable[[Place], str]) -> type[WordsForm]:
    """Make the form of these places; `label` gives what a place is called."""
    fields: dict[str, object] = {}
    for spot in spots:
        for language, named in LANGUAGES.items():
            fields[WordsForm.name_of(spot, language)] = LongTextField(
                _l("%(part)s (%(language)s)", part=label(spot.place), language=named),
                [*([Needed()] if spot.needed else []), MergeFields(spot.place)],
                description=_l("A blank line begins a new paragraph.") if spot.many else "",
                most=LONGEST_PART,
                render_kw={"lang": language},
            )
    return type("RoundWordsForm", (WordsForm,), fields)


def shown(words: Words) -> tuple[str, str]:
    """Give words as a form begins with them: Dutch and English, a blank line between paragraphs."""
    return "\n\n".join(words.nl), "\n\n".join(words.en)


def _read(spot: Spot, text: str) -> tuple[str, ...]:
    if spot.many:
        return paragraphs(text)
    return (text.strip(),) if text.strip() else ()
