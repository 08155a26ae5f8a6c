"""A list to choose from that keeps what was chosen when it is offered no longer."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.fields import SelectChoice

from forms.choices import OneField, Options

EMPTY = SelectChoice("", _l("Choose"))


class KeptChoiceField(OneField):
    """A list to choose one from. A choice of the form `keeps` that left the list stays, and the hint says so.

    `gone` is what such a choice reads, `gone_hint` what to do about it.
    """

    choices: Any

    def __init__(
        self, *args: Any, keeps: re.Pattern[str], gone: object, gone_hint: object, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._keeps = keeps
        self._gone = gone
        self._gone_hint = gone_hint

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        """Take the value, and offer it too when it was offered before."""
        super().process(formdata, *args, **kwargs)
        known: list[SelectChoice] = self.choices or []
        offered = self.data in {choice.value for choice in known}
        if self.data and not offered and self._keeps.fullmatch(self.data):
            self.choices = [*known, SelectChoice(self.data, str(self._gone))]
            self.description = self._gone_hint


def grouped(heading: object, options: Options) -> list[SelectChoice]:
    """Give choices that stand together under a heading."""
    return [SelectChoice(value, str(label), optgroup=str(heading)) for value, label in options]
