"""Lines to add and remove: in the browser where scripts run, by the server where they do not."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from flask_babel import gettext as _
from wtforms import Field, FieldList, Form


class Rows(FieldList):
    """Lines to add and remove; indexes in what is sent may have gaps.

    `sent` holds the indexes as the browser sent them, in order: the entries are renumbered. More than
    `max_entries` lines are kept and told, so that nothing that was typed is lost.
    """

    sent: tuple[int, ...] = ()

    def __init__(self, *args: Any, max_entries: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most = max_entries

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Read the lines that were sent, or those of the stored value."""
        super().process(formdata, data or (), extra_filters)
        if formdata:
            self.sent = tuple(sorted(set(self._extract_indices(self.name, formdata))))

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        pattern = re.compile(
            re.escape(prefix + self._separator) + r"([0-9]{1,6})" + re.escape(self._separator)
        )
        for key in formdata:
            match = pattern.match(key)
            if match:
                yield int(match[1])

    def remove(self, name: str) -> None:
        """Take out the line that the browser knows by this name; a line that is not there is fine."""
        index = name.removeprefix(self.name + self._separator)
        if index.isascii() and index.isdecimal() and int(index) in self.sent:
            position = self.sent.index(int(index))
            if position < len(self.entries):
                self.pop_entry(position)

    @property
    def full(self) -> bool:
        """Whether no line can be added any more."""
        return self.most is not None and len(self.entries) >= self.most

    def validate(self, form: Form, extra_validators: Iterable[Any] = ()) -> bool:
        """Validate every line, and say at each one too many that it is; an empty line does not count."""
        valid = bool(super().validate(form, extra_validators))
        filled = [entry for entry in self.entries if not getattr(entry.form, "blank", False)]
        if self.most is None or len(filled) <= self.most:
            return valid
        for entry in filled[self.most :]:
            first = next(one for one in entry.form if getattr(one.widget, "input_type", "") != "hidden")
            first.errors = [
                *first.errors,
                _(
                    "At most %(most)s lines fit here. Leave this one out or join it with another.",
                    most=self.most,
                ),
            ]
        self.errors = [entry.errors for entry in self.entries]
        return False


def typed(field: Field) -> bool:
    """Whether something was typed in this field of a line, also what cannot be read."""
    return field.data not in (None, "") or any(text.strip() for text in field.raw_data or ())


def change_rows(form: Form, *, add: str | None, remove: str | None) -> bool:
    """Do what a button of a list asks, without scripts; false when no such button was pressed."""
    for field in form:
        if not isinstance(field, Rows):
            continue
        if add == field.name:
            if not field.full:
                field.append_entry()
            return True
        if remove and remove.startswith(field.name + "-"):
            field.remove(remove)
            return True
    return False
