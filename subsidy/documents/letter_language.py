"""The language of a letter: Dutch, which decides, or English, a translation that has no legal force.

A sentence stands in the source once, as a `Text` with both languages beside each other.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from subsidy.documents import dutch, english
from workflows.values import Text, filled

Code = Literal["nl", "en"]


@dataclass(frozen=True, slots=True)
class Language:
    """How one language says a sentence, and writes euro cents, dates, numbers and articles."""

    code: Code
    euros: Callable[[int], str]
    amount_in_words: Callable[[int], str]
    long_date: Callable[[date], str]
    weekday_and_date: Callable[[date], str]
    number: Callable[..., str]
    article: Callable[[str], str]

    def say(self, text: Text, /, **values: str) -> str:
        """Give a sentence with `values` in its `{named}` fields; KeyError for a field without one."""
        return filled(text.in_language(self.code), values)

    def choose(self, nl: str, en: str) -> str:
        """Give one of two words for the same, for where a template has both beside each other."""
        return en if self.code == "en" else nl

    def score(self, value: Decimal | None, places: int | None = None) -> str | None:
        """Write a number; None for none."""
        return None if value is None else self.number(value, places)


DUTCH = Language(
    "nl",
    dutch.euros,
    dutch.amount_in_words,
    dutch.long_date,
    dutch.weekday_and_date,
    dutch.decimal_comma,
    dutch.article_in_words,
)
ENGLISH = Language(
    "en",
    english.euros,
    english.amount_in_words,
    english.long_date,
    english.weekday_and_date,
    english.decimal_point,
    english.article_in_words,
)
LANGUAGES: Mapping[Code, Language] = MappingProxyType({"nl": DUTCH, "en": ENGLISH})
