"""Reading what people type: amounts, whole numbers, words, clean text. Plain functions, no fields.

Each reader returns the value or raises ValueError with words for the person.
"""

import re

from flask_babel import gettext as _

MOST_CENTS = 100_000_000_000_000
MOST_COUNT = 2**31 - 1

# Spaces that people and spreadsheets put in numbers, and the euro sign before them.
_DECORATION = re.compile(r"[\s\u00a0\u2009\u202f€]|EUR", re.IGNORECASE)
_NO_CENTS = re.compile("[.,](?:-{1,2}|\N{EN DASH}|\N{EM DASH})$")
_PLAIN = re.compile(r"([0-9]+)(?:[.,]([0-9]{1,2}))?")
_DUTCH = re.compile(r"([0-9]{1,3}(?:\.[0-9]{3})+)(?:,([0-9]{1,2}))?")
_ENGLISH = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]{1,2}))?")
_WHOLE = re.compile(r"[0-9]+|[0-9]{1,3}(?:[.,][0-9]{3})+")

# What splits words in a browser (\s in JavaScript), so that server and client count the same.
_SPACE = "\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_WORD = re.compile(f"[^{_SPACE}]+")
_EDGE = re.compile(f"^[{_SPACE}]+|[{_SPACE}]+$")
# What no database and no document takes, and nobody sees; line ends and tabs stay.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")


def read_money(text: str) -> int:
    """Read an amount of euros as exact cents, in Dutch or in English convention.

    "10.000,50", "10,000.50", "10000,5", "€ 10.000,-" and "10 000" are all read; a single separator
    with three digits after it groups thousands, because an amount has at most two decimals.
    """
    plain = _NO_CENTS.sub("", _DECORATION.sub("", text))
    if plain.startswith("-"):
        raise ValueError(_("An amount cannot be negative."))
    match = _DUTCH.fullmatch(plain) or _ENGLISH.fullmatch(plain) or _PLAIN.fullmatch(plain)
    if match is None:
        raise ValueError(_("Write an amount in euros with at most two decimals, such as 10.000,50."))
    whole, part = match.groups(default="")
    digits = whole.replace(".", "").replace(",", "") + part.ljust(2, "0")
    cents = int(digits) if len(digits) <= len(str(MOST_CENTS)) else MOST_CENTS + 1
    if cents > MOST_CENTS:
        raise ValueError(_("This amount is too large."))
    return cents


def show_money(cents: int, language: str) -> str:
    """Write cents as an amount to edit: 10.000,50 in Dutch, 10,000.50 in English, no cents when zero."""
    whole, part = divmod(cents, 100)
    text = f"{whole:,}" + (f".{part:02d}" if part else "")
    return text if language == "en" else text.translate(str.maketrans(",.", ".,"))


def read_whole(text: str, most: int = MOST_COUNT) -> int:
    """Read a whole number of people, months or things; thousands may be grouped."""
    plain = _DECORATION.sub("", text)
    if _WHOLE.fullmatch(plain) is None:
        raise ValueError(_("Write a whole number, such as 12."))
    digits = plain.replace(".", "").replace(",", "")
    if len(digits) > len(str(most)) or int(digits) > most:
        raise ValueError(_("This number is too large: at most %(most)s.", most=most))
    return int(digits)


def count_words(text: str) -> int:
    """Count the words of a text as the page in the browser does."""
    return sum(1 for _word in _WORD.finditer(text))


def clean_line(text: str | None) -> str:
    """One line of text: no control characters, line ends become spaces, nothing around it."""
    return _EDGE.sub("", _CONTROL.sub("", re.sub(r"[\r\n\t]+", " ", text or "")))


def clean_text(text: str | None) -> str:
    """Text of several lines: one kind of line end, no control characters, nothing around it."""
    unified = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return _EDGE.sub("", _CONTROL.sub("", unified))
