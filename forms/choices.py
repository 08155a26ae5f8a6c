"""Fields to choose with: lists, radio buttons, check boxes, and long lists of places."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, RadioField, SelectField, SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

YES, NO = "yes", "no"
Options = Iterable[tuple[str, object]]
"""What is stored, and what it reads."""


@dataclass(frozen=True, slots=True)
class Place:
    """Something to pick, under a heading: a municipality in its province, a region among its kind.

    `areas` are the values of the larger areas that it lies in, `also` other names to find it by.
    """

    value: str
    label: str
    heading: str
    areas: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """What a form offers, in the language of the page; gathered by who makes the form.

    Domains, municipalities, larger areas whose municipalities go together, and for a budget the key and name
    of who takes part and the number of years of the project. `former` leads from the codes of
    former municipalities to those of today. `today` and `asked_cents` are for state aid.
    """

    language: str = "nl"
    domains: tuple[tuple[str, str], ...] = ()
    municipalities: tuple[Place, ...] = ()
    areas: tuple[Place, ...] = ()
    participants: tuple[tuple[str, str], ...] = ()
    years: int = 1
    former: Mapping[str, str] = field(default_factory=dict)
    predecessors: tuple[tuple[str, str], ...] = ()
    regiobeelden: tuple[tuple[str, str], ...] = ()
    money_sources: tuple[tuple[str, str], ...] = ()
    today: date = date.max
    asked_cents: int = 0


def choose_one(label: object, validators: list[object], options: Options, **kwargs: Any) -> Field:
    """Give a list to choose one from; the empty choice comes first and gives empty text."""
    return OneField(label, validators, choices=[_empty(), *_choices(options)], default="", **kwargs)


def choose_first(label: object, validators: list[object], options: Options) -> Field:
    """Give a list without an empty choice: what nobody touched says the first."""
    choices = _choices(options)
    return OneField(label, validators, choices=choices, default=choices[0].value)


def choose_radio(label: object, validators: list[object], options: Options, **kwargs: Any) -> Field:
    """Give radio buttons, of which one or none is taken; None when none."""
    return RadioChoiceField(label, validators, choices=_choices(options), **kwargs)


def choose_yes_no(label: object, validators: list[object], **kwargs: Any) -> Field:
    """Give yes and no; the field has the boolean as `answer`, None when not answered."""
    return YesNoField(label, validators, choices=_choices(((YES, _("Yes")), (NO, _("No")))), **kwargs)


def choose_several(label: object, validators: list[object], options: Options, **kwargs: Any) -> Field:
    """Give check boxes, of which any number is ticked."""
    return SeveralField(label, validators, choices=_choices(options), default=(), **kwargs)


def choose_places(label: object, validators: list[object], places: Iterable[Place], **kwargs: Any) -> Field:
    """Give a long list to pick any number of places from."""
    return PlacesField(
        label,
        validators,
        choices=_grouped(places),
        invalid_choice_message=_l("Choose from the list."),
        default=(),
        **kwargs,
    )


def choose_place(label: object, places: Iterable[Place]) -> Field:
    """Give a long list to pick one place from, or none."""
    return OneField(label, [], choices=[_empty(), *_grouped(places)], default="")


class OneField(SelectField):
    """A list to choose one from; an empty choice is for whoever needs the answer to judge."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, invalid_choice_message=_l("Choose one from the list."), **kwargs)

    def pre_validate(self, form: Form) -> None:
        """Refuse what is not in the list."""
        if self.data:
            super().pre_validate(form)


class PlacesField(SelectMultipleField):
    """A long list of places; the value of a place of before picks the one that it became.

    `former` leads from the one to the other; `renewed` are those that were read so.
    """

    data: Any

    def __init__(self, *args: Any, former: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.former = former or {}
        self.renewed: tuple[str, ...] = ()

    def process_data(self, value: Iterable[str] | None) -> None:
        """From what is stored."""
        super().process_data(value)
        self._renew()

    def process_formdata(self, valuelist: list[str]) -> None:
        """From what was picked."""
        super().process_formdata(valuelist)
        self._renew()

    def _renew(self) -> None:
        self.renewed = tuple(one for one in self.data or () if one in self.former)
        self.data = list(dict.fromkeys(self.former.get(one, one) for one in self.data or ()))


class RadioChoiceField(RadioField):
    """Radio buttons; nothing chosen is fine for a draft."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, invalid_choice_message=_l("Choose one of these."), **kwargs)

    def pre_validate(self, form: Form) -> None:
        """Refuse what is not among the buttons."""
        if self.data:
            super().pre_validate(form)


class YesNoField(RadioChoiceField):
    """Yes or no; stored as a boolean."""

    def process_data(self, value: bool | None) -> None:  # noqa: FBT001  # WTForms gives it so
        """From the stored boolean to the button."""
        self.data = None if value is None else YES if value else NO

    @property
    def answer(self) -> bool | None:
        """The button as a boolean."""
        return {YES: True, NO: False}.get(self.data or "")


class SeveralField(SelectMultipleField):
    """Check boxes; the group may be needed, a single box in it never is."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, invalid_choice_message=_l("Choose from the list."), **kwargs)

    def __iter__(self) -> Iterator[Field]:
        for box in super().__iter__():
            box.flags.required = False
            yield box


def _empty() -> SelectChoice:
    return SelectChoice("", str(_("Choose")))


def _choices(options: Options) -> list[SelectChoice]:
    return [SelectChoice(value, str(label)) for value, label in options]


def _grouped(places: Iterable[Place]) -> list[SelectChoice]:
    return [
        SelectChoice(
            place.value,
            place.label,
            {"data-areas": " ".join(place.areas) or None, "data-also": ",".join(place.also) or None},
            optgroup=place.heading,
        )
        for place in places
    ]
