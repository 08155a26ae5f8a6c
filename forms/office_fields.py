"""Fields that only the office needs: a moment in the Netherlands, an exact number, a single check box."""

import re
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField
from wtforms.widgets import DateTimeLocalInput

from forms.fields import DayField, ReadField
from workflows.calendar_nl import AMSTERDAM

_TIME = re.compile(r"(?P<day>.+?)(?:T|,?\s+)(?P<hour>[0-9]{1,2})[:.](?P<minute>[0-9]{2})(?::[0-9]{2})?")
_NUMBER = re.compile(r"[0-9]{1,12}(?:[.,][0-9]{1,6})?")


class MomentField(DayField):
    """A date and a time on the clock in Amsterdam; the value is an aware instant.

    Where the clock goes back an hour, the first of the two is meant.
    """

    widget = DateTimeLocalInput()

    def read(self, text: str) -> datetime:
        """Give the instant; ValueError for what is no moment, or one that the clock skips."""
        match = _TIME.fullmatch(text.strip())
        if match is None:
            raise ValueError(_("Write a date and a time, such as 18-5-2026 14:00."))
        day = super().read(match["day"])
        try:
            clock = time(int(match["hour"]), int(match["minute"]))
        except ValueError:
            raise ValueError(_("Write a time between 00:00 and 23:59.")) from None
        moment = datetime.combine(day, clock, AMSTERDAM)
        if moment.astimezone(UTC).astimezone(AMSTERDAM).time() != clock:
            raise ValueError(_("The clock goes forward then, so this time does not exist."))
        return moment.astimezone(UTC)

    def show(self, value: Any) -> str:
        """Write the moment as browsers want it."""
        moment: datetime = value
        return moment.astimezone(AMSTERDAM).strftime("%Y-%m-%dT%H:%M")


class NumberField(ReadField):
    """A number that is not negative, with decimals after a comma or a dot, kept exactly."""

    def read(self, text: str) -> Decimal:
        """Give the number."""
        plain = text.strip()
        if _NUMBER.fullmatch(plain) is None:
            raise ValueError(_("Write a number, such as 2,5."))
        return Decimal(plain.replace(",", "."))

    def show(self, value: Any) -> str:
        """Write it as it was typed, with a comma."""
        return format(value, "f").replace(".", ",")


class TickField(BooleanField):
    """One check box; it is never needed, so nothing is said about that."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.flags.required = True
