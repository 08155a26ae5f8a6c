"""Amounts, dates and numbers as a Dutch official letter writes them.

A letter is a legal document in Dutch whoever reads it, so these do not follow the
language of a visitor as the screens do.
"""

from datetime import date
from decimal import Decimal

from num2words import num2words

from subsidy.documents.articles import ArticleWords, written

MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip
WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")

THOUSAND = 1000
# Largest first; what is left below a thousand is written as one word.
POWERS = ((10**12, " biljoen "), (10**9, " miljard "), (10**6, " miljoen "), (THOUSAND, "duizend "))


def euros(cents: int) -> str:
    """Write an amount as `€ 9.100,00`; never broken over two lines (U+00A0)."""
    whole, fraction = divmod(abs(cents), 100)
    grouped = f"{whole:,}".replace(",", ".")
    sign = "-" if cents < 0 else ""
    return f"€\N{NO-BREAK SPACE}{sign}{grouped},{fraction:02d}"


def number_in_words(number: int) -> str:
    """Spell a whole number from 0 up, by the rules of the official spelling.

    A space follows *duizend* and stands around *miljoen* and larger; the rest is one word:
    9100 is "negenduizend honderd". Raises ValueError for a negative number.
    """
    if number < 0:
        message = f"cannot spell a negative number: {number}"
        raise ValueError(message)
    words = ""
    for power, name in POWERS:
        count, number = divmod(number, power)
        if count:
            # One thousand is "duizend", but one million is "een miljoen".
            words += ("" if (count, power) == (1, THOUSAND) else number_in_words(count)) + name
    if number or not words:
        words += _below_a_thousand(number)
    return words.strip()


def _below_a_thousand(number: int) -> str:
    # num2words accents the one ("één"), which only belongs where a reader could misread it.
    return str(num2words(number, lang="nl")).replace("é", "e")


def amount_in_words(cents: int) -> str:
    """Spell an amount of euro cents: 910050 is "negenduizend honderd euro en vijftig cent".

    Raises ValueError for a negative amount.
    """
    whole, fraction = divmod(cents, 100)
    words = f"{number_in_words(whole)} euro"
    return f"{words} en {number_in_words(fraction)} cent" if fraction else words


def long_date(day: date) -> str:
    """Write a date as `24 november 2026`."""
    return f"{day.day}\N{NO-BREAK SPACE}{MONTHS[day.month - 1]} {day.year}"


def weekday_and_date(day: date) -> str:
    """Write a date as `dinsdag 24 november 2026`."""
    return f"{WEEKDAYS[day.weekday()]} {long_date(day)}"


def decimal_comma(value: Decimal, places: int | None = None) -> str:
    """Write a number with a decimal comma, rounded half up to `places` when given."""
    if places is not None:
        value = value.quantize(Decimal(1).scaleb(-places), rounding="ROUND_HALF_UP")
    else:
        value = value.normalize()
    return f"{value:f}".replace(".", ",")


ARTICLES = ArticleWords(
    article="artikel",
    articles="artikelen",
    last="en",
    ordinals=("eerste", "tweede", "derde", "vierde", "vijfde", "zesde"),
    paragraph="lid",
    part="onder",
)


def article_in_words(article: str) -> str:
    """Write a stored article as a letter does: `Awb 4:35(1)(a)` is "artikel 4:35, eerste lid, onder a, Awb".

    Several are divided by commas. Anything else is given as it is.
    """
    return written(article, ARTICLES)
