"""Amounts, dates and sizes as people read them, in the language of the page (or the one a job chose)."""

from datetime import date, datetime
from functools import lru_cache

import babel.dates
from flask_babel import format_datetime, format_decimal

from subsidy import clock
from subsidy.wording.spoken import language
from workflows.definition import Text

NOTHING = "\N{EN DASH}"
DUTCH = str.maketrans(",.", ".,")
MEGABYTE, KILOBYTE = 1024 * 1024, 1024


def money(cents: int | None, language_code: str | None = None) -> str:
    """Euro cents as people write them: € 10.000 or € 10.000,50, with a space that never breaks.

    A long list says the language itself: finding it costs more than writing the amount.
    """
    if cents is None:
        return NOTHING
    sign, amount = ("-" if cents < 0 else ""), abs(cents)
    rest = f".{amount % 100:02d}" if amount % 100 else ""
    return f"€\N{NO-BREAK SPACE}{sign}{_in_convention(f'{amount // 100:,}{rest}', language_code)}"


def number(value: int | None) -> str:
    """A whole number with its thousands apart: 12.500."""
    return NOTHING if value is None else _in_convention(f"{value:,}")


def decimal(value: float | None) -> str:
    """A number with at most two decimals: 3,25."""
    return NOTHING if value is None else str(format_decimal(value, "#,##0.##"))


def percentage(value: float | None) -> str:
    """A part of 1 as people read it, with at most one decimal: 42,5%."""
    return NOTHING if value is None else f"{format_decimal(100 * value, '#,##0.#')}%"


def day(value: date | datetime | None, language_code: str | None = None) -> str:
    """A date in full, in Amsterdam: 18 mei 2026. A long list says the language itself."""
    if value is None:
        return NOTHING
    moment = clock.day_of(value) if isinstance(value, datetime) else value
    return _day(moment, language_code or language())


@lru_cache(maxsize=4096)
def _day(value: date, language_code: str) -> str:
    """A list says the same few dates again and again."""
    return str(babel.dates.format_date(value, "d MMMM y", locale=language_code))


def instant(value: datetime | None) -> str:
    """A date and time in Amsterdam: 18 mei 2026, 14:00."""
    return NOTHING if value is None else str(format_datetime(value, "d MMMM y, HH:mm"))


def text(value: Text | str | None) -> str:
    """A text of a definition in the language of the page."""
    return value.in_language(language()) if isinstance(value, Text) else value or ""


def size(count: int) -> str:
    """Bytes as people read them."""
    if count >= MEGABYTE:
        return _in_convention(f"{count / MEGABYTE:.1f}".removesuffix(".0")) + " MB"
    return f"{max(1, count // KILOBYTE)} kB"


def _in_convention(digits: str, language_code: str | None = None) -> str:
    return digits.translate(DUTCH) if (language_code or language()) == "nl" else digits
