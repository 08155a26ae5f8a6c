"""Fields that the forms of this program share: each gives a clean value and keeps what was typed."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, StringField, TextAreaField
from wtforms.validators import Length, ValidationError
from wtforms.widgets import DateInput, TextInput

from forms.reading import clean_line, clean_text, count_words, read_money, read_whole, show_money

LONGEST_TEXT = 20_000
_BROWSER_DAY = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})")
_WRITTEN_DAY = re.compile(r"(?P<day>[0-9]{1,2})[-/. ](?P<month>[0-9]{1,2})[-/. ](?P<year>[0-9]{4})")
FIRST_YEAR, LAST_YEAR = 1900, 2999


class Needed:
    """Marks a field that has to be filled in before submission; a draft may be saved without it."""

    field_flags: Mapping[str, bool] = {"required": True}

    def __call__(self, form: Form, field: Field) -> None:
        """Accept anything: what is missing in a draft is listed, not refused."""


class WordLimit:
    """At most so many words, counted as the page in the browser counts them."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, _form: Form, field: Field) -> None:
        """Refuse a text with more words, and say how many too many."""
        words = count_words(field.data or "")
        if words > self.most:
            raise ValidationError(
                _(
                    "This text has %(words)s words; at most %(most)s are allowed. Leave out %(over)s words.",
                    words=words,
                    most=self.most,
                    over=words - self.most,
                )
            )


class Between:
    """A number between two bounds, both allowed; nothing typed is for `Needed` to judge."""

    def __init__(self, least: int, most: int) -> None:
        self.least = least
        self.most = most

    def __call__(self, _form: Form, field: Field) -> None:
        """Refuse a number outside the bounds."""
        if field.data is not None and not self.least <= field.data <= self.most:
            raise ValidationError(
                _("Write a number from %(least)s to %(most)s.", least=self.least, most=self.most)
            )


def _longest(most: int) -> Length:
    return Length(max=most, message=_l("At most %(max)d characters."))


class LineField(StringField):
    """One line of text, cleaned; empty text when nothing was typed."""

    def __init__(
        self, label: object = None, validators: Sequence[object] = (), most: int = 200, **kwargs: Any
    ) -> None:
        super().__init__(label, [*validators, _longest(most)], filters=[clean_line], **kwargs)


class LongTextField(TextAreaField):
    """Text of several lines, cleaned; empty text when nothing was typed."""

    def __init__(
        self, label: object = None, validators: Sequence[object] = (), most: int = LONGEST_TEXT, **kwargs: Any
    ) -> None:
        super().__init__(label, [*validators, _longest(most)], filters=[clean_text], **kwargs)


class ReadField(Field):
    """A line that is read as a value. What was typed stays on the page when it cannot be read."""

    widget = TextInput()

    def read(self, text: str) -> object:
        """Give the value; ValueError with words for the person when there is none in the text."""
        raise NotImplementedError

    def show(self, value: Any) -> str:
        """Write a stored value as a person would type it."""
        return str(value)

    def _value(self) -> str:
        if self.raw_data:
            return clean_line(str(self.raw_data[0]))
        return "" if self.data is None else self.show(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; an empty line is no value."""
        self.data = None
        if valuelist and valuelist[0].strip():
            self.data = self.read(valuelist[0])
        elif valuelist:
            self.raw_data = [""]  # spaces alone are nothing for InputRequired too


class MoneyField(ReadField):
    """An amount in euros as exact cents, typed in Dutch or in English convention."""

    def __init__(
        self, label: object = None, validators: object = None, language: str = "nl", **kwargs: Any
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.language = language

    def read(self, text: str) -> int:
        """Give the cents."""
        return read_money(text)

    def show(self, value: int) -> str:
        """Write the amount in the convention of the page."""
        return show_money(value, self.language)


class WholeNumberField(ReadField):
    """A whole number that is not negative."""

    def read(self, text: str) -> int:
        """Give the number."""
        return read_whole(text)


class DayField(ReadField):
    """A date: as browsers send it (2026-05-18) or as people write it (18-5-2026)."""

    widget = DateInput()

    def read(self, text: str) -> date:
        """Give the date."""
        plain = text.strip()
        match = _BROWSER_DAY.fullmatch(plain) or _WRITTEN_DAY.fullmatch(plain)
        try:
            if match is not None and FIRST_YEAR <= int(match["year"]) <= LAST_YEAR:
                return date(int(match["year"]), int(match["month"]), int(match["day"]))
        except ValueError:  # a day that no month has
            pass
        raise ValueError(_("Write a date, such as 18-5-2026."))

    def show(self, value: date) -> str:
        """Write the date as browsers want it."""
        return value.isoformat()
