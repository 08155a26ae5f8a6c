"""Amounts, dates and numbers as the English courtesy translation of a letter writes them.

The sibling of `dutch`, in British order: a day stands before its month.
"""

from datetime import date
from decimal import Decimal

from babel.dates import format_date
from num2words import num2words

from subsidy.documents.articles import ArticleWords, written

LOCALE = "en_GB"
ARTICLES = ArticleWords(
    article="article",
    articles="articles",
    last="and",
    ordinals=("first", "second", "third", "fourth", "fifth", "sixth"),
    paragraph="paragraph",
    part="under",
)


def euros(cents: int) -> str:
    """Write an amount as `€9,100.00`."""
    sign = "-" if cents < 0 else ""
    whole, fraction = divmod(abs(cents), 100)
    return f"{sign}€{whole:,}.{fraction:02d}"


def amount_in_words(cents: int) -> str:
    """Spell an amount of euro cents: 910050 is "nine thousand one hundred euros and fifty cents".

    Raises ValueError for a negative amount.
    """
    if cents < 0:
        message = f"cannot spell a negative amount: {cents}"
        raise ValueError(message)
    whole, fraction = divmod(cents, 100)
    words = f"{_spelled(whole)} {'euro' if whole == 1 else 'euros'}"
    return f"{words} and {_spelled(fraction)} {'cent' if fraction == 1 else 'cents'}" if fraction else words


def _spelled(number: int) -> str:
    return str(num2words(number, lang="en")).replace(",", "")


def long_date(day: date) -> str:
    """Write a date as `24 November 2026`."""
    return str(format_date(day, "d\N{NO-BREAK SPACE}MMMM y", locale=LOCALE))


def weekday_and_date(day: date) -> str:
    """Write a date as `Tuesday 24 November 2026`."""
    return f"{format_date(day, 'EEEE', locale=LOCALE)} {long_date(day)}"


def decimal_point(value: Decimal, places: int | None = None) -> str:
    """Write a number with a decimal point, rounded half up to `places` when given."""
    if places is None:
        return f"{value.normalize():f}"
    return f"{value.quantize(Decimal(1).scaleb(-places), rounding='ROUND_HALF_UP'):f}"


def article_in_words(article: str) -> str:
    """Write a stored article: `Awb 4:35(1)(a)` is "article 4:35, first paragraph, under a, Awb"."""
    return written(article, ARTICLES)
