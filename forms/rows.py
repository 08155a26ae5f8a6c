"""Lines to add and remove: in the browser where scripts run, by the server where they do not."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from wtforms import FieldList, Form


class Rows(FieldList):
    """Lines to add and remove; indexes in what is sent may have gaps.

    `sent` holds the indexes as the browser sent them, in order: the entries are renumbered.
    """

    sent: tuple[int, ...] = ()

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
        return self.max_entries is not None and len(self.entries) >= self.max_entries


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
