"""The order in which a page asks, for forms whose fields are made in another one."""

from collections.abc import Iterator
from typing import ClassVar

from wtforms import Field, Form


class InOrder(Form):
    """A form that names its fields, and with them what is wrong, in the order in which the page asks.

    A field that is made while the page is made comes after those of the class; without this its problem would
    stand below that of a field further down the page.
    """

    asked: ClassVar[tuple[str, ...]] = ()
    """Names of the fields at the top of the page, first to last."""
    asked_last: ClassVar[tuple[str, ...]] = ()
    """Names of those at the bottom, first to last; every other field stands between."""

    def __iter__(self) -> Iterator[Field]:
        """Give the fields from the top of the page down."""
        named = (*self.asked, *self.asked_last)
        between = [name for name in self._fields if name not in named]
        names = (*self.asked, *between, *self.asked_last)
        return (self._fields[name] for name in names if name in self._fields)
