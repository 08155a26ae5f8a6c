"""Numbers by which an organisation is known: KvK, RSIN, IBAN and postcode.

People write them with spaces, dots and small letters; the value is the plain number, None when nothing was
typed. What cannot be read stays on the page, with words that say what to do.
"""

import re
from secrets import token_hex
from typing import Any

from flask_babel import gettext as _
from stdnum import iban
from stdnum.exceptions import ValidationError as NotANumber
from stdnum.nl import bsn, postcode
from wtforms import HiddenField

from forms.fields import ReadField
from forms.reading import clean_line

KVK_DIGITS, RSIN_DIGITS = 8, 9
_PUNCTUATION = re.compile(r"[\s.\-\u2010-\u2015]+")
_KEY = re.compile(r"[0-9a-z]{1,16}")


class KvkField(ReadField):
    """A number in the trade register (KvK): 8 digits, without a check digit."""

    def read(self, text: str) -> str:
        """Give the digits."""
        number = _compact(text)
        if not _digits(number, KVK_DIGITS):
            raise ValueError(_("A KvK number has 8 digits. Look it up at kvk.nl."))
        return number


class RsinField(ReadField):
    """The number of a legal person at the tax office: 9 digits with the eleven test, as a BSN has."""

    def read(self, text: str) -> str:
        """Give the digits."""
        number = _compact(text)
        if not _digits(number, RSIN_DIGITS):
            raise ValueError(_("An RSIN has 9 digits. It is on your extract from the trade register."))
        if not bsn.is_valid(number):
            raise ValueError(_("This is no RSIN: a digit is wrong. Compare it with your extract."))
        return number


class IbanField(ReadField):
    """A bank account number (IBAN), of whatever country: a payment within Europe may go to any."""

    def read(self, text: str) -> str:
        """Give letters and digits without spaces."""
        number = _compact(text).upper()
        try:
            return str(iban.validate(number)) if number.isascii() else _refuse_iban()
        except NotANumber:
            return _refuse_iban()

    def show(self, value: str) -> str:
        """Write it in groups of four, as on a bank card."""
        return str(iban.format(value))


class PostcodeField(ReadField):
    """A Dutch postcode: 1234 AB."""

    def read(self, text: str) -> str:
        """Give four digits, a space and two letters."""
        try:
            return str(postcode.validate(_compact(text)))
        except NotANumber:
            raise ValueError(_("Write a Dutch postcode, such as 2712 HR.")) from None


class KeyField(HiddenField):
    """The name of a line that stays when the line moves; a new one when none came, or a strange one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(filters=[_known_or_new], **kwargs)

    def renew(self) -> None:
        """Give a new name: another line has this one."""
        self.data = _known_or_new(None)


def _known_or_new(key: str | None) -> str:
    return key if key and _KEY.fullmatch(key) else token_hex(8)


def _compact(text: str) -> str:
    return _PUNCTUATION.sub("", clean_line(text))


def _digits(number: str, length: int) -> bool:
    return len(number) == length and number.isascii() and number.isdecimal()


def _refuse_iban() -> str:
    raise ValueError(_("This is no valid account number. Write an IBAN, such as NL91 ABNA 0417 1643 00."))
